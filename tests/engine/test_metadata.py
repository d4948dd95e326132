"""The define.xml metadata of a whole tiny study: written, clean, and saying what the study says."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from sdtm_builder.model.metadata import OriginMeta, TermMeta

from .metadata_kit import AE, DM, EX, LB, RAW, STUDY, Result, build, whole, written


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return whole(tmp_path_factory.mktemp("study"))


def odmlib_problems(path: Path) -> list[str]:
    """odmlib's second opinion, from the tests of the writer."""
    source = Path(__file__).parents[1] / "write_define" / "odm.py"
    spec = importlib.util.spec_from_file_location("define_odm", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    problems: list[str] = module.problems(path)
    return problems


def test_define_is_written_without_errors_and_odmlib_agrees(study: Result, tmp_path: Path) -> None:
    path, problems = written(study, tmp_path)
    assert problems == []
    assert odmlib_problems(path) == []


def test_everything_equal_gives_equal_metadata(study: Result, tmp_path: Path) -> None:
    assert whole(tmp_path).meta == study.meta


def test_study_standards_and_documents(study: Result) -> None:
    meta = study.meta
    assert (meta.study, meta.title, meta.protocol, meta.language) == ("S1", "A study of two subjects", "S1-P", "en")
    assert [(s.key, s.name, s.type, s.version, s.publishing_set) for s in meta.standards] == [
        ("SDTMIG", "SDTMIG", "IG", "3.4", ""),
        ("CT-SDTM-2025-03-28", "CDISC/NCI", "CT", "2025-03-28", "SDTM"),
    ]
    assert [(d.id, d.file, d.kind) for d in meta.documents] == [
        ("acrf", "acrf.pdf", "acrf"),
        ("labman", "labman.pdf", "supplemental"),
    ]


@pytest.mark.parametrize(
    ("name", "klass", "structure", "repeating", "file"),
    [
        ("DM", "SPECIAL PURPOSE", "One record per subject", False, "dm.xpt"),
        ("AE", "EVENTS", "One record per adverse event per subject", True, "ae.xpt"),
        ("LB", "FINDINGS", "One record per lab test per time point per visit per subject", True, "lb.xpt"),
        ("SUPPAE", "RELATIONSHIP", "One record per supplemental qualifier per related parent domain record(s)", True,
         "suppae.xpt"),
    ],
)  # fmt: skip
def test_datasets(study: Result, name: str, klass: str, structure: str, repeating: bool, file: str) -> None:
    found = study.dataset(name)
    assert (found.klass, found.structure, found.repeating, found.file) == (klass, structure, repeating, file)
    assert (found.standard, found.purpose, found.reference_data) == ("SDTMIG", "Tabulation", False)


def test_comments_of_datasets_rules_and_variables(study: Result) -> None:
    assert study.comment(study.dataset("AE").comment) == "All events since consent"
    assert study.comment(study.variable("DM.COUNTRY").comment) == "One country takes part"
    assert study.comment(study.value("SUPPDM.QVAL", "MOOD").comment) == "As the subject said"
    assert study.comment(study.value("LB.LBORRES", "GLUC").comment) == "Fasting"


def test_keys_roles_and_mandatory(study: Result) -> None:
    keys = {v.name: v.key for v in study.dataset("LB").variables if v.key}
    assert keys == {"STUDYID": 1, "USUBJID": 2, "LBTESTCD": 3, "LBDTC": 4}
    term = study.variable("AE.AETERM")
    assert (term.role, term.core, term.mandatory) == ("Topic", "Req", True)
    assert not study.variable("AE.AESER").mandatory


def test_a_column_without_data_says_why(study: Result) -> None:
    ruleless, valueless = study.variable("AE.AEHLT"), study.variable("LB.LBNRIND")
    assert (ruleless.has_no_data, ruleless.origin, ruleless.method) == (True, None, "")
    assert study.comment(ruleless.comment) == "No data: the specification of the study has no rule for it."
    assert (valueless.has_no_data, valueless.origin) == (True, None)
    assert study.comment(valueless.comment) == "No data: no record of the study has a value."


def test_terms_are_those_in_the_data_or_declared(study: Result) -> None:
    assert study.terms("SEX") == ["F", "M"]
    assert study.terms("NY") == ["N", "Y"]
    assert study.terms("OUT") == ["RECOVERED/RESOLVED", "FATAL"]
    assert study.terms("UNIT") == ["g/L", "mg", "mmol/L", "SCOOP"]
    units = study.codelist("UNIT")
    assert (units.code, units.standard) == ("C71620", "CT-SDTM-2025-03-28")
    assert units.terms[0] == TermMeta("g/L", "", "C42576")
    assert units.terms[-1] == TermMeta("SCOOP", "", "", extended=True)


def test_one_list_for_all_its_variables(study: Result) -> None:
    assert study.variable("LB.LBORRESU").codelist == study.variable("EX.EXDOSU").codelist == "UNIT"
    assert len({c.id for c in study.meta.codelists}) == len(study.meta.codelists)


def test_the_decode_of_a_test_code_is_its_test_and_of_an_arm_its_name(study: Result) -> None:
    tests = study.codelist("LBTESTCD")
    assert [(t.term, t.decode, t.code) for t in tests.terms] == [
        ("COLOR", "Color", "C64546"),
        ("GLUC", "Glucose", "C105585"),
        ("HGB", "Hemoglobin", "C64848"),
    ]
    arms = study.codelist("ARMCD")
    assert (arms.standard, arms.code) == ("", "")
    assert [(t.term, t.decode, t.extended) for t in arms.terms] == [("A", "Drug A", False), ("B", "Drug B", False)]
    assert study.variable("DM.ACTARMCD").codelist == study.variable("DM.ARMCD").codelist == "ARMCD"


def test_dictionaries_with_the_version_that_the_study_declares(study: Result) -> None:
    said = study.codelist(study.variable("AE.AEDECOD").codelist)
    assert (said.dictionary, said.version, said.data_type, said.terms) == ("MedDRA", "27.1", "text", ())
    code = study.codelist(study.variable("AE.AEPTCD").codelist)
    assert (code.dictionary, code.version, code.data_type) == ("MedDRA", "27.1", "integer")


def test_no_version_no_dictionary(tmp_path: Path) -> None:
    without = STUDY.replace(', dictionaries: {MedDRA: "27.1", WHODRUG: "2024-03"}', "")
    ae = AE.replace("  AEDECOD: {codelist: MedDRA}\n", "")
    found = build(tmp_path, {"ae.yaml": ae, "dm.yaml": DM, "ex.yaml": EX}, study=without)
    assert found.variable("AE.AEDECOD").codelist == ""


@pytest.mark.parametrize(
    ("name", "data_type", "length", "digits"),
    [
        ("AE.AESTDTC", "partialDate", None, None),  # 2024-01-05 and 2024-02
        ("DM.RFICDTC", "date", None, None),
        ("AE.AESEQ", "integer", 1, None),
        ("LB.LBSTRESN", "float", 4, 2),  # 120, 99, 5.25, 4.5
        ("AE.AETERM", "text", 8, None),
        ("LB.LBDY", "integer", 2, None),
    ],
)
def test_data_types_from_the_data(
    study: Result, name: str, data_type: str, length: int | None, digits: int | None
) -> None:
    found = study.variable(name)
    assert (found.data_type, found.length, found.digits) == (data_type, length, digits)


def test_lengths_of_text_are_those_of_the_files(study: Result) -> None:
    for built in study.built:
        for variable in built.variables:
            told = study.variable(f"{built.name}.{variable.name}")
            if told.data_type == "text":
                assert told.length == variable.length, f"{built.name}.{variable.name}"


def test_results_by_test_where_they_differ(study: Result) -> None:
    result = study.variable("LB.LBORRES")
    assert [(v.where[0].variable, *v.where[0].values, v.data_type, v.length, v.digits) for v in result.values] == [
        ("LBTESTCD", "COLOR", "text", 6, None),
        ("LBTESTCD", "GLUC", "float", 4, 2),
        ("LBTESTCD", "HGB", "integer", 3, None),
    ]
    assert result.origin is None
    assert study.value("LB.LBORRES", "GLUC").origin == OriginMeta("Collected", "Vendor", "labman", ("7",))
    assert study.value("LB.LBORRES", "HGB").origin == OriginMeta("Collected", "Investigator", "acrf", ("41",))
    units = {v.where[0].values[0]: v.origin.type for v in study.variable("LB.LBORRESU").values if v.origin}
    assert units == {"GLUC": "Collected", "HGB": "Assigned"}
    assert [v.data_type for v in study.variable("LB.LBSTRESC").values] == ["text", "float", "integer"]


def test_tests_alike_need_no_value_level(tmp_path: Path) -> None:
    raw = {"central.csv": "SUBJ,DAY,TEST,VALUE,UNIT\nS1,2024-01-04,GLUC,5,mmol/L\nS1,2024-01-04,UREA,7,mmol/L\n"}
    lb = LB[: LB.index("  site:")] + LB[LB.index("  central:") :]
    lb = lb.replace(", comment: Fasting", "").replace("  COLOR: {LBCAT: URINALYSIS}\n", "  UREA: {unit: mmol/L}\n")
    found = build(tmp_path, {"lb.yaml": lb, "dm.yaml": DM, "ex.yaml": EX}, raw)
    assert found.variable("LB.LBORRES").values == ()
    assert found.variable("LB.LBORRES").origin == OriginMeta("Collected", "Vendor", "labman", ("7",))


def test_results_that_are_terms_have_the_list_of_the_standard_by_test(tmp_path: Path) -> None:
    raw = {"lab.csv": "SUBJ,DAY,HGB,COLOUR\nS1,2024-01-04,120,POSITIVE\nS2,2024-01-04,99,NEGATIVE\n"}
    found = build(tmp_path, {"lb.yaml": LB, "dm.yaml": DM, "ex.yaml": EX}, raw)
    assert found.variable("LB.LBSTRESC").codelist == ""
    assert found.value("LB.LBSTRESC", "COLOR").codelist == "LBSTRESC"
    assert found.value("LB.LBSTRESC", "HGB").codelist == ""
    assert found.terms("LBSTRESC") == ["NEGATIVE", "POSITIVE"]


def test_the_codelist_of_a_test_is_that_of_its_result(tmp_path: Path) -> None:
    lb = LB.replace("  COLOR: {LBCAT: URINALYSIS}", "  COLOR: {LBCAT: URINALYSIS, codelist: [YELLOW, RED]}")
    found = build(tmp_path, {"lb.yaml": lb, "dm.yaml": DM, "ex.yaml": EX})
    id = found.value("LB.LBSTRESC", "COLOR").codelist
    assert found.terms(id) == ["YELLOW", "RED"]
    assert found.codelist(id).standard == ""


def test_a_choice_of_codelists_is_told_apart_by_category(tmp_path: Path) -> None:
    ds = """
dataset: DS
records:
  all: {from: raw.END, set: {DSTERM: TERM, DSDECOD: CODE, DSCAT: CAT, DSSTDTC: {date: DAY}}}
without: [EPOCH]
keys: [USUBJID, DSSTDTC]
"""
    rows = ["S1,Done,COMPLETED,DISPOSITION EVENT,2024-03-01", "S1,Drawn,RANDOMIZED,PROTOCOL MILESTONE,2024-01-02"]
    raw = {"end.csv": "\n".join(["SUBJ,TERM,CODE,CAT,DAY", *rows, ""])}
    study = STUDY.replace("raw:\n", "raw:\n  END: {file: end.csv, subject: SUBJ, pages: 60}\n")
    found = build(tmp_path, {"ds.yaml": ds, "dm.yaml": DM, "ex.yaml": EX}, raw, study)
    decod = found.variable("DS.DSDECOD")
    assert decod.codelist == ""
    assert [(v.where[0].variable, *v.where[0].values, v.codelist) for v in decod.values] == [
        ("DSCAT", "DISPOSITION EVENT", "NCOMPLT"),
        ("DSCAT", "PROTOCOL MILESTONE", "PROTMLST"),
    ]
    assert found.terms("NCOMPLT") == ["COMPLETED"]
    assert written(found, tmp_path)[1] == []


def test_qualifiers_by_qnam(study: Result) -> None:
    found = study.variable("SUPPAE.QVAL").values
    assert [(v.where[0].variable, *v.where[0].values, v.label) for v in found] == [
        ("QNAM", "AEGAP", "After Consent"),
        ("QNAM", "AELNK", "Link to Page"),
    ]
    assert study.value("SUPPAE.QVAL", "AELNK").origin == OriginMeta("Collected", "Investigator", "acrf", ("31", "32"))
    assert study.method(study.value("SUPPAE.QVAL", "AEGAP").method) == (
        "Y if AESTDTC > DM.RFICDTC, N if not, U where that cannot be decided."
    )
    assert study.variable("SUPPAE.IDVARVAL").origin == OriginMeta("Predecessor", description="AE.AESEQ")
    assert study.terms("DOMAIN") == ["AE", "DM"]


def test_values_of_the_specification_stand_over_the_data(tmp_path: Path) -> None:
    ae = AE.replace("  AEDECOD: {codelist: MedDRA}", """  AEDECOD: {codelist: MedDRA}
  AETERM:
    values:
      - {where: "AEDECOD = 'Headache' AND AESEQ <= 1", comment: First ones, origin: {type: Collected, source: Subject}}
      - {where: "AEDECOD IN ('Nausea', 'Vomiting')", method: Read by hand, origin: Derived, length: 20}""")  # fmt: skip
    found = build(tmp_path, {"ae.yaml": ae, "dm.yaml": DM, "ex.yaml": EX})
    first, second = found.variable("AE.AETERM").values
    assert [(c.variable, c.comparator, c.values) for c in first.where] == [
        ("AEDECOD", "EQ", ("Headache",)),
        ("AESEQ", "LE", ("1",)),
    ]
    assert (first.data_type, first.length, found.comment(first.comment)) == ("text", 8, "First ones")
    assert first.origin == OriginMeta("Collected", "Subject", "acrf", ("31", "32"))
    assert (second.where[0].comparator, second.where[0].values) == ("IN", ("Nausea", "Vomiting"))
    assert (second.length, found.method(second.method)) == (20, "Read by hand")
    assert second.origin is not None
    assert second.origin.type == "Derived"


def test_a_condition_that_define_cannot_say_is_an_issue(tmp_path: Path) -> None:
    ae = AE.replace("  AEDECOD: {codelist: MedDRA}", """  AETERM:
    values:
      - {where: "AEDECOD = 'Headache' OR AESEQ = 1", comment: No}
      - {where: "AEDECODE = 'Headache'", comment: No}""")  # fmt: skip
    found = build(tmp_path, {"ae.yaml": ae, "dm.yaml": DM, "ex.yaml": EX})
    said = [i for i in found.log if i.rule == "values-where"]
    assert [i.message for i in said] == [
        "AE: AEDECOD = 'Headache' OR AESEQ = 1 is no such condition.",
        "AE: AE has no variable AEDECODE.",
    ]
    assert {(p.yaml.rsplit("/", 1)[-1], p.line > 0) for i in said for p in i.locations} == {("ae.yaml", True)}
    assert found.variable("AE.AETERM").values == ()


def test_trial_design_is_reference_data_of_the_protocol(tmp_path: Path) -> None:
    te = """
dataset: TE
records: {all: {from: raw.TE, set: {ETCD: CODE, ELEMENT: NAME, TESTRL: {value: First dose}}}}
keys: [ETCD]
"""
    study = STUDY.replace("raw:\n", "raw:\n  TE: {file: te.csv}\n")
    raw = {"te.csv": "CODE,NAME\nTRT,Treatment\nFU,Follow-up\n"}
    found = build(tmp_path, {"te.yaml": te, "dm.yaml": DM, "ex.yaml": EX}, raw, study)
    dataset = found.dataset("TE")
    assert (dataset.klass, dataset.repeating, dataset.reference_data) == ("TRIAL DESIGN", False, True)
    origins = {v.name: v.origin.type for v in dataset.variables if v.origin}
    assert origins == {"STUDYID": "Protocol", "DOMAIN": "Assigned", "ETCD": "Protocol", "ELEMENT": "Protocol",
                       "TESTRL": "Protocol"}  # fmt: skip
    assert [(t.term, t.decode) for t in found.codelist("ETCD").terms] == [("TRT", "Treatment"), ("FU", "Follow-up")]
    assert written(found, tmp_path)[1] == []


def test_a_dataset_without_records_says_so(tmp_path: Path) -> None:
    raw = {"ae.csv": RAW["ae.csv"].split("\n")[0] + "\n"}
    found = build(tmp_path, {"ae.yaml": AE.replace("comment: All events since consent\n", ""), "dm.yaml": DM,
                             "ex.yaml": EX}, raw)  # fmt: skip
    dataset = found.dataset("AE")
    assert (dataset.has_no_data, dataset.records) == (True, 0)
    assert found.comment(dataset.comment) == "No data: the study has no records for it."
    assert written(found, tmp_path)[1] == []
