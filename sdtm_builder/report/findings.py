"""Issues in one order that does not depend on how they were found, grouped by severity and rule, and counted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, overload

from sdtm_builder.issues import Issue, Location, Severity, faults

SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.NOTE)


@dataclass(frozen=True, eq=False)
class Group:
    """The issues of one rule that weigh the same.

    `causes` : what brought these about (`caused_by`), with counts; `roots` : how many of them nothing brought about.
    `followers` : how many issues of other rules name this rule as their cause.
    """

    rule: str
    severity: Severity
    title: str
    issues: Sequence[Issue]
    causes: dict[str, int]
    followers: int

    @property
    def count(self) -> int:
        """How many issues."""
        return len(self.issues)

    @property
    def roots(self) -> int:
        """How many of the issues no other issue brought about."""
        return self.count - sum(self.causes.values())

    @cached_property
    def hint(self) -> str:
        """What to do next, where all issues of the group say the same."""
        hints = {issue.hint for issue in self.issues}
        return next(iter(hints)) if len(hints) == 1 else ""

    def places(self) -> list[tuple[str, int]]:
        """Variables, raw columns or YAML files, with the number of issues there, the most first."""
        return _ranked(Counter(spot(issue) for issue in self.issues))

    def values(self) -> list[tuple[str, int]]:
        """The offending values and how often each occurs, the most first."""
        return _ranked(Counter(issue.value for issue in self.issues if issue.value))


class Findings(Sequence[Issue]):
    """Issues, sorted: heaviest first, then by rule, then by place. Made once, it serves all forms of the report."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self._issues = sorted(issues, key=_order)
        self.counts: dict[Severity, int] = dict.fromkeys(SEVERITIES, 0)
        self.groups: tuple[Group, ...] = tuple(self._grouped())

    @classmethod
    def of(cls, issues: Iterable[Issue]) -> Findings:
        """`issues` sorted and grouped, or as it is where it already is that."""
        return issues if isinstance(issues, Findings) else cls(issues)

    def _grouped(self) -> Iterator[Group]:
        parts: dict[tuple[Severity, str], list[Issue]] = {}
        for issue in self._issues:
            parts.setdefault((issue.severity, issue.rule), []).append(issue)
        followers = Counter(cause_rule(issue.caused_by) for issue in self._issues if issue.caused_by)
        known = faults()
        for (severity, rule), issues in parts.items():
            self.counts[severity] += len(issues)
            title = known[rule].title if rule in known else ""
            causes = dict(_ranked(Counter(issue.caused_by for issue in issues if issue.caused_by)))
            yield Group(rule, severity, title, issues, causes, followers[rule])

    def by_dataset(self) -> dict[str, dict[Severity, int]]:
        """For each dataset, how many issues of each severity name a place in it."""
        found: dict[str, dict[Severity, int]] = {}
        for issue in self._issues:
            for name in {place.dataset for place in issue.locations if place.dataset}:
                found.setdefault(name, dict.fromkeys(SEVERITIES, 0))[issue.severity] += 1
        return found

    @overload
    def __getitem__(self, index: int) -> Issue: ...
    @overload
    def __getitem__(self, index: slice) -> list[Issue]: ...
    def __getitem__(self, index: int | slice) -> Issue | list[Issue]:
        return self._issues[index]

    def __len__(self) -> int:
        return len(self._issues)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self._issues)


def cause_rule(caused_by: str) -> str:
    """The rule in a `caused_by`, which is a rule's id, perhaps with more behind it."""
    return re.split(r"[\s:,(\[]", caused_by, maxsplit=1)[0]


def spot(issue: Issue) -> str:
    """What an issue is about, without its row: a variable, else a raw column, else a YAML file; empty if unplaced."""
    for place in issue.locations:
        if place.dataset:
            return f"{place.dataset}.{place.variable}" if place.variable else place.dataset
    for place in issue.locations:
        if place.file:
            return str(Location(file=place.file, sheet=place.sheet, column=place.column))
    return next((place.yaml for place in issue.locations if place.yaml), "")


def _ranked(counter: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))


def _order(issue: Issue) -> tuple[Any, ...]:
    first = issue.locations[0] if issue.locations else Location()
    data = next((place for place in issue.locations if place.dataset), first)
    raw = next((place for place in issue.locations if place.file), first)
    return (
        -issue.severity.rank, issue.rule, data.dataset, _natural(data.key), data.variable, raw.file, raw.sheet, raw.row,
        raw.column, first.yaml, first.line, first.char, issue.message, issue.value, issue.caused_by, issue.hint,
        issue.records,
        tuple((p.file, p.sheet, p.row, p.column, p.dataset, p.key, p.variable, p.yaml, p.line, p.char)
              for p in issue.locations),
    )  # fmt: skip


@lru_cache(maxsize=65536)
def _natural(key: str) -> tuple[tuple[str, int], ...]:
    """A key of a record for sorting: AESEQ=9 before AESEQ=10."""
    return tuple((text, int(digits or 0)) for text, digits in re.findall(r"([^0-9]+|^)([0-9]{0,18})", key))
