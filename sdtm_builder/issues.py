"""What is wrong and where: locations, issues, faults and the log that collects them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


class Severity(StrEnum):
    """How much an issue weighs; ordered by `rank`."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"

    @property
    def rank(self) -> int:
        """3 for error, 2 for warning, 1 for note."""
        return {"error": 3, "warning": 2, "note": 1}[self.value]


@dataclass(frozen=True, slots=True)
class Location:
    """One place: a raw cell, a cell of a dataset, or a place in a YAML file; unused parts are empty.

    `row` is the row number a spreadsheet shows (1 is the first row of the sheet or file).
    `key` names a record, as ``USUBJID=... AESEQ=...``.
    """

    file: str = ""
    sheet: str = ""
    row: int = 0
    column: str = ""
    dataset: str = ""
    key: str = ""
    variable: str = ""
    yaml: str = ""
    line: int = 0
    char: int = 0

    def __str__(self) -> str:
        parts: list[str] = []
        if self.yaml:
            parts.append(":".join(str(p) for p in (self.yaml, self.line, self.char) if p))
        if self.file:
            raw = [self.file]
            raw += [f"sheet {self.sheet}"] if self.sheet else []
            raw += [f"row {self.row}"] if self.row else []
            raw += [f"column {self.column}"] if self.column else []
            parts.append(", ".join(raw))
        if self.dataset:
            name = f"{self.dataset}.{self.variable}" if self.variable else self.dataset
            parts.append(f"{name} [{self.key}]" if self.key else name)
        return " | ".join(parts)


@dataclass(frozen=True, slots=True)
class Issue:
    """One problem: the rule broken, a message, all places of it, the offending value and what to do next.

    `records` : how many records it stands for (above 1 where several are told as one).
    """

    rule: str
    severity: Severity
    message: str
    locations: tuple[Location, ...] = ()
    value: str = ""
    hint: str = ""
    caused_by: str = ""
    records: int = 1

    def __str__(self) -> str:
        where = str(self.locations[0]) if self.locations else ""
        first = self.locations[0] if self.locations else None
        if first and first.yaml and not first.file and not first.dataset:
            text = f"{where} {self.rule}: {self.message}"
        else:
            text = f"{self.rule}: {self.message}" + (f" ({where})" if where else "")
        return f"{text} {self.hint}" if self.hint else text


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of issue: its id (kebab-case), its one severity, what it means and what to do about it.

    `draft` is the severity under ``--profile draft`` where that differs.
    """

    id: str
    severity: Severity
    title: str
    hint: str = ""
    draft: Severity | None = None


_FAULTS: dict[str, Fault] = {}


def fault(id: str, severity: str, title: str, hint: str = "", draft: str | None = None) -> Fault:
    """Declare a kind of issue; the same id may be declared once only (a second, different one is a bug)."""
    made = Fault(id, Severity(severity), title, hint, Severity(draft) if draft else None)
    if _FAULTS.get(id, made) != made:
        raise ValueError(f"fault {id} is declared twice, differently")
    _FAULTS[id] = made
    return made


def faults() -> Mapping[str, Fault]:
    """All kinds of issues declared so far, by id."""
    return dict(sorted(_FAULTS.items()))


@dataclass(slots=True)
class IssueLog:
    """Collects issues; severity comes from the fault, the study's `severity` map and the profile.

    Parameters
    ----------
    severity : rule id, or name of an expectation -> severity of the study file, over the fault's own
    profile : ``final`` or ``draft``
    """

    severity: Mapping[str, str] = field(default_factory=dict)
    profile: str = "final"
    _issues: list[Issue] = field(default_factory=list)

    def add(
        self,
        rule: str,
        message: str,
        *locations: Location,
        value: str = "",
        hint: str | None = None,
        caused_by: str = "",
        expectation: str = "",
        records: int = 1,
    ) -> None:
        """Record one issue of a declared fault; `hint` None takes the fault's own."""
        kind = _FAULTS[rule]
        text = kind.hint if hint is None else hint
        severity = self.severity_of(rule, expectation)
        self._issues.append(Issue(rule, severity, message, locations, value, text, caused_by, records))

    def severity_of(self, rule: str, expectation: str = "") -> Severity:
        """The severity in force for a rule; the study may give one of its own expectations another."""
        kind = _FAULTS[rule]
        if expectation in self.severity:
            return Severity(self.severity[expectation])
        said = Severity(self.severity[rule]) if rule in self.severity else kind.severity
        if self.profile == "draft" and kind.draft is not None and kind.draft.rank < said.rank:
            return kind.draft
        return said

    def extend(self, issues: Iterable[Issue]) -> None:
        """Take over issues made elsewhere, as they are."""
        self._issues.extend(issues)

    def replace_all(self, issues: Iterable[Issue]) -> None:
        """Put other issues in place of those collected (for `accepted` and `caused_by`)."""
        self._issues = list(issues)

    def merge(self) -> None:
        """One issue for those that say the same of the same cells, with the YAML lines of all."""
        seen: dict[tuple[str, str, tuple[Location, ...]], int] = {}
        kept: list[Issue] = []
        for issue in self._issues:
            cells = tuple(p for p in issue.locations if not p.yaml)
            key = (issue.rule, issue.message, cells)
            if cells and key in seen:
                old = kept[seen[key]]
                lines = tuple(p for p in issue.locations if p.yaml and p not in old.locations[-20:])
                kept[seen[key]] = replace(old, locations=old.locations + lines)
            else:
                if cells:
                    seen[key] = len(kept)
                kept.append(issue)
        self._issues = kept

    def __iter__(self) -> Iterator[Issue]:
        return iter(self._issues)

    def __len__(self) -> int:
        return len(self._issues)

    def count(self, at_least: Severity = Severity.NOTE) -> int:
        """How many issues weigh `at_least` so much."""
        return sum(1 for i in self._issues if i.severity.rank >= at_least.rank)

    def by_rule(self) -> dict[str, list[Issue]]:
        """Issues by rule, heaviest rules first, then by id."""
        groups: dict[str, list[Issue]] = {}
        for issue in self._issues:
            groups.setdefault(issue.rule, []).append(issue)
        order = sorted(groups, key=lambda r: (-max(i.severity.rank for i in groups[r]), r))
        return {rule: groups[rule] for rule in order}
