"""Finished datasets: qualifiers, long text, the encoding, lengths, order and numbers, keys, expectations."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.engine.finish import split_words

from .support import FOUR, ONE_SOURCE, built, events, rows, told


def made_of(root: Path, rules: str, a: str, more: str = "", derive: str = "", study: str = ""):  # type: ignore[no-untyped-def]
    return built(root, ONE_SOURCE + study, events(rules, derive, more), {"subj.csv": FOUR, "a.csv": a})


SUPP = ("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QLABEL", "QVAL", "QEVAL")


def test_qualifiers_stand_apart_with_their_parents_number(tmp_path: Path) -> None:
    labels = "variables: {GRADE: {label: Grade, evaluator: INVESTIGATOR}, COUNTED: {label: Counted, type: integer}}\n"
    a = "SUBJID,N,X,Y\n02,1,b,\n01,2,,7.50\n01,1,a,\n"
    made, _ = made_of(tmp_path, "GRADE: X\nCOUNTED: Y", a, labels)
    assert rows(made, "SUPPAE", *SUPP) == [
        ("AE", "01", "AESEQ", "1", "GRADE", "Grade", "a", "INVESTIGATOR"),
        ("AE", "01", "AESEQ", "2", "COUNTED", "Counted", "7.5", ""),
        ("AE", "02", "AESEQ", "1", "GRADE", "Grade", "b", "INVESTIGATOR"),
    ]
    assert [v.name for v in made.built[0].variables][:5] == ["STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM"]


def test_no_supp_without_values(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, "GRADE: X", "SUBJID,N,X\n01,1,\n", "variables: {GRADE: {label: Grade}}\n")
    assert [b.name for b in made.built] == ["AE"]


def test_long_text_goes_on_in_supp_at_words(tmp_path: Path) -> None:
    text = " ".join(["12345678901"] * 40)
    made, log = made_of(tmp_path, "AEMODIFY: X", f"SUBJID,N,X\n01,1,{text}\n01,2,short\n")
    assert [len(t[0]) for t in rows(made, "AE", "AEMODIFY")] == [191, 5]
    assert rows(made, "SUPPAE", "IDVARVAL", "QNAM", "QLABEL", "QVAL") == [
        ("1", "AEMODIF1", "Modified Reported Term", " ".join(["12345678901"] * 16)),
        ("1", "AEMODIF2", "Modified Reported Term", " ".join(["12345678901"] * 8)),
    ]
    assert len(told(log, "text-split")) == 1


def test_long_text_of_a_qualifier_and_of_several_bytes(tmp_path: Path) -> None:
    made, _ = made_of(
        tmp_path, "LONG: X", f"SUBJID,N,X\n01,1,{'中' * 100}\n", "variables: {LONG: {label: Long Text}}\n",
        study="submission: {encoding: utf-8}\n",
    )  # fmt: skip
    assert rows(made, "SUPPAE", "QNAM", "QVAL") == [("LONG", "中" * 66), ("LONG1", "中" * 34)]


@given(st.text(alphabet="ab é中 ", max_size=60), st.integers(4, 20))
def test_split_words_keeps_every_character_but_blanks_at_the_breaks(text: str, limit: int) -> None:
    text = text.strip()
    parts = split_words(text, limit)
    assert all(0 < len(p.encode()) <= limit for p in parts)
    assert "".join(parts).replace(" ", "") == text.replace(" ", "")


def test_ascii_marks_are_written_and_other_characters_are_refused(tmp_path: Path) -> None:
    made, log = made_of(tmp_path, "AEMODIFY: X", "SUBJID,N,X\n01,1,it’s – 5\n01,2,β\n01,3,plain\n")
    assert rows(made, "AE", "AETERM", "AEMODIFY") == [("1", "it's - 5"), ("2", ""), ("3", "plain")]
    assert told(log, "text-not-ascii") == ["text-not-ascii X:3 β"]
    assert told(log, "punctuation-mapped") == ["punctuation-mapped X:2 it’s – 5"]


def test_utf8_keeps_them(tmp_path: Path) -> None:
    made, log = made_of(
        tmp_path, "AEMODIFY: X", "SUBJID,N,X\n01,1,it’s β\n", study="submission: {encoding: utf-8}\n"
    )
    assert rows(made, "AE", "AEMODIFY") == [("it’s β",)]
    assert told(log, "text-not-ascii", "punctuation-mapped") == []


def test_lengths_are_the_longest_value_of_all_datasets(tmp_path: Path) -> None:
    cm = "{a: {from: raw.A, where: \"X = 'a'\", set: {CMTRT: N, EPOCH: X}}}"
    mappings = events("EPOCH: X") | {
        "sdtm/cm.yaml": f"dataset: CM\nrecords: {cm}\nkeys: [USUBJID, CMTRT]\n",
        "sdtm/dm.yaml": "dataset: DM\nrecords: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID}}}\nkeys: USUBJID\n",
    }
    raw = {"subj.csv": FOUR.replace("04,F", "subject4,F"), "a.csv": "SUBJID,N,X\n01,12345,abc\n01,2,a\n"}
    made, _ = built(tmp_path, ONE_SOURCE, mappings, raw)
    found = {(b.name, v.name): v.length for b in made.built for v in b.variables}
    assert found[("AE", "USUBJID")] == found[("CM", "USUBJID")] == found[("DM", "USUBJID")] == 8
    assert found[("AE", "EPOCH")] == found[("CM", "EPOCH")] == 3
    assert found[("AE", "AETERM")] == 5
    assert found[("AE", "DOMAIN")] == 2
    assert found[("AE", "AESEQ")] == 8


def test_numbers_follow_keys_then_all_variables_then_the_file(tmp_path: Path) -> None:
    a = ["01,b,2", "01,a,9", "01,b,1", "02,a,1", "01,a,"]
    wanted = [("01", "1", "a", "9"), ("01", "2", "a", ""), ("01", "3", "b", "1"), ("01", "4", "b", "2"), ("02", "1", "a", "1")]  # noqa: E501
    for number, order in enumerate([a, a[::-1], a[2:] + a[:2]]):
        folder = tmp_path / str(number)
        folder.mkdir()
        made, log = made_of(folder, "AELOC: X", "SUBJID,N,X\n" + "\n".join(order) + "\n")
        assert rows(made, "AE", "USUBJID", "AESEQ", "AETERM", "AELOC") == wanted
        assert len(told(log, "keys-not-unique")) == 4


def test_records_stand_in_the_order_of_what_is_written(tmp_path: Path) -> None:
    """A typographic quote would sort behind all letters; as the ASCII sign that is written it stands before them."""
    long = "Cough " + "x" * 190
    made, _ = made_of(tmp_path, "", f"SUBJID,N,X\n01,Cough,\n01,“Rash”,\n01,{long} b,\n01,{long} a c d e,\n")
    assert [t for (t,) in rows(made, "AE", "AETERM")] == ['"Rash"', "Cough", f"{long} a c", f"{long} b"]
    utf8 = "submission: {encoding: utf-8}\n"
    plain, _ = made_of(tmp_path / "utf8", "", "SUBJID,N,X\n01,Cough,\n01,“Rash”,\n", study=utf8)
    assert rows(plain, "AE", "AETERM") == [("Cough",), ("“Rash”",)]


def test_keys_may_go_down(tmp_path: Path) -> None:
    mapping = events("AELOC: X")
    mapping["sdtm/ae.yaml"] = mapping["sdtm/ae.yaml"].replace("AETERM]", "AETERM desc]")
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,X\n01,1,\n01,2,\n"}
    made, _ = built(tmp_path, ONE_SOURCE, mapping, raw)
    assert rows(made, "AE", "AESEQ", "AETERM") == [("1", "2"), ("2", "1")]


@pytest.mark.parametrize(("x", "y", "cells"), [("2", "1", ["X:2 Y:2"]), ("1", "2", []), ("1", "1", []), ("", "1", [])])
def test_expect_false_is_told_and_unknown_is_not(tmp_path: Path, x: str, y: str, cells: list[str]) -> None:
    expect = 'expect: {order: "AELOC <= AEMODIFY"}\n'
    _, log = made_of(tmp_path, "AELOC: X\nAEMODIFY: Y", f"SUBJID,N,X,Y\n01,1,{x},{y}\n", expect)
    assert [t.removeprefix("expect-failed ") for t in told(log, "expect-failed")] == cells


def test_required_variables_without_a_rule_are_empty_and_noted(tmp_path: Path) -> None:
    made, log = made_of(tmp_path, "", "SUBJID,N,X\n01,1,\n")
    assert rows(made, "AE", "AEDECOD") == [("",)]
    assert "AE.AEDECOD has no rule: the column is empty." in [i.message for i in log if i.rule == "no-rule"]


def test_temporaries_are_never_written(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, "temp: X", "SUBJID,N,X\n01,1,a\n", derive="other: {expr: temp}\nAELOC: {expr: other}")
    assert rows(made, "AE", "AELOC") == [("a",)]
    assert {v.name for b in made.built for v in b.variables} & {"temp", "other"} == set()
