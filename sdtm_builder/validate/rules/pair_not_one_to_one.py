"""Two variables that name the same thing do not pair one to one.

TESTCD and TEST, ARMCD and ARM, codes and terms of MedDRA, QNAM and QLABEL and others: each value of the one has one
value of the other. VISIT is looked at where VISITNUM is planned in TV; a time point within its visit and reference.
Why: Counting by the code and by the text gives two results.
Remedy: Correct the value that differs; both come from one list.
QNAM has one QLABEL; a QLABEL can have several QNAMs, since text above 200 bytes goes on under one label (IG 4.5.3.2).
Source: IG 4.1.5; 4.4.

Bad:
    LB USUBJID LBSEQ LBTESTCD LBTEST
       S1      1     ALT      "Alanine Aminotransferase"
       S1      2     ALT      Alanine
       S1      3     AST      Alanine
    -> LB [USUBJID=S1 LBSEQ=2] LBTESTCD LBTEST
    -> LB [USUBJID=S1 LBSEQ=3] LBTEST LBTESTCD

Bad:
    VS USUBJID VSSEQ VISITNUM VSTPT   VSTPTNUM
       S1      1     1        PREDOSE 1
       S1      2     1        1H      1
       S1      3     2        1H      1
    -> VS [USUBJID=S1 VSSEQ=2] VSTPTNUM VSTPT

Good:
    LB USUBJID LBSEQ LBTESTCD LBTEST
       S1      1     ALT      "Alanine Aminotransferase"
       S1      2     AST      "Aspartate Aminotransferase"
       S2      1     ALT      "Alanine Aminotransferase"
    VS USUBJID VSSEQ VISITNUM VSTPT   VSTPTNUM VISIT
       S1      1     1        PREDOSE 1        "Visit 1"
       S1      2     2        1H      1        Unplanned
       S1      3     1        PREDOSE 1        Other

Good:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QLABEL    QVAL
           AE      S1      AESEQ 1        NARR  Narrative first
           AE      S1      AESEQ 1        NARR1 Narrative second
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Mask, Study, Table, records, rule
from sdtm_builder.validate.pairs import differing

PAIRS = (
    ("--TESTCD", "--TEST"),
    ("IETESTCD", "IETEST"),
    ("--PARMCD", "--PARM"),
    ("--CLASCD", "--CLAS"),
    ("--PTCD", "--DECOD"),
    ("--LLTCD", "--LLT"),
    ("--HLTCD", "--HLT"),
    ("--HLGTCD", "--HLGT"),
    ("--SOCCD", "--SOC"),
    ("--BDSYCD", "--BODSYS"),
    ("ARMCD", "ARM"),
    ("ACTARMCD", "ACTARM"),
    ("ETCD", "ELEMENT"),
    ("INVID", "INVNAM"),
    ("QNAM", "QLABEL"),
    ("TSVALCD", "TSVAL"),
)


@rule(
    "error",
    cdisc=["CG0035", "CG0049", "CG0083", "CG0154", "CG0240", "CG0265", "CG0307"],
    fda=[
        *(f"FB{number:04}" for number in range(901, 913)),
        *("FB0914", "FB0915", "FB0916", "FB0918", "FB0919", "FB0920", "FB0922", "FB0923", "FB0924", "FB0925"),
    ],
)
def check(study: Study, table: Table) -> Found:
    everywhere = np.ones(table.n, dtype=bool)
    pairs = dict.fromkeys((table.named(left), table.named(right)) for left, right in PAIRS)
    for left, right in pairs:
        yield from _both(table, left, right, everywhere, ["TSPARMCD"] if left == "TSVALCD" else [])
    yield from _both(table, "--TPTNUM", "--TPT", everywhere, ["VISITNUM", "--TPTREF"])
    planned = set(map(float, study.values_of("TV", "VISITNUM")))
    if planned:
        yield from _both(table, "VISITNUM", "VISIT", np.isin(table.numbers("VISITNUM"), list(planned)), [])


def _both(table: Table, left: str, right: str, among: Mask, within: list[str]) -> Found:
    if table.has(left, right):
        ways = ((left, right), (right, left))
        for one, other in ways if left != "QNAM" else ways[:1]:
            message = f"{one} {{{table.named(one)}}} has another {other} than '{{{table.named(other)}}}' elsewhere"
            yield from records(table, differing(table, one, other, among, within), message, one, other)
