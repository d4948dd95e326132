"""A small study with every way of making a record or a value, built on disk: for tests of lineage and accounts."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.commands.pipeline import Made, make, prepare
from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.issues import IssueLog, Severity

STUDY = """
study: {id: S1, title: A study of three subjects}
standards: {sdtmig: "3.4", ct: {sdtm: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd, yyyy-MM, yyyy]}
constants: {drug: DRUG A}
raw:
  SUBJ: {file: subj.csv, subject: SUBJ}
  DOSE: {file: dose.csv, subject: SUBJ, columns: {MG: {type: number}}}
  AE:
    file: ae.csv
    subject: SUBJ
    footer: "SUBJ = 'Total'"
    unused: [{columns: PAGE, why: A number of the form}]
  OLD: {file: old.csv, subject: SUBJ}
  VS: {file: vs.csv, subject: SUBJ}
  ENDS: {file: ends.csv, subject: SUBJ, columns: {DAY: {type: date}}}
  QUERY: {file: query.csv, subject: SUBJ}
  SPARE: {file: spare.csv, unused: [{columns: [A, B], why: Nothing of the study}]}
subjects: {register: raw.SUBJ, usubjid: "study.id || '-' || SUBJ"}
corrections:
  - {source: raw.SUBJ, where: "SUBJ = '03'", column: SEX, value: M, rows: 1, reason: Query 7, approved: A. Person}
codelists:
  NY: {synonyms: {"yes": Y, "no": N}}
"""

RAW = {
    "subj.csv": "SUBJ,SEX,START\n01,F,2024-01-02\n02,M,2024-01-03\n03,F,\n",
    "dose.csv": "SUBJ,DAY,MG\n02,2024-01-03,20\n01,2024-01-10,5\n01,2024-01-02,10\n02,2024-01-09,20\n",
    "ae.csv": (
        "SUBJ,NO,TERM,START,SER,CODED,PAGE\n"
        "02,1,Nausea,2024-01-05,no,yes,7\n"
        "01,2,Headache,2024-01-10,yes,yes,7\n"
        "01,1,Fever,2024-01-03,no,yes,7\n"
        "09,1,Cough,2024-01-03,no,yes,8\n"
        "02,2,,2024-01-03,no,yes,8\n"
        "02,3,Rash,2024-01-03,no,no,8\n"
        "Total,,,,,,\n"
    ),
    "old.csv": "SUBJ,NO,TERM,START,SER,CODED\n02,9,Cold,2023-12-01,no,yes\n",
    "vs.csv": (
        "SUBJ,DAY,SYS,DIA,NOTE\n01,2024-01-02,120,80,calm\n01,2024-01-09,130,,\n02,2024-01-03,,,\n02,2024-01-04,110,70,\n"
    ),
    "ends.csv": "SUBJ,DAY,WHY\n01,2024-02-01,COMPLETED\n01,2024-02-05,COMPLETED\n02,2024-02-02,DEATH\n",
    "query.csv": "SUBJ,TEXT\n01,why\n01,when\n09,who\n",
    "spare.csv": "A,B\n1,2\n",
}

MAPPINGS = {
    "dm": """
dataset: DM
records:
  subjects:
    from: raw.SUBJ
    join:
      end: {with: raw.ENDS, where: "WHY = 'DEATH'", take: {died: DAY}, unmatched: ok}
    set:
      SEX: SEX
      RFSTDTC: {date: START}
      DTHDTC: {date: died}
derive:
  RFXSTDTC: {min: EX.EXSTDTC}
  RFXENDTC: {max: [EX.EXSTDTC, VS.VSDTC]}
  doses: {count: EX}
  total: {sum: EX.EXDOSE}
  serious: {exists: AE, where: "AESER = 'Y'"}
  queries: {count: raw.QUERY, by: row.USUBJID}
  EVENTS: {expr: "text(doses) || ' ' || text(total) || coalesce(serious, '') || ' ' || text(queries)"}
  when: {case: [{when: "serious = 'Y'", last: EX.EXSTDTC, order: EXSTDTC}, {first: VS.VSDTC, order: VSDTC}]}
  RFENDTC: when
  DTHFL: {yes_if: "DTHDTC IS NOT NULL", no: ""}
variables:
  EVENTS: {label: Doses and Events}
keys: USUBJID
""",
    "ex": """
dataset: EX
records:
  doses: {from: raw.DOSE, set: {EXTRT: {value: DRUG A}, EXDOSE: MG, EXSTDTC: {date: DAY}}}
derive:
  FIRST: {flag_first: USUBJID, order: EXSTDTC}
variables: {FIRST: {label: First Dose Flag}}
keys: [USUBJID, EXSTDTC]
""",
    "ae": """
dataset: AE
records:
  events:
    from: [raw.AE, raw.OLD]
    where: "CODED = 'yes'"
    why: Not coded yet
    set: {AETERM: TERM, AESTDTC: {date: START}, AESER: SER, AESPID: NO}
join:
  dose: {with: EX, by: {USUBJID: USUBJID, AESTDTC: EXSTDTC}, take: [EXDOSE], unmatched: ok}
derive:
  DOSED: {expr: "text(EXDOSE)"}
variables: {DOSED: {label: Dose of the Day}}
keys: [USUBJID, AESTDTC, AETERM]
""",
    "vs": """
dataset: VS
records:
  readings:
    from: raw.VS
    transpose:
      SYSBP: {VSORRES: SYS, VSORRESU: {value: mmHg}}
      DIABP: {VSORRES: DIA}
    set: {VSDTC: {date: DAY}}
tests:
  SYSBP: {VSPOS: SITTING}
  DIABP: {VSPOS: STANDING, VSORRESU: mmHg}
keys: [USUBJID, VSTESTCD, VSDTC]
""",
    "ds": """
dataset: DS
records:
  last:
    from: raw.ENDS
    group: USUBJID
    set: {DSTERM: {first: WHY, order: DAY}, DSSTDTC: {max: DAY}}
keys: [USUBJID, DSSTDTC]
""",
    "ce": """
dataset: CE
records:
  first:
    from: AE
    one_per: {by: USUBJID, order: AESTDTC, keep: first}
    set: {CETERM: AETERM, CESTDTC: AESTDTC}
keys: [USUBJID, CESTDTC]
""",
}


def build(
    folder: Path, mappings: dict[str, str] | None = None, raw: dict[str, str] | None = None, study: str = STUDY
) -> Made:
    """The study in a folder, made; its specification must be without errors."""
    for name, text in {"study": study}.items():
        path = folder / "specs" / "S1" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, text in (mappings or MAPPINGS).items():
        path = folder / "mappings" / "S1" / "sdtm" / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, text in (raw or RAW).items():
        (folder / "raw").mkdir(exist_ok=True)
        (folder / "raw" / name).write_text(text, encoding="utf-8")
    log = IssueLog()
    prepared = prepare(folder / "specs" / "S1", folder / "raw", log)
    assert prepared is not None
    assert not prepared.unusable, [str(i) for i in log if i.severity is Severity.ERROR]
    return make(prepared)


def outputs(folder: Path) -> Path:
    """The folder of outputs of that study, with its lineage."""
    made = build(folder)
    target = folder / "outputs" / "S1"
    write_lineage(made.run, made.built, target / "lineage")
    return target
