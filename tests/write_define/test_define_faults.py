"""Metadata that contradict Define-XML are refused with their place, and nothing is written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from define_study import AE, CE, CREATED, LB, STUDY, SUPPAE, TE, XC, crf, when, with_dataset, with_variable

from sdtm_builder.model.metadata import OriginMeta, StudyMeta, TermMeta, ValueMeta
from sdtm_builder.write.define import write_define


def codelist(id: str, **changes: object) -> StudyMeta:
    lists = tuple(replace(c, **changes) if c.id == id else c for c in STUDY.codelists)  # type: ignore[arg-type]
    return replace(STUDY, codelists=lists)


def lb_value(**changes: object) -> StudyMeta:
    value = ValueMeta(when("LBTESTCD", "GLUC"), "float", 5, 1)
    rest = next(v for v in LB.variables if v.name == "LBORRES").values[1:]
    return with_variable(LB, "LBORRES", values=(replace(value, **changes), *rest))  # type: ignore[arg-type]


ERRORS = [
    (with_variable(AE, "AESTDTC", length=16), "define-length", "AE.AESTDTC"),
    (with_variable(AE, "AETERM", length=None), "define-length", "AE.AETERM"),
    (with_variable(AE, "AETERM", length=0), "define-length", "AE.AETERM"),
    (with_variable(LB, "LBSTRESN", digits=None, values=()), "define-length", "LB.LBSTRESN"),
    (with_variable(AE, "AESTDY", digits=1), "define-length", "AE.AESTDY"),
    (lb_value(data_type="float", digits=None), "define-length", "LB.LBORRES [LBTESTCD.EQ.GLUC]"),
    (lb_value(data_type="date", length=10, digits=None), "define-length", "LB.LBORRES [LBTESTCD.EQ.GLUC]"),
    (with_variable(AE, "AETERM", label="a\x01b"), "define-character", "AE.AETERM"),
    (with_variable(AE, "AETERM", label="\ud800"), "define-character", "AE.AETERM"),
    (with_variable(AE, "AETERM", role="Topic\n"), "define-character", "AE.AETERM"),
    (lb_value(where=when("LBTESTCD", "GL\x0bUC")), "define-character", "LB.LBORRES [LBTESTCD.EQ.GL_UC"),
    (with_dataset(replace(AE, structure="One\trecord")), "define-character", "AE"),
    (codelist("AESEV", terms=(TermMeta("MI\x00LD", code="C1"),)), "define-character", "AE.AESEV"),
    (with_variable(AE, "AETERM", codelist="NONE"), "define-reference", "AE.AETERM"),
    (with_variable(AE, "AETERM", method="NONE"), "define-reference", "AE.AETERM"),
    (with_variable(AE, "AETERM", comment="NONE"), "define-reference", "AE.AETERM"),
    (with_dataset(replace(AE, comment="NONE")), "define-reference", "AE"),
    (with_variable(AE, "AETERM", origin=replace(crf("1"), document="none")), "define-reference", "AE.AETERM"),
    (with_variable(AE, "AETERM", origin=replace(crf("1"), document="")), "define-reference", "AE.AETERM"),
    (lb_value(where=when("LBGHOST", "X")), "define-reference", "LB.LBORRES [LBGHOST.EQ.X]"),
    (lb_value(where=()), "define-where", "LB.LBORRES"),
    (lb_value(where=when("LBTESTCD", "A", "B")), "define-where", "LB.LBORRES"),
    (lb_value(where=when("LBTESTCD", comparator="IN")), "define-where", "LB.LBORRES"),
    (lb_value(where=when("LBTESTCD", "A", comparator="LIKE")), "define-where", "LB.LBORRES"),
    (lb_value(where=when("LBTESTCD", "HGB", "WBC", comparator="IN")), "define-duplicate", "LB.LBORRES"),
    (replace(STUDY, datasets=(*STUDY.datasets, AE)), "define-duplicate", "AE"),
    (replace(STUDY, methods=(*STUDY.methods, STUDY.methods[0])), "define-duplicate", ""),
    (with_dataset(replace(AE, variables=(*AE.variables, AE.variables[4]))), "define-duplicate", "AE.AETERM"),
    (with_variable(AE, "AETERM", key=2), "define-duplicate", "AE"),
    (with_variable(AE, "AETERM", origin=OriginMeta("Collected")), "define-origin", "AE.AETERM"),
    (with_variable(AE, "AETERM", origin=OriginMeta("Collected", "Sponsor")), "define-origin", "AE.AETERM"),
    (with_variable(AE, "AETERM", origin=OriginMeta("Assigned")), "define-origin", "AE.AETERM"),
    (with_variable(AE, "AETERM", origin=OriginMeta("CRF", "Investigator")), "define-origin", "AE.AETERM"),
    (with_variable(AE, "AETERM", origin=OriginMeta("Predecessor")), "define-origin", "AE.AETERM"),
    (codelist("AESEV", terms=()), "define-codelist", "AE.AESEV"),
    (codelist("AESEV", standard="SDTMIG"), "define-codelist", "AE.AESEV"),
    (codelist("AESEV", standard="NONE"), "define-codelist", "AE.AESEV"),
    (codelist("AESEV", code=""), "define-codelist", "AE.AESEV"),
    (codelist("AESEV", terms=(TermMeta("MILD"),)), "define-codelist", "AE.AESEV"),
    (codelist("AESEV", terms=(TermMeta("MILD", code="C1", extended=True),)), "define-codelist", "AE.AESEV"),
    (codelist("COLOR", terms=(TermMeta("A", "a"), TermMeta("B"))), "define-codelist", "LB.LBORRES"),
    (codelist("COLOR", terms=(TermMeta("A"), TermMeta("A"))), "define-codelist", "LB.LBORRES"),
    (codelist("MEDDRA", version=""), "define-codelist", "AE.AEDECOD"),
    (with_dataset(replace(AE, file="AE.xpt")), "define-dataset", "AE"),
    (with_dataset(replace(AE, file="aes.xpt")), "define-dataset", "AE"),
    (with_dataset(replace(AE, domain="")), "define-dataset", "AE"),
    (with_dataset(replace(AE, purpose="Analysis")), "define-dataset", "AE"),
    (with_dataset(replace(AE, standard="SDTMCT")), "define-dataset", "AE"),
    (with_dataset(replace(AE, standard="NONE")), "define-dataset", "AE"),
    (with_dataset(replace(TE, repeating=True)), "define-dataset", "TE"),
    (with_dataset(replace(TE, reference_data=False)), "define-dataset", "TE"),
    (with_dataset(replace(XC, variables=())), "define-dataset", "XC"),
]


@pytest.mark.parametrize(("study", "rule", "place"), ERRORS)
def test_refused(study: StudyMeta, rule: str, place: str, tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    errors = [issue for issue in write_define(study, path, CREATED) if issue.severity == "error"]
    assert {issue.rule for issue in errors} == {rule}
    assert str(next(iter(errors[0].locations), "")).startswith(place)
    assert not path.exists()


WARNINGS = [
    (with_variable(AE, "AEXTRA", origin=None), "neither the variable nor each of its values has an origin"),
    (with_variable(AE, "AEXTRA", origin=OriginMeta("Derived", "Sponsor")), "a derived variable has no method"),
    (with_variable(AE, "AEXTRA", label=""), "the variable has no label"),
    (with_variable(AE, "AEXTRA", has_no_data=True), "a variable without data has no comment that says why"),
    (with_variable(AE, "AEXTRA", origin=OriginMeta("Collected", "Investigator")), "no page of the annotated CRF"),
    (with_dataset(replace(CE, comment="")), "a dataset without data has no comment that says why"),
    (with_dataset(replace(SUPPAE, domain="QS")), "no description of the domain QS"),
]


@pytest.mark.parametrize(("study", "message"), WARNINGS)
def test_told_but_written(study: StudyMeta, message: str, tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    issues = [issue for issue in write_define(study, path, CREATED) if issue.rule == "define-incomplete"]
    assert [message in issue.message for issue in issues] == [True]
    assert path.exists()


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    study = with_variable(AE, "AETERM", label="\x01", length=None, codelist="NONE", origin=OriginMeta("CRF"))
    issues = write_define(study, tmp_path / "define.xml", CREATED)
    assert {i.rule for i in issues} == {"define-character", "define-length", "define-reference", "define-origin"}
