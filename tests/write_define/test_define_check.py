"""The check of the file finds what is done to a good define.xml; the HTML of it stands alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from define_study import CREATED, STUDY
from lxml import html
from odm import problems

from sdtm_builder.model.metadata import CommentMeta
from sdtm_builder.write.define import define_bytes
from sdtm_builder.write.define_check import check_define
from sdtm_builder.write.define_html import write_define_html

GOOD = define_bytes(STUDY, CREATED).decode("utf-8")

DAMAGE = [
    ('ItemDef OID="IT.DM.AGE"', 'ItemDef OID="IT.DM.SEX"', "define-oid", "IT.DM.SEX is taken by ItemDef IT.DM.SEX"),
    ('CodeListOID="CL.SEX"', 'CodeListOID="CL.SEY"', "define-oid", "CodeList CL.SEY, which isn't there"),
    ('CodeListOID="CL.SEX"', 'CodeListOID="MT.DY"', "define-oid", "CodeList MT.DY, which is no CodeList"),
    ('MethodOID="MT.DY"', 'MethodOID="MT.XX"', "define-oid", "MethodDef MT.XX, which isn't there"),
    ('WhereClauseOID="WC.SUPPAE.QNAM.EQ.AEHOW"', 'WhereClauseOID="WC.X"', "define-oid", "WhereClauseDef WC.X"),
    ('def:CommentOID="COM.AGE"', 'def:CommentOID="COM.X"', "define-oid", "CommentDef COM.X"),
    ('def:StandardOID="STD.SDTMIG"', 'def:StandardOID="STD.X"', "define-oid", "Standard STD.X"),
    ('ValueListOID="VL.LB.LBORRES"', 'ValueListOID="VL.X"', "define-oid", "ValueListDef VL.X"),
    ('<def:DocumentRef leafID="LF.DOC.acrf"/>', '<def:DocumentRef leafID="LF.X"/>', "define-oid", "leaf LF.X"),
    ('ItemOID="IT.DM.AGE"', 'ItemOID="IT.X"', "define-oid", "ItemDef IT.X, which isn't there"),
    ('ItemOID="IT.DM.AGE"', 'ItemOID="IT.X"', "define-orphan", "nothing refers to ItemDef IT.DM.AGE"),
    ('DataType="partialDatetime"', 'DataType="partialDatetime" Length="16"', "define-rule",
     "ItemDef IT.AE.AESTDTC: DataType partialDatetime with Length"),
    (' Length="120"', "", "define-rule", "ItemDef IT.AE.AETERM: DataType text without Length"),
    (' SignificantDigits="3"', "", "define-rule", "DataType float without SignificantDigits"),
    ('xlink:href="ae.xpt"', 'xlink:href="AE.xpt"', "define-rule", "the href AE.xpt isn't in lower case"),
    ('def:ArchiveLocationID="LF.AE"', 'def:ArchiveLocationID="LF.DM"', "define-rule", "isn't the ID of its def:leaf"),
    (' def:ArchiveLocationID="LF.AE"', "", "define-rule", "isn't the ID of its def:leaf"),
    ('def:StandardOID="STD.SDTMIG"', 'def:StandardOID="STD.SDTMCT"', "define-rule", "is no implementation guide"),
    ('"LF.XC" def:IsNonStandard="Yes"', '"LF.XC"', "define-rule", "either def:StandardOID or def:IsNonStandard"),
    ('Source="Investigator"', 'Source="Sponsor"', "define-rule", "Collected by Sponsor"),
    (' Source="Investigator"', "", "define-rule", "Collected by nobody"),
    (' def:ExtendedValue="Yes"', "", "define-rule", "has a C-code, or else def:ExtendedValue"),
    (' Domain="DM"', "", "define-rule", "tabulation data without Domain"),
    ('SASDatasetName="DM"', 'SASDatasetName="DMX"', "define-rule", "SASDatasetName isn't Name"),
    ('<def:Class Name="EVENTS"/>', '<def:Class Name="EVENT"/>', "define-invalid", "EVENT"),
    ('<def:Class Name="EVENTS"/>', "<def:Klass/>", "define-invalid", "Klass"),
    (' Mandatory="Yes"', ' Mandatory="Maybe"', "define-invalid", "Maybe"),
    (' def:Context="Submission"', "", "define-invalid", "Context"),
    ("</Study>", "</Studie>", "define-invalid", "mismatch"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "rule", "message"), DAMAGE)
def test_damage_is_found(old: str, new: str, rule: str, message: str, tmp_path: Path) -> None:
    assert old in GOOD
    path = tmp_path / "define.xml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    found = [issue for issue in check_define(path) if issue.rule == rule]
    assert any(message in issue.message for issue in found)
    assert all(issue.locations[0].row > 0 for issue in found)


def test_good_is_good(tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    path.write_text(GOOD, encoding="utf-8")
    assert check_define(path) == []


def test_odmlib_helper_can_fail(tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    path.write_text(GOOD.replace('CodeListOID="CL.SEX"', 'CodeListOID="CL.SEY"'), encoding="utf-8")
    assert any("CL.SEY" in problem for problem in problems(path))


def test_entities_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("SECRET", encoding="utf-8")
    path = tmp_path / "define.xml"
    head, rest = GOOD.split("<ODM", 1)
    doctype = f'<!DOCTYPE ODM [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    path.write_text(f"{head}{doctype}<ODM{rest}".replace("<StudyName>", "<StudyName>&x;"), encoding="utf-8")
    assert [issue.rule for issue in check_define(path)] == ["define-invalid"]
    page = tmp_path / "define.html"
    write_define_html(path, page)
    assert b"SECRET" not in page.read_bytes()


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("html")
    (folder / "define.xml").write_text(GOOD, encoding="utf-8")
    write_define_html(folder / "define.xml", folder / "define.html")
    return (folder / "define.html").read_bytes()


def test_html_has_every_section(page: bytes) -> None:
    text = " ".join(html.fromstring(page).text_content().split())
    for said in (
        "Standards for Study ABC01", "CDISC/NCI SDTM 2025-03-28", "Annotated CRF", "Reviewer's Guide", "Datasets",
        "AE (Adverse Events)", "Related Supplemental Qualifiers Dataset: SUPPAE", "[Non Standard]", "[No Data]",
        "Treatment Emergent Flag", "CodeLists", "Sex [C66731]", "VECTORCN [*]", "External Dictionaries", "MedDRA",
        "Methods", "Numeric result", "Comments", "DM is joined by USUBJID.",
    ):  # fmt: skip
        assert said in text


def test_html_stands_alone(page: bytes) -> None:
    root = html.fromstring(page)
    linked = [*root.xpath("//@src"), *root.xpath("//link/@href"), *root.xpath("//iframe | //object | //embed")]
    assert linked == []
    assert [link for link in root.xpath("//a/@href") if "//" in link] == []
    assert b"@import" not in page


def test_html_keeps_markup_as_text(tmp_path: Path) -> None:
    comments = (*(c for c in STUDY.comments if c.id != "AE"), CommentMeta("AE", "<script>alert(1)</script>"))
    study = replace(STUDY, comments=comments)
    (tmp_path / "define.xml").write_bytes(define_bytes(study, CREATED))
    write_define_html(tmp_path / "define.xml", tmp_path / "define.html")
    assert b"<script>alert(1)" not in (tmp_path / "define.html").read_bytes()
