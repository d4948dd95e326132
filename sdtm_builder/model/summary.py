"""What a build did, for the report: records in and out of every step, the fate of every raw row and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class StepCount:
    """One step of a block: what it is (`read`, `where`, `one_per`, `group`, `transpose`...), what went out and why.

    `out` : how many rows or records the step left out; of `read`, how many it read.
    `after` : how many there are after it, where that isn't those before it less `out` (a step that makes records).
    """

    step: str
    out: int
    why: str = ""
    after: int | None = None


@dataclass(frozen=True, slots=True)
class BlockSummary:
    """One block: its sources, rows in, what each step left out, records out."""

    name: str
    sources: tuple[str, ...]
    rows_in: int
    steps: tuple[StepCount, ...]
    records: int


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """One dataset: records, variables written, qualifiers, blocks, time taken is not in it (bytes are reproducible)."""

    name: str
    label: str
    klass: str
    records: int
    subjects: int
    variables: tuple[str, ...]
    qualifiers: tuple[str, ...]
    blocks: tuple[BlockSummary, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ColumnFate:
    """A raw column: `used` (by which DATASET.VARIABLE or key), `unused` (declared, why), or `unlisted`."""

    column: str
    fate: str
    used_by: tuple[str, ...] = ()
    why: str = ""
    filled: int = 0


@dataclass(frozen=True, slots=True)
class SourceSummary:
    """A raw source: parts (file, sheet), and each row's fate: name of the fate -> number of rows; the sum is `rows`.

    `unplaced` : the rows (part index, row number) that no dataset used and no named filter left out, the first 1,000.
    """

    name: str
    parts: tuple[tuple[str, str], ...]
    rows: int
    fates: Mapping[str, int]
    columns: tuple[ColumnFate, ...]
    used_by: tuple[str, ...] = ()
    unplaced: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class BuildSummary:
    """A whole build."""

    study: str
    title: str
    version: str
    as_of: str
    profile: str
    partial: tuple[str, ...]
    datasets: tuple[DatasetSummary, ...]
    sources: tuple[SourceSummary, ...]
    standards: Mapping[str, str] = field(default_factory=dict)
