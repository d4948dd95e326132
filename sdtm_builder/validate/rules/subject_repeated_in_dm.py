"""A subject has more than one record in DM.

Why: Everything that is taken from DM would be multiplied.
Remedy: One USUBJID, one record; a second screening belongs in a custom dataset.
Source: IG 5.2 DM.

Bad:
    DM USUBJID SUBJID
       S1      001
       S1      002
    -> DM [USUBJID=S1] USUBJID

Bad:
    DM USUBJID SUBJID
       S1      001
       S2      001
    -> DM [USUBJID=S2] SUBJID

Good:
    DM USUBJID SUBJID
       S1      001
       S2      002
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0150", "CG0151"], domains=["DM"])
def check(study: Study, table: Table) -> Found:
    for name in ("USUBJID", "SUBJID"):
        if table.has(name):
            message = f"{name} {{{name}}} occurs in an earlier record of DM"
            yield from records(table, table.repeats([name], table.filled(name)), message, name)
