"""The written lineage: row numbers, members, bytes; every value of the study can be traced."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.lineage import Lineage
from sdtm_builder.lineage.trace import Tracer

from .lineage_kit import RAW, build, outputs


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The lineage of the small study."""
    return outputs(tmp_path_factory.mktemp("lineage")) / "lineage"


def columns(path: Path, *names: str) -> list[tuple[object, ...]]:
    """Values of some columns, a tuple a row."""
    table = pq.read_table(path).to_pydict()
    return list(zip(*(table[n] for n in names), strict=True))


def test_raw_rows_are_as_read_with_their_places(folder: Path) -> None:
    assert columns(folder / "raw" / "SUBJ.parquet", "_file", "_sheet", "_row", "_usubjid", "SUBJ", "SEX", "START") == [
        ("subj.csv", "", 2, "S1-01", "01", "F", "2024-01-02"),
        ("subj.csv", "", 3, "S1-02", "02", "M", "2024-01-03"),
        ("subj.csv", "", 4, "S1-03", "03", "F", None),  # before its correction
    ]


def test_records_point_to_their_rows_in_written_order(folder: Path) -> None:
    assert columns(folder / "AE.parquet", "AETERM", "@block", "@base", "@row", "@join:dose:table", "@join:dose") == [
        ("Fever", "events", "raw.AE", 2, None, None),
        ("Headache", "events", "raw.AE", 1, "EX", 1),
        ("Cold", "events", "raw.OLD", 0, None, None),
        ("Nausea", "events", "raw.AE", 0, None, None),
    ]
    assert columns(folder / "EX.parquet", "USUBJID", "EXSTDTC", "@row") == [
        ("S1-01", "2024-01-02", 2), ("S1-01", "2024-01-10", 1), ("S1-02", "2024-01-03", 0), ("S1-02", "2024-01-09", 3),
    ]  # fmt: skip


def test_rows_of_another_dataset_are_those_of_its_written_order(folder: Path) -> None:
    assert columns(folder / "CE.parquet", "CETERM", "@base", "@row") == [("Fever", "AE", 0), ("Cold", "AE", 2)]


def test_transposed_columns_by_number(folder: Path) -> None:
    assert columns(folder / "VS.parquet", "VSTESTCD", "@entry", "@row") == [
        ("DIABP", 1, 0), ("SYSBP", 0, 0), ("SYSBP", 0, 1), ("DIABP", 1, 3), ("SYSBP", 0, 3),
    ]  # fmt: skip


def test_winners_of_two_tables(folder: Path) -> None:
    assert columns(folder / "DM.parquet", "@win:RFXENDTC:table", "@win:RFXENDTC:column", "@win:RFXENDTC") == [
        ("EX", "EXSTDTC", 1), ("EX", "EXSTDTC", 3), (None, None, None),
    ]  # fmt: skip


def test_winners_of_two_branches(folder: Path) -> None:
    assert columns(folder / "DM.parquet", "@win:when:table", "@win:when:column", "@win:when") == [
        ("EX", "EXSTDTC", 1), ("VS", "VSDTC", 4), (None, None, None),
    ]  # fmt: skip


def test_members_of_groups_counts_and_sums(folder: Path) -> None:
    lineage = Lineage(folder)
    assert lineage.members("DS", "", 0) == [("raw.ENDS", "", [0, 1])]
    assert lineage.members("DS", "", 1) == [("raw.ENDS", "", [2])]
    groups = [g for (g,) in columns(folder / "DM.parquet", "@group:total")]
    assert [lineage.members("DM", "total", g) for g in groups if g is not None] == [  # type: ignore[arg-type]
        [("EX", "EXDOSE", [0, 1])], [("EX", "EXDOSE", [2, 3])], [],
    ]  # fmt: skip


def test_qualifiers_point_to_their_parents(folder: Path) -> None:
    assert columns(folder / "SUPPEX.parquet", "@parent", "@variable", "QNAM") == [
        (0, "FIRST", "FIRST"), (2, "FIRST", "FIRST"),
    ]  # fmt: skip


def test_two_builds_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    again = outputs(tmp_path) / "lineage"
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    assert "raw/AE.parquet" in names
    assert {n: (again / n).read_bytes() == (folder / n).read_bytes() for n in names} == dict.fromkeys(names, True)


def test_every_value_can_be_traced_and_order_of_rows_is_nothing(folder: Path, tmp_path: Path) -> None:
    def turned(text: str) -> str:
        head, *rows = text.splitlines()
        foot = [r for r in rows if r.startswith("Total")]
        return "\n".join([head, *reversed([r for r in rows if r not in foot]), *foot]) + "\n"

    made = build(tmp_path, raw={name: turned(text) for name, text in RAW.items()})
    write_lineage(made.run, made.built, tmp_path / "lineage")
    before, after = Lineage(folder), Lineage(tmp_path / "lineage")
    count = 0
    for dataset in before.datasets:
        for row in range(before.count(dataset)):
            for variable in before.variables(dataset):
                one = Tracer(before).variable(dataset, row, variable)
                two = Tracer(after).variable(dataset, row, variable)
                seen = [{(c.file, c.name, c.value) for c in node.cells()} for node in (one, two)]
                assert (one.value, seen[0]) == (two.value, seen[1]), f"{dataset} {row} {variable}"
                count += 1
    assert count >= 400


def test_long_text_continued_elsewhere_leads_to_its_cell(tmp_path: Path) -> None:
    text = "word " * 60
    made = build(tmp_path, raw={**RAW, "ae.csv": RAW["ae.csv"].replace("Headache", text.strip())})
    write_lineage(made.run, made.built, tmp_path / "lineage")
    lineage = Lineage(tmp_path / "lineage")
    rows = lineage.rows_where("SUPPAE", "QNAM", "AETERM1")
    node = Tracer(lineage).variable("SUPPAE", rows[0], "QVAL")
    assert len(rows) == 1
    assert node.rule == "a qualifier of AE: AETERM"
    assert [(c.name, c.value) for c in node.cells()] == [("TERM", text.strip())]
