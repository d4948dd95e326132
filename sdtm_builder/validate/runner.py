"""Runs all rules over a folder of written files, and turns what they find into located issues."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from sdtm_builder.issues import IssueLog, Location
from sdtm_builder.validate.finding import Finding, key_of, locations_of, message_of
from sdtm_builder.validate.load import load_studies
from sdtm_builder.validate.registry import Rule, rules
from sdtm_builder.validate.study import Study

CAP = 1000
"""Records that are told one by one for a rule, dataset and message; the rest is counted in one issue more."""


Known = Callable[[str, str], Sequence[Collection[str]]]
"""Of a rule and a dataset, the keys of records that the study accepts, as a set for each entry that accepts some."""


def run_validation(
    folder: Path,
    ct_folder: Path | None = None,
    severity: Mapping[str, str] | None = None,
    profile: str = "final",
    cap: int = CAP,
) -> IssueLog:
    """Check the transport files and define.xml of a folder; ADaM against the SDTM that lies beside it, too.

    ct_folder: where imported terminology lies. severity: rule id -> error, warning or note, over the rule's own.
    profile: final or draft. cap: records told one by one, see `CAP`.
    Raises OSError where the folder can't be listed.
    """
    return validate_folders([folder], ct_folder, severity, profile, cap)


def validate_folders(
    folders: Sequence[Path],
    ct_folder: Path | None = None,
    severity: Mapping[str, str] | None = None,
    profile: str = "final",
    cap: int = CAP,
    sdtm: Path | None = None,
    known: Known | None = None,
) -> IssueLog:
    """Check the folders of a build, SDTM and ADaM, each read once; arguments as for `run_validation`.

    sdtm: where the SDTM datasets lie that ADaM is compared with, if neither among the folders nor beside them.
    known: accepted records; beyond the cap they are counted apart from the others, so that their count is accepted too.
    """
    log = IssueLog(severity or {}, profile)
    for study in load_studies(folders, ct_folder, sdtm):
        log.extend(check_study(study, rules().values(), severity, profile, cap, known))
    return log


def check_study(
    study: Study,
    chosen: Iterable[Rule],
    severity: Mapping[str, str] | None = None,
    profile: str = "final",
    cap: int = CAP,
    known: Known | None = None,
) -> IssueLog:
    """Run those of some rules that are for its standard over a study; arguments as for `validate_folders`."""
    log = IssueLog(severity or {}, profile)
    for rule in chosen:
        if study.standard not in rule.standards:
            continue
        for finding in rule.check(study):
            accepted = known(rule.id, finding.dataset) if known is not None else ()
            _tell(log, rule, finding, _keys(study, finding), cap, accepted)
    return log


def listing(study: Study, chosen: Iterable[Rule]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """What rules find, as (rule, dataset, key, variables), one line a record."""
    for issue in check_study(study, chosen, cap=10**9):
        first = issue.locations[0]
        variables = tuple(place.variable for place in issue.locations if place.variable)
        yield issue.rule, first.dataset or first.file, first.key, variables


def _keys(study: Study, finding: Finding) -> tuple[str, ...]:
    defined = study.defined(finding.table) if finding.table is not None else None
    return defined.keys if defined is not None else ()


def _tell(
    log: IssueLog,
    rule: Rule,
    finding: Finding,
    keys: tuple[str, ...],
    cap: int,
    accepted: Sequence[Collection[str]] = (),
) -> None:
    if finding.rows is None:
        log.add(rule.id, finding.message, *locations_of(finding, 0, keys))
        return
    apart = accepted and len(finding.rows) > cap
    for places in _parted(finding, keys, accepted) if apart else [range(len(finding.rows))]:
        for at in places[:cap]:
            log.add(rule.id, message_of(finding, at), *locations_of(finding, at, keys), value=_value(finding, at))
        more = len(places) - cap
        if more > 0:
            last = places[-1]
            about = tuple(Location(dataset=finding.dataset, variable=name) for name in finding.variables or ("",))
            text = f"{more} more records like these ({len(places)} in all), the last: {message_of(finding, last)}"
            where = locations_of(finding, last, keys) if apart else about
            log.add(rule.id, text, *where, value=str(len(places)), records=more)


def _parted(finding: Finding, keys: tuple[str, ...], accepted: Sequence[Collection[str]]) -> list[list[int]]:
    """Places of a finding's rows: those that nothing accepts, then those of each entry that accepts some."""
    assert finding.table is not None
    assert finding.rows is not None
    parts: list[list[int]] = [[] for _ in range(len(accepted) + 1)]
    for at, row in enumerate(finding.rows):
        key = key_of(finding.table, int(row), keys)
        parts[next((n for n, known in enumerate(accepted, 1) if key in known), 0)].append(at)
    return [part for part in parts if part]


def _value(finding: Finding, at: int) -> str:
    if not finding.variables or finding.table is None or finding.rows is None:
        return ""
    return finding.table.text_at(finding.variables[0], int(finding.rows[at]))
