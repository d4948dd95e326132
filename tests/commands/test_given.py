"""Ready datasets as input: where they are looked for, and that the manifest holds them."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from sdtm_builder.commands import build, check
from sdtm_builder.commands.given import _from_parquet
from sdtm_builder.xpt.reader import read_xpt

STUDY = """\
study: {id: S1, title: A study}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
given:
  sdtm: {folder: FOLDER, datasets: [DM, AE], standard: sdtm}
"""
ADSL = """\
dataset: ADSL
records: {subjects: {from: DM, copy: [AGE]}}
derive: {seen: {max: AE.AESTDTC}, LSTALVDT: {to_date: seen}}
keys: USUBJID
"""
ADXX = """\
dataset: ADXX
class: BDS
records: {all: {from: ADSL, where: "TRTSDT >= '2014-01-01' OR TRTSDT IS NULL", why: Too early}}
derive: {PARAMCD: {value: X}, ADT: {expr: ADSL.TRTSDT + 1}, ADTM: ADSL.TRTSDTM}
keys: [USUBJID, PARAMCD]
"""
DM = {"STUDYID": ["S1", "S1"], "DOMAIN": ["DM", "DM"], "USUBJID": ["1", "2"], "AGE": [63.0, None]}
AE = {"STUDYID": ["S1"], "DOMAIN": ["AE"], "USUBJID": ["1"], "AESEQ": [1.0], "AESTDTC": ["2021-03-04"]}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study whose SDTM lies in data/sdtm."""
    for path, text in (("specs/S1/study.yaml", STUDY.replace("FOLDER", "sdtm")), ("mappings/S1/adam/adsl.yaml", ADSL)):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "data" / "sdtm").mkdir(parents=True)
    pd.DataFrame(DM).to_parquet(tmp_path / "data" / "sdtm" / "dm.parquet")
    pd.DataFrame(AE).to_parquet(tmp_path / "data" / "sdtm" / "ae.parquet")
    return tmp_path


def run(root: Path, **more: Path | None) -> tuple[int, list[str]]:
    told: list[str] = []
    status = build.run(root / "specs" / "S1", out=root / "out", tell=told.append, fail_on="never", **more)  # type: ignore[arg-type]
    return status, told


def ages(root: Path) -> list[tuple[float, ...]]:
    columns = {c.name: c for c in read_xpt(root / "out" / "adam" / "adsl.xpt").columns}
    return [tuple(columns[name].numbers) for name in ("AGE", "LSTALVDT")]  # type: ignore[arg-type]


def test_a_folder_is_looked_for_among_the_raw_files_first(study: Path) -> None:
    assert run(study, raw=study / "data")[0] == 0
    age, seen = ages(study)
    assert age[0] == 63.0
    assert age[1] != age[1]
    assert seen[0] == 22343.0  # days from 1960-01-01 to 2021-03-04


def test_then_beside_the_study_file(study: Path) -> None:
    (study / "data" / "sdtm").rename(study / "specs" / "S1" / "sdtm")
    assert run(study, raw=study / "data")[0] == 0
    assert ages(study)[0][0] == 63.0


def test_given_files_are_inputs_of_the_manifest(study: Path) -> None:
    run(study, raw=study / "data")
    inputs = json.loads((study / "out" / "manifest.json").read_text())["inputs"]
    assert sorted(inputs) == ["sdtm/ae.parquet", "sdtm/dm.parquet"]
    data = (study / "data" / "sdtm" / "dm.parquet").read_bytes()
    assert inputs["sdtm/dm.parquet"]["sha256"] == hashlib.sha256(data).hexdigest()


def test_a_dataset_that_is_not_there_is_told(study: Path) -> None:
    (study / "data" / "sdtm" / "ae.parquet").unlink()
    status, told = run(study, raw=study / "data")
    assert status == 2
    assert any("given-missing" in line and "sdtm has no dataset AE" in line for line in told), told


def test_typed_dates_of_a_parquet_file_are_dates(tmp_path: Path) -> None:
    """Of an ADSL given with real dates: they enter conditions and rules as such; missing stays missing."""
    given = STUDY.replace("FOLDER", ".").replace("[DM, AE], standard: sdtm", "[ADSL], standard: adam")
    for path, text in (("specs/S1/study.yaml", given), ("mappings/S1/adam/adxx.yaml", ADXX)):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text(text)
    days = [date(2014, 1, 2), date(2013, 12, 31), None]
    moments = pd.to_datetime(["2014-01-02T10:30:05", "2013-12-31T00:00:00", None]).tz_localize("UTC")
    adsl = pd.DataFrame({"STUDYID": "S1", "USUBJID": ["1", "2", "3"], "TRTSDT": days, "TRTSDTM": moments})
    adsl.to_parquet(tmp_path / "specs" / "S1" / "adsl.parquet")
    status, told = run(tmp_path)
    assert status == 0, told
    columns = {c.name: c for c in read_xpt(tmp_path / "out" / "adam" / "adxx.xpt").columns}
    assert [str(v) for v in columns["ADT"].numbers] == ["19726.0", "nan"]  # type: ignore[union-attr]
    assert [str(v) for v in columns["ADTM"].numbers] == ["1704277805.0", "nan"]  # type: ignore[union-attr]


def test_check_counts_given_datasets(study: Path) -> None:
    told: list[str] = []
    assert check.run(study / "specs" / "S1", raw=study / "data", tell=told.append) == 0
    assert told == [f"{study / 'specs' / 'S1'}: 1 dataset of 2 given datasets, no errors."]


def test_columns_of_parquet_by_their_types(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {
            "TEXT": ["x ", None, "", "y"], "LIST": pd.Categorical(["p", "q", None, "p"]),
            "LBDTC": ["2021", None, "2021-01", ""],
            "NUM": [1.5, None, 3, 4], "WHOLE": pd.array([1, None, 3, 4], dtype="Int64"), "NONE": [None] * 4,
            "ADT": [date(2021, 1, 2), None, date(2021, 1, 3), None],
            "ADTM": pd.to_datetime(["2021-01-02T03:04", "2021-01-02T00:00", None, "2021-01-05T00:00"]),
        },
        index=[5, 6, 7, 8],
    )  # fmt: skip
    for name, rows in (("all", frame), ("no", frame.iloc[:0])):
        rows.to_parquet(tmp_path / f"{name}.parquet", row_group_size=2)  # texts of each group have codes of their own
    columns = _from_parquet(tmp_path / "all.parquet", "adam")[0]
    assert {name: (str(c.kind), [c.text_at(i) for i in range(4)]) for name, c in columns.items()} == {
        "TEXT": ("text", ["x", "", "", "y"]),
        "LIST": ("text", ["p", "q", "", "p"]),
        "LBDTC": ("dtc", ["2021", "", "2021-01", ""]),
        "NUM": ("number", ["1.5", "", "3", "4"]),
        "WHOLE": ("number", ["1", "", "3", "4"]),
        "NONE": ("text", [""] * 4),
        "ADT": ("date", ["2021-01-02", "", "2021-01-03", ""]),
        "ADTM": ("datetime", ["2021-01-02T03:04:00", "2021-01-02T00:00:00", "", "2021-01-05T00:00:00"]),
    }
    assert {len(c) for c in _from_parquet(tmp_path / "no.parquet", "adam")[0].values()} == {0}


def test_sdtm_given_in_several_formats_is_no_sdtm_to_compare_with(study: Path) -> None:
    """AE, a Parquet file, is not missing because DM beside it is a transport file."""
    folder = study / "data" / "sdtm"
    (folder / "dm.parquet").unlink()
    dm = pd.DataFrame(DM).fillna({"AGE": 64.0})
    pyreadstat.write_xport(dm, str(folder / "dm.xpt"), table_name="DM", file_format_version=5)
    adae = "dataset: ADAE\nrecords: {all: {from: AE, copy: [AESEQ, AESTDTC]}}\nkeys: [USUBJID, AESEQ]\n"
    (study / "mappings" / "S1" / "adam" / "adae.yaml").write_text(adae)
    assert run(study, raw=study / "data")[0] == 0
    issues = json.loads((study / "out" / "issues.json").read_text())
    assert not [i for i in issues["issues"] if i["rule"] == "define-predecessor-unknown"]
