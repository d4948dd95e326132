"""Accounts that must balance: each raw row and column has a fate, each step of a block leaves what it says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sdtm_builder.issues import Severity
from sdtm_builder.model.summary import BlockSummary, BuildSummary, ColumnFate, DatasetSummary, SourceSummary
from sdtm_builder.report.findings import Findings, Group
from sdtm_builder.report.texts import counted

USED, UNUSED, UNLISTED, UNPLACED = "used", "unused", "unlisted", "unplaced"


@dataclass(frozen=True)
class SourceAccount:
    """The rows of a raw source: `fates` with `used` first and `unplaced` last; `missing` is what they don't explain."""

    source: SourceSummary
    fates: tuple[tuple[str, int], ...]
    missing: int
    unplaced: int

    @property
    def sums(self) -> bool:
        """Whether the fates add up to the rows read."""
        return self.missing == 0

    @property
    def complete(self) -> bool:
        """Whether they add up and every row has a place."""
        return self.sums and not self.unplaced

    def columns(self, fate: str) -> tuple[ColumnFate, ...]:
        """The columns of one fate."""
        return tuple(column for column in self.source.columns if column.fate == fate)


def source_account(source: SourceSummary) -> SourceAccount:
    """Add up the rows of a source."""
    order = {USED: 0, UNPLACED: 2}
    fates = tuple(sorted(source.fates.items(), key=lambda item: order.get(item[0], 1)))
    unplaced = max(source.fates.get(UNPLACED, 0), len(source.unplaced))
    return SourceAccount(source, fates, source.rows - sum(source.fates.values()), unplaced)


@dataclass(frozen=True)
class StepAccount:
    """One step of a block: rows or records before and after it, and what it left out."""

    step: str
    why: str
    before: int
    out: int
    after: int


@dataclass(frozen=True)
class BlockAccount:
    """A block and its steps; `missing` records are neither left out by a step nor made."""

    block: BlockSummary
    steps: tuple[StepAccount, ...]
    missing: int


def block_account(block: BlockSummary) -> BlockAccount:
    """Follow the rows of a block through its steps; `read` says what `rows_in` says and is no step of its own."""
    running, steps, read = block.rows_in, [], block.rows_in
    for step in block.steps:
        if step.step == "read":
            read = step.out
            continue
        after = running - step.out if step.after is None else step.after
        steps.append(StepAccount(step.step, step.why, running, step.out, after))
        running = after
    return BlockAccount(block, tuple(steps), (running - block.records) or (block.rows_in - read))


def dataset_difference(dataset: DatasetSummary) -> int:
    """Records of the blocks less those of the dataset; blocks that only feed other blocks may or may not count."""
    if not dataset.blocks:
        return 0
    fed = {source for block in dataset.blocks for source in block.sources}
    last = sum(block.records for block in dataset.blocks if block.name not in fed)
    every = sum(block.records for block in dataset.blocks)
    return 0 if dataset.records in (last, every) else last - dataset.records


@dataclass(frozen=True)
class Pointer:
    """Something to look at first: what, how heavy, and where in the report (`kind` source, dataset or rule; `name`)."""

    severity: Severity
    text: str
    kind: str
    name: str
    more: str = ""


def first_looks(summary: BuildSummary, findings: Findings, limit: int = 6) -> list[Pointer]:
    """What to look at first: accounts that don't balance, then causes before consequences, heavy before light."""
    found = [*_account_pointers(summary)]
    serious = [group for group in findings.groups if group.severity is not Severity.NOTE and group.roots]
    serious.sort(key=lambda g: (-g.severity.rank, -g.followers, not _of_spec(g), -g.count, g.rule))
    for group in serious:
        text = f"{group.rule}: {counted(group.count, group.severity.value)}"
        more = f"{counted(group.followers, 'other issue')} named as its consequence." if group.followers else ""
        found.append(Pointer(group.severity, text, "rule", f"{group.severity.value}-{group.rule}", more or group.title))
    found.sort(key=lambda pointer: -pointer.severity.rank)
    return found[:limit]


def _of_spec(group: Group) -> bool:
    return all(place.yaml and not place.file for place in group.issues[0].locations)


def _account_pointers(summary: BuildSummary) -> Iterator[Pointer]:
    for source in summary.sources:
        account = source_account(source)
        name = f"raw.{source.name}"
        if not account.sums:
            text = f"{name}: {source.rows:,} rows read, {source.rows - account.missing:,} accounted for"
            yield Pointer(Severity.ERROR, text, "source", source.name, "The fates of its rows don't add up.")
        if account.unplaced:
            text = f"{name}: {counted(account.unplaced, 'row')} without a place"
            yield Pointer(Severity.ERROR, text, "source", source.name, "No dataset used them, no filter left them out.")
    for dataset in summary.datasets:
        gone = [a.block.name for a in map(block_account, dataset.blocks) if a.missing]
        if gone:
            text = f"{dataset.name}: steps of {', '.join(gone)} don't add up"
            yield Pointer(Severity.ERROR, text, "dataset", dataset.name, "Records in, left out and made disagree.")
        if dataset_difference(dataset):
            text = f"{dataset.name}: {dataset.records:,} records, its blocks made another number"
            yield Pointer(Severity.ERROR, text, "dataset", dataset.name, "Records of blocks and dataset disagree.")
    unlisted = [(s, sum(c.fate == UNLISTED for c in s.columns)) for s in summary.sources]
    if any(count for _, count in unlisted):
        first = next(source for source, count in unlisted if count)
        columns = counted(sum(count for _, count in unlisted), "raw column")
        where = counted(sum(1 for _, count in unlisted if count), "source")
        text = f"{columns} of {where} neither used nor declared unused"
        more = "Use them, or name them under `unused` with a reason."
        yield Pointer(Severity.WARNING, text, "source", first.name, more)
