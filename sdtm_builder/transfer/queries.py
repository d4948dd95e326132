"""Queries to data management: what one is, and what becomes of those of the last sheet when a new build comes."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum


class Status(StrEnum):
    """new: not on the last sheet, or closed there; open: also there; closed: no longer found."""

    NEW = "new"
    OPEN = "open"
    CLOSED = "closed"


class QueryError(Exception):
    """Queries that can't be made; the text says why."""


@dataclass(frozen=True, slots=True)
class Query:
    """A question about a raw cell or row.

    id : the same from run to run, as long as study, rule, subject, form, field, value and key of the row are
    record : the row's declared key, visit and date; file, sheet, row : where it stands; others : the further cells
    first_seen, last_seen : moments (as_of) of the first and last build that had it
    answer, owner, more : the reviewer's columns, kept as they are
    """

    id: str
    status: Status
    study: str
    subject: str
    form: str
    visit: str
    record: str
    field: str
    value: str
    text: str
    rule: str
    severity: str
    file: str
    sheet: str
    row: int
    others: str
    first_seen: str
    last_seen: str
    answer: str = ""
    owner: str = ""
    more: tuple[tuple[str, str], ...] = ()


def identified(found: Iterable[tuple[Query, str]]) -> list[Query]:
    """The queries with their ids. found : each with what else tells it apart from others of its rule and cell, as the
    name of a check; equal ones are told apart by a number in the order that they come in."""
    seen: Counter[str] = Counter()
    made = []
    for query, what in found:
        parts = (query.study, query.rule, query.subject, query.form, query.visit, query.record, query.field,
                 query.value, what)  # fmt: skip
        about = "\x1f".join(parts)
        seen[about] += 1
        whole = f"{about}\x1f{seen[about]}"
        digest = hashlib.sha256(whole.encode("utf-8", errors="backslashreplace")).hexdigest()
        made.append(replace(query, id=f"Q{digest[:12].upper()}"))
    return made


def rolled(previous: Sequence[Query], found: Sequence[Query], study: str, as_of: str) -> list[Query]:
    """The sheet after a build: queries of the last sheet in its order, then those that came.

    previous : of the last sheet; those of other studies stay as they are
    found : of the build, `first_seen` and `last_seen` at its moment `as_of`
    QueryError where the build is older than the last sheet.
    """
    mine = [q for q in previous if q.study == study]
    latest = max((q.last_seen for q in mine), default="")
    if latest > as_of:
        raise QueryError(f"The build of {as_of} is older than the last sheet, which has one of {latest}.")
    now = {q.id: q for q in found}
    kept = []
    for old in previous:
        fresh = now.pop(old.id, None) if old.study == study else None
        if old.study != study:
            kept.append(old)
        elif fresh is None:
            kept.append(replace(old, status=Status.CLOSED))
        else:
            again = old.status is Status.CLOSED or (old.status is Status.NEW and old.last_seen == as_of)
            status = Status.NEW if again else Status.OPEN
            kept.append(replace(fresh, status=status, first_seen=old.first_seen, answer=old.answer, owner=old.owner,
                                more=old.more))  # fmt: skip
    return [*kept, *now.values()]


def counts(queries: Iterable[Query]) -> dict[Status, int]:
    """How many there are of each status."""
    found = Counter(q.status for q in queries)
    return {status: found[status] for status in Status}
