"""A small study on disk, one workbook and four mappings, for tests to change, check, build and run as a user does."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AS_OF = datetime(2025, 6, 30, 12)

STUDY = """\
study: {id: S1, title: A small study}
standards: {sdtmig: "3.4", define: "2.1", ct: {sdtm: 2025-03-28}, dictionaries: {MedDRA: "27.1"}}
date_texts: {formats: [yyyy-MM-dd, dd-MMM-yyyy], unknown: [UN, UNK]}
raw:
  SUBJ:
    file: edc.xlsx
    sheet: SUBJ
    subject: SUBJID
    key: SUBJID
  AE:
    file: edc.xlsx
    sheet: AE
    subject: SUBJID
subjects: {register: raw.SUBJ, usubjid: "study.id || '-' || SUBJID"}
codelists:
  NY: {synonyms: {"Yes": Y, "No": N}}
  SEX: {synonyms: {Female: F, Male: M}}
"""
DM = """\
dataset: DM
records:
  subjects:
    from: raw.SUBJ
    copy: [SUBJID, SEX]
    set:
      SITEID:   {value: "01"}
      AGE:      {expr: num(AGE)}
      AGEU:     {value: YEARS}
      COUNTRY:  {value: USA}
      ARMCD:    {value: A}
      ARM:      {value: Drug A}
      ACTARMCD: {value: A}
      ACTARM:   {value: Drug A}
      RFSTDTC:  {date: FIRST}
      RFENDTC:  {date: FIRST}
      RFXSTDTC: {date: FIRST}
      RFXENDTC: {date: FIRST}
      RFICDTC:  {date: FIRST}
      RFPENDTC: {date: LAST}
keys: USUBJID
"""
AE = """\
dataset: AE
records:
  events:
    from: raw.AE
    set:
      AETERM:   TERM
      AELLT:    PT
      AELLTCD:  CODE
      AEDECOD:  PT
      AEPTCD:   CODE
      AEHLT:    PT
      AEHLTCD:  CODE
      AEHLGT:   PT
      AEHLGTCD: CODE
      AEBODSYS: PT
      AEBDSYCD: CODE
      AESOC:    PT
      AESOCCD:  CODE
      AESER:    SER
      AESMIE:   SER
      AESTDTC:  {date: START}
      AEENDTC:  {date: END}
keys: [USUBJID, AESTDTC, AETERM]
"""
EX = """\
dataset: EX
records:
  doses:
    from: raw.SUBJ
    set:
      EXTRT:   {value: DRUG A}
      EXDOSE:  {value: 10}
      EXDOSU:  {value: mg}
      EXSTDTC: {date: FIRST}
      EXENDTC: {date: FIRST}
keys: [USUBJID, EXTRT, EXSTDTC]
"""
DS = """\
dataset: DS
records:
  ended:
    from: raw.SUBJ
    set:
      DSTERM:  {value: COMPLETED}
      DSDECOD: {value: COMPLETED}
      DSCAT:   {value: DISPOSITION EVENT}
      DSSTDTC: {date: LAST}
keys: [USUBJID, DSSTDTC, DSDECOD]
"""
SUBJ_ROWS = (
    ("SUBJID", "SEX", "AGE", "FIRST", "LAST"),
    ("01", "Female", "34", "2024-01-02", "2024-06-01"),
    ("02", "Male", "51", "2024-01-09", "2024-06-02"),
)
AE_ROWS = (
    ("SUBJID", "TERM", "PT", "CODE", "SER", "START", "END"),
    ("01", "nausea", "Nausea", "10028813", "No", "2024-02-03", "2024-02-04"),
    ("01", "fever", "Pyrexia", "10037660", "Yes", "10-FEB-2024", "12-FEB-2024"),
    ("02", "headache", "Headache", "10019211", "No", "2024-03-UN", None),
)
Rows = Sequence[Sequence[Any]]


def write_workbook(path: Path, sheets: Mapping[str, Rows]) -> None:
    """A workbook of plain cells."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


class Study:
    """The study S1 below a folder, its raw files in outputs/S1-raw, its build in outputs/S1."""

    def __init__(self, root: Path, write: bool = True) -> None:
        self.root = root
        self.specs, self.out = root / "specs" / "S1", root / "outputs" / "S1"
        self.raw = root / "outputs" / "S1-raw"
        if write:
            self._write()

    @classmethod
    def at(cls, root: Path) -> Study:
        """A study that is there."""
        return cls(root, write=False)

    def _write(self) -> None:
        self.file("specs/S1/study.yaml", STUDY)
        self.file("mappings/S1/sdtm/dm.yaml", DM)
        self.file("mappings/S1/sdtm/ae.yaml", AE)
        self.file("mappings/S1/sdtm/ex.yaml", EX)
        self.file("mappings/S1/sdtm/ds.yaml", DS)
        self.sheets()

    def file(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text that stands in a file."""
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.file(name, text.replace(old, new))

    def sheets(self, subj: Rows = SUBJ_ROWS, ae: Rows = AE_ROWS, **more: Rows) -> None:
        """Write the workbook."""
        write_workbook(self.raw / "edc.xlsx", {"SUBJ": subj, "AE": ae, **more})

    def check(self) -> tuple[int, list[str]]:
        """Status and lines of `check`, in this process."""
        from sdtm_builder.commands import check

        lines: list[str] = []
        return check.run(self.specs, tell=lines.append), lines

    def build(self, **options: Any) -> tuple[int, list[str]]:
        """Status and lines of `build`, in this process."""
        from sdtm_builder.commands import build

        lines: list[str] = []
        options.setdefault("as_of", AS_OF)
        return build.run(self.specs, tell=lines.append, **options), lines

    def issues(self) -> list[str]:
        """Errors of the last build as `rule places: message`, from its issues.json."""
        from sdtm_builder.report.issues_json import read_issues_json

        found = read_issues_json(self.out / "issues.json")
        return [str(issue) for issue in found if issue.severity == "error"]

    def state(self) -> dict[str, str]:
        """Checksum of every file beside and in the build."""
        folder = self.out.parent
        return {p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
                for p in sorted(folder.rglob("*")) if p.is_file() and self.raw not in p.parents}  # fmt: skip


def command(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> list[Any]:
    """What starts the command line as a user does, for subprocess."""
    return [[sys.executable, "-m", "sdtm_builder.cli", *words],
            {"cwd": cwd, "env": {**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}, "text": True,
             "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}]  # fmt: skip


def cli(*words: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    arguments, options = command(*words, cwd=cwd, env=env)
    return subprocess.run(arguments, timeout=900, check=False, **options)  # only what hangs, not what is slow
