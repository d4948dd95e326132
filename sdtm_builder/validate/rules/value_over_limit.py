"""A value is longer than the variable allows.

Why: Codes become names of variables and texts become labels, which have 8 and 40 characters; ARMCD has 20.
Remedy: Shorten it, by the codelist's own short form where there is one.
Source: IG 4.1.5, 5.2, 7.2, 8.4.

Bad:
    DM USUBJID ARMCD
       S1      ABCDEFGHIJKLMNOPQRSTU
    LB USUBJID LBSEQ LBTEST
       S1      1     "A name of a test with more than forty characters"
    -> DM [USUBJID=S1] ARMCD
    -> LB [USUBJID=S1 LBSEQ=1] LBTEST

Good:
    DM USUBJID ARMCD
       S1      ABCDEFGHIJKLMNOPQRST
    IE USUBJID IESEQ IETEST
       S1      1     "A criterion may be longer than forty characters of text"
"""

from __future__ import annotations

from functools import partial

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

LIMITS = (
    ("ARMCD", 20, "CG0153"), ("ACTARMCD", 20, "CG0123"), ("ETCD", 8, "CG0246"), ("SETCD", 8, "CG0149"),
    ("--TEST", 40, "CG0406"), ("QLABEL", 40, "CG0416"), ("TSPARMCD", 8, "CG0257"), ("TSPARM", 40, "CG0258"),
)  # fmt: skip


@rule("error", cdisc=["CG0297", *(number for _, _, number in LIMITS)])
def check(study: Study, table: Table) -> Found:
    for name, limit, number in LIMITS:
        if name == "--TEST" and table.domain in ("IE", "TI"):
            continue
        own = table.named(name)
        where = table.matching(name, partial(_is_over, limit))
        yield from records(table, where, f"{own} '{{{own}}}' has more than {limit} characters ({number})", own)


def _is_over(limit: int, text: str) -> bool:
    return len(text) > limit
