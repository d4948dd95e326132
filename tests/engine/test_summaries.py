"""Summaries and flags: one value from the records of another dataset, a block, a raw source or the dataset itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import FOUR, ONE_SOURCE, built, checked, rows, told, values

STUDY = ONE_SOURCE.replace(
    "a.csv, subject: SUBJID", "a.csv, subject: SUBJID, columns: {V: {type: number}, D: {type: date, formats: [yyyy-MM-dd]}}"  # noqa: E501
)  # fmt: skip
DM = """\
dataset: DM
records: {{s: {{from: raw.SUBJ, set: {{SUBJID: SUBJID, cut: {{value: "2"}}}}}}}}
derive:
{}
keys: USUBJID
"""
AE = """\
dataset: AE
records:
  a: {from: raw.A, where: "V IS NULL OR V < 100", set: {AETERM: N, v: V, g: G, AESTDTC: {date: D}}}
  b: {from: raw.A, where: "V >= 100", set: {AETERM: N, v: V, g: G, AESTDTC: {date: D}}}
keys: [USUBJID, AETERM]
"""
A = """\
SUBJID,N,V,G,D
01,1,1,p,2020-01-05
01,2,3,q,2020-01-01
01,3,,p,
02,4,,p,2020-03
03,5,100,q,2020-02-02
"""


def summed(root: Path, rule: str, a: str = A, ae: str = AE, more: str = "", study: str = STUDY) -> tuple[list[str], list[str]]:  # noqa: E501
    """The values of the temporary x of DM, whose rule this is, and the rules of errors."""
    dm = DM.format(f"  x: {rule}\n{more}")
    made, log = built(root, study, {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": ae}, {"subj.csv": FOUR, "a.csv": a})
    return [v for (v,) in values(made, "DM", "x")], told(log, "order-open", "date-open", "ct-miss")


@pytest.mark.parametrize(
    ("rule", "want"),
    [
        ("{min: AE.v}", ["1", "", "100", ""]),
        ("{max: AE.v}", ["3", "", "100", ""]),
        ("{sum: AE.v, missing: ignored}", ["4", "", "100", ""]),
        ("{sum: AE.v, if_none: 0, missing: ignored}", ["4", "", "100", "0"]),
        ("{count: AE}", ["3", "1", "1", "0"]),
        ('{count: AE, where: "g = \'p\'"}', ["2", "1", "0", "0"]),
        ("{exists: AE}", ["Y", "Y", "Y", ""]),
        ('{exists: AE, where: "v > 2", if_none: N}', ["Y", "N", "Y", "N"]),
        ("{first: AE.AETERM, order: v}", ["1", "4", "5", ""]),
        ("{first: AE.AETERM, order: v desc}", ["2", "4", "5", ""]),
        ("{last: AE.AETERM, order: v}", ["2", "4", "5", ""]),
        ("{last: AE.AETERM, order: [g, v]}", ["2", "4", "5", ""]),
        ("{first: AE.v, order: [AESTDTC desc]}", ["1", "", "100", ""]),
        ('{first: AE.AETERM, order: v, where: "v > num(this.cut)", if_none: NONE}', ["2", "NONE", "5", "NONE"]),
        ('{first: AE.AETERM, order: v, where: "AE.v < num(this.cut)"}', ["1", "", "", ""]),
        ("{min: AE.v, at_least: study.two}", ["3", "", "100", ""]),
        ("{max: AE.v, at_most: study.two}", ["1", "", "", ""]),
        ("{max: AE.v, at_most: study.three, at_least: study.three}", ["3", "", "", ""]),
        ("{max: AE.AESTDTC, at_most: study.day}", ["2020-01-05", "", "", ""]),
        ("{max: AE.AESTDTC, at_most: study.eve}", ["2020-01-01", "", "", ""]),
        ("{first: AE.g, order: v, map: {p: POS}, unmapped: OTHER, if_none: NONE}", ["POS", "POS", "OTHER", "NONE"]),
        ("{first: AE.v, order: v, map: {1: ONE}, unmapped: MORE}", ["ONE", "", "MORE", ""]),
    ],
)
def test_operations(tmp_path: Path, rule: str, want: list[str]) -> None:
    constants = "constants: {two: 2, three: 3, day: 2020-01-05, eve: 2020-01-04}\n"
    found, issues = summed(tmp_path, rule, study=STUDY + constants)
    assert (found, issues) == (want, [])


def test_a_sum_with_a_number_missing_is_missing_and_told(tmp_path: Path) -> None:
    """01 has 1, 3 and none; 02 has none at all, which is no sum; 03 is whole; 04 has no record."""
    dm = DM.format("  x: {sum: AE.v, if_none: 0}\n")
    made, log = built(tmp_path, STUDY, {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": AE}, {"subj.csv": FOUR, "a.csv": A})
    assert [v for (v,) in values(made, "DM", "x")] == ["", "", "100", "0"]
    assert [(i.severity.value, i.rule) for i in log if i.rule == "sum-incomplete"] == [("error", "sum-incomplete")]


def test_map_without_unmapped_tells_what_it_lacks(tmp_path: Path) -> None:
    found, issues = summed(tmp_path, "{first: AE.g, order: v, map: {p: POS}}")
    assert found == ["POS", "POS", "", ""]
    assert [i.split()[0] for i in issues] == ["ct-miss"]


def test_an_order_that_leaves_different_values_open_is_told_and_missing(tmp_path: Path) -> None:
    a = "SUBJID,N,V,G,D\n01,1,1,p,\n01,2,1,p,\n01,3,1,q,\n02,4,1,p,\n02,5,1,p,\n02,6,2,q,\n03,7,,p,\n03,8,,q,\n"
    found, issues = summed(tmp_path, "{first: AE.g, order: v}", a)
    assert found == ["", "p", "", ""]
    assert len(issues) == 2


def dates(*texts: str) -> str:
    """Events of subject 01 on these days."""
    return "SUBJID,N,V,G,D\n" + "".join(f"01,{i},,,{t}\n" for i, t in enumerate(texts))


ANY = AE.replace("{date: D}", '{date: D, time: G, formats: [yyyy-MM-dd, yyyy-MM, yyyy, "HH:mm"]}')
OPEN = ONE_SOURCE.replace("a.csv, subject: SUBJID", "a.csv, subject: SUBJID, columns: {V: {type: number}}")


@pytest.mark.parametrize(
    ("operation", "days", "want", "ignored"),
    [
        ("min", ["2020-01-02", "2020-01-01"], "2020-01-01", "2020-01-01"),
        ("min", ["2020-01", "2020-01-15"], "?", "2020-01-15"),
        ("min", ["2020-01", "2020-02-01"], "2020-01", "2020-02-01"),
        ("min", ["2020-01", "2020-01-01"], "2020-01-01", "2020-01-01"),
        ("min", ["2020-01", "2020"], "?", ""),
        ("min", ["2020-01", "2020-01"], "2020-01", ""),
        ("min", ["2020", "2019-12-31"], "2019-12-31", "2019-12-31"),
        ("max", ["2020-01", "2020-01-15"], "?", "2020-01-15"),
        ("max", ["2020-01", "2020-01-31"], "2020-01-31", "2020-01-31"),
        ("max", ["2020-01", "2020-02-01"], "2020-02-01", "2020-02-01"),
        ("max", ["2020", "2020-12"], "?", ""),
        ("max", ["2020", "2019-12-31"], "2020", "2019-12-31"),
    ],
)
def test_partial_dates(tmp_path: Path, operation: str, days: list[str], want: str, ignored: str) -> None:
    dm = DM.format(f"  x: {{{operation}: AE.AESTDTC}}\n  y: {{{operation}: AE.AESTDTC, partial: ignored}}")
    raw = {"subj.csv": FOUR, "a.csv": dates(*days)}
    made, log = built(tmp_path, OPEN, {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": ANY}, raw)
    assert values(made, "DM", "x", "y")[0] == (want.replace("?", ""), ignored)
    assert len(told(log, "date-open")) == (want == "?")


def test_of_one_day_the_more_precise_wins(tmp_path: Path) -> None:
    a = "SUBJID,N,V,G,D\n01,1,,,2020-01-01\n01,2,,09:00,2020-01-01\n01,3,,08:00,2020-01-01\n"
    dm = DM.format("  x: {min: AE.AESTDTC}\n  y: {max: AE.AESTDTC}")
    made, _ = built(tmp_path, OPEN, {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": ANY}, {"subj.csv": FOUR, "a.csv": a})
    assert values(made, "DM", "x", "y")[0] == ("2020-01-01T08:00", "2020-01-01T09:00")


def test_own_dataset_blocks_and_by(tmp_path: Path) -> None:
    derive = """\
    derive:
      n_mine:  {count: AE, by: [USUBJID, g]}
      low:     {min: v}
      others:  {count: AE, where: "v < this.v"}
      of_b:    {first: b.AETERM, order: AETERM, by: g}
      late:    {last: AETERM, order: AETERM, where: "AETERM < this.AETERM"}
      in_a:    {expr: "1", blocks: [a]}
    """
    ae = AE.replace("keys:", "\n".join(x[4:] for x in derive.splitlines()) + "\nkeys:")
    made, log = built(tmp_path, STUDY, {"sdtm/ae.yaml": ae}, {"subj.csv": FOUR, "a.csv": A})
    assert values(made, "AE", "AETERM", "n_mine", "low", "others", "of_b", "late", "in_a") == [
        ("1", "2", "1", "0", "", "", "1"), ("2", "1", "1", "1", "5", "1", "1"), ("3", "2", "1", "0", "", "2", "1"),
        ("4", "1", "", "0", "", "", "1"), ("5", "1", "100", "0", "5", "", ""),
    ]  # fmt: skip
    undecided = [i for i in log if i.rule == "where-undecided"]
    assert len(undecided) == 1
    assert "6 rows" in undecided[0].message


def test_several_datasets_and_a_raw_source(tmp_path: Path) -> None:
    cm = "dataset: CM\nrecords: {a: {from: raw.A, set: {CMTRT: N, CMSTDTC: {date: D}, v: V}}}\nkeys: [USUBJID, CMTRT]\n"
    sums = "  y: {sum: raw.A.V, missing: ignored}\n  n: {sum: [AE.v, CM.v], missing: ignored}"
    dm = DM.format(f"  x: {{min: [AE.v, CM.v]}}\n  z: {{count: raw.A}}\n{sums}")
    mappings = {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": AE, "sdtm/cm.yaml": cm}
    made, _ = built(tmp_path, STUDY, mappings, {"subj.csv": FOUR, "a.csv": A})
    assert values(made, "DM", "x", "y", "z", "n") == [
        ("1", "4", "3", "8"), ("", "", "1", ""), ("100", "100", "1", "200"), ("", "", "0", ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("{first: AE.v}", "order-needed"), ("{sum: AE.AETERM}", "kind-mismatch"), ("{min: AE.AETERM}", "kind-mismatch"),
        ("{min: [AE.v, AE.AESTDTC]}", "kind-mismatch"), ("{max: AE.v, at_most: study.day}", "kind-mismatch"),
        ("{max: AE.AESTDTC, at_most: cut}", "kind-mismatch"), ("{min: AE.v, if_none: NONE}", "kind-mismatch"),
        ("{max: AE.w}", "unknown-column"), ("{max: EA.v}", "unknown-column"), ("{count: EA}", "unknown-column"),
        ('{count: AE, where: "USUBJID = \'1\'"}', "name-on-both-sides"),
        ('{count: AE, where: "cut = \'1\'"}', "unknown-column"), ("AE.v", "many-per-subject"),
        ("{first: x, order: SUBJID}", "cycle"), ('{expr: "x || \'a\'"}', "cycle"),
    ],
)  # fmt: skip
def test_faults(tmp_path: Path, rule: str, fault: str) -> None:
    dm = DM.format(f"  x: {rule}")
    raw = {"subj.csv": FOUR, "a.csv": A}
    _, log = checked(tmp_path, STUDY + "constants: {day: 2020-01-01}\n", {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": AE}, raw)
    errors = [i for i in log if i.severity == "error"]
    assert [i.rule for i in errors] == [fault], [str(i) for i in errors]
    assert next(p.line for p in errors[0].locations if p.yaml) == 4


# flags


def test_flags(tmp_path: Path) -> None:
    a = "SUBJID,N,V,G,D\n01,1,2,p,\n01,2,1,p,\n01,3,,p,\n01,4,1,q,\n01,5,1,q,\n02,6,,p,\n02,7,9,p,\n"
    ae = AE.replace("keys:", """\
derive:
  low:  {flag_first: USUBJID, order: [v, AETERM]}
  high: {flag_last: [USUBJID, g], order: v}
  none: {flag_last: [USUBJID, g], order: v desc, where: "v < 9"}
keys:""")
    made, log = built(tmp_path, STUDY, {"sdtm/ae.yaml": ae}, {"subj.csv": FOUR, "a.csv": a})
    assert values(made, "AE", "AETERM", "low", "high", "none") == [
        ("1", "", "Y", ""), ("2", "Y", "", "Y"), ("3", "", "", ""), ("4", "", "", ""), ("5", "", "", ""),
        ("6", "", "", ""), ("7", "Y", "Y", ""),
    ]  # fmt: skip
    assert len(told(log, "order-open")) == 2


def test_a_flag_stands_in_derive(tmp_path: Path) -> None:
    ae = AE.replace("g: G,", "g: G, f: {flag_first: N, order: V},")
    _, log = checked(tmp_path, STUDY, {"sdtm/ae.yaml": ae}, {"subj.csv": FOUR, "a.csv": A})
    assert {i.rule for i in log if i.severity == "error"} == {"bad-argument"}


# of the subject


def test_a_subject_with_several_records_has_no_value(tmp_path: Path) -> None:
    dm = DM.format('  x: {expr: "cut"}')
    ae = AE.replace("keys:", 'derive: {m: {expr: "DM.cut"}}\nkeys:')
    raw = {"subj.csv": FOUR.replace("02,F", "01,F"), "a.csv": A}
    made, log = built(tmp_path, STUDY, {"sdtm/dm.yaml": dm, "sdtm/ae.yaml": ae}, raw)
    assert [v for (v,) in values(made, "AE", "m")] == ["", "", "", "2"]
    assert told(log, "several-per-subject") == ["several-per-subject :2", "several-per-subject :3"]
    assert rows(made, "DM", "USUBJID") == [("01",), ("01",), ("03",), ("04",)]
    assert len(told(log, "keys-not-unique")) == 2


@pytest.mark.parametrize(
    ("rule", "want"),
    [
        ("{max: AE.AESTDTC, partial: earliest}", ["2020-02-20", "2020-03-01", "2021", ""]),
        ("{max: AE.AESTDTC, partial: latest}", ["2020-02", "2020-03", "2021", ""]),
        ("{max: AE.AESTDTC, partial: ignored}", ["2020-02-20", "2020-03-01", "2020-12-31", ""]),
        ("{min: AE.AESTDTC, partial: earliest}", ["2020-02", "2020-03-01", "2020-12-31", ""]),
        ("{min: AE.AESTDTC, partial: latest}", ["2020-02-20", "2020-03-01", "2020-12-31", ""]),
    ],
)
def test_a_partial_date_counts_as_the_day_that_is_said(tmp_path: Path, rule: str, want: list[str]) -> None:
    """Of 2020-03 and 2020-03-01, one day by its first day, the more precise; 2021 begins after 2020-12-31."""
    a = "SUBJID,N,V,G,D\n01,1,1,p,2020-02\n01,2,1,p,2020-02-20\n02,3,1,p,2020-03\n02,4,1,p,2020-03-01\n03,5,1,p,2021\n"
    study = STUDY.replace("[yyyy-MM-dd]", "[yyyy-MM-dd, yyyy-MM, yyyy]")
    found = summed(tmp_path, rule, a + "03,6,1,p,2020-12-31\n", study=study)
    assert found == (want, [])


def test_an_open_date_that_counts_as_its_first_day_is_completed_by_the_same_rule(tmp_path: Path) -> None:
    a = "SUBJID,N,V,G,D\n01,1,1,p,2020-02\n01,2,1,p,2020-01-20\n"
    study = STUDY.replace("[yyyy-MM-dd]", "[yyyy-MM-dd, yyyy-MM]")
    more = "  seen: {max: AE.AESTDTC, partial: earliest}\n"
    rule = "{to_date: seen, impute: {day: earliest}}"
    assert summed(tmp_path, rule, a, more=more, study=study) == (["2020-02-01", "", "", ""], [])
