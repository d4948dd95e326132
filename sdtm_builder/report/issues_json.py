"""All issues as JSON, one a line in a fixed order, so that two builds can be compared line by line; and back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from sdtm_builder.issues import Issue, Location, Severity
from sdtm_builder.report.findings import SEVERITIES, Findings

FORMAT = "sdtm_builder issues 1"
_TEXTS = ("rule", "severity", "message", "value", "hint", "caused_by")
_PLACE = {field.name: field.type for field in fields(Location)}
_NUMBERS = ("row", "line", "char")


class IssuesFileError(ValueError):
    """A file of issues that this tool cannot have written."""


def write_issues_json(path: Path, issues: Sequence[Issue]) -> None:
    """Write all issues, after counts by severity and by rule; equal arguments give equal bytes.

    An issue's empty parts and a location's unused parts are left out. The file is UTF-8; what Unicode does not allow
    to stand alone (half a surrogate pair) is escaped.
    """
    findings = Findings.of(issues)
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
        file.writelines(_lines(findings))


def _lines(findings: Findings) -> Iterator[str]:
    counts = {severity.value: findings.counts[severity] for severity in SEVERITIES}
    yield "{\n"
    yield f'"format": {_text(FORMAT)},\n"counts": {_text(counts)},\n"rules": ['
    for at, group in enumerate(findings.groups):
        rule = {"rule": group.rule, "severity": group.severity.value, "count": group.count, "title": group.title}
        yield f"{',' if at else ''}\n{_text(rule)}"
    yield '\n],\n"issues": ['
    for at, issue in enumerate(findings):
        yield f"{',' if at else ''}\n{_text(_issue(issue))}"
    yield "\n]\n}\n"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _issue(issue: Issue) -> dict[str, Any]:
    places = [{name: part for name in _PLACE if (part := getattr(place, name))} for place in issue.locations]
    said = {"rule": issue.rule, "severity": issue.severity.value, "message": issue.message, "locations": places,
            "value": issue.value, "hint": issue.hint, "caused_by": issue.caused_by,
            "records": issue.records if issue.records > 1 else 0}  # fmt: skip
    return {name: part for name, part in said.items() if part or name in ("rule", "severity", "message")}


def read_issues_json(path: Path) -> list[Issue]:
    """The issues of a file that `write_issues_json` wrote, in its order. IssuesFileError where it is something else."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise IssuesFileError(f"{path}: no JSON: {error}") from error
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or not isinstance(whole.get("issues"), list):
        raise IssuesFileError(f"{path}: no file of the format {FORMAT!r}")
    found = [_read_issue(path, number, entry) for number, entry in enumerate(whole["issues"], 1)]
    counts = {severity.value: sum(issue.severity is severity for issue in found) for severity in SEVERITIES}
    if whole.get("counts") != counts:
        raise IssuesFileError(f"{path}: it says {whole.get('counts')} and holds {counts}")
    return found


def _read_issue(path: Path, number: int, entry: Any) -> Issue:
    places = entry.get("locations", []) if isinstance(entry, dict) else None
    known = {*_TEXTS, "locations", "records"}
    if not isinstance(places, list) or not {"rule", "severity", "message"} <= set(entry) <= known:
        raise IssuesFileError(f"{path}: issue {number} has not the parts of an issue")
    texts = {name: entry[name] for name in _TEXTS if name in entry}
    if not all(isinstance(text, str) for text in texts.values()) or texts["severity"] not in list(Severity):
        raise IssuesFileError(f"{path}: issue {number} has a part of the wrong kind")
    texts["severity"] = Severity(texts["severity"])
    records = entry.get("records", 1)
    if type(records) is not int or records < 1:
        raise IssuesFileError(f"{path}: issue {number} has no count of records")
    return Issue(locations=tuple(_read_place(path, number, place) for place in places), records=records, **texts)


def _read_place(path: Path, number: int, place: Any) -> Location:
    if not isinstance(place, dict) or not all(
        name in _PLACE and type(part) is (int if name in _NUMBERS else str) for name, part in place.items()
    ):
        raise IssuesFileError(f"{path}: issue {number} has a location that is none")
    return Location(**place)
