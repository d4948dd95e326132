"""EXVAMT or EXVAMTU is there although the study has EC.

Why: Where exposure as collected is in EC, the amount of the vehicle belongs to it, not to the protocol-specified EX.
Remedy: Keep the amount in EC.
Source: IG 6.1.3 EX.

Bad:
    EX USUBJID EXSEQ EXVAMT EXVAMTU
       S1      1     500    mL
    EC USUBJID ECSEQ
       S1      1
    -> EX EXVAMT
    -> EX EXVAMTU

Good:
    EX USUBJID EXSEQ EXVAMT
       S1      1     500

Good:
    EX USUBJID EXSEQ
       S1      1
    EC USUBJID ECSEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0105", "CG0107"], domains=["EX"])
def check(study: Study, table: Table) -> Found:
    for name in ("EXVAMT", "EXVAMTU"):
        if study.of_domain("EC") and table.has(name):
            yield about(table.name, f"{name} is present although there is an EC dataset", name)
