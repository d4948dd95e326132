"""The typed specification: every part of the study and dataset files, tables beside them, and cross checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import OrderItem, StudySpec
from sdtm_builder.spec.load import load_study

from .spec_kit import REGISTERED, STUDY, load


def sound(root: Path, files: dict[str, str], study: str = STUDY) -> StudySpec:
    spec, issues = load(root, files, study)
    assert issues == []
    assert spec is not None
    return spec


def names(order: tuple[OrderItem, ...]) -> list[tuple[str, bool]]:
    return [(one.name.text, one.descending) for one in order]


RAW = """\
study: {id: S1, title: T}
standards: {sdtmig: 3.4, ct: {sdtm: 2025-03-28}, dictionaries: {MedDRA: 27.1}}
submission: {encoding: utf-8}
constants: {cutoff: 2022-10-31}
missing: ["-", 无]
date_texts: {formats: [yyyy-MM-dd], unknown: UN, pivot: 1930}
documents: {acrf: {title: CRF, file: acrf.pdf}}
raw:
  AE:
    file: edc.xlsx
    sheet: [AE1, AE2]
    header: [name, unit]
    rename: {strip_prefix: "IT.", NEW: OLD}
    stamp: {LAB: sheet}
    columns: {A: {type: number, limits: [0, ""], aliases: B}}
    subject: {column: S, pattern: "(.*)", form: "S{1}"}
    date: {column: D, formats: yyyyMMdd}
    formats: [dd-MMM-yyyy]
    duplicates: {action: drop, ignore: ROWNO}
    document: acrf
    pages: {AESEV: 14, "*": [31, 32]}
    integers: {SDT: 8}
    unused: {columns: [X, Y], why: not needed}
  CM: {like: AE, sheet: CM, missing: ["?"]}
subjects: {register: raw.AE, usubjid: "study.id || S", same_person: {2: 1}}
corrections: {source: raw.AE, where: "A = '1'", column: A, value: 2, rows: 1, reason: r, approved: a}
codelists:
  NY: {synonyms: ct}
  UNIT: {terms: [g, mg], add: {x: X}, synonyms: {file: units.csv, 秒: s}}
severity: {join-missing: warning}
"""


def test_the_study(tmp_path: Path) -> None:
    spec = sound(tmp_path, {"specs/S1/study.yaml": RAW, "specs/S1/units.csv": "text,term\nul,uL\n秒,x\n"})
    assert (spec.id, spec.encoding, spec.missing) == ("S1", "utf-8", ("-", "无"))
    assert spec.standards == {"sdtmig": "3.4"}
    assert spec.ct == {"sdtm": "2025-03-28"}
    assert spec.dictionaries == {"MedDRA": "27.1"}
    assert (spec.date_texts.unknown, spec.date_texts.pivot) == (("UN",), 1930)
    source = spec.raw["AE"]
    assert ([str(s) for s in source.sheets], source.sheet) == (["AE1", "AE2"], None)
    assert (source.header, source.strip_prefix, source.rename) == (("name", "unit"), "IT.", {"NEW": "OLD"})
    assert source.columns["A"].limits == (0.0, None)
    assert source.columns["A"].aliases == ("B",)
    assert [str(s) for s in (source.subject, source.subject_pattern, source.subject_form)] == ["S", "(.*)", "S{1}"]
    assert (str(source.date), [str(f) for f in source.date_formats]) == ("D", ["yyyyMMdd"])
    assert [str(f) for f in source.date_texts.formats] == ["dd-MMM-yyyy"]
    assert source.date_texts.unknown == ("UN",)
    assert (source.duplicates, [str(s) for s in source.duplicates_ignore]) == ("drop", ["ROWNO"])
    assert [str(p) for p in source.pages] == ["31", "32"]
    assert {k: [str(p) for p in v] for k, v in source.pages_by_column.items()} == {"AESEV": ["14"]}
    assert source.integers == {"SDT": 8}
    assert [([str(c) for c in columns], why) for columns, why in source.unused] == [(["X", "Y"], "not needed")]
    assert source.missing is None
    assert spec.raw["CM"].missing == ("?",)
    assert str(spec.raw["CM"].sheet) == "CM"
    assert spec.codelists["NY"].synonyms_ct
    assert {k: str(v) for k, v in spec.codelists["UNIT"].synonyms.items()} == {"ul": "uL", "秒": "s"}
    assert str(spec.codelists["UNIT"].synonyms["ul"].mark) == "specs/S1/units.csv:2"
    assert len(spec.corrections) == 1
    assert spec.severity == {"join-missing": "warning"}
    assert [p.name for p in spec.sources] == ["study.yaml", "units.csv"]


def test_defaults_of_the_package(tmp_path: Path) -> None:
    spec = sound(tmp_path, {})
    assert list(spec.defaults["sdtm"]) == [
        "--SEQ", "--DY", "--STDY", "--ENDY", "EPOCH", "VISITNUM", "VISIT", "VISITDY", "--TEST", "--PARM", "ELEMENT",
        "ARM", "ACTARM", "--STRESC", "--STRESN", "--STRESU", "--STNRLO", "--STNRHI", "--NRIND", "--LOBXFL",
    ]  # fmt: skip
    day = spec.defaults["adam"]["ADY"]
    assert (day.operation, str(day.argument), str(day.options["reference"])) == ("study_day", "ADT", "ADSL.TRTSDT")
    assert "core" not in spec.defaults["adam"]
    assert [str(c) for c in spec.core][:3] == ["SUBJID", "SITEID", "AGE"]


def test_several_study_files_are_one_map(tmp_path: Path) -> None:
    spec, issues = load(
        tmp_path,
        {
            "specs/S1/a.yaml": STUDY + "missing: a\n",
            "specs/S1/b.yaml": "missing: b\nepochs: [E]\n",
        },
    )
    assert issues == [
        "specs/S1/b.yaml:1:1 key-in-two-files: `missing` stands in specs/S1/a.yaml:2 already. Keep it in one of them."
    ]
    assert spec is not None
    assert spec.missing == ("a",)
    assert [str(e) for e in spec.epochs] == ["E"]


def test_a_block_with_all_its_steps(tmp_path: Path) -> None:
    text = """\
dataset: LB
records:
  b:
    from: [raw.A, raw.B]
    where: "X = '1'"
    why: because
    one_per: {by: S, order: [D desc, Reported Term], keep: last}
    join:
      j: {with: raw.C, by: {row.USUBJID: S}, between: {DM.AGE: [LO, HI]}, any: {SEX: B}, take: [P, Q],
          pick: {order: D, keep: first}, unmatched: ok, orphans: issue}
      t: {with: {table: [[T, C], [a, b]]}, by: T, take: {NEW: C}}
    group: [A]
    transpose:
      ALT: {LBORRES: ALT, where: "ALT IS NOT NULL"}
      again: {testcd: AST, LBORRES: AST2, not_done: {result: ND}}
    not_done: {when: "X = 'no'"}
    copy: LBSPEC
    set: {LBDTC: {date: D, time: T, formats: yyyy, method: as read, page: 4}}
  made: {make: relation, left: AE, by: {A: B}, from: AE}
derive:
  LBX: {case: [{when: "A = 1", from: B, map: {x: y}}, {value: z}], blocks: [b]}
tests:
  ALT: {unit: U/L, digits: 1, limits: [0, 5], LBCAT: CHEMISTRY, codelist: [A, B]}
join: {r: {with: raw.R, take: {lo: LOW}, blocks: [b]}}
variables: {LBX: {label: L, length: 8, mandatory: yes, values: {where: "LBTESTCD = 'ALT'", digits: 2}}}
without: EPOCH
keys: [USUBJID, LBDTC desc]
expect: {e: "A <= B"}
"""
    dataset = sound(tmp_path, {"lb.yaml": text}).datasets["LB"]
    block = dataset.blocks["b"]
    assert [str(s) for s in block.sources] == ["raw.A", "raw.B"]
    assert (str(block.where), block.why, block.one_per_keep) == ("X = '1'", "because", "last")
    assert names(block.one_per_order) == [("D", True), ("Reported Term", False)]
    join = block.joins["j"]
    assert [(str(a), str(b)) for a, b in join.by] == [("row.USUBJID", "S")]
    assert [tuple(map(str, three)) for three in join.between] == [("DM.AGE", "LO", "HI")]
    assert [(new, str(old)) for new, old in join.take] == [("P", "P"), ("Q", "Q")]
    assert (names(join.pick_order), join.pick_keep, join.unmatched, join.orphans) == (
        [("D", False)],
        "first",
        "ok",
        "issue",
    )
    table = block.joins["t"]
    assert table.table is None
    assert [[str(c) for c in row] for row in table.rows] == [["T", "C"], ["a", "b"]]
    assert [(new, str(old)) for new, old in table.take] == [("NEW", "C")]
    assert {k: e.testcd for k, e in block.transpose.items()} == {"ALT": "ALT", "again": "AST"}
    assert str(block.transpose["ALT"].where) == "ALT IS NOT NULL"
    assert list(block.transpose["ALT"].rules) == ["LBORRES"]
    not_done = block.transpose["again"].not_done
    assert not_done is not None
    assert [str(r) for r in not_done.results] == ["ND"]
    date = block.rules["LBDTC"]
    assert (date.operation, str(date.argument), list(date.options), list(date.meta)) == (
        "date",
        "D",
        ["time", "formats"],
        ["method", "page"],
    )
    assert block.rules["LBSPEC"].operation == "from"
    made = dataset.blocks["made"].make
    assert made is not None
    assert (str(made.name), list(made.arguments)) == ("relation", ["left", "by"])
    case = dataset.derive["LBX"]
    assert case.argument is None
    assert [(b.when and str(b.when), b.rule.operation, list(b.rule.options)) for b in case.branches] == [
        ("A = 1", "from", ["map"]),
        (None, "value", []),
    ]
    assert [str(b) for b in case.blocks] == ["b"]
    test = dataset.tests["ALT"]
    assert (test.unit, test.digits, test.limits) == ("U/L", 1, (0.0, 5.0))
    assert {k: str(v) for k, v in test.constants.items()} == {"LBCAT": "CHEMISTRY"}
    variable = dataset.variables["LBX"]
    assert (variable.label, variable.length, variable.mandatory, variable.values[0].digits) == ("L", 8, True, 2)
    assert [str(w) for w in dataset.without] == ["EPOCH"]
    assert names(dataset.keys) == [("USUBJID", False), ("LBDTC", True)]


def test_tests_from_a_table_with_entries_over_it(tmp_path: Path) -> None:
    table = "TESTCD,LBCAT,unit,digits,limit_low,limit_high\nALT,CHEM,U/L,0,1,\nAST,CHEM,U/L,,,\n"
    text = "dataset: LB\ntests:\n  file: t.csv\n  ALT: {digits: 2}\n  HCG: {LBCAT: X}\n"
    files = {"specs/S1/study.yaml": STUDY, "specs/S1/t.csv": table, "lb.yaml": text}
    dataset = sound(tmp_path, files).datasets["LB"]
    assert list(dataset.tests) == ["ALT", "AST", "HCG"]
    assert (dataset.tests["ALT"].digits, dataset.tests["ALT"].unit, dataset.tests["ALT"].limits) == (
        2,
        "U/L",
        (1.0, None),
    )
    assert (dataset.tests["AST"].digits, dataset.tests["AST"].limits) == (None, None)
    assert str(dataset.tests["AST"].constants["LBCAT"].mark) == "specs/S1/t.csv:3"


def test_tests_from_a_workbook(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.create_sheet("T").append(["TESTCD", "digits", "LBCAT"])
    book["T"].append(["ALT", 1, "CHEM"])
    (tmp_path / "specs" / "S1").mkdir(parents=True)
    book.save(tmp_path / "specs" / "S1" / "t.xlsx")
    text = "dataset: LB\ntests: {file: t.xlsx, sheet: T}\n"
    assert sound(tmp_path, {"lb.yaml": text}).datasets["LB"].tests["ALT"].digits == 1
    _, issues = load(tmp_path, {"lb.yaml": text.replace("T}", "U}")})
    assert issues == [
        "mappings/S1/sdtm/lb.yaml:2:30 table-unreadable: specs/S1/t.xlsx has no sheet `U`. Known: Sheet, T."
    ]


@pytest.mark.parametrize(
    ("table", "issue"),
    [
        (
            "TEST,unit\nALT,g\n",
            "specs/S1/t.csv:1 table-header: the table has no column TESTCD. The first row holds the names.",
        ),
        (
            "TESTCD,unti\nALT,g\n",
            "specs/S1/t.csv:1 table-header: the column `unti` is nothing that is said of a test. Near: unit.",
        ),
        ("TESTCD\nALT\n\nALT\n", "specs/S1/t.csv:4 table-row: TESTCD ALT stands already in row 2."),
        ("TESTCD,digits\nALT,x\n", "specs/S1/t.csv:2 bad-value: `digits` takes a whole number, not `x`."),
        ('TESTCD\n"ALT\n', "specs/S1/t.csv table-unreadable: the file is no csv: unexpected end of data."),
    ],
)
def test_faults_of_a_table(tmp_path: Path, table: str, issue: str) -> None:
    _, issues = load(
        tmp_path,
        {"specs/S1/study.yaml": STUDY, "specs/S1/t.csv": table, "lb.yaml": "dataset: LB\ntests: {file: t.csv}\n"},
    )
    assert issues == [issue]


@pytest.mark.parametrize("file", ["../t.csv", "/etc/passwd", "C:/t.csv", "a\\t.csv"])
def test_a_table_stays_beside_the_specs(tmp_path: Path, file: str) -> None:
    _, issues = load(tmp_path, {"lb.yaml": f"dataset: LB\ntests: {{file: '{file}'}}\n"})
    assert [i.split(" ")[1] for i in issues] == ["spec-path-outside:"]


def test_a_table_of_synonyms_has_a_header(tmp_path: Path) -> None:
    study = STUDY + "codelists: {UNIT: {synonyms: {file: u.csv}}}\n"
    _, issues = load(tmp_path, {"specs/S1/study.yaml": study, "specs/S1/u.csv": "ul,uL\nsec,s\n"})
    assert issues[0].startswith("specs/S1/u.csv:1 table-header: a table of synonyms has two columns")
    _, issues = load(tmp_path, {"specs/S1/study.yaml": study, "specs/S1/u.csv": "text,term\nul,uL\nul,L\n"})
    assert issues == ["specs/S1/u.csv:3 table-row: `ul` is uL in row 2 and L here. Keep one."]


@pytest.mark.parametrize(
    ("text", "issue"),
    [
        (
            "dataset: LB\nrecords: {b: {from: raw.A, copy: [AA, BB], set: {AA: C}}}\n",
            "2:50 two-rules: AA has a rule in `set` and another in mappings/S1/sdtm/lb.yaml:2. Keep one.",
        ),
        (
            "dataset: LB\nrecords: {b: {from: raw.A, copy: [AA, AA]}}\n",
            "2:39 two-rules: AA has a rule in `copy` and another in mappings/S1/sdtm/lb.yaml:2. Keep one.",
        ),
        (
            "dataset: LB\nrecords:\n  b:\n    from: raw.A\n    transpose: {ALT: {LBCAT: A}}\n    set: {LBCAT: B}\n",
            "5:30 two-rules: LBCAT has a rule in the entry ALT and another in mappings/S1/sdtm/lb.yaml:6. Keep one.",
        ),
        (
            "dataset: LB\nrecords: {b: {from: raw.A, transpose: {ALT: {LBCAT: A}}}}\ntests: {ALT: {LBCAT: B}}\n",
            "3:22 two-rules: LBCAT has a rule in the test ALT and another in mappings/S1/sdtm/lb.yaml:2. Keep one.",
        ),
        (
            "dataset: LB\nrecords: {b: {from: raw.A, transpose: {'*': {LBX: A}}, set: {LBCAT: A}}}\n"
            "tests: {ALT: {LBCAT: B}}\n",
            "3:22 two-rules: LBCAT has a rule in the test ALT and another in mappings/S1/sdtm/lb.yaml:2. Keep one.",
        ),
        (
            "dataset: LB\nrecords: {b: {from: raw.A, set: {LBTESTCD: {value: ALT}, LBCAT: A}}}\n"
            "tests: {ALT: {LBCAT: B}}\n",
            "3:22 two-rules: LBCAT has a rule in the test ALT and another in mappings/S1/sdtm/lb.yaml:2. Keep one.",
        ),
        (
            "dataset: LB\nrecords: {blood: {from: raw.A}}\nderive: {A: {from: B, blocks: [blod]}}\n",
            "3:32 unknown-block: `blod` is no block of LB. Near: blood.",
        ),
        (
            "dataset: LB\nrecords: {blood: {from: raw.A}}\njoin: {j: {with: raw.B, blocks: [urine]}}\n",
            "3:34 unknown-block: `urine` is no block of LB. Known: blood.",
        ),
        (
            "dataset: LB\nderive: {A: {from: B, document: crf}}\n",
            "2:33 unknown-document: `crf` is no document of the study. The study file lists none under `documents`.",
        ),
        ("dataset: VS\n", "1:10 file-name: VS stands in lb.yaml. Call the file vs.yaml."),
        (
            "dataset: LB\nrecords: {b: {from: raw.A, join: {t: {with: {table: [[A, B], [1]]}}}}}\n",
            "2:63 bad-value: this row has 1 values, the first one 2 names.",
        ),
        (
            "dataset: LB\nwrite: copy\n",
            "1:1 given-and-mapped: `write: copy` writes a given dataset, and LB is none. ",
        ),
    ],
)
def test_cross_checks(tmp_path: Path, text: str, issue: str) -> None:
    _, issues = load(tmp_path, {"lb.yaml": text})
    assert [i.strip() for i in issues] == [f"mappings/S1/sdtm/lb.yaml:{issue}".strip()]


def test_a_rule_of_another_test_or_rank_is_no_second_rule(tmp_path: Path) -> None:
    text = """\
dataset: LB
records:
  b: {from: raw.A, transpose: {ALT: {LBCAT: A}, AST: {LBCAT: B}}, set: {LBSPEC: C}}
derive: {LBSPEC: D}
tests: {BILI: {LBCAT: E, LBSPEC: F}}
"""
    sound(tmp_path, {"lb.yaml": text})


def test_given_datasets(tmp_path: Path) -> None:
    study = STUDY + "given: {sdtm: {folder: ../sdtm, datasets: [DM, AE], standard: sdtm}}\n"
    files = {"dm.yaml": "dataset: DM\n", "ae.yaml": "dataset: AE\nwrite: copy\n"}
    spec, issues = load(tmp_path, files, study)
    assert issues == [
        "mappings/S1/sdtm/dm.yaml:1:1 given-and-mapped: DM is given as input and mapped in mappings/S1/sdtm/dm.yaml. "
        "Keep one, or say `write: copy`."
    ]
    assert spec is not None
    given = spec.given["sdtm"]
    assert (str(given.path), given.folder, [str(d) for d in given.datasets]) == ("../sdtm", True, ["DM", "AE"])


def test_sources_that_the_study_file_names(tmp_path: Path) -> None:
    study = STUDY + 'raw: {SUBJ: {file: a.csv}}\nsubjects: {register: raw.SUB, usubjid: "S"}\n'
    _, issues = load(tmp_path, {}, study)
    assert issues == ["specs/S1/study.yaml:3:22 unknown-source: `raw.SUB` is no raw source. Near: raw.SUBJ."]


def test_only_some_datasets_and_two_of_one_name(tmp_path: Path) -> None:
    files = {"ae.yaml": "dataset: AE\n", "mappings/S1/adam/ae.yaml": "dataset: AE\n", "cm.yaml": "dataset: [\n"}
    _, issues = load(tmp_path, files)
    assert [i.split(" ")[1] for i in issues] == ["yaml-syntax:", "dataset-twice:"]
    log = IssueLog()
    spec = load_study(tmp_path / "specs" / "S1", operations=REGISTERED, log=log, only={"CM"})
    assert spec is not None
    assert [i.rule for i in log] == ["yaml-syntax"]


def test_no_study(tmp_path: Path) -> None:
    log = IssueLog()
    assert load_study(tmp_path / "specs" / "S1", operations=REGISTERED, log=log) is None
    assert [str(i) for i in log] == ["specs/S1 no-study: there is no YAML file that can be read."]


def test_files_that_would_not_be_read(tmp_path: Path) -> None:
    _, issues = load(tmp_path, {"ae.yml": "dataset: AE\n", "mappings/S1/cm.yaml": "dataset: CM\n"})
    assert issues == [
        "mappings/S1/sdtm/ae.yml file-name: this file is not read. Call it `.yaml`.",
        "mappings/S1/cm.yaml file-name: this file is not read. Put it into `sdtm/` or `adam/`.",
    ]
