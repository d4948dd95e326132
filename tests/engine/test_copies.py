"""`write: copy`: a given dataset is written out again, and read by others as any dataset."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sdtm_builder.commands import build
from sdtm_builder.commands.pipeline import Made, make, prepare
from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.issues import IssueLog
from sdtm_builder.xpt.reader import read_xpt

from .metadata_kit import AE, DM, EX, Result, written
from .metadata_kit import build as build_kit

GIVEN = """
study: {id: S1, title: A study of two subjects, protocol: S1-P}
standards: {sdtmig: "3.4", adamig: "1.3", ct: {sdtm: 2025-03-28, adam: 2025-03-28}, dictionaries: {MedDRA: "27.1"}}
given: {sdtm: {folder: sdtm, datasets: [DM, AE, EX], standard: sdtm}}
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of SDTM as this tool has built it: xpt files of DM, AE, EX and their qualifiers."""
    root = tmp_path_factory.mktemp("first")
    build_kit(root, {"dm.yaml": DM, "ex.yaml": EX, "ae.yaml": AE})
    assert (
        build.run(root / "specs" / "S1", raw=root / "raw", out=root / "out", tell=lambda t: None, fail_on="never") == 0
    )
    return root / "out" / "sdtm"


def copied(root: Path, published: Path, study: str = GIVEN, **mappings: str) -> tuple[Made | None, IssueLog]:
    """The study that copies some of them."""
    (root / "data" / "sdtm").mkdir(parents=True, exist_ok=True)
    for path in published.glob("*.xpt"):
        shutil.copy(path, root / "data" / "sdtm")
    files = {
        "specs/S1/study.yaml": study,
        **{f"mappings/S1/{n.replace('_', '/')}.yaml": t for n, t in mappings.items()},
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    log = IssueLog()
    prepared = prepare(root / "specs" / "S1", root / "data", log)
    if prepared is None or prepared.unusable:
        return None, log
    return make(prepared), log


COPIES = {"sdtm_dm": "dataset: DM\nwrite: copy\n", "sdtm_ae": "dataset: AE\nwrite: copy\n"}


@pytest.mark.parametrize("name", ["DM", "AE", "SUPPDM", "SUPPAE"])
def test_a_copy_has_the_values_labels_and_order_of_the_file(tmp_path: Path, published: Path, name: str) -> None:
    made, log = copied(tmp_path, published, **COPIES)
    assert made is not None, list(map(str, log))
    found = next(b for b in made.built if b.name == name)
    source = read_xpt(published / f"{name.lower()}.xpt")
    assert (found.label, found.n) == (source.label, source.records)
    assert [(v.name, v.label, v.type) for v in found.variables] == [(c.name, c.label, c.type) for c in source.columns]
    for variable, column in zip(found.variables, source.columns, strict=True):
        mine = [variable.values.text_at(i) for i in range(found.n)]
        if column.numbers is not None:
            assert [float(t or "nan") for t in mine] == pytest.approx(list(column.numbers), nan_ok=True)
        else:
            assert mine == [column.texts[c] if c >= 0 else "" for c in column.codes]
    assert [str(i) for i in log if i.severity != "note"] == []


def test_its_define_xml_says_what_is_not_known(tmp_path: Path, published: Path) -> None:
    made, log = copied(tmp_path, published, **COPIES)
    assert made is not None
    result = Result(study_meta(made.run, made.built, "sdtm"), made.built, log)
    assert {v.origin.type for v in result.dataset("DM").variables if v.origin} == {"Not Available"}
    qualifiers = {v.where[0].values[0]: v.origin for v in result.variable("SUPPDM.QVAL").values}
    assert {n: (o.type, o.source) for n, o in qualifiers.items() if o} == {
        "ALLOC": ("Derived", "Sponsor"), "MOOD": ("Collected", "Investigator"),
    }  # fmt: skip
    assert written(result, tmp_path)[1] == []


def test_other_datasets_read_a_copy(tmp_path: Path, published: Path) -> None:
    adsl = """
dataset: ADSL
records: {subjects: {from: DM, copy: [SEX, MOOD]}}
derive: {TRTSDT: {to_date: DM.RFSTDTC}, EVENTS: {count: AE}}
variables: {EVENTS: {label: Number of Events}}
keys: USUBJID
"""
    made, log = copied(tmp_path, published, **COPIES, adam_adsl=adsl)
    assert made is not None, list(map(str, log))
    found = next(b for b in made.built if b.name == "ADSL")
    columns = {v.name: [v.values.text_at(i) for i in range(found.n)] for v in found.variables}
    assert columns["MOOD"] == ["glad", "sad"]
    assert columns["TRTSDT"] == ["2024-01-04", "2024-01-05"]
    assert columns["EVENTS"] == ["1", "1"]
    assert {v.name: v.label for v in found.variables}["MOOD"] == "Mood at Consent"


def test_what_is_given_and_not_copied_is_not_written(tmp_path: Path, published: Path) -> None:
    made, _ = copied(tmp_path, published, sdtm_dm=COPIES["sdtm_dm"])
    assert made is not None
    assert [b.name for b in made.built] == ["DM", "SUPPDM"]


def test_labels_of_given_qualifiers_without_a_copy(tmp_path: Path, published: Path) -> None:
    adsl = "dataset: ADSL\nrecords: {s: {from: DM, copy: [SEX, MOOD]}}\nkeys: USUBJID\n"
    made, log = copied(tmp_path, published, adam_adsl=adsl)
    assert made is not None, list(map(str, log))
    assert {v.name: v.label for v in made.built[0].variables}["MOOD"] == "Mood at Consent"


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("dataset: DM\nwrite: copy\nderive: {SEX: {value: F}}\nkeys: USUBJID\n", "copy-and-rules"),
        ("dataset: VS\nwrite: copy\n", "given-and-mapped"),
    ],
)
def test_a_copy_is_of_a_given_dataset_and_not_altered(tmp_path: Path, published: Path, text: str, rule: str) -> None:
    name = f"sdtm_{text[9:11].lower()}"
    made, log = copied(tmp_path, published, **{name: text})
    assert made is None
    assert rule in {i.rule for i in log if i.severity == "error"}


def test_a_dataset_of_another_study_is_not_copied(tmp_path: Path, published: Path) -> None:
    made, log = copied(tmp_path / "x", published, **COPIES)
    assert made is not None
    study = tmp_path / "x" / "specs" / "S1" / "study.yaml"
    study.write_text(GIVEN.replace("id: S1,", "id: S2,"), encoding="utf-8")
    (tmp_path / "x" / "mappings" / "S1").rename(tmp_path / "x" / "mappings" / "S2")
    log = IssueLog()
    prepare(study.parent, tmp_path / "x" / "data", log, tmp_path / "x" / "mappings" / "S2")
    assert [i.message for i in log if i.rule == "given-study-differs"] == [
        "AE is of S1, not of S2.", "DM is of S1, not of S2.",
    ]  # fmt: skip


def test_the_files_are_written_again(tmp_path: Path, published: Path) -> None:
    copied(tmp_path, published, **COPIES)
    out = tmp_path / "out"
    told: list[str] = []
    status = build.run(tmp_path / "specs" / "S1", raw=tmp_path / "data", out=out, tell=told.append, fail_on="never")
    assert status == 0, told
    for name in ("dm", "suppdm", "ae", "suppae"):
        mine, theirs = (read_xpt(folder / f"{name}.xpt") for folder in (out / "sdtm", published))
        assert [(c.name, c.length, c.format) for c in mine.columns] == [
            (c.name, c.length, c.format) for c in theirs.columns
        ]
        assert [list(c.texts) for c in mine.columns if c.numbers is None] == [
            list(c.texts) for c in theirs.columns if c.numbers is None
        ]
    assert not (out / "sdtm" / "ex.xpt").exists()
    assert (out / "lineage" / "DM.parquet").is_file()


@pytest.mark.parametrize("adsl", ["", "dataset: ADSL\nwrite: copy\n"])
def test_a_given_adsl_hands_its_variables_down(tmp_path: Path, published: Path, adsl: str) -> None:
    first = """
dataset: ADSL
label: Subject-Level Analysis Dataset
records: {s: {from: DM, copy: [SEX]}}
derive: {TRTSDT: {to_date: DM.RFSTDTC}, SCORE: {expr: "1.5"}, TRT01P: {value: Drug A}}
variables: {SCORE: {label: Score, format: "8.1"}}
keys: USUBJID
"""
    root = tmp_path / "first"
    copied(root, published, adam_adsl=first)
    told: list[str] = []
    specs = (root / "specs" / "S1", root / "data")
    assert build.run(specs[0], raw=specs[1], out=root / "out", tell=told.append, fail_on="never") == 0, told

    adex = """
dataset: ADEX
class: BDS
records: {e: {from: EX, set: {PARAMCD: {value: DOSE}, PARAM: {value: Dose}, AVAL: EXDOSE, ADT: {to_date: EXSTDTC}}}}
keys: [USUBJID, PARAMCD, ADT]
"""
    folder = tmp_path / "second" / "data" / "adam"
    shutil.copytree(root / "out" / "adam", folder)
    mappings = {"adam_adex": adex, **({"adam_adsl": adsl} if adsl else {})}
    given = "  adam: {folder: adam, datasets: [ADSL], standard: adam}\ndefaults: {adam: {core: [SEX, SCORE, TRTSDT]}}\n"
    study = GIVEN.replace("given: {sdtm: {", "given:\n  sdtm: {").replace("standard: sdtm}}\n", "standard: sdtm}\n")
    made, log = copied(tmp_path / "second", published, study + given, **mappings)
    assert made is not None, list(map(str, log))
    found = next(b for b in made.built if b.name == "ADEX")
    assert {v.name: (v.label, v.format) for v in found.variables if v.name in ("SEX", "SCORE", "TRTSDT", "TRTP")} == {
        "SEX": ("Sex", ""), "SCORE": ("Score", "8.1"), "TRTP": ("Planned Treatment", ""),
        "TRTSDT": ("Date of First Exposure to Treatment", "DATE9."),
    }  # fmt: skip
    columns = {v.name: [v.values.text_at(i) for i in range(found.n)] for v in found.variables}
    assert (columns["SCORE"], columns["TRTSDT"], columns["ADY"]) == (
        ["1.5", "1.5"], ["2024-01-04", "2024-01-05"], ["1", "1"],
    )  # fmt: skip
    assert ("ADSL" in {b.name for b in made.built}) == bool(adsl)
