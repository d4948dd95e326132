"""JSON of issues there and back, the console's lines, the log."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.issues import Issue, Location, Severity
from sdtm_builder.model.summary import BuildSummary
from sdtm_builder.report.findings import Findings
from sdtm_builder.report.issues_json import IssuesFileError, read_issues_json, write_issues_json
from sdtm_builder.report.text import console_lines, run_log

from . import report_kit as kit

EMPTY = BuildSummary("S", "", "", "2025-03-28", "final", (), (), ())


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "issues.json"
    write_issues_json(path, kit.issues())
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:5] == [
        "{",
        '"format": "sdtm_builder issues 1",',
        '"counts": {"error": 32, "warning": 2, "note": 2},',
        '"rules": [',
        lines[4],
    ]
    assert json.loads(lines[4].rstrip(","))["count"] == 30
    assert lines[10:12] == ["],", '"issues": [']
    assert lines[-3] == (
        '{"rule": "ct-synonym", "severity": "note", "message": "no is mapped to N by a declared synonym.", '
        '"locations": [{"file": "edc.xlsx", "sheet": "AE", "row": 6, "column": "AESER"}], "value": "no"}'
    )
    assert lines[-2:] == ["]", "}"]
    assert len(lines) == 12 + 36 + 2
    assert json.loads(path.read_text(encoding="utf-8"))["counts"]["error"] == 32


def test_json_there_and_back(tmp_path: Path) -> None:
    path = tmp_path / "issues.json"
    odd = Issue("r", Severity.NOTE, 'half \ud800 \u2028 \x00 \\ "', (Location(), Location(line=3)), value="\udc80")
    write_issues_json(path, [*kit.issues(), odd])
    assert read_issues_json(path) == list(Findings([*kit.issues(), odd]))
    write_issues_json(path, [])
    assert read_issues_json(path) == []


texts = st.text(max_size=8)
places = st.builds(
    Location, file=texts, sheet=texts, row=st.integers(0, 9), column=texts, dataset=texts, key=texts, variable=texts,
    yaml=texts, line=st.integers(0, 9), char=st.integers(0, 9),
)  # fmt: skip
made = st.builds(
    Issue,
    rule=texts,
    severity=st.sampled_from(Severity),
    message=texts,
    locations=st.lists(places, max_size=3).map(tuple),
    value=texts,
    hint=texts,
    caused_by=texts,
    records=st.integers(1, 9),
)


@given(st.lists(made, max_size=6))
def test_any_issue_there_and_back(tmp_path_factory: pytest.TempPathFactory, issues: list[Issue]) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    write_issues_json(path, issues)
    first = path.read_bytes()
    assert sorted(map(repr, read_issues_json(path))) == sorted(map(repr, issues))
    write_issues_json(path, list(reversed(issues)))
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no file of the format"),
        ('{"format": "other", "issues": []}', "no file of the format"),
        ('{"format": "sdtm_builder issues 1", "issues": [7]}', "issue 1 has not the parts"),
        ('{"format": "sdtm_builder issues 1", "issues": [{"rule": "r"}]}', "issue 1 has not the parts"),
        (
            '{"format": "sdtm_builder issues 1", "issues": [{"rule": "r", "severity": "bad", "message": ""}]}',
            "wrong kind",
        ),
        ('{"format": "sdtm_builder issues 1", "issues": [{"rule": "r", "severity": [], "message": ""}]}', "wrong kind"),
        (
            '{"format": "sdtm_builder issues 1", "issues": '
            '[{"rule": "r", "severity": "note", "message": "", "locations": [{"row": true}]}]}',
            "location that is none",
        ),
        ('{"format": "sdtm_builder issues 1", "counts": {"error": 1}, "issues": []}', "and holds"),
    ],
)
def test_json_of_others_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "issues.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IssuesFileError, match=said):
        read_issues_json(path)


def test_console() -> None:
    lines = console_lines(kit.build(), kit.issues(), False, "outputs/X/report/index.html")
    assert lines[:8] == [
        "LSTCAR019, as of 2025-03-28T00:00:00, profile final: 2 datasets, 301 records",
        "  DM   26 records of 26 subjects  Demographics",
        "  AE  275 records of 24 subjects, 2 supplemental qualifiers  Adverse Events",
        "Raw rows: 28 rows of 1 source accounted for",
        "  raw.AE: 214 read = 205 used + 6 filtered: No adverse event reported + 2 in error + 1 unplaced",
        "  raw.CRS: 40 read is not 36 used + 3 collapsed by one_per (1 unexplained)",
        "Raw columns: 2 neither used nor declared unused",
        "Found: 32 errors, 2 warnings, 2 notes",
    ]
    assert lines[8].startswith("ERROR ct-miss (30)")
    assert lines[9] == (
        "  mappings/LSTCAR019/sdtm/ae.yaml:24:9 | edc.xlsx, sheet AE, row 8, column AEOUT | "
        "AE.AEOUT [USUBJID=LSTCAR019-000 AESEQ=5]: ongoing is no term of Outcome of Event (C66768), which is closed. "
        "In all 8 times."
    )
    told = [line.partition("]: ")[2].split()[0] + line.rpartition("In all")[2] for line in lines[9:13]]
    assert told == ["ongoing 8 times.", "好转 8 times.", "<b>dead</b> 7 times.", "Recoverd 7 times."]
    assert lines[13] == "  To do: Add a synonym, a `map`, or correct the data."
    assert not [line for line in lines if "ct-synonym" in line]
    assert lines[-1] == "All of it: outputs/X/report/index.html"
    assert lines[-2].startswith("Look first at: raw.AE: 1 row without a place; raw.CRS")
    verbose = console_lines(kit.build(), kit.issues(), True)
    assert [line for line in verbose if "ct-synonym (2)" in line]
    assert "  raw.DM: 28 read = 26 used + 2 duplicate" in verbose


def test_console_of_many_rules_and_of_none() -> None:
    issues = [Issue(f"rule-{n:02}", Severity.ERROR, "m") for n in range(11)]
    lines = console_lines(kit.build(), issues, False)
    assert sum(line.startswith("ERROR ") for line in lines) == 8
    assert "  and 3 more rules with 3 issues" in lines
    assert sum(line.startswith("ERROR ") for line in console_lines(kit.build(), issues, True)) == 11
    assert console_lines(EMPTY, [], False) == [
        "S, as of 2025-03-28, profile final: 0 datasets, 0 records",
        "Found: nothing",
        "All of it: report/index.html",
    ]
    assert "Partial build: only AE and DM anew" in console_lines(replace(EMPTY, partial=("AE", "DM")), [], False)


def test_lines_cannot_be_forged() -> None:
    issue = Issue("r", Severity.NOTE, "x\nERROR: forged\x1b[2J", (kit.cell(1, "a\nb"),), "v\r\nw")
    log = run_log(EMPTY, [issue])
    assert not [line for line in log.splitlines() if line.startswith("ERROR")]
    assert "\x1b" not in log
    assert all("\n" not in line and "\x1b" not in line for line in console_lines(EMPTY, [issue], True))


def test_log() -> None:
    log = run_log(kit.build(), kit.issues())
    lines = log.split("\n")
    assert log.endswith("\n")
    assert lines[3:6] == [
        "NOTE: 28 rows read from raw.DM (edc.xlsx, sheet DM).",
        "      26 rows: used.",
        "      2 rows: duplicate.",
    ]
    assert "ERROR: 1 row of raw.AE without a place: no dataset used them, no filter left them out." in lines
    assert "ERROR: The rows of raw.CRS don't add up: 1 row unexplained." in lines
    at = lines.index("NOTE: AE, block events: 214 rows in, from raw.AE.")
    assert lines[at : at + 10] == [
        "NOTE: AE, block events: 214 rows in, from raw.AE.",
        "      where: 214 in, 6 left out (No adverse event reported), 208 out.",
        "      in error: 208 in, 2 left out (AETERM is missing), 206 out.",
        "      206 records out.",
        "NOTE: AE, block crs: 40 rows in, from raw.CRS.",
        "      one_per: 40 in, 4 left out, 36 out.",
        "      transposed: 36 in, 3 left out (No result), 69 out.",
        "      69 records out.",
        "NOTE: The data set AE has 275 observations and 9 variables.",
        "NOTE: AE has 2 supplemental qualifiers: AESPEC, AEGRADE.",
    ]
    assert sum(line.startswith("ERROR: ct-miss: ") for line in lines) == 30
    place = lines.index("NOTE: Issues that name no dataset of this build.")
    assert lines[place + 1].startswith(
        "ERROR: date-unreadable: mappings/LSTCAR019/sdtm/ae.yaml:31 | edc.xlsx, sheet AE"
    )
    assert lines[-2] == "NOTE: In all: 32 errors, 2 warnings, 2 notes."
    starts = ("NOTE: ", "WARNING: ", "ERROR: ", "      ")
    assert all(line.startswith(starts) for line in lines if line)


def test_log_of_broken_accounts_and_many_issues() -> None:
    dataset = replace(kit.dm(), records=27, blocks=(replace(kit.dm().blocks[0], records=25),))
    issues = [Issue("r", Severity.WARNING, f"m{n}", (Location(dataset="DM"),)) for n in range(205)]
    lines = run_log(replace(kit.build(), datasets=(dataset,)), issues).splitlines()
    assert "ERROR: DM, block subjects: the steps don't add up, 1 record unexplained." in lines
    assert "ERROR: DM: the blocks made -2 records against those written." in lines
    assert "WARNING: r: 5 more; all are in issues.json." in lines
    assert sum(line.startswith("WARNING: r: DM: m") for line in lines) == 200
