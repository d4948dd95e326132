"""`init`: a new study that builds at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..issues import IssueLog
from ..scaffold.starter import StarterError, planned, study_folders, write_study

CLEAN, UNUSABLE = 0, 2


def run(
    study: str,
    *,
    project: Path,
    raw: Path | None = None,
    tell: Callable[[str], None] = print,
    complain: Callable[[str], None] = print,
) -> int:
    """Write specs/STUDY, mappings/STUDY and tiny raw files, or a study file of given ones; say what to do next.

    Parameters
    ----------
    study : the short name; project : the folder that has, or gets, specs/ and mappings/
    raw : folder of raw files whose tables the study file is to declare; None makes the example
    tell, complain : take what was done, and why not

    Returns
    -------
    0 written, 2 the name is none, something of that name is there, or no raw table can be read.
    """
    try:
        files = planned(study, project) if raw is None else _of_raw(study, project, raw, complain)
        write_study(files)
    except (StarterError, FileExistsError) as wrong:
        complain(str(wrong))
        return UNUSABLE
    for path in files:
        tell(f"Written: {path}")
    specs = project / "specs" / study
    if raw is not None:
        mapping = project / "mappings" / study / "sdtm" / "dm.yaml"
        tell(f"Next: sdtm-builder scaffold {raw} --domain DM --out {mapping} --study-out {specs / 'study.yaml'}")
        tell(f"      sdtm-builder check {specs} --raw {raw}")
        return CLEAN
    tell(f"Next: sdtm-builder check {specs}")
    tell(f"      sdtm-builder build {specs}")
    return CLEAN


def _of_raw(study: str, project: Path, raw: Path, complain: Callable[[str], None]) -> dict[Path, str]:
    """The study file of a folder of raw files, with its place."""
    from ..scaffold.begin import study_file
    from ..scaffold.profile import profile_table
    from ..scaffold.tables import Asked, read_tables
    from ..scaffold.terms import CtIndex, newest
    from .scaffold import told_once

    specs, _ = study_folders(study, project)
    if not raw.is_dir():
        raise StarterError(f"{raw} is no folder.")
    log = IssueLog()
    tables = {table.name: table for table in read_tables([raw], Asked(), log)}
    for line in told_once(log):
        complain(line)
    if not tables:
        raise StarterError(f"{raw} has no table that can be read.")
    index = CtIndex(newest())
    profiles = {name: profile_table(table, index) for name, table in tables.items()}
    return {specs / "study.yaml": study_file(study, raw.as_posix(), tables, profiles)}
