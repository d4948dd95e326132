"""SRCDOM, SRCVAR, SRCSEQ of time to event: each way in which a date is made, and the record behind it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .test_time_to_event import PROGRESSION, WEEK_4
from .tte_kit import SOURCE, decided

SUBJECTS = "01,Y,2024-01-01,2024-03-01,2024-02-10,2024-02-20\n"
RESPONSES = "01,2024-01-10,1\n01,2024-02-01,5\n01,2024-02-15,5\n"


def source(tmp_path: Path, dates: str, name: str = "taken") -> tuple[str, ...]:
    """SRCDOM, SRCVAR, SRCSEQ and ADT of the one record whose date is `name`, made by `dates`."""
    table = f"""
T:
  PARAM: Time (days)
  subjects: {{from: ADSL}}
  start: TRTSDT
  dates: {{first_one: {{min: ADRS.ADT}}, {dates}}}
  decide: [{{when: TRTSDT IS NOT NULL, date: {name}, CNSR: 0, EVNTDESC: EVENT}}]
  in: days
"""
    found, _ = decided(tmp_path, table, SUBJECTS, RESPONSES, ("SRCDOM", "SRCVAR", "SRCSEQ", "ADT"))
    return found[0]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        # a summary: the record that won
        ("taken: {first: ADRS.ADT, order: ADT}", ("ADRS", "ADT", "1", "2024-01-10")),
        ("taken: {last: ADRS.ADT, order: ADT}", ("ADRS", "ADT", "3", "2024-02-15")),
        ("taken: {min: ADRS.ADT, where: AVAL = 5}", ("ADRS", "ADT", "2", "2024-02-01")),
        ("taken: {max: ADRS.ADT, where: AVAL <> 7}", ("ADRS", "ADT", "3", "2024-02-15")),
        ("taken: {max: [ADRS.ADT, ADSL.DTHDT]}", ("ADSL", "DTHDT", "", "2024-03-01")),
        # a name: its own record; of another dataset too; a date of the table
        ("taken: DTHDT", ("ADSL", "DTHDT", "", "2024-03-01")),
        ("taken: ADSL.DTHDT", ("ADSL", "DTHDT", "", "2024-03-01")),
        ("taken: first_one", ("ADRS", "ADT", "1", "2024-01-10")),
        # to_date and date + integer: of the date in them
        ("taken: {to_date: ALIVEDTC}", ("ADSL", "ALIVEDTC", "", "2024-02-20")),
        ("taken: {expr: first_one + 7}", ("ADRS", "ADT", "1", "2024-01-17")),
        ("taken: {expr: 7 + DTHDT}", ("ADSL", "DTHDT", "", "2024-03-08")),
        ("taken: {expr: first_one + (DTHDT - TRTSDT)}", ("ADRS", "ADT", "1", "2024-03-10")),
        # least, greatest, coalesce: the argument that gave the value, of equal ones the first written
        ("taken: {expr: 'least(first_one, DTHDT)'}", ("ADRS", "ADT", "1", "2024-01-10")),
        ("taken: {expr: 'greatest(first_one, DTHDT)'}", ("ADSL", "DTHDT", "", "2024-03-01")),
        ("taken: {expr: 'least(first_one, first_one + 0, TRTSDT + 9)'}", ("ADRS", "ADT", "1", "2024-01-10")),
        ("taken: {expr: 'least(TRTSDT + 9, first_one)'}", ("ADSL", "TRTSDT", "", "2024-01-10")),
        ("none: {min: ADRS.ADT, where: AVAL = 9}, taken: {expr: 'coalesce(none, NEXTDT)'}",
         ("ADSL", "NEXTDT", "", "2024-02-10")),
        ("taken: {expr: \"least('2024-01-05', first_one)\"}", ("", "", "", "2024-01-05")),
        ("taken: {expr: 'nullif(first_one, DTHDT)'}", ("ADRS", "ADT", "1", "2024-01-10")),
        ("taken: {expr: 'iso_date(ALIVEDTC)'}", ("ADSL", "ALIVEDTC", "", "2024-02-20")),
        # case, of the language and of SQL: the branch taken
        ("taken: {case: [{when: DTHDT < TRTSDT, from: DTHDT}, {min: ADRS.ADT, where: AVAL = 5}]}",
         ("ADRS", "ADT", "2", "2024-02-01")),
        ("taken: {case: [{when: DTHDT > TRTSDT, from: DTHDT}, {min: ADRS.ADT}]}", ("ADSL", "DTHDT", "", "2024-03-01")),
        ("taken: {expr: CASE WHEN NEXTDT > DTHDT THEN NEXTDT ELSE first_one END}", ("ADRS", "ADT", "1", "2024-01-10")),
        # a constant of the study is no record's
        ("taken: {expr: study.cutoff}", ("", "", "", "2024-06-30")),
        ("taken: {expr: 'least(study.cutoff, first_one)'}", ("ADRS", "ADT", "1", "2024-01-10")),
    ],
)  # fmt: skip
def test_source_of_a_date(tmp_path: Path, dates: str, expected: tuple[str, ...]) -> None:
    assert source(tmp_path, dates) == expected


def test_start_has_the_source_of_its_name(tmp_path: Path) -> None:
    assert source(tmp_path, "spare: DTHDT", "STARTDT") == ("ADSL", "TRTSDT", "", "2024-01-01")


def test_sources_of_a_cut(tmp_path: Path) -> None:
    """Not cut: as in the parameter that is cut. Cut: of its own date, which may be the start or a date of the other."""
    other = """
PFSOLD:
  dates: {again: relapse}
  cut: {of: PFS, date: WK4DT, row: {date: again, CNSR: 9, EVNTDESC: CUT}}
"""
    found, _ = decided(tmp_path, PROGRESSION + WEEK_4 + other, """\
        01,Y,2024-01-01,,,2024-03-01
        02,Y,2024-01-01,,,2024-03-01
        03,Y,2024-01-01,2024-01-20,,
        """, "01,2024-01-10,1\n01,2024-02-01,5\n02,2024-02-10,5\n", SOURCE)  # fmt: skip
    assert [r for r in found if r[1] != "PFS"] == [
        ("01", "PFSOLD", "ADRS", "ADT", "2"),
        ("01", "PFSW4", "ADRS", "ADT", "1"),
        ("02", "PFSOLD", "ADRS", "ADT", "1"),
        ("02", "PFSW4", "ADSL", "TRTSDT", ""),
        ("03", "PFSOLD", "ADSL", "DTHDT", ""),
        ("03", "PFSW4", "ADSL", "DTHDT", ""),
    ]


def test_no_date_no_source(tmp_path: Path) -> None:
    assert source(tmp_path, "taken: {min: ADRS.ADT, where: AVAL = 9}") == ("", "", "", "")
    (tmp_path / "two").mkdir()
    early = source(tmp_path / "two", "taken: {expr: TRTSDT - 1}")
    assert early == ("", "", "", "")
