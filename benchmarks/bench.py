"""What the benchmarks of whole builds share: the tool's parts timed, the floor's records written, the table printed.

Each part runs in a process of its own; figures are CPU seconds and peak memory. They are no tests: nothing passes or
fails, and only ratios within one run say anything.
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
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

CHUNK = 20_000
PARTS = ("check", "read and build", "write xpt", "write lineage")
Column = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Bench:
    """A benchmark: what makes its files, what the floor reads, its datasets, the sizes it can be asked for.

    sizes : names of arguments with their defaults, as `rows`; `make` takes the folder and one number for each
    read : the floor's reading of all input files
    raw : whether the folder holds raw files, else given datasets beside the specification
    inputs : files counted as input, relative to the folder; kind : what they are
    """

    script: str
    sizes: Mapping[str, int]
    make: Callable[..., None]
    read: Callable[[Path], None]
    datasets: Sequence[str]
    inputs: Sequence[str]
    kind: str = "CSV"
    raw: bool = True

    def main(self) -> None:
        """Make the files, run both parts, print the table."""
        parser = argparse.ArgumentParser()
        for name, default in self.sizes.items():
            parser.add_argument(f"--{name}", type=int, default=default)
        parser.add_argument("--part", choices=["tool", "floor", "profile"])
        parser.add_argument("--folder", type=Path)
        given = parser.parse_args()
        if given.part and given.folder:
            self.one_part(given.part, given.folder)
            return
        with tempfile.TemporaryDirectory() as name:
            folder = given.folder or Path(name)
            folder.mkdir(exist_ok=True)
            self.make(folder, *(getattr(given, size) for size in self.sizes))
            self.tell(folder)

    def one_part(self, part: str, folder: Path) -> None:
        """Run one part in this process; `profile` prints where the tool's time goes."""
        if part == "profile":
            profile = cProfile.Profile()
            profile.runcall(run_tool, folder, self.raw)
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            return
        marks = run_tool(folder, self.raw) if part == "tool" else self.floor(folder)
        used = resource.getrusage(resource.RUSAGE_SELF)
        marks["cpu"] = round(sum(v for k, v in marks.items() if not k.startswith("n ")), 2)
        marks["peak MB"] = used.ru_maxrss // 1024
        print(json.dumps(marks))

    def floor(self, folder: Path) -> dict[str, float]:
        """What no tool can do without: the files are read, numpy writes the records of the finished datasets."""
        known = [columns_of(folder, name) for name in self.datasets]
        at = time.process_time()
        self.read(folder)
        read = time.process_time()
        for columns in known:
            write_records(folder / "floor.bin", columns)
        return {"read": round(read - at, 2), "write": round(time.process_time() - read, 2)}

    def tell(self, folder: Path) -> None:
        """Both parts, one after the other, and their ratio."""
        tool, floor = self.measured("tool", folder), self.measured("floor", folder)
        size = sum((folder / f).stat().st_size for f in self.inputs) >> 20
        written = sum((folder / f"{d.lower()}.xpt").stat().st_size for d in self.datasets) >> 20
        records = ", ".join(f"{tool[f'n {d}']:,.0f} in {d}" for d in self.datasets)
        print(f"Records: {records}; {size} MB of {self.kind}, {written} MB of XPT")
        print(f"{'part':<18}{'CPU s':>8}")
        for part in PARTS:
            print(f"{part:<18}{tool[part]:>8}")
        print(f"{'sdtm_builder':<18}{tool['cpu']:>8}   peak {tool['peak MB']:.0f} MB")
        detail = f"(read {floor['read']}, write {floor['write']})"
        print(f"{'floor':<18}{floor['cpu']:>8}   peak {floor['peak MB']:.0f} MB {detail}")
        print(f"ratio to the floor: {tool['cpu'] / floor['cpu']:.1f}")

    def measured(self, part: str, folder: Path) -> dict[str, float]:
        """One part in a process of its own: its marks, CPU seconds, peak memory in MB."""
        command = [sys.executable, self.script, "--part", part, "--folder", str(folder)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        found: dict[str, float] = json.loads(done.stdout.strip().splitlines()[-1])
        return found


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Files by their path within the folder."""
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def run_tool(folder: Path, raw: bool = True) -> dict[str, float]:
    """From the input to XPT and lineage, without an error: CPU seconds of each part, records of each dataset."""
    from sdtm_builder.commands.output import _xpt_column
    from sdtm_builder.commands.pipeline import make, prepare
    from sdtm_builder.engine.lineage import write_lineage
    from sdtm_builder.issues import IssueLog, Severity
    from sdtm_builder.registry import load_all
    from sdtm_builder.write.xpt import write_xpt

    marks: dict[str, float] = {}
    at = time.process_time()

    def mark(name: str, since: float) -> float:
        now = time.process_time()
        marks[name] = round(now - since, 2)
        return now

    load_all()
    log = IssueLog()
    prepared = prepare(folder / "specs" / "BENCH", folder if raw else None, log)
    assert prepared is not None
    assert not prepared.unusable, list(map(str, log))[:3]
    at = mark(PARTS[0], at)
    made = make(prepared)
    at = mark(PARTS[1], at)
    for built in made.built:
        columns = [_xpt_column(v.name, v.label, v.type, v.length, v.format, v.values) for v in built.variables]
        faults = write_xpt(folder / f"{built.name.lower()}.xpt", built.name, built.label, columns, datetime(2026, 1, 1))
        assert not faults, faults[:3]
        sizes = [8 if v.type == "Num" else v.length for v in built.variables]
        (folder / f"{built.name.lower()}.json").write_text(json.dumps(sizes))
    at = mark(PARTS[2], at)
    (folder / "lineage").mkdir(exist_ok=True)
    write_lineage(made.run, made.built, folder / "lineage")
    mark(PARTS[3], at)
    assert log.count(Severity.ERROR) == 0, [str(i) for i in log if i.severity is Severity.ERROR][:3]
    return marks | {f"n {b.name}": b.n for b in made.built}


def read_csv(path: Path) -> None:
    """pyarrow's reading of a CSV file as text."""
    import pyarrow as pa
    from pyarrow import csv

    with path.open("rb") as file:
        names = file.readline().decode().strip().split(",")
    csv.read_csv(path, convert_options=csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())))


def columns_of(folder: Path, dataset: str) -> list[Column]:
    """For each variable of a written dataset: the bytes of its distinct values, and which of them each record has."""
    sizes = json.loads((folder / f"{dataset.lower()}.json").read_text())
    data = (folder / f"{dataset.lower()}.xpt").read_bytes()
    begin = data.index(b"HEADER RECORD*******OBS") + 80
    width = sum(sizes)
    records = np.frombuffer(data, dtype=np.uint8, offset=begin)
    records = records[: len(records) // width * width].reshape(-1, width)
    columns, offset = [], 0
    for size in sizes:
        column = np.ascontiguousarray(records[:, offset : offset + size]).view(f"S{size}").reshape(-1)
        values, codes = np.unique(column, return_inverse=True)
        columns.append((values.view(np.uint8).reshape(-1, size), codes))
        offset += size
    return columns


def write_records(path: Path, columns: Sequence[Column]) -> None:
    """Records of known values, put together and written in chunks: the bytes of the dataset, nothing worked out."""
    offsets = np.cumsum([0, *(values.shape[1] for values, _ in columns)])
    rows = len(columns[0][1])
    with path.open("wb") as file:
        for first in range(0, rows, CHUNK):
            part = slice(first, first + CHUNK)
            block = np.empty((min(CHUNK, rows - first), offsets[-1]), dtype=np.uint8)
            for (values, codes), begin, end in zip(columns, offsets[:-1], offsets[1:], strict=True):
                block[:, begin:end] = values[codes[part]]
            file.write(block.tobytes())
