"""Planted flaws: each is where the record says, holds what it says, and leaves the rest alone."""

import csv
import json

import pytest
from openpyxl import load_workbook

from sdtm_builder.simulate import simulate
from sdtm_builder.simulate.flaws import REGISTRY

EXPECTED_68 = {
    "F02": 4, "F03": 8, "F05": 1, "F07": 5, "F08": 20, "F09": 10, "F10": 4, "F11": 3, "F12": 1, "F13": 2, "F16": 2,
    "F17": 1, "F19": 1, "F32": 1, "F33": 1, "F34": 1, "F35": 1, "F36": 1, "F37": 3, "F39": 1, "F41": 1, "F43": 1,
    "F44": 1, "F45": 2, "F50": 2,
}
FORMS = ["SUBJ", "DM", "ICF", "LD", "INF", "AE", "MEDDRA", "DS", "DD"]


@pytest.fixture(scope="module")
def flawed(tmp_path_factory):
    return simulate(68, "all", out=tmp_path_factory.mktemp("flawed"), forms=FORMS)


@pytest.fixture(scope="module")
def book(flawed):
    return load_workbook(flawed.files[0])


def cell(book, place):
    sheet = book[place["sheet"]]
    titled = sheet["B1"].value is None
    header = [head.value for head in sheet[2 if titled else 1]]
    return sheet.cell(place["row"], header.index(place["column"]) + 1).value


def flaws_of(result, flaw_id):
    return [flaw for flaw in result.flaws if flaw["id"] == flaw_id]


def test_counts_of_seed_68(flawed):
    counts = {}
    for flaw in flawed.flaws:
        counts[flaw["id"]] = counts.get(flaw["id"], 0) + 1
    assert counts == EXPECTED_68


def test_the_first_cell_holds_the_raw_text(flawed, book):
    for flaw in flawed.flaws:
        if flaw["id"] == "F39" or (flaw["id"] == "F37" and flaw["rule"] != "join-orphan"):
            continue
        assert cell(book, flaw["cells"][0]) == flaw["raw"], flaw


def test_all_unchanged_rows_are_those_of_the_clean_run(flawed, book, tmp_path):
    clean = load_workbook(simulate(68, "none", out=tmp_path, forms=FORMS).files[0])
    marked = {(place["sheet"], place["row"]) for flaw in flawed.flaws for place in flaw["cells"]}
    for name in FORMS:
        before = set(clean[name].iter_rows(values_only=True))
        for number, row in enumerate(book[name].iter_rows(values_only=True), start=1):
            if (name, number) not in marked:
                assert row in before, (name, number)


def test_no_row_carries_two_flaws(flawed):
    seen = {}
    for flaw in flawed.flaws:
        for place in {(p["sheet"], p["row"]) for p in flaw["cells"]}:
            assert seen.setdefault(place, (flaw["id"], flaw["seq"])) == (flaw["id"], flaw["seq"]), place


def test_rows_before_and_after(flawed):
    assert flawed.rows["edc.xlsx/AE"] == (269, 273)
    assert flawed.rows["edc.xlsx/DD"][1] == flawed.rows["edc.xlsx/DD"][0] - 1


EXPECTED_ALL_68 = {
    "F01": 6, "F02": 4, "F03": 8, "F04": 5, "F05": 2, "F06": 3, "F07": 5, "F08": 20, "F09": 10, "F10": 6, "F11": 3,
    "F12": 1, "F13": 4, "F14": 2, "F15": 9, "F16": 2, "F17": 2, "F18": 2, "F19": 1, "F20": 9, "F21": 2, "F22": 4,
    "F24": 3, "F25": 4, "F26": 3, "F27": 3, "F28": 2, "F29": 1, "F30": 1, "F31": 2, "F32": 1, "F33": 1, "F34": 3,
    "F35": 1, "F36": 1, "F37": 3, "F38": 1, "F39": 2, "F40": 1, "F41": 1, "F42": 4, "F43": 1, "F44": 1, "F45": 5,
    "F46": 4, "F47": 2, "F48": 2, "F49": 2, "F50": 2,
}


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    return simulate(68, "all", out=tmp_path_factory.mktemp("everything"))


def test_counts_over_all_files(everything):
    truth = json.loads((everything.files[-1]).read_text(encoding="utf-8"))
    assert truth["counts"] == EXPECTED_ALL_68
    assert truth["skipped"] == []


def test_cells_of_csv_files_are_lines(everything):
    folder = everything.files[0].parent
    encodings = {"cytokine.csv": "utf-8-sig", "carT_qpcr.csv": "gb18030", "carT_flow.csv": "utf-8"}
    seen = set()
    for flaw in everything.flaws:
        place = flaw["cells"][0]
        if place["file"] not in encodings or flaw["raw"] is None:
            continue
        assert place["sheet"] is None
        text = (folder / place["file"]).read_text(encoding=encodings[place["file"]])
        lines = list(csv.reader(text.splitlines()))
        assert lines[place["row"] - 1][lines[0].index(place["column"])] == flaw["raw"], flaw
        seen.add(flaw["id"])
    assert seen == {"F22", "F24", "F25", "F26", "F27", "F28", "F48"}


def test_cells_of_workbooks_hold_the_raw_value(everything):
    folder = everything.files[0].parent
    books = {}
    for flaw in everything.flaws:
        place = flaw["cells"][0]
        if not place["file"].endswith(".xlsx") or flaw["id"] in ("F37", "F18") or flaw["raw"] is None:
            continue
        if place["column"] is None:
            continue
        if place["file"] not in books:
            books[place["file"]] = load_workbook(folder / place["file"])
        held = cell(books[place["file"]], place)
        assert str(held) == flaw["raw"], flaw


def test_no_row_carries_two_flaws_in_any_file(everything):
    seen = {}
    for flaw in everything.flaws:
        for place in {(p["file"], p["sheet"], p["row"]) for p in flaw["cells"]}:
            if place[2] > 2 and flaw["id"] not in ("F25", "F38", "F42"):
                assert seen.setdefault(place, (flaw["id"], flaw["seq"])) == (flaw["id"], flaw["seq"]), (place, flaw)


def test_re_sent_samples_are_moved_not_copied(everything):
    rows = everything.rows
    before, after = rows["lab_chem.xlsx/生化_A"]
    assert before - after == 5
    assert rows["lab_chem.xlsx/生化_A_补1"] == (0, 3)
    assert rows["lab_chem.xlsx/生化_A_补2"] == (0, 2)


def test_partial_start_dates(flawed, book):
    for flaw in flaws_of(flawed, "F02"):
        assert flaw["raw"][:3] == "UN-"
        assert len(flaw["expect"]["value"]) == 7
        assert flaw["expect"]["value"][:4] == flaw["raw"][-4:]


def test_named_hosts(flawed):
    subject = {flaw["id"]: flaw["subject"] for flaw in flawed.flaws}
    assert subject["F19"] == "LSTCAR019-01-S008"
    assert subject["F33"] == "LSTCAR019-01-S007"
    assert subject["F35"] == "LSTCAR019-01-S014"
    assert subject["F36"] == "LSTCAR019-01-S032"
    assert subject["F41"] == "LSTCAR019-01-S015"
    assert subject["F44"] == "LSTCAR019-01-S021"


def test_long_term_is_split_before_the_word_across_byte_200(flawed):
    (flaw,) = flaws_of(flawed, "F34")
    head = flaw["expect"]["value"]
    assert len(flaw["raw"].encode()) > 200
    assert len(head) <= 200
    assert flaw["raw"][len(head)] == " "
    assert " " not in flaw["raw"][len(head) + 1:201]


def test_exact_duplicate_differs_in_number_and_entry_alone(flawed, book):
    for flaw in flaws_of(flawed, "F13"):
        second, first = (flaw["cells"][i]["row"] for i in (0, 1))
        assert second == first + 1
        rows = [[c.value for c in book["AE"][n]] for n in (first, second)]
        differ = [i for i, (a, b) in enumerate(zip(*rows, strict=True)) if a != b]
        assert differ == [len(rows[0]) - 2, len(rows[0]) - 1]


def test_episode_in_two_rows_is_linked_and_contiguous(flawed, book):
    for flaw in flaws_of(flawed, "F50"):
        link, first, _ = flaw["cells"]
        assert cell(book, link) == cell(book, first)
        grades = [cell(book, {**place, "column": "ASTCTGR"}) for place in (first, link)]
        assert grades == ["1级", "2级"]


def test_findings_that_follow_from_the_mistyped_consent(flawed):
    assert {found["caused_by"] for found in flawed.caused} == {"F44"}
    assert {found["subject"] for found in flawed.caused} == {"LSTCAR019-01-S021"}
    assert {"LD", "INF", "AE"} <= {found["cells"][0]["sheet"] for found in flawed.caused}


def test_absent_hosts_are_listed(tmp_path):
    result = simulate(5, "all", out=tmp_path, forms=FORMS)
    assert {"F36", "F39", "F41", "F44"} <= {skip["id"] for skip in result.skipped}


def test_one_flaw_alone(tmp_path):
    result = simulate(68, ["F12"], out=tmp_path, forms=FORMS)
    assert [(flaw["raw"], flaw["action"], flaw["severity"], flaw["rule"]) for flaw in result.flaws] == [
        ("相关?", "null", "E", "ct-miss")]


def test_every_flaw_is_planted_or_listed_as_skipped(tmp_path):
    result = simulate(4, "all", out=tmp_path)
    assert {flaw["id"] for flaw in result.flaws} | {skip["id"] for skip in result.skipped} == set(REGISTRY)


def test_other_layout_of_a_laboratory_sheet(everything):
    """F46: title merged over the sheet, renamed column first of the tests, an empty one, a hidden total."""
    folder = everything.files[0].parent
    sheet = load_workbook(folder / "lab_hema.xlsx")["凝血_A"]
    title, header, units = list(sheet.iter_rows(max_row=3, values_only=True))
    assert title[0] == "昆明希望医院检验科 凝血检验报告"
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["A1:N1"]
    assert header[6:10] == ("标本状态", "Fib", None, "凝血酶原时间")
    assert units[7:10] == ("g/L", None, "秒")
    assert sheet.cell(sheet.max_row, 1).value == "合计"
    assert [number for number, row in sheet.row_dimensions.items() if row.hidden] == [sheet.max_row]
    places = [(flaw["cells"][0], flaw["rule"]) for flaw in flaws_of(everything, "F46")]
    rules = {(place["row"], place["column"]): rule for place, rule in places}
    assert rules == {(1, None): "header-alias", (2, "Fib"): "header-alias", (2, None): None,
                     (sheet.max_row, "中心编号"): "row-unreadable"}
