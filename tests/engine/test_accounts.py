"""Accounts: every raw row and column has one fate, the steps of blocks add up."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.engine.accounts import summarise
from sdtm_builder.model.summary import BuildSummary, SourceSummary, StepCount

from .lineage_kit import MAPPINGS, RAW, build


def summed(made: Made) -> BuildSummary:
    """The summary of a build."""
    return summarise(made.run, made.built, version="1.0", as_of="2025-06-30T00:00:00")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The small study."""
    return build(tmp_path_factory.mktemp("accounts"))


@pytest.fixture(scope="module")
def summary(made: Made) -> BuildSummary:
    """Its accounts."""
    return summed(made)


def source(summary: BuildSummary, name: str) -> SourceSummary:
    """One source's accounts."""
    return next(s for s in summary.sources if s.name == name)


def test_every_row_has_one_fate(summary: BuildSummary) -> None:
    assert {s.name: dict(s.fates) for s in summary.sources} == {
        "SUBJ": {"used": 3},
        "DOSE": {"used": 4},
        "AE": {
            "footer": 1, "used": 3, "in error: no known subject": 1, "in error: AETERM is missing": 1,
            "filtered: Not coded yet": 1,
        },
        "OLD": {"used": 1},
        "VS": {"used": 3, "without a result": 1},
        "ENDS": {"used": 3},
        "QUERY": {"used by a summary": 2, "unplaced": 1},
        "SPARE": {"declared unused: Nothing of the study": 1},
    }  # fmt: skip
    assert {s.name: s.rows - sum(s.fates.values()) for s in summary.sources} == {s.name: 0 for s in summary.sources}


def test_rows_without_a_place_are_listed(summary: BuildSummary) -> None:
    assert source(summary, "QUERY").unplaced == (("query.csv", "", 4),)
    assert source(summary, "SPARE").unplaced == ()


def test_who_used_a_source(summary: BuildSummary) -> None:
    assert source(summary, "ENDS").used_by == ("DS", "DM")
    assert source(summary, "SPARE").used_by == ()


def test_columns(summary: BuildSummary) -> None:
    fates = {c.column: (c.fate, c.used_by, c.why, c.filled) for c in source(summary, "AE").columns}
    assert fates == {
        "SUBJ": ("used", ("USUBJID", "footer"), "", 6),
        "NO": ("used", ("AE.AESPID",), "", 6),
        "TERM": ("used", ("AE.AETERM",), "", 5),
        "START": ("used", ("AE.AESTDTC",), "", 6),
        "SER": ("used", ("AE.AESER",), "", 6),
        "CODED": ("used", ("AE where",), "", 6),
        "PAGE": ("unused", (), "A number of the form", 6),
    }
    ends = {c.column: c.used_by for c in source(summary, "ENDS").columns}
    assert ends["WHY"] == ("DM join end", "DS.DSTERM")


def test_unlisted_columns_are_issues(made: Made, summary: BuildSummary) -> None:
    found = [i for i in made.prepared.log if i.rule == "column-unlisted"]
    assert [(i.value, i.locations[0].file, i.locations[0].column) for i in found] == [
        ("NOTE", "vs.csv", "NOTE"), ("TEXT", "query.csv", "TEXT"),
    ]  # fmt: skip
    assert [c.column for c in source(summary, "VS").columns if c.fate == "unlisted"] == ["NOTE"]


def test_steps_of_blocks(summary: BuildSummary) -> None:
    blocks = {d.name: d.blocks[0] for d in summary.datasets if d.blocks}
    assert blocks["AE"].steps == (
        StepCount("read", 7),
        StepCount("where", 1, "Not coded yet"),
        StepCount("subjects", 1, "no known subject"),
        StepCount("topic", 1, "AETERM is missing"),
    )
    assert (blocks["AE"].sources, blocks["AE"].rows_in, blocks["AE"].records) == (("raw.AE", "raw.OLD"), 7, 4)
    assert blocks["CE"].steps[1:] == (StepCount("one_per", 2),)
    assert blocks["DS"].steps[1:] == (StepCount("group", 1),)
    assert blocks["VS"].steps[1:] == (StepCount("transpose", 3, "", 5),)


def test_datasets(summary: BuildSummary) -> None:
    found = {d.name: (d.records, d.subjects, d.qualifiers, d.klass) for d in summary.datasets}
    assert found["DM"] == (3, 3, ("EVENTS",), "Special-Purpose")
    assert found["SUPPDM"] == (2, 2, (), "RELATIONSHIP")
    assert found["EX"] == (4, 2, ("FIRST",), "Interventions")
    assert summary.standards == {"SDTMIG": "3.4", "CT SDTM": "2025-03-28"}


def test_unknown_condition_puts_a_row_in_error(tmp_path: Path) -> None:
    rows = RAW["ae.csv"].replace("02,3,Rash,2024-01-03,no,no,8", "02,3,Rash,2024-01-03,no,,8")
    summary = summed(build(tmp_path, raw={**RAW, "ae.csv": rows}))
    assert source(summary, "AE").fates["in error: `where` is unknown"] == 1
    assert "filtered: Not coded yet" not in source(summary, "AE").fates


def test_nothing_used(tmp_path: Path) -> None:
    rows = RAW["ae.csv"].replace(",yes,7", ",no,7").replace(",yes,8", ",no,8")
    summary = summed(build(tmp_path, raw={**RAW, "ae.csv": rows}))
    assert dict(source(summary, "AE").fates) == {"footer": 1, "filtered: Not coded yet": 6}


def test_rows_that_only_a_join_used(tmp_path: Path) -> None:
    summary = summed(build(tmp_path, {name: text for name, text in MAPPINGS.items() if name != "ds"}))
    assert dict(source(summary, "ENDS").fates) == {"used by a join": 1, "offered to a join, fits no record": 2}
    assert source(summary, "ENDS").used_by == ("DM",)


def test_all_rows_of_a_group_without_its_topic_are_in_error(tmp_path: Path) -> None:
    summary = summed(build(tmp_path, raw={**RAW, "ends.csv": RAW["ends.csv"].replace("COMPLETED", "")}))
    assert dict(source(summary, "ENDS").fates) == {"used": 1, "in error: DSTERM is missing": 2}
    block = next(d for d in summary.datasets if d.name == "DS").blocks[0]
    assert block.steps[1:] == (StepCount("group", 1), StepCount("topic", 1, "DSTERM is missing"))
