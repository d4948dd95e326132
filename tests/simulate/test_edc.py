"""edc.xlsx: layout, values, the same bytes for the same seed and flaws."""

import time
import zipfile

import pytest
from openpyxl import load_workbook

from sdtm_builder.simulate import simulate
from sdtm_builder.simulate.forms import FORMS

EDC = [name for name, (make, _) in FORMS.items() if make().file == "edc.xlsx"]
NINE = ["SUBJ", "DM", "ICF", "LD", "INF", "AE", "MEDDRA", "DS", "DD"]


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    return simulate(68, "none", out=tmp_path_factory.mktemp("clean"), forms=EDC)


@pytest.fixture(scope="module")
def book(clean):
    return load_workbook(clean.files[0])


def records(book, sheet):
    rows = list(book[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


def test_head_of_a_sheet(book):
    first, second = list(book["SUBJ"].iter_rows(max_row=2, values_only=True))
    assert first == ("PROJ", "SITEID", "SUBJID", "SCRDT", "PERSID", "SFYN", "SFDT", "SFREAS", "COHORT", "DOSELVL",
                     "ENRDT", "ROWNO", "LASTUPD")
    assert second[:3] == ("项目编号 / Project", "中心编号 / Site", "受试者编号 / Subject no.")


def test_all_cells_are_text(book):
    for sheet in book:
        for row in sheet.iter_rows(values_only=True):
            assert all(value is None or (isinstance(value, str) and value) for value in row)


def test_keys_are_unique(clean, book):
    for name in EDC:
        make = FORMS[name][0]
        keys = [tuple(record[column] for column in make().key) for record in records(book, name)]
        assert len(keys) == len(set(keys)), name


def test_numbers_of_seed_68(book):
    subj = records(book, "SUBJ")
    assert len(subj) == 33
    assert [r["SUBJID"] for r in subj if r["SFYN"] == "是"] == ["S003", "S008", "S015", "S022"]
    assert {r["SUBJID"]: r["PERSID"] for r in subj}["S108"] == "S008"
    infused = {r["SUBJID"]: r["INFDAT"] for r in records(book, "INF")}
    assert len(infused) == 28
    assert (infused["S001"], infused["S108"], infused["S032"]) == ("2021-03-22", "2021-06-14", "2022-04-16")
    assert len({r["SUBJID"] for r in records(book, "LD")}) == 29
    assert "S006" not in infused


def test_formats_of_dates(book):
    assert records(book, "LD")[0]["LDDAT"] == "2021/03/17"
    assert records(book, "AE")[0]["AESTDAT"][2:7] in ("-Mar-", "-Apr-")
    assert records(book, "DS")[0]["DSDAT"] == "2022年4月1日"
    assert records(book, "DM")[0]["BRTHDAT"].endswith("-UN")


def test_every_event_is_coded_once(book):
    events = [(r["SUBJID"], r["AENO"]) for r in records(book, "AE")]
    assert sorted(events) == sorted((r["SUBJID"], r["AENO"]) for r in records(book, "MEDDRA"))
    assert all(99000001 <= int(r["LLTCD"]) <= 99999999 for r in records(book, "MEDDRA"))


def test_dlts_are_the_severe_crs_and_icans_of_the_walk(book):
    assert sorted({r["SUBJID"] for r in records(book, "AE") if r["DLTYN"] == "是"}) == ["S005", "S013", "S018", "S023"]


def test_dose_of_lymphodepletion_gives_the_total(book):
    for record in records(book, "LD"):
        assert abs(float(record["DOSETOT"]) / float(record["BSA"]) - float(record["DOSEM2"])) < 0.05


def test_deaths_have_their_fatal_event_or_none(book):
    fatal = {(r["SUBJID"], r["AENO"]) for r in records(book, "AE") if r["AEOUT"] == "死亡"}
    named = {(r["SUBJID"], r["DDAENO"]) for r in records(book, "DD") if r["DDAENO"]}
    assert fatal == named
    assert ("S013", "死亡") in {(r["SUBJID"], r["DSREAS"]) for r in records(book, "DS")}


@pytest.mark.parametrize("flaws", ["none", "all"])
def test_same_seed_and_flaws_give_the_same_bytes(tmp_path, flaws, monkeypatch):
    first = [path.read_bytes() for path in simulate(5, flaws, out=tmp_path / "a").files]
    later = time.struct_time((2033, 5, 18, 3, 33, 20, 2, 138, 0))
    monkeypatch.setattr("time.localtime", lambda *_: later)
    second = [path.read_bytes() for path in simulate(5, flaws, out=tmp_path / "b").files]
    assert len(first) == 8
    assert first == second


def test_zip_and_properties_hold_no_clock(clean):
    with zipfile.ZipFile(clean.files[0]) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = file.read("docProps/core.xml").decode()
    assert core.count("2022-11-01T00:00:00Z") == 2
    assert "LstCAR019 EDC" in core


def test_another_seed_gives_other_data(tmp_path, clean):
    other = simulate(4, "none", out=tmp_path, forms=EDC)
    assert other.files[0].read_bytes() != clean.files[0].read_bytes()


def test_a_subset_of_forms_shifts_no_draw(tmp_path, book):
    subset = simulate(68, "none", out=tmp_path, forms=["AE"])
    alone = load_workbook(subset.files[0])
    assert alone.sheetnames == ["AE"]
    assert records(alone, "AE") == records(book, "AE")


def test_copies_follow_one_another(tmp_path, book):
    result = simulate(68, "none", 3, out=tmp_path, forms=["DM"])
    three = records(load_workbook(result.files[0]), "DM")
    assert [r["AGE"] for r in three[:33]] == [r["AGE"] for r in records(book, "DM")]
    assert [r["SUBJID"] for r in three][33] == "S201"
    assert len({r["SUBJID"] for r in three}) == len(three)


@pytest.mark.parametrize(("arguments", "text"), [
    ({"flaws": ["F99"]}, "unknown flaw F99"), ({"forms": ["XX"]}, "unknown form XX"), ({"cohorts": 0}, "cohorts is 0"),
])
def test_bad_arguments(tmp_path, arguments, text):
    with pytest.raises(ValueError, match=text):
        simulate(68, out=tmp_path, **arguments)
