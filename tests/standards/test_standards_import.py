"""Import of the four published forms, broken files, and comparison of releases."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import standards_ct_files as made

from sdtm_builder.standards import CtPackage, StandardsError, ct, ct_versions, diff_ct, import_ct

NAMED = "SDTM Terminology 2031-03-28.txt"


def rows_with(at: int, **changes: str) -> list[made.Row]:
    keys = ("code", "of", "extensible", "name", "value", "synonyms", "definition", "preferred")
    rows = [dict(zip(keys, row, strict=True)) for row in made.ROWS]
    rows[at].update(changes)
    return [tuple(row[key] for key in keys) for row in rows]  # type: ignore[misc]


FORMS = {
    "NCI EVS text": (NAMED, made.nci_text),
    "workbook": ("any.bin", made.workbook),
    "ODM-XML": ("any.bin", made.odm),
    "CDISC Library JSON": ("any.bin", made.library_json),
}


@pytest.mark.parametrize("form", FORMS)
def test_forms(tmp_path: Path, form: str) -> None:
    name, make = FORMS[form]
    done = import_ct(made.save(tmp_path, name, make()), tmp_path / "ct")
    assert (done.package, done.version, done.form, done.codelists, done.terms) == ("sdtm", "2031-03-28", form, 3, 6)
    package = ct("sdtm", "2031-03-28", tmp_path / "ct")
    codelist = package.codelist("LBTESTCD")
    assert codelist is not None
    assert codelist.extensible
    assert codelist.terms["ALT"].synonyms == ("Alanine Aminotransferase", "SGPT")
    assert codelist.terms["ALT"].preferred_term == "ALT Measurement"
    assert dict(package.decode("LBTESTCD")) == {"ALT": "Alanine Aminotransferase", "AST": "Aspartate Aminotransferase"}
    sex = package.codelist("C66731")
    assert sex is not None
    assert not sex.extensible
    assert sex.name == "Sex"
    assert ct_versions(tmp_path / "ct")["sdtm"] == ("2025-03-28", "2031-03-28")


def test_forms_give_the_same_bytes(tmp_path: Path) -> None:
    contents = set()
    for number, (name, make) in enumerate(FORMS.values()):
        done = import_ct(made.save(tmp_path, name, make()), tmp_path / str(number))
        contents.add(done.path.read_bytes())
    assert len(contents) == 1


def test_again_and_other_content(tmp_path: Path) -> None:
    folder = tmp_path / "ct"
    assert not import_ct(made.save(tmp_path, NAMED, made.nci_text()), folder).unchanged
    assert import_ct(made.save(tmp_path, NAMED, made.nci_text(list(made.ROWS))), folder).unchanged
    other = made.save(tmp_path, NAMED, made.nci_text(rows_with(8, synonyms="Masculine")))
    with pytest.raises(StandardsError, match="is there with another content"):
        import_ct(other, folder)
    assert not import_ct(other, folder, replace=True).unchanged


def test_package_and_version_must_be_known(tmp_path: Path) -> None:
    file = made.save(tmp_path, "download.txt", made.nci_text())
    with pytest.raises(StandardsError, match="which package this is"):
        import_ct(file, tmp_path)
    with pytest.raises(StandardsError, match="release date"):
        import_ct(file, tmp_path, package="protocol")
    with pytest.raises(StandardsError, match="Package 'stdm' is unknown"):
        import_ct(file, tmp_path, package="stdm")
    with pytest.raises(StandardsError, match="no release date"):
        import_ct(file, tmp_path, package="sdtm", version="28MAR2031")
    assert import_ct(file, tmp_path, "protocol", "2031-03-28").path.name == "protocolct-2031-03-28.ctp"
    xml = made.save(tmp_path, "x.xml", made.odm())
    with pytest.raises(StandardsError, match="the content says that this is SDTM, not adam"):
        import_ct(xml, tmp_path, package="adam")
    with pytest.raises(StandardsError, match="release of 2031-03-28, not 2031-06-27"):
        import_ct(xml, tmp_path, version="2031-06-27")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"just some text", "no release of controlled terminology"),
        (made.nci_text()[:-25], "row 10: 2 columns instead of 8"),
        (made.nci_text()[:-2], "row 10: the last row has no end of line; is the file cut off"),
        (made.nci_text(made.ROWS[:7]), r"row 8: codelist SEX \(C66731\) has no terms"),
        (made.nci_text().replace(b"NCI Preferred Term", b"Term"), "row 1: missing columns: NCI Preferred Term"),
        (made.nci_text(rows_with(7, of="C999999")), "row 9: term F is of unknown codelist C999999"),
        (made.nci_text(rows_with(8, value="F")), "row 10: submission value 'F' stands already .*row 9"),
        (made.nci_text(rows_with(6, extensible="maybe")), "row 8: extensible is 'maybe'"),
        (made.nci_text(rows_with(6, code="C65047")), "row 8: codelist C65047 stands already at .*row 2"),
        (made.nci_text(rows_with(8, value="")), "row 10: term C20197 has no submission value"),
        (made.nci_text(rows_with(8, code="20197")), "row 10: '20197' is no C-code"),
        (made.nci_text([]), "no codelist and no term"),
        (made.nci_text().replace(b"SGPT", b"\xff\xfe"), "row 3: not UTF-8"),
        (made.odm()[:-200], "broken XML.*line"),
        (b"<other/>", "line 1: the root is other, not ODM"),
        (made.library_json()[:-30], r"line \d+, column \d+: broken JSON"),
        (b'{"a": 1}', "no list `codelists`"),
        (b'{"codelists": [3]}', r"codelists\[0\]: an object"),
        (b"[" * 9, "no release"),
        (b'{"codelists":' + b"[" * 200_000, "too deeply"),
        (made.workbook()[:-400], "damaged or cut off"),
        (made.workbook().replace(b"xl/worksheets", b"xl/worksheetx"), "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "damaged, cut off or protected"),
        (made.workbook([]), "no codelist and no term"),
    ],
)
def test_broken_files(tmp_path: Path, content: bytes, message: str) -> None:
    file = made.save(tmp_path, NAMED, content)
    folder = tmp_path / "ct"
    with pytest.raises(StandardsError, match=message):
        import_ct(file, folder)
    assert not folder.exists()


def test_all_faults_are_told(tmp_path: Path) -> None:
    rows = [(f"X{number}", "C1", "", "", "A", "", "", "") for number in range(20)]
    with pytest.raises(StandardsError) as caught:
        import_ct(made.save(tmp_path, NAMED, made.nci_text(rows)), tmp_path / "ct")
    assert len(caught.value.problems) == 40
    assert str(caught.value).endswith("and 30 more")


def test_missing_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(StandardsError, match="cannot be read: No such file"):
        import_ct(tmp_path / "none.txt", tmp_path)
    blocked = made.save(tmp_path, "blocked", b"")
    with pytest.raises(StandardsError, match="cannot be written"):
        import_ct(made.save(tmp_path, NAMED, made.nci_text()), blocked / "ct")


def test_entities_are_refused(tmp_path: Path) -> None:
    secret = made.save(tmp_path, "secret.txt", b"SECRET")
    for doctype in (f'<!DOCTYPE ODM [<!ENTITY x SYSTEM "{secret.as_uri()}">]>', '<!DOCTYPE ODM SYSTEM "odm.dtd">'):
        file = made.save(tmp_path, "x.xml", made.odm(doctype=doctype))
        with pytest.raises(StandardsError, match="DOCTYPE or entities; refused"):
            import_ct(file, tmp_path / "ct")


def test_zip_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdtm_builder.standards.ct_formats.MAX_UNPACKED", 5 * 2**20)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * (6 * 2**20))
    with pytest.raises(StandardsError, match="unpacks to more than 5 MB; refused"):
        import_ct(made.save(tmp_path, "x.xlsx", out.getvalue()), tmp_path / "ct")


NEW_ROWS = [
    *made.ROWS[:1],
    ("C64433", "C65047", "", "Laboratory Test Code", "ALTX", "Alanine Aminotransferase; SGPT", "", "ALT Measurement"),
    ("C1", "C65047", "", "Laboratory Test Code", "IL6NEW", "INTLK6X", "", "Interleukin"),
    *made.ROWS[3:6],
    ("C66731", "", "Yes", "Sex of Subject", "SEX", "", "", "CDISC Sex"),
    ("C16576", "C66731", "", "Sex", "F", "Fem", "", "Female"),
    ("C20197", "C66731", "", "Sex", "M", "Male", "", "Male"),
    ("C2", "", "No", "New", "NEWLIST", "", "", "New"),
    ("C3", "C2", "", "New", "A", "", "", "A"),
]


@pytest.fixture
def releases(tmp_path: Path) -> tuple[CtPackage, CtPackage]:
    import_ct(made.save(tmp_path, NAMED, made.nci_text()), tmp_path)
    import_ct(made.save(tmp_path, "sdtmct-2031-06-27.txt", made.nci_text(NEW_ROWS)), tmp_path)
    return ct("sdtm", "2031-03-28", tmp_path), ct("sdtm", "2031-06-27", tmp_path)


def test_diff(releases: tuple[CtPackage, CtPackage]) -> None:
    diff = diff_ct(*releases)
    assert (diff.old_version, diff.new_version) == ("2031-03-28", "2031-06-27")
    assert [(each.kind, each.codelist, each.old, each.new) for each in diff.codelists] == [
        ("added", "NEWLIST", "", "NEWLIST"),
        ("name", "SEX", "Sex", "Sex of Subject"),
        ("extensible", "SEX", "No", "Yes"),
    ]
    assert [(each.kind, each.codelist, each.term, each.old, each.new) for each in diff.terms] == [
        ("renamed", "LBTESTCD", "ALT", "ALT", "ALTX"),
        ("removed", "LBTESTCD", "AST", "AST", ""),
        ("added", "LBTESTCD", "IL6NEW", "", "IL6NEW; INTLK6X"),
        ("synonyms", "SEX", "F", "Female", "Fem"),
    ]
    back = diff_ct(*reversed(releases))
    assert [(each.kind, each.codelist) for each in back.codelists][:1] == [("removed", "NEWLIST")]
    assert diff_ct(releases[0], releases[0]).empty


def test_diff_of_a_study(releases: tuple[CtPackage, CtPackage]) -> None:
    diff = diff_ct(*releases)
    used = diff.restricted({"LBTESTCD": ["ALT", "INTLK6X"], "C66731": ["M"]})
    assert [(each.kind, each.term) for each in used.terms] == [("renamed", "ALT"), ("added", "IL6NEW")]
    assert [each.kind for each in used.codelists] == ["name", "extensible"]
    assert [each.term for each in diff.restricted({"SEX": None}).terms] == ["F"]
    assert diff.restricted({"UNIT": None}).empty
