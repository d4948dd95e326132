"""What the study file says of data: corrections, accepted issues, severities, visits, ready datasets, own functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog

from .support import FOUR, ONE_SOURCE, built, checked, event_values, rows, told, values, write_study

HEAD = "SUBJID,N,X,Y\n"
FIX = """\
corrections: [{source: raw.A, where: "N = '2'", column: X, value: 7, rows: ROWS, reason: Query, approved: Now}]
"""


@pytest.mark.parametrize(
    ("count", "number", "want", "issues"),
    [("1", "1", ["1", "7"], 0), ("2", "2", ["7", "7"], 0), ("2", "1", ["1", "1"], 1), ("1", "2", ["1", "1"], 1)],
)
def test_a_correction_hits_as_many_rows_as_it_says(
    tmp_path: Path, count: str, number: str, want: list[str], issues: int
) -> None:
    found, log = event_values(
        tmp_path, "x: {expr: \"num(X) + 1\"}", HEAD + f"01,{number},0,\n01,2,0,\n", "x",
        study=FIX.replace("ROWS", count).replace("value: 7", "value: 6"),
    )  # fmt: skip
    assert [v for (v,) in found] == want
    assert len(told(log, "correction-count")) == issues


def test_a_correction_of_a_typed_column_is_read_anew(tmp_path: Path) -> None:
    study = ONE_SOURCE.replace("a.csv, subject: SUBJID", "a.csv, subject: SUBJID, columns: {X: {type: number}}")
    study += FIX.replace("ROWS", "1")
    ae = 'dataset: AE\nrecords: {a: {from: raw.A, where: "X > 5", set: {AETERM: N}}}\nkeys: [USUBJID, AETERM]\n'
    made, _ = built(tmp_path, study, {"sdtm/ae.yaml": ae}, {"subj.csv": FOUR, "a.csv": HEAD + "01,1,0,\n01,2,0,\n"})
    assert values(made, "AE", "AETERM") == [("2",)]


ACCEPT = "accepted: [{rule: ct-miss, source: raw.A, where: \"N < '3'\", count: COUNT, reason: Known}]\n"


@pytest.mark.parametrize(
    ("count", "severities", "wrong"), [("2", ["error", "note", "note"], 0), ("1", ["error"] * 3, 1)]
)
def test_accepted_issues_become_notes_if_they_are_as_many(
    tmp_path: Path, count: str, severities: list[str], wrong: int
) -> None:
    mapping = "dataset: AE\nrecords: {a: {from: raw.A, set: {AETERM: N, AESER: X}}}\nkeys: [USUBJID, AETERM]\n"
    raw = {"subj.csv": FOUR, "a.csv": HEAD + "01,1,?,\n01,2,?,\n01,3,?,\n"}
    made, log = built(tmp_path, ONE_SOURCE + ACCEPT.replace("COUNT", count), {"sdtm/ae.yaml": mapping}, raw)
    made.accept()
    assert sorted(str(i.severity) for i in log if i.rule == "ct-miss") == severities
    assert len([i for i in log if i.rule == "accepted-count"]) == wrong


@pytest.mark.parametrize(
    ("study", "profile", "severity"),
    [("", "final", "error"), ("", "draft", "warning"), ("severity: {ct-miss: note}\n", "final", "note")],
)
def test_severity_is_the_rules_own_the_profiles_or_the_studys(
    tmp_path: Path, study: str, profile: str, severity: str
) -> None:
    mapping = "dataset: AE\nrecords: {a: {from: raw.A, set: {AETERM: N, AESER: X}}}\nkeys: [USUBJID, AETERM]\n"
    raw = {"subj.csv": FOUR, "a.csv": HEAD + "01,1,?,\n"}
    log = IssueLog(profile=profile)
    prepared = prepare(write_study(tmp_path, ONE_SOURCE + study, {"sdtm/ae.yaml": mapping}, raw), tmp_path / "raw", log)
    assert prepared is not None
    make(prepared)
    assert [str(i.severity) for i in log if i.rule == "ct-miss"] == [severity]


# visits

VISITS = """\
raw:
  SUBJ: {file: subj.csv, subject: NO, date: DT}
  V: {file: v.csv, subject: NO, visit: VIS, date: DT}
  W: {file: w.csv, subject: NO, visit: VIS, date: DT, visits: {D1: DAY 2, PRE: SCREENING}, unknown_visit: by_date}
subjects: {register: raw.SUBJ, usubjid: PERSON}
visits:
  EARLIER SCREENING: {number: "0.1", earlier: SCREENING}
  SCREENING: {number: 1, day: -14, raw: [SCR], window: [-28, -1]}
  DAY 1: {number: 4, day: 1, raw: [D1]}
  DAY 2: {number: 5, day: 2}
  WEEK 4: {number: 12, day: 29, window: [26, 32]}
  WEEK 5: {number: 13, day: 36, window: [32, 40]}
"""
VS = """\
dataset: VS
records:
  v: {from: raw.V, set: {VSTESTCD: {value: TEMP}, VSORRES: NO, VSDTC: {date: DT}, seen: VIS}}
  w: {from: raw.W, set: {VSTESTCD: {value: PULSE}, VSORRES: NO, VSDTC: {date: DT}, seen: VIS}}
keys: [USUBJID, VSTESTCD, VSDTC]
"""


def test_visits_are_planned_unscheduled_earlier_or_found_by_date(tmp_path: Path) -> None:
    raw = {
        "subj.csv": "NO,PERSON,DT\nS1,P1,2020-01-01\nS2,P1,2020-03-01\nS3,P3,2020-01-01\n",
        "v.csv": "NO,VIS,DT\nS1,SCR,2020-01-02\nS2,SCR,2020-03-02\nS2,D1,2020-03-10\nS2,UNS,2020-03-12\n"
        "S2,UNS,2020-03-12\nS2,UNS,2020-03-20\nS2,WEEK 4,2020-04-07\nS2,UNS,2020-04-08\nS3,UNS,2020-01-03\n"
        "S2,nowhere,2020-04-08\nS2,UNS,\nS3,D1,2020-01-03\nS3,UNS,2020-01-02\n",
        "w.csv": "NO,VIS,DT\nS2,D1,2020-03-11\nS2,PRE,2020-03-01\nS2,x,2020-04-04\nS2,x,2020-04-10\nS2,x,2020-03-10\n",
    }
    study = VISITS + 'unscheduled: {raw: UNS, number: after_previous, step: "0.01", name: "UNSCHEDULED {number}"}\n'
    made, log = built(tmp_path, study, {"sdtm/vs.yaml": VS}, raw)
    assert values(made, "VS", "VISITNUM", "VISIT", "VISITDY") == [
        ("0.1", "EARLIER SCREENING", ""), ("1", "SCREENING", "-14"), ("4", "DAY 1", "1"),
        ("5.01", "UNSCHEDULED 5.01", ""), ("5.01", "UNSCHEDULED 5.01", ""), ("5.02", "UNSCHEDULED 5.02", ""),
        ("12", "WEEK 4", "29"), ("12.01", "UNSCHEDULED 12.01", ""), ("4.01", "UNSCHEDULED 4.01", ""),
        ("", "", ""), ("", "", ""), ("4", "DAY 1", "1"), ("0.01", "UNSCHEDULED 0.01", ""),
        ("5", "DAY 2", "2"), ("1", "SCREENING", "-14"), ("12", "WEEK 4", "29"), ("", "", ""), ("", "", ""),
    ]  # fmt: skip
    cells = [t.split()[1] for t in told(log, "visit-unknown")]
    assert sorted(cells) == ["VIS:11", "VIS:4", "VIS:5", "VIS:6"]
    assert told(log, "visit-undated") == ["visit-undated VIS:12 DT:12 UNS"]


def test_unscheduled_numbers_in_the_name(tmp_path: Path) -> None:
    raw = {
        "subj.csv": "NO,PERSON,DT\nS1,P1,\n", "w.csv": "NO,VIS,DT\n",
        "v.csv": "NO,VIS,DT\nS1,Unscheduled 3.1,2020-01-02\nS1,Unscheduled 3.10,2020-01-03\nS1,D1,2020-01-01\n",
    }  # fmt: skip
    study = VISITS + 'unscheduled: {raw: Unscheduled, number: in_name, name: "UNSCHEDULED {number}"}\n'
    made, _ = built(tmp_path, study, {"sdtm/vs.yaml": VS}, raw)
    assert values(made, "VS", "VISITNUM", "VISIT")[:1] == [("3.1", "UNSCHEDULED 3.1")]


# given


def xpt(path: Path, name: str, columns: dict[str, list[str | float]]) -> None:
    """A small XPT file."""
    import pandas as pd
    import pyreadstat

    path.parent.mkdir(parents=True, exist_ok=True)
    pyreadstat.write_xport(pd.DataFrame(columns), str(path), table_name=name, file_format_version=5)


def test_ready_datasets_with_their_qualifiers(tmp_path: Path) -> None:
    xpt(tmp_path / "specs/S1/sdtm/dm.xpt", "DM", {"STUDYID": ["S1"] * 2, "USUBJID": ["01", "02"], "SEX": ["M", "F"]})
    xpt(tmp_path / "specs/S1/sdtm/ae.xpt", "AE", {"USUBJID": ["01", "01", "02"], "AESEQ": [1.0, 2.0, 1.0], "AETERM": ["a", "b", "c"]})  # noqa: E501
    xpt(tmp_path / "specs/S1/sdtm/suppae.xpt", "SUPPAE", {
        "USUBJID": ["01", "02"], "IDVAR": ["AESEQ", "AESEQ"], "IDVARVAL": ["2", "1"], "QNAM": ["GRADE", "GRADE"],
        "QVAL": ["g2", "g1"],
    })  # fmt: skip
    adsl = """\
    dataset: ADSL
    records: {s: {from: DM, copy: [SEX]}}
    derive:
      worst: {first: AE.AETERM, order: AESEQ, where: "GRADE = 'g2'"}
      n: {count: AE}
    keys: USUBJID
    """
    adae = """\
    dataset: ADAE
    records: {a: {from: AE, copy: [AESEQ, AETERM], set: {grade: GRADE, sex: DM.SEX}}}
    keys: [USUBJID, AESEQ]
    """
    study = "given: {sdtm: {folder: sdtm, datasets: [DM, AE], standard: sdtm}}\nstandards: {}\n"
    study = study.replace("standards: {}\n", "")
    folder = tmp_path / "specs" / "S1"
    (folder / "study.yaml").write_text(
        "study: {id: S1, title: A}\nstandards: {sdtmig: \"3.4\", adamig: \"1.3\", define: \"2.1\", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}\n" + study  # noqa: E501
    )
    for name, text in (("adsl", adsl), ("adae", adae)):
        path = tmp_path / "mappings" / "S1" / "adam" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        from textwrap import dedent

        path.write_text(dedent(text))
    log = IssueLog()
    prepared = prepare(folder, None, log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(str(i) for i in log)
    made = make(prepared)
    assert values(made, "ADAE", "USUBJID", "AESEQ", "AETERM", "grade", "sex") == [
        ("01", "1", "a", "", "M"), ("01", "2", "b", "g2", "M"), ("02", "1", "c", "g1", "F"),
    ]  # fmt: skip
    assert values(made, "ADSL", "USUBJID", "SEX", "worst", "n") == [("01", "M", "b", "2"), ("02", "F", "", "1")]


# functions of the study

STAR = """\
from sdtm_builder.registry import Column, Number, derivation
from sdtm_builder.model import Vector


@derivation("py_shift")
def shifted(ctx, value: Column, by: Number = 1.0) -> Vector:
    \"\"\"A number and more.\"\"\"
    ctx.issue("star-odd", value.data > 5, "{value} is odd.", value)
    return Vector.of_numbers(value.data + by)
"""


def test_own_functions_are_used_as_any_operation(tmp_path: Path) -> None:
    from sdtm_builder.issues import fault

    fault("star-odd", "warning", "Odd")
    study = "functions: {star.py: [shifted]}\n"
    ae = """\
    dataset: AE
    records: {a: {from: raw.A, set: {AETERM: N, n: {expr: "num(X)"}}}}
    derive: {more: {py.shifted: n, by: 10}, one: {py.shifted: n}}
    keys: [USUBJID, AETERM]
    """
    raw = {"subj.csv": FOUR, "a.csv": HEAD + "01,1,2,\n01,2,6,\n01,3,,\n"}
    made, log = built(tmp_path, ONE_SOURCE + study, {"sdtm/ae.yaml": ae, "star.py": STAR}, raw)
    assert values(made, "AE", "more", "one") == [("12", "3"), ("16", "7"), ("", "")]
    assert set(told(log, "star-odd")) == {"star-odd X:3 6"}


def test_functions_that_are_not_listed_are_unknown(tmp_path: Path) -> None:
    ae = "dataset: AE\nrecords: {a: {from: raw.A, set: {AETERM: N}}}\nderive: {x: {py.shifted: AETERM}}\nkeys: [USUBJID, AETERM]\n"  # noqa: E501
    raw = {"subj.csv": FOUR, "a.csv": HEAD}
    _, log = checked(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae, "star.py": STAR}, raw)
    assert {i.rule for i in log if i.severity == "error"} == {"no-operation"}


def test_a_study_without_subjects(tmp_path: Path) -> None:
    te = "dataset: TE\nrecords: {a: {from: raw.E, set: {ETCD: CODE, ELEMENT: NAME, TESTRL: BEGIN}}}\nkeys: ETCD\n"
    made, log = built(tmp_path, "raw: {E: {file: e.csv}}\n", {"sdtm/te.yaml": te}, {"e.csv": "CODE,NAME,BEGIN\nB,Bb,x\nA,Aa,y\n"})  # noqa: E501
    assert rows(made, "TE", "STUDYID", "DOMAIN", "ETCD", "ELEMENT") == [("S1", "TE", "A", "Aa"), ("S1", "TE", "B", "Bb")]  # noqa: E501
    assert "USUBJID" not in {v.name for v in made.built[0].variables}
    assert [i for i in log if i.severity == "error"] == []
