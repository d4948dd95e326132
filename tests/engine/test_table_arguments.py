"""Tables as arguments of derivations: written in the rule, beside the specs, or a raw source."""

from __future__ import annotations

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog

from .support import ONE_SOURCE, event_values, events, faults, values, write_study

DAYS = "SUBJID,N,X,Y\n01,a,1,\n01,b,12,\n02,c,400,\n02,d,,\n"
TARGETS = "AVISIT,AVISITN,day\nBASE,0,1\nWEEK 1,1,8\nWEEK 2,2,15\n"
DERIVE = """\
day: {{expr: num(y)}}
name: {{analysis_visit: day, targets: {0}, ties: later}}
near: {{analysis_visit: day, targets: {0}, ties: later, take: AVISITN}}
far: {{expr: near + 10}}
"""


def made(tmp_path, targets, study=""):
    found, log = event_values(tmp_path, "y: X", DAYS, "name", "near", "far", derive=DERIVE.format(targets), study=study)
    return found, [i for i in log if i.rule == "bad-argument"]


EXPECTED = [("BASE", "0", "10"), ("WEEK 2", "2", "12"), ("WEEK 2", "2", "12"), ("", "", "")]


def test_a_table_written_in_the_rule(tmp_path):
    table = "{table: [[AVISIT, AVISITN, day], [BASE, 0, 1], [WEEK 1, 1, 8], [WEEK 2, 2, 15]]}"
    assert made(tmp_path, table) == (EXPECTED, [])


def prepared_with(folder, raw):
    log = IssueLog()
    prepared = prepare(folder, raw, log)
    assert prepared is not None
    return prepared, log


def of_a_raw_source(tmp_path, targets):
    study = ONE_SOURCE.replace("subjects:", "  T: {file: t.csv}\nsubjects:")
    raw = {"subj.csv": "SUBJID\n01\n02\n", "a.csv": DAYS, "t.csv": targets}
    folder = write_study(tmp_path, study, events("y: X", DERIVE.format("raw.T")), raw)
    prepared, log = prepared_with(folder, tmp_path / "raw")
    assert not prepared.unusable, list(log)
    found = values(make(prepared), "AE", "name", "near", "far")
    return found, [i.message for i in log if i.rule == "bad-argument"]


def test_a_raw_source(tmp_path):
    assert of_a_raw_source(tmp_path, TARGETS) == (EXPECTED, [])


def test_a_raw_source_that_is_no_table_of_targets(tmp_path):
    found, told = of_a_raw_source(tmp_path, "AVISIT,day\nBASE,1\nWEEK 1,0\n")
    assert found == [("", "", "")] * 4
    assert set(told) == {"raw.T: day is a study day, a whole number and never 0, not `0`."}


def in_a_file(tmp_path, text):
    """A study whose targets stand in a file beside the specs, as checked."""
    raw = {"subj.csv": "SUBJID\n01\n02\n", "a.csv": DAYS}
    folder = write_study(tmp_path, ONE_SOURCE, events("y: X", DERIVE.format("targets.csv")), raw)
    (folder / "targets.csv").write_text(text, encoding="utf-8")
    return prepared_with(folder, tmp_path / "raw")


def test_a_table_beside_the_specs_is_an_input(tmp_path):
    prepared, log = in_a_file(tmp_path, TARGETS)
    assert not prepared.unusable, list(log)
    assert values(make(prepared), "AE", "name", "near", "far") == EXPECTED
    assert [p.name for p in prepared.study.sources if p.suffix == ".csv"] == ["targets.csv"]


def test_a_fault_of_a_table_stands_at_its_row(tmp_path):
    prepared, log = in_a_file(tmp_path, "AVISIT,day\nBASE,1\nWEEK 1,0\n")
    assert prepared.unusable
    told = {str(place) for issue in log if issue.rule == "bad-argument" for place in issue.locations}
    assert told == {"specs/S1/targets.csv:3"}


def test_faults(tmp_path):
    def told(number, rules):
        return [
            f.partition(" ")[2] for f in faults(tmp_path / str(number), "y: X", derive="day: {expr: num(y)}\n" + rules)
        ]

    assert (
        "`analysis_visit`: `weeks` is no targets" in told(1, "n: {analysis_visit: day, targets: weeks, ties: later}")[0]
    )
    assert told(2, "n: {analysis_visit: day, targets: raw.NO, ties: later}")[0].startswith("unknown-table")
    uneven = "n: {analysis_visit: day, targets: {table: [[AVISIT, day], [A]]}, ties: later}"
    assert "as many cells" in told(3, uneven)[0]
    assert told(4, "n: {analysis_visit: day, targets: none.csv, ties: later}")[0].startswith("table-unreadable")
    assert told(5, "n: {analysis_visit: day, targets: visits}")[0].startswith(
        "bad-argument: `analysis_visit` needs `ties`."
    )
    assert (
        "baseline"
        in told(6, "n: {toxicity: day, criteria: CTCAE-5.0, direction: low, range: [day, day], by: y, unit: y}")[0]
    )
