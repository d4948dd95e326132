"""A first study that builds at once: a tiny example of each thing, to be replaced piece by piece."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from ..standards import ct_versions

FILES = Path(__file__).with_name("starter")
MAPPINGS = ("dm.yaml", "ae.yaml", "ds.yaml", "ex.yaml", "vs.yaml")
TABLES = ("dm.csv", "ae.csv", "coding.csv", "ex.csv")
WORKBOOK = "vs.xlsx"
SHEET = (
    ("SUBJID", "VISIT", "VSDAT", "SYSBP", "DIABP", "TEMP"),
    ("Subject", "Visit", "Date of measurement", "Systolic (mmHg)", "Diastolic (mmHg)", "Temperature (C)"),
    ("001", "Screening", "2024-01-02", 118, 76, 36.6),
    ("001", "Day 1", "2024-01-09", 121, 79, 36.4),
    ("002", "Screening", "2024-01-04", 131, 85, 36.9),
    ("002", "Day 1", "2024-01-11", 128, 84, "ND"),
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


class StarterError(Exception):
    """A study that cannot be made there; the text says why."""


def study_folders(study: str, project: Path) -> tuple[Path, Path]:
    """Where the specification and the mappings of a new study lie; StarterError as `planned` has it."""
    if _NAME.fullmatch(study) is None:
        raise StarterError(f"{study!r} is no name of a study: letters, digits, - and _, at most 40.")
    specs, mappings = project / "specs" / study, project / "mappings" / study
    for folder in (specs, mappings):
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise StarterError(f"{folder} is there already. Nothing is overwritten; give the study another name.")
    return specs, mappings


def planned(study: str, project: Path) -> Mapping[Path, str]:
    """The files of a new study, with their text; "" for the workbook.

    Args:
        study: its short name, letters, digits, - and _; the folder's name, and in capitals the study's identifier.
        project: the folder that has, or gets, specs/ and mappings/.

    Raises:
        StarterError: the name is none, or something of the study is there already.
    """
    specs, mappings = study_folders(study, project)
    said = {"@STUDY@": study, "@ID@": study.upper(), "@CT@": ct_versions()["sdtm"][-1]}
    names = {specs / "study.yaml": "study.yaml", **{mappings / "sdtm" / name: name for name in MAPPINGS},
             **{specs / name: name for name in TABLES}}  # fmt: skip
    texts = {path: (FILES / name).read_text(encoding="utf-8") for path, name in names.items()}
    for mark, text in said.items():
        texts = {path: content.replace(mark, text) for path, content in texts.items()}
    return {**texts, specs / WORKBOOK: ""}


def write_study(files: Mapping[Path, str]) -> None:
    """Write the files. FileExistsError if one came up meanwhile; OSError where it cannot be written."""
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.name == WORKBOOK:
            _write_workbook(path)
        else:
            with path.open("x", encoding="utf-8", newline="\n") as out:
                out.write(text)


def _write_workbook(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "VS"
    for row in SHEET:
        sheet.append(row)
    with path.open("xb") as out:
        book.save(out)
