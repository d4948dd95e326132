"""ADSL, ADAE, ADLB and ADTTE of 12,000 subjects with 2.4 million laboratory results, beside the floor.

The SDTM is given as Parquet; the tool reads it, makes the four datasets (last known alive over six dates of five
datasets, treatment-emergent events, baselines, visits by window, CTCAE grades in both directions, worst grades, time to
death and progression) and writes XPT and lineage. The floor: pyarrow reads the same files, numpy puts the distinct
values of each variable, known beforehand, into the records of the four files and writes them: the same bytes, nothing
worked out.

Run: python benchmarks/adam_rows.py [--subjects 12000] [--rows 2400000]. Prints CPU seconds and peak memory of each
part, each in a process of its own, and their ratio in this one run. It is no test. `--part profile --folder DIR` shows
where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import resource
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

import numpy as np
from adam_study import DATASETS, GIVEN, write_given, write_specs
from lb_rows import CHUNK, distinct_values


def run_tool(folder: Path) -> dict[str, float]:
    """Parquet to XPT: CPU seconds of each part."""
    from sdtm_builder.commands.output import _xpt_column
    from sdtm_builder.commands.pipeline import make, prepare
    from sdtm_builder.engine.lineage import write_lineage
    from sdtm_builder.issues import IssueLog, Severity
    from sdtm_builder.registry import load_all
    from sdtm_builder.write.xpt import write_xpt

    marks: dict[str, float] = {}

    def mark(name: str, since: float) -> float:
        now = time.process_time()
        marks[name] = round(now - since, 2)
        return now

    at = time.process_time()
    load_all()
    log = IssueLog()
    prepared = prepare(folder / "specs" / "BENCH", None, log)
    assert prepared is not None
    assert not prepared.unusable, list(map(str, log))[:3]
    at = mark("check and read", at)
    made = make(prepared)
    at = mark("build", at)
    for built in made.built:
        columns = [_xpt_column(v.name, v.label, v.type, v.length, v.format, v.values) for v in built.variables]
        faults = write_xpt(folder / f"{built.name.lower()}.xpt", built.name, built.label, columns, datetime(2026, 1, 1))
        assert not faults, faults[:3]
        sizes = [[v.name, 8 if v.type == "Num" else v.length] for v in built.variables]
        (folder / f"{built.name.lower()}.json").write_text(json.dumps(sizes))
    at = mark("write xpt", at)
    (folder / "lineage").mkdir(exist_ok=True)
    write_lineage(made.run, made.built, folder / "lineage")
    mark("write lineage", at)
    assert log.count(Severity.ERROR) == 0, [str(i) for i in log if i.severity is Severity.ERROR][:3]
    marks |= {f"n {b.name}": b.n for b in made.built}
    return marks


def run_floor(folder: Path) -> dict[str, float]:
    """What no tool can do without: pyarrow reads the Parquet, numpy writes the records."""
    import pyarrow.parquet as pq

    known = []
    for name in DATASETS:
        sizes = [size for _, size in json.loads((folder / f"{name.lower()}.json").read_text())]
        known.append((sizes, distinct_values((folder / f"{name.lower()}.xpt").read_bytes(), sizes)))
    at = time.process_time()
    for name in GIVEN:
        pq.read_table(folder / "given" / f"{name}.parquet")
    read = time.process_time()
    for sizes, tables in known:
        offsets = np.cumsum([0, *sizes])
        with (folder / "floor.bin").open("wb") as file:
            rows = len(tables[0][1])
            for first in range(0, rows, CHUNK):
                part = slice(first, first + CHUNK)
                block = np.empty((min(CHUNK, rows - first), offsets[-1]), dtype=np.uint8)
                for (values, codes), begin, end in zip(tables, offsets[:-1], offsets[1:], strict=True):
                    block[:, begin:end] = values[codes[part]]
                file.write(block.tobytes())
    return {"read": round(read - at, 2), "write": round(time.process_time() - read, 2)}


def measured(part: str, folder: Path) -> dict[str, float]:
    """One part in a process of its own: its marks, CPU seconds, peak memory in MB."""
    command = [sys.executable, __file__, "--part", part, "--folder", str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def one_part(part: str, folder: Path) -> None:
    """Run one part in this process; `profile` prints where the tool's time goes."""
    if part == "profile":
        profile = cProfile.Profile()
        profile.runcall(run_tool, folder)
        pstats.Stats(profile).sort_stats("tottime").print_stats(45)
        return
    marks = run_tool(folder) if part == "tool" else run_floor(folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    marks["cpu"] = round(sum(v for k, v in marks.items() if not k.startswith("n ")), 2)
    marks["peak MB"] = used.ru_maxrss // 1024
    print(json.dumps(marks))


def main() -> None:
    """Make the files, run both parts, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--subjects", type=int, default=12_000)
    parser.add_argument("--rows", type=int, default=2_400_000)
    parser.add_argument("--part", choices=["tool", "floor", "profile"])
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.part and given.folder:
        one_part(given.part, given.folder)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = given.folder or Path(name)
        folder.mkdir(exist_ok=True)
        write_given(folder, given.subjects, given.rows)
        write_specs(folder)
        tool, floor = measured("tool", folder), measured("floor", folder)
        size = sum((folder / "given" / f"{f}.parquet").stat().st_size for f in GIVEN) >> 20
        written = sum((folder / f"{d.lower()}.xpt").stat().st_size for d in DATASETS) >> 20
        records = ", ".join(f"{tool[f'n {d}']:,.0f} in {d}" for d in DATASETS)
        print(f"{records}; {size} MB of Parquet, {written} MB of XPT")
        print(f"{'part':<18}{'CPU s':>8}")
        for part in ("check and read", "build", "write xpt", "write lineage"):
            print(f"{part:<18}{tool[part]:>8}")
        print(f"{'sdtm_builder':<18}{tool['cpu']:>8}   peak {tool['peak MB']:.0f} MB")
        print(f"{'floor':<18}{floor['cpu']:>8}   peak {floor['peak MB']:.0f} MB "
              f"(read {floor['read']}, write {floor['write']})")  # fmt: skip
        print(f"ratio to the floor: {tool['cpu'] / floor['cpu']:.1f}")


if __name__ == "__main__":
    main()
