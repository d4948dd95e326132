"""A topic variable says OTHER or MULTIPLE.

Why: The topic is what the record is about; it must say it.
Remedy: Put the verbatim text there; several things are several records.
Source: IG 4.2.6, 4.2.7.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     OTHER
    -> AE [USUBJID=S1 AESEQ=1] AETERM

Good:
    AE USUBJID AESEQ AETERM
       S1      1     "OTHER PAIN"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, records, rule

TOPICS = {"FINDINGS": "--TESTCD", "FINDINGS ABOUT": "--TESTCD", "INTERVENTIONS": "--TRT", "EVENTS": "--TERM"}


@rule("error", cdisc=[f"CG{number:04}" for number in range(341, 347)], classes=GENERAL)
def check(study: Study, table: Table) -> Found:
    topic = table.named(TOPICS[table.klass])
    return records(table, table.equals(topic, "OTHER", "MULTIPLE"), f"{topic} is {{{topic}}}", topic)
