"""A value is negative that can't be.

Why: No age, dose or collected duration is below zero.
Remedy: Query the value.
Source: FDA validator rules.

Bad:
    EX USUBJID EXSEQ EXDOSE EXDUR
       S1      1     -5     -P1D
    -> EX [USUBJID=S1 EXSEQ=1] EXDOSE
    -> EX [USUBJID=S1 EXSEQ=1] EXDUR

Good:
    EX USUBJID EXSEQ EXDOSE EXDUR
       S1      1     0      P1D
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Mask, Study, Table, records, rule

NUMBERS = ("AGE", "--DOSE", "--DOSTOT", "--VAMT")


@rule("error", fda=["FB4001", "FB4002", "FB4003", "FB4004", "FB4005", "FB4006"])
def check(study: Study, table: Table) -> Found:
    for name in NUMBERS:
        yield from _tell(table, name, table.numbers(name) < 0)
    for name in ("--DUR", "--PDUR"):
        yield from _tell(table, name, table.matching(name, lambda text: text.startswith("-")))


def _tell(table: Table, name: str, where: Mask) -> Found:
    return records(table, where, f"{table.named(name)} is {{{table.named(name)}}}", name)
