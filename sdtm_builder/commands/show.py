"""`show`: a mapping or study file with all that it inherits, and where each line comes from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from ..issues import IssueLog, Severity
from ..model import StudySpec
from ..registry import derivations, makers
from ..spec.load import load_study
from ..spec.registered import maker_forms, operation_forms
from ..spec.show import show
from .status import CLEAN, UNUSABLE, check_lines

Tell = Callable[[str], None]


def run(file: Path, *, tell: Tell = print, complain: Tell | None = None) -> int:
    """Print the merged YAML of a dataset or study; each line ends with the file and line that said it last.

    Parameters
    ----------
    file : mappings/STUDY/sdtm/DATASET.yaml (or adam/), a file of specs/STUDY, or that folder
    complain : takes the faults; None: stderr

    Returns
    -------
    0 shown, 2 no such file, or faults in it.
    """
    complain = complain or _to_stderr
    place = _place(file)
    if place is None:
        complain(f"{file}: this is no file of a study; name mappings/STUDY/sdtm/DATASET.yaml or specs/STUDY.")
        return UNUSABLE
    folder, dataset = place
    log = IssueLog()
    only = {dataset.upper()} if dataset else set()
    study = load_study(
        folder, operations=operation_forms(derivations()), makers=maker_forms(makers()), log=log, only=only
    )
    for line in check_lines(log):
        complain(line)
    text = _text(study, dataset) if study is not None else ""
    if text:
        tell(text.rstrip("\n"))
    return UNUSABLE if not text or log.count(Severity.ERROR) else CLEAN


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


def _place(file: Path) -> tuple[Path, str] | None:
    """The folder specs/STUDY and, for a mapping, the dataset file's stem."""
    path = file.absolute()
    if path.is_dir() and path.parent.name == "specs":
        return path, ""
    if not path.is_file():
        return None
    if path.parent.parent.name == "specs":
        return path.parent, ""
    if path.parent.name in ("sdtm", "adam") and path.parent.parent.parent.name == "mappings":
        study = path.parent.parent
        return study.parent.parent / "specs" / study.name, path.stem
    return None


def _text(study: StudySpec, dataset: str) -> str:
    if not dataset:
        return show(study)
    found = [one for one in study.datasets.values() if Path(one.file).stem.upper() == dataset.upper()]
    return show(found[0]) if found else ""
