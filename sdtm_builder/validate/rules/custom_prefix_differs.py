"""A variable of a custom domain does not begin with the domain's letters.

Why: Prefixed variables take the prefix of their domain.
Remedy: Rename the variable.
Source: IG 2.6.

Bad:
    XX USUBJID XXSEQ AETERM XXTERM
       S1      1     Pain   Pain
    -> XX AETERM

Good:
    XX USUBJID XXSEQ XXTERM VISITNUM EPOCH
       S1      1     Pain   1        .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, about, rule


@rule("error", cdisc=["CG0349"], classes=GENERAL)
def check(study: Study, table: Table) -> Found:
    if not study.is_custom(table):
        return
    suffixes = {n[len(table.prefix) :] for n in study.permitted(table) if n.startswith(table.prefix)}
    plain = set(study.permitted(table))
    for name in table.variables:
        if name not in plain and name[2:] in suffixes:
            yield about(table.name, f"{name} does not begin with {table.prefix}", name)
