"""A million AE-like raw rows from CSV to XPT with lineage, beside the floor: pyarrow reads, numpy writes the bytes.

Run: python benchmarks/ae_rows.py [--rows 1000000]. Prints CPU seconds and peak memory of each part, each in a process
of its own, and their ratios in this one run. It is no test: nothing passes or fails.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np

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


def write_specs(folder: Path) -> None:
    """The study that maps them."""
    for name, text in (
        ("specs/BENCH/study.yaml", STUDY),
        ("mappings/BENCH/sdtm/dm.yaml", DM),
        ("mappings/BENCH/sdtm/ae.yaml", AE),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run_tool(folder: Path) -> dict[str, float]:
    """CSV to XPT with lineage: CPU seconds of each part."""
    from sdtm_builder.commands.output import _xpt_column
    from sdtm_builder.commands.pipeline import make, prepare
    from sdtm_builder.engine.lineage import write_lineage
    from sdtm_builder.issues import IssueLog
    from sdtm_builder.write.xpt import write_xpt

    marks: dict[str, float] = {}

    def mark(name: str, since: float) -> float:
        now = time.process_time()
        marks[name] = round(now - since, 2)
        return now

    at = time.process_time()
    log = IssueLog()
    prepared = prepare(folder / "specs" / "BENCH", folder, log)
    assert prepared is not None
    assert not prepared.unusable, list(log)[:3]
    at = mark("check", at)
    made = make(prepared)
    at = mark("read and build", at)
    for built in made.built:
        columns = [_xpt_column(v.name, v.label, v.type, v.length, v.format, v.values) for v in built.variables]
        faults = write_xpt(folder / f"{built.name.lower()}.xpt", built.name, built.label, columns, datetime(2026, 1, 1))
        assert not faults, faults[:3]
    at = mark("write xpt", at)
    (folder / "lineage").mkdir(exist_ok=True)
    write_lineage(made.run, made.built, folder / "lineage")
    mark("write lineage", at)
    return marks


def run_floor(folder: Path) -> dict[str, float]:
    """What no tool can do without: pyarrow reads the CSV as text, numpy writes as many bytes as the XPT files have."""
    import pyarrow as pa
    from pyarrow import csv

    at = time.process_time()
    with (folder / "ae.csv").open("rb") as file:
        names = file.readline().decode().strip().split(",")
    csv.read_csv(folder / "ae.csv", convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())))
    read = time.process_time()
    size = sum((folder / f).stat().st_size for f in ("ae.xpt", "dm.xpt", "suppae.xpt") if (folder / f).exists())
    block = np.frombuffer(np.random.default_rng(1).bytes(1 << 20), dtype="S64")
    with (folder / "floor.bin").open("wb") as file:
        for _ in range(size >> 20):
            file.write(block.tobytes())
    return {"read": round(read - at, 2), "write": round(time.process_time() - read, 2)}


def measured(part: str, folder: Path) -> dict[str, float]:
    """One part in a process of its own: its marks, CPU seconds, peak memory in MB."""
    done = subprocess.run(
        [sys.executable, __file__, "--part", part, "--folder", str(folder)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Make the files, run both parts, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--part", choices=["tool", "floor"])
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.part:
        marks = run_tool(given.folder) if given.part == "tool" else run_floor(given.folder)
        used = resource.getrusage(resource.RUSAGE_SELF)
        marks["cpu"] = round(sum(marks.values()), 2)
        marks["peak MB"] = used.ru_maxrss // 1024
        print(json.dumps(marks))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_raw(folder, given.rows)
        write_specs(folder)
        tool, floor = measured("tool", folder), measured("floor", folder)
        print(f"{given.rows:,} raw rows, {(folder / 'ae.csv').stat().st_size >> 20} MB of CSV, "
              f"{(folder / 'ae.xpt').stat().st_size >> 20} MB of XPT")  # fmt: skip
        print(f"{'part':<18}{'CPU s':>8}")
        for part, seconds in [*tool.items()][:-2]:
            print(f"{part:<18}{seconds:>8}")
        print(f"{'sdtm_builder':<18}{tool['cpu']:>8}   peak {tool['peak MB']:.0f} MB")
        detail = f"(read {floor['read']}, write {floor['write']})"
        print(f"{'floor':<18}{floor['cpu']:>8}   peak {floor['peak MB']:.0f} MB {detail}")
        print(f"ratio to the floor: {tool['cpu'] / floor['cpu']:.1f}")


if __name__ == "__main__":
    main()
