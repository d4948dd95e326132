"""A folder as a whole: broken files beside good ones, severities, the cap, and speed's friend, the naive twin."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.issues import Severity
from sdtm_builder.model.column import Vector
from sdtm_builder.validate.reference import covered, rule_reference
from sdtm_builder.validate.registry import rules
from sdtm_builder.validate.runner import check_study, listing, run_validation
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table, VariableInfo


def _table(name: str, **columns: list[str | None] | list[float]) -> Table:
    made = {
        k: Vector.of_numbers(v) if v and isinstance(v[0], float) else Vector.of_texts(v)  # type: ignore[arg-type]
        for k, v in columns.items()
    }
    info = {k: VariableInfo(k, "Char" if c.is_text else "Num", 8) for k, c in made.items()}
    return Table(name, name, info, made, len(next(iter(made.values()))), f"{name.lower()}.xpt")


def _write(folder: Path, name: str, values: dict[str, list[str]]) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    pd = pytest.importorskip("pandas")
    path = folder / f"{name.lower()}.xpt"
    pyreadstat.write_xport(pd.DataFrame(values), str(path), table_name=name, file_format_version=5)


def test_an_unreadable_file_does_not_hide_the_others(tmp_path: Path) -> None:
    _write(tmp_path, "DM", {"USUBJID": ["S1"], "ARM": ["Screen Failure"]})
    (tmp_path / "ae.xpt").write_bytes(b"no transport file" * 20)
    (tmp_path / "define.xml").write_text("<ODM>", encoding="utf-8")
    log = run_validation(tmp_path)
    found = log.by_rule()
    assert sorted(i.locations[0].file for i in found["written-file-unreadable"]) == ["ae.xpt", "define.xml"]
    assert [(i.locations[0].key, i.locations[0].variable, i.value) for i in found["arm-is-a-reason"]] == [
        ("USUBJID=S1", "ARM", "Screen Failure")
    ]
    assert "define-missing" not in found


def test_an_empty_folder_has_no_dm(tmp_path: Path) -> None:
    assert {i.rule for i in run_validation(tmp_path)} == {"dm-missing", "define-missing"}


def test_severity_map_and_draft() -> None:
    study = Study({"DM": _table("DM", USUBJID=["S1"], ARM=["A"], RFENDTC=[None], ACTARMCD=["A"], ACTARM=["A"])})
    rule = [rules()["reference-end-missing"]]
    assert [i.severity for i in check_study(study, rule)] == [Severity.ERROR]
    assert [i.severity for i in check_study(study, rule, profile="draft")] == [Severity.WARNING]
    assert [i.severity for i in check_study(study, rule, {"reference-end-missing": "note"})] == [Severity.NOTE]


def test_the_cap_keeps_the_count() -> None:
    study = Study({"AE": _table("AE", USUBJID=["S1"] * 7, AESEQ=[float(n) for n in range(7)], AETERM=["OTHER"] * 7)})
    issues = list(check_study(study, [rules()["topic-too-general"]], cap=2))
    assert [i.value for i in issues] == ["OTHER", "OTHER", "7"]
    assert issues[2].message.startswith("5 more records like these (7 in all)")
    assert issues[0].locations[0].key == "USUBJID=S1 AESEQ=0"


def test_beyond_the_cap_accepted_records_are_counted_apart() -> None:
    study = Study({"AE": _table("AE", USUBJID=["S1"] * 7, AESEQ=[float(n) for n in range(7)], AETERM=["OTHER"] * 7)})
    known = {f"USUBJID=S1 AESEQ={n}" for n in (0, 2, 4, 6)}
    asked = []

    def accepted(rule: str, dataset: str) -> list[set[str]]:
        asked.append((rule, dataset))
        return [known]

    issues = list(check_study(study, [rules()["topic-too-general"]], cap=2, known=accepted))
    assert asked == [("topic-too-general", "AE")]
    assert [(i.locations[0].key, i.records) for i in issues] == [
        ("USUBJID=S1 AESEQ=1", 1), ("USUBJID=S1 AESEQ=3", 1), ("USUBJID=S1 AESEQ=5", 1),
        ("USUBJID=S1 AESEQ=0", 1), ("USUBJID=S1 AESEQ=2", 1), ("USUBJID=S1 AESEQ=6", 2),
    ]  # fmt: skip
    assert issues[2].message.startswith("1 more records like these (3 in all)")
    assert issues[5].message.startswith("2 more records like these (4 in all)")


def test_nothing_is_said_of_records_that_are_not_there() -> None:
    empty = {name: _table(name, USUBJID=[]) for name in ("DM", "AE", "LB", "EX", "SV", "SUPPAE")}
    found = {i.rule for i in check_study(Study(empty), rules().values())}
    assert "dataset-empty" in found
    assert "written-file-unreadable" not in found


def test_reference_and_coverage() -> None:
    text = rule_reference()
    assert all(f"## {name}\n" in text for name in rules())
    numbers = {number for number, _ in covered()}
    assert {"CG0147", "CG0148", "CG0222", "CG0314", "CG0411", "CG0417", "CG0520", "CG0529", "CG0530"} <= numbers
    assert covered() == sorted(covered())


DATES = st.one_of(
    st.none(),
    st.dates(datetime.date(2023, 12, 20), datetime.date(2024, 1, 15)).map(datetime.date.isoformat),
    st.sampled_from(["2024-01", "2024", "2024---05", "2024-01-05T10:00"]),
)


def _naive_day(date: str | None, start: str | None) -> int | None:
    try:
        difference = datetime.date.fromisoformat((date or "")[:10]) - datetime.date.fromisoformat((start or "")[:10])
    except ValueError:
        return None
    return difference.days + 1 if difference.days >= 0 else difference.days


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DATES, st.integers(-12, 12)), min_size=1, max_size=8), DATES)
def test_study_days_agree_with_a_naive_twin(rows: list[tuple[str | None, int]], start: str | None) -> None:
    ae = _table(
        "AE",
        USUBJID=["S1"] * len(rows),
        AESEQ=[float(n) for n in range(len(rows))],
        AESTDTC=[date for date, _ in rows],
        AESTDY=[float(day) for _, day in rows],
    )
    study = Study({"AE": ae, "DM": _table("DM", USUBJID=["S1"], RFSTDTC=[start])})
    chosen = [rules()["study-day-wrong"], rules()["study-day-of-partial-date"]]
    found = {(rule, key) for rule, _, key, _ in listing(study, chosen)}
    expected = set()
    for n, (date, day) in enumerate(rows):
        right = _naive_day(date, start)
        if right is None:
            expected.add(("study-day-of-partial-date", f"USUBJID=S1 AESEQ={n}"))
        elif right != day:
            expected.add(("study-day-wrong", f"USUBJID=S1 AESEQ={n}"))
    assert found == expected


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 3)), max_size=12))
def test_repeats_agree_with_a_naive_twin(rows: list[tuple[str, int]]) -> None:
    table = _table("AE", USUBJID=[s for s, _ in rows], AESEQ=[float(n) for _, n in rows])
    seen: set[tuple[str, int]] = set()
    expected = []
    for row in rows:
        expected.append(row in seen)
        seen.add(row)
    assert np.asarray(table.repeats(["USUBJID", "AESEQ"])).tolist() == expected


def test_the_page_of_the_rules_is_up_to_date() -> None:
    page = Path(__file__).parents[2] / "docs" / "rules.md"
    written = page.read_text(encoding="utf-8") == rule_reference()
    assert written, "python -m sdtm_builder.validate.reference > docs/rules.md"
