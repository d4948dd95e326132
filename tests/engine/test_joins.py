"""Joins: which row fits, what several fits, none, blanks and orphans do."""

from __future__ import annotations

from pathlib import Path

from .support import built, checked, rows, told, values

COLUMNS = {
    "NUM": "{type: number}", "DAY": "{type: date, formats: [yyyy-MM-dd, yyyy-MM]}", "SX": "{codelist: SEX}",
    "LOW": "{type: number}", "HIGH": "{type: number}",
    "FROMD": "{type: date, formats: [yyyy-MM-dd, yyyy-MM]}", "TOD": "{type: date, formats: [yyyy-MM-dd, yyyy-MM]}",
}  # fmt: skip


def study_of(raw: dict[str, str], more: str = "") -> str:
    """The study file for these csv files, their columns typed by name."""
    said = {
        f: ", ".join(f"{c}: {COLUMNS[c]}" for c in t.split("\n")[0].split(",") if c in COLUMNS) for f, t in raw.items()
    }
    return f"""\
raw:
  SUBJ: {{file: subj.csv, subject: SUBJID}}
  A: {{file: a.csv, subject: SUBJID, columns: {{{said["a.csv"]}}}}}
  B: {{file: b.csv, columns: {{{more or said["b.csv"]}}}}}
  C: {{file: c.csv, subject: SUBJID}}
subjects: {{register: raw.SUBJ, usubjid: SUBJID}}
codelists: {{SEX: {{synonyms: {{male: M, female: F}}}}}}
"""


DM = """\
dataset: DM
records: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, SEX: {from: SEX, codelist: SEX}}}}
keys: USUBJID
"""
EMPTY = {"subj.csv": "SUBJID,SEX\n01,M\n02,F\n03,\n", "b.csv": "K,VAL\n", "c.csv": "SUBJID,VAL\n01,c1\n"}


def joined(
    root: Path, join: str, a: str, b: str, *names: str, dataset: str = "", more: str = "", sets: str = "x: got"
) -> tuple[list[tuple[str, ...]], list[str]]:
    """Values of names of AE, made of raw.A with one join, and the issues of joins."""
    ae = f"dataset: AE\nrecords:\n  a:\n    from: raw.A\n    join: {{j: {join}}}\n    set: {{AETERM: N, {sets}}}\n"
    if dataset:
        ae = f"dataset: AE\nrecords:\n  a:\n    from: raw.A\n    set: {{AETERM: N, {sets}}}\njoin: {{j: {dataset}}}\n"
        ae += "derive: {x: {expr: got}}\n"
    ae += "keys: [USUBJID, AETERM]\n"
    raw = {**EMPTY, "a.csv": a, "b.csv": b}
    made, log = built(root, study_of(raw, more), {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": ae}, raw)
    found = values(made, "AE", *(names or ("x",)))
    log.merge()
    kept = ("join-missing", "join-duplicate", "join-orphan", "order-open", "range-invalid")
    return found, told(log, *kept)


def test_left_join_never_multiplies_and_never_guesses(tmp_path: Path) -> None:
    a = "SUBJID,N,K\n01,1,p\n01,2,q\n01,3,r\n01,4,s\n01,5,\n"
    b = "K,VAL\np,one\nq,two\nq,two\nr,three\nr,four\n,blank\n"
    found, issues = joined(tmp_path, "{with: raw.B, by: K, take: {got: VAL}}", a, b)
    assert found == [("one",), ("two",), ("",), ("",), ("",)]
    assert issues == ["join-duplicate K:4 :5 :6", "join-missing K:5", "join-missing K:6"]


def test_unmatched_ok_and_orphans_issue(tmp_path: Path) -> None:
    a = "SUBJID,N,K\n01,1,p\n01,2,z\n01,3,\n"
    b = "K,VAL\np,one\np,one\nq,two\n,three\n"
    found, issues = joined(tmp_path, "{with: raw.B, by: K, take: {got: VAL}, unmatched: ok, orphans: issue}", a, b)
    assert found == [("one",), ("",), ("",)]
    assert issues == ["join-orphan K:4", "join-orphan K:5"]


def test_unmatched_rows_may_be_left_out_and_are_counted(tmp_path: Path) -> None:
    a = "SUBJID,N,K\n01,1,p\n01,2,z\n01,3,\n01,4,q\n01,5,r\n"
    b = "K,VAL\np,one\nq,two\nr,three\nr,four\n"
    raw = {**EMPTY, "a.csv": a, "b.csv": b}
    join = "{with: raw.B, by: K, take: {got: VAL}, unmatched: leave_out}"
    ae = (
        "dataset: AE\nrecords:\n  a:\n    from: raw.A\n    join:\n"
        "      other: {with: raw.B, by: K, take: {second: VAL}, unmatched: ok}\n"
        f"      j: {join}\n    set: {{AETERM: N, got: got, second: second}}\nkeys: [USUBJID, AETERM]\n"
    )
    made, log = built(tmp_path, study_of(raw), {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": ae}, raw)
    found = values(made, "AE", "AETERM", "got", "second")
    assert found == [("1", "one", "one"), ("4", "two", "two"), ("5", "", "")]  # several fits are no fit at all: told
    assert told(log, "join-missing") == []
    left = made.run.frame("AE", "a").left
    assert [(one.step, one.why, one.rows.tolist()) for one in left] == [("join", "no fit in j", [1, 2])]


def test_keys_are_evened_out_and_typed(tmp_path: Path) -> None:
    a = "SUBJID,N,NUM\n01,1,1.0\n01,2,２\n01,3,3\n"
    b = "K,VAL\n1,one\n2.00,two\n30,no\n"
    join = "{with: raw.B, by: {NUM: K}, take: {got: VAL}}"
    found, issues = joined(tmp_path, join, a, b, more="K: {type: number}")
    assert found == [("one",), ("two",), ("",)]
    assert issues == ["join-missing NUM:4"]


def test_text_against_number_is_a_fault(tmp_path: Path) -> None:
    ae = "dataset: AE\nrecords: {a: {from: raw.A, join: {j: {with: raw.B, by: {NUM: K}, take: {got: VAL}}}, set: {AETERM: N}}}\nkeys: USUBJID\n"  # fmt: skip # noqa: E501
    raw = {**EMPTY, "a.csv": "SUBJID,N,NUM\n"}
    _, log = checked(tmp_path, study_of(raw), {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": ae}, raw)
    assert [i.rule for i in log if i.rule == "kind-mismatch"] == ["kind-mismatch"]


def test_pick_first_and_last(tmp_path: Path) -> None:
    a = "SUBJID,N,K\n01,1,p\n01,2,q\n"
    b = "K,VAL,LOW\np,b,2\np,a,1\np,c,\nq,z,\n"
    for pick, want in (
        ("{order: LOW, keep: first}", "a"), ("{order: LOW desc, keep: first}", "b"),
        ("{order: LOW, keep: last}", "b"), ("{order: LOW desc, keep: last}", "a"),
    ):  # fmt: skip
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        found, issues = joined(folder, f"{{with: raw.B, by: K, take: {{got: VAL}}, pick: {pick}}}", a, b)
        assert (found, issues) == ([(want,), ("z",)], [])  # a missing value is never preferred, nor with desc


def test_pick_leaves_open_only_what_differs(tmp_path: Path) -> None:
    a = "SUBJID,N,K\n01,1,p\n01,2,q\n01,3,r\n"
    b = "K,VAL,LOW\np,a,1\np,a,1\np,b,1\nq,a,1\nq,a,1\nq,b,2\nr,a,1\nr,b,1\n"
    found, issues = joined(tmp_path, "{with: raw.B, by: K, take: {got: VAL}, pick: {order: LOW, keep: first}}", a, b)
    assert found == [("",), ("a",), ("",)]
    assert [i.split()[:2] for i in issues] == [["order-open", "K:2"], ["order-open", "K:4"]]


def test_between_blank_bounds_are_open_and_ends_belong_to_it(tmp_path: Path) -> None:
    sizes = ["0", "10", "11", "20", "21", "", "30", "31", "22"]
    a = "SUBJID,N,NUM,KEY\n" + "".join(f"01,{i},{size},k\n" for i, size in enumerate(sizes))
    b = "VAL,LOW,HIGH,K\nlow,,10,k\nmid,11,20,k\nhigh,31,,k\nwrong,30,29,k\npoint,22,22,k\n"
    join = "{with: raw.B, by: {KEY: K}, between: {NUM: [LOW, HIGH]}, take: {got: VAL}}"
    found, issues = joined(tmp_path, join, a, b)
    assert [v for (v,) in found] == ["low", "low", "mid", "mid", "", "", "", "high", "point"]
    assert [i for i in issues if i.startswith("range")] == ["range-invalid LOW:5 HIGH:5"]


def test_between_dates_a_partial_date_that_leaves_it_open_fits_nothing(tmp_path: Path) -> None:
    a = "SUBJID,N,K,DAY\n01,1,p,2020-01-15\n01,2,p,2020-03-01\n01,3,q,2020-01-15\n01,4,p,2020-01\n01,5,p,2020-02\n"
    b = "K,VAL,FROMD,TOD\np,one,2020-01-10,2020-02-29\nq,two,2020-01,2020-02-01\n"
    found, _ = joined(tmp_path, "{with: raw.B, by: K, between: {DAY: [FROMD, TOD]}, take: {got: VAL}}", a, b)
    assert found == [("one",), ("",), ("",), ("",), ("one",)]


def test_any_fits_every_value_and_an_exact_fit_wins(tmp_path: Path) -> None:
    a = "SUBJID,N,K\n01,1,p\n02,2,p\n01,3,q\n02,4,q\n03,5,q\n01,6,r\n"
    b = "K,SX,VAL\np,male,men\np,both,all\nq,,all\nr,odd,none\n"
    found, issues = joined(
        tmp_path, "", a, b, sets="k: K",
        dataset="{with: raw.B, by: {k: K, DM.SEX: SX}, any: {SX: [both]}, take: {got: VAL}}",
    )  # fmt: skip
    assert found == [("men",), ("all",), ("all",), ("all",), ("",), ("",)]
    assert [i.split()[0] for i in issues] == ["join-missing", "join-missing"]


def test_texts_of_any_are_asked_no_codelist(tmp_path: Path) -> None:
    a, b = "SUBJID,N,K\n01,1,p\n", "K,SX,VAL\np,both,all\nq,odd,x\n"
    ae = """\
    dataset: AE
    records: {a: {from: raw.A, set: {AETERM: N, k: K}}}
    join: {j: {with: raw.B, by: {k: K, DM.SEX: SX}, any: {SX: [both]}, take: {got: VAL}}}
    derive: {x: {expr: got}}
    keys: [USUBJID, AETERM]
    """
    raw = {**EMPTY, "a.csv": a, "b.csv": b}
    made, log = built(tmp_path, study_of(raw), {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": ae}, raw)
    assert values(made, "AE", "x") == [("all",)]
    assert [i.value for i in log if any(p.column == "SX" for p in i.locations)] == ["odd"]


def test_where_with_this_and_the_other_table_by_its_name(tmp_path: Path) -> None:
    a = "SUBJID,N,K,DAY\n01,1,p,2020-01-15\n01,2,p,2020-02-15\n01,3,p,2019-12-31\n01,4,p,\n"
    b = "K,VAL,FROMD\np,old,2020-01-01\np,new,2020-02-01\n"
    found, issues = joined(
        tmp_path, '{with: raw.B, by: K, where: "raw.B.FROMD <= this.DAY AND this.N IS NOT NULL", '
        "pick: {order: FROMD, keep: last}, take: {got: VAL}}", a, b,
    )  # fmt: skip
    assert found == [("old",), ("new",), ("",), ("",)]
    assert issues == ["join-missing K:4", "join-missing K:5"]


def test_a_join_may_need_what_another_brings(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records:
      a:
        from: raw.A
        join:
          second: {with: raw.B, by: {CODE: K}, take: VAL}
          first: {with: {table: [[NAME, CODE], [one, p], [two, q]]}, by: {N: NAME}, take: CODE}
        set: {AETERM: N, x: VAL}
    keys: [USUBJID, AETERM]
    """
    raw = {**EMPTY, "a.csv": "SUBJID,N\n01,one\n01,two\n01,three\n", "b.csv": "K,VAL\np,P\nq,Q\n"}
    made, log = built(tmp_path, study_of(raw), {"sdtm/ae.yaml": ae}, raw)
    assert values(made, "AE", "x") == [("P",), ("Q",), ("",)]
    assert len(told(log, "join-missing")) == 2


def test_row_usubjid_joins_raw_tables_by_person(tmp_path: Path) -> None:
    found, issues = joined(
        tmp_path, "{with: raw.C, by: row.USUBJID, take: {got: VAL}, unmatched: ok}", "SUBJID,N\n01,1\n02,2\n", "K\n"
    )
    assert (found, issues) == ([("c1",), ("",)], [])


def test_join_with_another_block_and_only_some_blocks(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records:
      a: {from: raw.A, where: "K = 'p'", set: {AETERM: N, k: K}}
      b: {from: raw.A, where: "K = 'q'", set: {AETERM: N, k: K}}
    join: {j: {with: a, by: USUBJID, take: {got: AETERM}, blocks: [b]}}
    derive: {x: {expr: got}}
    keys: [USUBJID, AETERM]
    """
    raw = {**EMPTY, "a.csv": "SUBJID,N,K\n01,1,p\n01,2,q\n02,3,q\n"}
    made, log = built(tmp_path, study_of(raw), {"sdtm/ae.yaml": ae}, raw)
    assert values(made, "AE", "AETERM", "x") == [("1", ""), ("2", "1"), ("3", "")]
    assert len(told(log, "join-missing")) == 1


def test_orphans_of_a_dataset_join_count_the_records_of_all_blocks(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records:
      a: {from: raw.A, where: "N = '1'", set: {AETERM: N, k: K}}
      b: {from: raw.A, where: "N > '1'", set: {AETERM: N, k: K}}
    join: {j: {with: raw.B, by: {k: K}, take: {got: VAL}, orphans: issue}}
    derive: {x: {expr: got}, AEMODIFY: {expr: x}}
    keys: [USUBJID, AETERM]
    """
    raw = {**EMPTY, "a.csv": "SUBJID,N,K\n01,1,p\n01,2,q\n", "b.csv": "K,VAL\np,P\nq,Q\nr,R\n"}
    made, log = built(tmp_path, study_of(raw), {"sdtm/ae.yaml": ae}, raw)
    assert rows(made, "AE", "AETERM", "AEMODIFY") == [("1", "P"), ("2", "Q")]
    assert told(log, "join-orphan") == ["join-orphan K:4"]


def test_take_may_not_hide_a_name(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records: {a: {from: raw.A, join: {j: {with: raw.B, by: K, take: {N: VAL}}}, set: {AETERM: N, k: K}}}
    join: {d: {with: raw.B, by: {k: K}, take: {AETERM: VAL}}}
    keys: [USUBJID, AETERM]
    """
    raw = {**EMPTY, "a.csv": "SUBJID,N,K\n"}
    _, log = checked(tmp_path, study_of(raw), {"sdtm/ae.yaml": ae}, raw)
    assert sorted((i.rule, i.message) for i in log if i.rule == "two-readings") == [
        ("two-readings", "`take` hides the name AETERM."), ("two-readings", "`take` hides the name N."),
    ]  # fmt: skip


def test_bounds_alone_where_the_other_table_has_no_subject(tmp_path: Path) -> None:
    a = "SUBJID,N,NUM\n01,1,2\n01,2,9\n02,3,5\n02,4,\n"
    b = "LOW,HIGH,VAL\n1,3,low\n4,5,mid\n5,7,high\n"
    found, issues = joined(tmp_path, "{with: raw.B, between: {NUM: [LOW, HIGH]}, take: {got: VAL}}", a, b)
    assert found == [("low",), ("",), ("",), ("",)]
    assert issues == ["join-duplicate NUM:4 :3 :4", "join-missing NUM:3", "join-missing NUM:5"]


def test_no_key_and_no_subject_is_a_fault(tmp_path: Path) -> None:
    block = "{from: raw.A, join: {j: {with: raw.B, take: {got: VAL}}}, set: {AETERM: N, x: got}}"
    ae = f"dataset: AE\nrecords: {{a: {block}}}\n"
    raw = {**EMPTY, "a.csv": "SUBJID,N\n01,1\n"}
    _, log = checked(tmp_path, study_of(raw), {"sdtm/ae.yaml": ae + "keys: [USUBJID, AETERM]\n"}, raw)
    said = [str(i) for i in log if i.rule == "unknown-column"]
    assert "raw.B has no USUBJID to join by." in said[0]
    assert "Say `by`, or the source's `subject`." in said[0]
