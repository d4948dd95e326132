"""The queries of one build: its issues at raw cells, with subject, visit, key and value from the lineage."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from ..issues import Issue, Location, Severity
from ..lineage import Lineage, TraceError
from ..report.issues_json import IssuesFileError, read_issues_json
from .queries import Query, QueryError, Status, identified

_MANY = re.compile(r" \(([0-9,]+) (?:cells|records|rows)\)$")
_CHECK = re.compile(r"([\w-]+): (.+) is false\.", re.DOTALL)
_DIGITS = re.compile(r"[0-9]+")
_SEVERAL = "distinct texts in all"
"""In the message of an issue whose cells have several texts, so that the message is not of each of them."""
_SOURCE = re.compile(r"\braw\.(?=\w)")


@dataclass(frozen=True)
class Harvest:
    """The queries of a build. as_of : its moment; unlisted : cells that issues count without naming their places;
    partial : whether only some datasets were built anew."""

    study: str
    as_of: str
    queries: tuple[Query, ...]
    unlisted: int
    partial: bool


class _Raw:
    """The raw tables of a build, by the places of their rows."""

    def __init__(self, lineage: Lineage) -> None:
        self._lineage = lineage
        self._rows: dict[tuple[str, str, int], tuple[str, int]] = {}
        for source in lineage.graph.get("sources", {}):
            name = f"raw.{source}"
            try:
                columns = [lineage.column(name, c).to_pylist() for c in ("_file", "_sheet", "_row")]
            except TraceError:
                continue
            for at, (file, sheet, row) in enumerate(zip(*columns, strict=True)):
                self._rows.setdefault((file or "", sheet or "", int(row)), (source, at))

    def facts(self, place: Location) -> tuple[str, Mapping[str, Any], Mapping[str, str]]:
        """Source, what the graph says of it and the texts of a row; ("", {}, {}) for a row that was left out."""
        found = self._rows.get((place.file, place.sheet, place.row))
        if found is None:
            return "", {}, {}
        source, row = found
        said = self._lineage.graph["sources"][source]
        names = {"_usubjid", place.column, *map(str, said.get("key", ()))} | {
            str(said[n]) for n in ("visit", "date", "subject") if said.get(n)
        }
        return source, said, {n: self._lineage.text(f"raw.{source}", n, row) for n in names if n}


def harvest(folder: Path, severity: Severity = Severity.WARNING, ignore: Collection[str] = ()) -> Harvest:
    """The queries of a build.

    Parameters
    ----------
    folder : of a build (`outputs/STUDY`)
    severity : the least weight of an issue that is asked about; ignore : rules that are not

    Issues that another one causes are left out, since that one is asked about. An issue of many cells gives a query a
    row. QueryError where the folder is no build, or its issues or lineage can't be read.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        study, as_of, partial = manifest["study"], manifest["as_of"], bool(manifest["partial"]["is_partial"])
        titles = {r["rule"]: r["title"] for r in json.loads((folder / "issues.json").read_text("utf-8"))["rules"]}
        issues = read_issues_json(folder / "issues.json")
        raw = _Raw(Lineage(folder))
    except (OSError, ValueError, KeyError, TypeError, IssuesFileError, TraceError) as broken:
        raise QueryError(f"{folder} is no build that can be read: {broken}") from broken
    made: list[tuple[Query, str]] = []
    unlisted = 0
    for issue in issues:
        if issue.severity.rank < severity.rank or issue.caused_by or issue.rule in ignore:
            continue
        places = [p for p in issue.locations if p.file and p.row]
        groups = _groups(issue, places)
        unlisted += max(0, _told(issue) - len(groups)) if groups else 0
        made += [_query(issue, group, raw, study, as_of, titles.get(issue.rule, "")) for group in groups]
    made.sort(key=lambda m: _order(m[0]))
    return Harvest(study, as_of, tuple(identified(made)), unlisted, partial)


def _order(q: Query) -> tuple[str, str, str, str, int, str, str, str]:
    return q.subject, q.form, q.file, q.sheet, q.row, q.field, q.rule, q.text


def _told(issue: Issue) -> int:
    said = _MANY.search(issue.message)
    return int(said[1].replace(",", "")) if said else 1


def _groups(issue: Issue, places: Sequence[Location]) -> list[list[Location]]:
    """The places of one query each: all of an issue about one thing, those of a row of an issue about many."""
    if not places:
        return []
    if _told(issue) == 1:
        return [list(places)]
    rows: dict[tuple[str, str, int], list[Location]] = {}
    for place in places:
        rows.setdefault((place.file, place.sheet, place.row), []).append(place)
    return list(rows.values())


def _query(
    issue: Issue, places: Sequence[Location], raw: _Raw, study: str, as_of: str, title: str
) -> tuple[Query, str]:  # fmt: skip
    """A query without its id, and what else tells it apart from others of its rule and cell."""
    first = next((p for p in places if raw.facts(p)[0]), places[0])  # a row of data, not the header above it
    _, said, texts = raw.facts(first)
    column = first.column or next((p.column for p in places if (p.file, p.sheet) == (first.file, first.sheet)), "")
    names = [str(k) for k in said.get("key", ())] or [str(n) for n in (said.get("date"),) if n]
    subject_column, visit_column = str(said.get("subject", "")), str(said.get("visit", ""))
    record = [n for n in names if n not in (column, subject_column, visit_column) and texts.get(n)]
    own = texts.get(column, "")
    value = (own or issue.value) if _told(issue) > 1 else (issue.value or own)
    form = first.sheet or PurePosixPath(first.file).stem
    query = Query(
        id="", status=Status.NEW, study=study, subject=texts.get("_usubjid") or texts.get(subject_column, ""),
        form=form, visit=texts.get(visit_column, ""), record=" ".join(f"{n}={texts[n]}" for n in record),
        field=column, value=value, text="", rule=issue.rule, severity=issue.severity.value, file=first.file,
        sheet=first.sheet, row=first.row, others="; ".join(_others(first, places)), first_seen=as_of, last_seen=as_of,
    )  # fmt: skip
    check = _CHECK.fullmatch(issue.message)
    what = check[1] if check is not None else _DIGITS.sub("", _MANY.sub("", issue.message))
    return replace(query, text=query_text(issue, query, title)), "" if _SEVERAL in issue.message else what


def query_text(issue: Issue, query: Query, title: str) -> str:
    """The question in plain words: where, what stands there, what is wrong with it, what to do. Row numbers are left
    out, so that it stays the same when rows are added."""
    where = ", ".join(part for part in (
        f"Form {query.form}", f"visit {query.visit}" if query.visit else "", query.record,
        f"field {query.field}" if query.field else "") if part)  # fmt: skip
    stands = f' has "{query.value}"' if query.value and query.field else ""
    message = _SOURCE.sub("", _MANY.sub("", issue.message))
    check = _CHECK.fullmatch(message)
    if _SEVERAL in message:
        wrong = title.rstrip(".")
    elif check is not None:
        wrong = f'the check "{check[1]}" does not hold, which is {check[2]}'
    else:
        wrong = message.rstrip(".") + (f" ({title})" if title and title.rstrip(".") not in message else "")
    return f"{where}{stands}: {wrong}. Please correct it, or confirm it."


def _others(first: Location, places: Sequence[Location]) -> Iterator[str]:
    """The further cells of a query."""
    yield from dict.fromkeys(str(place) for place in places if place != first)
