"""Steps of a block beside joins: where, one_per, group, transpose, not_done, header, record_of."""

from __future__ import annotations

from pathlib import Path

from .support import FOUR, ONE_SOURCE, built, checked, rows, told, values

NUMBERED = ONE_SOURCE.replace("{file: a.csv, subject: SUBJID}", "{file: a.csv, subject: SUBJID, columns: {V: {type: number}}}")  # fmt: skip # noqa: E501


def made_of(root: Path, block: str, a: str, study: str = ONE_SOURCE, more: str = "", keys: str = "[USUBJID, AETERM]"):  # type: ignore[no-untyped-def]
    """The build of AE from one block; `block` are its lines."""
    text = "dataset: AE\nrecords:\n  a:\n    from: raw.A\n" + "".join(f"    {x}\n" for x in block.strip().splitlines())
    return built(root, study, {"sdtm/ae.yaml": f"{text}{more}keys: {keys}\n"}, {"subj.csv": FOUR, "a.csv": a})


def test_where_counts_false_and_unknown_apart(tmp_path: Path) -> None:
    a = "SUBJID,N,X\n01,1,y\n01,2,n\n01,3,\n"
    made, log = made_of(tmp_path, "where: X = 'y'\nwhy: Not asked\nset: {AETERM: N}", a)
    assert values(made, "AE", "AETERM") == [("1",)]
    frame = made.run.frame("AE", "a")
    assert frame.counts == {"read": 3, "where": 1, "where unknown": 1}
    assert [(x.step, x.why, x.records) for x in frame.left] == [
        ("where", "Not asked", 1), ("where", "`where` is unknown", 1),
    ]  # fmt: skip
    assert told(log, "where-unknown") == ["where-unknown X:4"]


def test_one_per_keeps_first_or_last_and_never_the_missing(tmp_path: Path) -> None:
    a = "SUBJID,N,X\n01,1,b\n01,2,a\n01,3,\n02,4,\n"
    for number, (order, keep, want) in enumerate([
        ("X", "first", "2"), ("X", "last", "1"), ("X desc", "first", "1"), ("X desc", "last", "2"),
    ]):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        made, log = made_of(folder, f"one_per: {{by: SUBJID, order: {order}, keep: {keep}}}\nset: {{AETERM: N}}", a)
        assert values(made, "AE", "AETERM") == [(want,), ("4",)]
        assert made.run.frame("AE", "a").counts["one_per"] == 2
        assert told(log, "order-open") == []


def test_one_per_tells_ties_of_rows_that_differ(tmp_path: Path) -> None:
    a = "SUBJID,N,X\n01,1,a\n01,1,a\n01,9,b\n02,2,a\n02,2,a\n02,3,a\n"
    made, log = made_of(tmp_path, "one_per: {by: SUBJID, order: X, keep: first}\nset: {AETERM: N}", a)
    assert values(made, "AE", "AETERM") == [("1",), ("2",)]
    assert [t.split()[:2] for t in told(log, "order-open")] == [["order-open", "SUBJID:7"]]


def test_group_sums_counts_and_orders_its_rows(tmp_path: Path) -> None:
    a = "SUBJID,N,X,V\n01,d,b,1\n01,d,a,2.5\n01,e,c,\n02,d,z,4\n"
    block = """
group: [SUBJID, N]
set:
  AETERM: N
  total: {sum: V}
  low: {min: V}
  high: {max: V, at_most: study.top}
  early: {first: X, order: X}
  late: {last: X, order: V}
"""
    made, log = made_of(tmp_path, block, a, NUMBERED + "constants: {top: 2}\n")
    assert values(made, "AE", "AETERM", "total", "low", "high", "early", "late") == [
        ("d", "3.5", "1", "1", "a", "a"), ("e", "", "", "", "c", "c"), ("d", "4", "4", "", "z", "z"),
    ]  # fmt: skip
    assert made.run.frame("AE", "a").counts["group"] == 1
    assert [i for i in log if i.severity == "error"] == []


def test_group_branches_of_a_case_see_their_own_rows(tmp_path: Path) -> None:
    a = "SUBJID,N,V\n01,d,1\n01,e,2\n01,e,3\n02,d,4\n02,e,5\n"
    block = "group: [SUBJID, N]\nset:\n  AETERM: N\n  x: {case: [{when: \"N = 'e'\", sum: V}, {max: V}]}"
    made, _ = made_of(tmp_path, block, a, NUMBERED)
    assert values(made, "AE", "AETERM", "x") == [("d", "1"), ("e", "5"), ("d", "4"), ("e", "5")]


def test_group_refuses_columns_that_are_not_its_own(tmp_path: Path) -> None:
    block = "    group: [SUBJID, N]\n    join: {j: {with: raw.SUBJ, by: SUBJID, take: SEX}}\n"
    ae = f"dataset: AE\nrecords:\n  a:\n    from: raw.A\n{block}    set: {{AETERM: N, a: X, b: SEX, c: row.number, d: row.USUBJID, e: {{date: X}}}}\nkeys: USUBJID\n"  # noqa: E501
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,X\n"}
    _, log = checked(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae}, raw)
    found = [i.message.split()[0] for i in log if i.rule == "not-a-group-column"]
    assert sorted(set(found)) == ["SEX", "X", "row.number"]


def test_group_over_several_subjects_makes_no_record(tmp_path: Path) -> None:
    a = "SUBJID,N,V\n01,d,1\n02,d,2\n02,e,3\n"
    made, log = made_of(tmp_path, "group: N\nset: {AETERM: N}", a, NUMBERED)
    assert rows(made, "AE", "USUBJID", "AETERM") == [("02", "e")]
    assert told(log, "group-differs") == ["group-differs N:2"]
    assert made.run.frame("AE", "a").counts["in error"] == 1


def test_rows_without_their_topic_or_subject_are_in_error(tmp_path: Path) -> None:
    a = "SUBJID,N\n01,1\n01,\n,3\n09,4\n"
    made, log = made_of(tmp_path, "set: {AETERM: N}", a)
    assert rows(made, "AE", "USUBJID", "AETERM") == [("01", "1")]
    frame = made.run.frame("AE", "a")
    assert frame.counts == {"read": 4, "in error": 3}
    assert [(x.step, x.why, list(x.rows)) for x in frame.left] == [
        ("subjects", "no known subject", [2, 3]), ("topic", "AETERM is missing", [1]),
    ]  # fmt: skip
    assert told(log, "key-missing", "subject-missing", "subject-unknown") == [
        "key-missing N:3", "subject-missing SUBJID:4", "subject-unknown SUBJID:5 09",
    ]  # fmt: skip


def test_several_sources_of_one_shape_are_one_table(tmp_path: Path) -> None:
    study = ONE_SOURCE.replace("subjects:", "  B: {file: b.csv, subject: SUBJID}\nsubjects:")
    ae = "dataset: AE\nrecords: {a: {from: [raw.A, raw.B], set: {AETERM: N, f: row.file, n: row.number}}}\nkeys: [USUBJID, AETERM]\n"  # noqa: E501
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,X\n01,1,\n", "b.csv": "N,SUBJID\n2,02\n3,09\n"}
    made, log = built(tmp_path, study, {"sdtm/ae.yaml": ae}, raw)
    assert values(made, "AE", "USUBJID", "AETERM", "f", "n") == [("01", "1", "a.csv", "2"), ("02", "2", "b.csv", "2")]
    assert told(log, "subject-unknown") == ["subject-unknown SUBJID:3 09"]


def test_a_source_without_subject_or_a_study_without_register_is_a_fault(tmp_path: Path) -> None:
    ae = {"sdtm/ae.yaml": "dataset: AE\nrecords: {a: {from: raw.A, set: {AETERM: N}}}\nkeys: [USUBJID, AETERM]\n"}
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N\n01,1\n"}
    for number, (study, rule) in enumerate([
        (ONE_SOURCE.replace("a.csv, subject: SUBJID", "a.csv"), "no-subject"),
        (ONE_SOURCE[: ONE_SOURCE.index("subjects:")], "no-register"),
    ]):  # fmt: skip
        folder = tmp_path / str(number)
        folder.mkdir()
        _, log = checked(folder, study, ae, raw)
        assert rule in {i.rule for i in log if i.severity == "error"}


# transpose

LAB = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  A: {file: a.csv, subject: SUBJID, header: [name, unit], missing: [ND, "-"]}
subjects: {register: raw.SUBJ, usubjid: SUBJID}
codelists:
  LBTESTCD: {synonyms: {Pot: K, Kalium: K}}
  UNIT: {synonyms: {mM: mmol/L}}
"""


def lab(root: Path, transpose: str, a: str, more: str = "", tests: str = "{K: {LBCAT: CHEM}, GLUC: {LBCAT: CHEM}}"):  # type: ignore[no-untyped-def]
    text = "dataset: LB\nrecords:\n  a:\n    from: raw.A\n    transpose:\n"
    text += "".join(f"      {line}\n" for line in transpose.strip().splitlines())
    text += "".join(f"    {line}\n" for line in more.strip().splitlines())
    text += f"tests: {tests}\nkeys: [USUBJID, LBTESTCD, LBSPID]\n"
    return built(root, LAB, {"sdtm/lb.yaml": text}, {"subj.csv": FOUR, "a.csv": a})


NAMES = ("USUBJID", "LBTESTCD", "LBORRES", "LBORRESU", "LBSTAT")


def test_star_takes_terms_and_synonyms_that_tests_name(tmp_path: Path) -> None:
    a = "SUBJID,Pot,GLUC,ALT,other\n,mM,mg/dL,U/L,x\n01,4,5,6,7\n"
    made, _ = lab(tmp_path, '"*": {LBORRES: row.cell, LBORRESU: {header: unit}}\nGLUC: {LBORRES: GLUC}', a, "set: {LBSPID: SUBJID}")  # noqa: E501
    assert rows(made, "LB", *NAMES[:4]) == [("01", "GLUC", "5", ""), ("01", "K", "4", "mmol/L")]


def test_entries_with_testcd_where_and_not_done_of_their_own(tmp_path: Path) -> None:
    a = "SUBJID,P1,P2,R,ASKED\n,,,,\n01,4,5,r,1\n02,ND,NO,ND,1\n03,4,-,NO,2\n04,,,,\n"
    transpose = """
first: {testcd: K, LBORRES: P1, LBSPID: {value: a}, not_done: {result: [ND]}}
second: {testcd: K, LBORRES: P2, LBSPID: {value: b}, where: "ASKED = '1'"}
GLUC: {LBORRES: R, not_done: {when: "R = 'NO'"}, LBSPID: {value: c}}
"""
    made, log = lab(tmp_path, transpose, a, "not_done: {result: [NO]}")
    assert rows(made, "LB", "USUBJID", "LBTESTCD", "LBSPID", "LBORRES", "LBSTAT") == [
        ("01", "GLUC", "c", "r", ""), ("01", "K", "a", "4", ""), ("01", "K", "b", "5", ""),
        ("02", "K", "a", "", "NOT DONE"), ("02", "K", "b", "", "NOT DONE"),
        ("03", "GLUC", "c", "", "NOT DONE"), ("03", "K", "a", "4", ""),
    ]  # fmt: skip
    counts = made.run.frame("LB", "a").counts
    assert counts["transposed"] * 3 == len(rows(made, "LB", "USUBJID")) + counts["blank results"]
    assert told(log, "not-done-with-result") == ["not-done-with-result R:5"]
    assert sorted(i.message for i in log if i.rule == "where-undecided") == [
        "`where` is unknown for 1 row: none of them counts."
    ]


def test_a_cell_that_says_not_done_raises_no_issue_of_its_rule(tmp_path: Path) -> None:
    a = "SUBJID,P,Q\n,,\n01,pos,1\n02,NT,1\n03,?,1\n04,?,2\n"
    transpose = "K: {LBORRES: {from: P, map: {pos: POSITIVE}}, LBORRESU: {from: P, map: {pos: g/L}}, where: \"Q = '1'\"}"  # noqa: E501
    made, log = lab(tmp_path, transpose, a, "not_done: {result: [NT]}\nset: {LBSPID: SUBJID}")
    assert rows(made, "LB", *NAMES) == [("01", "K", "POSITIVE", "g/L", ""), ("02", "K", "", "", "NOT DONE")]
    assert set(told(log, "ct-miss")) == {"ct-miss P:5 ?"}
    assert told(log, "not-done") == ["not-done P:4 NT"]


def test_constants_of_tests_and_rules_of_entries_over_derive(tmp_path: Path) -> None:
    a = "SUBJID,P,Q\n,,\n01,1,2\n"
    transpose = "K: {LBORRES: P, LBLOC: {value: ARM}}\nGLUC: {LBORRES: Q}"
    made, _ = lab(
        tmp_path, transpose, a, "set: {LBSPID: SUBJID}", "{K: {LBCAT: CHEM}, GLUC: {LBCAT: SUGAR, LBSPEC: BLOOD}}\nderive: {LBLOC: {value: LEG}, LBSCAT: {value: ALL}}",  # noqa: E501
    )  # fmt: skip
    assert rows(made, "LB", "LBTESTCD", "LBCAT", "LBSPEC", "LBLOC", "LBSCAT") == [
        ("GLUC", "SUGAR", "BLOOD", "LEG", "ALL"), ("K", "CHEM", "", "ARM", "ALL"),
    ]  # fmt: skip


def test_header_in_a_branch(tmp_path: Path) -> None:
    a = "SUBJID,Pot,GLUC\n,mM,mg/dL\n01,4,5\n02,6,\n"
    transpose = "\"*\": {LBORRES: row.cell, LBORRESU: {case: [{when: \"SUBJID = '02'\", header: unit}, {value: g/L}]}}"
    made, _ = lab(tmp_path, transpose, a, "set: {LBSPID: SUBJID}")
    assert rows(made, "LB", *NAMES[:4]) == [
        ("01", "GLUC", "5", "g/L"), ("01", "K", "4", "g/L"), ("02", "K", "6", "mmol/L"),
    ]  # fmt: skip


# record_of


def test_record_of_the_same_raw_row(tmp_path: Path) -> None:
    ae = "dataset: AE\nrecords: {a: {from: raw.A, where: \"K > '1'\", set: {AETERM: N, AESPID: K}}}\nkeys: [USUBJID, AETERM]\n"  # noqa: E501
    co = """\
    dataset: CO
    records:
      a:
        from: raw.A
        where: X IS NOT NULL
        set:
          COVAL: X
          IDVARVAL: {record_of: AE.AESEQ}
          other: {case: [{when: "X = 'b'", record_of: AE.AESPID}, {value: none}]}
    keys: [USUBJID, COVAL]
    """
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,K,X\n01,z,2,a\n01,y,3,b\n01,x,1,c\n02,w,4,\n"}
    made, log = built(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae, "sdtm/co.yaml": co}, raw)
    assert rows(made, "AE", "AETERM", "AESEQ") == [("y", "1"), ("z", "2"), ("w", "1")]
    assert values(made, "CO", "COVAL", "IDVARVAL", "other") == [("a", "2", "none"), ("b", "1", "3"), ("c", "", "none")]
    assert told(log, "join-duplicate") == []


def test_record_of_several_records_of_one_row(tmp_path: Path) -> None:
    lb = "dataset: LB\nrecords: {a: {from: raw.A, transpose: {K: {LBORRES: X}, GLUC: {LBORRES: Y}}, set: {LBCAT: N}}}\nkeys: [USUBJID, LBTESTCD]\n"  # noqa: E501
    co = """\
    dataset: CO
    records: {a: {from: raw.A, set: {COVAL: N, same: {record_of: LB.LBCAT}, differ: {record_of: LB.LBTESTCD}}}}
    keys: [USUBJID, COVAL]
    """
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,X,Y\n01,n,1,2\n02,m,1,\n"}
    made, log = built(tmp_path, ONE_SOURCE, {"sdtm/lb.yaml": lb, "sdtm/co.yaml": co}, raw)
    assert values(made, "CO", "same", "differ") == [("n", ""), ("m", "K")]
    assert len(told(log, "join-duplicate")) == 1
