"""A comparison as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..report.texts import counted, listed, one_line, shortened
from .result import Comparison, DatasetResult, Origin, VariableResult

FEW = 5
"""Records and cells of a variable that are shown unless all are asked for."""
LONGEST = 200


def comparison_lines(found: Comparison, few: int = FEW) -> list[str]:
    """The comparison for a console or a log: what differs with its values, then one line that sums it up.

    few : records and cells of a variable shown; the others are counted
    """
    lines = [f"A: {found.a.path} ({counted(len(found.a.files), 'dataset')})"]
    lines.append(f"B: {found.b.path} ({counted(len(found.b.files), 'dataset')})")
    for dataset in found.datasets:
        lines += dataset_lines(dataset, few)
    for side, names in (("A", found.only_a), ("B", found.only_b)):
        if names:
            lines.append(f"Datasets only in {side}: {', '.join(names)}")
    lines += [f"Not compared: {fault}" for fault in found.faults]
    lines += [f"Note: {note}" for note in found.notes]
    lines.append(verdict(found))
    return [one_line(line) for line in lines]


def verdict(found: Comparison) -> str:
    """The one line that sums up a comparison."""
    count = len(found.datasets)
    if found.equal:
        records = sum(len(d.matched.rows_a) for d in found.datasets)
        cells = sum(d.compared for d in found.datasets)
        said = f"{counted(count, 'dataset')}, {counted(records, 'record')}, {counted(cells, 'cell')} besides the keys"
        return f"Equal: {said}"
    differing = sum(not d.equal for d in found.datasets)
    parts = [f"{differing:,} of {counted(count, 'dataset')}"] if differing else []
    alone = len(found.only_a) + len(found.only_b)
    if alone:
        parts.append(f"{counted(alone, 'dataset')} on one side only")
    if found.faults:
        parts.append(f"{counted(len(found.faults), 'dataset')} not compared")
    cells = sum(d.differing for d in found.datasets)
    if cells:
        parts.append(counted(cells, "cell"))
    return f"Different: {', '.join(parts)}"


def keys_text(dataset: DatasetResult) -> str:
    """How the records of a dataset were matched."""
    keys = dataset.keys
    if not keys.names:
        return "by their number"
    return f"by {' '.join(keys.names)} ({keys.origin})"


def dataset_lines(dataset: DatasetResult, few: int) -> Iterator[str]:
    """One dataset: its head, then what differs."""
    matched = dataset.matched
    state = "equal" if dataset.equal else "differs"
    if dataset.a.records == dataset.b.records == len(matched.rows_a):
        records = f"{counted(dataset.a.records, 'record')} matched"
    else:
        both = f"{counted(dataset.a.records, 'record')} in A, {dataset.b.records:,} in B"
        records = f"{both}, {len(matched.rows_a):,} matched"
    yield f"{dataset.name} {state}: {records} {keys_text(dataset)}"
    for side, table, rows in (("A", dataset.a, matched.only_a), ("B", dataset.b, matched.only_b)):
        if len(rows):
            yield f"  Records only in {side} ({len(rows):,})"
            yield from _some([dataset.key_of(table, int(r)) for r in rows[:few]], len(rows))
    if dataset.alike:
        yield f"  Like each other but for one key ({counted(len(dataset.alike), 'pair')})"
        yield from _some(list(map(dataset.alike_text, dataset.alike[:few])), len(dataset.alike))
    for side, table, rows in (("A", dataset.a, matched.repeated_a), ("B", dataset.b, matched.repeated_b)):
        if len(rows):
            yield f"  Records of {side} whose key repeats ({len(rows):,})"
            yield from _some(list(dict.fromkeys(dataset.key_of(table, int(r)) for r in rows[: few * 4]))[:few], 0)
    for side, names in (("A", dataset.variables_a), ("B", dataset.variables_b)):
        if names:
            yield f"  Variables only in {side}: {', '.join(names)}"
    if dataset.attributes:
        yield f"  Attributes ({len(dataset.attributes)})"
    for one in dataset.attributes:
        yield f"    {one.variable or dataset.name} {one.what}: {quoted(one.a)} | {quoted(one.b)}"
    differing = [v for v in dataset.variables if v.differing]
    if differing:
        cells = f"{dataset.differing:,} of {counted(dataset.compared, 'cell')}"
        yield f"  Values: {cells} in {counted(len(differing), 'variable')}"
    for variable in dataset.variables:
        yield from _variable_lines(dataset, variable, few)
    for note in dataset.notes:
        yield f"  Note: {note}"


def _some(lines: Sequence[str], count: int) -> Iterator[str]:
    for line in lines:
        yield f"    {line}"
    if count > len(lines):
        yield f"    and {count - len(lines):,} more"


def variable_facts(variable: VariableResult) -> list[str]:
    """What is to be said of a variable beside its cells."""
    said = []
    if variable.largest is not None and variable.differing:
        said.append(f"largest difference {variable.largest:.6g}")
    if variable.within:
        said.append(f"{variable.within:,} within {variable.tolerance}")
    if variable.note:
        said.append(variable.note)
    return said


def _variable_lines(dataset: DatasetResult, variable: VariableResult, few: int) -> Iterator[str]:
    facts = variable_facts(variable)
    if not variable.differing and not facts:
        return
    said = f": {'; '.join(facts)}" if facts else ""
    yield f"    {variable.name} ({variable.differing:,} of {variable.compared:,}){said}"
    for cell in dataset.cells(variable, few):
        yield f"      {cell.key}: {quoted(cell.a)} | {quoted(cell.b)}"
        for side, origin in (("A", cell.origin_a), ("B", cell.origin_b)):
            if origin is not None:
                yield from (f"        {side} {line}" for line in origin_lines(origin))
    if variable.differing > few:
        yield f"      and {variable.differing - few:,} more"


def origin_lines(origin: Origin) -> list[str]:
    """The rule behind a value and where it stands, then its raw cells, then what else is to be said."""
    lines = []
    if origin.rule:
        where = f"  [{origin.place}]" if origin.place else ""
        block = f", block {origin.block}" if origin.block else ""
        lines.append(f"rule {origin.rule}{where}{block}")
    lines += [f"raw {cell}" for cell in origin.cells]
    if origin.note:
        lines.append(origin.note)
    return lines


def quoted(text: str) -> str:
    """A value between quotes, or that it is missing."""
    return f'"{shortened(text, LONGEST)}"' if text else "missing"


__all__ = ["comparison_lines", "dataset_lines", "keys_text", "listed", "origin_lines", "quoted", "verdict"]
