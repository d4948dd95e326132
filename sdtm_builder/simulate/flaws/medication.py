"""Flaws of MH and CM: partial and ambiguous dates, doubled courses, awkward text."""

from __future__ import annotations

from datetime import timedelta

from ..tables import Row, english, read_english
from .base import Planting, flaw, part
from .findings import cm_expect
from .values import any_row

# Raw text, what SDTM holds.
PARTIAL_DATES = (("2018-UN-UN", "2018"), ("UNK-03-2019", "2019-03"), ("2017-XX-15", "2017---15"), ("未知", None),
                 ("15/UN/2016", "2016---15"), ("2019", "2019"))
AMBIGUOUS = "03/04/2022"
# Text of an indication, what becomes of it.
TEXTS = (
    ("{} \U0001f642", None, "null", "E", "text-not-ascii"), ("#N/A", None, "null", "E", "excel-error"),
    ("=1+1", "=1+1", "map", "N", "formula-text"),
)


@flaw("F01", "MH")
def partial_history_dates(planting: Planting) -> None:
    """Start dates of other history known in part, or not at all."""
    hosts = planting.hosts("F01", "MH", len(PARTIAL_DATES), lambda r: r.cells["MHCAT"] == "其他病史")
    for row, (raw, value) in zip(hosts, PARTIAL_DATES, strict=False):
        key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "MHTERM": row.text("MHTERM_EN")}
        planting.change("F01", "MH", row, "MHSTDAT", raw, "map", "N", "date-partial" if value else "date-unknown",
                        {"dataset": "MH", "key": key, "variable": "MHSTDTC", "value": value})


@flaw("F06", "CM")
def ambiguous_dates(planting: Planting) -> None:
    """Day and month in an order that nobody declared."""
    for row in planting.hosts("F06", "CM", 3, lambda r: not r.cells["AENO"]):
        planting.change("F06", "CM", row, "CMSTDAT", AMBIGUOUS, "null", "E", "date-ambiguous",
                        cm_expect(planting, row, "CMSTDTC", None))


def _ended(row: Row) -> bool:
    return bool(row.cells["CMENDAT"]) and row.cells["CMFRQ"] in ("bid", "q8h", "prn")


@part("F13")
def doubled_course(planting: Planting) -> None:
    """A course entered twice."""
    for row in planting.hosts("F13", "CM", 1, _ended):
        second = planting.insert_after("CM", row, {})
        planting.record("F13", [("CM", second, "CMNO"), ("CM", row, "CMNO")], row.text("CMNO"), None, "map", "W",
                        "duplicate-exact", cm_expect(planting, row, "CMTRT", row.text("CMTRT_EN")))


@part("F17")
def course_ends_before_start(planting: Planting) -> None:
    """A course that ends two days before it starts."""
    for row in planting.hosts("F17", "CM", 1, _ended):
        day = read_english(row.text("CMSTDAT")) - timedelta(days=2)
        clean = planting.write(row, "CMENDAT", english(day))
        planting.record("F17", [("CM", row, "CMENDAT"), ("CM", row, "CMSTDAT")], english(day), clean, "issue", "E",
                        "end-before-start", cm_expect(planting, row, "CMENDTC", day.isoformat()))


@part("F45")
def awkward_indications(planting: Planting) -> None:
    """An emoji, an Excel error and a text that looks like a formula."""
    hosts = planting.hosts("F45", "CM", len(TEXTS), any_row)
    for row, (text, value, action, severity, rule) in zip(hosts, TEXTS, strict=False):
        planting.change("F45", "CM", row, "INDC_EN", text.format(row.text("INDC_EN")), action, severity, rule,
                        cm_expect(planting, row, "CMINDC", value))
