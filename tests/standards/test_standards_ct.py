"""Packaged terminology: literal facts of CT 2025-03-28, look-ups, decodes, folders and the packaged form."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from sdtm_builder.standards import CtPackage, StandardsError, ct, ct_folder, ct_versions, open_package
from sdtm_builder.standards.ct import DATA
from sdtm_builder.standards.store import write_atomically

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT.parent / "shared" / "standards"
DATE = "2025-03-28"

needs_tables = pytest.mark.skipif(not SOURCE.is_dir(), reason=f"the published tables are not at {SOURCE}")


@pytest.fixture(scope="module")
def sdtm() -> CtPackage:
    return ct("sdtm", DATE)


@pytest.mark.parametrize(
    ("name", "code", "extensible", "values"),
    [
        ("SEX", "C66731", False, {"F", "INTERSEX", "M", "U"}),
        ("NY", "C66742", False, {"N", "NA", "U", "Y"}),
        ("AESEV", "C66769", False, {"MILD", "MODERATE", "SEVERE"}),
        ("ND", "C66789", False, {"NOT DONE"}),
        (
            "ARMNULRS",
            "C142179",
            True,
            {"ASSIGNED, NOT TREATED", "NOT ASSIGNED", "SCREEN FAILURE", "UNPLANNED TREATMENT"},
        ),
    ],
)
def test_whole_codelists(sdtm: CtPackage, name: str, code: str, extensible: bool, values: set[str]) -> None:
    codelist = sdtm.codelist(name)
    assert codelist is not None
    assert (codelist.code, codelist.extensible, set(codelist.terms)) == (code, extensible, values)
    assert sdtm.codelist(code) is codelist


@pytest.mark.parametrize("name", ["UNIT", "EPOCH", "ONCRSR", "NCOMPLT", "LBTESTCD"])
def test_extensible(sdtm: CtPackage, name: str) -> None:
    codelist = sdtm.codelist(name)
    assert codelist is not None
    assert codelist.extensible


@pytest.mark.parametrize("name", ["ACN", "OUT", "AGEU"])
def test_closed(sdtm: CtPackage, name: str) -> None:
    codelist = sdtm.codelist(name)
    assert codelist is not None
    assert not codelist.extensible


def test_terms(sdtm: CtPackage) -> None:
    unit = sdtm.codelist("UNIT")
    assert unit is not None
    assert unit.terms["10^6/kg"].code == "C198380"
    assert "pg/mL" in unit.terms["ng/L"].synonyms
    assert "pg/mL" not in unit.terms
    sex = sdtm.codelist("SEX")
    assert sex is not None
    female = sex.term_by_code("C16576")
    assert female is not None
    assert (female.submission_value, female.preferred_term) == ("F", "Female")
    assert "f" not in sex.terms
    assert sdtm.codelist("sex") is None


def test_decodes(sdtm: CtPackage) -> None:
    assert sdtm.decode("LBTESTCD")["ALT"] == "Alanine Aminotransferase"
    assert sdtm.decode("C65047")["ALT"] == "Alanine Aminotransferase"
    assert sdtm.decode("TSPARMCD")["SSTDTC"] == "Study Start Date"
    assert sdtm.decode("TENMW1TC")["TENMW102"] == "TENMW1-Time to Walk/Run 10 Meters"
    assert sdtm.decode("PKPARMCD")["CMAX"] == "Max Conc"
    assert sdtm.decode("DOMAIN")["AE"] == "Adverse Events"
    assert sdtm.decode("NY")["Y"] == "Yes"
    assert ct("adam", DATE).decode("APCH1PC")["APCH1TPS"] == "APCH1-A: Total Acute Physiology Score - Analysis"
    assert dict(sdtm.decode("NOSUCH")) == {}


def test_names_are_not_decoded_to_codes(sdtm: CtPackage) -> None:
    assert sdtm.decode("LBTEST")["Alanine Aminotransferase"] == "Alanine Aminotransferase Measurement"


def test_every_code_of_a_pair_decodes(sdtm: CtPackage) -> None:
    pairs = [head for head in sdtm.codelists() if head.pair]
    assert len(pairs) == 808
    assert all(sdtm.decode(head.code) for head in pairs)


def test_search(sdtm: CtPackage) -> None:
    found = sdtm.search("pg/mL")
    terms = {(match.codelist.submission_value, match.term.submission_value) for match in found if match.term}
    assert ("UNIT", "ng/L") in terms
    assert found[0].text == "pg/mL"
    assert sdtm.search("C66731")[0].codelist.submission_value == "SEX"
    assert sdtm.search("no such text at all") == []
    assert sdtm.search("  ") == []


def test_define_ct() -> None:
    define = ct("define-xml", DATE)
    origins = define.codelist("ORIGINT")
    sources = define.codelist("ORIGINS")
    assert origins is not None
    assert sources is not None
    assert {"Assigned", "Collected", "Derived", "Predecessor", "Protocol"} <= set(origins.terms)
    assert {"Investigator", "Sponsor", "Subject", "Vendor"} <= set(sources.terms)


def test_missing_release_names_those_there(tmp_path: Path) -> None:
    with pytest.raises(StandardsError, match=r"sdtm 2019-12-20 is not available.*2025-03-28.*ct import"):
        ct("sdtm", "2019-12-20", tmp_path)
    with pytest.raises(StandardsError, match=r"Packages available: adam, cdash, define-xml, sdtm"):
        ct("protocol", DATE)


def test_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("SDTM_BUILDER_CT", raising=False)
    assert ct_folder() == tmp_path / "data" / "sdtm-builder" / "ct"
    monkeypatch.setenv("SDTM_BUILDER_CT", str(tmp_path / "here"))
    assert ct_folder() == tmp_path / "here"
    assert ct_folder(tmp_path / "option") == tmp_path / "option"


def test_versions(tmp_path: Path) -> None:
    assert ct_versions(tmp_path / "none") == {
        "adam": (DATE,), "cdash": (DATE,), "define-xml": (DATE,), "sdtm": (DATE,),
    }  # fmt: skip


def test_damaged_packages(tmp_path: Path) -> None:
    content = (DATA / f"adamct-{DATE}.ctp").read_bytes()
    for name, damaged in {"cut": content[:-9], "head": content[:30], "other": b"x" * 99, "empty": b""}.items():
        path = tmp_path / f"{name}.ctp"
        path.write_bytes(damaged)
        with pytest.raises(StandardsError, match="damaged package"):
            open_package(path)
    path = tmp_path / "slice.ctp"
    path.write_bytes(content[:-9] + b"\0" * 9)
    package = open_package(path)
    with pytest.raises(StandardsError, match="damaged package"):
        package.search("nothing")


def test_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.ctp"
    path.write_bytes(b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StandardsError, match="No space left"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["a.ctp"]


def test_size() -> None:
    assert sum(path.stat().st_size for path in DATA.iterdir()) < 3_000_000


@needs_tables
@pytest.mark.parametrize("package", ["sdtm", "adam", "cdash", "define-xml"])
def test_equals_the_tables(package: str) -> None:
    with (SOURCE / "ct" / f"{package}ct-{DATE}.csv").open(encoding="utf-8", newline="") as file:
        wanted = {tuple(row.values()) for row in csv.DictReader(file)}
    there = ct(package, DATE)
    found = set()
    for head in there.codelists():
        codelist = there.codelist(head.code)
        assert codelist is not None
        for term in codelist.terms.values():
            found.add((
                codelist.code, codelist.submission_value, codelist.name, "Y" if codelist.extensible else "N",
                term.code, term.submission_value, "; ".join(term.synonyms), term.preferred_term,
            ))  # fmt: skip
    assert found == wanted


@needs_tables
def test_packaging_is_deterministic_and_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import package_standards

    first = package_standards.package_all(SOURCE)
    assert first == package_standards.package_all(SOURCE)
    assert set(first) == {path.name for path in DATA.iterdir() if path.suffix != ".csv"}
    for name, content in first.items():
        if name.endswith(".ctp"):
            path = tmp_path / name
            path.write_bytes(content)
            assert open_package(path).sha256 == open_package(DATA / name).sha256
    sys.modules.pop("package_standards")
