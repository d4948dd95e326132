"""Flaws of dates: unknown days, other formats, impossible and contradictory dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from ..tables import MONTHS, Cell, Row, english, iso, read_english
from ..terms import COUGH
from .base import Caused, Planting, flaw

END_FORMATS: tuple[Callable[[date], str], ...] = (
    lambda day: f"{day.year}/{day.month}/{day.day}", iso, lambda day: f"{day:%Y%m%d}", lambda day: f"{day:%Y.%m.%d}",
)
MISTYPED_K = 21
# Raw time, the time that SDTM holds, action, severity, rule.
ODD_TIMES = (
    ("25:10", None, "null", "E", "time-invalid"), ("8:5", "08:05", "map", "N", "time-format"),
    ("UN:UN", None, "map", "N", "time-unknown"), ("下午3:30", "15:30", "map", "N", "time-format"),
)


def plain(row: Row) -> bool:
    """An AE row that is neither CRS nor ICANS nor a DLT."""
    return row.cells["AESPEC"] == "无" and row.cells["DLTYN"] == "否" and row.cells["AEOUT"] != "死亡"


@flaw("F02", "AE")
def start_day_unknown(planting: Planting) -> None:
    """The day of a start date is unknown."""
    for row in planting.hosts("F02", "AE", 4, lambda r: plain(r) and r.cells["AESTTIM"] is None):
        day = read_english(row.text("AESTDAT"))
        planting.change("F02", "AE", row, "AESTDAT", f"UN-{MONTHS[day.month - 1]}-{day.year}", "map", "N",
                        "date-partial", planting.ae_expect(row, "AESTDTC", f"{day:%Y-%m}"))


@flaw("F03", "AE")
def end_in_other_format(planting: Planting) -> None:
    """An end date in another of the declared formats."""
    hosts = planting.hosts("F03", "AE", 8, lambda r: plain(r) and r.cells["AEENDAT"] is not None)
    for place, row in enumerate(hosts):
        day = read_english(row.text("AEENDAT"))
        ended = row.text("AEENTIM")
        planting.change("F03", "AE", row, "AEENDAT", END_FORMATS[place % 4](day), "map", "N", "date-format",
                        planting.ae_expect(row, "AEENDTC", iso(day) + (f"T{ended}" if ended else "")))


@flaw("F05", "DD")
def impossible_date(planting: Planting) -> None:
    """A date that the calendar doesn't have."""
    for row in planting.hosts("F05", "DD", 1, lambda _: True):
        expect = planting.subject_expect("DD", row, "DDDTC", None)
        expect["key"]["DDTESTCD"] = "PRCDTH"
        planting.change("F05", "DD", row, "DDDAT", "31-Feb-2022", "null", "E", "date-invalid", expect)


@flaw("F07", "AE")
def odd_times(planting: Planting) -> None:
    """Times that don't exist, or are written otherwise, or are unknown; a time without its date."""
    hosts = planting.hosts("F07", "AE", len(ODD_TIMES) + 1, lambda r: plain(r) and r.cells["AESTTIM"] is not None)
    for row, (raw, held, action, severity, rule) in zip(hosts, ODD_TIMES, strict=False):
        day = iso(read_english(row.text("AESTDAT")))
        planting.change("F07", "AE", row, "AESTTIM", raw, action, severity, rule,
                        planting.ae_expect(row, "AESTDTC", day + (f"T{held}" if held else "")))
    for row in hosts[len(ODD_TIMES):]:
        started, clean = row.text("AESTTIM"), planting.write(row, "AESTDAT", None)
        planting.record("F07", [("AE", row, "AESTTIM"), ("AE", row, "AESTDAT")], started, clean, "null", "E",
                        "time-without-date", planting.ae_expect(row, "AESTDTC", None))


@flaw("F16", "AE", "ICF")
def start_before_consent(planting: Planting) -> None:
    """A cough that began before the consent."""
    for row in planting.hosts("F16", "AE", 2, lambda r: r.cells["AETERM_EN"] == COUGH.en):
        consent = planting.subjects[row.text("SUBJID")].plan.consents[0].date()
        day = consent - timedelta(days=3)
        planting.change("F16", "AE", row, "AESTDAT", english(day), "issue", "W", "date-before-consent",
                        planting.ae_expect(row, "AESTDTC", iso(day)))


@flaw("F17", "AE")
def end_before_start(planting: Planting) -> None:
    """An end date two days before the start."""
    def eligible(row: Row) -> bool:
        return plain(row) and row.cells["AEENDAT"] is not None and row.cells["AESTTIM"] is None

    for row in planting.hosts("F17", "AE", 1, eligible):
        day = read_english(row.text("AESTDAT")) - timedelta(days=2)
        clean = planting.write(row, "AEENDAT", english(day))
        planting.record("F17", [("AE", row, "AEENDAT"), ("AE", row, "AESTDAT")], english(day), clean, "issue", "E",
                        "end-before-start", planting.ae_expect(row, "AEENDTC", iso(day)))


def _consent_of_mistyped(planting: Planting) -> list[Row]:
    subject = planting.subject_by_k(MISTYPED_K)
    if subject is None or subject.infusion is None:
        return []
    return [row for row in planting.book["ICF"].rows if row.cells["SUBJID"] == subject.number][:1]


@flaw("F44", "ICF", "LD", named=_consent_of_mistyped)
def consent_after_treatment(planting: Planting) -> None:
    """The year of a consent is typed too high, so that every earlier record of the person precedes it."""
    row = planting.reserved["F44"][0]
    signed = date.fromisoformat(row.text("ICFDAT"))
    typed = signed.replace(year=signed.year + 1)
    planting.change("F44", "ICF", row, "ICFDAT", iso(typed), "issue", "E", "consent-after-treatment",
                    planting.subject_expect("DM", row, "RFICDTC", f"{iso(typed)}T{row.text('ICFTIM')}"))
    planting.afterwards.append(lambda: _earlier_records(planting, row.text("SUBJID"), typed))


def _earlier_records(planting: Planting, number: str, consent: date) -> None:
    """Every record dated before a mistyped consent is a finding that it causes."""
    for name, column in DATED:
        for row in planting.rows_of_subject(name, number):
            value = row.clean.get(column, row.cells.get(column))
            if value is not None and read_date(value) < consent:
                planting.caused.append(Caused("date-before-consent", [(name, row, column)],
                                              planting.usubjid(number), "F44"))


def read_date(value: Cell) -> date:
    """The date of a clean cell, in any of the formats that the forms have."""
    if isinstance(value, datetime):
        return value.date()
    text = str(value)[:11]
    if "年" in text:
        year, rest = text.split("年")
        month, day = rest.split("月")
        return date(int(year), int(month), int(day.rstrip("日")))
    if text[2:3] == "/":
        day, month, year = text[:10].split("/")
        return date(int(year), int(month), int(day))
    if "/" in text:
        year, month, day = text.split("/")
        return date(int(year), int(month), int(day))
    return read_english(text) if text[2:3] == "-" else date.fromisoformat(text[:10])


DATED = (
    ("SUBJ", "SCRDT"), ("IE", "IEDAT"), ("LD", "LDDAT"), ("INF", "INFDAT"), ("AE", "AESTDAT"), ("TOXD", "TXDAT"),
    ("CM", "CMSTDAT"), ("VS", "VSDAT"), ("ECOG", "ECDAT"), ("BMA", "BMDAT"), ("RS", "RSDAT"), ("TR", "TRDAT"),
    ("SURV", "SVDAT"), ("DS", "DSDAT"), ("VISIT", "VISDAT"), ("血常规_A", "采样日期"), ("血常规_B", "采样日期"),
    ("凝血_A", "采样日期"), ("生化_A", "采样日期"), ("生化_B", "采样日期"), ("cytokine", "COLDATE"),
    ("carT_qpcr", "采样日期"),
    ("carT_flow", "COLLDT"),
)
