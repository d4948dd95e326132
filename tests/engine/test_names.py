"""What names mean, which rule wins, and what `check` says of the rest before any data is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import FOUR, ONE_SOURCE, built, checked, faults, values

RAW = {"subj.csv": FOUR, "a.csv": "SUBJID,N,K,X.Y\n01,1,p,z\n01,2,q,\n"}


def test_set_over_derive_with_blocks_over_default(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records:
      a: {from: raw.A, where: "N = '1'", set: {AETERM: N, AELOC: {value: A}}}
      b: {from: raw.A, where: "N = '2'", set: {AETERM: N}}
      c: {from: raw.A, where: "N = '2'", set: {AETERM: K}}
    derive:
      AELOC: {value: B, blocks: [a, b]}
      AESTDTC: {value: 2020-01-03}
      AESTDY: {expr: "7", blocks: [c]}
      t: {expr: "AELOC || AETERM"}
    keys: [USUBJID, AETERM]
    """
    dm = "dataset: DM\nrecords: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, RFSTDTC: {value: 2020-01-01}}}}\nkeys: USUBJID\n"  # noqa: E501
    made, _ = built(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae, "sdtm/dm.yaml": dm}, RAW)
    assert values(made, "AE", "AETERM", "AELOC", "AESTDY", "t") == [
        ("1", "A", "3", "A1"), ("2", "B", "3", "B2"), ("q", "", "7", ""),
    ]  # fmt: skip


def test_a_subjects_value_and_constants(tmp_path: Path) -> None:
    dm = "dataset: DM\nrecords: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, who: {expr: \"SEX || SUBJID\"}}}}\nkeys: [STUDYID, USUBJID]\n"  # noqa: E501
    ae = """\
    dataset: AE
    records: {a: {from: raw.A, set: {AETERM: N, a: DM.who, b: {expr: "study.id || study.drug"}, c: X.Y}}}
    derive: {d: {expr: "DM.who || AE.AETERM"}, e: study.day, f: {expr: "study.day + 1"}}
    keys: [USUBJID, AETERM]
    """
    study = ONE_SOURCE + "constants: {drug: D, day: 2020-02-28}\n"
    made, _ = built(tmp_path, study, {"sdtm/ae.yaml": ae, "sdtm/dm.yaml": dm}, RAW)
    assert values(made, "AE", "a", "b", "c", "d", "e", "f") == [
        ("M01", "S1D", "z", "M011", "2020-02-28", "2020-02-29"), ("M01", "S1D", "", "M012", "2020-02-28", "2020-02-29"),
    ]  # fmt: skip


def test_two_readings_of_a_name_with_a_dot(tmp_path: Path) -> None:
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,DM.SEX,study.x\n"}
    dm = "dataset: DM\nrecords: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, SEX: SEX}}}\nkeys: USUBJID\n"
    ae = "dataset: AE\nrecords: {a: {from: raw.A, set: {AETERM: N, a: DM.SEX, b: study.x}}}\nkeys: [USUBJID, AETERM]\n"
    _, log = checked(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae, "sdtm/dm.yaml": dm}, raw)
    errors = [(i.rule, i.message) for i in log if i.severity == "error"]
    assert errors == [("two-readings", "DM.SEX is a column and also DM of SEX.")]


@pytest.mark.parametrize(
    ("rules", "derive", "found"),
    [
        ("AELOC: XX", "", "7 unknown-column: raw.A has no column XX. Near: X."),
        ("AELOC: {from: X, maps: {a: b}}", "", "7 unknown-key"),
        ("AELOC: {fromm: X}", "", "7 no-operation"),
        ("AELOC: {from: X, value: Y}", "", "7 two-operations"),
        ("AELOC:", "", "7 empty-operation"),
        ("AELOCC: X", "", "7 undeclared-variable: AELOCC is not in the standard."),
        ("", "AELOC: AETERMM", "8 unknown-column: AE has no column AETERMM. Near: AETERM, AESEQ."),
        ("", "x: {from: DM.SEX}", "8 unknown-column: AE has no column DM.SEX."),
        ("", "x: {expr: \"AETERM + 1\"}", "8 expression-kind"),
        ("", "x: {expr: \"AETERM = 'a'\"}", "8 "),
        ("", "x: {yes_if: \"AETERM == 'a'\"}", "8 "),
        ("", "x: {study_dy: AETERM}", "8 no-operation"),
        ("", "x: {expr: \"y || 'a'\"}\ny: {expr: \"x || 'a'\"}", "8 cycle: These need each other: "),
        ("", "x: {first: b.AETERM, order: AESEQ}", "8 unknown-column"),
        ("x: {value: a}", "x: {value: b}", ""),
    ],
)
def test_faults_before_data(tmp_path: Path, rules: str, derive: str, found: str) -> None:
    said = faults(tmp_path, rules, derive)
    if not found:
        assert said == []
        return
    assert len(said) == 1, said
    assert said[0].startswith(found)


def test_a_cycle_over_datasets_is_a_chain_of_lines(tmp_path: Path) -> None:
    dm = "dataset: DM\nrecords: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID}}}\nderive:\n  x: {first: AE.y, order: AETERM}\nkeys: USUBJID\n"  # noqa: E501
    ae = "dataset: AE\nrecords:\n  a:\n    from: raw.A\n    set: {AETERM: N}\nderive:\n  y: {expr: \"DM.x || 'a'\"}\nkeys: [USUBJID, AETERM]\n"  # noqa: E501
    _, log = checked(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae, "sdtm/dm.yaml": dm}, RAW)
    errors = [(i.rule, i.message) for i in log if i.severity == "error"]
    assert errors == [(
        "cycle",
        "These need each other: AE/a.y (mappings/S1/sdtm/ae.yaml:7) -> DM/s.x (mappings/S1/sdtm/dm.yaml:4) -> "
        "AE/a.y (mappings/S1/sdtm/ae.yaml:7).",
    )]  # fmt: skip


def test_datasets_that_need_each_other_without_a_cycle(tmp_path: Path) -> None:
    dm = "dataset: DM\nrecords: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, SEX: SEX}}}\nderive: {n: {count: AE, where: \"g = 'p'\"}}\nkeys: USUBJID\n"  # noqa: E501
    ae = "dataset: AE\nrecords: {a: {from: raw.A, set: {AETERM: N, g: K, s: DM.SEX}}}\nderive: {m: DM.n}\nkeys: [USUBJID, AETERM]\n"  # noqa: E501
    made, _ = built(tmp_path, ONE_SOURCE, {"sdtm/ae.yaml": ae, "sdtm/dm.yaml": dm}, RAW)
    assert values(made, "AE", "s", "m") == [("M", "1"), ("M", "1")]
    assert [n for (n,) in values(made, "DM", "n")] == ["1", "0", "0", "0"]


def test_two_rules_of_one_rank(tmp_path: Path) -> None:
    lb = """\
    dataset: LB
    records:
      a:
        from: raw.A
        transpose: {K: {LBORRES: K, LBCAT: {value: A}, LBSPEC: {value: B}}}
        set: {LBCAT: {value: C}}
    tests: {K: {LBSPEC: D}}
    keys: [USUBJID, LBTESTCD]
    """
    _, log = checked(tmp_path, ONE_SOURCE, {"sdtm/lb.yaml": lb}, RAW)
    assert sorted(i.message.split()[0] for i in log if i.rule == "two-rules") == ["LBCAT", "LBSPEC"]


def test_kinds_of_several_sources_must_agree(tmp_path: Path) -> None:
    study = ONE_SOURCE.replace("subjects:", "  B: {file: a.csv, subject: SUBJID, columns: {N: {type: number}}}\nsubjects:")  # noqa: E501
    ae = "dataset: AE\nrecords: {a: {from: [raw.A, raw.B], set: {AETERM: K}}}\nkeys: [USUBJID, AETERM]\n"
    _, log = checked(tmp_path, study, {"sdtm/ae.yaml": ae}, RAW)
    assert [i.rule for i in log if i.severity == "error"] == ["kind-mismatch"]
