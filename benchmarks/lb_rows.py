"""A million laboratory results, wide as two laboratories send them, from CSV to lb.xpt, beside the floor.

Units stand in the second header row, ranges in a table by laboratory, test, sex, age and date. The floor: pyarrow reads
the same files, numpy puts the distinct values of each variable, known beforehand, into the records of lb.xpt and writes
them: the same bytes, and nothing worked out. Wide files are small, so most of the floor is the writing.

Run: python benchmarks/lb_rows.py [--rows 1000000]. Prints CPU seconds and peak memory of each part, each in a process
of its own, and their ratio in this one run. It is no test. `--part profile --folder DIR` shows where the time goes.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench import Bench, read_csv, write_texts

SUBJECTS = 2_000
# Header and unit of laboratory A, of B; code, digits, standard unit, typical value in A's unit, factor from B's unit.
TESTS = [
    ("WBC", "10^9/L", "WBC", "K/uL", "WBC", 2, "10^9/L", 6.0, 1.0),
    ("RBC", "10^12/L", "RBC", "M/uL", "RBC", 2, "10^12/L", 4.5, 1.0),
    ("HGB", "g/L", "Hb", "g/dL", "HGB", 0, "g/L", 140.0, 10.0),
    ("PLAT", "10^9/L", "PLT", "K/uL", "PLAT", 0, "10^9/L", 220.0, 1.0),
    ("NEUT", "10^9/L", "NEU", "/uL", "NEUT", 3, "10^9/L", 3.5, 0.001),
    ("LYM", "10^9/L", "LYM", "/uL", "LYM", 3, "10^9/L", 1.9, 0.001),
    ("ALT", "U/L", "ALT", "IU/L", "ALT", 0, "U/L", 25.0, 1.0),
    ("AST", "U/L", "AST", "IU/L", "AST", 0, "U/L", 24.0, 1.0),
    ("BILI", "umol/L", "T-BIL", "mg/dL", "BILI", 1, "umol/L", 11.0, 17.104),
    ("CREAT", "umol/L", "CREA", "mg/dL", "CREAT", 1, "umol/L", 75.0, 88.42),
    ("URATE", "umol/L", "UA", "mg/dL", "URATE", 0, "umol/L", 300.0, 59.48),
    ("GLUC", "mmol/L", "GLU", "mg/dL", "GLUC", 2, "mmol/L", 5.0, 0.05551),
    ("SODIUM", "mmol/L", "Na", "mEq/L", "SODIUM", 0, "mmol/L", 141.0, 1.0),
    ("K", "mmol/L", "K", "mEq/L", "K", 2, "mmol/L", 4.3, 1.0),
    ("CL", "mmol/L", "Cl", "mEq/L", "CL", 0, "mmol/L", 104.0, 1.0),
    ("CA", "mmol/L", "Ca", "mg/dL", "CA", 2, "mmol/L", 2.3, 0.2495),
    ("PHOS", "mmol/L", "P", "mg/dL", "PHOS", 2, "mmol/L", 1.1, 0.3229),
    ("MG", "mmol/L", "Mg", "mg/dL", "MG", 2, "mmol/L", 0.9, 0.4114),
    ("ALB", "g/L", "ALB", "g/dL", "ALB", 0, "g/L", 45.0, 10.0),
    ("LDH", "U/L", "LDH", "IU/L", "LDH", 0, "U/L", 180.0, 1.0),
]  # fmt: skip
STUDY = """\
study: {id: BENCH, title: A million results}
standards: {sdtmig: "3.4", define: "2.1", ct: {sdtm: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd]}
raw:
  SUBJ: {file: subj.csv, subject: SUBJID, key: SUBJID, columns: {AGE: {type: number}}}
  LAB:
    {file: "lab_*.csv", header: [name, unit], subject: SUBJID, visit: VISIT, date: DAY, key: [SUBJID, SAMPLE],
     stamp: {LAB: file}}
  RANGES:
    {file: ranges.csv,
     columns: {TEST: {codelist: LBTESTCD}, AGELO: {type: number}, AGEHI: {type: number}, SINCE: {type: date}}}
subjects: {register: raw.SUBJ, usubjid: "study.id || '-' || SUBJID"}
visits: {BASELINE: {number: 1, day: -1, raw: V1}, WEEK 1: {number: 2, day: 8, raw: V2}}
unscheduled: {raw: UNS, number: after_previous, step: "0.01"}
codelists:
  UNIT: {synonyms: {K/uL: 10^9/L, M/uL: 10^12/L, /uL: 10^6/L}}
  LBTESTCD:
    synonyms: {Hb: HGB, PLT: PLAT, NEU: NEUT, T-BIL: BILI, CREA: CREAT, UA: URATE, GLU: GLUC, Na: SODIUM, Cl: CL,
               Ca: CA, P: PHOS, Mg: MG}
"""
DM = """\
dataset: DM
records:
  subjects: {from: raw.SUBJ, copy: [SUBJID, SEX, AGE], set: {RFSTDTC: {date: FIRST}, RFXSTDTC: {date: FIRST}}}
derive: {AGEU: {value: YEARS}}
keys: USUBJID
"""
LB = """\
dataset: LB
records:
  local:
    from: raw.LAB
    transpose:
      "*": {LBORRES: row.cell, LBORRESU: {header: unit}}
    not_done: {result: [ND]}
    set:
      LBNAM:    {case: [{when: "LAB = 'lab_a.csv'", value: LABA}, {value: LABB}]}
      LBREFID:  SAMPLE
      LBSPCCND: {from: STATE, map: {OK: "", HEM: HEMOLYZED}}
      LBDTC:    {date: DAY, time: CLOCK}
tests:
TESTS
join:
  ranges:
    with: raw.RANGES
    by: {LBNAM: LAB, LBTESTCD: TEST, DM.SEX: SEX}
    any: {SEX: [B]}
    between: {DM.AGE: [AGELO, AGEHI]}
    where: SINCE <= iso_date(this.LBDTC)
    pick: {order: SINCE, keep: last}
    take: {range_low: LOW, range_high: HIGH}
derive:
  LBORNRLO: range_low
  LBORNRHI: range_high
  LBLOBXFL: {last_before: DM.RFXSTDTC, ties: 1}
expect: {death: "LBDTC >= '2000-01-01'"}
keys: [USUBJID, LBTESTCD, LBSPEC, LBDTC, LBREFID]
"""


def write_raw(folder: Path, rows: int) -> None:
    """The raw files: `rows` results of 2,000 subjects from two laboratories, from a fixed seed."""
    random = np.random.Generator(np.random.PCG64(1))
    samples = -(-rows // (2 * len(TESTS)))
    for lab in (0, 1):
        subject = np.sort(random.integers(0, SUBJECTS, samples))
        day = (np.datetime64("2022-01-01") + random.integers(0, 300, samples)).astype(str)
        clock = np.char.add(np.char.zfill(random.integers(6, 20, samples).astype(str), 2), ":30")
        visit = np.array(["V1", "V2", "UNS"])[random.integers(0, 3, samples)]
        state = np.where(random.random(samples) < 0.02, "HEM", "OK")
        columns = [subject, np.arange(samples), visit, day, clock, state]
        for test in TESTS:
            value = test[7] * np.exp(0.25 * random.standard_normal(samples)) / (test[8] if lab else 1.0)
            digits = 0 if value.mean() > 50 else 1 if value.mean() > 10 else 2
            text = np.char.mod(f"%.{digits}f", value)
            text[random.random(samples) < 0.005] = "ND"
            columns.append(text)
        name = "lab_b.csv" if lab else "lab_a.csv"
        with (folder / name).open("w") as file:
            file.write("SUBJID,SAMPLE,VISIT,DAY,CLOCK,STATE," + ",".join(t[2 if lab else 0] for t in TESTS) + "\n")
            file.write(",,,,,," + ",".join(t[3 if lab else 1] for t in TESTS) + "\n")
            letter = "B" if lab else "A"
            file.writelines(f"{s:05d},{letter}{n:06d},{','.join(rest)}\n"
                            for s, n, *rest in zip(*(c.tolist() for c in columns), strict=True))  # fmt: skip
    with (folder / "subj.csv").open("w") as file:
        file.write("SUBJID,SEX,AGE,FIRST\n")
        file.writelines(f"{s:05d},{'M' if s % 2 else 'F'},{18 + s % 60},2022-06-01\n" for s in range(SUBJECTS))
    with (folder / "ranges.csv").open("w") as file:
        file.write("LAB,TEST,SEX,AGELO,AGEHI,LOW,HIGH,SINCE\n")
        for lab in (0, 1):
            for t in TESTS:
                middle = t[7] / (t[8] if lab else 1.0)
                for sex, low, high in (("M", "", "59"), ("M", "60", ""), ("F", "", "")):
                    for since in ("2020-01-01", "2022-06-01"):
                        file.write(f"{'LABB' if lab else 'LABA'},{t[2 if lab else 0]},{sex},{low},{high},"
                                   f"{middle * 0.7:.2f},{middle * 1.3:.2f},{since}\n")  # fmt: skip


FILES = ("lab_a.csv", "lab_b.csv")


def write_specs(folder: Path) -> None:
    """The study that maps them."""
    tests = "".join(f"  {t[4]}: {{unit: {t[6]}, digits: {t[5]}, LBCAT: CHEMISTRY, LBSPEC: SERUM}}\n" for t in TESTS)
    texts = {"specs/BENCH/study.yaml": STUDY, "mappings/BENCH/sdtm/dm.yaml": DM}
    write_texts(folder, texts | {"mappings/BENCH/sdtm/lb.yaml": LB.replace("TESTS\n", tests)})


def make(folder: Path, rows: int) -> None:
    """The raw files, and the study that maps them."""
    write_raw(folder, rows)
    write_specs(folder)


def read(folder: Path) -> None:
    """pyarrow's reading of the raw files."""
    for name in FILES:
        read_csv(folder / name)


if __name__ == "__main__":
    Bench(__file__, {"rows": 1_000_000}, make, read, ["LB"], FILES).main()
