"""A value stands without another that it needs.

Why: The first says nothing without the second: units without a result, a code without its term, an end without a start.
Remedy: Fill the other variable, or empty this one.
Source: IG 4.1, 4.4, 5.2, 6; FDA validator rules.

Bad:
    DM USUBJID ARMCD ARM   AGE AGEU
       S1      .     Arm_A 61  .
    AE USUBJID AESEQ AEPTCD AEDECOD AESCAT AECAT
       S1      1     10     .       Y      .
    -> DM [USUBJID=S1] ARM ARMCD
    -> DM [USUBJID=S1] AGE AGEU
    -> AE [USUBJID=S1 AESEQ=1] AEPTCD AEDECOD
    -> AE [USUBJID=S1 AESEQ=1] AESCAT AECAT

Good:
    DM USUBJID ARMCD ARM   AGE AGEU
       S1      A     Arm_A 61  YEARS
       S2      .     .     .   .
    AE USUBJID AESEQ AEPTCD AEDECOD AESCAT AECAT
       S1      1     10     Pain    Y      Z
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

PAIRS = (
    ("--ELTM", ("--TPTREF",), "CG0008"), ("--RFTDTC", ("--TPTREF",), "CG0026"), ("--ENTPT", ("--ENRTPT",), "CG0045"),
    ("--PTCD", ("--DECOD",), "CG0050"), ("--STTPT", ("--STRTPT",), "CG0059"), ("--BODSYS", ("--BDSYCD",), "CG0082"),
    ("--VAMT", ("--TRTV",), "CG0106"), ("--VAMTU", ("--TRTV",), "CG0108"), ("--STRESU", ("--STRESC",), "CG0426"),
    ("--RESCAT", ("--STRESC",), "CG0427"), ("--TOX", ("--TOXGR",), "CG0428"), ("--SCAT", ("--CAT",), "CG0429"),
    ("IESCAT", ("IECAT",), "CG0429"), ("--STREFC", ("--STREFN",), "CG0550"), ("--STINT", ("--TPTREF",), "FB4403"),
    ("--ENINT", ("--TPTREF",), "FB4404"), ("ARM", ("ARMCD",), "CG0521"), ("ACTARM", ("ACTARMCD",), "CG0522"),
    ("AGE", ("AGEU",), "CG0665"), ("AGEU", ("AGE", "AGETXT"), "CG0666"), ("TSVCDVER", ("TSVCDREF",), "CG0266"),
    ("TSVAL1", ("TSVAL",), "CG0261"),
)  # fmt: skip
NUMBERS = [number for _, _, number in PAIRS]


@rule(
    "error",
    cdisc=["CG0423", "CG0434", *dict.fromkeys(n for n in NUMBERS if n.startswith("CG"))],
    fda=["FB3702", "FB4405", *(n for n in NUMBERS if n.startswith("FB"))],
)
def check(study: Study, table: Table) -> Found:
    told: set[tuple[str, str]] = set()
    for name, needed, number in PAIRS:
        own = table.named(name)
        if not table.has(name) or (own, number) in told:
            continue
        told.add((own, number))
        where = table.filled(name)
        for other in needed:
            where &= table.empty(other)
        text = f"{own} is '{{{own}}}' but {' and '.join(map(table.named, needed))} is missing ({number})"
        yield from records(table, where, text, name, *needed)
