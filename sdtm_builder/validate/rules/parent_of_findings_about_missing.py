"""A part of FA is named for a domain that the study does not have.

FACM holds findings about records of CM: CM is there.
Why: The events or interventions that the findings are about can't be looked up.
Remedy: Name the part for a domain of the study, or add the domain.
Source: IG 4.1.7, 6.4 FA.

Bad:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    -> FACM

Good:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    CM DOMAIN USUBJID CMSEQ
       CM     S1      1
    FA DOMAIN USUBJID FASEQ
       FA     S1      2
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("warning", cdisc=["CG0333"], domains=["FA"])
def check(study: Study, table: Table) -> Found:
    parent = table.name.removeprefix(table.domain)
    if parent != table.name and len(parent) == 2 and not study.of_domain(parent):
        yield about(table.name, f"{table.name} is named for {parent}, which is not in the study")
