"""`check`: a study's specification and the headers of its raw files; no row of data is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..issues import IssueLog, Severity
from ..report.texts import counted
from .pipeline import prepare
from .places import raw_folder
from .status import CLEAN, UNUSABLE, check_lines


def run(
    study: Path,
    *,
    raw: Path | None = None,
    profile: str = "final",
    ct_folder: Path | None = None,
    quiet: bool = False,
    tell: Callable[[str], None] = print,
) -> int:
    """Tell every fault of a specification with its place, errors first.

    Parameters
    ----------
    study : specs/STUDY
    raw : folder of the raw files; None: `outputs/STUDY-raw` if it is there, else the study's folder
    profile : final or draft
    ct_folder : folder of imported terminology
    quiet : errors alone

    Returns
    -------
    0 usable, 2 there are errors.
    """
    log = IssueLog(profile=profile)
    prepared = prepare(study, raw_folder(study, raw), log, ct_folder=ct_folder)
    errors = sum(1 for issue in log if issue.severity is Severity.ERROR and not issue.caused_by)
    if quiet:
        log.replace_all([issue for issue in log if issue.severity is Severity.ERROR])
    for line in check_lines(log):
        tell(line)
    if prepared is None or errors:
        tell(f"{study}: {errors} error{'' if errors == 1 else 's'}, it can't be built.")
        return UNUSABLE
    if not quiet:
        made, raw_sources, given = (len(x) for x in (prepared.study.datasets, prepared.headers, prepared.given))
        sources = [counted(raw_sources, "raw source")] if raw_sources or not given else []
        sources += [counted(given, "given dataset")] if given else []
        tell(f"{study}: {counted(made, 'dataset')} of {' and '.join(sources)}, no errors.")
    return CLEAN
