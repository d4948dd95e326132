"""A million AE-like raw rows from CSV to XPT with lineage, beside the floor: pyarrow reads, numpy writes the bytes.

Run: python benchmarks/ae_rows.py [--rows 1000000]. Prints CPU seconds and peak memory of each part, each in a process
of its own, and their ratios in this one run. It is no test: nothing passes or fails.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench import Bench, read_csv, write_texts

TERMS = 400
SUBJECTS = 10_000
STUDY = """\
study: {id: BENCH, title: A million rows}
standards: {sdtmig: "3.4", define: "2.1", ct: {sdtm: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd, dd-MMM-yyyy, yyyy-MM], unknown: [UN]}
raw:
  SUBJ: {file: subj.csv, subject: SUBJID, key: SUBJID}
  AE: {file: ae.csv, subject: SUBJID, key: [SUBJID, AENO]}
subjects: {register: raw.SUBJ, usubjid: "study.id || '-' || SUBJID"}
codelists:
  NY: {synonyms: {Yes: Y, No: N}}
  OUT: {synonyms: {recovered: RECOVERED/RESOLVED, ongoing: NOT RECOVERED/NOT RESOLVED}}
"""
DM = """\
dataset: DM
records:
  subjects: {from: raw.SUBJ, copy: [SUBJID, SEX], set: {RFSTDTC: {date: FIRST}, RFXSTDTC: {date: FIRST}}}
keys: USUBJID
"""
AE = """\
dataset: AE
records:
  events:
    from: raw.AE
    set:
      AESPID: AENO
      AETERM: TERM
      AEDECOD: PT
      AEBODSYS: SOC
      AESER: SER
      AEOUT: OUTC
      AESEV: {from: GRADE, map: {"1": MILD, "2": MODERATE, "3": SEVERE}}
      AESTDTC: {date: START, time: STTIM}
      AEENDTC: {date: STOP}
      AESITE: SITE
variables: {AESITE: {label: Site of the Event}}
expect: {order: AESTDTC <= AEENDTC}
keys: [USUBJID, AESTDTC, AETERM, AESPID]
"""


def write_raw(folder: Path, rows: int) -> None:
    """The raw files: `rows` events of 10,000 subjects, dates partly unknown, from a fixed seed."""
    random = np.random.Generator(np.random.PCG64(1))
    subject = np.sort(random.integers(0, SUBJECTS, rows))
    term = random.integers(0, TERMS, rows)
    day = random.integers(0, 700, rows)
    length = random.integers(0, 60, rows)
    base = np.datetime64("2022-01-01")
    start = (base + day).astype(str)
    stop = (base + day + length).astype(str)
    unknown = random.random(rows) < 0.05
    start = np.where(unknown, np.char.add(np.array([s[:8] for s in start]), "UN"), start)
    hour = np.char.zfill(random.integers(0, 24, rows).astype(str), 2)
    number = np.ones(rows, dtype=np.int64)
    number[1:] = subject[1:] == subject[:-1]
    first = np.flatnonzero(np.r_[True, subject[1:] != subject[:-1]])
    number = np.arange(rows) - np.repeat(first, np.diff(np.r_[first, rows])) + 1
    grade = random.integers(1, 4, rows)
    yes = np.where(random.random(rows) < 0.1, "Yes", "No")
    out = np.where(random.random(rows) < 0.7, "recovered", "ongoing")
    with (folder / "ae.csv").open("w") as file:
        line = "{:05d},{},Verbatim term {},PREFERRED TERM {},BODY SYSTEM {},{},{},{},{},{}:30,{},Arm {}\n"
        file.write("SUBJID,AENO,TERM,PT,SOC,SER,OUTC,GRADE,START,STTIM,STOP,SITE\n")
        for i in range(0, rows, 50_000):
            part = slice(i, i + 50_000)
            file.writelines(
                line.format(s, n, t, t % 200, t % 20, y, o, g, a, h, z, t % 7)
                for s, n, t, y, o, g, a, h, z in zip(
                    subject[part], number[part], term[part], yes[part], out[part], grade[part], start[part], hour[part],
                    stop[part], strict=True)
            )  # fmt: skip
    with (folder / "subj.csv").open("w") as file:
        file.write("SUBJID,SEX,FIRST\n")
        file.writelines(f"{s:05d},{'M' if s % 2 else 'F'},2022-06-01\n" for s in range(SUBJECTS))


def make(folder: Path, rows: int) -> None:
    """The raw files, and the study that maps them."""
    write_raw(folder, rows)
    texts = {"specs/BENCH/study.yaml": STUDY, "mappings/BENCH/sdtm/dm.yaml": DM, "mappings/BENCH/sdtm/ae.yaml": AE}
    write_texts(folder, texts)


def read(folder: Path) -> None:
    """pyarrow's reading of the raw rows."""
    read_csv(folder / "ae.csv")


if __name__ == "__main__":
    Bench(__file__, {"rows": 1_000_000}, make, read, ["AE", "DM"], ["ae.csv"]).main()
