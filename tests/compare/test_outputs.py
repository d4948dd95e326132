"""A comparison as HTML, workbook and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from sdtm_builder.commands import compare
from sdtm_builder.compare.book import write_workbook
from sdtm_builder.compare.run import Request, compare_paths

from .kit import write_csv

A = "USUBJID,TERM,N,X\n1,=SUM(A1),1,p\n2,<script>alert(1)</script>,2,p\n3,c,3,p\n"
B = "USUBJID,TERM,N,Y\n1,b,1,p\n2,a&b,2.5,p\n4,c,3,p\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return write_csv(tmp_path / "a" / "ae.csv", A), write_csv(tmp_path / "b" / "ae.csv", B)


def test_the_files_are_written_whole_and_alike(files: tuple[Path, Path], tmp_path: Path) -> None:
    for folder in ("one", "two"):
        out = tmp_path / folder
        lines: list[str] = []
        status = compare.run(*files, html=out / "c.html", xlsx=out / "c.xlsx", json=out / "c.json", tell=lines.append)
        assert status == 1
        assert lines[-3:] == [f"Written: {out / f'c.{kind}'}" for kind in ("html", "xlsx", "json")]
    for kind in ("html", "xlsx", "json"):
        assert (tmp_path / "one" / f"c.{kind}").read_bytes() == (tmp_path / "two" / f"c.{kind}").read_bytes()


def test_json_has_everything(files: tuple[Path, Path], tmp_path: Path) -> None:
    compare.run(*files, json=tmp_path / "c.json", tell=lambda text: None)
    found = json.loads((tmp_path / "c.json").read_text())
    one = found["datasets"][0]
    assert (found["equal"], found["format"]) == (False, "sdtm_builder comparison 1")
    assert (one["name"], one["keys"], one["keys_from"]) == ("AE", ["USUBJID"], "found")
    assert (one["only_a"], one["only_b"]) == (
        {"count": 1, "records": ["USUBJID=3"]}, {"count": 1, "records": ["USUBJID=4"]},
    )  # fmt: skip
    assert (one["variables_a"], one["variables_b"], one["cells"], one["cells_differing"]) == (["X"], ["Y"], 4, 3)
    assert one["variables"][1] == {
        "name": "N", "compared": 2, "differing": 1, "within": 0,
        "cells": [{"key": "USUBJID=2", "record_a": 2, "record_b": 2, "a": "2", "b": "2.5"}],
    }  # fmt: skip


def test_the_page_is_offline_and_nothing_in_the_data_becomes_markup(files: tuple[Path, Path], tmp_path: Path) -> None:
    compare.run(*files, html=tmp_path / "c.html", tell=lambda text: None)
    page = (tmp_path / "c.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "a&amp;b" in page
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "Different: 1 of 1 dataset, 3 cells" in page


def test_the_workbook_has_texts_never_formulas(files: tuple[Path, Path], tmp_path: Path) -> None:
    compare.run(*files, xlsx=tmp_path / "c.xlsx", tell=lambda text: None)
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert book.sheetnames == ["Overview", "Variables", "Attributes", "Records", "Cells"]
    cells = [[c.value for c in row[:7]] for row in book["Cells"].iter_rows(min_row=2)]
    assert cells == [
        ["AE", "TERM", "USUBJID=1", 1, 1, "=SUM(A1)", "b"],
        ["AE", "TERM", "USUBJID=2", 2, 2, "<script>alert(1)</script>", "a&b"],
        ["AE", "N", "USUBJID=2", 2, 2, "2", "2.5"],
    ]
    assert book["Cells"]["F2"].data_type != "f"
    assert [[c.value for c in row] for row in book["Records"].iter_rows(min_row=2)] == [
        ["AE", "only in A", 3, None, "USUBJID=3"],
        ["AE", "only in B", None, 3, "USUBJID=4"],
    ]


def test_what_does_not_fit_on_a_sheet_is_said(files: tuple[Path, Path], tmp_path: Path) -> None:
    write_workbook(tmp_path / "c.xlsx", compare_paths(*files, Request()), max_rows=3)
    book = openpyxl.load_workbook(tmp_path / "c.xlsx")
    assert [row[2].value for row in book["Cells"].iter_rows(min_row=2)] == [
        "USUBJID=1", "2 rows more do not fit on this sheet: see the JSON.",
    ]  # fmt: skip
