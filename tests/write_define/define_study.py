"""A small study's metadata with every feature of define.xml that the writer has."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sdtm_builder.model.metadata import (
    CodelistMeta,
    CommentMeta,
    ConditionMeta,
    DatasetMeta,
    DocumentMeta,
    MethodMeta,
    OriginMeta,
    StandardMeta,
    StudyMeta,
    TermMeta,
    ValueMeta,
    VariableMeta,
)

CREATED = datetime(2025, 3, 28, 9, 30, 15)

ASSIGNED = OriginMeta("Assigned", "Sponsor")
DERIVED = OriginMeta("Derived", "Sponsor")
VENDOR = OriginMeta("Collected", "Vendor")
PROTOCOL = OriginMeta("Protocol", "Sponsor")


def crf(*pages: str) -> OriginMeta:
    return OriginMeta("Collected", "Investigator", "acrf", pages)


def char(name: str, label: str, length: int, origin: OriginMeta | None, role: str, **more: object) -> VariableMeta:
    return VariableMeta(name, label, "Char", "text", length, origin=origin, role=role, **more)  # type: ignore[arg-type]


def identifiers(domain: str, seq: bool = True) -> tuple[VariableMeta, ...]:
    first = (
        char("STUDYID", "Study Identifier", 5, PROTOCOL, "Identifier", mandatory=True, key=1),
        char("DOMAIN", "Domain Abbreviation", 2, ASSIGNED, "Identifier", mandatory=True, codelist="DOMAIN"),
        char("USUBJID", "Unique Subject Identifier", 14, DERIVED, "Identifier", mandatory=True, key=2,
             method="USUBJID"),
    )  # fmt: skip
    number = VariableMeta(
        f"{domain}SEQ", "Sequence Number", "Num", "integer", 3, origin=DERIVED, role="Identifier", mandatory=True,
        method="SEQ",
    )  # fmt: skip
    return (*first, number) if seq else first


def date(name: str, label: str, data_type: str, origin: OriginMeta, **more: object) -> VariableMeta:
    return VariableMeta(name, label, "Char", data_type, origin=origin, role="Timing", **more)  # type: ignore[arg-type]


def when(variable: str, *values: str, comparator: str = "EQ", dataset: str = "") -> tuple[ConditionMeta, ...]:
    return (ConditionMeta(variable, comparator, values, dataset),)


DM = DatasetMeta(
    "DM", "DM", "Demographics", "SPECIAL PURPOSE", "One record per subject",
    (
        *identifiers("DM", seq=False),
        char("SUBJID", "Subject Identifier for the Study", 6, crf("2"), "Topic", mandatory=True),
        date("RFICDTC", "Date/Time of Informed Consent", "partialDate", crf("2", "3")),
        VariableMeta("AGE", "Age", "Num", "integer", 2, origin=crf("4"), role="Record Qualifier", comment="AGE"),
        char("SEX", "Sex", 1, crf("4"), "Record Qualifier", mandatory=True, codelist="SEX"),
        char("ARMNRS", "Reason Arm and/or Actual Arm is Null", 20, None, "Record Qualifier", has_no_data=True,
             comment="NODATA"),
    ),
    standard="SDTMIG", repeating=False, file="dm.xpt",
)  # fmt: skip

AE = DatasetMeta(
    "AE", "AE", "Adverse Events", "EVENTS", "One record per adverse event per subject",
    (
        *identifiers("AE"),
        char("AETERM", "Reported Term for the Adverse Event", 120, crf("31", "32"), "Topic", mandatory=True, key=3),
        char("AEDECOD", "Dictionary-Derived Term", 60, OriginMeta("Assigned", "Vendor"), "Synonym Qualifier",
             codelist="MEDDRA"),
        char("AESEV", "Severity/Intensity", 8, OriginMeta("Collected", "Investigator", "acrf", ("AE severity", "31")),
             "Record Qualifier", codelist="AESEV"),
        char("AEXTRA", "Sponsor's Own", 10, crf("31"), "Record Qualifier", standard=False),
        date("AESTDTC", "Start Date/Time of Adverse Event", "partialDatetime", crf("31"), key=4),
        VariableMeta("AESTDY", "Study Day of Start of Adverse Event", "Num", "integer", 4, origin=DERIVED,
                     role="Timing", method="DY"),
        date("AEDUR", "Duration of Adverse Event", "durationDatetime", crf("31-33")),
    ),
    standard="SDTMIG", file="ae.xpt", comment="AE",
)  # fmt: skip

SUPPAE = DatasetMeta(
    "SUPPAE", "AE", "Supplemental Qualifiers for AE", "RELATIONSHIP",
    "One record per supplemental qualifier per related parent domain record(s)",
    (
        char("STUDYID", "Study Identifier", 5, PROTOCOL, "Identifier", mandatory=True, key=1),
        char("RDOMAIN", "Related Domain Abbreviation", 2, ASSIGNED, "Identifier", mandatory=True, codelist="DOMAIN"),
        char("USUBJID", "Unique Subject Identifier", 14, DERIVED, "Identifier", mandatory=True, key=2,
             method="USUBJID"),
        char("QNAM", "Qualifier Variable Name", 8, ASSIGNED, "Topic", mandatory=True, key=3, codelist="QNAM"),
        char("QLABEL", "Qualifier Variable Label", 40, ASSIGNED, "Synonym Qualifier", mandatory=True),
        char("QVAL", "Data Value", 20, None, "Result Qualifier", mandatory=True, values=(
            ValueMeta(when("QNAM", "AETRTEM"), "text", 1, codelist="NY", origin=DERIVED, method="TRTEM",
                      mandatory=True, label="Treatment Emergent Flag"),
            ValueMeta(when("QNAM", "AEGRPDTC"), "partialDate", origin=crf("33"), mandatory=True,
                      label="Date of <First> & Grade"),
            ValueMeta(when("QNAM", "AEHOW"), "text", None, origin=OriginMeta("Assigned", "Sponsor"),
                      comment="HOW", label="How it was found"),
        )),
    ),
    standard="SDTMIG", file="suppae.xpt",
)  # fmt: skip

GLUC, HGB = when("LBTESTCD", "GLUC"), when("LBTESTCD", "HGB", "WBC", comparator="IN")
LB = DatasetMeta(
    "LB", "LB", "Laboratory Test Results", "FINDINGS", "One record per lab test per time point per visit per subject",
    (
        *identifiers("LB"),
        char("LBTESTCD", "Lab Test or Examination Short Name", 8, ASSIGNED, "Topic", mandatory=True, key=3,
             codelist="LBTESTCD"),
        char("LBCAT", "Category for Lab Test", 20, ASSIGNED, "Grouping Qualifier"),
        char("LBORRES", "Result or Finding in Original Units", 12, VENDOR, "Result Qualifier", values=(
            ValueMeta(GLUC, "float", 5, 1, origin=VENDOR),
            ValueMeta(HGB, "text", 12, origin=VENDOR),  # like the variable: says nothing
            ValueMeta((*when("LBTESTCD", "COLOR"), *when("LBCAT", "URINALYSIS")), "text", 8, codelist="COLOR"),
            ValueMeta(when("SEX", "F", dataset="DM"), "integer", 2, comment="JOIN"),
        )),
        VariableMeta("LBSTRESN", "Numeric Result/Finding in Standard Units", "Num", "float", 8, 3, "8.3",
                     role="Result Qualifier", origin=DERIVED, method="STRESN", values=(
                         ValueMeta(GLUC, "float", 5, 2, format="5.2"),
                         ValueMeta(HGB, "integer", 3),
                     )),
        date("LBDTC", "Date/Time of Specimen Collection", "datetime", VENDOR, key=4),
    ),
    standard="SDTMIG", file="lb.xpt",
)  # fmt: skip

XC = DatasetMeta(
    "XC", "XC", "Cell Product", "INTERVENTIONS", "One record per product per subject",
    (*identifiers("XC"), char("XCTRT", "Name of Product", 12, crf("50"), "Topic", mandatory=True, key=3)),
    file="xc.xpt",
)  # fmt: skip

TE = DatasetMeta(
    "TE", "TE", "Trial Elements", "TRIAL DESIGN", "One record per planned element",
    (*identifiers("TE", seq=False)[:2], char("ETCD", "Element Code", 8, PROTOCOL, "Topic", mandatory=True, key=2)),
    standard="SDTMIG", repeating=False, reference_data=True, file="te.xpt",
)  # fmt: skip

CE = DatasetMeta(
    "CE", "CE", "Clinical Events", "EVENTS", "One record per event per subject",
    (*identifiers("CE"), char("CETERM", "Reported Term for the Clinical Event", 20, crf("60"), "Topic")),
    standard="SDTMIG", has_no_data=True, comment="NODATA",
)  # fmt: skip

CODELISTS = (
    CodelistMeta("DOMAIN", "SDTM Domain Abbreviation", terms=(
        TermMeta("AE", code="C49562"), TermMeta("CE", code="C49569"), TermMeta("DM", code="C49572"),
        TermMeta("LB", code="C49592"), TermMeta("TE", code="C49617"), TermMeta("XC", extended=True),
    ), code="C66734", standard="SDTMCT"),
    CodelistMeta("SEX", "Sex", terms=(TermMeta("F", "Female", "C16576"), TermMeta("M", "Male", "C20197")),
                 code="C66731", standard="SDTMCT"),
    CodelistMeta("MEDDRA", "Medical Dictionary for Regulatory Activities", dictionary="MedDRA", version="27.1"),
    CodelistMeta("AESEV", "Severity/Intensity Scale for Adverse Events", terms=(
        TermMeta("MILD", code="C41338"), TermMeta("MODERATE", code="C41339"), TermMeta("SEVERE", code="C41340"),
    ), code="C66769", standard="SDTMCT"),
    CodelistMeta("NY", "No Yes Response", terms=(TermMeta("Y", code="C49488"),), code="C66742", standard="SDTMCT"),
    CodelistMeta("QNAM", "Names of Supplemental Qualifiers", terms=(
        TermMeta("AETRTEM", "Treatment Emergent Flag"), TermMeta("AEGRPDTC", "Date of First Grade"),
        TermMeta("AEHOW", "How it was found"),
    )),
    CodelistMeta("LBTESTCD", "Laboratory Test Code", terms=(
        TermMeta("GLUC", "Glucose", "C105585"), TermMeta("HGB", "Hemoglobin", "C64848"),
        TermMeta("WBC", "Leukocytes", "C51948"), TermMeta("COLOR", "Color", "C64546"),
        TermMeta("VECTORCN", "Vector Copies", extended=True),
    ), code="C65047", standard="SDTMCT"),
    CodelistMeta("COLOR", "Colors of Urine", terms=(TermMeta("YELLOW"), TermMeta('"AMBER" & <PALE>'))),
)  # fmt: skip

METHODS = (
    MethodMeta("USUBJID", "Unique subject identifier", "STUDYID || '-' || SUBJID"),
    MethodMeta("SEQ", "Sequence number", "1, 2, ... within a subject by the keys of the dataset."),
    MethodMeta("DY", "Study day", "Days from RFSTDTC:\n  + 1 on and after it,\n  none before; never 0.", document="sap",
               pages=("12",)),
    MethodMeta("TRTEM", "Treatment emergent", "Y where the event began on or after the first dose.", "Imputation"),
    MethodMeta("STRESN", "Numeric result", "LBORRES as a number, where it is one."),
)  # fmt: skip

COMMENTS = (
    CommentMeta("AGE", "Age as given at consent."),
    CommentMeta("NODATA", "Planned, but nothing was collected."),
    CommentMeta("AE", "Events after consent.", "csdrg", ("AE section", "7")),
    CommentMeta("HOW", "Coded from free text."),
    CommentMeta("JOIN", "DM is joined by USUBJID."),
)

STUDY = StudyMeta(
    study="ABC01",
    title="A Study of <Cells> & Others",
    protocol="ABC01-001",
    standard="sdtm",
    standards=(
        StandardMeta("SDTMIG", "SDTMIG", "IG", "3.4"),
        StandardMeta("SDTMCT", "CDISC/NCI", "CT", "2025-03-28", "SDTM"),
        StandardMeta("DEFCT", "CDISC/NCI", "CT", "2025-03-28", "DEFINE-XML"),
    ),
    datasets=(TE, DM, AE, SUPPAE, LB, XC, CE),
    codelists=CODELISTS,
    methods=METHODS,
    comments=COMMENTS,
    documents=(
        DocumentMeta("acrf", "Annotated CRF", "acrf.pdf", "acrf"),
        DocumentMeta("csdrg", "Reviewer's Guide", "csdrg.pdf"),
        DocumentMeta("sap", "Analysis Plan", "docs/sap v1.pdf"),
    ),
)


def with_dataset(dataset: DatasetMeta, study: StudyMeta = STUDY) -> StudyMeta:
    """The study with another version of one dataset."""
    return replace(study, datasets=tuple(dataset if d.name == dataset.name else d for d in study.datasets))


def with_variable(dataset: DatasetMeta, name: str, **changes: object) -> StudyMeta:
    """The study with one variable changed."""
    variables = tuple(replace(v, **changes) if v.name == name else v for v in dataset.variables)  # type: ignore[arg-type]
    return with_dataset(replace(dataset, variables=variables))
