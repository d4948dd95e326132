"""Keys, kinds and rules: every fault located, in the form that the language promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from .spec_kit import load

AE = "dataset: AE\nrecords:\n  e:\n    from: raw.AE\n    set:\n"


def messages(root: Path, text: str) -> list[str]:
    return load(root, {"ae.yaml": text})[1]


def in_set(root: Path, line: str) -> list[str]:
    return [m.removeprefix("mappings/S1/sdtm/ae.yaml:") for m in messages(root, f"{AE}      {line}\n")]


@pytest.mark.parametrize(
    ("line", "issue"),
    [
        (
            "AETERM: {from: A, value: B}",
            "6:15 two-operations: a rule has one operation, this one has `from` and `value`. "
            "A constant beside a column is a `case`.",
        ),
        (
            "AETERM: {min: DM.A, max: DM.B}",
            "6:15 two-operations: a rule has one operation, this one has `min` and `max`. Keep one.",
        ),
        (
            "AETERM: {valeu: A}",
            "6:15 no-operation: a rule needs an operation; it has `valeu`. Near: value.",
        ),
        (
            "AETERM: {from: A, maps: {a: b}}",
            "6:25 unknown-key: `maps` is no key of a rule with `from`. Near: map, unmapped.",
        ),
        (
            "AETERM: {case: [{when: x = 'a,b', value: Y}]}",
            "6:37 unknown-key: `b'` is no key of a branch. If it belongs to the text before the comma, quote it: "
            "\"x = 'a,b'\".",
        ),
        (
            "AETERM: {yes_if: coalesce(x, y) = z}",
            "6:36 unknown-key: `y) = z` is no key of a rule with `yes_if`. If it belongs to the text before the comma, "
            'quote it: "coalesce(x, y) = z".',
        ),
        (
            "AETERM: {yes_if: x IN ('a', 'b')}",
            "6:38 yaml-syntax: a `{` is not closed, or a comma is missing. Quote a text with , : { } [ ] or #.",
        ),
        (
            "AEENRF:",
            "6:14 empty-operation: `AEENRF` has no rule. To take an inherited rule away, name it under `remove`; "
            "to drop a default, under `without`.",
        ),
        (
            "AEENRF: {from: }",
            "6:16 empty-operation: `from` says nothing. To take an inherited rule away, name it under `remove`; "
            "to drop a default, under `without`.",
        ),
        ("AETERM: [A, B]", "6:15 wrong-kind: `AETERM` takes a rule, not a list. One rule gives one variable."),
        (
            "AETERM: {from: A, map: [a, b]}",
            "6:30 wrong-kind: `map` takes a map of texts, not a list.",
        ),
        ("AETERM: {from: [A, B]}", "6:22 wrong-kind: `from` takes a name, not a list."),
        (
            "AeTerm: A",
            "6:7 bad-name: `AeTerm` is not a variable (up to 8 upper-case letters, digits and _) or a temporary "
            "(lower case).",
        ),
        (
            "raw: A",
            "6:7 bad-name: `raw` is not a variable (up to 8 upper-case letters, digits and _) or a temporary "
            "(lower case).",
        ),
        (
            "A: {max: B.C, partial: ignore}",
            "6:30 bad-value: `partial` takes one of `ignored`, `earliest`, `latest`, not `ignore`. Near: ignored.",
        ),
        ("A: {flag_first: B}", "6:10 missing-key: `flag_first` needs `order`."),
        (
            "A: {case: [{value: x}, {when: b, value: c}]}",
            "6:18 branch-without-when: only the last branch may lack `when`.",
        ),
        (
            "A: {from: B, blocks: [e]}",
            "6:20 unknown-key: `blocks` is no key of a rule with `from`. "
            "Known: map, unmapped, codelist, origin, page, method, comment, document.",
        ),
    ],
)
def test_a_rule(tmp_path: Path, line: str, issue: str) -> None:
    assert in_set(tmp_path, line) == [issue]


def test_missing_is_a_quoted_empty_text(tmp_path: Path) -> None:
    assert in_set(tmp_path, 'AECAT: {from: A, map: {x: ""}, unmapped: ""}') == []
    assert in_set(tmp_path, "AECAT: {from: A, unmapped: }") == [
        '6:34 empty-value: `unmapped` has no value. Write `""` for missing, or leave the key out.'
    ]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        (
            "dataset: AE\nrecord: {}\n",
            "2:1 unknown-key: `record` is no key of a dataset file. Near: records, core, remove.",
        ),
        ("dataset: AE\nrecords: {e: {where: a}}\n", "2:14 missing-key: a block needs `from` or `make`."),
        (
            "dataset: AE\nkeys: {a: b}\n",
            "2:7 wrong-kind: `keys` takes a list of names, each perhaps with `desc`, not a map.",
        ),
        (
            "dataset: AE\nderive:\n",
            '2:8 empty-value: `derive` has no value. Write `""` for missing, or leave the key out.',
        ),
        ("dataset: ae\n", "1:10 bad-name: `ae` is not a dataset: 2 to 8 upper-case letters and digits."),
        (
            "dataset: AE\nrecords: {E1: {from: raw.AE}}\n",
            "2:11 bad-name: `E1` is not a name of this file: lower-case letters, digits and _, not one of raw, row, "
            "study, this, py.",
        ),
        (
            "dataset: AE\nrecords: {e: {from: raw.AE}}\nderive: {A: {from: B, blocks: e}}\n",
            "3:31 wrong-kind: `blocks` takes a list of names, not a text.",
        ),
        ("dataset: AE\ntests: {ALT: {digits: two}}\n", "2:23 bad-value: `digits` takes a whole number, not `two`."),
        (
            "dataset: AE\ntests: {ALT: {limits: [5, 1]}}\n",
            "2:23 bad-value: the low end of `limits` is above its high end.",
        ),
        (
            "dataset: AE\nparameters: {OS: {PARAM: x, in: days}}\n",
            "2:18 missing-key: a parameter needs `subjects` or `cut`.",
        ),
    ],
)
def test_a_dataset_file(tmp_path: Path, text: str, issue: str) -> None:
    assert f"mappings/S1/sdtm/ae.yaml:{issue}" in messages(tmp_path, text)


def test_all_faults_of_all_files_at_once(tmp_path: Path) -> None:
    spec, issues = load(
        tmp_path,
        {
            "ae.yaml": "dataset: AE\nfoo: 1\nlabel: [a]\n",
            "cm.yaml": "dataset: CM\nkeys: [a\n",
            "ex.yaml": "dataset: EX\nkeys: USUBJID\n",
            "specs/S1/study.yaml": "study: {id: S1}\nseverity: {a: fatal}\n",
        },
    )
    assert [i.split(" ")[1] for i in issues] == ["bad-value:", "unknown-key:", "wrong-kind:", "yaml-syntax:"]
    assert spec is not None
    assert list(spec.datasets) == ["AE", "EX"]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        ("raw: {AE: {sheet: x}}", "2:11 missing-key: a raw source needs `file`."),
        (
            "raw: {AE: {file: x, columns: {A: {type: int}}}}",
            "2:41 bad-value: `type` takes one of `text`, `number`, `date`, `time`, not `int`.",
        ),
        ("standards: {ct: {sdtm: 2025-02-30}}", "2:24 bad-value: `sdtm` takes a date (yyyy-mm-dd), not `2025-02-30`."),
        ("conversions: {from: a, to: b}", "2:14 missing-key: a conversion needs `factor`."),
        ("visits: {V1: {day: 1}}", "2:14 missing-key: a visit needs `number`."),
        ("given: {sdtm: {standard: sdtm}}", "2:15 missing-key: a given input needs `file` or `folder`."),
        (
            "defaults: {sdtm: {--dy: A}}",
            "2:19 bad-name: `--dy` is not a variable, `--` standing for the domain's letters.",
        ),
    ],
)
def test_the_study_file(tmp_path: Path, text: str, issue: str) -> None:
    _, issues = load(tmp_path, {"specs/S1/study.yaml": f"study: {{id: S1}}\n{text}\n"})
    assert issues == [f"specs/S1/study.yaml:{issue}"]


def test_functions_of_the_study_are_operations(tmp_path: Path) -> None:
    study = "study: {id: S1}\nfunctions: {star.py: [best_marrow]}\n"
    spec, issues = load(tmp_path, {"ae.yaml": f"{AE}      A: {{py.best_marrow: B.C, days: 28}}\n"}, study)
    assert issues == []
    assert spec is not None
    rule = spec.datasets["AE"].blocks["e"].rules["A"]
    assert (rule.operation, str(rule.argument), {k: str(v) for k, v in rule.options.items()}) == (
        "py.best_marrow",
        "B.C",
        {"days": "28"},
    )
    assert "no-operation" in load(tmp_path, {"ae.yaml": f"{AE}      A: {{py.other: B.C}}\n"}, study)[1][0]
