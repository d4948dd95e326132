"""Time to event: every kind of row, ties, start, units, cut, `like`, issues of records; tables worked by hand."""

from __future__ import annotations

from pathlib import Path

from .tte_kit import decided, issues, made_of

SURVIVAL = """
OS:
  PARAM: Overall Survival (days)
  subjects: {from: ADSL, where: "SAFFL = 'Y'"}
  start: TRTSDT
  decide:
    - {when: "DTHDT IS NOT NULL", date: DTHDT, CNSR: 0, EVNTDESC: DEATH}
    - {when: "LASTDT IS NOT NULL", date: LASTDT, CNSR: 1, EVNTDESC: NO EVENT, CNSDTDSC: LAST KNOWN ALIVE}
  in: days
"""
PROGRESSION = """
PFS:
  PARAM: Progression-Free Survival (days)
  subjects: {from: ADSL, where: "SAFFL = 'Y'"}
  start: TRTSDT
  dates:
    relapse:  {min: ADRS.ADT, where: "PARAMCD = 'OVR' AND AVAL = 5 AND ADT > this.STARTDT"}
    event:    {expr: "least(relapse, DTHDT)"}
    adequate: {max: ADRS.ADT, where: "AVAL <= 5 AND ADT > this.TRTSDT"}
    to_next:  {max: ADRS.ADT, where: "AVAL <= 5 AND ADT > this.TRTSDT AND ADT <= this.NEXTDT"}
    by_next:  {expr: "coalesce(to_next, STARTDT)"}
  decide:
    - {when: "adequate IS NULL AND DTHDT IS NULL", date: STARTDT, CNSR: 2, EVNTDESC: NO ASSESSMENT, CNSDTDSC: START}
    - when: NEXTDT IS NOT NULL AND (event IS NULL OR NEXTDT < event)
      date: by_next
      CNSR: 3
      EVNTDESC: NEXT THERAPY
      CNSDTDSC: LAST BEFORE
    - {when: "relapse = event", date: event, CNSR: 0, EVNTDESC: RELAPSE}
    - {when: "DTHDT = event", date: event, CNSR: 0, EVNTDESC: DEATH}
    - {when: "event IS NULL", date: adequate, CNSR: 1, EVNTDESC: NO EVENT, CNSDTDSC: LAST ADEQUATE}
  in: days
"""
WEEK_4 = """
PFSW4:
  PARAM: Progression-Free Survival to Week 4 (days)
  dates:
    to_w4: {max: ADRS.ADT, where: "AVAL <= 5 AND ADT > this.TRTSDT AND ADT <= this.WK4DT"}
    by_w4: {expr: "coalesce(to_w4, STARTDT)"}
  cut: {of: PFS, date: WK4DT, row: {date: by_w4, CNSR: 9, EVNTDESC: CUT, CNSDTDSC: BY WEEK 4}}
"""


def test_first_row_that_is_true_decides(tmp_path: Path) -> None:
    """Death before last contact, both there; alive; another population has no record."""
    found, log = decided(tmp_path, SURVIVAL, """\
        01,Y,2024-01-01,2024-01-31,,2024-01-20
        02,Y,2024-01-01,,,2024-03-01
        03,N,2024-01-01,,,2024-03-01
        """)  # fmt: skip
    assert found == [
        ("01", "OS", "2024-01-31", "31", "0", "DEATH", ""),
        ("02", "OS", "2024-03-01", "61", "1", "NO EVENT", "LAST KNOWN ALIVE"),
    ]
    assert issues(log, "no-decision", "decision-date-missing", "decision-before-start") == []


def test_every_row_of_a_table(tmp_path: Path) -> None:
    """01 not assessed; 02 therapy, assessed before; 03 therapy, not assessed before; 04 relapse; 05 death; 06 none."""
    found, _ = decided(tmp_path, PROGRESSION, """\
        01,Y,2024-01-01,,,2024-03-01
        02,Y,2024-01-01,,2024-02-10,2024-03-01
        03,Y,2024-01-01,,2024-01-10,2024-03-01
        04,Y,2024-01-01,2024-03-01,,2024-03-01
        05,Y,2024-01-01,2024-01-05,,2024-01-05
        06,Y,2024-01-01,,,2024-03-01
        """, """\
        02,2024-01-15,1
        02,2024-02-05,1
        02,2024-02-11,5
        03,2024-01-15,1
        04,2024-01-15,1
        04,2024-02-01,5
        04,2024-02-20,5
        06,2024-01-15,1
        06,2024-02-15,4
        06,2024-03-15,7
        """)  # fmt: skip
    assert [r[0] + " " + " ".join(r[2:]) for r in found] == [
        "01 2024-01-01 1 2 NO ASSESSMENT START",
        "02 2024-02-05 36 3 NEXT THERAPY LAST BEFORE",
        "03 2024-01-01 1 3 NEXT THERAPY LAST BEFORE",
        "04 2024-02-01 32 0 RELAPSE ",
        "05 2024-01-05 5 0 DEATH ",
        "06 2024-02-15 46 1 NO EVENT LAST ADEQUATE",
    ]


def test_ties_follow_the_order_of_rows(tmp_path: Path) -> None:
    """Relapse and death of one day is the relapse; therapy on the day of the relapse does not censor it."""
    found, _ = decided(tmp_path, PROGRESSION, """\
        01,Y,2024-01-01,2024-02-01,,2024-02-01
        02,Y,2024-01-01,,2024-02-01,2024-03-01
        """, """\
        01,2024-02-01,5
        02,2024-02-01,5
        """)  # fmt: skip
    assert [r[2:6] for r in found] == [("2024-02-01", "32", "0", "RELAPSE"), ("2024-02-01", "32", "0", "RELAPSE")]


def test_a_cut_keeps_what_ended_by_then(tmp_path: Path) -> None:
    """Week 4 is day 29: an event on it stays, one a day later is cut to the last assessment, or to the start."""
    found, _ = decided(tmp_path, PROGRESSION + WEEK_4, """\
        01,Y,2024-01-01,,,2024-03-01
        02,Y,2024-01-01,,,2024-03-01
        03,Y,2024-01-01,2024-01-30,,2024-01-30
        04,Y,2024-01-01,,,2024-03-01
        """, """\
        01,2024-01-29,5
        02,2024-01-20,1
        02,2024-01-30,5
        04,2024-01-05,1
        """)  # fmt: skip
    assert [r[0] + " " + " ".join(r[2:]) for r in found if r[1] == "PFSW4"] == [
        "01 2024-01-29 29 0 RELAPSE ",
        "02 2024-01-20 20 9 CUT BY WEEK 4",
        "03 2024-01-01 1 9 CUT BY WEEK 4",
        "04 2024-01-05 5 1 NO EVENT LAST ADEQUATE",
    ]


def test_a_parameter_like_another_with_its_own_start(tmp_path: Path) -> None:
    """Duration from the first response: no response, no record; its cut only where the response was by week 4."""
    response = """
    DOR:
      like: PFS
      PARAM: Duration of Response (days)
      dates: {response: {min: ADRS.ADT, where: "AVAL <= 3 AND ADT > this.TRTSDT"}}
      start: response
    DORW4:
      like: PFSW4
      PARAM: Duration of Response to Week 4 (days)
      cut: {of: DOR, where: STARTDT <= WK4DT}
    """
    found, _ = decided(
        tmp_path, "\n".join([*PROGRESSION.splitlines(), *WEEK_4.splitlines(), *_dedent(response)]), """\
        01,Y,2024-01-01,,,2024-03-01
        02,Y,2024-01-01,,,2024-03-01
        03,Y,2024-01-01,,,2024-03-01
        """, """\
        01,2024-01-11,3
        01,2024-02-01,5
        02,2024-02-11,1
        02,2024-03-01,1
        03,2024-01-11,4
        """, ("USUBJID", "PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR"))  # fmt: skip
    assert [r for r in found if r[1].startswith("DOR")] == [
        ("01", "DOR", "2024-01-11", "2024-02-01", "22", "0"),
        ("01", "DORW4", "2024-01-11", "2024-01-11", "1", "9"),
        ("02", "DOR", "2024-02-11", "2024-03-01", "20", "1"),
    ]


def _dedent(text: str) -> list[str]:
    return [line[4:] for line in text.splitlines()]


def test_a_cut_of_a_cut(tmp_path: Path) -> None:
    """Names of the first parameter are seen two cuts further on; the record is that of the one cut before."""
    again = """
PFSW2:
  PARAM: Progression-Free Survival to Week 2 (days)
  dates: {day_15: {expr: TRTSDT + 14}, then: {expr: "coalesce(least(relapse, day_15), to_w4)"}}
  cut: {of: PFSW4, date: day_15, row: {date: day_15, CNSR: 8, EVNTDESC: WEEK 2, CNSDTDSC: WEEK 2}}
"""
    found, _ = decided(tmp_path, PROGRESSION + WEEK_4 + again, """\
        01,Y,2024-01-01,,,2024-03-01
        02,Y,2024-01-01,,,2024-03-01
        """, "01,2024-01-10,5\n02,2024-01-20,1\n02,2024-02-20,5\n")  # fmt: skip
    assert [r[0] + " " + " ".join(r[2:]) for r in found if r[1] == "PFSW2"] == [
        "01 2024-01-10 10 0 RELAPSE ",
        "02 2024-01-15 15 8 WEEK 2 WEEK 2",
    ]


def test_units_of_aval(tmp_path: Path) -> None:
    """30 days after the start: 31 days, 31 / 7 weeks, 31 / 30.4375 months, not rounded; a cut has its parameter's."""
    weeks = SURVIVAL.replace("OS:", "OSWK:").replace("in: days", "in: weeks")
    months = SURVIVAL.replace("OS:", "OSMO:").replace("in: days", "in: months")
    cut = """
OSCUT:
  cut: {of: OSWK, date: WK4DT, row: {date: WK4DT, CNSR: 9, EVNTDESC: CUT}}
"""
    found, _ = decided(tmp_path, SURVIVAL + weeks + months + cut, "01,Y,2024-01-01,2024-01-31,,\n",
                       names=("PARAMCD", "AVAL", "CNSR"))  # fmt: skip
    values = {code: (float(aval), cnsr) for code, aval, cnsr in found}
    assert values["OS"] == (31.0, "0")
    assert abs(values["OSWK"][0] - 4.428571428571429) < 1e-12
    assert abs(values["OSMO"][0] - 1.0184804928131417) < 1e-12
    assert values["OSCUT"] == (29 / 7, "9")


def test_no_row_is_true(tmp_path: Path) -> None:
    """The record stays, without date, CNSR and value, and is told with the cells that its conditions look at."""
    found, log = decided(tmp_path, SURVIVAL, "01,Y,2024-01-01,,,\n")
    assert found == [("01", "OS", "", "", "", "", "")]
    assert [i.split(" subj")[0] for i in issues(log, "no-decision")] == [
        "no-decision: No row of the table of OS is true."
    ]
    assert "subj.csv2DEATH" in issues(log, "no-decision")[0]


def test_a_decided_date_is_missing(tmp_path: Path) -> None:
    """The row has decided, so CNSR and EVNTDESC stay; ADT and AVAL are missing."""
    table = SURVIVAL.replace('"LASTDT IS NOT NULL"', '"DTHDT IS NULL"')
    found, log = decided(tmp_path, table, "01,Y,2024-01-01,,,\n")
    assert found == [("01", "OS", "", "", "1", "NO EVENT", "LAST KNOWN ALIVE")]
    assert issues(log, "decision-date-missing") == [
        "decision-date-missing: LASTDT, which decides OS, is missing. subj.csv2ALIVE L9"
    ]


def test_a_decided_date_before_the_start(tmp_path: Path) -> None:
    """One day before the start is told; the day of the start is day 1."""
    found, log = decided(tmp_path, SURVIVAL, "01,Y,2024-01-02,2024-01-01,,\n02,Y,2024-01-02,2024-01-02,,\n")
    assert found == [
        ("01", "OS", "", "", "0", "DEATH", ""),
        ("02", "OS", "2024-01-02", "1", "0", "DEATH", ""),
    ]
    assert issues(log, "decision-before-start") == [
        "decision-before-start: DTHDT, which decides OS, is before STARTDT. subj.csv2DEATH subj.csv2START L8"
    ]


def test_the_date_of_a_cut_is_missing(tmp_path: Path) -> None:
    """It cannot be said whether the record is cut, so it is not decided; a record without ADT stays as it was."""
    cut = """
OSCUT:
  cut: {of: OS, date: NEXTDT, row: {date: NEXTDT, CNSR: 9, EVNTDESC: CUT}}
"""
    found, log = decided(tmp_path, SURVIVAL + cut, """\
        01,Y,2024-01-01,2024-02-01,,
        02,Y,2024-01-01,2024-02-01,2024-01-15,
        03,Y,2024-01-01,,,
        """)  # fmt: skip
    assert [r[2:5] for r in found if r[1] == "OSCUT"] == [("", "", ""), ("2024-01-15", "15", "9"), ("", "", "")]
    told = issues(log, "no-decision")
    assert [t.split(". ")[0] for t in told] == [
        "no-decision: No row of the table of OS is true", "no-decision: The date at which OS is cut is missing",
    ]  # fmt: skip


def test_start_is_not_known(tmp_path: Path) -> None:
    """Without a start there is no record; the accounts say how many."""
    made, _ = made_of(tmp_path, SURVIVAL, "01,Y,,2024-02-01,,\n02,Y,2024-01-01,2024-02-01,,\n03,N,,,,\n")
    frame = made.run.frame("ADTTE", "os")
    assert [(s.step, s.why, s.records) for s in frame.left] == [
        ("where", "not SAFFL = 'Y'", 1), ("start", "STARTDT is missing", 1),
    ]  # fmt: skip
    assert frame.n == 1


def test_constants_and_rules_beside_parameters(tmp_path: Path) -> None:
    """Upper-case names are constants, which a cut has too, but for PARAM; `derive` and blocks stand beside them."""
    table = SURVIVAL.replace("  subjects", "  PARCAT1: EFFICACY\n  subjects")
    cut = """
OSCUT:
  PARAM: Overall Survival to Week 4 (days)
  cut: {of: OS, date: WK4DT, where: CNSR = 0, row: {date: WK4DT, CNSR: 9, EVNTDESC: CUT}}
"""
    more = """\
    derive:
      longest: {max: os.AVAL}
      CRIT1FL: {yes_if: AVAL = longest, no: ""}
    variables: {CRIT1FL: {label: Longest}}
    """
    names = ("USUBJID", "PARAMCD", "PARAM", "PARCAT1", "ADY", "CRIT1FL")
    found, _ = decided(tmp_path, table + cut, "01,Y,2024-01-01,2024-02-01,,\n02,Y,2024-01-01,,,2024-02-02\n",
                       names=names, more=more)  # fmt: skip
    assert found == [
        ("01", "OS", "Overall Survival (days)", "EFFICACY", "32", "Y"),
        ("01", "OSCUT", "Overall Survival to Week 4 (days)", "EFFICACY", "29", ""),
        ("02", "OS", "Overall Survival (days)", "EFFICACY", "33", "Y"),
    ]


def test_blocks_beside_parameters(tmp_path: Path) -> None:
    """Records of another kind in the same dataset, which may look at those of a parameter by its block."""
    more = """\
    records:
      long:
        from: ADSL
        where: "SAFFL = 'Y'"
        set: {PARAMCD: {value: LONG}, PARAM: {value: Longest (days)}, AVAL: {max: os.AVAL, where: CNSR = 0}}
    """
    found, _ = decided(tmp_path, SURVIVAL, "01,Y,2024-01-01,2024-02-01,,\n02,Y,2024-01-01,,,2024-02-02\n", more=more)
    assert [r[:5] for r in found] == [
        ("01", "LONG", "", "32", ""),
        ("01", "OS", "2024-02-01", "32", "0"),
        ("02", "LONG", "", "", ""),
        ("02", "OS", "2024-02-02", "33", "1"),
    ]


def test_numbers_of_the_rows_are_kept(tmp_path: Path) -> None:
    """`decided` is the row that decided, 0 where a cut left the record as it was; it is a temporary, not written."""
    made, _ = made_of(tmp_path, PROGRESSION + WEEK_4, "01,Y,2024-01-01,,,2024-03-01\n02,Y,2024-01-01,2024-01-05,,\n",
                      "01,2024-01-10,1\n01,2024-02-10,5\n")  # fmt: skip
    number = {b: [made.run.variable("ADTTE", b, "decided").text_at(i) for i in range(2)] for b in ("pfs", "pfsw4")}
    assert number == {"pfs": ["3", "4"], "pfsw4": ["1", "0"]}
    assert "decided" not in [v.name for b in made.built if b.name == "ADTTE" for v in b.variables]
