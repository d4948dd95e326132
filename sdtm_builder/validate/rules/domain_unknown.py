"""The domain is neither CDISC's nor a custom one by its letters.

Custom domains begin with X, Y or Z.
Why: A two-letter code may be given to another domain by CDISC later.
Remedy: Take the published code, or one that begins with X, Y or Z.
Source: CT DOMAIN (C66734).

Bad:
    QQ DOMAIN USUBJID QQSEQ
       QQ     S1      1
    -> QQ DOMAIN

Good:
    XX DOMAIN USUBJID XXSEQ
       XX     S1      1
    AE DOMAIN USUBJID AESEQ
       AE     S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0001"], but_not=["RELREC", "RELSPEC", "RELSUB", "POOLDEF", "SUPP--"])
def check(study: Study, table: Table) -> Found:
    known = study.ct.codelist("DOMAIN")
    published = known.terms if known is not None else {}
    if table.domain not in published and not table.domain.startswith(("X", "Y", "Z", "AP")):
        text = f"DOMAIN {table.domain} is not published by CDISC and does not begin with X, Y or Z"
        yield about(table.name, text, "DOMAIN")
