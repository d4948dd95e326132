"""PP from PC: which results count, at what time, and what is written of each parameter."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.issues import IssueLog, Severity
from sdtm_builder.lineage import trace

from .support import built, checked, rows, values

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  PC: {file: pc.csv, subject: SUBJID, columns: {LLOQ: {type: number}, REP: {type: number}}}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
"""
DM = """\
dataset: DM
records:
  subjects: {from: raw.SUBJ, set: {SUBJID: SUBJID, RFSTDTC: {date: START, time: TIME, formats: [yyyy-MM-dd, "HH:mm"]}}}
keys: USUBJID
"""
PC = """\
dataset: PC
records:
  results:
    from: raw.PC
    set:
      {PCTESTCD: {value: DRUG}, PCORRES: RESULT, PCORRESU: UNIT, PCREFID: ID, PCREPNUM: REP, PCELTM: NOMINAL,
       PCLLOQ: LLOQ, PCULOQ: {value: "1000"}, PCGRPID: {value: BLOOD},
       PCDTC: {date: DAY, time: TIME, formats: [yyyy-MM-dd, "HH:mm"]}}
tests: {DRUG: {PCTEST: Drug}}
keys: [USUBJID, PCDTC, PCREFID, PCREPNUM]
"""
PP = """\
dataset: PP
records:
  blood:
    {make: kinetics, from: PC, where: "PCTESTCD = 'DRUG'", by: [USUBJID, PCGRPID],
     tests: [CMAX, TMAX, AUCINT, CLST, TLST], interval: [P0D, P28D], method: LINEAR UP LOG DOWN METHOD,
     blq: [BLQ, NOT DETECTED]%s}
keys: [USUBJID, PPGRPID, PPTESTCD]
"""
HEAD = "SUBJID,ID,REP,NOMINAL,DAY,TIME,RESULT,UNIT,LLOQ\n"
SUBJ = "SUBJID,START,TIME\n01,2024-01-01,10:00\n02,2024-01-01,\n03,,\n"


def kinetics(root: Path, pc: str, more: str = "", subj: str = SUBJ) -> tuple[Made, IssueLog]:
    texts = {"sdtm/dm.yaml": DM, "sdtm/pc.yaml": PC, "sdtm/pp.yaml": PP % more}
    return built(root, STUDY, texts, {"subj.csv": subj, "pc.csv": HEAD + pc})


def found(made: Made) -> dict[str, tuple[str, ...]]:
    """Test -> result, unit, status, reason; a column that is empty throughout is not written."""
    return {r[0]: r[1:] for r in values(made, "PP", "PPTESTCD", "PPSTRESC", "PPSTRESU", "PPSTAT", "PPREASND")}


def told(log: IssueLog) -> list[tuple[str, list[int]]]:
    """Rule and rows of issues of kinetics."""
    return [(i.rule, sorted({p.row for p in i.locations if p.file})) for i in log if i.rule.startswith("kinetics")]


FULL = """\
01,A,1,-P1D,2023-12-31,10:00,BLQ,ng/mL,50
01,B,1,P3D,2024-01-04,10:00,NOT DETECTED,ng/mL,50
01,B2,1,P7D,2024-01-08,10:00,50,ng/mL,50
01,C,1,P10D,2024-01-11,10:00,100,ng/mL,50
01,D,1,P14D,2024-01-15,10:00,400,ng/mL,50
01,E,1,P21D,2024-01-22,10:00,20,ng/mL,50
01,F,1,P28D,2024-01-29,22:00,100,ng/mL,50
01,G,1,P56D,2024-02-26,10:00,BLQ,ng/mL,50
01,H,1,P84D,2024-03-25,10:00,BLQ,ng/mL,50
"""


def test_a_profile_worked_by_hand(tmp_path: Path) -> None:
    """Days 0, 3: 0; 7: 50; 10: 100; 14: 400; 21: below the limit between two, left out; 28.5: 100; 56: 0.

    3 to 7: 4 x 50 / 2 = 100; 7 to 10: 3 x 75 = 225; 10 to 14: 4 x 250 = 1000. From 400 at 14 to 100 at 28.5, ln 4 in
    14.5 days: at 28 it is 400 x 4^(-14/14.5) = 104.8964; 14 to 28: (400 - 104.8964) x 14.5 / ln 4 = 3086.6474.
    In all 4411.6474 days, x 24 = 105879.54.
    """
    made, log = kinetics(tmp_path, FULL)
    assert rows(made, "PP", "USUBJID", "PPGRPID", "PPTESTCD", "PPTEST", "PPORRES", "PPSTRESN", "PPSTRESU") == [
        ("01", "BLOOD", "AUCINT", "AUC from T1 to T2", "105880", "105880", "h*ng/mL"),
        ("01", "BLOOD", "CLST", "Last Nonzero Conc", "100", "100", "ng/mL"),
        ("01", "BLOOD", "CMAX", "Max Conc", "400", "400", "ng/mL"),
        ("01", "BLOOD", "TLST", "Time of Last Nonzero Conc", "28.5", "28.5", "day"),
        ("01", "BLOOD", "TMAX", "Time of CMAX Observation", "14", "14", "day"),
    ]
    assert rows(made, "PP", "PPTESTCD", "PPANMETH", "PPSTINT", "PPENINT")[:2] == [
        ("AUCINT", "LINEAR UP LOG DOWN METHOD", "P0D", "P28D"),
        ("CLST", "LINEAR UP LOG DOWN METHOD", "", ""),
    ]
    assert told(log) == []


def test_of_replicates_the_last_and_of_a_nominal_time_the_closest(tmp_path: Path) -> None:
    """C is repeated with 120; D2 is 4 hours from day 14, D 24 hours; G's repeat is below the limit."""
    pc = """\
01,C,1,P10D,2024-01-11,10:00,100,ng/mL,50
01,C,2,P10D,2024-01-11,10:00,120,ng/mL,50
01,D,1,P14D,2024-01-16,10:00,900,ng/mL,50
01,D2,1,P14D,2024-01-15,06:00,400,ng/mL,50
01,G,1,P28D,2024-01-29,10:00,70,ng/mL,50
01,G,2,P28D,2024-01-29,10:00,BLQ,ng/mL,50
"""
    made, log = kinetics(tmp_path, pc)
    assert found(made) == {
        "AUCINT": ("", "", "NOT DONE", "FEWER THAN 3 QUANTIFIABLE RESULTS IN THE INTERVAL"),
        "CLST": ("400", "ng/mL", "", ""),
        "CMAX": ("400", "ng/mL", "", ""),
        "TLST": ("13.83", "day", "", ""),  # 13 days 20 hours: 13.8333
        "TMAX": ("13.83", "day", "", ""),
    }
    assert told(log) == []


def test_never_quantifiable(tmp_path: Path) -> None:
    made, _ = kinetics(
        tmp_path, "01,C,1,P10D,2024-01-11,10:00,BLQ,ng/mL,50\n01,D,1,P14D,2024-01-15,10:00,49,ng/mL,50\n"
    )
    none = ("", "", "NOT DONE", "NO QUANTIFIABLE RESULT")
    assert found(made) == {
        "AUCINT": ("0", "h*ng/mL", "", ""), "CMAX": ("0", "ng/mL", "", ""), "TMAX": none, "CLST": none, "TLST": none,
    }  # fmt: skip


def test_above_the_upper_limit_is_the_limit(tmp_path: Path) -> None:
    pc = "01,C,1,P10D,2024-01-11,10:00,1200,ng/mL,50\n01,D,1,P14D,2024-01-15,10:00,>1000,ng/mL,50\n"
    made, _ = kinetics(tmp_path, pc + "01,E,1,P15D,2024-01-16,10:00,<50,ng/mL,50\n")
    assert (found(made)["CMAX"][0], found(made)["TMAX"][0], found(made)["TLST"][0]) == ("1000", "10", "14")


def test_times_that_are_not_known(tmp_path: Path) -> None:
    """D has a date only: day 14 as planned. E has no nominal time either: left out. The sample before counts as 0."""
    pc = """\
01,A,1,-P1D,2023-12-31,10:00,60,ng/mL,50
01,D,1,P14D,2024-01-16,,400,ng/mL,50
01,E,1,,2024-01-22,,500,ng/mL,50
01,F,1,P28D,2024-01-29,10:00,odd,ng/mL,50
"""
    made, log = kinetics(tmp_path, pc)
    assert (found(made)["CMAX"][0], found(made)["TMAX"][0]) == ("400", "14")
    assert sorted(told(log)) == [
        ("kinetics-before", [2]), ("kinetics-nominal", [3]), ("kinetics-result", [5]),
        ("kinetics-time", [4]),
    ]  # fmt: skip


def test_without_reference_no_record_with_a_vague_one_an_issue(tmp_path: Path) -> None:
    pc = "02,A,1,P10D,2024-01-11,10:00,100,ng/mL,50\n03,B,1,P10D,2024-01-11,10:00,100,ng/mL,50\n"
    made, log = kinetics(tmp_path, pc + "01,C,1,-P1D,2023-12-31,10:00,BLQ,ng/mL,50\n")
    assert rows(made, "PP", "PPTESTCD") == []
    assert told(log) == [("kinetics-reference", [3])]


def test_what_nothing_decides_is_not_guessed(tmp_path: Path) -> None:
    pc = "01,C,1,P10D,2024-01-11,10:00,100,ng/mL,50\n01,C,1,P10D,2024-01-11,10:00,110,ng/mL,50\n"
    made, log = kinetics(tmp_path, pc)
    assert set(found(made).values()) == {("", "", "NOT DONE", "SEVERAL RESULTS OF ONE TIME")}
    assert sorted(r for r, _ in told(log)) == ["kinetics-open", "kinetics-open"]
    units = "01,C,1,P10D,2024-01-11,10:00,100,ng/mL,50\n01,D,1,P14D,2024-01-15,10:00,1,ug/mL,50\n"
    made, log = kinetics(tmp_path / "units", units)
    assert set(found(made).values()) == {("", "", "NOT DONE", "RESULTS IN SEVERAL UNITS")}


def test_units_and_rounding_as_asked(tmp_path: Path) -> None:
    """4411.6474 value x days; 28.5 days are 684 hours."""
    made, _ = kinetics(tmp_path, FULL, ", time: h, area_time: day, significant: 3")
    assert found(made)["AUCINT"][:2] == ("4410", "day*ng/mL")
    assert found(made)["TLST"][:2] == ("684", "h")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[USUBJID, PCGRPID]", "[USUBJID]",
         "`by`: USUBJID and the variable that tells the profiles of a subject apart are wanted."),
        ("PCGRPID]", "PCGRP]", "`by`: PC has no PCGRP."),
        ("[CMAX,", "[CMIN,", "`tests`: CMIN is none of CMAX, TMAX, AUCINT, CLST, TLST."),
        ("P28D]", "P1M]",
         "`interval`: two durations of ISO 8601 in weeks, days, hours and so on are wanted, the earlier first."),
        ("[P0D, P28D]", "[P28D, P0D]",
         "`interval`: two durations of ISO 8601 in weeks, days, hours and so on are wanted, the earlier first."),
        ("from: PC", "from: raw.PC", "`from`: one dataset of concentrations is wanted."),
        ("blq:", "reference: DM.RFSTDT, blq:", "`reference`: there is no DM.RFSTDT."),
    ],
)  # fmt: skip
def test_arguments_are_checked_before_data(tmp_path: Path, old: str, new: str, message: str) -> None:
    text = (PP % "").replace(old, new)
    assert text != PP % ""
    texts = {"sdtm/dm.yaml": DM, "sdtm/pc.yaml": PC, "sdtm/pp.yaml": text}
    _, log = checked(tmp_path, STUDY, texts, {"subj.csv": SUBJ, "pc.csv": HEAD})
    assert [i.message for i in log if i.rule == "bad-argument"] == [message]


def test_origin_method_and_trace(tmp_path: Path) -> None:
    made, log = kinetics(tmp_path, FULL)
    assert [str(i) for i in log if i.severity is Severity.ERROR and "keys" not in i.rule] == []
    meta = study_meta(made.run, made.built, "sdtm")
    variable = next(v for d in meta.datasets if d.name == "PP" for v in d.variables if v.name == "PPANMETH")
    assert variable.origin is not None
    assert variable.origin.type == "Derived"
    text = next(m.text for m in meta.methods if m.id == variable.method)
    assert text.startswith("CMAX, TMAX, AUCINT, CLST, TLST of the results of PC after DM.RFSTDTC, by USUBJID, PCGRPID.")
    assert "with the value at the end within its segment" in text
    write_lineage(made.run, made.built, tmp_path / "lineage")
    node = trace(tmp_path, "PP", {"PPTESTCD": "CMAX"}, "PPSTRESN")
    cells = {(c.file, c.row, c.name) for c in node.cells()}
    assert {("pc.csv", row, "RESULT") for row in range(3, 11)} <= cells
    assert ("subj.csv", 2, "START") in cells
    assert ("pc.csv", 2, "RESULT") not in cells  # before the reference
