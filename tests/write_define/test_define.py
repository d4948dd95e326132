"""define.xml as written: valid by the XSD and odmlib, each trap by XPath, the same bytes each time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from define_study import AE, CREATED, DM, LB, STUDY, SUPPAE, XC, crf, when, with_dataset, with_variable
from lxml import etree
from odm import assert_clean

from sdtm_builder.model.metadata import OriginMeta, StandardMeta, StudyMeta, TermMeta, ValueMeta
from sdtm_builder.write.define import copy_stylesheet, define_bytes, write_define
from sdtm_builder.write.define_check import check_define

NS = {
    "o": "http://www.cdisc.org/ns/odm/v1.3",
    "def": "http://www.cdisc.org/ns/def/v2.1",
    "xlink": "http://www.w3.org/1999/xlink",
}


def written(meta: StudyMeta) -> Any:
    return etree.fromstring(define_bytes(meta, CREATED))


@pytest.fixture(scope="module")
def root() -> Any:
    return written(STUDY)


def get(root: Any, path: str) -> list[str]:
    return [found if isinstance(found, str) else found.tag for found in root.xpath(path, namespaces=NS)]


def test_clean_everywhere(tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    assert write_define(STUDY, path, CREATED, "Sponsor Inc.", as_of=datetime(2025, 3, 1)) == []
    assert check_define(path) == []
    assert_clean(path)


def test_same_bytes(tmp_path: Path) -> None:
    one, two = tmp_path / "a.xml", tmp_path / "b.xml"
    write_define(STUDY, one, CREATED)
    write_define(STUDY, two, CREATED)
    assert one.read_bytes() == two.read_bytes()
    assert one.read_bytes().startswith(
        b'<?xml version="1.0" encoding="UTF-8"?>\n<?xml-stylesheet type="text/xsl" href="define2-1.xsl"?>\n<ODM '
    )


def test_odm_attributes() -> None:
    made = define_bytes(STUDY, datetime(2025, 3, 28, 9, 30, 15, tzinfo=UTC), "Sponsor", datetime(2025, 3, 1))
    root = etree.fromstring(made)
    assert root.get("FileType") == "Snapshot"
    assert root.get("ODMVersion") == "1.3.2"
    assert root.get("CreationDateTime") == "2025-03-28T09:30:15+00:00"
    assert root.get("AsOfDateTime") == "2025-03-01T00:00:00"
    assert root.get("Originator") == "Sponsor"
    assert root.get("SourceSystem") == "sdtm-builder"
    assert root.get("{http://www.cdisc.org/ns/def/v2.1}Context") == "Submission"
    assert get(root, "//o:MetaDataVersion/@def:DefineVersion") == ["2.1.0"]
    assert get(root, "//o:StudyDescription/text()") == ["A Study of <Cells> & Others"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("//def:Standard[@Type='CT']/@PublishingSet", ["SDTM", "DEFINE-XML"]),
        ("//def:AnnotatedCRF/def:DocumentRef/@leafID", ["LF.DOC.acrf"]),
        ("//def:SupplementalDoc/def:DocumentRef/@leafID", ["LF.DOC.csdrg", "LF.DOC.sap"]),
        ("//o:ItemGroupDef/@OID", ["IG.TE", "IG.DM", "IG.AE", "IG.SUPPAE", "IG.LB", "IG.XC", "IG.CE"]),
        ("//o:ItemGroupDef/@Domain", ["TE", "DM", "AE", "AE", "LB", "XC", "CE"]),
        ("//o:ItemGroupDef[@OID='IG.AE']/@def:ArchiveLocationID", ["LF.AE"]),
        ("//o:ItemGroupDef[@OID='IG.AE']/def:leaf/@ID", ["LF.AE"]),
        ("//o:ItemGroupDef[@OID='IG.AE']/def:leaf/@xlink:href", ["ae.xpt"]),
        ("//o:ItemGroupDef[@OID='IG.AE']/@SASDatasetName", ["AE"]),
        ("//o:ItemGroupDef[@def:IsNonStandard]/@Name", ["XC"]),
        ("//o:ItemGroupDef[@def:StandardOID='STD.SDTMIG']/@Name", ["TE", "DM", "AE", "SUPPAE", "LB", "CE"]),
        ("//o:ItemGroupDef[@IsReferenceData='Yes']/@Repeating", ["No"]),
        ("//o:ItemGroupDef/o:Alias[@Context='DomainDescription']/@Name", ["Adverse Events"]),
        ("//o:ItemGroupDef[@OID='IG.SUPPAE']/def:Class/@Name", ["RELATIONSHIP"]),
        # a dataset without data has no file, and says why
        ("//o:ItemGroupDef[@def:HasNoData='Yes']/@Name", ["CE"]),
        ("//o:ItemGroupDef[@OID='IG.CE']/def:leaf", []),
        ("//o:ItemGroupDef[@OID='IG.CE']/@def:ArchiveLocationID", []),
        ("//o:ItemGroupDef[@OID='IG.CE']/@def:CommentOID", ["COM.NODATA"]),
        ("//o:ItemRef[@def:HasNoData='Yes']/@ItemOID", ["IT.DM.ARMNRS"]),
        ("//o:ItemRef[@def:IsNonStandard='Yes']/@ItemOID", ["IT.AE.AEXTRA"]),
        ("//o:ItemGroupDef[@OID='IG.AE']/o:ItemRef[@KeySequence]/@ItemOID",
         ["IT.AE.STUDYID", "IT.AE.USUBJID", "IT.AE.AETERM", "IT.AE.AESTDTC"]),
        ("//o:ItemRef[@ItemOID='IT.AE.AESTDY']/@MethodOID", ["MT.DY"]),
        ("//o:ItemRef[@ItemOID='IT.AE.AETERM']/@Role", ["Topic"]),
        # no Length on dates, durations and the like
        ("//o:ItemDef[not(@Length)]/@DataType",
         ["partialDate", "partialDatetime", "durationDatetime", "partialDate", "datetime"]),
        ("//o:ItemDef[@OID='IT.LB.LBSTRESN']/@SignificantDigits", ["3"]),
        ("//o:ItemDef[@OID='IT.LB.LBSTRESN']/@def:DisplayFormat", ["8.3"]),
        # origins
        ("//o:ItemDef[@OID='IT.DM.RFICDTC']/def:Origin/@Source", ["Investigator"]),
        ("//o:ItemDef[@OID='IT.DM.RFICDTC']//def:PDFPageRef/@PageRefs", ["2 3"]),
        ("//o:ItemDef[@OID='IT.AE.AESEV']//def:PDFPageRef/@Type", ["PhysicalRef", "NamedDestination"]),
        ("//o:ItemDef[@OID='IT.AE.AESEV']//def:PDFPageRef[2]/@PageRefs", ["AE#20severity"]),
        ("//o:ItemDef[@OID='IT.AE.AEDUR']//def:PDFPageRef/@LastPage", ["33"]),
        ("//def:Origin[@Type='Collected'][not(@Source)]", []),
        # codelists
        ("//o:CodeList[@OID='CL.SEX']/o:Alias/@Name", ["C66731"]),
        ("//o:CodeList[@OID='CL.SEX']/o:CodeListItem/o:Alias/@Name", ["C16576", "C20197"]),
        ("//o:CodeList[@OID='CL.SEX']//o:Decode/o:TranslatedText/text()", ["Female", "Male"]),
        ("//o:CodeList[@OID='CL.AESEV']/o:EnumeratedItem/@OrderNumber", ["1", "2", "3"]),
        ("//o:*[@def:ExtendedValue='Yes']/@CodedValue", ["XC", "VECTORCN"]),
        ("//o:*[@def:ExtendedValue='Yes']/o:Alias", []),
        ("//o:CodeList[@def:IsNonStandard='Yes']/@OID", ["CL.QNAM", "CL.COLOR"]),
        ("//o:CodeList[@OID='CL.MEDDRA']/o:ExternalCodeList/@Version", ["27.1"]),
        ("//o:CodeList[@OID='CL.MEDDRA']/@def:IsNonStandard", []),
        ("//o:CodeList[@OID='CL.COLOR']/o:EnumeratedItem[2]/@CodedValue", ['"AMBER" & <PALE>']),
        # value level
        ("//def:ValueListDef/@OID", ["VL.SUPPAE.QVAL", "VL.LB.LBORRES", "VL.LB.LBSTRESN"]),
        ("//o:ItemDef[@OID='IT.SUPPAE.QVAL']/def:ValueListRef/@ValueListOID", ["VL.SUPPAE.QVAL"]),
        ("//def:WhereClauseDef[@OID='WC.SUPPAE.QNAM.EQ.AETRTEM']/o:RangeCheck/@def:ItemOID", ["IT.SUPPAE.QNAM"]),
        ("//def:WhereClauseDef[@OID='WC.SUPPAE.QNAM.EQ.AETRTEM']/o:RangeCheck/@SoftHard", ["Soft"]),
        ("//o:RangeCheck[@Comparator='IN']/o:CheckValue/text()", ["HGB", "WBC"]),
        ("//def:WhereClauseDef[@def:CommentOID='COM.JOIN']/o:RangeCheck/@def:ItemOID", ["IT.DM.SEX"]),
        ("//o:MethodDef[@OID='MT.DY']/o:Description/o:TranslatedText/text()",
         ["Days from RFSTDTC:\n  + 1 on and after it,\n  none before; never 0."]),
        ("//o:MethodDef[@OID='MT.DY']/def:DocumentRef/@leafID", ["LF.DOC.sap"]),
        ("//o:MetaDataVersion/def:leaf[@ID='LF.DOC.sap']/@xlink:href", ["docs/sap%20v1.pdf"]),
    ],
)  # fmt: skip
def test_says(root: Any, path: str, expected: list[str]) -> None:
    assert get(root, path) == expected


def test_values_give_what_differs(root: Any) -> None:
    """LBORRES: HGB, WBC are as the variable, so not listed; GLUC has the variable's origin, so none of its own."""
    rows = get(root, "//def:ValueListDef[@OID='VL.LB.LBORRES']/o:ItemRef/@ItemOID")
    assert [row.rsplit(".", 1)[0] for row in rows][:1] == ["IT.LB.LBORRES.LBTESTCD.EQ"]
    assert len(rows) == 3
    gluc = "//o:ItemDef[@OID='IT.LB.LBORRES.LBTESTCD.EQ.GLUC']"
    assert get(root, gluc + "/@DataType") == ["float"]
    assert get(root, gluc + "/def:Origin") == []
    how = "//o:ItemDef[@OID='IT.SUPPAE.QVAL.QNAM.EQ.AEHOW']"
    assert get(root, how + "/@Length") == ["20"]  # of QVAL


def test_method_stays_with_an_origin_of_its_own() -> None:
    value = ValueMeta(when("LBTESTCD", "GLUC"), "float", 8, 3, "", OriginMeta("Derived", "Vendor"), "STRESN")
    root = written(with_variable(LB, "LBSTRESN", values=(value,)))
    assert get(root, "//def:ValueListDef[@OID='VL.LB.LBSTRESN']/o:ItemRef/@MethodOID") == ["MT.STRESN"]


def test_equal_conditions_share_a_clause(root: Any) -> None:
    oids = get(root, "//def:WhereClauseDef/@OID")
    assert oids.count("WC.LB.LBTESTCD.EQ.GLUC") == 1
    assert len(oids) == len(set(oids)) == 7


def test_oids_of_like_conditions_differ() -> None:
    values = tuple(
        ValueMeta(where, "text", 3)
        for where in (
            when("LBTESTCD", "A.B", comparator="IN"),
            when("LBTESTCD", "A", "B", comparator="IN"),
            when("LBTESTCD", "A B"),
            when("LBTESTCD", "A_B"),
            when("LBTESTCD", *(f"TEST{n}" for n in range(60)), comparator="IN"),
            when("LBTESTCD", *(f"TEST{n}" for n in range(61)), comparator="IN"),
        )
    )
    oids = get(written(with_variable(LB, "LBORRES", values=values)), "//def:ValueListDef[2]/o:ItemRef/@ItemOID")
    assert len(set(oids)) == 6
    assert max(map(len, oids)) < 160


def test_split_dataset_takes_its_domain_label() -> None:
    split = replace(LB, name="LBCH", file="lbch.xpt", domain_label="Laboratory", variables=LB.variables[:4])
    root = written(replace(STUDY, datasets=(*STUDY.datasets, split)))
    assert get(root, "//o:ItemGroupDef[@OID='IG.LBCH']/o:Alias/@Name") == ["Laboratory"]


def test_adam(tmp_path: Path) -> None:
    """Analysis data: no Domain, purpose Analysis, a subclass, predecessors without a source."""
    subject = replace(
        DM.variables[2], origin=OriginMeta("Predecessor", description="DM.USUBJID"), method="", role=""
    )  # fmt: skip
    adae = replace(
        AE, name="ADAE", domain="", purpose="Analysis", klass="OCCURRENCE DATA STRUCTURE", subclass="ADVERSE EVENT",
        file="adae.xpt", standard="ADAMIG", comment="", variables=(subject,),
    )  # fmt: skip
    study = replace(
        STUDY, standard="adam", standards=(StandardMeta("ADAMIG", "ADaMIG", "IG", "1.3"),), datasets=(adae,),
        codelists=(), methods=(), comments=(), documents=(),
    )  # fmt: skip
    path = tmp_path / "define.xml"
    assert write_define(study, path, CREATED) == []
    assert check_define(path) == []
    assert_clean(path)
    root = etree.parse(str(path))
    assert get(root, "//o:ItemGroupDef/@Domain") == []
    assert get(root, "//o:ItemGroupDef/@Purpose") == ["Analysis"]
    assert get(root, "//def:SubClass/@Name") == ["ADVERSE EVENT"]
    assert get(root, "//def:Origin/o:Description/o:TranslatedText/text()") == ["DM.USUBJID"]
    assert get(root, "//def:Origin/@Source") == []


def test_nothing_defined_in_vain(tmp_path: Path) -> None:
    """A codelist that only a left-out value used is left out, and told."""
    values = (ValueMeta(when("LBTESTCD", "GLUC"), "float", 5, 1),)
    study = with_variable(LB, "LBORRES", values=values)
    path = tmp_path / "define.xml"
    issues = write_define(study, path, CREATED)
    assert [(issue.rule, issue.value) for issue in issues] == [("define-unused", "COLOR"), ("define-unused", "JOIN")]
    assert check_define(path) == []
    assert b"CL.COLOR" not in path.read_bytes()


def test_markup_in_texts_stays_text(tmp_path: Path) -> None:
    hostile = "</def:leaf>&<script>\"'{{ 7*7 }}"
    study = replace(with_dataset(replace(XC, label=hostile, structure=hostile)), title=hostile)
    path = tmp_path / "define.xml"
    assert write_define(study, path, CREATED) == []
    assert check_define(path) == []
    root = etree.parse(str(path))
    assert get(root, "//o:ItemGroupDef[@OID='IG.XC']/@def:Structure") == [hostile]
    assert get(root, "//o:StudyDescription/text()") == [hostile]


def test_blanks_in_values_stay() -> None:
    study = with_variable(SUPPAE, "QVAL", values=(ValueMeta(when("QNAM", " A "), "text", 3, origin=crf("1")),))
    assert get(written(study), "//def:WhereClauseDef[1]//o:CheckValue/text()") == [" A "]


def test_stylesheet_comes_with_its_license(tmp_path: Path) -> None:
    sheet, license_ = copy_stylesheet(tmp_path)
    assert sheet.name == "define2-1.xsl"
    assert "MIT License" in license_.read_text(encoding="utf-8")
    assert b"xsl:stylesheet" in sheet.read_bytes()


def test_extended_term_of_a_sponsors_list_is_plain() -> None:
    codelists = tuple(
        replace(item, terms=(TermMeta("YELLOW", extended=True),)) if item.id == "COLOR" else item
        for item in STUDY.codelists
    )
    root = written(replace(STUDY, codelists=codelists))
    assert get(root, "//o:CodeList[@OID='CL.COLOR']/*/@def:ExtendedValue") == []
