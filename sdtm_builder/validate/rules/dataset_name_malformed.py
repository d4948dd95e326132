"""A dataset's name is neither its domain nor the domain with one or two letters more.

SUPP-- and SQ-- names have at most eight characters; a part of a split dataset has three or four.
Why: Tools and reviewers find the parts of a split dataset by name.
Remedy: Name the parts as the IG does: QSCG, SUPPQSCG, SQQSCG.
Source: IG 4.1.7.

Bad:
    AEXXX DOMAIN USUBJID AESEQ
          AE     S1      1
    -> AEXXX

Good:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    SUPPFACM RDOMAIN USUBJID IDVAR IDVARVAL QNAM
             FA      S1      FASEQ 1        X
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0017", "CG0018", "CG0205"], but_not=["RELREC", "RELSPEC", "RELSUB", "POOLDEF"])
def check(study: Study, table: Table) -> Found:
    own = table.name
    if table.is_supp:
        own = own.removeprefix("SUPP") if own.startswith("SUPP") else own.removeprefix("SQ")
    extra = 2 if own.startswith("AP") else 0
    if not 2 + extra <= len(own) <= 4 + extra or len(table.name) > 8:
        yield about(table.name, f"the name {table.name} is no domain's and no part's of a split dataset")
