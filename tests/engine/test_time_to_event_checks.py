"""Time to event: what is found before any data is read, each with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from .tte_kit import faults

OS = """
OS:
  PARAM: Overall Survival (days)
  subjects: {from: ADSL, where: "SAFFL = 'Y'"}
  start: TRTSDT
  dates: {seen: {min: ADRS.ADT}}
  decide:
    - {when: "DTHDT IS NOT NULL", date: DTHDT, CNSR: 0, EVNTDESC: DEATH}
    - {when: "LASTDT IS NOT NULL", date: LASTDT, CNSR: 1, EVNTDESC: NO EVENT, CNSDTDSC: LAST KNOWN ALIVE}
  in: days
"""
CUT = "C:\n  {more}cut: {{of: {of}, date: {date}, {where}row: {{date: WK4DT, CNSR: 9, EVNTDESC: CUT}}}}\n"


def cut(of: str = "OS", date: str = "WK4DT", where: str = "", more: str = "") -> str:
    return CUT.format(of=of, date=date, where=where, more=more)


def test_a_sound_parameter_has_no_faults(tmp_path: Path) -> None:
    assert faults(tmp_path, OS + cut()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # names
        (OS.replace("DTHDT IS", "DEATHDT IS"), ["9 unknown-column: OS has no column DEATHDT."]),
        (OS.replace("date: DTHDT", "date: DTHD"), ["9 unknown-column: OS has no column DTHD."]),
        (OS.replace("start: TRTSDT", "start: TRTSD"), ["6 unknown-column: OS has no column TRTSD."]),
        (OS.replace("DTHDT IS NOT", "ADT IS NOT"), ["9 unknown-column: OS has no column ADT."]),
        (OS + cut(where="where: ADTT > TRTSDT, "), ["13 unknown-column: OS has no column ADTT."]),
        (OS.replace("{min: ADRS.ADT}", '{min: ADRS.ADT, where: "ADT > STARTDT"}'),
         ["7 unknown-column: ADRS has no column STARTDT."]),
        (OS.replace("from: ADSL, where: \"SAFFL = 'Y'\"", "from: ADSL, where: \"SAFETY = 'Y'\""),
         ["5 unknown-column: ADSL has no column SAFETY."]),
        # kinds
        (OS.replace("date: LASTDT", "date: ALIVEDTC"), ["10 kind-mismatch: ALIVEDTC is dtc, a date is wanted."]),
        (OS.replace("start: TRTSDT", "start: ALIVEDTC"), ["6 kind-mismatch: ALIVEDTC is dtc, a date is wanted."]),
        (OS + cut(date="SAFFL"), ["13 kind-mismatch: SAFFL is text, a date is wanted."]),
        (OS + OS.replace("OS:", "OT:").replace("{min: ADRS.ADT}", "{min: ADRS.AVAL}"),
         ["17 kind-mismatch: `seen` is number here and date in mappings/S1/adam/adtte.yaml:7."]),
        (OS.replace("{min: ADRS.ADT}", "{flag_first: USUBJID, order: TRTSDT}"),
         ["7 bad-argument: `flag_first` looks at the whole dataset: it stands in `derive`."]),
        # rows
        (OS.replace("CNSR: 1", "CNSR: 1.5"), ["10 bad-value: CNSR is a whole number, 0 for an event, not `1.5`."]),
        (OS.replace("CNSR: 0", "CNSR: -1"), ["9 bad-value: CNSR is a whole number, 0 for an event, not `-1`."]),
        (OS.replace("CNSR: 1", "CNSR: 0"),
         ["10 bad-value: CNSDTDSC describes the date of a censoring, and CNSR 0 is an event."]),
        (OS.replace("  in: days", '    - {when: "SAFFL = \'Y\'", date: TRTSDT, CNSR: 1, EVNTDESC: OTHER}\n  in: days'),
         ["11 censor-shared: CNSR 1 is `NO EVENT` in mappings/S1/adam/adtte.yaml:10 and `OTHER` here."]),
        (OS.replace("CNSR: 0, ", ""), ["9 missing-key: a decision needs `CNSR`."]),
        (OS.replace(", EVNTDESC: DEATH", ""), ["9 missing-key: a decision needs `EVNTDESC`."]),
        # keys
        (OS.replace("  in: days\n", ""), ["4 missing-key: a parameter needs `in` or `cut`."]),
        (OS.replace("  start: TRTSDT\n", ""), ["4 missing-key: a parameter needs `start` or `cut`."]),
        (OS.replace("in: days", "in: years"),
         ["11 bad-value: `in` takes one of `days`, `weeks`, `months`, not `years`."]),
        (OS + cut(more="in: days\n  "),
         ["13 bad-value: C has `cut` and `in`: the cut has that of the other parameter."]),
        (OS.replace("  start:", "  CNSR: 1\n  start:"),
         ["6 two-rules: CNSR is made by the parameter; a constant is a second rule."]),
        (OS.replace("{seen: ", "{decided: "), ["7 bad-name: `decided` is the number of the row that decided."]),
        # cuts
        (OS + cut(of="OSS"), ["13 bad-value: `OSS` is no other parameter of this file."]),
        (OS + cut(of="D") + cut(of="C").replace("C:", "D:", 1), ["13 cycle: These cut each other: C -> D -> C."]),
        (OS + cut(more="dates: {seen: {max: ADRS.ADT}}\n  "),
         ["13 two-readings: `seen` is a date of OS too, whose names are seen here."]),
        # circles of dates
        (OS.replace("{seen: {min: ADRS.ADT}}", "{seen: {expr: later}, later: {expr: seen}}"),
         ["7 cycle: These need each other: ADTTE/os.seen (mappings/S1/adam/adtte.yaml:7) -> ADTTE/os.later "
          "(mappings/S1/adam/adtte.yaml:7) -> ADTTE/os.seen (mappings/S1/adam/adtte.yaml:7)."]),
        (OS.replace("{min: ADRS.ADT}", '{min: ADRS.ADT, where: "ADT > this.STARTDT"}').replace(": TRTSDT", ": seen"),
         ["7 cycle: These need each other: ADTTE/os.seen (mappings/S1/adam/adtte.yaml:7) -> ADTTE/os.STARTDT "
          "(mappings/S1/adam/adtte.yaml:6) -> ADTTE/os.seen (mappings/S1/adam/adtte.yaml:7)."]),
    ],
)  # fmt: skip
def test_fault(tmp_path: Path, text: str, expected: list[str]) -> None:
    assert faults(tmp_path, text) == expected


def test_rules_of_the_dataset_for_what_a_parameter_makes(tmp_path: Path) -> None:
    found = faults(tmp_path, OS, "derive: {ADT: {expr: TRTSDT}}\n")
    assert found == ["12 two-rules: ADT has a rule in `derive` and is made by `parameters`."]


def test_a_block_with_the_name_of_a_parameter(tmp_path: Path) -> None:
    found = faults(tmp_path, OS, "records: {os: {from: ADSL, set: {PARAMCD: {value: X}}}}\n")
    assert found == ["4 two-rules: The parameter OS and a block have the name `os`."]


def test_subjects_with_several_records(tmp_path: Path) -> None:
    found = faults(tmp_path, OS.replace("from: ADSL, where: \"SAFFL = 'Y'\"", "from: ADRS"))
    assert "5 many-per-subject: ADRS can have several records a subject." in found
