"""Queries of builds: texts, ids, states from run to run, the reviewer's columns, sheets without formulas."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from compare.builds_kit import built
from engine.lineage_kit import RAW
from openpyxl import load_workbook

from sdtm_builder.commands import queries
from sdtm_builder.issues import Issue, Location, Severity
from sdtm_builder.report.issues_json import write_issues_json
from sdtm_builder.transfer.harvest import harvest
from sdtm_builder.transfer.queries import Query, QueryError, Status, identified, rolled
from sdtm_builder.transfer.querysheet import read_queries, write_queries

ONE = Query("", Status.NEW, "S1", "S1-01", "ae", "", "NO=2", "TERM", "=x", "What?", "rule", "error", "ae.csv", "", 3,
            "", "2026-01-01", "2026-01-01")  # fmt: skip
TWO = replace(ONE, field="START", value="-5")


def at(moment: str, *found: Query) -> list[Query]:
    return [replace(q, first_seen=moment, last_seen=moment) for q in identified((q, "") for q in found)]


def states(found: list[Query]) -> list[tuple[str, str, str, str]]:
    return [(q.field, q.status.value, q.first_seen, q.last_seen) for q in found]


def test_new_open_closed_and_found_again() -> None:
    first = rolled([], at("2026-01", ONE, TWO), "S1", "2026-01")
    assert states(first) == [("TERM", "new", "2026-01", "2026-01"), ("START", "new", "2026-01", "2026-01")]
    second = rolled(first, at("2026-02", ONE), "S1", "2026-02")
    assert states(second) == [("TERM", "open", "2026-01", "2026-02"), ("START", "closed", "2026-01", "2026-01")]
    third = rolled(second, at("2026-03", TWO), "S1", "2026-03")
    assert states(third) == [("TERM", "closed", "2026-01", "2026-02"), ("START", "new", "2026-01", "2026-03")]
    assert rolled(third, at("2026-03", TWO), "S1", "2026-03") == third


def test_answers_stay_and_other_studies_are_left_alone() -> None:
    (mine,) = rolled([], at("2026-01", ONE), "S1", "2026-01")
    mine = replace(mine, answer="Asked", owner="A. Person", more=(("Due", "May"),))
    other = replace(mine, id="Q0", study="S2")
    found = rolled([other, mine], at("2026-02", replace(ONE, row=9)), "S1", "2026-02")
    assert found[0] == other
    assert (found[1].row, found[1].answer, found[1].owner, found[1].more) == (
        9,
        "Asked",
        "A. Person",
        (("Due", "May"),),
    )
    with pytest.raises(QueryError, match="older than the last sheet"):
        rolled(found, [], "S1", "2026-01")


def test_ids_do_not_depend_on_rows_and_are_told_apart() -> None:
    a, b, c = identified([(ONE, ""), (replace(ONE, row=8), ""), (ONE, "check")])
    assert len({a.id, b.id, c.id}) == 3
    assert identified([(replace(ONE, row=77, file="ae_2.csv"), "")])[0].id == a.id


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_a_sheet_reads_back_and_holds_no_formula(tmp_path: Path, ending: str) -> None:
    found = [replace(q, answer="+1", more=(("@Due", "'x"),)) for q in at("2026-01", ONE, TWO)]
    path = tmp_path / f"q{ending}"
    write_queries(path, found)
    assert read_queries(path) == found
    if ending == ".csv":
        rows = list(csv.reader(path.open(encoding="utf-8-sig", newline="")))
        assert not [c for row in rows for c in row if c.startswith(("=", "+", "-", "@"))]
    else:
        assert {c.data_type for row in load_workbook(path)["Queries"].iter_rows() for c in row} <= {
            "s",
            "n",
            "inlineStr",
        }


def test_sheets_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "q.csv"
    for text, told in (("A,B\n1,2\n", "no sheet of queries"), ("", "is empty")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(QueryError, match=told):
            read_queries(path)
    (one,) = at("2026-01", ONE)
    write_queries(path, [one, one])
    with pytest.raises(QueryError, match="stands there twice"):
        read_queries(path)
    (tmp_path / "q.xlsx").write_bytes(b"PK no workbook")
    with pytest.raises(QueryError, match="can't be read"):
        read_queries(tmp_path / "q.xlsx")


def test_a_build_gives_queries_of_its_raw_cells(tmp_path: Path) -> None:
    out = built(tmp_path, {"ae.csv": RAW["ae.csv"].replace("2024-01-10,yes", "2024-31-10,yes")})
    found = {(q.subject, q.field): q for q in harvest(out).queries if q.rule.startswith("date-")}
    query = found["S1-01", "START"]
    assert (query.form, query.value, query.file, query.row) == ("ae", "2024-31-10", "ae.csv", 3)
    assert query.text.startswith('Form ae, field START has "2024-31-10": ')
    assert query.text.endswith(". Please correct it, or confirm it.")
    assert query.first_seen == query.last_seen == "2026-01-01T00:00:00"


def test_which_issues_are_asked_about(tmp_path: Path) -> None:
    out = built(tmp_path)
    cells = [Location(file="ae.csv", row=row, column="TERM") for row in (2, 3)]
    about = [
        Issue("a", Severity.ERROR, "One thing of two cells.", tuple(cells)),
        Issue("b", Severity.WARNING, "One text. (5 cells)", tuple(cells)),
        Issue("c", Severity.NOTE, "A note.", tuple(cells)),
        Issue("d", Severity.ERROR, "Of a record.", (Location(dataset="AE", variable="AETERM"),)),
        Issue("e", Severity.ERROR, "Of another.", tuple(cells), caused_by="a"),
        Issue("f", Severity.ERROR, "late: START < DAY is false.", tuple(cells[:1])),
    ]
    write_issues_json(out / "issues.json", about)
    found = harvest(out)
    assert sorted((q.rule, q.row, q.value, q.others) for q in found.queries) == [
        ("a", 2, "Nausea", "ae.csv, row 3, column TERM"), ("b", 2, "Nausea", ""), ("b", 3, "Headache", ""),
        ("f", 2, "Nausea", ""),
    ]  # fmt: skip
    assert found.unlisted == 3
    (check,) = (q for q in found.queries if q.rule == "f")
    assert check.text == (
        'Form ae, field TERM has "Nausea": the check "late" does not hold, which is START < DAY. '
        "Please correct it, or confirm it."
    )
    assert {q.rule for q in harvest(out, Severity.NOTE, {"a", "b"}).queries} == {"c", "f"}


def test_the_command(tmp_path: Path) -> None:
    out, said = built(tmp_path), []
    sheet, again = tmp_path / "1.xlsx", tmp_path / "2.csv"
    assert queries.run([out], out=[sheet], tell=said.append) == 0
    count = len(read_queries(sheet))
    assert said[1] == f"{count} new, 0 open, 0 closed"
    assert count
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    later = json.dumps({**manifest, "as_of": "2026-02-01T00:00:00"})
    (out / "manifest.json").write_text(later, encoding="utf-8")
    assert queries.run([out], out=[again], previous=sheet, tell=said.append) == 0
    assert {(q.status, q.first_seen[:7], q.last_seen[:7]) for q in read_queries(again)} == {
        ("open", "2026-01", "2026-02")
    }
    (out / "manifest.json").write_text(json.dumps({**manifest, "partial": {"is_partial": True}}), encoding="utf-8")
    for builds, files in (([out], [again]), ([tmp_path / "none"], [again]), ([out], [tmp_path / "q.txt"]), ([out], [])):
        assert queries.run(builds, out=files, complain=said.append) == 2
