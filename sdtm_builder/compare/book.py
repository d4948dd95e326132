"""A comparison as a workbook: overview, variables, attributes, records, cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from .. import __version__
from ..report.sheets import MAX_ROWS, Headings, Sheet, Value, write_sheets
from ..report.texts import counted
from .result import Comparison, DatasetResult, Origin
from .texts import keys_text, origin_lines, variable_facts, verdict

Row = Sequence[Value]
OVERVIEW: Headings = [("Dataset", 16), ("Result", 12), ("Records A", 12), ("Records B", 12), ("Matched", 12),
                      ("Only in A", 12), ("Only in B", 12), ("Repeated keys A", 12), ("Repeated keys B", 12),
                      ("Cells", 14), ("Cells that differ", 14), ("Matched by", 40), ("Remarks", 60)]  # fmt: skip
VARIABLES: Headings = [("Dataset", 10), ("Variable", 14), ("Cells", 12), ("Differ", 12), ("Remarks", 60)]
ATTRIBUTES: Headings = [("Dataset", 10), ("Variable", 14), ("Attribute", 12), ("A", 44), ("B", 44)]
RECORDS: Headings = [("Dataset", 10), ("What", 24), ("Record A", 10), ("Record B", 10), ("Key", 80)]
CELLS: Headings = [("Dataset", 10), ("Variable", 14), ("Record", 44), ("Number A", 10), ("Number B", 10), ("A", 36),
                   ("B", 36), ("Behind A", 60), ("Behind B", 60)]  # fmt: skip


def write_workbook(path: Path, found: Comparison, max_rows: int = MAX_ROWS) -> None:
    """Write the workbook; equal arguments give equal bytes. No text is ever a formula.

    max_rows : rows of a sheet at most, its header and the remark on what does not fit among them
    """
    sheets = [
        Sheet("Overview", OVERVIEW, list(_overview(found))),
        Sheet("Variables", VARIABLES, list(_variables(found))),
        Sheet("Attributes", ATTRIBUTES, list(_attributes(found))),
        Sheet("Records", RECORDS, fitted(_records(found), _records_count(found), max_rows)),
        Sheet("Cells", CELLS, fitted(_cells(found), sum(d.differing for d in found.datasets), max_rows)),
    ]
    write_sheets(path, sheets, "Comparison", f"sdtm_builder {__version__}")


def fitted(rows: Iterable[Row], count: int, max_rows: int) -> list[Row]:
    """The rows that a sheet holds, and a remark how many it does not."""
    if count < max_rows:
        return list(rows)
    kept: list[Row] = list(islice(rows, max_rows - 2))
    kept.append((None, None, f"{counted(count - len(kept), 'row')} more do not fit on this sheet: see the JSON."))
    return kept


def _overview(found: Comparison) -> Iterator[Row]:
    for d in found.datasets:
        m = d.matched
        yield (
            d.name, "equal" if d.equal else "differs", d.a.records, d.b.records, len(m.rows_a), len(m.only_a),
            len(m.only_b), len(m.repeated_a), len(m.repeated_b), d.compared, d.differing, keys_text(d),
            "\n".join([*_alone(d), *d.notes]),
        )  # fmt: skip
    for side, names in (("A", found.only_a), ("B", found.only_b)):
        yield from ((name, f"only in {side}") for name in names)
    remarks = [(fault, "not compared") for fault in found.faults] + [(note, "note") for note in found.notes]
    for text, what in remarks:
        yield (None, what, *[None] * 10, text)
    yield (None, None, *[None] * 10, f"A: {found.a.path}")
    yield (None, None, *[None] * 10, f"B: {found.b.path}")
    yield (None, None, *[None] * 10, verdict(found))


def _alone(d: DatasetResult) -> Iterator[str]:
    for side, names in (("A", d.variables_a), ("B", d.variables_b)):
        if names:
            yield f"variables only in {side}: {', '.join(names)}"


def _variables(found: Comparison) -> Iterator[Row]:
    for d in found.datasets:
        for v in d.variables:
            yield d.name, v.name, v.compared, v.differing, "; ".join(variable_facts(v))


def _attributes(found: Comparison) -> Iterator[Row]:
    for d in found.datasets:
        for one in d.attributes:
            yield d.name, one.variable or None, one.what, one.a, one.b


def _records_count(found: Comparison) -> int:
    return sum(
        len(m.only_a) + len(m.only_b) + len(m.repeated_a) + len(m.repeated_b) + len(d.alike)
        for d in found.datasets
        for m in [d.matched]
    )


def _records(found: Comparison) -> Iterator[Row]:
    for d in found.datasets:
        m = d.matched
        for row in m.only_a.tolist():
            yield d.name, "only in A", row + 1, None, d.key_of(d.a, row)
        for row in m.only_b.tolist():
            yield d.name, "only in B", None, row + 1, d.key_of(d.b, row)
        for one in d.alike:
            yield d.name, "alike but for one key", one.row_a + 1, one.row_b + 1, d.alike_text(one)
        for row in m.repeated_a.tolist():
            yield d.name, "key repeats in A", row + 1, None, d.key_of(d.a, row)
        for row in m.repeated_b.tolist():
            yield d.name, "key repeats in B", None, row + 1, d.key_of(d.b, row)


def _cells(found: Comparison) -> Iterator[Row]:
    for d in found.datasets:
        for v in d.variables:
            for c in d.cells(v):
                yield (
                    d.name, v.name, c.key, c.record_a, c.record_b, c.a, c.b, _behind(c.origin_a), _behind(c.origin_b),
                )  # fmt: skip


def _behind(origin: Origin | None) -> str:
    return "\n".join(origin_lines(origin)) if origin is not None else ""
