"""ARM or ACTARM holds a reason instead of an arm.

Why: Since SDTMIG 3.3 the reason stands in ARMNRS; as an arm it would be counted as one.
Remedy: Leave the arm missing and fill ARMNRS.
Source: IG 5.2 DM assumption 9.

Bad:
    DM USUBJID ARM              ACTARM
       S1      "Screen Failure" "SCREEN FAILURE"
    -> DM [USUBJID=S1] ARM
    -> DM [USUBJID=S1] ACTARM

Good:
    DM USUBJID ARM       ACTARM
       S1      "Dose 1"  "Dose 1"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

REASONS = {"screen failure", "not assigned", "unplanned treatment", "not treated", "assigned, not treated"}


@rule("error", cdisc=["CG0570"], domains=["DM", "TA", "TV"])
def check(study: Study, table: Table) -> Found:
    for name in ("ARM", "ACTARM"):
        where = table.matching(name, lambda text: text.lower() in REASONS)
        yield from records(table, where, f"{name} is {{{name}}}, which is no arm", name)
