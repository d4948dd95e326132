"""The whole comparison of two files or folders."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from .cells import ATTRIBUTES, Tolerance, compare_attributes, compare_variable
from .files import Side, find_side, read_table
from .keys import choose_keys
from .match import match_records
from .nearly import find_alike
from .origin import Origins
from .result import Comparison, DatasetResult, VariableResult
from .table import PADDED, Table, TableError

TRACED = 20
"""Cells of a variable whose origin is told, of each dataset."""


class CompareError(Exception):
    """A comparison that can't be made as asked; the text says what was wanted and what there is."""


@dataclass(frozen=True)
class Request:
    """What to compare, and how.

    keys : dataset -> key variables; tolerances : variable, DATASET.VARIABLE or * -> tolerance
    ignore : variables or DATASET.VARIABLE left alone; only : datasets, variables or DATASET.VARIABLE, all others are
        left alone, but for keys
    attributes : some of ATTRIBUTES; traced : cells of a variable that are traced in a build's lineage
    """

    keys: Mapping[str, Sequence[str]] = field(default_factory=dict)
    tolerances: Mapping[str, Tolerance] = field(default_factory=dict)
    ignore: Collection[str] = ()
    only: Collection[str] = ()
    attributes: Collection[str] = ATTRIBUTES
    encoding: str = "utf-8"
    traced: int = TRACED


def compare_paths(a: Path, b: Path, request: Request) -> Comparison:
    """Compare two files, two folders, or a file and the dataset of its name in a folder.

    Raises CompareError where a side has no dataset, or the request names what no side has. Files that can't be read
    stand among the faults of the result; the others are still compared.
    """
    try:
        one, two = find_side(a), find_side(b)
    except TableError as fault:
        raise CompareError(str(fault)) from fault
    pairs, only_a, only_b = _pairs(one, two, request)
    found = Comparison(one, two, only_a=only_a, only_b=only_b, notes=[*one.notes, *two.notes])
    origins = [Origins(side.build) if side.build is not None else None for side in (one, two)]
    found.notes += [o.fault for o in origins if o is not None and o.fault]
    names = _Names(request)
    for name, file_a, file_b in pairs:
        try:
            table_a, table_b = (read_table(file, request.encoding) for file in (file_a, file_b))
        except TableError as fault:
            found.faults.append(str(fault))
            continue
        if one.path.is_file() and two.path.is_file():
            name = table_a.name or name
        names.met(name, table_a, table_b)
        result = compare_tables(name, table_a, table_b, request, one.keys.get(name, ()), two.keys.get(name, ()))
        _trace(result, origins, request.traced)
        found.datasets.append(result)
    names.check([*one.files, *two.files], bool(found.faults))
    return found


def _pairs(one: Side, two: Side, request: Request) -> tuple[list[tuple[str, Path, Path]], list[str], list[str]]:
    """Datasets of both sides with their files, and those of one alone."""
    a, b = dict(one.files), dict(two.files)
    if one.path.is_file() and two.path.is_file():
        (name, first), (_, second) = next(iter(a.items())), next(iter(b.items()))
        return [(name, first, second)], [], []
    if one.path.is_file():
        b = {n: p for n, p in b.items() if n in a}
    if two.path.is_file():
        a = {n: p for n, p in a.items() if n in b}
    if not (a and b):
        file, folder = (one, two) if one.path.is_file() else (two, one)
        raise CompareError(f"{folder.path} has no dataset {next(iter(file.files))}, which {file.path} is.")
    chosen = {n.partition(".")[0] for n in request.only}
    if chosen & (set(a) | set(b)):
        whole = {n for n in request.only if "." not in n and n not in a and n not in b}
        if not whole:
            a, b = ({n: p for n, p in side.items() if n in chosen} for side in (a, b))
    both = [(n, a[n], b[n]) for n in a if n in b]
    return both, [n for n in a if n not in b], [n for n in b if n not in a]


def compare_tables(
    name: str, a: Table, b: Table, request: Request, define_a: Sequence[str] = (), define_b: Sequence[str] = ()
) -> DatasetResult:
    """Compare two tables.

    define_a, define_b : keys that each side's define.xml declares. Raises CompareError for declared keys that a side
    doesn't have.
    """
    notes = []
    if (a.kind in PADDED) != (b.kind in PADDED):
        bare_a, bare_b = a.without_padding(), b.without_padding()
        if any(t.columns[n] is not bare.columns[n] for t, bare in ((a, bare_a), (b, bare_b)) for n in t.columns):
            notes.append("trailing blanks don't count: one side is a SAS file, which can't hold them")
        a, b = bare_a, bare_b
    both = [n for n in a.columns if n in b.columns]
    ignored = {n for n in {*a.columns, *b.columns} if n in request.ignore or f"{name}.{n}" in request.ignore}
    usable = [n for n in both if n not in ignored]
    declared = list(request.keys.get(name, request.keys.get("*", ())))
    for side, table in (("A", a), ("B", b)):
        missing = [k for k in declared if k not in table.columns]
        if missing:
            near = _near(missing[0], table.columns)
            raise CompareError(f"--keys {name}: {', '.join(missing)} is not in {side} ({table.file}). {near}")
    defined = [("define.xml of A", define_a), ("define.xml of B", define_b), ("the file of A", a.keys),
               ("the file of B", b.keys)]  # fmt: skip
    keys = choose_keys(a, b, declared, defined, usable)
    found = DatasetResult(name, a, b, keys, match_records(a, b, keys.names, usable), notes=[*notes, *keys.notes])
    found.alike = find_alike(a, b, keys.names, found.matched.only_a, found.matched.only_b)
    wanted = {n for n in {*a.columns, *b.columns} if _is_wanted(name, n, request)} - ignored
    found.variables_a = [n for n in a.columns if n in wanted and n not in b.columns]
    found.variables_b = [n for n in b.columns if n in wanted and n not in a.columns]
    compared = [n for n in usable if n in wanted]
    found.attributes = list(compare_attributes(a, b, compared, request.attributes))
    if a.name != b.name and a.name and b.name:
        found.notes.append(f"dataset {a.name} in A, {b.name} in B")
    for variable in compared:
        if variable not in keys.names:
            tolerance = _tolerance(name, variable, request)
            found.variables.append(compare_variable(a.columns[variable], b.columns[variable], found.matched, tolerance))
    if not found.matched.same_order:
        found.notes.append("records stand in another order")
    if ignored:
        found.notes.append(f"ignored: {', '.join(sorted(ignored))}")
    return found


def _is_wanted(dataset: str, variable: str, request: Request) -> bool:
    """Whether a variable is among those of --only, which names variables or takes a dataset whole."""
    if not request.only or dataset in request.only:
        return True
    return variable in request.only or f"{dataset}.{variable}" in request.only


def _tolerance(dataset: str, variable: str, request: Request) -> Tolerance | None:
    for name in (f"{dataset}.{variable}", variable, "*"):
        if name in request.tolerances:
            return request.tolerances[name]
    return None


def _trace(result: DatasetResult, origins: Sequence[Origins | None], most: int) -> None:
    """Put the origins of the first cells of each variable beside them."""
    if not any(origins):
        return
    for variable in result.variables:
        for i in range(min(most, variable.differing)):
            found = [
                None if origin is None else origin.of(table, int(rows[i]), variable.name)
                for origin, table, rows in zip(
                    origins, (result.a, result.b), (variable.rows_a, variable.rows_b), strict=True
                )
            ]
            variable.origins.append((found[0], found[1]))


class _Names:
    """Names that the request gives, each to be met in some dataset."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.known: set[str] = set()

    def met(self, name: str, *tables: Table) -> None:
        for table in tables:
            self.known |= {name, *table.columns, *(f"{name}.{c}" for c in table.columns)}

    def check(self, datasets: Sequence[str], unread: bool) -> None:
        """Raises CompareError for a name that nothing has; not where a file couldn't be read, which may have it."""
        for option, names in _given(self.request):
            for name in names:
                if name not in self.known and name not in datasets and name != "*" and not unread:
                    near = _near(name, self.known)
                    raise CompareError(f"{option} {name}: no dataset or variable has this name. {near}")


def _given(request: Request) -> Iterator[tuple[str, Collection[str]]]:
    yield "--keys", request.keys
    yield "--tolerance", request.tolerances
    yield "--ignore", request.ignore
    yield "--only", request.only


def _near(name: str, names: Collection[str]) -> str:
    found = get_close_matches(name, sorted(names), 3, 0.6)
    return f"Near: {', '.join(found)}." if found else ""


__all__ = ["CompareError", "Comparison", "Request", "VariableResult", "compare_paths", "compare_tables"]
