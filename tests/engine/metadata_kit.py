"""A tiny study on disk, built, and its define.xml metadata: for the tests of origins, methods and value level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.engine.finish import Built
from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.issues import IssueLog, Severity
from sdtm_builder.model.metadata import CodelistMeta, DatasetMeta, StudyMeta, ValueMeta, VariableMeta
from sdtm_builder.write.define import copy_stylesheet, write_define
from sdtm_builder.write.define_check import check_define

CREATED = datetime(2025, 3, 28, 9, 30, 15)

STUDY = """
study: {id: S1, title: A study of two subjects, protocol: S1-P}
standards: {sdtmig: "3.4", ct: {sdtm: 2025-03-28}, dictionaries: {MedDRA: "27.1", WHODRUG: "2024-03"}}
date_texts: {formats: [yyyy-MM-dd, yyyy-MM, yyyy]}
documents:
  acrf: {title: Annotated CRF, file: acrf.pdf}
  labman: {title: Laboratory manual, file: labman.pdf, pages: [7]}
constants: {drug: DRUG A}
raw:
  SUBJ: {file: subj.csv, subject: SUBJ, pages: {"*": [2, 3], SEX: 4}, document: acrf}
  AE: {file: ae.csv, subject: SUBJ, pages: [31, 32]}
  CODE: {file: code.csv, subject: SUBJ, origin: {type: Assigned, source: Vendor}}
  LAB: {file: lab.csv, subject: SUBJ, document: acrf, pages: {"*": 40, HGB: 41}}
  CENTRAL: {file: central.csv, subject: SUBJ, origin: {type: Collected, source: Vendor}, document: labman}
  DOSE: {file: dose.csv, subject: SUBJ, document: acrf, pages: 50, columns: {MG: {type: number}}}
subjects: {register: raw.SUBJ, usubjid: "study.id || '-' || SUBJ"}
arms:
  A: {arm: Drug A, path: [TREATMENT: TRT]}
  B: {arm: Drug B, path: [TREATMENT: TRT]}
elements: {TRT: {element: Treatment, start_rule: First dose}}
codelists:
  NY: {synonyms: {"yes": Y, "no": N}}
  OUT: {terms: [RECOVERED/RESOLVED, FATAL]}
  UNIT: {add: {SCOOP: ""}}
"""

RAW = {
    "subj.csv": "SUBJ,SEX,ARM,CONSENT,BIRTH,MOOD\nS1,F,A,2024-01-02,1980-05,glad\nS2,M,B,2024-01-03,1975,sad\n",
    "ae.csv": "SUBJ,NO,TERM,START,SER,OUTC\nS1,1,Headache,2024-01-05,yes,RECOVERED/RESOLVED\nS2,1,Nausea,2024-02,no,\n",
    "code.csv": "SUBJ,NO,PT,PTCD\nS1,1,Headache,10019211\nS2,1,Nausea,10028813\n",
    "lab.csv": "SUBJ,DAY,HGB,COLOUR\nS1,2024-01-04,120,YELLOW\nS2,2024-01-04,99,\n",
    "central.csv": "SUBJ,DAY,TEST,VALUE,UNIT\nS1,2024-01-04,GLUC,5.25,mmol/L\nS2,2024-01-06,GLUC,4.5,mmol/L\n",
    "dose.csv": "SUBJ,DAY,MG,KG\nS1,2024-01-04,100,50\nS2,2024-01-05,200,\n",
}

DM = """
dataset: DM
records:
  subjects:
    from: raw.SUBJ
    copy: [SEX]
    set:
      SUBJID: SUBJ
      RFICDTC: {date: CONSENT}
      BRTHDTC: {date: BIRTH}
      ARMCD: ARM
      ACTARMCD: ARM
      COUNTRY: {value: CHN, comment: One country takes part}
      MOOD: {from: MOOD, page: 5}
      site: {value: "01"}
derive:
  RFSTDTC: {min: EX.EXSTDTC, where: "EXTRT = study.drug"}
  SITEID: site
  RFXSTDTC: {min: EX.EXSTDTC}
  ALLOC: {expr: "ARMCD || site"}
variables:
  MOOD: {label: Mood at Consent, comment: As the subject said}
  ALLOC: {label: Allocation}
without: [EPOCH]
keys: USUBJID
"""

EX = """
dataset: EX
records:
  scaled: {from: raw.DOSE, where: "KG IS NOT NULL", why: by weight, set: {kilos: KG, mg: MG, EXSTDTC: {date: DAY}}}
  fixed: {from: raw.DOSE, where: "KG IS NULL", why: fixed, set: {EXDOSE: MG, EXSTDTC: {date: DAY}}}
derive:
  EXTRT: {expr: "study.drug"}
  EXDOSE: {expr: "mg / num(kilos)", blocks: [scaled]}
  EXDOSU: {value: mg}
  EXDOSFRM: {value: TABLET}
without: [EPOCH]
keys: [USUBJID, EXSTDTC]
"""

AE = """
dataset: AE
comment: All events since consent
records:
  events:
    from: raw.AE
    join: {code: {with: raw.CODE, by: [SUBJ, NO], take: {AEPT: PT, AEPTC: PTCD}}}
    set:
      AETERM: TERM
      AEDECOD: AEPT
      AEPTCD: AEPTC
      AESTDTC: {date: START}
      AESER: SER
      AEOUT: OUTC
      AELNK: NO
derive:
  AEGAP: {yes_if: "AESTDTC > DM.RFICDTC", unknown: U}
  AECONTRT: {case: [{when: "AEOUT = 'FATAL'", value: N}, {value: Y}]}
variables:
  AELNK: {label: Link to Page}
  AEGAP: {label: After Consent}
  AEDECOD: {codelist: MedDRA}
without: [EPOCH]
keys: [USUBJID, AETERM]
"""

LB = """
dataset: LB
records:
  site:
    from: raw.LAB
    transpose:
      HGB: {LBORRES: HGB, LBORRESU: {value: g/L}}
      COLOR: {LBORRES: COLOUR}
    set: {LBDTC: {date: DAY}}
  central: {from: raw.CENTRAL, set: {LBTESTCD: TEST, LBORRES: VALUE, LBORRESU: UNIT, LBDTC: {date: DAY}}}
tests:
  HGB: {unit: g/L, digits: 0, LBCAT: HEMATOLOGY}
  GLUC: {unit: mmol/L, digits: 2, LBCAT: CHEMISTRY, comment: Fasting}
  COLOR: {LBCAT: URINALYSIS}
without: [EPOCH, LBLOBXFL]
keys: [USUBJID, LBTESTCD, LBDTC]
"""


@dataclass
class Result:
    """A built study: its metadata, and what was said on the way."""

    meta: StudyMeta
    built: list[Built]
    log: IssueLog

    def dataset(self, name: str) -> DatasetMeta:
        return next(d for d in self.meta.datasets if d.name == name)

    def variable(self, name: str) -> VariableMeta:
        dataset, _, variable = name.partition(".")
        return next(v for v in self.dataset(dataset).variables if v.name == variable)

    def value(self, name: str, *of: str) -> ValueMeta:
        return next(v for v in self.variable(name).values if v.where[0].values == of)

    def codelist(self, id: str) -> CodelistMeta:
        return next(c for c in self.meta.codelists if c.id == id)

    def terms(self, id: str) -> list[str]:
        return [t.term for t in self.codelist(id).terms]

    def method(self, id: str) -> str:
        return next(m.text for m in self.meta.methods if m.id == id)

    def comment(self, id: str) -> str:
        return next(c.text for c in self.meta.comments if c.id == id)


def build(
    root: Path, mappings: dict[str, str], raw: dict[str, str] | None = None, study: str = STUDY, standard: str = "sdtm"
) -> Result:
    """The study of these mappings (`dm.yaml`: text) and raw files; faults of the specification fail the test."""
    files = {"specs/S1/study.yaml": study, **{f"raw/{n}": t for n, t in {**RAW, **(raw or {})}.items()}}
    files |= {f"mappings/S1/sdtm/{n}": t for n, t in mappings.items()}
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    log = IssueLog()
    prepared = prepare(root / "specs" / "S1", root / "raw", log, root / "mappings" / "S1")
    assert prepared is not None, [str(i) for i in log]
    assert not prepared.unusable, [str(i) for i in log if i.severity is Severity.ERROR]
    made = make(prepared)
    return Result(study_meta(made.run, made.built, standard), made.built, log)


def whole(root: Path) -> Result:
    """The whole tiny study."""
    return build(root, {"dm.yaml": DM, "ex.yaml": EX, "ae.yaml": AE, "lb.yaml": LB})


def written(result: Result, folder: Path) -> tuple[Path, list[str]]:
    """define.xml of a result, and every error and warning of writer and checker."""
    path = folder / "define.xml"
    found = write_define(result.meta, path, CREATED)
    copy_stylesheet(folder)
    if path.is_file():
        found += check_define(path)
    return path, [str(i) for i in found if i.severity is not Severity.NOTE]
