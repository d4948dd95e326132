"""A dataset is there that is for animal studies.

Why: TT, TP and SJ are not of the SDTM for human clinical trials.
Remedy: Leave the dataset out.
Source: SDTM 2.0.

Bad:
    TT STUDYID
       X
    -> TT

Good:
    TA STUDYID
       X
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0646", "CG0647", "CG0648"], domains=["TT", "TP", "SJ"])
def check(study: Study, table: Table) -> Found:
    yield about(table.name, f"{table.domain} is not to be used in human clinical trials")
