"""DOMAIN or RDOMAIN does not agree with the dataset's name.

DOMAIN is constant, and a dataset's name begins with it; the name of a SUPP-- dataset goes on with RDOMAIN.
Why: Joins go by the domain; one that differs from the file's name finds nothing.
Remedy: Correct DOMAIN, or the dataset's name.
Source: IG 4.2.1.

Bad:
    AE DOMAIN USUBJID AESEQ
       AE     S1      1
       CE     S1      2
    -> AE [USUBJID=S1 AESEQ=2] DOMAIN

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM
           DM      S1      .     .        X
    -> SUPPAE [USUBJID=S1 QNAM=X] RDOMAIN

Good:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM
           AE      S1      AESEQ 1        X
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0308", "CG0334", "CG0413"], but_not=["RELREC", "RELSPEC", "RELSUB", "POOLDEF"])
def check(study: Study, table: Table) -> Found:
    name = "RDOMAIN" if table.is_supp else "DOMAIN"
    own = table.name.removeprefix("SUPP").removeprefix("SQ") if table.is_supp else table.name
    size = 4 if own.startswith("AP") and len(own) >= 4 else 2
    where = table.filled(name) & ~table.equals(name, own[:size])
    return records(table, where, f"{name} is {{{name}}} in dataset {table.name}", name)
