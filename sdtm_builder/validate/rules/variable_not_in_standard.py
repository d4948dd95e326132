"""A variable is neither the IG's for this dataset nor the model's for its class.

Why: Sponsor variables don't belong in a standard dataset; tools reject them.
Remedy: Move it to SUPP--.
Source: IG 2.2, 4.1.

Bad:
    AE USUBJID AESEQ AEFOO
       S1      1     X
    -> AE AEFOO

Good:
    AE USUBJID AESEQ AEGRPID VISITNUM
       S1      1     X       1
    CO USUBJID COSEQ COVAL COVAL1
       S1      1     X     Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0013", "CG0351"])
def check(study: Study, table: Table) -> Found:
    known = study.permitted(table)
    for name in table.variables if known else ():
        if name not in known and not study.continues(table, name):
            yield about(table.name, f"{name} is not a variable of {table.domain} nor of its class in the model", name)
