"""Exit statuses, and the lines in which a check tells its faults."""

from __future__ import annotations

from ..issues import IssueLog, Severity

CLEAN, FOUND, UNUSABLE = 0, 1, 2


def status(log: IssueLog, fail_on: str) -> int:
    """The exit status of what was found; `fail_on` is error, warning, note or never."""
    if fail_on == "never":
        return CLEAN
    return FOUND if log.count(Severity(fail_on)) else CLEAN


def check_lines(log: IssueLog) -> list[str]:
    """Every issue of a check, one a line, errors first, then by place."""
    issues = sorted(log, key=lambda i: (-i.severity.rank, [(p.yaml, p.line, p.char, p.file) for p in i.locations]))
    return [str(i) if i.severity is Severity.ERROR else f"{i.severity}: {i}" for i in issues]
