"""Origins followed from rules to raw columns, pages and sources; method texts in words; QORIG."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.engine.origins import common, likeliest, word_of
from sdtm_builder.model.metadata import OriginMeta

from .metadata_kit import AE, DM, EX, LB, STUDY, Result, build, whole, written


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return whole(tmp_path_factory.mktemp("study"))


def crf(*pages: str) -> OriginMeta:
    return OriginMeta("Collected", "Investigator", "acrf", pages)


ASSIGNED, DERIVED = OriginMeta("Assigned", "Sponsor"), OriginMeta("Derived", "Sponsor")


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("AE.STUDYID", OriginMeta("Protocol", "Sponsor")),
        ("AE.DOMAIN", ASSIGNED),
        ("AE.USUBJID", DERIVED),
        ("AE.AESEQ", DERIVED),
        ("DM.SUBJID", crf("2", "3")),  # the pages of "*"
        ("DM.SEX", crf("4")),  # its column's own page
        ("AE.AETERM", crf("31", "32")),  # pages without a document are the annotated CRF's
        ("DM.BRTHDTC", crf("2", "3")),  # `date` carries its column
        ("AE.AEDECOD", OriginMeta("Assigned", "Vendor")),  # through a join to the coding
        ("DM.SITEID", ASSIGNED),  # through a temporary to a constant
        ("DM.COUNTRY", ASSIGNED),
        ("EX.EXTRT", ASSIGNED),  # an expression of constants alone
        ("DM.ARM", ASSIGNED),  # a decode
        ("DM.RFSTDTC", DERIVED),
        ("AE.AECONTRT", DERIVED),
        ("EX.EXSTDTC", crf("50")),
        ("LB.LBTEST", ASSIGNED),
        ("LB.LBCAT", ASSIGNED),
    ],
)
def test_origin_of_a_variable(study: Result, name: str, wanted: OriginMeta) -> None:
    assert study.variable(name).origin == wanted


def test_blocks_that_differ_give_the_origin_that_asks_most_and_a_comment(study: Result) -> None:
    dose = study.variable("EX.EXDOSE")
    assert dose.origin == DERIVED
    assert study.comment(dose.comment) == (
        "The origin differs between blocks of records: "
        "Derived (Sponsor) for scaled; Collected (Investigator) for fixed."
    )
    assert study.method(dose.method) == ("mg / num(kilos). Here mg is: MG of raw.DOSE. Here kilos is: KG of raw.DOSE.")


def test_a_block_without_values_does_not_count(tmp_path: Path) -> None:
    raw = {"dose.csv": "SUBJ,DAY,MG,KG\nS1,2024-01-04,100,\n"}
    found = build(tmp_path, {"dm.yaml": DM, "ex.yaml": EX}, raw)
    assert found.variable("EX.EXDOSE").origin == crf("50")
    assert found.variable("EX.EXDOSE").comment == ""


@pytest.mark.parametrize(
    ("rule", "wanted"),
    [
        ("{case: [{when: \"SER = 'yes'\", from: TERM}, {from: OUTC}]}", crf("31", "32")),
        ("{case: [{when: \"SER = 'yes'\", from: TERM}, {value: OTHER}]}", DERIVED),
        ("{from: TERM, map: {Headache: HEAD}, unmapped: OTHER}", crf("31", "32")),
        ("{from: TERM, page: [9], document: labman}", OriginMeta("Collected", "Investigator", "labman", ("9",))),
        ("{from: TERM, origin: Assigned}", ASSIGNED),
        ("{from: TERM, origin: {type: Collected, source: Subject}}",
         OriginMeta("Collected", "Subject", "acrf", ("31", "32"))),
        ("{expr: \"upper(TERM)\", origin: {type: Collected, source: Investigator}, page: 12}", crf("12")),
        ("DM.SEX", OriginMeta("Predecessor", description="DM.SEX")),
        ("{from: DM.SEX, map: {F: FEMALE, M: MALE}}", DERIVED),
        ("{yes_if: \"SER = 'yes'\"}", DERIVED),
        ("{checked: SER, ticked: [\"yes\"], unticked: [\"no\"]}", crf("31", "32")),
    ],
)  # fmt: skip
def test_origin_of_a_rule(tmp_path: Path, rule: str, wanted: OriginMeta) -> None:
    ae = AE.replace("      AELNK: NO\n", f"      AELNK: {rule}\n")
    found = build(tmp_path, {"ae.yaml": ae, "dm.yaml": DM, "ex.yaml": EX})
    assert found.value("SUPPAE.QVAL", "AELNK").origin == wanted
    qorig = {b.column("QNAM").text_at(i): b.column("QORIG").text_at(i)
             for b in found.built if b.name == "SUPPAE" for i in range(b.n)}  # fmt: skip
    assert qorig["AELNK"] == {"Collected": "CRF", "Assigned": "ASSIGNED", "Derived": "DERIVED",
                              "Predecessor": "PREDECESSOR"}[wanted.type]  # fmt: skip


def test_a_copy_from_a_dataset_is_a_predecessor(tmp_path: Path) -> None:
    ec = "dataset: EC\nrecords: {all: {from: raw.DOSE, set: {ECTRT: {value: X}, ECDOSE: MG, ECSTDTC: {date: DAY}}}}\n"
    ex = "dataset: EX\nrecords: {all: {from: EC, set: {EXTRT: ECTRT, EXDOSE: ECDOSE, EXSTDTC: ECSTDTC}}}\n"
    tail = "without: [EPOCH]\nkeys: [USUBJID, {0}STDTC]\n"
    dm = DM[: DM.index("  RFSTDTC: {min")] + "  SITEID: site\n" + DM[DM.index("  ALLOC: {expr") :]
    found = build(tmp_path, {"ec.yaml": ec + tail.format("EC"), "ex.yaml": ex + tail.format("EX"), "dm.yaml": dm})
    assert found.variable("EX.EXDOSE").origin == OriginMeta("Predecessor", description="EC.ECDOSE")
    assert found.variable("EX.EXDOSE").method == ""
    assert found.variable("EC.ECDOSE").origin == crf("50")


def test_pages_of_several_forms_are_put_together(tmp_path: Path) -> None:
    study = STUDY.replace("  DOSE: {file", "  DOSE2: {file: dose.csv, subject: SUBJ, document: acrf, pages: [51],"
                          " columns: {MG: {type: number}}}\n  DOSE: {file")  # fmt: skip
    ex = EX.replace("fixed: {from: raw.DOSE,", "fixed: {from: raw.DOSE2,")
    found = build(tmp_path, {"dm.yaml": DM, "ex.yaml": ex}, study=study)
    assert found.variable("EX.EXSTDTC").origin == crf("50", "51")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("{first: LB.LBSTRESN, where: \"LBTESTCD = 'HGB'\", order: LBDTC}",
         "First LB.LBSTRESN of the subject in the order of LBDTC where LBTESTCD = 'HGB'."),
        ("{max: [AE.AESTDTC, EX.EXSTDTC], partial: ignored}",
         "Greatest AE.AESTDTC and EX.EXSTDTC of the subject, partial dates ignored."),
        ("{max: AE.AESTDTC, partial: earliest}",
         "Greatest AE.AESTDTC of the subject, partial dates as their first day."),
        ("{count: AE, where: \"AESER = 'Y'\"}", "Number of records in AE of the subject where AESER = 'Y'."),
        ("{exists: AE, if_none: N}", "Y if there is a record in AE of the subject; without a record N."),
        ("{sum: EX.EXDOSE}", "Sum of EX.EXDOSE over the records of the subject."),
        ("{case: [{when: \"SEX = 'F'\", value: A}, {when: \"SEX = 'M'\", from: ARMCD}]}",
         "If SEX = 'F' then 'A'; if SEX = 'M' then ARMCD; otherwise missing."),
        ("{yes_if: \"RFSTDTC IS NOT NULL\", no: \"\"}", "Y if RFSTDTC IS NOT NULL, otherwise missing."),
        ("{expr: \"study.drug || ARMCD\"}", "study.drug || ARMCD (study.drug is DRUG A)."),
        ("{expr: \"ARMCD || 'x'\", method: As agreed}", "As agreed"),
        ("{from: RFSTDTC, origin: Derived}", "RFSTDTC."),
    ],
)  # fmt: skip
def test_method_in_words(tmp_path: Path, rule: str, text: str) -> None:
    dm = DM.replace('  ALLOC: {expr: "ARMCD || site"}', f"  ALLOC: {rule}")
    found = build(tmp_path, {"dm.yaml": dm, "ex.yaml": EX, "ae.yaml": AE, "lb.yaml": LB})
    value = found.value("SUPPDM.QVAL", "ALLOC")
    assert value.origin is not None
    assert value.origin.type == "Derived"
    assert found.method(value.method) == text


def test_a_summary_over_a_group_names_it(tmp_path: Path) -> None:
    ex = """
dataset: EX
records:
  sums: {from: raw.DOSE, group: [SUBJ, DAY], set: {EXTRT: {value: X}, EXDOSE: {sum: MG}, EXSTDTC: {date: DAY}}}
without: [EPOCH]
keys: [USUBJID, EXSTDTC]
"""
    dm = DM.replace(', where: "EXTRT = study.drug"', "")
    found = build(tmp_path, {"ex.yaml": ex, "dm.yaml": dm})
    assert found.method(found.variable("EX.EXDOSE").method) == "Sum of MG over the records of the same SUBJ, DAY."


def test_registered_methods_have_their_arguments_and_equal_texts_are_one(study: Result) -> None:
    day = study.variable("EX.EXSTDY")
    assert study.method(day.method) == (
        "EXSTDTC minus DM.RFSTDTC in days by their date parts, plus 1 where EXSTDTC is on or after DM.RFSTDTC; missing "
        "where either is missing or partial."
    )
    assert day.method == "EX.EXSTDY"
    assert study.variable("AE.AESEQ").method == study.variable("LB.LBSEQ").method == "AE.AESEQ"
    assert study.variable("DM.USUBJID").method == study.variable("SUPPDM.USUBJID").method
    texts = [(m.text, m.type, m.document, m.pages) for m in study.meta.methods]
    assert len(texts) == len(set(texts))


def test_analysis_datasets_have_predecessors_and_purposes(tmp_path: Path) -> None:
    adsl = """
dataset: ADSL
records: {subjects: {from: DM, copy: [SUBJID, SEX, ARM, RFSTDTC]}}
derive:
  TRTSDT: {to_date: RFSTDTC}
  TRT01P: ARM
variables: {RFSTDTC: {label: Subject Reference Start Date/Time}}
keys: USUBJID
"""
    study = STUDY.replace("ct: {sdtm: 2025-03-28}", "adamig: '1.3', ct: {sdtm: 2025-03-28, adam: 2025-03-28}")
    found = build(tmp_path, {"../adam/adsl.yaml": adsl, "ex.yaml": EX, "dm.yaml": DM}, study=study, standard="adam")
    dataset = found.dataset("ADSL")
    assert (dataset.klass, dataset.purpose, dataset.standard, dataset.structure) == (
        "SUBJECT LEVEL ANALYSIS DATASET", "Analysis", "ADaMIG", "One record per subject",
    )  # fmt: skip
    assert found.variable("ADSL.USUBJID").origin == OriginMeta("Predecessor", description="DM.USUBJID")
    assert found.variable("ADSL.TRT01P").origin == OriginMeta("Predecessor", description="DM.ARM")
    start = found.variable("ADSL.TRTSDT")
    assert (start.data_type, start.length, start.format, start.origin) == ("integer", 5, "DATE9.", DERIVED)
    assert found.method(start.method).startswith("Date part of RFSTDTC;")
    assert [s.key for s in found.meta.standards] == ["ADaMIG", "CT-SDTM-2025-03-28", "CT-ADaM-2025-03-28"]
    assert written(found, tmp_path)[1] == []


def test_common_and_likeliest() -> None:
    one, two = crf("1"), crf("2", "1")
    assert common([one, None, two]) == crf("1", "2")
    assert common([one, OriginMeta("Collected", "Vendor")]) is None
    assert common([]) is None
    assert common([OriginMeta("Predecessor", description="A.X"), OriginMeta("Predecessor", description="B.X")]) == (
        OriginMeta("Predecessor", description="A.X, B.X")
    )
    assert likeliest([one, DERIVED]) == DERIVED
    assert likeliest([one, ASSIGNED, None]) == ASSIGNED


def test_words_of_qorig() -> None:
    assert [word_of(o) for o in (crf("1"), OriginMeta("Collected", "Vendor"), OriginMeta("Protocol", "Sponsor"))] == [
        "CRF",
        "eDT",
        "PROTOCOL",
    ]
    assert word_of(None) == ""
