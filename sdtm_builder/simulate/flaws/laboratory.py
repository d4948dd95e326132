"""Flaws of the local laboratories and their ranges."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from ..tables import Cell, Row, Sheet
from .base import Place, Planting, flaw, part
from .values import any_row

# Sheet, header, test, unit as the laboratory spells it now, its term.
UNITS = (
    ("血常规_A", "白细胞", "WBC", "×10⁹/L", "10^9/L"), ("血常规_A", "血小板", "PLAT", "10*9/L", "10^9/L"),
    ("血常规_A", "中性粒细胞", "NEUT", "10E9/L", "10^9/L"), ("血常规_A", "淋巴细胞", "LYM", "G/L", "10^9/L"),
    ("血常规_A", "单核细胞", "MONO", "K/uL", "10^9/L"), ("生化_A", "总胆红素", "BILI", "umol/l", "umol/L"),
    ("生化_A", "直接胆红素", "BILDIR", "µmol/L", "umol/L"), ("生化_A", "尿酸", "URATE", "umol/L", "umol/L"),
    ("生化_A", "肌酐", "CREAT", "微摩尔/升", "umol/L"),
)
TOO_HIGH = 100
CREATININE_FACTOR = 88.42


def lab_expect(planting: Planting, row: Row, test: str, variable: str, value: Any) -> dict[str, Any]:
    """Expected value of the LB record of a test in a sample."""
    key = {"USUBJID": planting.usubjid(row.text("受试者编号")), "LBREFID": row.text("标本号"), "LBTESTCD": test}
    return {"dataset": "LB", "key": key, "variable": variable, "value": value}


def _treatment_visit(row: Row) -> bool:
    return row.cells["访视"] not in ("SCR", "LD", "D-1", "D1", "UNS")


@part("F18")
def sampled_after_death(planting: Planting) -> None:
    """A blood count dated the day after the death."""
    dead = {s.number: s.death for s in planting.subjects.values() if s.death}
    for row in planting.hosts("F18", "血常规_A", 1, lambda r: _treatment_visit(r) and r.cells["受试者编号"] in dead):
        death = dead[row.text("受试者编号")]
        day = datetime.combine(death.date() + timedelta(days=1), datetime.min.time())
        clean = planting.write(row, "采样日期", day)
        expect = lab_expect(planting, row, "WBC", "LBDTC", f"{day.date().isoformat()}T{row.text('采样时间')}")
        planting.record("F18", [("血常规_A", row, "采样日期")], day.date().isoformat(), (clean or "")[:10], "issue",
                        "E", "date-after-death", expect)


@flaw("F20", "血常规_A", "生化_A")
def spelled_units(planting: Planting) -> None:
    """Units spelled in other ways, each for a whole column."""
    for name, header, test, unit, term in UNITS:
        sheet = planting.book[name]
        clean = dict(sheet.columns)[header]
        sheet.relabel(header, unit)
        told = None if unit == "umol/L" else "unit-synonym"  # the term itself is no synonym
        expect = lab_expect(planting, planting.free(name, _treatment_visit)[-1], test, "LBORRESU", term)
        planting.record_header("F20", sheet, header, unit, clean, "map", "N", told, expect=expect)


@flaw("F21", "生化_A")
def unusable_units(planting: Planting) -> None:
    """Samples sent again on two sheets whose header lacks a unit, or has one that nobody knows."""
    source = planting.book["生化_A"]
    for suffix, header, test, unit, count, rule in (
        ("补1", "肌酐", "CREAT", "", 3, "unit-missing"), ("补2", "钙", "CA", "mg/100g", 2, "unit-unknown"),
    ):
        rows = planting.hosts("F21", "生化_A", count, _treatment_visit)
        name = f"{source.name}_{suffix}"
        sheet = Sheet(name, source.columns, source.key, file=source.file, subject_column=source.subject_column)
        clean = dict(source.columns)[header]
        sheet.relabel(header, unit)
        for row in rows:
            source.rows.remove(row)
            row.touched = True
            sheet.rows.append(row)
        planting.book[name] = sheet
        expect = lab_expect(planting, rows[0], test, "LBSTRESN", None)
        planting.record_header("F21", sheet, header, unit or None, clean, "null", "E", rule, expect=expect)


@flaw("F29", "血常规_B")
def shared_sample_number(planting: Planting) -> None:
    """The sample number of another person."""
    rows = planting.free("血常规_B", _week_8)
    first = rows[0] if rows else None
    other = next((row for row in rows if first and row.cells["受试者编号"] != first.cells["受试者编号"]), None)
    if first is None or other is None:
        planting.skip("F29", "no two persons with samples in 血常规_B")
        return
    clean = planting.write(other, "标本号", first.text("标本号"))
    places: list[Place] = [("血常规_B", other, "标本号"), ("血常规_B", first, "标本号")]
    planting.record("F29", places, first.text("标本号"), clean, "issue", "W", "key-reused",
                    lab_expect(planting, other, "WBC", "LBREFID", first.text("标本号")))


def _week_8(row: Row) -> bool:
    return row.cells["访视"] == "W8"


@flaw("F30", "血常规_A")
def implausible_count(planting: Planting) -> None:
    """A platelet count a hundred times too high."""
    for row in planting.hosts("F30", "血常规_A", 1, _treatment_visit):
        value = str(int(row.text("血小板")) * TOO_HIGH)
        planting.change("F30", "血常规_A", row, "血小板", value, "issue", "W", "value-implausible",
                        lab_expect(planting, row, "PLAT", "LBSTRESN", float(value)))


@flaw("F31", "参考范围")
def unusable_ranges(planting: Planting) -> None:
    """Limits in the wrong order for one test; no range for another."""
    sheet = planting.book["参考范围"]
    swapped = next(row for row in sheet.rows if row.cells["LAB"] == "LABB" and row.cells["TEST"] == "PLT")
    low, high = swapped.text("LOW"), swapped.text("HIGH")
    planting.write(swapped, "LOW", high)
    planting.write(swapped, "HIGH", low)
    planting.record("F31", [("参考范围", swapped, "LOW"), ("参考范围", swapped, "HIGH")], high, low, "null", "E",
                    "range-invalid", _range_expect(planting, "PLAT"))
    missing = next(row for row in sheet.rows if row.cells["LAB"] == "LABB" and row.cells["TEST"] == "MON")
    sheet.rows.remove(missing)
    target = planting.book.get("血常规_B")
    if target is None:
        planting.skip("F31", "sheet not written: 血常规_B")
        return
    planting.record_header("F31", target, "MON", None, None, "null", "W", "range-missing", header_row=1,
                           expect=_range_expect(planting, "MONO"))


def _range_expect(planting: Planting, test: str) -> dict[str, Any] | None:
    """No lower limit beside a result of laboratory B."""
    rows = planting.free("血常规_B", any_row) if planting.sheet("血常规_B") else []
    return lab_expect(planting, rows[0], test, "LBORNRLO", None) if rows else None


TITLE = "昆明希望医院检验科 凝血检验报告"
RENAMED, ALIAS, TOTAL = "纤维蛋白原", "Fib", "合计"
LABORATORY_COLUMNS = 7


@flaw("F46", "凝血_A")
def other_layout(planting: Planting) -> None:
    """A merged title above the header, a column moved and renamed, an empty column, a hidden total at the foot."""
    sheet = planting.book["凝血_A"]
    columns = [column for column in sheet.columns if column[0] != RENAMED]
    moved = next(column for column in sheet.columns if column[0] == RENAMED)
    sheet.columns = (*columns[:LABORATORY_COLUMNS], moved, ("", ""), *columns[LABORATORY_COLUMNS:])
    sheet.headings[RENAMED] = ALIAS
    first = planting.free(sheet.name, any_row)[0]
    planting.record_header("F46", sheet, RENAMED, ALIAS, RENAMED, "map", "W", "header-alias", header_row=1,
                           expect=lab_expect(planting, first, "FIBRINO", "LBORRES", first.text(RENAMED)))
    sheet.title = TITLE
    planting.record("F46", [(sheet.name, sheet.title_row, "")], TITLE, None, "map", "W", "header-alias")
    total = Row({"中心编号": TOTAL, "标本号": str(len(sheet.rows))}, touched=True, hidden=True)
    sheet.rows.append(total)
    planting.record("F46", [(sheet.name, total, "中心编号")], TOTAL, None, "issue", "W", "row-unreadable")
    planting.record("F46", [(sheet.name, sheet.heads[0], "")], None, None, "map", "N", None)


@flaw("F47", "血常规_A")
def corrected_samples(planting: Planting) -> None:
    """The same sample again, further down, corrected."""
    for row in planting.hosts("F47", "血常规_A", 2, _treatment_visit):
        value = format(float(row.text("血红蛋白")) + 6, ".0f")
        second = planting.append_copy("血常规_A", row, {"血红蛋白": value, "标本状态": "更正"})
        planting.record("F47", [("血常规_A", second, "血红蛋白"), ("血常规_A", row, "血红蛋白")], value,
                        row.text("血红蛋白"), "map", "W", "record-superseded",
                        lab_expect(planting, row, "HGB", "LBSTRESN", float(value)))


@flaw("F49", "生化_B")
def creatinine_in_other_unit(planting: Planting) -> None:
    """Creatinine in umol/L under mg/dL."""
    def plausible(row: Row) -> bool:
        return 60 <= round(float(row.text("CREA")) * CREATININE_FACTOR) <= 90

    for row in planting.hosts("F49", "生化_B", 2, plausible):
        value: Cell = str(round(float(row.text("CREA")) * CREATININE_FACTOR))
        planting.change("F49", "生化_B", row, "CREA", value, "issue", "E", "unit-implausible",
                        lab_expect(planting, row, "CREAT", "LBORRES", value))


