"""`validate`: the written files of a folder against the rules; nothing else is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..report.issues_json import write_issues_json
from ..report.text import finding_lines
from ..validate.runner import validate_folders
from .places import write_whole, written_folders
from .status import UNUSABLE, status


def run(
    folder: Path,
    *,
    sdtm: Path | None = None,
    json: Path | None = None,
    fail_on: str = "error",
    profile: str = "final",
    ct_folder: Path | None = None,
    verbose: bool = False,
    quiet: bool = False,
    tell: Callable[[str], None] = print,
) -> int:
    """Check transport files and define.xml.

    Parameters
    ----------
    folder : a folder of datasets, or of a build with `sdtm` and `adam` in it
    sdtm : folder of the SDTM datasets that ADaM is compared with, where they do not lie beside it
    json : file that takes all findings
    fail_on : error, warning, note or never: exit status 1 at or above it
    profile : final or draft
    ct_folder : folder of imported terminology

    Returns
    -------
    0 clean, 1 findings at or above `fail_on`, 2 no written datasets there.
    """
    folders = written_folders(folder)
    if not folders:
        why = "there are no transport files and no define.xml in it" if folder.is_dir() else "there is no such folder"
        tell(f"{folder}: {why}; name the folder of a build, as outputs/STUDY.")
        return UNUSABLE
    if sdtm is not None and not written_folders(sdtm):
        tell(f"{sdtm}: there are no transport files in it; name a folder of SDTM datasets.")
        return UNUSABLE
    log = validate_folders(folders, ct_folder, profile=profile, sdtm=sdtm)
    if json is not None:
        write_whole(json, lambda path: write_issues_json(path, list(log)))
    if not quiet:
        tell(f"Validated: {', '.join(str(one) for one in folders)}")
        for line in finding_lines(list(log), verbose):
            tell(line)
        if json is not None:
            tell(f"All of it: {json}")
    return status(log, fail_on)
