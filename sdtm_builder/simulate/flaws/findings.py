"""Flaws of findings and visits: VS, BMA, RS, TOXD, VISIT, SURV."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from ..tables import Row, chinese, iso, rows_of
from .base import Caused, Place, Planting, flaw, part
from .values import NARRATIVE, TEXT_BYTES, WIDE, any_row

EXCEL_DAY_0 = date(1899, 12, 30)
VS_TESTS = {"TEMP": "TEMP", "PULSE": "PULSE", "RESP": "RESP", "SYSBP": "SYSBP", "DIABP": "DIABP", "SPO2": "OXYSAT"}
NOT_DONE_TOKENS = ("ND", "未查")
MISSING_TOKENS = ("NA", "N/A", "-")


def vs_expect(planting: Planting, row: Row, test: str, variable: str, value: Any) -> dict[str, Any]:
    """Expected value of a VS record of the person, test and visit."""
    key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "VSTESTCD": VS_TESTS[test],
           "VSSPID": f"VS-{row.text('ROWNO')}"}
    return {"dataset": "VS", "key": key, "variable": variable, "value": value}


def _planned(row: Row) -> bool:
    return row.cells["VISCODE"] not in ("UNS", "SCR")


@flaw("F04", "VS", "BMA")
def serial_dates(planting: Planting) -> None:
    """A date typed as Excel's serial number of the 1900 system."""
    for name, column, count in (("VS", "VSDAT", 3), ("BMA", "BMDAT", 2)):
        for row in planting.hosts("F04", name, count, _planned):
            day = date.fromisoformat(row.text(column))
            expect = None
            if name == "VS":
                expect = vs_expect(planting, row, "PULSE", "VSDTC", f"{iso(day)}T{row.text('VSTIM')}")
            planting.change("F04", name, row, column, (day - EXCEL_DAY_0).days, "map", "N", "date-serial", expect)


@flaw("F14", "BMA", "VS")
def conflicting_duplicates(planting: Planting) -> None:
    """The same key twice with another result."""
    for name, column in (("BMA", "BLAST"), ("VS", "PULSE")):
        for row in planting.hosts("F14", name, 1, _planned):
            other = str(float(row.text(column)) + 8) if column == "BLAST" else str(int(row.text(column)) + 8)
            second = planting.insert_after(name, row, {column: other})
            planting.record("F14", [(name, second, column), (name, row, column)], other, row.text(column), "issue", "E",
                            "duplicate-conflict")


@flaw("F15", "VS", "CM", "DM")
def tokens_for_missing(planting: Planting) -> None:
    """Answers to queries in result cells: not done, or simply missing."""
    for place, row in enumerate(planting.hosts("F15", "VS", 4, _planned)):
        column = ("SPO2", "RESP")[place % 2]
        planting.change("F15", "VS", row, column, NOT_DONE_TOKENS[place % 2], "map", "N", "not-done",
                        vs_expect(planting, row, column, "VSSTAT", "NOT DONE"))
    for place, row in enumerate(planting.hosts("F15", "CM", 4, lambda r: r.cells["CMFRQ"] == "bid")):
        planting.change("F15", "CM", row, "CMDOSE", (*MISSING_TOKENS, "不适用")[place], "null", "N", "missing-token",
                        cm_expect(planting, row, "CMDOSE", None))
    for row in planting.hosts("F15", "DM", 1, any_row):
        planting.change("F15", "DM", row, "HEIGHT", "NA", "null", "N", "missing-token")


def cm_expect(planting: Planting, row: Row, variable: str, value: Any) -> dict[str, Any]:
    """Expected value of the CM record of a course."""
    key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "CMSPID": row.text("CMNO")}
    return {"dataset": "CM", "key": key, "variable": variable, "value": value}


@flaw("F18", "VS", "DD")
def measured_after_death(planting: Planting) -> None:
    """Vital signs dated two days after the death."""
    dead = {subject.number: subject.death for subject in planting.subjects.values()
            if subject.death and subject.disposition and subject.disposition.reason == "死亡"}
    for row in planting.hosts("F18", "VS", 1, lambda r: _planned(r) and r.cells["SUBJID"] in dead):
        death = dead[row.text("SUBJID")]
        day = iso(death.date() + timedelta(days=2))
        planting.change("F18", "VS", row, "VSDAT", day, "issue", "E", "date-after-death",
                        vs_expect(planting, row, "PULSE", "VSDTC", f"{day}T{row.text('VSTIM')}"))


@flaw("F38", "RS", "TR")
def transplant_before_remission(planting: Planting) -> None:
    """A transplant dated before the first recorded remission."""
    for row in planting.hosts("F38", "TR", 1, lambda r: r.cells["TRREAS"] == "巩固"):
        first = next(r for r in rows_of(planting.book["RS"], "SUBJID", row.text("SUBJID"))
                     if r.cells["RSP"] in ("CR", "CRi"))
        day = chinese(date.fromisoformat(first.text("RSDAT")) - timedelta(days=5))
        clean = planting.write(row, "TRDAT", day)
        key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "PRSPID": f"TR-{row.text('ROWNO')}"}
        moved = iso(date.fromisoformat(first.text("RSDAT")) - timedelta(days=5))
        planting.record("F38", [("TR", row, "TRDAT"), ("RS", first, "RSDAT")], day, clean, "issue", "W",
                        "sequence-check", {"dataset": "PR", "key": key, "variable": "PRSTDTC", "value": moved})


@flaw("F40", "SURV", "DD")
def alive_after_death(planting: Planting) -> None:
    """A contact "alive" three days after the death."""
    for row in planting.hosts("F40", "SURV", 1, lambda r: r.cells["SVSTAT"] == "死亡"):
        day = iso(date.fromisoformat(row.text("SVDAT")) + timedelta(days=3))
        later = planting.insert_after("SURV", row, {"SVDAT": day, "SVSTAT": "存活"})
        key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "SSSPID": f"SURV-{later.text('ROWNO')}"}
        planting.record("F40", [("SURV", later, "SVDAT"), ("SURV", later, "SVSTAT")], day, None, "issue", "E",
                        "alive-after-death", {"dataset": "SS", "key": key, "variable": "SSDTC", "value": day})


@flaw("F42", "VISIT")
def visits_out_of_place(planting: Planting) -> None:
    """Two visits outside their window, week 8 before week 4, a second day 8."""
    def held(code: str) -> Callable[[Row], bool]:
        return lambda row: row.cells["VISCODE"] == code and row.cells["VISDONE"] == "是"

    for row in planting.hosts("F42", "VISIT", 2, held("W12")):
        moved = iso(date.fromisoformat(row.text("VISDAT")) + timedelta(days=15))
        planting.change("F42", "VISIT", row, "VISDAT", moved, "issue", "W", "visit-window",
                        visit_expect(planting, row, 14, "SVSTDTC", moved))
    for row in planting.hosts("F42", "VISIT", 1, held("W8")):
        week_4 = next(r for r in rows_of(planting.book["VISIT"], "SUBJID", row.text("SUBJID"))
                      if r.cells["VISCODE"] == "W4")
        moved = iso(date.fromisoformat(week_4.text("VISDAT")) - timedelta(days=1))
        clean = planting.write(row, "VISDAT", moved)
        planting.record("F42", [("VISIT", row, "VISDAT"), ("VISIT", week_4, "VISDAT")], moved, clean, "issue", "W",
                        "visit-order", visit_expect(planting, row, 13, "SVSTDTC", moved))
        planting.caused.append(Caused("visit-window", [("VISIT", row, "VISDAT")],
                                      planting.usubjid(row.text("SUBJID")), "F42"))
    for row in planting.hosts("F42", "VISIT", 1, held("D8")):
        day = iso(date.fromisoformat(row.text("VISDAT")) + timedelta(days=1))
        second = planting.insert_after("VISIT", row, {"VISDAT": day})
        places: list[Place] = [("VISIT", second, "VISDAT"), ("VISIT", row, "VISDAT")]
        planting.record("F42", places, day, None, "issue", "W", "visit-repeat",
                        visit_expect(planting, row, 8, "SVENDTC", day))


def visit_expect(planting: Planting, row: Row, number: int, variable: str, value: str) -> dict[str, Any]:
    """Expected value of the SV record of a visit number."""
    key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "VISITNUM": number}
    return {"dataset": "SV", "key": key, "variable": variable, "value": value}


@part("F05")
def impossible_assessment_date(planting: Planting) -> None:
    """The 30th of February in RS."""
    for row in planting.hosts("F05", "RS", 1, any_row):
        key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "RSSPID": f"RS-{row.text('ROWNO')}",
               "RSTESTCD": "OVRLRESP"}
        planting.change("F05", "RS", row, "RSDAT", "2021-02-30", "null", "E", "date-invalid",
                        {"dataset": "RS", "key": key, "variable": "RSDTC", "value": None})


@part("F10")
def full_width_temperature(planting: Planting) -> None:
    """A temperature in full-width digits."""
    for row in planting.hosts("F10", "VS", 2, _planned):
        value = row.text("TEMP")
        planting.change("F10", "VS", row, "TEMP", value.translate(WIDE), "map", "N", "width-folded",
                        vs_expect(planting, row, "TEMP", "VSSTRESN", float(value)))


@part("F13")
def doubled_vital_signs(planting: Planting) -> None:
    """Vital signs entered twice."""
    for row in planting.hosts("F13", "VS", 1, _planned):
        second = planting.insert_after("VS", row, {})
        expect = vs_expect(planting, row, "PULSE", "VSSTRESN", float(row.text("PULSE")))
        del expect["key"]["VSSPID"]
        expect["key"]["VSDTC"] = f"{row.text('VSDAT')}T{row.text('VSTIM')}"
        planting.record("F13", [("VS", second, "VSDAT"), ("VS", row, "VSDAT")], row.text("VSDAT"), None, "map", "W",
                        "duplicate-exact", expect)


@part("F34")
def long_report(planting: Planting) -> None:
    """Marrow reports of more than 200 bytes."""
    for row in planting.hosts("F34", "BMA", 2, _planned):
        text = NARRATIVE.format(term=row.text("BMRPT_EN"))
        head = text[: text.rindex(" ", 0, TEXT_BYTES + 1)]
        rest = text[len(head) + 1 :]  # of a comment on a record no date is written: the record has it
        key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "RDOMAIN": "LB", "COVAL1": rest}
        planting.change("F34", "BMA", row, "BMRPT_EN", text, "map", "N", "text-split",
                        {"dataset": "CO", "key": key, "variable": "COVAL", "value": head})


@part("F39")
def death_dates_differ(planting: Planting) -> None:
    """The contact that reports a death dates it a day late."""
    recorded = {row.cells["SUBJID"] for row in planting.book["DD"].rows if not row.touched}

    def eligible(row: Row) -> bool:
        return row.cells["SVSTAT"] == "死亡" and row.cells["SUBJID"] in recorded

    for row in planting.hosts("F39", "SURV", 1, eligible):
        death = next(rows_of(planting.book["DD"], "SUBJID", row.text("SUBJID")))
        true = row.text("SVDAT")
        day = iso(date.fromisoformat(true) + timedelta(days=1))
        planting.write(row, "SVDAT", day)
        places: list[Place] = [("SURV", row, "SVDAT"), ("DD", death, "DDDAT")]
        planting.record("F39", places, day, true, "map", "E", "death-conflict",
                        planting.subject_expect("DM", row, "DTHDTC", true))
