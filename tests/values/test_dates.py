"""Every form of a date and a time that the CRF and the traps name, as literal tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import CELL_KINDS, DateTexts, Scalar
from sdtm_builder.values.dates import combine, iso_text, read_dates, read_times
from sdtm_builder.values.formats import compile_dates, compile_times

NUMBER, DATE, DATETIME, TIME = (CELL_KINDS.index(k) for k in ("number", "date", "datetime", "time"))
UNKNOWN = ("UN", "UNK", "XX")


def dates(formats, pivot=None):
    return compile_dates(DateTexts(tuple(Scalar(f) for f in formats), UNKNOWN, pivot), IssueLog())


def read(text, formats, kind=0, epoch=1900, pivot=None):
    reading = read_dates([text], dates(formats, pivot), [kind], [epoch])
    return reading.iso[0], reading.rules[0]


STUDY = ["yyyy-MM-dd", "dd-MMM-yyyy", "dd-MM-yyyy", "dd/MMM/yyyy", "yyyy/M/d", "yyyy.MM.dd", "yyyyMMdd", "yyyy年M月d日",
         "yyyy-MM-ddTHH:mm", "yyyy-MM", "yyyy", "excel"]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "iso", "rule"),
    [
        ("2018-UN-UN", "2018", "date-partial"),
        ("UNK-03-2019", "2019-03", "date-partial"),
        ("2017-XX-15", "2017---15", "date-partial"),
        ("15/UN/2016", "2016---15", "date-partial"),
        ("2019", "2019", "date-partial"),
        ("1984-07-UN", "1984-07", "date-partial"),
        ("1984-07", "1984-07", "date-partial"),
        ("UN-Apr-2021", "2021-04", "date-partial"),
        ("UN-UNK-2003", "2003", "date-partial"),
        ("15-UNK-2003", "2003---15", "date-partial"),
        ("15-MAR-UNK", "--03-15", "date-partial"),
        ("un-unk-unk", None, "date-unknown"),
        ("05-Mar-2021", "2021-03-05", ""),
        ("05-MARCH-2021", "2021-03-05", ""),
        ("2021/4/9", "2021-04-09", ""),
        ("2021-04-09", "2021-04-09", ""),
        ("20210409", "2021-04-09", ""),
        ("2021.04.09", "2021-04-09", ""),
        ("2021年4月7日", "2021-04-07", ""),
        ("２０２１－０４－０７", "2021-04-07", ""),
        (" 2021-04-07\u3000", "2021-04-07", ""),
        ("2024-01-15T10:30", "2024-01-15T10:30", ""),
        ("31-Feb-2022", None, "date-invalid"),
        ("2021-02-30", None, "date-invalid"),
        ("2021-02-29", None, "date-invalid"),
        ("2020-02-29", "2020-02-29", ""),
        ("30-FEB-UNK", None, "date-invalid"),
        ("2021-13-01", None, "date-invalid"),
        ("2024-01-15T25:10", None, "date-invalid"),
        ("0202-01-01", None, "date-invalid"),
        ("03/04/2022", None, "date-ambiguous"),
        ("3-4-22", None, "date-ambiguous"),
        ("25/04/2022", None, "date-unreadable"),
        ("32/13/2022", None, "date-invalid"),
        ("spring 2021", None, "date-unreadable"),
        ("44293", None, "date-unreadable"),
        ("2021-4-7", None, "date-unreadable"),
        ("٢٠٢١", None, "date-unreadable"),
    ],
)
def test_dates(text, iso, rule):
    assert read(text, STUDY) == (iso, rule)


def test_declared_order_settles_the_ambiguous():
    assert read("03/04/2022", ["dd/MM/yyyy"]) == ("2022-04-03", "")
    assert read("03/04/2022", ["MM/dd/yyyy"]) == ("2022-03-04", "")


def test_no_such_day_whatever_the_format():
    assert read("31-Feb-2022", ["yyyy年M月d日"]) == (None, "date-invalid")
    assert read("28-Feb-2022", ["yyyy年M月d日"]) == (None, "date-unreadable")


def test_first_format_that_fits_wins():
    assert read("20041998", ["yyyyMMdd", "ddMMyyyy"]) == ("1998-04-20", "")
    assert read("10112011", ["yyyyMMdd", "ddMMyyyy"]) == ("2011-11-10", "")


@pytest.mark.parametrize(("text", "year"), [("01-01-29", "2029"), ("01-01-30", "1930"), ("01-01-99", "1999")])
def test_pivot(text, year):
    assert read(text, ["dd-MM-yy"], pivot=1930) == (f"{year}-01-01", "")


@pytest.mark.parametrize(
    ("text", "kind", "epoch", "iso", "rule"),
    [
        ("44293", NUMBER, 1900, "2021-04-07", "date-serial"),
        ("42831", NUMBER, 1904, "2021-04-07", "date-serial"),
        ("44293.5", NUMBER, 1900, "2021-04-07T12:00", "date-serial"),
        ("20000", NUMBER, 1900, "1954-10-03", "date-serial"),
        ("80000", NUMBER, 1900, "2119-01-11", "date-serial"),
        ("19999", NUMBER, 1900, None, "date-unreadable"),
        ("80001", NUMBER, 1900, None, "date-unreadable"),
        ("20210409", NUMBER, 1900, "2021-04-09", ""),
        ("2021-04-07", DATE, 1900, "2021-04-07", ""),
        ("2021-04-07T10:30", DATETIME, 1900, "2021-04-07T10:30", ""),
        ("10:30", TIME, 1900, None, "date-unreadable"),
    ],
)
def test_cells_of_workbooks(text, kind, epoch, iso, rule):
    assert read(text, ["excel", "yyyyMMdd"], kind, epoch) == (iso, rule)


def test_a_serial_needs_its_declaration():
    assert read("44293", ["yyyy-MM-dd"], NUMBER) == (None, "date-unreadable")


def test_without_formats_iso_alone_is_read():
    assert [read(t, [])[0] for t in ("2021-04-07", "2021-04", "2021-04-07T10:30:15", "07/04/2021")] == [
        "2021-04-07", "2021-04", "2021-04-07T10:30:15", None,
    ]  # fmt: skip


TIMES = compile_times([Scalar(f) for f in ("HH:mm", "H:m", "ah:mm", "HHmm", "HH:mm:ss")], UNKNOWN, IssueLog())


@pytest.mark.parametrize(
    ("text", "kind", "iso", "rule"),
    [
        ("10:30", 0, "10:30", ""),
        ("8:5", 0, "08:05", ""),
        ("下午3:30", 0, "15:30", ""),
        ("上午12:05", 0, "00:05", ""),
        ("下午12:05", 0, "12:05", ""),
        ("pm3:30", 0, "15:30", ""),
        ("0830", 0, "08:30", ""),
        ("08:30:15", 0, "08:30:15", ""),
        ("UN:UN", 0, None, "time-unknown"),
        ("10:UN", 0, "10", "time-unknown"),
        ("UN:15", 0, "-:15", "time-unknown"),
        ("25:10", 0, None, "time-invalid"),
        ("24:00", 0, None, "time-invalid"),
        ("10:60", 0, None, "time-invalid"),
        ("下午13:30", 0, None, "time-invalid"),
        ("half past", 0, None, "time-unreadable"),
        ("8:05", TIME, None, "time-invalid"),
        ("08:05", TIME, "08:05", ""),
        ("2021-04-07T08:05", DATETIME, "08:05", ""),
    ],
)
def test_times(text, kind, iso, rule):
    reading = read_times([text], TIMES, [kind])
    assert (reading.iso[0], reading.rules[0]) == (iso, rule)


def test_an_impossible_time_is_told_from_an_unknown_text_in_any_format():
    formats = compile_times([Scalar("HHmm")], (), IssueLog())
    assert read_times(["25:10", "10:25"], formats).rules == ["time-invalid", "time-unreadable"]


@pytest.mark.parametrize(
    ("parts", "iso"),
    [
        ((2003, 12, 15, 13, 14, 17), "2003-12-15T13:14:17"),
        ((2003, 12, 15, 13, 14, None), "2003-12-15T13:14"),
        ((2003, 12, 15, 13, None, None), "2003-12-15T13"),
        ((2003, 12, 15, None, None, None), "2003-12-15"),
        ((2003, 12, None, None, None, None), "2003-12"),
        ((2003, None, None, None, None, None), "2003"),
        ((2003, 12, 15, 13, None, 17), "2003-12-15T13:-:17"),
        ((2003, 12, 15, None, 15, None), "2003-12-15T-:15"),
        ((2003, None, 15, None, None, None), "2003---15"),
        ((None, 12, 15, None, None, None), "--12-15"),
        ((None, None, None, 7, 15, None), "-----T07:15"),
        ((None, None, None, None, None, None), None),
    ],
)
def test_iso_text_as_the_ig_has_it(parts, iso):
    assert iso_text(parts) == iso


@pytest.mark.parametrize(
    ("date", "time", "both", "rule"),
    [
        ("2003-12-15", "07:15", "2003-12-15T07:15", ""),
        ("2003-12-15", None, "2003-12-15", ""),
        ("2003-12", "07:15", "2003-12--T07:15", ""),
        ("2003", "07:15", "2003----T07:15", ""),
        ("--12", "07:15", "--12--T07:15", ""),
        ("2003---15", "07", "2003---15T07", ""),
        ("2003-12-15T00:00", "07:15", "2003-12-15T07:15", ""),
        ("2003-12-15T00:00:00", None, "2003-12-15", ""),  # a date cell that shows a clock, and no time collected
        ("2003-12-15T00:00", None, "2003-12-15", ""),
        ("2003-12-15T07:15", None, "2003-12-15T07:15", ""),
        ("2003-12-15T00:00:00", "00:00", "2003-12-15T00:00", ""),
        ("2003-12-15T07:15:30", "07:15", "2003-12-15T07:15:30", ""),
        ("2003-12-15T07:15", "08:15", None, "time-conflict"),
        (None, "07:15", None, "time-without-date"),
        (None, None, None, ""),
    ],
)
def test_combine(date, time, both, rule):
    assert combine(date, time) == (both, rule)


@given(st.dates(), st.sampled_from(["yyyy-MM-dd", "dd-MMM-yyyy", "d/M/yyyy", "yyyyMMdd", "yyyy年M月d日"]))
def test_a_written_date_is_read_back(day, fmt):
    written = {
        "yyyy-MM-dd": f"{day.year:04}-{day.month:02}-{day.day:02}",
        "dd-MMM-yyyy": f"{day.day:02}-{'JanFebMarAprMayJunJulAugSepOctNovDec'[day.month * 3 - 3 : day.month * 3]}"
        f"-{day.year:04}",
        "d/M/yyyy": f"{day.day}/{day.month}/{day.year:04}",
        "yyyyMMdd": f"{day.year:04}{day.month:02}{day.day:02}",
        "yyyy年M月d日": f"{day.year:04}年{day.month}月{day.day}日",
    }[fmt]
    expected = (day.isoformat(), "") if 1850 <= day.year <= 2199 else (None, "date-invalid")
    assert read(written, [fmt]) == expected
