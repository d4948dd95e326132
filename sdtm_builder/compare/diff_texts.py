"""What changed between two builds as lines of text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..report.texts import counted, one_line
from .behind import rule_text
from .builds import CAUSES, BuildDiff, DatasetDiff
from .rawdiff import RawChange
from .texts import FEW, quoted


def diff_lines(found: BuildDiff, few: int = FEW) -> list[str]:
    """The difference for a console or a log: raw data, specification, subjects, datasets, one line that sums it up.

    few : subjects, rows, records and cells of each kind that are shown; the others are counted
    """
    lines = [f"Old: {found.old}", f"New: {found.new}"]
    for part in (_raw(found, few), _specification(found), _subjects(found, few)):
        lines += part
    for dataset in found.datasets:
        lines += _dataset(dataset, few)
    for which, names in (("old", found.only_old), ("new", found.only_new)):
        if names:
            lines.append(f"Datasets only in the {which} build: {', '.join(names)}")
    lines.append(diff_verdict(found))
    return [one_line(line) for line in lines]


def diff_verdict(found: BuildDiff) -> str:
    """The one line that sums up a difference."""
    if found.equal:
        return "Equal: no record and no value changed"
    came = sum(len(d.result.matched.only_b) for d in found.datasets)
    went = sum(len(d.result.matched.only_a) for d in found.datasets)
    cells = sum(d.result.differing for d in found.datasets)
    datasets = len(found.only_old) + len(found.only_new) + sum(not d.result.equal for d in found.datasets)
    said = f"{counted(came, 'record')} appeared, {went:,} went, {counted(cells, 'value')} changed"
    return f"Different: {counted(datasets, 'dataset')}; {said}"


def counts_text(counts: Mapping[str, int]) -> str:
    """How much is behind each cause."""
    return ", ".join(f"{count:,} by {name}" if name != CAUSES[0] else f"{count:,} {name}"
                     for name, count in counts.items())  # fmt: skip


def raw_text(change: RawChange) -> str:
    """What became of a source, on one line."""
    m = change.matched
    parts = [counted(len(m.only_b), "row") + " came" if len(m.only_b) else "",
             counted(len(m.only_a), "row") + " went" if len(m.only_a) else "",
             counted(change.count, "cell") + " changed" if change.count else ""]  # fmt: skip
    for what, names in (("came", change.columns_new), ("went", change.columns_gone)):
        if names:
            parts.append(f"columns that {what}: {', '.join(names)}")
    return ", ".join(p for p in parts if p)


def _raw(found: BuildDiff, few: int) -> Iterator[str]:
    changed = [c for c in found.raw if not c.is_same]
    if changed or found.sources_old or found.sources_new:
        yield "Raw data"
    for change in changed:
        yield f"  raw.{change.source}: {raw_text(change)}; rows matched {change.by}"
        for cell in change.cells(few):
            yield f"    {cell.new}, {cell.column}: {quoted(cell.before)} -> {quoted(cell.after)}"
        if change.count > few:
            yield f"    and {change.count - few:,} more cells"
    for which, names in (("old", found.sources_old), ("new", found.sources_new)):
        if names:
            yield f"  Only in the {which} build: {', '.join(f'raw.{n}' for n in names)}"


def _specification(found: BuildDiff) -> Iterator[str]:
    if found.specs or found.versions or found.rules:
        yield "Specification"
    yield from (f"  {text}" for text in (*found.specs, *found.versions))
    yield from (f"  {rule_text(rule)}" for rule in found.rules)


def _subjects(found: BuildDiff, few: int) -> Iterator[str]:
    yield f"Subjects: {found.subjects[0]:,} before, {found.subjects[1]:,} now"
    for what, names in (("appeared", found.subjects_came), ("went", found.subjects_went)):
        if names:
            more = f" and {len(names) - few:,} more" if len(names) > few else ""
            yield f"  {len(names):,} {what}: {', '.join(names[:few])}{more}"


def _dataset(d: DatasetDiff, few: int) -> Iterator[str]:
    r, m = d.result, d.result.matched
    if r.equal:
        yield f"{r.name} unchanged: {counted(r.b.records, 'record')}"
        return
    records = f"{counted(r.a.records, 'record')} before, {r.b.records:,} now"
    yield f"{r.name} changed: {records}, {len(m.rows_a):,} in both"
    if d.counts:
        yield f"  Causes: {counts_text(d.counts)}"
    for what, table, rows, bits, behind in (
        ("appeared", r.b, m.only_b, d.came, d.behind_came), ("went", r.a, m.only_a, d.went, d.behind_went),
    ):  # fmt: skip
        if len(rows):
            yield f"  Records that {what} ({len(rows):,})"
            for i, row in enumerate(rows[:few].tolist()):
                yield f"    {r.key_of(table, row)} ({CAUSES[int(bits[i])]})"
                yield from _behind(behind, i, 6)
            if len(rows) > few:
                yield f"    and {len(rows) - few:,} more"
    for what, names in (("came", r.variables_b), ("went", r.variables_a)):
        if names:
            yield f"  Variables that {what}: {', '.join(names)}"
    if r.attributes:
        yield f"  Attributes that changed ({len(r.attributes)})"
    for one in r.attributes:
        yield f"    {one.variable or r.name} {one.what}: {quoted(one.a)} -> {quoted(one.b)}"
    if r.differing:
        yield f"  Values that changed ({r.differing:,})"
    for variable in r.variables:
        if not variable.differing:
            continue
        yield f"    {variable.name} ({variable.differing:,} of {variable.compared:,})"
        for i, cell in enumerate(r.cells(variable, few)):
            cause = CAUSES[int(d.causes[variable.name][i])]
            yield f"      {cell.key}: {quoted(cell.a)} -> {quoted(cell.b)} ({cause})"
            yield from _behind(d.behind[variable.name], i, 8)
        if variable.differing > few:
            yield f"      and {variable.differing - few:,} more"


def _behind(behind: Sequence[Sequence[str]], at: int, indent: int) -> Iterator[str]:
    if at < len(behind):
        yield from (" " * indent + line for line in behind[at])
