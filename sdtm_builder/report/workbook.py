"""The report as a workbook: overview, rules, issues, rows, columns and steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from sdtm_builder import __version__
from sdtm_builder.issues import Issue, Location
from sdtm_builder.model.summary import BuildSummary
from sdtm_builder.report.accounts import block_account, dataset_difference, first_looks, source_account
from sdtm_builder.report.findings import SEVERITIES, Findings
from sdtm_builder.report.sheets import MAX_ROWS, Headings, Sheet, Value, write_sheets
from sdtm_builder.report.texts import counted

RULES: Headings = [
    ("Severity", 10),
    ("Rule", 28),
    ("What it means", 60),
    ("What to do", 50),
    ("Issues", 10),
    ("Caused by others", 12),
    ("Causes others", 12),
]
ISSUES: Headings = [
    ("Issue", 9),
    ("Severity", 10),
    ("Rule", 24),
    ("What is wrong", 60),
    ("Value", 28),
    ("What to do", 40),
    ("Caused by", 20),
    ("Place", 8),
    ("Dataset", 9),
    ("Variable", 12),
    ("Record", 34),
    ("File", 24),
    ("Sheet", 14),
    ("Row", 8),
    ("Column", 20),
    ("YAML file", 34),
    ("Line", 7),
    ("Char", 7),
]
ROWS: Headings = [
    ("Source", 16),
    ("Files and sheets", 40),
    ("Used by", 24),
    ("What became of them", 50),
    ("Rows", 12),
    ("Account", 40),
]
COLUMNS: Headings = [("Source", 16), ("Column", 28), ("Filled rows", 12), ("Fate", 16), ("Used by", 40), ("Why", 50)]
STEPS: Headings = [
    ("Dataset", 12),
    ("Block", 18),
    ("From", 24),
    ("Step", 18),
    ("In", 10),
    ("Left out", 10),
    ("Out", 10),
    ("Why", 50),
]


OVERVIEW: Headings = [("What", 30), ("Value", 50), ("More", 80)]


def write_issues_xlsx(path: Path, summary: BuildSummary, issues: Sequence[Issue], max_rows: int = MAX_ROWS) -> None:
    """Write the workbook; equal arguments give equal bytes.

    path : the file, as `report/issues.xlsx`
    max_rows : rows of the sheet of issues at most, its header and the remark on what does not fit among them

    Sheets: Overview, Findings by rule, Issues, Rows, Columns, Steps. An issue has a row; it has several, which repeat
    what is not a place, where it has several cells of raw data or of datasets. No text is ever a formula.
    """
    findings = Findings.of(issues)
    sheets = [
        Sheet("Overview", OVERVIEW, list(_overview(summary, findings))),
        Sheet("Findings by rule", RULES, list(_rules(findings))),
        Sheet("Issues", ISSUES, _issues(findings, max_rows)),
        Sheet("Rows", ROWS, list(_rows(summary))),
        Sheet("Columns", COLUMNS, list(_columns(summary))),
        Sheet("Steps", STEPS, list(_steps(summary))),
    ]
    write_sheets(path, sheets, f"{summary.study}: issues", f"sdtm_builder {__version__}")


def _overview(summary: BuildSummary, findings: Findings) -> Iterator[Sequence[Value]]:
    yield "Study", summary.study, summary.title
    yield "Specification", summary.version
    yield "As of", summary.as_of
    yield "Profile", summary.profile
    if summary.partial:
        yield "Partial build", ", ".join(summary.partial), "Only these were built anew."
    yield from summary.standards.items()
    for severity in SEVERITIES:
        yield f"Issues: {severity.value}", findings.counts[severity]
    for pointer in first_looks(summary, findings):
        yield "Look at first", pointer.text, pointer.more
    for dataset in summary.datasets:
        said = f"{counted(dataset.subjects, 'subject')}, {counted(len(dataset.variables), 'variable')}"
        more = f", supplemental qualifiers {', '.join(dataset.qualifiers)}" if dataset.qualifiers else ""
        yield f"Dataset {dataset.name}", dataset.records, f"{dataset.label}: {said}{more}"


def _rules(findings: Findings) -> Iterator[Sequence[Value]]:
    for group in findings.groups:
        caused = group.count - group.roots
        yield group.severity.value, group.rule, group.title, group.hint, group.count, caused, group.followers


def _issues(findings: Findings, max_rows: int) -> list[Sequence[Value]]:
    rows = list(islice(_issue_rows(findings), max_rows))
    if len(rows) >= max_rows:
        places = sum(len(_places(issue)) for issue in findings)
        if places >= max_rows:
            del rows[max_rows - 2 :]
            first = rows[-1][0] if rows else 0
            issues = counted(len(findings) - int(first or 0), "further issue")
            said = f"{counted(places - len(rows), 'row')} do not fit on this sheet, with {issues}: see issues.json."
            rows.append((None, None, None, said))
    return rows


def _issue_rows(findings: Findings) -> Iterator[Sequence[Value]]:
    for number, issue in enumerate(findings, 1):
        about = (number, issue.severity.value, issue.rule, issue.message, issue.value, issue.hint, issue.caused_by)
        places = _places(issue)
        for at, (data, raw, yaml) in enumerate(places, 1):
            yield (
                *about, at if len(places) > 1 else None, data.dataset, data.variable, data.key, raw.file, raw.sheet,
                raw.row or None, raw.column, yaml.yaml, yaml.line or None, yaml.char or None,
            )  # fmt: skip


_NOWHERE = Location()


def _places(issue: Issue) -> list[tuple[Location, Location, Location]]:
    """Places side by side: of a dataset, of raw data, of YAML. The n-th of one kind stands beside the n-th of another
    where both kinds have as many; a single one stands beside all others; otherwise each has a row of its own."""
    data = [place for place in issue.locations if place.dataset]
    raw = [place for place in issue.locations if place.file]
    yaml = [place for place in issue.locations if place.yaml]
    longest = max(len(data), len(raw), len(yaml))
    if longest < 2:
        return [(data[0] if data else _NOWHERE, raw[0] if raw else _NOWHERE, yaml[0] if yaml else _NOWHERE)]
    if all(len(kind) in (0, 1, longest) for kind in (data, raw, yaml)):
        full = [kind * longest if len(kind) == 1 else kind or [_NOWHERE] * longest for kind in (data, raw, yaml)]
        return list(zip(*full, strict=True))
    return [(place, place, place) for place in issue.locations]


def _rows(summary: BuildSummary) -> Iterator[Sequence[Value]]:
    for source in summary.sources:
        account = source_account(source)
        name, used = f"raw.{source.name}", ", ".join(source.used_by)
        parts = "; ".join(f"{file}, {sheet}" if sheet else file for file, sheet in source.parts)
        if account.sums:
            said = "adds up"
        else:
            kind = "unexplained" if account.missing > 0 else "too many"
            said = f"does not add up: {counted(abs(account.missing), 'row')} {kind}"
        if account.unplaced:
            said += f"; {counted(account.unplaced, 'row')} without a place"
        yield name, parts, used, "rows read", source.rows, said
        for fate, rows in account.fates:
            yield name, None, None, fate, rows
        for file, sheet, row in source.unplaced:
            place = str(Location(file=file, sheet=sheet, row=row))
            yield name, place, None, "without a place: no dataset used it, no filter left it out"


def _columns(summary: BuildSummary) -> Iterator[Sequence[Value]]:
    for source in summary.sources:
        for column in source.columns:
            fate = "declared unused" if column.fate == "unused" else column.fate
            yield f"raw.{source.name}", column.column, column.filled, fate, ", ".join(column.used_by), column.why


def _steps(summary: BuildSummary) -> Iterator[Sequence[Value]]:
    for dataset in summary.datasets:
        for block in dataset.blocks:
            account = block_account(block)
            yield dataset.name, block.name, ", ".join(block.sources), "rows in", None, None, block.rows_in
            for step in account.steps:
                yield dataset.name, block.name, None, step.step, step.before, step.out, step.after, step.why
            said = f"does not add up: {account.missing:,} unexplained" if account.missing else "adds up"
            yield dataset.name, block.name, None, "records", None, None, block.records, said
        difference = dataset_difference(dataset)
        said = f"the blocks made {difference:+,}" if difference else "as the blocks made" if dataset.blocks else ""
        yield dataset.name, None, None, "records written", None, None, dataset.records, said
