"""`date` and `date_parts`: exactly the precision collected, and an issue at the cell for the rest."""

from __future__ import annotations

from pathlib import Path

from .support import event_values, faults, told

HEAD = "SUBJID,N,X,Y\n"


def rows_of(*cells: str) -> str:
    return HEAD + "".join(f"01,{i},{c if ',' in c else c + ','}\n" for i, c in enumerate(cells, 1))


def column(found: list[tuple[str, ...]]) -> list[str]:
    return [row[0] for row in found]


def test_formats_in_the_order_listed_and_partial_dates(tmp_path: Path) -> None:
    raw = rows_of("2020-02-29", "05-MAR-2021", "2020-02", "2020", "UN-UNK-2003", "15-UNK-2003", "")
    found, log = event_values(
        tmp_path, "AESTDTC: {date: X, formats: [yyyy-MM-dd, dd-MMM-yyyy, yyyy-MM, yyyy]}", raw, "AESTDTC"
    )
    assert column(found) == ["2020-02-29", "2021-03-05", "2020-02", "2020", "2003", "2003---15", ""]
    assert told(log, "date-unreadable", "date-invalid") == []


def test_what_is_no_date_is_missing_and_told_at_its_cell(tmp_path: Path) -> None:
    raw = rows_of("2021-02-29", "soon", "2021-13-01", "2021-3-1", "31-FEB-2024")
    found, log = event_values(tmp_path, "AESTDTC: {date: X, formats: [yyyy-MM-dd, dd-MMM-yyyy]}", raw, "AESTDTC")
    assert column(found) == [""] * 5
    cells = {line.split()[1] for line in told(log, "date-unreadable", "date-invalid")}
    assert cells == {"X:2", "X:3", "X:4", "X:5", "X:6"}
    assert "date-invalid X:2 2021-02-29" in told(log, "date-invalid")
    assert "date-unreadable X:3 soon" in told(log, "date-unreadable")


def test_chinese_and_one_letter_tokens(tmp_path: Path) -> None:
    raw = rows_of("2021年3月5日", "2021/3/15", "２０２１/3/5")
    found, _ = event_values(tmp_path, "AESTDTC: {date: X, formats: [yyyy年M月d日, yyyy/M/d]}", raw, "AESTDTC")
    assert column(found) == ["2021-03-05", "2021-03-15", "2021-03-05"]


def test_time_of_its_own_column(tmp_path: Path) -> None:
    raw = rows_of("2020-01-02,08:05", "2020-01-02,", ",08:05", "2020-01,08:05", "2020-01-02,25:00", "2020-01-02,UNK")
    found, log = event_values(
        tmp_path, 'AESTDTC: {date: X, time: Y, formats: [yyyy-MM-dd, yyyy-MM, "HH:mm"]}', raw, "AESTDTC"
    )
    assert column(found) == ["2020-01-02T08:05", "2020-01-02", "", "2020-01--T08:05", "2020-01-02", "2020-01-02"]
    assert told(log, "time-without-date") == ["time-without-date X:4 Y:4"]
    cells = [t.split()[1] for t in told(log, "time-invalid", "time-unreadable")]
    assert cells == ["Y:6", "Y:7"]  # UNK is no whole time


def test_zone_stands_behind_a_time_only(tmp_path: Path) -> None:
    raw = rows_of("2020-01-02,08:05", "2020-01-02,", "2020-01,")
    found, _ = event_values(
        tmp_path, 'AESTDTC: {date: X, time: Y, zone: "+08:00", formats: [yyyy-MM-dd, yyyy-MM, "HH:mm"]}', raw, "AESTDTC"
    )
    assert column(found) == ["2020-01-02T08:05+08:00", "2020-01-02", "2020-01"]


def test_am_and_pm_of_two_languages(tmp_path: Path) -> None:
    raw = rows_of("2020-01-02,下午1:05", "2020-01-02,上午9:30", "2020-01-02,上午12:01")
    found, _ = event_values(
        tmp_path, 'AESTDTC: {date: X, time: Y, formats: [yyyy-MM-dd, "ah:mm"]}', raw, "AESTDTC"
    )
    assert column(found) == ["2020-01-02T13:05", "2020-01-02T09:30", "2020-01-02T00:01"]


def test_date_parts(tmp_path: Path) -> None:
    raw = "SUBJID,N,Y,M,D,h,m\n01,1,2020,3,5,8,5\n01,2,2020,3,,,\n01,3,2020,,5,,\n01,4,,,,,\n01,5,2020,2,30,,\n"
    raw += "01,6,2020,UN,UN,,\n01,7,2020,x,1,,\n01,8,,,,8,5\n01,9,2020,3,5,8,\n"
    found, log = event_values(tmp_path, "AESTDTC: {date_parts: [Y, M, D, h, m]}", raw, "AESTDTC")
    want = ["2020-03-05T08:05", "2020-03", "2020---05", "", "", "2020", "", "", "2020-03-05T08"]
    assert column(found) == want
    assert {t.split()[0] for t in told(log, "date-invalid", "date-unreadable", "time-without-date")} == {
        "date-invalid", "date-unreadable", "time-without-date",
    }  # fmt: skip
    assert told(log, "date-unreadable") == ["date-unreadable M:8 x"]
    assert told(log, "date-invalid") == ["date-invalid Y:6 M:6 D:6 h:6 m:6"]


def test_a_bare_column_for_a_date_is_a_fault(tmp_path: Path) -> None:
    assert faults(tmp_path, "AESTDTC: X") == ["7 date-needs-date: AESTDTC is a date, X is a text. Write {date: X}."]


def test_day_first_and_month_first_in_one_list_is_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, "AESTDTC: {date: X, formats: [dd/MM/yyyy, MM/dd/yyyy]}")
    assert len(found) == 1
    assert found[0].startswith("7 ")


def test_yy_without_pivot_is_a_fault(tmp_path: Path) -> None:
    assert len(faults(tmp_path, "AESTDTC: {date: X, formats: [dd-MM-yy]}")) == 1
