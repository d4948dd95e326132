"""`extends`, `remove` and `like`: what merges, what is replaced, and where each thing was last said."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import Rule, StudySpec
from sdtm_builder.spec.inherit import steps_of
from sdtm_builder.spec.show import show
from sdtm_builder.spec.yaml_tree import parse_documents

from .spec_kit import load

STUDY = "extends: onc\nstudy: {id: S1}\n"
LIBRARY_AE = """\
dataset: AE
records:
  events:
    from: raw.AE
    copy: [AEOUT, AESER]
    set:
      AETERM: {from: TERM, map: {a: B}, unmapped: C}
      AECAT: CAT
derive:
  AEX: {expr: "1 + 1"}
keys: [USUBJID, AETERM]
"""
OWN_AE = """\
dataset: AE
records:
  events:
    set:
      AETERM: TERM_EN
      AESEV: SEV
keys: USUBJID
"""


def loaded(root: Path, files: dict[str, str], study: str = STUDY) -> tuple[StudySpec, list[str]]:
    spec, issues = load(root, files, study)
    assert spec is not None
    return spec, issues


def test_maps_merge_lists_and_rules_are_replaced(tmp_path: Path) -> None:
    spec, issues = loaded(tmp_path, {"library/onc/sdtm/ae.yaml": LIBRARY_AE, "ae.yaml": OWN_AE})
    assert issues == []
    dataset = spec.datasets["AE"]
    rules = dataset.blocks["events"].rules
    assert {k: str(r.argument) for k, r in rules.items()} == {
        "AEOUT": "AEOUT",
        "AESER": "AESER",
        "AETERM": "TERM_EN",
        "AECAT": "CAT",
        "AESEV": "SEV",
    }
    assert rules["AETERM"].options == {}
    assert str(rules["AETERM"].mark) == "mappings/S1/sdtm/ae.yaml:5"
    assert rules["AETERM"].mark.overrides == "library/onc/sdtm/ae.yaml:7"
    assert str(rules["AECAT"].mark) == "library/onc/sdtm/ae.yaml:8"
    assert rules["AECAT"].mark.overrides == ""
    assert [k.name.text for k in dataset.keys] == ["USUBJID"]
    assert list(dataset.derive) == ["AEX"]
    assert dataset.file == "mappings/S1/sdtm/ae.yaml"


def test_later_folders_stand_over_earlier_ones_and_the_file_over_all(tmp_path: Path) -> None:
    text = "dataset: AE\nlabel: {}\ncomment: {}\nstructure: {}\n"
    spec, issues = loaded(
        tmp_path,
        {
            "library/a/sdtm/ae.yaml": text.replace("{}", "a"),
            "library/b/sdtm/ae.yaml": text.replace("{}", "b").replace("structure: b\n", ""),
            "ae.yaml": "extends: [a, b]\ndataset: AE\nlabel: own\n",
        },
        "study: {id: S1}\n",
    )
    assert issues == []
    dataset = spec.datasets["AE"]
    assert (dataset.label, dataset.comment, dataset.structure) == ("own", "b", "a")


def test_what_two_folders_share_counts_once_and_lowest(tmp_path: Path) -> None:
    spec, issues = loaded(
        tmp_path,
        {
            "library/base/sdtm/ae.yaml": "dataset: AE\nlabel: base\n",
            "library/a/sdtm/ae.yaml": "extends: base\ndataset: AE\nlabel: a\n",
            "library/b/sdtm/ae.yaml": "extends: base\ndataset: AE\n",
            "ae.yaml": "extends: [a, b]\ndataset: AE\n",
        },
        "study: {id: S1}\n",
    )
    assert issues == []
    assert spec.datasets["AE"].label == "a"


def test_the_study_file_merges_over_its_library_and_the_packaged_defaults(tmp_path: Path) -> None:
    study = (
        "extends: onc\nremove: [codelists.NY.synonyms.UNK, 'codelists.UNIT.synonyms.\"G.L\"', defaults.sdtm.--LOBXFL]\n"
        "study: {id: S1}\ncodelists: {NY: {synonyms: {ja: Y}}}\ndefaults: {sdtm: {EPOCH: {from: X}}}\n"
    )
    spec, issues = loaded(
        tmp_path,
        {
            "library/onc/specs/study.yaml": "study: {id: L, phase: '1'}\n"
            'codelists: {NY: {synonyms: {nein: N, UNK: U}}, UNIT: {synonyms: {"G.L": g/L, mg: mg}}}\n',
        },
        study,
    )
    assert issues == []
    assert spec.study == {"id": "S1", "phase": "1"}
    assert {k: str(v) for k, v in spec.codelists["NY"].synonyms.items()} == {"nein": "N", "ja": "Y"}
    assert list(spec.codelists["UNIT"].synonyms) == ["mg"]
    assert "--LOBXFL" not in spec.defaults["sdtm"]
    epoch = spec.defaults["sdtm"]["EPOCH"]
    assert epoch.operation == "from"
    assert epoch.mark.overrides.startswith("sdtm_builder/spec/base/sdtm-base.yaml:")
    assert spec.defaults["adam"]["ADY"].operation == "study_day"


def test_messages_say_what_a_line_overrides(tmp_path: Path) -> None:
    own = "dataset: AE\nrecords: {events: {set: {AETERM: {form: X}}}}\n"
    _, issues = loaded(tmp_path, {"library/onc/sdtm/ae.yaml": LIBRARY_AE, "ae.yaml": own})
    assert issues == [
        "mappings/S1/sdtm/ae.yaml:2:34 no-operation: a rule needs an operation; it has `form`. "
        "It overrides library/onc/sdtm/ae.yaml:7. Near: from."
    ]


def test_a_dataset_that_only_the_library_has_needs_a_file(tmp_path: Path) -> None:
    files = {"library/onc/sdtm/ae.yaml": LIBRARY_AE, "library/onc/sdtm/cm.yaml": "dataset: CM\n"}
    spec, issues = loaded(tmp_path, {**files, "ae.yaml": "dataset: AE\n"})
    assert issues == []
    assert list(spec.datasets) == ["AE"]
    assert list(spec.datasets["AE"].blocks["events"].rules) == ["AEOUT", "AESER", "AETERM", "AECAT"]


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("derive.AEX", "derive"),
        ("records.events.set.AETERM", "AETERM"),
        ("records.events.copy.AEOUT", "AEOUT"),
    ],
)
def test_remove(tmp_path: Path, path: str, left: str) -> None:
    own = f"remove: {path}\ndataset: AE\n"
    spec, issues = loaded(tmp_path, {"library/onc/sdtm/ae.yaml": LIBRARY_AE, "ae.yaml": own})
    assert issues == []
    dataset = spec.datasets["AE"]
    assert left not in {*dataset.blocks["events"].rules, *(["derive"] if dataset.derive else [])}


@pytest.mark.parametrize(
    ("files", "issue"),
    [
        (
            {"ae.yaml": "remove: [derive.AEY]\ndataset: AE\n"},
            "mappings/S1/sdtm/ae.yaml:1:10 remove-missing: nothing inherited is called `derive.AEY`. Near: AEX.",
        ),
        (
            {"ae.yaml": "extends: nowhere\ndataset: AE\n"},
            "mappings/S1/sdtm/ae.yaml:1:10 extends-missing: there is no folder library/nowhere.",
        ),
        (
            {"ae.yaml": "extends: ../onc\ndataset: AE\n"},
            "mappings/S1/sdtm/ae.yaml:1:10 spec-path-outside: `../onc` is no folder under `library/`.",
        ),
        (
            {"ae.yaml": "dataset: AE\n", "cm.yaml": "extends: onc\ndataset: CM\n"},
            "mappings/S1/sdtm/cm.yaml:1:10 extends-missing: there is no file library/onc/sdtm/cm.yaml.",
        ),
        (
            {
                "library/a/sdtm/cm.yaml": "extends: b\ndataset: CM\n",
                "library/b/sdtm/cm.yaml": "extends: a\ndataset: CM\n",
                "cm.yaml": "extends: a\ndataset: CM\n",
            },
            "library/b/sdtm/cm.yaml:1:10 extends-cycle: `extends` goes in a circle: library/a/sdtm/cm.yaml -> "
            "library/b/sdtm/cm.yaml -> library/a/sdtm/cm.yaml.",
        ),
        (
            {"library/onc/specs/s.yaml": "extends: onc\n"},
            "library/onc/specs/s.yaml:1:10 extends-cycle: `extends` goes in a circle: onc -> onc.",
        ),
    ],
)
def test_faults_of_inheritance(tmp_path: Path, files: dict[str, str], issue: str) -> None:
    _, issues = loaded(tmp_path, {"library/onc/sdtm/ae.yaml": LIBRARY_AE, **files})
    assert issues == [issue]


def test_like_takes_a_sibling_less_what_remove_names(tmp_path: Path) -> None:
    text = """\
dataset: AE
records:
  two: {like: one, remove: [set.AECAT, where], set: {AETERM: B}}
  one: {from: raw.AE, where: "A = 'x'", set: {AETERM: {from: A, map: {a: b}}, AECAT: C, AESEV: D}}
"""
    spec, issues = loaded(tmp_path, {"ae.yaml": text}, "study: {id: S1}\n")
    assert issues == []
    two = spec.datasets["AE"].blocks["two"]
    assert [str(s) for s in two.sources] == ["raw.AE"]
    assert two.where is None
    assert {k: str(r.argument) for k, r in two.rules.items()} == {"AETERM": "B", "AESEV": "D"}
    assert two.rules["AETERM"].mark.overrides == "mappings/S1/sdtm/ae.yaml:4"
    assert two.rules["AETERM"].options == {}


def test_like_between_arms_and_parameters(tmp_path: Path) -> None:
    study = """\
study: {id: S1}
arms:
  A: {arm: Arm A, path: [SCREENING: SCRN, TREATMENT: T], branch: {SCRN: to A}}
  B: {like: A, arm: Arm B}
"""
    adam = """\
dataset: ADTTE
parameters:
  PFS: {PARAM: P, subjects: {from: ADSL}, start: S, dates: {x: {min: A.B}}, in: days,
        decide: {when: "a = 1", date: D, CNSR: 0, EVNTDESC: E}}
  DOR: {like: PFS, PARAM: Q, dates: {y: {min: A.C}}, start: y}
"""
    spec, issues = loaded(tmp_path, {"mappings/S1/adam/adtte.yaml": adam}, study)
    assert issues == []
    assert spec.arms is not None
    arm = spec.arms.get("B")
    assert {k: str(v) for k, v in getattr(arm, "items", {}).items() if k == "arm"} == {"arm": "Arm B"}
    assert "branch" in (arm or ())
    parameters = spec.datasets["ADTTE"].parameters
    assert parameters is not None
    dor = parameters.items["DOR"]
    assert list(getattr(dor, "items", {})["dates"]) == ["x", "y"]
    assert str(getattr(dor, "items", {})["start"]) == "y"


@pytest.mark.parametrize(
    ("records", "issue"),
    [
        ("{a: {like: b}, c: {from: X}}", "2:21 like-unknown: `b` is no sibling of `a`. Known: c."),
        ("{a: {like: a}}", "2:21 like-cycle: `a` is like itself."),
        ("{a: {like: b}, b: {like: a}}", "2:35 like-cycle: `like` goes in a circle: a -> b -> a."),
        (
            "{a: {from: X, remove: [set]}}",
            "2:24 remove-alone: `remove` stands here without `like`. At the top of the file `remove` takes away what "
            "`extends` brings.",
        ),
        (
            "{a: {like: b, remove: [set.Q]}, b: {from: X, set: {QR: Y}}}",
            "2:33 remove-missing: nothing inherited is called `set.Q`. Near: QR.",
        ),
    ],
)
def test_faults_of_like(tmp_path: Path, records: str, issue: str) -> None:
    _, issues = loaded(tmp_path, {"ae.yaml": f"dataset: AE\nrecords: {records}\n"}, "study: {id: S1}\n")
    assert issues[0] == f"mappings/S1/sdtm/ae.yaml:{issue}"


@pytest.mark.parametrize(
    ("path", "steps"),
    [
        ("derive.EPOCH", ["derive", "EPOCH"]),
        ('codelists.UNIT."G.L"', ["codelists", "UNIT", "G.L"]),
        ('"a.b".c', ["a.b", "c"]),
        ("a b.c", ["a b", "c"]),
        ("a..b", None),
        ("a.", None),
        ('a."b', None),
        ("", None),
    ],
)
def test_paths(path: str, steps: list[str] | None) -> None:
    assert steps_of(path) == steps


def test_show_prints_each_line_with_its_origin(tmp_path: Path) -> None:
    spec, _ = loaded(tmp_path, {"library/onc/sdtm/ae.yaml": LIBRARY_AE, "ae.yaml": OWN_AE})
    printed = show(spec.datasets["AE"])
    lines = [tuple(part.strip() for part in line.split("# ")) for line in printed.splitlines()]
    assert lines == [
        ("dataset: AE", "mappings/S1/sdtm/ae.yaml:1 over library/onc/sdtm/ae.yaml:1"),
        ("records:", "mappings/S1/sdtm/ae.yaml:2"),
        ("events:", "mappings/S1/sdtm/ae.yaml:3"),
        ("from: raw.AE", "library/onc/sdtm/ae.yaml:4"),
        ("copy: [AEOUT, AESER]", "library/onc/sdtm/ae.yaml:5"),
        ("set:", "mappings/S1/sdtm/ae.yaml:4"),
        ("AETERM: TERM_EN", "mappings/S1/sdtm/ae.yaml:5 over library/onc/sdtm/ae.yaml:7"),
        ("AECAT: CAT", "library/onc/sdtm/ae.yaml:8"),
        ("AESEV: SEV", "mappings/S1/sdtm/ae.yaml:6"),
        ("derive:", "library/onc/sdtm/ae.yaml:9"),
        ("AEX: {expr: 1 + 1}", "library/onc/sdtm/ae.yaml:10"),
        ("keys: USUBJID", "mappings/S1/sdtm/ae.yaml:7 over library/onc/sdtm/ae.yaml:11"),
    ]
    assert len({line.index("# ") for line in printed.splitlines()}) == 1


def test_what_show_prints_reads_as_the_same(tmp_path: Path) -> None:
    text = """\
dataset: AE
records:
  e:
    from: ["raw.A", raw.B]
    where: "A = 'x, y' AND B <> '#'"
    set:
      A: {from: "odd: name", map: {是: Y, "1": "yes", '"q"': "a\\\\b"}}
      B: {case: [{when: "x = 1", value: "- a"}, {value: "*"}]}
      C: {value: ""}
      D: {value: "  b"}
"""
    spec, issues = loaded(tmp_path, {"ae.yaml": text}, "study: {id: S1}\n")
    assert issues == []
    log = IssueLog()
    documents = parse_documents(show(spec.datasets["AE"]), "shown", log)
    assert documents is not None
    assert len(log) == 0
    tree = spec.datasets["AE"].tree
    assert plain(documents[0]) == plain(tree)


def plain(node: object) -> object:
    items = getattr(node, "items", None)
    if isinstance(items, dict):
        return {k: plain(v) for k, v in items.items()}
    return [plain(i) for i in items] if items is not None else str(node)


def test_a_bare_rule_is_from(tmp_path: Path) -> None:
    text = "dataset: AE\nrecords: {e: {from: raw.AE, set: {A: B, C: {from: D}}}}\n"
    spec, _ = loaded(tmp_path, {"ae.yaml": text}, "study: {id: S1}\n")
    rules = spec.datasets["AE"].blocks["e"].rules
    assert all(isinstance(r, Rule) and r.operation == "from" for r in rules.values())
