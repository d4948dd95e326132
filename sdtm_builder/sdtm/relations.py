"""Related records: the maker of RELREC, of single records or of whole datasets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, ListNode, MapNode, Scalar, StudySpec, Vector, domain_letters
from ..registry import MadeRecords, MakerContext, MakerPlan, Names, OneOf, Raw, Take, Text, Texts, records
from .columns import as_text, combined

fault("relation-unmatched", "error", "A record names one of another dataset that is not there",
      "Correct the data by a query, or say that it may be so.")  # fmt: skip
fault("relation-not-one", "error", "Several records share a value on the side that is said to be ONE",
      "Say MANY, or relate by another variable.")  # fmt: skip
fault("relation-empty", "warning", "Two datasets have no value in common by which they are related: no relation",
      "Check that both variables hold the same form of value.")  # fmt: skip
fault("relation-without-records", "note", "One of two datasets has no value by which it is related: no relation")
fault("relation-no-identifier", "error", "A related record has no value of the variable that is to identify it")

Ints = NDArray[np.int64]
Pairs = Sequence[tuple[str, str]]
WORDS = ("ONE", "MANY")


def _pairs(by: Any) -> list[tuple[str, str]]:
    """(left, right) variables: of a map, or of names that are the same on both sides."""
    if isinstance(by, MapNode):
        return [(left, right.text) for left, right in by.items.items() if isinstance(right, Scalar)]
    if isinstance(by, Mapping):
        return [(left, right) for left, right in by.items() if isinstance(right, str)]
    named = by.items if isinstance(by, ListNode) else (by,)
    texts = [one.text if isinstance(one, Scalar) else one for one in named if isinstance(one, Scalar | str)]
    return [(one, one) for one in texts]


def _words(node: Any) -> list[str]:
    listed = node.items if isinstance(node, ListNode) else (node,)
    return [one.text for one in listed if isinstance(one, Scalar)]


def _uses(arguments: Mapping[str, Any], study: StudySpec) -> list[tuple[str, Sequence[str]]]:
    pairs, named = _pairs(arguments.get("by")), _words(arguments.get("idvar"))
    whole = _words(arguments.get("kind")) == ["datasets"]
    found: list[tuple[str, Sequence[str]]] = []
    for side, name in enumerate(("left", "right")):
        own = named[side : side + 1] or ([] if whole else ["--SEQ"])
        found += [(table, ["USUBJID", *(p[side] for p in pairs), *own]) for table in _words(arguments.get(name))]
    return found


def _check(arguments: Mapping[str, Any], plan: MakerPlan) -> Iterator[tuple[str, str]]:
    pairs, whole = _pairs(arguments.get("by")), _words(arguments.get("kind")) == ["datasets"]
    named, relation = _words(arguments.get("idvar")), _words(arguments.get("relation"))
    if "by" in arguments and not pairs:
        yield "by", "a map of a variable on the left and one on the right is wanted."
    for side, name in enumerate(("left", "right")):
        for table in _words(arguments.get(name)):
            if table.startswith("raw.") or not plan.has(table):
                yield name, f"there is no dataset {table}."
                continue
            for column in (p[side] for p in pairs):
                if not plan.has(table, column):
                    yield "by", f"{table} has no {column}."
                elif whole and not plan.written(table, column):
                    yield "by", f"{column} is not written in {table} itself, so that it identifies no record."
            for column in named[side : side + 1]:
                if not plan.written(table, column):
                    yield "idvar", f"{table} has no {column} of its own."
    if whole and len(pairs) > 1:
        yield "by", "whole datasets are related by one variable of each."
    if whole and named:
        yield "idvar", "whole datasets are identified by the variable in `by`."
    if whole and (len(relation) != 2 or not set(relation) <= set(WORDS)):
        yield "relation", "whole datasets need two words of ONE and MANY, for the left and the right."
    if not whole and relation:
        yield "relation", "only whole datasets have ONE and MANY."
    if named and len(named) != 2:
        yield "idvar", "two variables are wanted, for the left and the right."
    if _words(arguments.get("left")) == _words(arguments.get("right")) and all(a == b for a, b in pairs):
        yield "right", "each record would be related to itself."


@records(
    "relation",
    columns=dict.fromkeys(("RDOMAIN", "USUBJID", "IDVAR", "IDVARVAL", "RELTYPE", "RELID"), Kind.TEXT),
    uses=_uses,
    check=_check,
    origin="Assigned",
)
def relation(
    ctx: MakerContext,
    left: Text,
    right: Text,
    by: Raw,
    kind: Annotated[str, Take.TEXT, OneOf(("records", "datasets"))],
    relation: Texts = (),
    idvar: Names = (),
    unmatched: Annotated[str, Take.TEXT, OneOf(("issue", "ok"))] = "ok",
    orphans: Annotated[str, Take.TEXT, OneOf(("issue", "ok"))] = "issue",
) -> MadeRecords:
    """Records of two datasets, or two datasets as wholes, that belong together by the values of variables.

    Arguments
    ---------
    left, right : two datasets; one that refers to the other stands on the right.
    by : `{LEFT: RIGHT}`, variables whose values are equal in related records of a subject; a name alone is on both
        sides. Several pairs are for `kind: records` only.
    kind : `records`, each related record has its own line; `datasets`, one line a dataset.
    relation : for `kind: datasets`, `[ONE, MANY]` or the like: how many records of the left and of the right may
        share a value.
    idvar : for `kind: records`, the variables that identify a record on the left and on the right; default `--SEQ`
        of each. Records of a group with equal values are one line.
    unmatched : `issue` or `ok` (default), for a value on the left that the right has not got.
    orphans : `issue` (default) or `ok`, for a value on the right that the left has not got.

    Derivation, `kind: records`: the records of both sides that agree in the subject and in all values of `by`, where
    both sides have any, are one group; a missing value agrees with none. RDOMAIN is the domain, IDVAR and IDVARVAL
    the variable that identifies the record and its value. RELID is the name of the block in upper case, a hyphen and
    the number of the group within the subject, in the order of the values of `by` as text. RELTYPE is missing.

    Derivation, `kind: datasets`: two records, one a dataset: RDOMAIN, IDVAR the variable of `by`, RELTYPE the word of
    `relation`, RELID the name of the block in upper case; USUBJID and IDVARVAL are missing. Without any value in
    common there is no relation.

    Since the names of blocks differ, so do RELIDs of blocks.

    Issues: `relation-unmatched`, `relation-not-one`, `relation-empty`, `relation-without-records` (a side has no value
    at all), `relation-no-identifier` (the record is left out).

    Example: `treated: {make: relation, left: AE, right: CM, by: {AELNKID: CMLNKID}, kind: records}`.

    Source: SDTMIG 3.4 section 8.2 and 8.3.
    """
    pairs = _pairs(by)
    sides = [_Side.read(ctx, table, [p[at] for p in pairs]) for at, table in enumerate((left, right))]
    codes = _matched(sides)
    _tell_partners(ctx, sides, codes, (unmatched, orphans))
    if kind == "datasets":
        return _of_datasets(ctx, sides, codes, relation)
    return _of_records(ctx, sides, codes, idvar)


class _Side(NamedTuple):
    """A dataset: its subjects and the values by which it is related."""

    table: str
    domain: str
    by: tuple[str, ...]
    subject: Vector
    values: tuple[Vector, ...]

    @staticmethod
    def read(ctx: MakerContext, table: str, by: Sequence[str]) -> _Side:
        access = ctx.table(table)
        values = tuple(as_text(access.vector(column)) for column in by)
        return _Side(table, ctx.domain_of(table), tuple(by), access.usubjid(), values)


def _matched(sides: Sequence[_Side]) -> list[Ints]:
    """For the records of each side the code of subject and values in one numbering by size, -1 where one is missing."""
    columns = [Vector.concat([a.as_kind(Kind.TEXT), b.as_kind(Kind.TEXT)]) for a, b in _both(sides)]
    n = len(columns[0])
    codes = combined([np.where(c.present(), c.ranks(), -1).astype(np.int64) for c in columns], n)
    for column in columns:
        codes[~column.present()] = -1
    size = len(sides[0].subject)
    return [codes[:size], codes[size:]]


def _both(sides: Sequence[_Side]) -> Iterator[tuple[Vector, Vector]]:
    left, right = sides
    return zip((left.subject, *left.values), (right.subject, *right.values), strict=True)


def _tell_partners(ctx: MakerContext, sides: Sequence[_Side], codes: Sequence[Ints], said: Sequence[str]) -> None:
    for at, side in enumerate(sides):
        other = sides[1 - at]
        alone = np.flatnonzero((codes[at] >= 0) & ~np.isin(codes[at], codes[1 - at]))
        if said[at] == "issue" and len(alone):
            message = f"{_named(side)} has a value that {_named(other)} of the subject has not got."
            ctx.issue("relation-unmatched", side.table, alone, message, side.by)


def _named(side: _Side) -> str:
    return ", ".join(f"{side.table}.{column}" for column in side.by)


def _of_datasets(
    ctx: MakerContext, sides: Sequence[_Side], codes: Sequence[Ints], relation: Sequence[str]
) -> MadeRecords:
    if not np.isin(codes[0][codes[0] >= 0], codes[1]).any():
        bare = [_named(s) for s, mine in zip(sides, codes, strict=True) if not (mine >= 0).any()]
        message = f"{_named(sides[0])} and {_named(sides[1])} have no value in common: {ctx.name} is no relation."
        if bare:
            message = f"{' and '.join(bare)} has no value: {ctx.name} is no relation."
        ctx.issue("relation-without-records" if bare else "relation-empty", "", np.zeros(0, np.int64), message)
        return _made([], [], [], [], [], [])
    for side, mine, word in zip(sides, codes, relation, strict=True):
        _, inverse, counts = np.unique(mine, return_inverse=True, return_counts=True)
        several = np.flatnonzero((mine >= 0) & (counts[inverse] > 1))
        if word == "ONE" and len(several):
            message = f"Several records of the subject share this value of {_named(side)}, which is said to be ONE."
            ctx.issue("relation-not-one", side.table, several, message, side.by)
    names = [s.by[0] for s in sides]
    return _made([s.domain for s in sides], [None, None], names, [None, None], relation, [ctx.name.upper()] * 2)


def _of_records(ctx: MakerContext, sides: Sequence[_Side], codes: Sequence[Ints], idvar: Sequence[str]) -> MadeRecords:
    shared = np.intersect1d(codes[0][codes[0] >= 0], codes[1][codes[1] >= 0])
    rows, groups, which = [], [], []
    ids = []
    for at, side in enumerate(sides):
        name = idvar[at] if idvar else f"{domain_letters(side.domain)}SEQ"
        value = as_text(ctx.table(side.table).vector(name))
        related = np.flatnonzero(np.isin(codes[at], shared))
        lost = related[~value.present()[related]]
        if len(lost):
            message = f"{side.table}.{name} is missing: the record is in no relation."
            ctx.issue("relation-no-identifier", side.table, lost, message, side.by)
        related = related[value.present()[related]]
        pair = combined([codes[at][related], value.data[related].astype(np.int64)], len(related))
        related = np.sort(related[np.unique(pair, return_index=True)[1]])
        rows.append(related)
        groups.append(codes[at][related])
        which.append(np.full(len(related), at))
        ids.append((name, value.take(related)))
    keep = np.isin(np.concatenate(groups), np.intersect1d(groups[0], groups[1]))
    row, group, side_of = (np.concatenate(x)[keep] for x in (rows, groups, which))
    value = Vector.concat([v for _, v in ids]).take(np.flatnonzero(keep))
    order = np.lexsort((row, side_of, group))
    row, group, side_of, value = row[order], group[order], side_of[order], value.take(order)
    subject = _subjects(sides, row, side_of)
    numbers = _numbered(subject, group)
    columns = {
        "RDOMAIN": Vector.of_codes(side_of, [s.domain for s in sides]),
        "USUBJID": subject,
        "IDVAR": Vector.of_codes(side_of, [name for name, _ in ids]),
        "IDVARVAL": value,
        "RELTYPE": Vector.missing_of(Kind.TEXT, len(row)),
        "RELID": Vector.of_texts([f"{ctx.name.upper()}-{n}" for n in numbers.tolist()]),
    }
    origins = {side.table if at == 0 or side.table != sides[0].table else f"{side.table} right":
               (side.table, np.where(side_of == at, row, -1)) for at, side in enumerate(sides)}  # fmt: skip
    return MadeRecords(columns, len(row), origins)


def _subjects(sides: Sequence[_Side], row: Ints, side_of: Ints) -> Vector:
    both = Vector.concat([s.subject for s in sides])
    return both.take(row + side_of * len(sides[0].subject))


def _numbered(subject: Vector, group: Ints) -> Ints:
    """The number of each record's group within its subject; groups of a subject stand together, in their order."""
    numbers = np.zeros(len(group), dtype=np.int64)
    if len(group):
        starts = np.concatenate([[True], group[1:] != group[:-1]])
        count = np.cumsum(starts)
        first = np.concatenate([[True], subject.data[1:] != subject.data[:-1]])
        numbers = count - np.maximum.accumulate(np.where(first, count - 1, 0))
    return numbers


def _made(
    domains: Sequence[str],
    subjects: Sequence[str | None],
    names: Sequence[str],
    values: Sequence[str | None],
    words: Sequence[str],
    ids: Sequence[str],
) -> MadeRecords:
    given = (("RDOMAIN", domains), ("USUBJID", subjects), ("IDVAR", names), ("IDVARVAL", values), ("RELTYPE", words),
             ("RELID", ids))  # fmt: skip
    return MadeRecords({name: Vector.of_texts(texts) for name, texts in given}, len(domains))
