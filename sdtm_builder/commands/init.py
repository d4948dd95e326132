"""`init`: a new study that builds at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..scaffold.starter import StarterError, planned, write_study

CLEAN, UNUSABLE = 0, 2


def run(
    study: str, *, project: Path, tell: Callable[[str], None] = print, complain: Callable[[str], None] = print
) -> int:
    """Write specs/STUDY, mappings/STUDY and tiny raw files, and say what to do next.

    Parameters
    ----------
    study : the short name; project : the folder that has, or gets, specs/ and mappings/
    tell, complain : take what was done, and why not

    Returns
    -------
    0 written, 2 the name is none, or something of that name is there.
    """
    try:
        files = planned(study, project)
        write_study(files)
    except (StarterError, FileExistsError) as wrong:
        complain(str(wrong))
        return UNUSABLE
    for path in files:
        tell(f"Written: {path}")
    specs = project / "specs" / study
    tell(f"Next: sdtm-builder check {specs}")
    tell(f"      sdtm-builder build {specs}")
    return CLEAN
