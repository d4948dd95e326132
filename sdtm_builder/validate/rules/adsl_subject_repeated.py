"""ADSL has more than one record of a subject.

Why: Every dataset that is merged with ADSL gets its records twice, and the subject is counted twice.
Remedy: Keep one record; what repeats within a subject belongs in a BDS dataset.
Source: ADaMIG 1.3, 2.3.1 and 3.2.

Bad:
    ADSL USUBJID
         S1
         S2
         S1
    -> ADSL [USUBJID=S1] USUBJID

Good:
    ADSL USUBJID
         S1
         S2
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    return records(table, table.repeats(["USUBJID"]), "an earlier record is of the same subject", "USUBJID")
