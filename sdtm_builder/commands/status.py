"""Exit statuses, and the lines in which a check tells its faults."""

from __future__ import annotations

from collections import Counter

from ..issues import IssueLog, Severity

CLEAN, FOUND, UNUSABLE = 0, 1, 2


def status(log: IssueLog, fail_on: str) -> int:
    """The exit status of what was found; `fail_on` is error, warning, note or never."""
    if fail_on == "never":
        return CLEAN
    return FOUND if log.count(Severity(fail_on)) else CLEAN


def check_lines(log: IssueLog) -> list[str]:
    """Every issue of a check, one a line, errors first, then by place; those that follow from another are counted."""
    own = [issue for issue in log if not issue.caused_by]
    causes = Counter(issue.caused_by for issue in log if issue.caused_by)
    own.sort(key=lambda i: (-i.severity.rank, [(p.yaml, p.line, p.char, p.file) for p in i.locations]))
    lines = [str(i) if i.severity is Severity.ERROR else f"{i.severity}: {i}" for i in own]
    return lines + [f"{cause} was not read: {count} more {_faults(count)} from it." for cause, count in causes.items()]


def _faults(count: int) -> str:
    return "fault follows" if count == 1 else "faults follow"
