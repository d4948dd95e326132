"""The report as lines for the console, and as a log that reads as one of SAS does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sdtm_builder import __version__
from sdtm_builder.issues import Issue, Severity
from sdtm_builder.model.summary import BuildSummary, DatasetSummary
from sdtm_builder.report.accounts import (
    UNLISTED,
    UNUSED,
    USED,
    block_account,
    dataset_difference,
    first_looks,
    source_account,
)
from sdtm_builder.report.findings import SEVERITIES, Findings, Group
from sdtm_builder.report.texts import counted, listed, one_line, shortened

FEW_RULES = 8
FEW_ISSUES = 3
FEW_TEXTS = 8
LOGGED = 200
"""On the console rules, issues of a rule, and where issues say the same again and again the different ones; issues of a
rule in the log."""
LONGEST = 300


def console_lines(
    summary: BuildSummary, issues: Sequence[Issue], verbose: bool, report: str = "report/index.html"
) -> list[str]:
    """What came out, what was found, where to look: lines for a terminal, without colour or control characters.

    verbose : every rule, notes too, and the accounts of every source; otherwise the heaviest eight rules above notes,
        and only the sources whose accounts don't balance
    report : path of the HTML report, as it is to be shown; empty to leave it out
    """
    findings = Findings.of(issues)
    lines = [*_made(summary), *_sources(summary, verbose), *_found(findings, verbose)]
    looks = [pointer.text for pointer in first_looks(summary, findings, 3)]
    if looks:
        lines.append(f"Look first at: {'; '.join(looks)}")
    if report:
        lines.append(f"All of it: {report}")
    return [one_line(line) for line in lines]


def finding_lines(issues: Sequence[Issue], verbose: bool) -> list[str]:
    """What was found, as `console_lines` tells it, where there is no build to speak of."""
    return [one_line(line) for line in _found(Findings.of(issues), verbose)]


def _made(summary: BuildSummary) -> Iterator[str]:
    records = sum(dataset.records for dataset in summary.datasets)
    datasets = counted(len(summary.datasets), "dataset")
    yield f"{summary.study}, as of {summary.as_of}, profile {summary.profile}: {datasets}, {counted(records, 'record')}"
    if summary.partial:
        yield f"Partial build: only {listed(list(summary.partial))} anew"
    width = max((len(dataset.name) for dataset in summary.datasets), default=0)
    digits = max((len(f"{dataset.records:,}") for dataset in summary.datasets), default=0)
    for dataset in summary.datasets:
        what = f"{dataset.records:>{digits},} {'record' if dataset.records == 1 else 'records'}"
        more = f", {counted(len(dataset.qualifiers), 'supplemental qualifier')}" if dataset.qualifiers else ""
        of = f" of {counted(dataset.subjects, 'subject')}" if dataset.subjects else ""
        yield f"  {dataset.name:<{width}}  {what}{of}{more}  {dataset.label}"


def _sources(summary: BuildSummary, verbose: bool) -> Iterator[str]:
    accounts = [source_account(source) for source in summary.sources]
    good = [account for account in accounts if account.complete]
    if good:
        rows = counted(sum(account.source.rows for account in good), "row")
        yield f"Raw rows: {rows} of {counted(len(good), 'source')} accounted for"
    for account in accounts:
        if account.complete and not verbose:
            continue
        fates = " + ".join(f"{rows:,} {fate}" for fate, rows in account.fates) or "0"
        sign = "=" if account.sums else "is not"
        said = f"  raw.{account.source.name}: {account.source.rows:,} read {sign} {fates}"
        if not account.sums:
            said += f" ({abs(account.missing):,} {'unexplained' if account.missing > 0 else 'too many'})"
        yield said
    unlisted = sum(column.fate == UNLISTED for source in summary.sources for column in source.columns)
    if unlisted:
        yield f"Raw columns: {unlisted:,} neither used nor declared unused"


def _found(findings: Findings, verbose: bool) -> Iterator[str]:
    if not findings:
        yield "Found: nothing"
        return
    yield f"Found: {', '.join(counted(findings.counts[s], s.value) for s in SEVERITIES)}"
    shown = [group for group in findings.groups if verbose or group.severity is not Severity.NOTE]
    for group in shown if verbose else shown[:FEW_RULES]:
        yield from _group(group)
    if not verbose and len(shown) > FEW_RULES:
        rest = shown[FEW_RULES:]
        issues = counted(sum(group.count for group in rest), "issue")
        yield f"  and {counted(len(rest), 'more rule', 'more rules')} with {issues}"


def _group(group: Group) -> Iterator[str]:
    title = f": {group.title}" if group.title else ""
    yield f"{group.severity.value.upper()} {group.rule} ({group.count:,}){title}"
    alike: dict[str, list[Issue]] = {}
    for issue in group.issues:
        alike.setdefault(f"{issue.message}\n{issue.value}", []).append(issue)
    repeats = len(alike) < group.count
    shown = sorted(alike.values(), key=lambda issues: -len(issues))[: FEW_TEXTS if repeats else FEW_ISSUES]
    for issues in shown:
        more = f" In all {len(issues):,} times." if len(issues) > 1 else ""
        yield f"  {_located(issues[0])}{more}"
        if issues[0].hint and issues[0].hint != group.hint:
            yield f"    {issues[0].hint}"
    if (left := group.count - sum(map(len, shown))) > 0:
        yield f"  and {left:,} more"
    if group.hint:
        yield f"  To do: {group.hint}"


def _located(issue: Issue) -> str:
    where = " | ".join(str(place) for place in issue.locations[:3])
    if len(issue.locations) > 3:
        where += f" and {counted(len(issue.locations) - 3, 'more place', 'more places')}"
    text = f"{where}: {issue.message}" if where else issue.message
    if issue.value and issue.value not in issue.message:
        text += f' Value: "{shortened(issue.value, LONGEST)}".'
    return shortened(text + (f" Caused by {issue.caused_by}." if issue.caused_by else ""), LONGEST * 3)


def run_log(summary: BuildSummary, issues: Sequence[Issue]) -> str:
    """The log of a build: rows read and records made, step by step, then the issues of each dataset, as SAS says it.

    Every line begins with NOTE:, WARNING: or ERROR:, or is indented and belongs to the line above. Issues that name a
    dataset follow that dataset, all others stand at the end. 200 issues of a rule at one place are written.
    """
    findings = Findings.of(issues)
    known = {dataset.name for dataset in summary.datasets}
    parts: dict[str, list[Issue]] = {}
    for issue in findings:
        names = [place.dataset for place in issue.locations if place.dataset in known]
        parts.setdefault(names[0] if names else "", []).append(issue)
    study = f"Study {summary.study}, as of {summary.as_of}, profile {summary.profile}."
    lines = [f"NOTE: sdtm_builder {__version__}. {study}"]
    if summary.partial:
        lines.append(f"NOTE: Partial build: only {listed(list(summary.partial))} anew.")
    lines += [f"NOTE: {name} {version}." for name, version in summary.standards.items()]
    lines += _log_sources(summary)
    for dataset in summary.datasets:
        lines += ["", *_log_dataset(dataset), *_log_issues(parts.get(dataset.name, []))]
    if "" in parts:
        lines += ["", "NOTE: Issues that name no dataset of this build.", *_log_issues(parts[""])]
    counts = ", ".join(counted(findings.counts[severity], severity.value) for severity in SEVERITIES)
    lines += ["", f"NOTE: In all: {counts}."]
    return "\n".join(one_line(line) for line in lines) + "\n"


def _log_sources(summary: BuildSummary) -> Iterator[str]:
    for source in summary.sources:
        account = source_account(source)
        parts = "; ".join(f"{file}, sheet {sheet}" if sheet else file for file, sheet in source.parts)
        yield f"NOTE: {counted(source.rows, 'row')} read from raw.{source.name}" + (f" ({parts})." if parts else ".")
        for fate, number in account.fates:
            yield f"      {counted(number, 'row')}: {fate}."
        if not account.sums:
            kind = "unexplained" if account.missing > 0 else "too many"
            said = f"{counted(abs(account.missing), 'row')} {kind}"
            yield f"ERROR: The rows of raw.{source.name} don't add up: {said}."
        if account.unplaced:
            rows = f"{counted(account.unplaced, 'row')} of raw.{source.name}"
            yield f"ERROR: {rows} without a place: no dataset used them, no filter left them out."
        fates = [(USED, "used"), (UNUSED, "declared unused"), (UNLISTED, "neither")]
        columns = ", ".join(f"{len(account.columns(fate)):,} {said}" for fate, said in fates)
        yield f"      {counted(len(source.columns), 'column')}: {columns}."
        unlisted = [column.column for column in account.columns(UNLISTED)]
        if unlisted:
            yield f"WARNING: Columns of raw.{source.name} neither used nor declared unused: {', '.join(unlisted)}."


def _log_dataset(dataset: DatasetSummary) -> Iterator[str]:
    for block in dataset.blocks:
        account = block_account(block)
        sources = listed(list(block.sources)) or "no source"
        yield f"NOTE: {dataset.name}, block {block.name}: {counted(block.rows_in, 'row')} in, from {sources}."
        for step in account.steps:
            why = f" ({step.why})" if step.why else ""
            yield f"      {step.step}: {step.before:,} in, {step.out:,} left out{why}, {step.after:,} out."
        yield f"      {counted(block.records, 'record')} out."
        if account.missing:
            kind = "unexplained" if account.missing > 0 else "too many"
            said = f"the steps don't add up, {counted(abs(account.missing), 'record')} {kind}"
            yield f"ERROR: {dataset.name}, block {block.name}: {said}."
    if dataset_difference(dataset):
        yield f"ERROR: {dataset.name}: the blocks made {dataset_difference(dataset):+,} records against those written."
    variables = len(dataset.variables)
    yield f"NOTE: The data set {dataset.name} has {dataset.records:,} observations and {variables:,} variables."
    if dataset.qualifiers:
        qualifiers = counted(len(dataset.qualifiers), "supplemental qualifier")
        yield f"NOTE: {dataset.name} has {qualifiers}: {', '.join(dataset.qualifiers)}."
    if dataset.files:
        yield f"NOTE: Written: {', '.join(dataset.files)}."


def _log_issues(issues: Sequence[Issue]) -> Iterator[str]:
    written: dict[tuple[Severity, str], int] = {}
    hints: dict[str, str] = {}
    for issue in issues:
        key = (issue.severity, issue.rule)
        written[key] = written.get(key, 0) + 1
        if written[key] <= LOGGED:
            hint = f" {issue.hint}" if issue.hint and hints.get(issue.rule) != issue.hint else ""
            hints[issue.rule] = issue.hint
            yield f"{issue.severity.value.upper()}: {issue.rule}: {_located(issue)}{hint}"
    for (severity, rule), count in written.items():
        if count > LOGGED:
            yield f"{severity.value.upper()}: {rule}: {count - LOGGED:,} more; all are in issues.json."
