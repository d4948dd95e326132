"""Trial design, subject elements and epochs from the study file alone; no mapping file names them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.issues import Severity

from .metadata_kit import Result, written
from .support import built, checked, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  X: {file: x.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
epochs: [SCREENING, TREATMENT, FOLLOW-UP]
elements:
  SCRN: {element: Screening, start_rule: Informed consent, end_rule: First dose, begins: DM.RFICDTC}
  TRT:  {element: Treatment, start_rule: First dose, duration: P28D, begins: RFSTDTC}
  FU:   {element: Follow-up, start_rule: Day 29, begins: {expr: "iso_date(DM.RFSTDTC) + 28"}}
arms:
  A:
    arm: Drug A
    path: [SCREENING: SCRN, TREATMENT: TRT, FOLLOW-UP: FU]
    branch: {SCRN: Randomised to A}
    transition: {TRT: Off drug}
  B: {arm: No follow-up, path: [SCREENING: SCRN, TREATMENT: TRT]}
visits:
  EARLIER: {number: 0.1, earlier: SCREENING}
  SCREENING: {number: 1, day: -7, start_rule: Informed consent}
  DAY 1: {number: 2, day: 1, start_rule: First dose, end_rule: End of the day}
inclusion_exclusion:
  IN01: {test: Adult, category: INCLUSION, version: "1"}
  EX01: {test: Pregnant, category: EXCLUSION, version: "1"}
summary:
  TPHASE: PHASE I TRIAL
  DOSE: ["1", "2"]
  ADDON: N
  PLANSUB: "30"
  FCNTRY: CHN
  TRT: {value: DRUG A, code: 362O9ITL9D}
  PCLAS: {null_flavor: UNK}
  ACTSUB: {rule: {count: DM, where: "ARMCD IS NOT NULL"}}
  SSTDTC: {rule: {min: DM.RFICDTC, where: "ARMCD IS NOT NULL"}}
  SENDTC: {rule: {max: DM.RFPENDTC, where: "ARMCD = 'NONE'"}, null_flavor: NI}
  ONGOSIND: {rule: {exists: DM, where: "DTHDTC IS NULL"}}
"""
DM = """\
dataset: DM
records:
  all:
    from: raw.SUBJ
    set:
      SUBJID: SUBJID
      RFICDTC: {date: IC}
      RFSTDTC: {date: ST}
      RFPENDTC: {date: END}
      DTHDTC: {date: DTH}
      ARMCD: ARM
      ACTARMCD: ARM
keys: USUBJID
"""
AE = "dataset: AE\nrecords: {a: {from: raw.X, set: {AETERM: T, AESTDTC: {date: D}}}}\nkeys: [USUBJID, AETERM]\n"
SUBJ = """\
SUBJID,IC,ST,END,DTH,ARM
01,2024-01-02,2024-01-10,2024-03-01,,A
02,2024-01-03,2024-01-11,2024-01-20,,A
03,2024-01-04,,2024-01-09,,
04,2024-01-05,2024-01-12,2024-04-01,2024-03-15,A
05,2024-01-06,2024-01-13,,,B
06,2024-01-20,2024-01-14,2024-01-25,,A
"""
X = "SUBJID,T,D\n01,a,2024-01-02\n01,b,2024-01-10\n01,c,2024-02-07\n01,d,2024\n02,e,2023-12-31\n"
FILES = {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE}
RAW = {"subj.csv": SUBJ, "x.csv": X}


def test_design(tmp_path: Path) -> None:
    made, _ = built(tmp_path, STUDY, FILES, RAW)
    assert rows(made, "TA", "ARMCD", "ARM", "TAETORD", "ETCD", "ELEMENT", "TABRANCH", "TATRANS", "EPOCH") == [
        ("A", "Drug A", "1", "SCRN", "Screening", "Randomised to A", "", "SCREENING"),
        ("A", "Drug A", "2", "TRT", "Treatment", "", "Off drug", "TREATMENT"),
        ("A", "Drug A", "3", "FU", "Follow-up", "", "", "FOLLOW-UP"),
        ("B", "No follow-up", "1", "SCRN", "Screening", "", "", "SCREENING"),
        ("B", "No follow-up", "2", "TRT", "Treatment", "", "", "TREATMENT"),
    ]
    assert rows(made, "TE", "DOMAIN", "ETCD", "ELEMENT", "TESTRL", "TEENRL", "TEDUR") == [
        ("TE", "FU", "Follow-up", "Day 29", "", ""),
        ("TE", "SCRN", "Screening", "Informed consent", "First dose", ""),
        ("TE", "TRT", "Treatment", "First dose", "", "P28D"),
    ]
    assert rows(made, "TV", "VISITNUM", "VISIT", "VISITDY", "ARMCD", "TVSTRL", "TVENRL") == [
        ("1", "SCREENING", "-7", "", "Informed consent", ""),
        ("2", "DAY 1", "1", "", "First dose", "End of the day"),
    ]
    assert rows(made, "TI", "IETESTCD", "IETEST", "IECAT", "TIVERS") == [
        ("EX01", "Pregnant", "EXCLUSION", "1"),
        ("IN01", "Adult", "INCLUSION", "1"),
    ]
    named = {b.name: [v.name for v in b.variables] for b in made.built}
    assert named["TI"] == ["STUDYID", "DOMAIN", "IETESTCD", "IETEST", "IECAT", "TIVERS"]  # nothing says the others
    assert named["TV"] == ["STUDYID", "DOMAIN", "VISITNUM", "VISIT", "VISITDY", "ARMCD", "TVSTRL", "TVENRL"]


def test_summary(tmp_path: Path) -> None:
    made, _ = built(tmp_path, STUDY, FILES, RAW)
    names = ("TSPARMCD", "TSSEQ", "TSPARM", "TSVAL", "TSVALNF", "TSVALCD", "TSVCDREF", "TSVCDVER")
    cdisc = ("CDISC CT", "2025-03-28")
    assert rows(made, "TS", *names) == [
        ("ACTSUB", "1", "Actual Number of Subjects", "5", "", "", "", ""),
        ("ADDON", "1", "Added on to Existing Treatments", "N", "", "C49487", *cdisc),
        ("DOSE", "1", "Dose per Administration", "1", "", "", "", ""),
        ("DOSE", "2", "Dose per Administration", "2", "", "", "", ""),
        ("FCNTRY", "1", "Planned Country of Investigational Sites", "CHN", "", "", "ISO 3166", ""),
        ("ONGOSIND", "1", "Ongoing Study Indicator", "Y", "", "C49488", *cdisc),
        ("PCLAS", "1", "Pharmacologic Class", "", "UNK", "", "", ""),
        ("PLANSUB", "1", "Planned Number of Subjects", "30", "", "", "", ""),
        ("SENDTC", "1", "Study End Date", "", "NI", "", "", ""),
        ("SSTDTC", "1", "Study Start Date", "2024-01-02", "", "", "", ""),
        ("TPHASE", "1", "Trial Phase Classification", "PHASE I TRIAL", "", "C15600", *cdisc),
        ("TRT", "1", "Investigational Therapy or Treatment", "DRUG A", "", "362O9ITL9D", "UNII", ""),
    ]


def test_elements(tmp_path: Path) -> None:
    made, log = built(tmp_path, STUDY, FILES, RAW)
    names = ("USUBJID", "SESEQ", "ETCD", "ELEMENT", "TAETORD", "EPOCH", "SESTDTC", "SEENDTC", "SESTDY")
    assert rows(made, "SE", *names) == [
        ("01", "1", "SCRN", "Screening", "1", "SCREENING", "2024-01-02", "2024-01-10", "-8"),
        ("01", "2", "TRT", "Treatment", "2", "TREATMENT", "2024-01-10", "2024-02-07", "1"),
        ("01", "3", "FU", "Follow-up", "3", "FOLLOW-UP", "2024-02-07", "2024-03-01", "29"),
        ("02", "1", "SCRN", "Screening", "1", "SCREENING", "2024-01-03", "2024-01-11", "-8"),
        ("02", "2", "TRT", "Treatment", "2", "TREATMENT", "2024-01-11", "2024-01-20", "1"),
        ("03", "1", "SCRN", "Screening", "1", "SCREENING", "2024-01-04", "2024-01-09", ""),
        ("04", "1", "SCRN", "Screening", "1", "SCREENING", "2024-01-05", "2024-01-12", "-7"),
        ("04", "2", "TRT", "Treatment", "2", "TREATMENT", "2024-01-12", "2024-02-09", "1"),
        ("04", "3", "FU", "Follow-up", "3", "FOLLOW-UP", "2024-02-09", "2024-03-15", "29"),
        ("05", "1", "SCRN", "Screening", "1", "SCREENING", "2024-01-06", "2024-01-13", "-7"),
        ("05", "2", "TRT", "Treatment", "2", "TREATMENT", "2024-01-13", "2024-02-10", "1"),
        ("05", "3", "FU", "Follow-up", "", "", "2024-02-10", "", "29"),
        ("06", "1", "TRT", "Treatment", "2", "TREATMENT", "2024-01-14", "2024-01-20", "1"),
        ("06", "2", "SCRN", "Screening", "1", "SCREENING", "2024-01-20", "2024-01-25", "7"),
    ]
    assert told(log, "element-order", "element-off-path") == [
        "element-off-path :6 ARM:6 FU",
        "element-order ST:7 :7 ARM:7 END:7 DTH:7",
    ]


def test_epoch_follows(tmp_path: Path) -> None:
    made, _ = built(tmp_path, STUDY, FILES, RAW)
    assert rows(made, "AE", "AETERM", "EPOCH") == [
        ("a", "SCREENING"), ("b", "TREATMENT"), ("c", "FOLLOW-UP"), ("d", ""), ("e", ""),
    ]  # fmt: skip


DECODED_ONLY = """\
without: [TI, TS]
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  X: {file: x.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
elements: {TRT: {element: Treatment, start_rule: First dose}}
arms: {A: {arm: Drug A}, B: {arm: Drug B}}
visits: {SCREENING: {number: 1}}
inclusion_exclusion: {IN01: {test: Adult, category: INCLUSION}}
summary: {ADDON: N}
"""


def test_parts_that_are_not_said_make_nothing(tmp_path: Path) -> None:
    made, _ = built(tmp_path, DECODED_ONLY, FILES, RAW)
    assert {b.name for b in made.built} == {"DM", "AE", "TE"}
    assert rows(made, "DM", "ARMCD", "ARM")[0] == ("A", "Drug A")


def test_an_own_mapping_stands_alone(tmp_path: Path) -> None:
    ta = """\
        dataset: TA
        records:
          all: {make: trial_arms, set: {EPOCH: {value: TREATMENT}}}
        keys: [ARMCD, TAETORD]
        """
    made, _ = built(tmp_path, STUDY, {**FILES, "sdtm/ta.yaml": ta}, RAW)
    assert rows(made, "TA", "ARMCD", "ETCD", "EPOCH")[:2] == [("A", "SCRN", "TREATMENT"), ("A", "TRT", "TREATMENT")]


def faults(root: Path, old: str, new: str) -> list[str]:
    """Errors of the study with one text replaced, without their places."""
    assert old in STUDY
    _, log = checked(root, STUDY.replace(old, new), FILES, RAW)
    return sorted(f"{i.rule}: {i.message} {i.hint}".strip() for i in log if i.severity is Severity.ERROR)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("[SCREENING: SCRN, TREATMENT: TRT]", "[SCREENING: SCRN, TREATMENTS: TRT]",
         "design-epoch: `TREATMENTS` is not in `epochs`. Near: TREATMENT."),
        ("[SCREENING: SCRN, TREATMENT: TRT]", "[SCREENING: SCRN, TREATMENT: TRTS]",
         "design-element: `TRTS` is no element of the study. Near: TRT."),
        ("[SCREENING: SCRN, TREATMENT: TRT]", "[SCREENING: SCRN, TREATMENT: TRT, FOLLOW-UP: TRT]",
         "design-element: TRT stands twice on this path, and its `begins` can show one begin. "
         "Give the second one a code of its own."),
        ("{TRT: Off drug}", "{TR: Off drug}", "design-element: `TR` is not on the path of this arm. Near: TRT."),
        ("duration: P28D", "duration: 28 days",
         "design-duration: `28 days` is no duration of ISO 8601. As P28D, P6M, PT2H."),
        ("{test: Adult,", "{test: " + "x" * 201 + ",", "design-text: The criterion IN01 has more than 200 bytes. "
         "Shorten it; the whole text belongs into a document of the study."),
        ("begins: RFSTDTC", "begins: RFSTDT",
         "unknown-column: DM has no column RFSTDT. Near: RFSTDTC, RFICDTC, RFPENDTC."),
        ("  TPHASE: PHASE I TRIAL", "  TPHASE: {code: C1}",
         "missing-key: a trial summary value needs `value`, `rule` or `null_flavor`."),
    ],
)  # fmt: skip
def test_faults_of_the_design(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert told in faults(tmp_path, old, new)


def test_what_is_without_must_be_known(tmp_path: Path) -> None:
    assert faults(tmp_path, "epochs:", "without: [TX]\nepochs:") == [
        "bad-value: `TX` is no dataset that follows from the study file. Near: TA, TE, TI."
    ]


def test_values_that_are_no_terms_and_visits_without_a_rule(tmp_path: Path) -> None:
    study = STUDY.replace("TPHASE: PHASE I TRIAL", "TPHASE: PHASE ONE").replace("ADDON: N", 'ADDON: "NO"')
    study = study.replace(", start_rule: First dose, end_rule: End of the day", "")
    made, log = built(tmp_path, study, FILES, RAW)
    found = {c: (v, k) for c, v, k in rows(made, "TS", "TSPARMCD", "TSVAL", "TSVALCD")}
    assert (found["TPHASE"], found["ADDON"]) == (("PHASE ONE", ""), ("NO", ""))
    said = sorted(i.message for i in log if i.rule in ("ct-miss", "ct-extension", "visit-start-rule"))
    assert said == [
        '"NO" of ADDON is no term of NY.',
        '"PHASE ONE" of TPHASE is no term of TPHASE.',
        "DAY 1 has no `start_rule` in the study file.",
    ]


def test_long_text_goes_on_in_the_dataset(tmp_path: Path) -> None:
    words = " ".join(["word"] * 60)
    made, _ = built(tmp_path, STUDY.replace("TPHASE: PHASE I TRIAL", f"TITLE: {words}"), FILES, RAW)
    assert rows(made, "TS", "TSPARMCD", "TSVAL", "TSVAL1")[-2] == (
        "TITLE", " ".join(["word"] * 40), " ".join(["word"] * 20),
    )  # fmt: skip


def test_define(tmp_path: Path) -> None:
    made, log = built(tmp_path, STUDY, FILES, RAW)
    meta = study_meta(made.run, made.built, "sdtm")
    datasets = {d.name: d for d in meta.datasets}
    for name in ("TA", "TE", "TV", "TI"):
        origins = {v.name: v.origin.type for v in datasets[name].variables if v.origin}
        assert set(origins.items()) - {("DOMAIN", "Assigned")} == {(v, "Protocol") for v in origins if v != "DOMAIN"}
        assert (datasets[name].klass, datasets[name].reference_data) == ("TRIAL DESIGN", True)
    se = {v.name: v for v in datasets["SE"].variables}
    assert {n: v.origin.type for n, v in se.items() if v.origin} == {
        "STUDYID": "Protocol", "DOMAIN": "Assigned", "USUBJID": "Derived", "SESEQ": "Derived", "ETCD": "Assigned",
        "ELEMENT": "Assigned", "TAETORD": "Assigned", "EPOCH": "Assigned", "SESTDTC": "Derived", "SEENDTC": "Derived",
        "SESTDY": "Derived", "SEENDY": "Derived",
    }  # fmt: skip
    told = {m.id: m.text for m in meta.methods}
    assert told["SE.SESTDTC"] == "scrn: DM.RFICDTC. trt: RFSTDTC. fu: iso_date(DM.RFSTDTC) + 28."
    assert "actsub: Number of records in DM where ARMCD IS NOT NULL." in told["TS.TSVAL"]
    assert written(Result(meta, made.built, log), tmp_path)[1] == []
