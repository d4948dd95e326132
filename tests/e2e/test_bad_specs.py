"""Specifications that are wrong or hostile: every fault with its line, exit status 2, the last build untouched."""

from __future__ import annotations

import time

import pytest

from .kit import Study

AE = "mappings/S1/sdtm/ae.yaml"
STUDY = "specs/S1/study.yaml"
TERM = "AETERM:   TERM"

FAULTS = [
    pytest.param(AE, "records:\n", "records: [\n",
                 f"{AE}:4:9 yaml-syntax: a `[` is not closed, or a comma is missing (it was opened in line 2). "
                 "Quote a text with , : { } [ ] or #.", id="syntax"),
    pytest.param(AE, "      AETERM", "\t\tAETERM",
                 f"{AE}:6:1 yaml-syntax: a tab stands where YAML wants blanks. Indent with blanks.", id="tab"),
    pytest.param(AE, "    from: raw.AE", "    form: raw.AE",
                 f"{AE}:4:5 unknown-key: `form` is no key of a block. Near: from.", id="unknown-key"),
    pytest.param(AE, f"      {TERM}\n", f"      {TERM}\n      AETERM:   PT\n",
                 f"{AE}:7:7 yaml-duplicate-key: `AETERM` stands already in line 6. Keep one.", id="duplicate-key"),
    pytest.param(AE, "keys:", "derive:\n  AESPID: {expr: \"AEREFID || 'x'\"}\n  AEREFID: {expr: \"AESPID || 'y'\"}\n"
                 "keys:", f"{AE}:24:11 cycle: These need each other: AE/events.AESPID ({AE}:24) -> AE/events.AEREFID "
                 f"({AE}:25) -> AE/events.AESPID ({AE}:24). Break it with a temporary of lower case.", id="cycle"),
    pytest.param(AE, "AESER:    SER", "AESER:    {case: [{when: SER = 'a,b', value: Y}]}",
                 f"{AE}:19:41 unknown-key: `b'` is no key of a branch. If it belongs to the text before the comma, "
                 "quote it: \"SER = 'a,b'\".", id="unquoted-comma"),
    pytest.param(AE, "dataset: AE", "dataset: &a AE", f"{AE}:1:10 yaml-anchor: `&a` names this place. ", id="anchor"),
    pytest.param(STUDY, "study: {", "extends: ../../x\nstudy: {",
                 f"{STUDY}:1:10 spec-path-outside: `../../x` is no folder under `library/`.", id="extends-outside"),
    pytest.param(STUDY, "study: {", "functions: {../../x.py: f}\nstudy: {",
                 f"{STUDY}:1:25 function-file: ../../x.py is no file below S1/.", id="function-outside"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message"), FAULTS)
def test_fault_of_yaml(file: str, old: str, new: str, message: str, built: Study) -> None:
    before = built.state()
    built.change(file, old, new)
    status, lines = built.check()
    assert status == 2
    assert any(line.startswith(message) for line in lines), lines
    status, lines = built.build()
    assert status == 2
    assert any(line.startswith(message) for line in lines)
    assert built.state() == before


HOSTILE = [
    pytest.param('{expr: "__import__(\'os\').system(\'id\')"}', "6:25 expression-function: there is no function "
                 "__import__().", id="import"),
    pytest.param('{expr: "eval(\'1\')"}', "6:25 expression-function: there is no function eval().", id="eval"),
    pytest.param("{expr: TERM.__class__}", "6:24 unknown-column: raw.AE has no column TERM.__class__.", id="attribute"),
    pytest.param("{py.os.system: TERM}", "6:17 ", id="python-module"),
    pytest.param('{expr: "' + "(" * 3000 + "TERM" + ")" * 3000 + '"}', "expression-size: the expression has 6,004 "
                 "characters; at most 2,000 are allowed.", id="3000-parentheses"),
    pytest.param('{expr: "' + "(" * 400 + "TERM" + ")" * 400 + '"}', "expression-", id="400-parentheses"),
    pytest.param("{yes_if: \"regexp_like(TERM, '(a+)+$')\"}", "6:45 expression-pattern: the pattern is refused: it has "
                 "a repeat inside a repeat.", id="endless-pattern"),
    pytest.param("{yes_if: \"regexp_like(TERM, '(a|aa)*b')\"}", "6:45 expression-pattern: the pattern is refused: it "
                 "has an alternative inside a repeat.", id="endless-alternative"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "message"), HOSTILE)
def test_hostile_expression(rule: str, message: str, study: Study) -> None:
    study.change(AE, TERM, f"AETERM:   {rule}")
    began = time.process_time()
    status, lines = study.check()
    assert status == 2
    assert any(line.startswith(f"{AE}:6:") and message in line for line in lines), lines
    assert time.process_time() - began < 10


def test_no_study(study: Study) -> None:
    study.specs = study.root / "specs" / "NONE"
    assert study.check() == (2, [
        "specs/NONE no-study: there is no YAML file that can be read.", f"{study.specs}: 1 error, it can't be built.",
    ])  # fmt: skip


def test_unknown_dataset_of_only(study: Study) -> None:
    assert study.build(only=["LB"]) == (2, ["--only LB: the study has no such dataset."])


def test_all_faults_at_once(study: Study) -> None:
    study.change(AE, "SER\n      AESMIE", "SERR\n      AESMIE")
    study.change(AE, TERM, "AETERM:   TREM")
    study.change("mappings/S1/sdtm/dm.yaml", "[SUBJID, SEX]", "[SUBJID, SEXX]")
    status, lines = study.check()
    assert status == 2
    assert [line.split(" ")[0] for line in lines[:3]] == [
        f"{AE}:6:17", f"{AE}:19:17", "mappings/S1/sdtm/dm.yaml:5:20",
    ]  # fmt: skip
