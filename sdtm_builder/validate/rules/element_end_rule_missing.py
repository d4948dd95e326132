"""An element of TE has neither a rule for its end nor a duration.

One of TEENRL and TEDUR is filled; both may be.
Why: Nobody can tell when a subject has left the element.
Remedy: Write the rule in TEENRL, or the planned length in TEDUR.
Source: IG 7.2.2 TE.

Bad:
    TE ETCD ELEMENT TESTRL  TEENRL TEDUR
       SCRN Screen  Consent .      .
    -> TE [record 1] TEENRL TEDUR

Bad:
    TE ETCD ELEMENT TESTRL
       SCRN Screen  Consent
    -> TE [record 1]

Good:
    TE ETCD ELEMENT TESTRL  TEENRL TEDUR
       SCRN Screen  Consent .      P14D
       TRT  Treat   Dose    Last   .
       FUP  Follow  Last    Exit   P28D
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0328", "CG0329"], domains=["TE"], needs=["ETCD"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("ETCD") & table.empty("TEENRL") & table.empty("TEDUR")
    return records(table, where, "element {ETCD} has neither TEENRL nor TEDUR", "TEENRL", "TEDUR")
