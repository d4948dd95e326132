"""Builds a small study written as texts: specs, mappings and raw csv files in a temporary folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from sdtm_builder.commands.pipeline import Made, Prepared, make, prepare
from sdtm_builder.issues import IssueLog

STUDY = """\
study: {id: S1, title: A study}
standards: {sdtmig: "3.4", define: "2.1", ct: {sdtm: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd, yyyy-MM, yyyy], unknown: [UN, UNK]}
"""


def write_study(root: Path, study: str, mappings: Mapping[str, str], raw: Mapping[str, str]) -> Path:
    """Write the files of a study; `mappings` and `raw` are file name -> text. Gives specs/S1."""
    folder = root / "specs" / "S1"
    folder.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY + dedent(study), encoding="utf-8")
    for name, text in mappings.items():
        path = root / "mappings" / "S1" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    for name, text in raw.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return folder


def checked(
    root: Path, study: str, mappings: Mapping[str, str], raw: Mapping[str, str]
) -> tuple[Prepared | None, IssueLog]:
    """The checked study and its issues."""
    log = IssueLog()
    return prepare(write_study(root, study, mappings, raw), root / "raw", log), log


def built(root: Path, study: str, mappings: Mapping[str, str], raw: Mapping[str, str]) -> tuple[Made, IssueLog]:
    """The finished datasets and the issues; the specification must be without errors."""
    prepared, log = checked(root, study, mappings, raw)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    return make(prepared), log


def rows(made: Made, dataset: str, *names: str) -> list[tuple[str, ...]]:
    """Values of some variables, one tuple a record, as texts in written order."""
    found = next(b for b in made.built if b.name == dataset)
    columns = [found.column(n) for n in names]
    return [tuple(c.text_at(i) for c in columns) for i in range(found.n)]


def told(log: IssueLog, *rules: str) -> list[str]:
    """Issues of some rules as `rule column row value`, sorted."""
    out = []
    for issue in log:
        if issue.rule in rules:
            cells = [f"{p.column}:{p.row}" for p in issue.locations if p.file]
            out.append(f"{issue.rule} {' '.join(cells)} {issue.value}".strip())
    return sorted(out)
