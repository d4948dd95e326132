"""Two Parquet files of a million records compared, beside the floor: pyarrow reads both.

Run: python benchmarks/compare_rows.py [--rows 1000000]. The files differ in some cells and records and stand in another
order. Prints CPU seconds, each part in a process of its own, with keys declared and with keys found, and the ratio to
the floor of this run. It is no test: nothing passes or fails.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

SUBJECTS, TESTS, COLUMNS = 2_000, 50, 20
"""A subject has rows / (subjects x tests) visits; columns besides the keys, half numbers, half texts."""
PARTS = ("floor", "declared", "found")


def write_files(folder: Path, rows: int) -> None:
    """Both files, from a fixed seed: B without every 10,000th record, a thousandth of one column's cells changed."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    random = np.random.Generator(np.random.PCG64(1))
    number = np.arange(rows)
    columns: dict[str, pa.Array] = {
        "USUBJID": pa.array(number % SUBJECTS).cast(pa.string()),
        "LBTESTCD": pa.DictionaryArray.from_arrays(
            pa.array((number // SUBJECTS % TESTS).astype(np.int32)), [f"TEST{i:03d}" for i in range(TESTS)]
        ).cast(pa.string()),
        "VISITNUM": pa.array((number // (SUBJECTS * TESTS)).astype(np.float64)),
    }
    for i in range(COLUMNS // 2):
        columns[f"NUM{i}"] = pa.array(np.round(random.normal(100, 20, rows), 2))
        columns[f"TEXT{i}"] = pa.array(random.integers(0, 10 ** (i % 5 + 1), rows)).cast(pa.string())
    whole = pa.table(columns)
    pq.write_table(whole, folder / "a.parquet")
    changed = np.array(columns["NUM0"].to_numpy())
    changed[random.random(rows) < 0.001] += 1
    other = whole.set_column(whole.column_names.index("NUM0"), "NUM0", pa.array(changed))
    pq.write_table(other.take(pa.array(random.permutation(number[number % 10_000 != 0]))), folder / "b.parquet")


def run_part(part: str, folder: Path) -> dict[str, float]:
    """One part: CPU seconds."""
    a, b = folder / "a.parquet", folder / "b.parquet"
    if part == "floor":
        import pyarrow.parquet as pq

        at = time.process_time()
        for path in (a, b):
            pq.ParquetFile(path).read()
        return {"cpu": round(time.process_time() - at, 2), "wall": 0}
    from sdtm_builder.compare.run import Request, compare_paths

    at, wall = time.process_time(), time.perf_counter()
    keys = {"*": ("USUBJID", "LBTESTCD", "VISITNUM")} if part == "declared" else {}
    found = compare_paths(a, b, Request(keys))
    assert not found.equal
    one = found.datasets[0]
    return {
        "cpu": round(time.process_time() - at, 2), "wall": round(time.perf_counter() - wall, 2),
        "cells": one.compared, "differing": one.differing, "only A": len(one.matched.only_a),
    }  # fmt: skip


def measured(part: str, folder: Path) -> dict[str, float]:
    """One part in a process of its own, with its peak memory in MB."""
    done = subprocess.run(
        [sys.executable, __file__, "--part", part, "--folder", str(folder)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def main() -> None:
    """Make the files, run the parts, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    if given.part:
        marks = run_part(given.part, given.folder)
        marks["peak MB"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(json.dumps(marks))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_files(folder, given.rows)
        found = {part: measured(part, folder) for part in PARTS}
    tool = found["declared"]
    print(f"{given.rows:,} records x {COLUMNS + 3} variables; {tool['cells']:,.0f} cells compared, "
          f"{tool['differing']:,.0f} differ, {tool['only A']:,.0f} records only in A")  # fmt: skip
    for part, marks in found.items():
        ratio = f"   {marks['cpu'] / found['floor']['cpu']:.1f} x the floor" if part != "floor" else ""
        print(f"{part:<10}{marks['cpu']:>8} CPU s   peak {marks['peak MB']:.0f} MB{ratio}")


if __name__ == "__main__":
    main()
