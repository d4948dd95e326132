"""`build`: a study's specification and raw files to a published build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from ..issues import IssueLog
from ..report.text import console_lines
from ..write.publish import Publication, PublishError
from .output import Options, write_build
from .pipeline import make, prepare
from .places import raw_folder
from .status import UNUSABLE, check_lines, status

Print = Callable[[str], None]


def run(
    study: Path,
    *,
    raw: Path | None = None,
    out: Path | None = None,
    only: Sequence[str] = (),
    jobs: int = 1,
    fail_on: str = "error",
    profile: str = "final",
    as_of: datetime | None = None,
    verbose: bool = False,
    quiet: bool = False,
    mappings: Path | None = None,
    library: Path | None = None,
    ct_folder: Path | None = None,
    say: Print = lambda text: None,
    tell: Print = print,
) -> int:
    """Build a study and publish it; the last good build stays where anything fails.

    Parameters
    ----------
    study : specs/STUDY
    raw : folder of the raw files; None: `outputs/STUDY-raw` if it is there, else the study's folder
    out : target; None: `outputs/STUDY`
    only : datasets to publish into the last build; jobs : datasets written at a time
    fail_on : error, warning, note or never: exit status 1 at or above it
    profile : final or draft
    as_of : the moment written into files; None: now
    say : takes progress; tell : takes what the user reads

    Returns
    -------
    0 clean, 1 issues at or above `fail_on`, 2 specification or arguments unusable.
    """
    log = IssueLog(profile=profile)
    root = study.absolute().parent.parent
    target = out or root / "outputs" / study.name
    raw = raw_folder(study, raw)
    say("checking")
    prepared = prepare(study, raw, log, mappings, library, ct_folder)
    wanted = tuple(only)
    unknown = [n for n in wanted if prepared is not None and n not in prepared.study.datasets]
    if prepared is None or prepared.unusable or unknown:
        for line in check_lines(log):
            tell(line)
        for name in unknown:
            tell(f"--only {name}: the study has no such dataset.")
        return UNUSABLE
    moment = as_of or datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    options = Options(moment, profile, wanted, ct_folder, jobs=jobs)
    try:
        with Publication(target, base="copy" if wanted else "empty") as publication:
            made = make(prepared, say)
            summary = write_build(made, publication.folder, options, publication.last, say)
        for name in publication.unlisted:
            tell(f"Removed from {target}: {name} (no build had put it there)")
    except PublishError as stopped:
        tell(str(stopped))
        return UNUSABLE
    if not quiet:
        for line in console_lines(summary, list(log), verbose, report=str(target / "report" / "index.html")):
            tell(line)
    return status(log, fail_on)
