"""Raw files of each kind read into tables, beside the floor: the library alone, to its own values.

A million rows of csv and of an xpt, a hundred thousand of an xlsx, 200,000 items of ODM. The floors: pyarrow to
dictionaries; pyreadstat to a data frame; calamine to lists; lxml over all events of the XML.
sas7bdat is not measured: nothing here writes one.

Run: python benchmarks/readers.py [--share 1.0]. Prints CPU seconds and peak memory of each part, each in a process of
its own, and their ratio in this one run. It is no test.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import numpy as np

SIZES = {"csv": 1_000_000, "xpt": 1_000_000, "xlsx": 100_000, "xml": 100_000}
"""Rows; a row of ODM has two items."""
SEED = 20_240_501
NAMES = ("SUBJ", "TEST", "RESULT", "DAY")


def columns(rows: int) -> list[list[str]]:
    """Texts of each column: 2000 subjects, 40 tests, results of two decimals, days of two years."""
    random = np.random.default_rng(SEED)
    days = np.datetime64("2023-01-01") + random.integers(0, 730, rows)
    results = np.char.mod("%.2f", random.random(rows) * 100)
    subjects = np.char.mod("S%04d", np.arange(rows) % 2000)
    tests = np.char.mod("T%02d", random.integers(0, 40, rows))
    return [subjects.tolist(), tests.tolist(), results.tolist(), days.astype(str).tolist()]


def make_csv(path: Path, rows: int) -> None:
    """A file of texts."""
    lines = (",".join(row) for row in zip(*columns(rows), strict=True))
    path.write_text("\n".join((",".join(NAMES), *lines)) + "\n", encoding="utf-8")


def make_xpt(path: Path, rows: int) -> None:
    """Two character and two numeric variables, one a date."""
    from sdtm_builder.write.xpt import write_xpt
    from sdtm_builder.xpt.layout import XptColumn

    subjects, tests, results, days = columns(rows)
    made = []
    for name, texts in (("SUBJ", subjects), ("TEST", tests)):
        distinct, codes = np.unique(np.array(texts), return_inverse=True)
        made.append(XptColumn(name, name, "Char", 8, codes=codes.astype(np.int32), texts=distinct.tolist()))
    numbers = np.array(days, dtype="datetime64[D]").astype(np.float64) + 3653
    made.append(XptColumn("RESULT", "Result", "Num", 8, "8.2", numbers=np.array(results, dtype=np.float64)))
    made.append(XptColumn("DAY", "Day", "Num", 8, "DATE9.", numbers=numbers))
    faults = write_xpt(path, "LB", "", made, datetime(2024, 5, 1))
    if faults:
        raise SystemExit(f"the xpt has faults: {faults}")


def make_xlsx(path: Path, rows: int) -> None:
    """A sheet of texts, numbers and date cells."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("LB")
    sheet.append(NAMES)
    for subject, test, result, day in zip(*columns(rows), strict=True):
        sheet.append([subject, test, float(result), datetime.fromisoformat(day).date()])
    book.save(path)


def make_xml(path: Path, rows: int) -> None:
    """An item group with two items a row, a subject for each fifty rows."""
    _, tests, results, _ = columns(rows)
    with path.open("w", encoding="utf-8") as file:
        file.write('<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2"><ClinicalData StudyOID="S">')
        for i in range(0, rows, 50):
            file.write(f'<SubjectData SubjectKey="{i // 50}"><StudyEventData StudyEventOID="V"><FormData FormOID="F">')
            for j in range(i, min(i + 50, rows)):
                file.write(f'<ItemGroupData ItemGroupOID="LB" ItemGroupRepeatKey="{j - i}">'
                           f'<ItemData ItemOID="TEST" Value="{tests[j]}"/>'
                           f'<ItemData ItemOID="RESULT" Value="{results[j]}"/></ItemGroupData>')  # fmt: skip
            file.write("</FormData></StudyEventData></SubjectData>")
        file.write("</ClinicalData></ODM>")


MAKERS: dict[str, Callable[[Path, int], None]] = {
    "csv": make_csv, "xpt": make_xpt, "xlsx": make_xlsx, "xml": make_xml,
}  # fmt: skip


def read(path: Path) -> int:
    """The rows of the file as a raw source."""
    from sdtm_builder.issues import IssueLog
    from sdtm_builder.model import Scalar, SourceSpec
    from sdtm_builder.raw.read import read_sources

    log = IssueLog()
    table = read_sources({"LB": SourceSpec("LB", Scalar(path.name))}, path.parent, (), (), log)["LB"]
    if list(log):
        raise SystemExit(f"issues: {list(log)[:3]}")
    return len(table)


def floor(path: Path) -> int:
    """The rows of the file by its library alone."""
    kind = path.suffix[1:]
    if kind == "csv":
        import pyarrow as pa
        from pyarrow import csv

        types = dict.fromkeys(NAMES, pa.dictionary(pa.int32(), pa.string()))
        options = csv.ConvertOptions(column_types=types)
        return int(csv.read_csv(path, csv.ReadOptions(use_threads=False), convert_options=options).num_rows)
    if kind == "xpt":
        import pyreadstat

        return len(pyreadstat.read_xport(str(path))[0])
    if kind == "xlsx":
        import python_calamine

        return len(python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()) - 1
    from lxml import etree

    count = 0
    for _, element in etree.iterparse(str(path)):
        count += str(element.tag).endswith("ItemGroupData")
        element.clear()
    return count


def measure(part: str, path: Path) -> None:
    """Print what one part took, as JSON."""
    start = time.process_time()
    rows = (read if part == "read" else floor)(path)
    seconds = time.process_time() - start
    status = Path("/proc/self/status").read_text(encoding="ascii")  # getrusage would tell the parent's peak too
    peak = int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak}))


def main() -> None:
    """Make each file, read it both ways, print the figures."""
    parser = argparse.ArgumentParser(description="Raw readers beside the floor.")
    parser.add_argument("--share", type=float, default=1.0, help="part of the usual rows, for a quick look")
    parser.add_argument("--part", choices=("read", "floor"))
    parser.add_argument("--file", type=Path)
    asked = parser.parse_args()
    if asked.part:
        measure(asked.part, asked.file)
        return
    with tempfile.TemporaryDirectory() as folder:
        for kind, size in SIZES.items():
            path = Path(folder) / f"lb.{kind}"
            MAKERS[kind](path, max(int(size * asked.share), 1))
            found = {}
            for part in ("floor", "read"):
                command = [sys.executable, __file__, "--part", part, "--file", str(path)]
                found[part] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
            ours, least = found["read"], found["floor"]
            if ours["rows"] != least["rows"]:
                raise SystemExit(f"{kind}: {ours['rows']} rows, the library has {least['rows']}")
            told = [f"{name} {one['seconds']:6.2f} s {one['peak']:5.0f} MB" for name, one in found.items()]
            print(f"{kind:5} {ours['rows']:>9,} rows  {'  '.join(told)}  {ours['seconds'] / least['seconds']:.1f} x")
            path.unlink()


if __name__ == "__main__":
    main()
