"""Analysis Results Metadata in define.xml: valid by the schema, references resolved, faults told, shown by the page."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from sdtm_builder.model.metadata import (
    AnalysisDataMeta,
    AnalysisMeta,
    CommentMeta,
    ConditionMeta,
    DatasetMeta,
    DocumentMeta,
    MethodMeta,
    OriginMeta,
    StandardMeta,
    StudyMeta,
    VariableMeta,
)
from sdtm_builder.write.define import copy_stylesheet, define_bytes, write_define
from sdtm_builder.write.define_check import check_define
from sdtm_builder.write.define_html import write_define_html

CREATED = datetime(2025, 3, 28, 9, 30, 15)
DERIVED = OriginMeta("Derived", "Sponsor")
ARM = "{http://www.cdisc.org/ns/arm/v1.0}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"


def char(name: str, label: str, **more: Any) -> VariableMeta:
    return VariableMeta(name, label, "Char", "text", 8, origin=DERIVED, method="M", **more)


def number(name: str, label: str, **more: Any) -> VariableMeta:
    return VariableMeta(name, label, "Num", "integer", 3, origin=DERIVED, method="M", **more)


def dataset(name: str, label: str, klass: str, *variables: VariableMeta) -> DatasetMeta:
    return DatasetMeta(name, name, label, klass, "One record per subject", variables, standard="ADAMIG",
                       purpose="Analysis", repeating=name != "ADSL", records=1)  # fmt: skip


SURVIVAL = AnalysisMeta(
    id="os", title="Overall survival", result="Overall survival, safety set", reason="SPECIFIED IN PROTOCOL",
    purpose="SECONDARY OUTCOME MEASURE",
    data=(
        AnalysisDataMeta("ADTTE", (ConditionMeta("PARAMCD", "EQ", ("OS",)),), ("AVAL", "CNSR")),
        AnalysisDataMeta("ADSL", (ConditionMeta("SAFFL", "EQ", ("Y",)),), ("TRT01A",)),
    ),
    parameter="PARAMCD", comment="ANALYSIS.os", text="Kaplan-Meier.", documents=(("sap", ("12",)),),
    code="os:\n  where: PARAMCD = 'OS' AND AVAL > 0 & more", context="YAML",
)  # fmt: skip
STUDY = StudyMeta(
    "S1", "A study", "P1", "adam", (StandardMeta("ADAMIG", "ADaMIG", "IG", "1.3"),),
    (
        dataset("ADSL", "Subjects", "SUBJECT LEVEL ANALYSIS DATASET", char("USUBJID", "Subject", key=1, mandatory=True),
                char("SAFFL", "Safety"), char("TRT01A", "Treatment")),
        dataset("ADTTE", "Times", "BASIC DATA STRUCTURE", char("USUBJID", "Subject", key=1, mandatory=True),
                char("PARAMCD", "Parameter Code"), number("AVAL", "Analysis Value"), number("CNSR", "Censor")),
    ),
    methods=(MethodMeta("M", "A method", "As it is."),), comments=(CommentMeta("ANALYSIS.os", "Joined by USUBJID."),),
    documents=(DocumentMeta("sap", "Statistical Analysis Plan", "sap.pdf"),), analyses=(SURVIVAL,),
)  # fmt: skip


def test_the_file_is_valid_and_every_reference_resolves(tmp_path: Path) -> None:
    assert write_define(STUDY, tmp_path / "define.xml", CREATED) == []
    assert check_define(tmp_path / "define.xml") == []


def test_what_stands_where() -> None:
    root: Any = etree.fromstring(define_bytes(STUDY, CREATED))
    display = root.find(f".//{ARM}ResultDisplay")
    result = display.find(f"{ARM}AnalysisResult")
    assert dict(display.attrib) == {"OID": "RD.os", "Name": "os"}
    assert dict(result.attrib) == {
        "OID": "AR.os", "ParameterOID": "IT.ADTTE.PARAMCD", "AnalysisReason": "SPECIFIED IN PROTOCOL",
        "AnalysisPurpose": "SECONDARY OUTCOME MEASURE",
    }  # fmt: skip
    found = [
        (one.get("ItemGroupOID"), [r.get("WhereClauseOID") for r in one.iter(f"{DEF}WhereClauseRef")],
         [v.get("ItemOID") for v in one.iter(f"{ARM}AnalysisVariable")])
        for one in result.iter(f"{ARM}AnalysisDataset")
    ]  # fmt: skip
    assert found == [
        ("IG.ADTTE", ["WC.ADTTE.PARAMCD.EQ.OS"], ["IT.ADTTE.AVAL", "IT.ADTTE.CNSR"]),
        ("IG.ADSL", ["WC.ADSL.SAFFL.EQ.Y"], ["IT.ADSL.TRT01A"]),
    ]
    assert result.find(f"{ARM}ProgrammingCode/{ARM}Code").text == SURVIVAL.code
    assert result.find(f"{ARM}Documentation/{DEF}DocumentRef").get("leafID") == "LF.DOC.sap"
    assert result.find(f"{ARM}AnalysisDatasets").get(f"{DEF}CommentOID") == "COM.ANALYSIS.os"


def test_without_analyses_nothing_of_it_is_written() -> None:
    assert b"arm" not in define_bytes(replace(STUDY, analyses=(), comments=()), CREATED)


def test_the_page_shows_it(tmp_path: Path) -> None:
    write_define(STUDY, tmp_path / "define.xml", CREATED)
    copy_stylesheet(tmp_path)
    write_define_html(tmp_path / "define.xml", tmp_path / "define.html")
    page = (tmp_path / "define.html").read_text(encoding="utf-8")
    wanted = ("Analysis Results Metadata", SURVIVAL.result, SURVIVAL.reason, SURVIVAL.purpose, SURVIVAL.text)
    assert [text for text in wanted if text not in page] == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reason": ""}, "analysis os has no reason"),
        ({"purpose": ""}, "analysis os has no purpose"),
        ({"data": ()}, "analysis os has no dataset"),
        ({"comment": "X"}, "analysis os names no comment X"),
        ({"comment": ""}, "analysis os has several datasets and no comment that explains the join"),
        ({"documents": (("crf", ()),)}, "analysis os names no document crf"),
        ({"parameter": "PARAM"}, "analysis os names ADTTE.PARAM, which isn't there"),
        ({"data": (AnalysisDataMeta("ADTTE", (), ("AVALC",)),)}, "analysis os names ADTTE.AVALC, which isn't there"),
        ({"data": (AnalysisDataMeta("ADXX", (), ("AVAL",)),)}, "analysis os names ADXX.AVAL, which isn't there"),
        ({"data": (AnalysisDataMeta("ADTTE", (ConditionMeta("AVAL", "EQ", ("1", "2")),)),)},
         "analysis os: EQ has 2 values"),
        ({"data": (AnalysisDataMeta("ADTTE", (ConditionMeta("AVAL", "LIKE", ("1",)),)),)},
         "analysis os has a condition that can't be written"),
    ],
)  # fmt: skip
def test_faults_are_told(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    wrong = replace(STUDY, analyses=(replace(SURVIVAL, **change),))
    found = write_define(wrong, tmp_path / "define.xml", CREATED)
    assert told in [issue.message for issue in found]


def test_two_analyses_of_one_name(tmp_path: Path) -> None:
    found = write_define(replace(STUDY, analyses=(SURVIVAL, SURVIVAL)), tmp_path / "define.xml", CREATED)
    assert "two analyses are named os" in [issue.message for issue in found]
    assert not (tmp_path / "define.xml").exists()


def test_a_parameter_that_is_no_item_is_found_in_a_file(tmp_path: Path) -> None:
    text = define_bytes(STUDY, CREATED).replace(b'ParameterOID="IT.ADTTE.PARAMCD"', b'ParameterOID="IT.ADTTE.X"')
    (tmp_path / "define.xml").write_bytes(text)
    assert any("IT.ADTTE.X" in issue.message for issue in check_define(tmp_path / "define.xml"))
