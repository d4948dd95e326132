"""A test has several baseline records of one subject.

Within one test, category, subcategory, specimen, method, position, location, laterality, object and evaluator.
Why: Baseline is one value.
Remedy: Let one record win by a written rule.
Source: IG 4.5.9.

Bad:
    LB USUBJID LBSEQ LBTESTCD LBSTRESC LBLOBXFL
       S1      1     ALT      5        Y
       S1      2     ALT      6        Y
    -> LB [USUBJID=S1 LBSEQ=2] LBLOBXFL LBTESTCD

Good:
    LB USUBJID LBSEQ LBTESTCD LBSTRESC LBLOBXFL
       S1      1     ALT      5        Y
       S1      2     AST      6        Y
       S2      1     ALT      6        Y
       S1      3     ALT      6        .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

WITHIN = (
    "USUBJID", "--TESTCD", "--CAT", "--SCAT", "--SPEC", "--METHOD", "--POS", "--LOC", "--LAT", "--DIR", "--OBJ",
    "--EVAL", "--EVALID", "--LNKID", "--TPT",
)  # fmt: skip


@rule("error", fda=["FB2603", "FB2604"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--TESTCD"])
def check(study: Study, table: Table) -> Found:
    for name in ("--LOBXFL", "--BLFL"):
        where = table.repeats(WITHIN, table.equals(name, "Y") & table.filled("--STRESC"))
        message = f"{table.named(name)} is Y in an earlier record of the subject's {{{table.named('--TESTCD')}}}"
        yield from records(table, where, message, name, "--TESTCD")
