"""Laboratories, ranges, vendors' files and truth.json of the clean run of seed 68."""

import csv
import json
from datetime import datetime

import pytest
from openpyxl import load_workbook

from sdtm_builder.simulate import simulate
from sdtm_builder.simulate.forms import ENCODINGS, FORMS

OTHERS = [name for name, (make, _) in FORMS.items() if make().file != "edc.xlsx"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("files")
    simulate(68, "none", out=out, forms=OTHERS)
    return out


def lines(folder, name):
    return list(csv.reader((folder / name).read_text(encoding=ENCODINGS[name]).splitlines()))


def test_second_row_holds_units(folder):
    sheet = load_workbook(folder / "lab_hema.xlsx")["血常规_B"]
    first, second, data = list(sheet.iter_rows(max_row=3, values_only=True))
    assert dict(zip(first, second, strict=True))["NEU"] == "/uL"
    assert second[:7] == (None,) * 7
    assert data[4].count("/") == 2


def test_laboratory_a_has_excel_dates(folder):
    sheet = load_workbook(folder / "lab_chem.xlsx")["生化_A"]
    assert isinstance(sheet.cell(3, 5).value, datetime)
    assert sheet.cell(3, 3).value == "CS001210311"


def test_ranges(folder):
    rows = list(load_workbook(folder / "lab_ranges.xlsx")["参考范围"].iter_rows(values_only=True))
    assert rows[0] == ("LAB", "TEST", "UNIT", "SEX", "AGELO", "AGEHI", "LOW", "HIGH", "EFFDAT")
    creatinine = [row for row in rows if row[:2] == ("LABA", "肌酐")]
    assert [row[3:8] for row in creatinine] == [
        ("男", None, "59", "57", "97"), ("男", "60", None, "57", "111"), ("女", None, "59", "41", "73"),
        ("女", "60", None, "41", "81")]
    alt = [row[3:] for row in rows if row[:2] == ("LABA", "丙氨酸氨基转移酶")]
    assert ("男", None, None, "9", "45", "2022-01-01") in alt
    assert ("LABB", "BUN", "mg/dL", "通用", None, None, "7", "20", "2020-01-01") in rows
    assert ("LABB", "NEU", "/uL", "通用", None, None, "1800", "6300", "2020-01-01") in rows


def test_every_result_has_a_range(folder):
    rows = list(load_workbook(folder / "lab_ranges.xlsx")["参考范围"].iter_rows(min_row=2, values_only=True))
    known = {(row[0], row[1]) for row in rows}
    for file in ("lab_hema.xlsx", "lab_chem.xlsx"):
        for sheet in load_workbook(folder / file):
            tests = [head.value for head in sheet[1]][7:-1]
            assert {(f"LAB{sheet.title[-1]}", test) for test in tests} <= known


def test_cytokine_file(folder):
    assert (folder / "cytokine.csv").read_bytes()[:3] == b"\xef\xbb\xbf"
    rows = lines(folder, "cytokine.csv")
    assert rows[1][:6] == ["LSTCAR019", "01-S001", "KS001210321", "D-1", "20210321", "0858"]
    keys = [(row[2], row[6], row[12]) for row in rows[1:]]
    assert len(keys) == len(set(keys))


def test_qpcr_file(folder):
    rows = lines(folder, "carT_qpcr.csv")
    assert rows[0][0] == "方案号"
    assert rows[1][3:6] == ["Pre", "21/03/2021", "08:58"]
    assert {row[12] for row in rows[1:] if row[7] == "ND"} == {"未检出"}
    day_0 = [row[7] for row in rows[1:] if row[3] == "D0"]
    assert len(day_0) == 28
    assert all(90 < int(value) < 450 for value in day_0)


def test_flow_file(folder):
    rows = lines(folder, "carT_flow.csv")
    assert [row[6] for row in rows[1:5]] == ["CAR+ %CD3", "CAR+ abs", "CD3 abs", "CD19 abs"]
    assert rows[1][9] == "<0.10"
    assert rows[1][4] == "2021-03-21T08:58"


def test_truth(folder):
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    meta = truth["meta"]
    assert {name: meta[name] for name in ("n_persons", "n_numbers", "n_infused", "n_lymphodepleted",
                                          "n_screen_failures", "cutoff")} == {
        "n_persons": 32, "n_numbers": 33, "n_infused": 28, "n_lymphodepleted": 29, "n_screen_failures": 3,
        "cutoff": "2022-10-31"}
    assert truth["rp2d"] == [2]
    assert [row["decision"] for row in truth["escalation"]] == ["ESCALATE", "ESCALATE", "STOP"]
    subjects = {row["k"]: row for row in truth["subjects"]}
    assert subjects[8]["usubjid"] == "LSTCAR019-01-S008"
    assert subjects[8]["subjid_all"] == ["S008", "S108"]
    assert (subjects[7]["trt01p"], subjects[7]["trt01a"]) == ("LstCAR019 2 x 10^6/kg", "LstCAR019 1 x 10^6/kg")
    assert (subjects[6]["armcd"], subjects[6]["infusion"], subjects[6]["trt01a"]) == ("DL2", None, None)
    assert [k for k in (5, 8, 9, 10, 11, 12) if subjects[k]["dlt_evaluable"]] == [5, 8, 9, 10, 11, 12]
    assert not subjects[7]["dlt_evaluable"]
    assert truth["flaws"] == []
