"""Repeats of a test at one time are not told apart by --REPNUM.

Where a dataset has --REPNUM, records of a subject that agree in the test, its qualifiers (category, specimen, place,
method, evaluator) and all timing variables have a --REPNUM each.
Why: Nobody can tell which measurement was the first.
Remedy: Number the repeats 1, 2, 3 in --REPNUM.
Source: IG 4.5.1; SDTM 3.1.3.

Bad:
    VS USUBJID VSSEQ VSTESTCD VSDTC      VSREPNUM
       S1      1     SYSBP    2024-01-01 1
       S1      2     SYSBP    2024-01-01 1
       S1      3     DIABP    2024-01-01 1
       S1      4     DIABP    2024-01-01 .
    -> VS [USUBJID=S1 VSSEQ=2] VSREPNUM VSTESTCD
    -> VS [USUBJID=S1 VSSEQ=4] VSREPNUM VSTESTCD

Good:
    VS USUBJID VSSEQ VSTESTCD VSDTC      VSLAT VSREPNUM
       S1      1     SYSBP    2024-01-01 LEFT  1
       S1      2     SYSBP    2024-01-01 LEFT  2
       S1      3     SYSBP    2024-01-01 RIGHT 1
       S1      4     DIABP    2024-01-01 LEFT  .
       S1      5     DIABP    2024-01-02 LEFT  .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

SUBJECT = ("USUBJID", "POOLID", "--GRPID", "SPDEVID", "FOCID", "--TESTCD", "--OBJ", "--CAT", "--SCAT")
RECORD = ("--POS", "--SPEC", "--ANTREG", "--LOC", "--LAT", "--DIR", "--PORTOT", "--METHOD", "--LEAD", "--EVAL")
MORE = ("--EVALID", "--ACPTFL", "--NAM", "--REFID", "--SPID", "--LNKID", "--TSTDTL", "--RESLOC", "--ANMETH")


@rule("warning", cdisc=["CG0562"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--REPNUM", "--TESTCD"])
def check(study: Study, table: Table) -> Found:
    timing = [v.name for v in study.permitted(table).values() if v.role == "Timing" and v.name in table.variables]
    groups = table.groups([*SUBJECT, *RECORD, *MORE, *timing])
    several = np.bincount(groups, minlength=1)[groups] > 1 if table.n else np.zeros(0, dtype=bool)
    unnumbered = several & table.empty("--REPNUM")
    numbered = several & table.filled("--REPNUM")
    again = numbered & table.repeats([*SUBJECT, *RECORD, *MORE, *timing, "--REPNUM"], numbered)
    message = "--REPNUM is '{--REPNUM}' for a repeat of {--TESTCD} at the same time"
    yield from records(table, unnumbered | again, message, "--REPNUM", "--TESTCD")
