"""lab_hema.xlsx, lab_chem.xlsx and lab_ranges.xlsx: wide local results, and their reference ranges."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from ..counts import Sample
from ..grading import sampled
from ..labtests import AGE_RANGES, ALT_CHANGE, ALT_LATER, BUN_RANGE, LAB_TESTS, LabTest, collected, range_a, range_b
from ..record import PersonRecord
from ..schedule import PLANNED_VISITS
from ..tables import SITE, Cell, FormWriter, Row, Sheet, clock

HEMA_FILE, CHEM_FILE, RANGES_FILE = "lab_hema.xlsx", "lab_chem.xlsx", "lab_ranges.xlsx"
HEAD = ("中心编号", "受试者编号", "标本号", "访视", "采样日期", "采样时间", "标本状态")
REMARK = "备注"
# Sheet: file, panel, laboratory B, letter of the sample number.
LAB_SHEETS = {
    "血常规_A": (HEMA_FILE, "HEMA", False, "H"), "血常规_B": (HEMA_FILE, "HEMA", True, "H"),
    "凝血_A": (HEMA_FILE, "COAG", False, "G"), "凝血_B": (HEMA_FILE, "COAG", True, "G"),
    "生化_A": (CHEM_FILE, "CHEM", False, "C"), "生化_B": (CHEM_FILE, "CHEM", True, "C"),
}
RANGES_SHEET = "参考范围"
FIRST_RANGES = date(2020, 1, 1)
CODES = {plan.number: plan.code for plan in PLANNED_VISITS} | {0: "UNS", -1: "SCR"}


def lab_sheet(name: str) -> Sheet:
    """An empty sheet: the second row holds the unit under each test, nothing else."""
    file, panel, lab_b, _ = LAB_SHEETS[name]
    tests = [(test.header_b, test.unit_b) if lab_b else (test.header_a, test.unit_a)
             for test in LAB_TESTS if test.panel == panel]
    columns = [(column, "") for column in HEAD] + tests + [(REMARK, "")]
    return Sheet(name, tuple(columns), ("受试者编号", "标本号"), file=file, subject_column="受试者编号")


def lab_filler(name: str) -> Callable[[FormWriter, PersonRecord], None]:
    """What writes one person's samples to a sheet."""
    _, panel, lab_b, letter = LAB_SHEETS[name]
    tests = [test for test in LAB_TESTS if test.panel == panel]

    def fill(writer: FormWriter, record: PersonRecord) -> None:
        for sample in record.subject.samples:
            if sample.lab_b == lab_b and sampled(tests[0].code, sample.visit):
                writer.append(_cells(record, sample, tests, letter))

    return fill


def _cells(record: PersonRecord, sample: Sample, tests: list[LabTest], letter: str) -> dict[str, Cell]:
    number = record.subject.numbers[0] if sample.visit == -1 else record.subject.number
    day = sample.at.date()
    cells: dict[str, Cell] = {
        "中心编号": SITE, "受试者编号": number, "标本号": f"{letter}{number}{day:%y%m%d}", "访视": CODES[sample.visit],
        "采样日期": f"{day.year}/{day.month}/{day.day}" if sample.lab_b else datetime.combine(day, time()),
        "采样时间": clock(sample.at), "标本状态": "正常",
    }
    for test in tests:
        header = test.header_b if sample.lab_b else test.header_a
        cells[header] = format(collected(test.code, sample.values[test.code], sample.lab_b), "f")
    return cells


def ranges_sheet() -> Sheet:
    """The reference ranges of both laboratories, one row a laboratory, test, sex and age."""
    names = ("LAB", "TEST", "UNIT", "SEX", "AGELO", "AGEHI", "LOW", "HIGH", "EFFDAT")
    sheet = Sheet(RANGES_SHEET, tuple((name, "") for name in names),
                  ("LAB", "TEST", "SEX", "AGELO", "EFFDAT"), file=RANGES_FILE, labelled=False, subject_column=None)
    for lab_b in (False, True):
        for test in LAB_TESTS:
            for cells in _ranges(test, lab_b):
                sheet.rows.append(Row(cells))
    for male, text in ALT_LATER.items():
        low, high = text.split("-")
        sheet.rows.append(Row(_range_row("LABA", "丙氨酸氨基转移酶", "U/L", male, (None, None), low, high, ALT_CHANGE)))
    return sheet


def _ranges(test: LabTest, lab_b: bool) -> list[dict[str, Cell]]:
    lab, header, unit = ("LABB", test.header_b, test.unit_b) if lab_b else ("LABA", test.header_a, test.unit_a)
    if lab_b and test.code == "UREA":
        low, high = (str(limit) for limit in BUN_RANGE)
        return [_range_row(lab, header, unit, None, (None, None), low, high, FIRST_RANGES)]
    rows = []
    aged = any((test.code, male) in AGE_RANGES for male in (True, False))
    for male in (True, False) if aged or test.male != test.female else (None,):
        split = AGE_RANGES.get((test.code, bool(male)), (None, ""))[0] if male is not None else None
        ages = [(None, None)] if split is None else [(None, split - 1), (split, None)]
        for low_age, high_age in ages:
            at = high_age if low_age is None and high_age is not None else low_age or 30
            limits = (range_b if lab_b else range_a)(test.code, male is not False, at)
            written = [format(limit, "f") for limit in limits]
            rows.append(_range_row(lab, header, unit, male, (low_age, high_age), written[0], written[1], FIRST_RANGES))
    return rows


def _range_row(lab: str, header: str, unit: str, male: bool | None, ages: tuple[int | None, int | None], low: str,
               high: str, effective: date) -> dict[str, Cell]:
    sex = "通用" if male is None else "男" if male else "女"
    low_age, high_age = (None if age is None else str(age) for age in ages)
    return {"LAB": lab, "TEST": header, "UNIT": unit or None, "SEX": sex, "AGELO": low_age, "AGEHI": high_age,
            "LOW": low, "HIGH": high, "EFFDAT": effective.isoformat()}
