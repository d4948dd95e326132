"""What changed from one build to another: subjects, records and values, each with its cause."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..lineage import Lineage, TraceError
from ..write.manifest import FileEntry, Manifest, ManifestError, read_manifest
from .arrows import column_of
from .behind import Behind
from .causes import RAW, ROWS, RULE, Causes
from .cells import compare_attributes, compare_variable
from .comings import Comings
from .files import find_side, read_table
from .identity import match_builds
from .keys import Keys, find_keys
from .pointers import SUBJECT, Bits, Halves
from .rawdiff import RawChange, compare_raw
from .result import DatasetResult
from .rules import Changed, changed_rules
from .run import TRACED, CompareError
from .table import Table, TableError

ATTRIBUTES = ("label", "type", "length", "format", "order")
SETTINGS = 8
"""Nothing of the above, where files of the specification or versions differ: what else of them can make a change."""
CAUSES = {
    RAW: "raw cells", RULE: "rules", ROWS: "other records", RAW | RULE: "raw cells and rules",
    RAW | ROWS: "raw cells and other records", RULE | ROWS: "rules and other records",
    RAW | RULE | ROWS: "raw cells, rules and other records", SETTINGS: "settings, codelists or versions",
    0: "not explained",
}  # fmt: skip
"""Causes together, in words."""


@dataclass(eq=False)
class DatasetDiff:
    """A dataset of both builds. came, went : causes of records that appeared (of the new build) and went (of the old);
    causes : variable -> cause of each value that changed; behind : variable -> what lies behind the first of them."""

    result: DatasetResult
    came: Bits
    went: Bits
    causes: dict[str, Bits] = field(default_factory=dict)
    behind: dict[str, list[list[str]]] = field(default_factory=dict)
    behind_came: list[list[str]] = field(default_factory=list)
    behind_went: list[list[str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many records and values came, went and changed by each cause."""
        total = np.zeros(max(CAUSES) + 1, np.int64)
        for bits in (self.came, self.went, *self.causes.values()):
            total += np.bincount(bits, minlength=len(total))
        return {CAUSES[i]: int(total[i]) for i in CAUSES if total[i]}


@dataclass(eq=False)
class BuildDiff:
    """Everything that changed between two builds.

    subjects_came, subjects_went : USUBJID of all datasets; only_old, only_new : datasets of one build alone
    specs : files of the specification that differ; versions : versions that differ
    """

    old: Path
    new: Path
    datasets: list[DatasetDiff] = field(default_factory=list)
    raw: list[RawChange] = field(default_factory=list)
    sources_old: list[str] = field(default_factory=list)
    sources_new: list[str] = field(default_factory=list)
    subjects_came: list[str] = field(default_factory=list)
    subjects_went: list[str] = field(default_factory=list)
    subjects: tuple[int, int] = (0, 0)
    only_old: list[str] = field(default_factory=list)
    only_new: list[str] = field(default_factory=list)
    rules: list[Changed] = field(default_factory=list)
    specs: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether no dataset changed; raw cells and rules may have, without effect."""
        return not (self.only_old or self.only_new) and all(d.result.equal for d in self.datasets)


def diff_builds(
    old: Path, new: Path, *, only: Collection[str] = (), ignore: Collection[str] = (), traced: int = TRACED
) -> BuildDiff:
    """Compare two builds of a study.

    Parameters
    ----------
    old, new : folders of builds (`outputs/STUDY`), of two data cuts or two specifications
    only : datasets that are told; all are matched
    ignore : variables that are not compared
    traced : values of a variable, and records, whose raw cells are told

    Raises
    ------
    CompareError : one of them is no build with lineage, its files are not those of the build, or a name is unknown
    """
    try:
        halves, tables, found = _opened(old, new)
    except (TraceError, TableError, ManifestError) as fault:
        raise CompareError(str(fault)) from fault
    unknown = [n for n in only if n not in halves.new.lineage.datasets and n not in halves.old.lineage.datasets]
    if unknown:
        raise CompareError(f"--only {unknown[0]}: neither build has this dataset.")
    matched = match_builds(halves, tables)
    causes, behind = Causes(halves), Behind(halves, found.rules)
    comings = Comings(halves, causes)
    for name, (a, b) in tables.items():
        known = halves.new.lineage.datasets[name]
        if known.get("given") or (only and name not in only):
            continue
        both = [n for n in a.columns if n in b.columns and n not in ignore]
        keys = [k for k in known.get("keys", ()) if k in both] or list(find_keys(a, b, both).names)
        result = DatasetResult(name, a, b, Keys(tuple(keys), "the row that made them, else the keys"), matched[name])
        result.attributes = list(compare_attributes(a, b, both, ATTRIBUTES))
        result.variables_a = [n for n in a.columns if n not in b.columns and n not in ignore]
        result.variables_b = [n for n in b.columns if n not in a.columns and n not in ignore]
        diff = DatasetDiff(result, comings.came(name)[matched[name].only_b], comings.went(name)[matched[name].only_a])
        for variable in both:
            cells = compare_variable(a.columns[variable], b.columns[variable], matched[name], None)
            result.variables.append(cells)
            if cells.differing:
                diff.causes[variable] = causes.of(name, variable)[cells.rows_b]
                diff.behind[variable] = [
                    behind.value(name, variable, int(cells.rows_a[i]), int(cells.rows_b[i]))
                    for i in range(min(traced, cells.differing))
                ]
        if found.specs or found.versions:
            for bits in (diff.came, diff.went, *diff.causes.values()):
                bits[bits == 0] = SETTINGS
        diff.behind_came = [behind.came(name, int(r)) for r in matched[name].only_b[:traced]]
        diff.behind_went = [behind.went(name, int(r)) for r in matched[name].only_a[:traced]]
        found.datasets.append(diff)
    return found


def _opened(old: Path, new: Path) -> tuple[Halves, dict[str, tuple[Table, Table]], BuildDiff]:
    """Both builds read: lineage, raw tables compared, written files of datasets that both have."""
    one, two = Lineage(old), Lineage(new)
    manifests = read_manifest(old), read_manifest(new)
    sources = [n for n in one.graph["sources"] if n in two.graph["sources"]]
    raw = {name: compare_raw(one, two, name) for name in sources}
    halves = Halves(one, two, raw)
    found = BuildDiff(old, new, raw=list(raw.values()))
    found.sources_old = [n for n in one.graph["sources"] if n not in raw]
    found.sources_new = [n for n in two.graph["sources"] if n not in raw]
    found.rules = list(changed_rules(one.graph, two.graph))
    found.specs, found.versions = _specs(*manifests), _versions(*manifests)
    read = []
    for lineage, path in ((one, old), (two, new)):
        files = find_side(path).files
        read.append({n: _table(lineage, path, n, files.get(n)) for n in lineage.datasets})
    written = [{n for n, t in side.items() if t.kind != "given"} for side in read]
    found.only_old, found.only_new = sorted(written[0] - written[1]), sorted(written[1] - written[0])
    subjects = [_subjects([side[n] for n in names]) for side, names in zip(read, written, strict=True)]
    found.subjects = len(subjects[0]), len(subjects[1])
    found.subjects_came, found.subjects_went = sorted(subjects[1] - subjects[0]), sorted(subjects[0] - subjects[1])
    tables = {n: (read[0][n], read[1][n]) for n in read[1] if n in read[0]}
    return halves, tables, found


def _table(lineage: Lineage, build: Path, name: str, file: Path | None) -> Table:
    """A written dataset, or a ready one as the lineage holds it."""
    if lineage.datasets[name].get("given"):
        columns = {n: column_of(lineage.folder, n, lineage.column(name, n)) for n in lineage.variables(name)}
        return Table(name, columns, lineage.count(name), lineage.folder, "given")
    if file is None:
        raise CompareError(f"{build}: the lineage has {name}, but there is no file of it.")
    table = read_table(file)
    if table.records != lineage.count(name):
        raise CompareError(f"{file}: {table.records} records, the lineage has {lineage.count(name)}: it was changed.")
    return table


def _subjects(tables: Sequence[Table]) -> set[str]:
    found: set[str] = set()
    for table in tables:
        column = table.columns.get(SUBJECT)
        if column is not None and column.values.is_text:
            used = np.unique(column.values.data)
            found |= {str(column.values.distinct()[c]) for c in used if c >= 0}
    return found


def _specs(old: Manifest, new: Manifest) -> list[str]:
    return _files({e.path: e for e in old.specs}, {e.path: e for e in new.specs})


def _files(old: Mapping[str, FileEntry], new: Mapping[str, FileEntry]) -> list[str]:
    said = [f"{p} changed" for p in old if p in new and old[p].sha256 != new[p].sha256]
    said += [f"{p} came" for p in new if p not in old]
    return sorted([*said, *(f"{p} went" for p in old if p not in new)])


def _versions(old: Manifest, new: Manifest) -> list[str]:
    """Versions of the tool, of terminology and of libraries that differ; the profile too."""
    said = []
    for what, a, b in (("sdtm_builder", old.tool_version, new.tool_version), ("profile", old.profile, new.profile),
                       ("terminology", ", ".join(old.ct_packages), ", ".join(new.ct_packages))):  # fmt: skip
        if a != b:
            said.append(f"{what}: {a or 'none'} -> {b or 'none'}")
    for name in sorted({*old.packages, *new.packages}):
        a, b = old.packages.get(name, "none"), new.packages.get(name, "none")
        if a != b:
            said.append(f"{name}: {a} -> {b}")
    return said
