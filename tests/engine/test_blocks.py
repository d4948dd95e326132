"""Blocks: filter, one per, joins, groups, transposed columns, and what becomes of every row."""

from __future__ import annotations

from pathlib import Path

from .support import built, rows, told

SUBJECTS = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  LAB:  {file: lab.csv, subject: SUBJID, header: [name, unit], missing: [ND]}
  DOSE: {file: dose.csv, subject: SUBJID, columns: {MG: {type: number}}}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
codelists:
  SEX: {synonyms: {male: M}}
  LBTESTCD: {synonyms: {Pot: K}}
  UNIT: {synonyms: {mM: mmol/L}}
"""
SUBJ = "SUBJID,SEX,DT\n01,male,2024-01-01\n02,F,2024-01-02\n"
DM = """\
dataset: DM
records:
  s: {from: raw.SUBJ, set: {SUBJID: SUBJID, SEX: SEX, RFICDTC: {date: DT}}}
derive:
  RFSTDTC: {min: EX.EXSTDTC}
  doses:   {count: EX}
  DOSES:   {expr: "doses"}
  TOTAL:   {sum: EX.EXDOSE}
  TOP:     {last: EX.EXTRT, order: [EXDOSE, EXSTDTC]}
variables: {DOSES: {label: Number of Doses}, TOTAL: {label: Total Dose}, TOP: {label: Treatment of the Top Dose}}
keys: USUBJID
"""
EX = """\
dataset: EX
records:
  days:
    from: raw.DOSE
    where: GIVEN = 'Y'
    why: Not given
    group: [row.USUBJID, DRUG]
    set: {EXTRT: DRUG, EXDOSE: {sum: MG}, EXSTDTC: {min: start}, start: {date: DT}}
keys: [USUBJID, EXTRT]
"""
DOSE = """\
SUBJID,DRUG,DT,MG,GIVEN
01,A,2024-02-02,5,Y
01,A,2024-02-01,7.5,Y
01,B,2024-02-01,1,N
02,B,2024-03-01,2,Y
03,B,2024-03-01,2,Y
"""
LAB = "SUBJID,Pot,GLUC\n,mM,mmol/L\n01,4.1,ND\n02,,5.5\n"


def test_group_counts_what_each_step_leaves_out(tmp_path: Path) -> None:
    ex = EX.replace("{min: start}, start: {date: DT}", "{date: DT}").replace("{sum: MG}", "MG")
    ex = ex.replace("group: [row.USUBJID, DRUG]", "one_per: {by: [SUBJID, DRUG], order: DT, keep: first}")
    made, log = built(
        tmp_path,
        SUBJECTS,
        {"sdtm/dm.yaml": DM, "sdtm/ex.yaml": ex},
        {"subj.csv": SUBJ, "dose.csv": DOSE, "lab.csv": LAB},
    )
    assert rows(made, "EX", "USUBJID", "EXSEQ", "EXTRT", "EXDOSE", "EXSTDTC", "EXSTDY") == [
        ("S1-01", "1", "A", "7.5", "2024-02-01", "1"),
        ("S1-02", "1", "B", "2", "2024-03-01", "1"),
    ]
    assert made.run.frame("EX", "days").counts == {"read": 5, "where": 1, "in error": 1, "one_per": 1}
    assert told(log, "subject-unknown") == ["subject-unknown SUBJID:6 03"]
    assert rows(made, "DM", "USUBJID", "SEX", "RFSTDTC") == [("S1-01", "M", "2024-02-01"), ("S1-02", "F", "2024-03-01")]
    assert rows(made, "SUPPDM", "USUBJID", "IDVAR", "QNAM", "QVAL") == [
        ("S1-01", "", "DOSES", "1"), ("S1-01", "", "TOP", "A"), ("S1-01", "", "TOTAL", "7.5"),
        ("S1-02", "", "DOSES", "1"), ("S1-02", "", "TOP", "B"), ("S1-02", "", "TOTAL", "2"),
    ]  # fmt: skip


def test_transposed_columns_with_units_in_the_header(tmp_path: Path) -> None:
    lb = """\
    dataset: LB
    records:
      wide:
        from: raw.LAB
        transpose:
          "*": {LBORRES: row.cell, LBORRESU: {header: unit}}
        not_done: {result: [ND]}
    tests: {K: {LBCAT: CHEMISTRY}, GLUC: {LBCAT: CHEMISTRY}}
    keys: [USUBJID, LBTESTCD]
    """
    made, log = built(tmp_path, SUBJECTS, {"sdtm/lb.yaml": lb}, {"subj.csv": SUBJ, "dose.csv": DOSE, "lab.csv": LAB})
    assert rows(made, "LB", "USUBJID", "LBTESTCD", "LBCAT", "LBORRES", "LBORRESU", "LBSTAT") == [
        ("S1-01", "GLUC", "CHEMISTRY", "", "", "NOT DONE"),
        ("S1-01", "K", "CHEMISTRY", "4.1", "mmol/L", ""),
        ("S1-02", "GLUC", "CHEMISTRY", "5.5", "mmol/L", ""),
    ]
    assert made.run.frame("LB", "wide").counts["blank results"] == 1
    assert told(log, "not-done") == ["not-done GLUC:3 ND"]
    assert told(log, "missing-token") == []
