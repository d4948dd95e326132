"""Trial design, subject elements and epochs from the study file alone; no mapping file names them."""

from __future__ import annotations

from pathlib import Path

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
  A: {arm: Drug A, path: [SCREENING: SCRN, TREATMENT: TRT, FOLLOW-UP: FU], branch: {SCRN: Randomised to A}, transition: {TRT: Off drug}}
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
    made, log = built(tmp_path, STUDY, FILES, RAW)
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


def test_summary(tmp_path: Path) -> None:
    made, log = built(tmp_path, STUDY, FILES, RAW)
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
    assert told(log, "element-order", "element-off-path") == ["element-off-path :6 FU", "element-order ST:7 :7"]


def test_epoch_follows(tmp_path: Path) -> None:
    made, log = built(tmp_path, STUDY, FILES, RAW)
    assert rows(made, "AE", "AETERM", "EPOCH") == [
        ("a", "SCREENING"), ("b", "TREATMENT"), ("c", "FOLLOW-UP"), ("d", ""), ("e", ""),
    ]  # fmt: skip


def test_parts_that_are_not_said_make_nothing(tmp_path: Path) -> None:
    study = STUDY.replace(", begins", ", x_begins").replace("x_begins: DM.RFICDTC", "duration: P7D")
    study = "\n".join(line for line in STUDY.splitlines() if "start_rule" not in line or "element:" in line)
    study = study.replace(", begins: DM.RFICDTC", "").replace(", begins: RFSTDTC", "")
    study = study.replace(', begins: {expr: "iso_date(DM.RFSTDTC) + 28"}', "").replace("path: [", "transition: {X: [")
    made, _ = built(tmp_path, "without: [TI, TS]\n" + _without_paths(study), FILES, RAW)
    assert {b.name for b in made.built} == {"DM", "AE", "TE"}
    assert rows(made, "DM", "ARMCD", "ARM")[0] == ("A", "Drug A")


def _without_paths(study: str) -> str:
    lines = [line for line in study.splitlines() if not line.startswith(("  A: {arm", "  B: {arm", "  EARLIER"))]
    at = lines.index("arms:")
    lines[at + 1 : at + 1] = ["  A: {arm: Drug A}", "  B: {arm: No follow-up}"]
    at = lines.index("visits:")
    return "\n".join([*lines[: at + 1], "  SCREENING: {number: 1}", *lines[at + 1 :]]) + "\n"
