"""Which person each raw row belongs to: the register's USUBJID for every source with a subject."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, RawTable, Scalar, Vector
from ..raw.subjects import subject_numbers
from ..values.cells import PLACES, place
from ..values.fold import fold
from .frames import whole_table
from .keys import match_codes
from .run import Run

fault("key-reused", "warning", "A value of a column declared `one_subject` that several subjects have",
      "Ask which subject it is of: both rows are kept.")  # fmt: skip


@dataclass(frozen=True)
class Register:
    """The register's rows: number, USUBJID, and whether the number is the person's last."""

    numbers: Vector
    usubjid: Vector
    last: NDArray[np.bool_]


def resolve_subjects(run: Run) -> dict[str, Vector]:
    """USUBJID of each row of each source; unknown and missing subjects are issues at their cells."""
    spec, made = run.study.subjects, run.plan.usubjid
    if spec is None or made is None:
        return {name: Vector.missing_of(Kind.TEXT, len(t)) for name, t in run.raw.items()}
    source = spec.register.text.removeprefix("raw.")
    if source not in run.raw:
        return {name: Vector.missing_of(Kind.TEXT, len(t)) for name, t in run.raw.items()}
    table = run.raw[source]
    numbers = subject_numbers(table, run.study.raw[source], run.log)
    usubjid = made.run(whole_table(run, run.table(f"raw.{source}")))
    found = {source: usubjid}
    first_numbers = {later: first.text for later, first in spec.same_person.items()}
    if first_numbers:
        number_of = {str(n): str(u) for n, u in zip(numbers.strings(), usubjid.strings(), strict=True) if n and u}
        moved = numbers.map_texts(lambda n: number_of.get(first_numbers.get(n, n)))
        found[source] = usubjid = moved
    run.register = Register(numbers, usubjid, _last_numbers(run, source, usubjid))
    told = "{value} has several subject numbers: one person, one USUBJID."
    scene = whole_table(run, run.table(f"raw.{source}"))
    several = np.isin(usubjid.data, usubjid.data[~run.register.last]) & usubjid.present()
    run.issue(scene, "rescreened", several, told, made.refs, spec.register.mark, usubjid)
    for name, other in run.raw.items():
        if name != source:
            found[name] = _of(run, name, other, numbers, usubjid, source)
        for column in run.study.raw[name].one_subject:
            _check_one_subject(run, name, column, found[name])
    return found


def _check_one_subject(run: Run, name: str, column: Scalar, usubjid: Vector) -> None:
    """`key-reused` for a value that rows of several persons have, at all its cells."""
    table = run.raw[name]
    if column.text not in table.texts:
        return
    texts = table.texts[column.text].map_texts(fold)
    known = np.flatnonzero(texts.present() & usubjid.present())
    pairs = np.unique(np.column_stack([texts.data[known], usubjid.data[known]]), axis=0)
    values, persons = np.unique(pairs[:, 0], return_counts=True)
    for value in values[persons > 1].tolist():
        rows = np.flatnonzero(texts.data == value)[:PLACES]
        text = str(texts.distinct()[value])
        places = [place(table.rows, int(row), column.text) for row in rows]
        told = f"{column.text} {text} is that of several subjects."
        run.log.add("key-reused", told, *places, column.mark.place, value=text)


def _of(run: Run, name: str, table: RawTable, numbers: Vector, usubjid: Vector, register: str) -> Vector:
    spec = run.study.raw[name]
    if spec.subject is None:
        return Vector.missing_of(Kind.TEXT, len(table))
    mine = subject_numbers(table, spec, run.log)
    left, right, count = match_codes([mine], [numbers])
    place = np.full(count + 1, -1, dtype=np.int64)
    known = np.flatnonzero(right >= 0)
    place[right[known][::-1]] = known[::-1]
    row = np.where(left >= 0, place[left], -1)
    unknown = (left >= 0) & (row < 0)
    rows = np.flatnonzero(unknown)
    for at in rows[:10_000]:
        where = table.rows.location(int(at), spec.subject.text)
        value = mine.text_at(int(at))
        run.log.add("subject-unknown", f"{value} is not in the register raw.{register}.", where, value=value)
    missing = left < 0
    for at in np.flatnonzero(missing)[:10_000]:
        where = table.rows.location(int(at), spec.subject.text)
        run.log.add("subject-missing", "The row has no subject.", where)
    return usubjid.take(row)


def _last_numbers(run: Run, source: str, usubjid: Vector) -> NDArray[np.bool_]:
    """For each register row: whether no later row (by the register's date, then by file) is of the same person."""
    spec, table = run.study.raw[source], run.raw[source]
    n = len(table)
    rank = np.arange(n, dtype=np.float64)
    if spec.date is not None:
        dates = run.row_dates(source)
        rank = np.lexsort((rank, dates.ranks())).argsort().astype(np.float64)
    codes = usubjid.data.astype(np.int64)
    best = np.full(len(usubjid.distinct()) + 1, -np.inf)
    np.maximum.at(best, codes, rank)
    return np.asarray(best[codes] == rank)
