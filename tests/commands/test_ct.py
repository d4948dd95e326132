"""`ct`: what list, show, search, import and diff say of a packaged and of an imported release."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands import ct, ct_diff
from sdtm_builder.standards.store import PlainCodelist, PlainTerm, pack

HEAD = "Code\tCodelist Code\tCodelist Extensible (Yes/No)\tCodelist Name\tCDISC Submission Value\tCDISC Synonym(s)\t" \
       "CDISC Definition\tNCI Preferred Term\n"  # fmt: skip


def term(value: str, code: str, *synonyms: str) -> PlainTerm:
    return PlainTerm(code, value, synonyms, value.title())


OUT = ("C66768", "OUT", "Outcome of Event", False)
SEX = ("C66731", "SEX", "Sex", False)
OLD = [
    PlainCodelist(*OUT, (term("FATAL", "C1", "Grade 5"), term("UNKNOWN", "C2"), term("GONE", "C3"))),
    PlainCodelist(*SEX, (term("F", "C5"), term("M", "C6"))),
    PlainCodelist("C9", "LOST", "Lost List", True, (term("A", "C8"),)),
]
NEW = [
    PlainCodelist(*OUT, (term("FATAL", "C1"), term("NOT KNOWN", "C2"), term("NEWER", "C4", "Newest"))),
    PlainCodelist("C66731", "SEX", "Sex", True, (term("F", "C5"), term("M", "C7"))),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "ct"
    place.mkdir()
    for version, lists in (("2030-01-01", OLD), ("2030-06-01", NEW)):
        (place / f"sdtmct-{version}.ctp").write_bytes(pack("sdtm", version, lists))
    return place


@pytest.fixture
def said() -> list[str]:
    return []


def test_list_releases(folder: Path, said: list[str]) -> None:
    assert ct.list_releases(None, ct_folder=folder, tell=said.append) == 0
    mine = [" ".join(line.split()) for line in said if "2030" in line]
    assert mine == [
        f"sdtm 2030-01-01 3 codelists 6 terms {folder / 'sdtmct-2030-01-01.ctp'}",
        f"sdtm 2030-06-01 2 codelists 5 terms {folder / 'sdtmct-2030-06-01.ctp'}",
    ]
    assert any(line.split()[:2] == ["adam", "2025-03-28"] for line in said)
    assert str(folder) in said[-1]


def test_list_the_codelists_of_the_newest_release(folder: Path, said: list[str]) -> None:
    assert ct.list_releases("sdtm", ct_folder=folder, tell=said.append) == 0
    assert [" ".join(line.split()) for line in said] == [
        "OUT C66768 closed 3 terms Outcome of Event", "SEX C66731 extensible 2 terms Sex",
    ]  # fmt: skip


def test_a_package_that_is_not_there(folder: Path, said: list[str]) -> None:
    assert ct.list_releases("sned", ct_folder=folder, tell=said.append) == 2
    assert "sned" in said[0]


@pytest.mark.parametrize("name", ["OUT", "out", "C66768"])
def test_show_a_codelist(name: str, folder: Path, said: list[str]) -> None:
    code = ct.show_codelist(name, package="sdtm", version="2030-01-01", ct_folder=folder, tell=said.append)
    assert code == 0
    assert said[0] == "OUT C66768, Outcome of Event, closed, 3 terms, sdtm 2030-01-01"
    assert [line.split() for line in said[1:]] == [
        ["FATAL", "C1", "Fatal", "(synonyms:", "Grade", "5)"], ["GONE", "C3", "Gone"], ["UNKNOWN", "C2", "Unknown"],
    ]  # fmt: skip


def test_show_names_near_codelists(folder: Path, said: list[str]) -> None:
    assert ct.show_codelist("OUTC", package="sdtm", version=None, ct_folder=folder, tell=said.append) == 2
    assert said == ["OUTC: no codelist of sdtm 2030-06-01. Near: OUT."]


def test_show_looks_in_the_other_packages(folder: Path, said: list[str]) -> None:
    assert ct.show_codelist("PARAMTYP", package=None, version=None, ct_folder=folder, tell=said.append) == 0
    assert said[0].endswith("adam 2025-03-28")


def test_search(folder: Path, said: list[str]) -> None:
    code = ct.search_terms("newest", package="sdtm", version=None, ct_folder=folder, verbose=False, tell=said.append)
    assert (code, said) == (0, ["sdtm OUT C66768: NEWER C4  (synonym: Newest)"])


def test_search_that_finds_nothing_or_much(folder: Path, said: list[str]) -> None:
    assert ct.search_terms("zzzz", package=None, version=None, ct_folder=folder, verbose=False, tell=said.append) == 0
    assert said == ["zzzz: nothing has it."]
    said.clear()
    ct.search_terms("a", package="sdtm", version="2025-03-28", ct_folder=folder, verbose=False, tell=said.append)
    assert len(said) == 101
    assert said[-1].endswith("more (--verbose shows all)")


def test_import(tmp_path: Path, said: list[str]) -> None:
    file = tmp_path / "terms.txt"
    rows = ["C66731\t\tNo\tSex\tSEX\t\tText.\tCDISC Sex", "C16576\tC66731\t\tSex\tF\tFemale\tText.\tFemale"]
    file.write_text(HEAD + "\n".join(rows) + "\n", encoding="utf-8")
    place = tmp_path / "mine"
    options = {"package": "sdtm", "version": "2031-01-01", "replace": False, "ct_folder": place}
    assert ct.import_release(file, **options, tell=said.append) == 0  # type: ignore[arg-type]
    assert said[0].endswith(f"1 codelists, 1 terms; written to {place / 'sdtmct-2031-01-01.ctp'}")
    assert ct.import_release(file, **options, tell=said.append) == 0  # type: ignore[arg-type]
    assert "there already, unchanged" in said[1]
    assert ct.show_codelist("SEX", package="sdtm", version="2031-01-01", ct_folder=place, tell=said.append) == 0
    file.write_text("no release", encoding="utf-8")
    said.clear()
    assert ct.import_release(file, **options, tell=said.append) == 2  # type: ignore[arg-type]
    assert "terms.txt" in said[0]


ALL = [
    "LOST C9: codelist removed",
    "SEX C66731: codelist: extensible was No, is Yes",
    "OUT C66768: FATAL C1 synonyms; gone: Grade 5",
    "OUT C66768: GONE C3 removed",
    "OUT C66768: NEWER C4 added",
    "OUT C66768: UNKNOWN C2 preferred term: was Unknown, is Not Known",
    "OUT C66768: UNKNOWN C2 renamed: was UNKNOWN, is NOT KNOWN",
    "SEX C66731: M C6 recoded: was C6, is C7",
    "sdtm CT 2030-01-01 to 2030-06-01: 8 changes of 3 codelists.",
]


def test_diff(folder: Path, said: list[str]) -> None:
    assert ct_diff.run("2030-01-01", "2030-06-01", ct_folder=folder, tell=said.append) == 0
    assert said == ALL


def test_diff_of_what_a_study_names(folder: Path, tmp_path: Path, said: list[str]) -> None:
    files = {
        "specs/S1/study.yaml": "study: {id: S1}\nstandards: {ct: {sdtm: 2030-01-01}}\nraw: {AE: {file: a.csv}}\n"
                               "codelists: {SEX: {terms: [M]}}\n",
        "mappings/S1/sdtm/ae.yaml": "dataset: AE\nrecords:\n  e: {from: raw.AE, set: {AETERM: T, AEOUT: {from: O, map: "
                                    "{x: UNKNOWN}}}}\nkeys: [USUBJID, AETERM]\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    specs = tmp_path / "specs" / "S1"
    assert ct_diff.run("2030-01-01", "2030-06-01", study=specs, ct_folder=folder, tell=said.append) == 0
    assert said == [
        "SEX C66731: codelist: extensible was No, is Yes  [codelists.SEX]",
        "OUT C66768: UNKNOWN C2 preferred term: was Unknown, is Not Known  [AE.AEOUT]",
        "OUT C66768: UNKNOWN C2 renamed: was UNKNOWN, is NOT KNOWN  [AE.AEOUT]",
        "SEX C66731: M C6 recoded: was C6, is C7  [codelists.SEX]",
        "sdtm CT 2030-01-01 to 2030-06-01: 4 changes of 2 codelists that touch it.",
    ]


def test_diff_of_what_stands_in_data(folder: Path, tmp_path: Path, said: list[str]) -> None:
    from datetime import datetime

    import numpy as np

    from sdtm_builder.write.xpt import write_xpt
    from sdtm_builder.xpt.layout import XptColumn

    def text(name: str, value: str) -> XptColumn:
        return XptColumn(name, name, "Char", 20, "", None, np.array([0]), np.array([value], dtype=object))

    columns = [text("DOMAIN", "AE"), text("USUBJID", "S1-1"), text("AETERM", "x"), text("AEOUT", "GONE")]
    (tmp_path / "out" / "sdtm").mkdir(parents=True)
    assert not write_xpt(tmp_path / "out" / "sdtm" / "ae.xpt", "AE", "Adverse Events", columns, datetime(2025, 1, 1))
    assert ct_diff.run("2030-01-01", "2030-06-01", data=tmp_path / "out", ct_folder=folder, tell=said.append) == 0
    assert said == [
        "OUT C66768: GONE C3 removed  [AE.AEOUT]",
        "sdtm CT 2030-01-01 to 2030-06-01: 1 change of 1 codelist that touch it.",
    ]
    assert ct_diff.run("2030-01-01", "2030-06-01", data=tmp_path, ct_folder=folder, tell=said.append) == 2


def test_diff_of_a_release_that_is_not_there(folder: Path, said: list[str]) -> None:
    assert ct_diff.run("2030-01-01", "2029-01-01", ct_folder=folder, tell=said.append) == 2
    assert "2029-01-01 is not available" in said[0]
