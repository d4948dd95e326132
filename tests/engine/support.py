"""Builds a small study written as texts: specs, mappings and raw csv files in a temporary folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from sdtm_builder.commands.pipeline import Made, Prepared, make, prepare
from sdtm_builder.issues import IssueLog, Severity

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


ONE_SOURCE = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  A: {file: a.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
"""
FOUR = "SUBJID,SEX\n01,M\n02,F\n03,M\n04,F\n"


def events(rules: str, derive: str = "", more: str = "", dataset: str = "AE") -> dict[str, str]:
    """A mapping of raw.A to events by their term N: `rules` of `set`, of `derive`, and other keys of the file."""
    text = f"dataset: {dataset}\nrecords:\n  a:\n    from: raw.A\n    set:\n      {dataset}TERM: N\n"
    text += "".join(f"      {line}\n" for line in dedent(rules).strip().splitlines())
    if derive:
        text += "derive:\n" + "".join(f"  {line}\n" for line in dedent(derive).strip().splitlines())
    return {f"sdtm/{dataset.lower()}.yaml": text + dedent(more) + f"keys: [USUBJID, {dataset}TERM]\n"}


def event_values(
    root: Path, rules: str, rows_of_a: str, *names: str, derive: str = "", study: str = "", more: str = ""
) -> tuple[list[tuple[str, ...]], IssueLog]:
    """Variables or temporaries of the events made of the csv text `rows_of_a`, in its order, and the issues."""
    raw = {"subj.csv": FOUR, "a.csv": rows_of_a}
    made, log = built(root, ONE_SOURCE + dedent(study), events(rules, derive, more), raw)
    return values(made, "AE", *names), log


def values(made: Made, dataset: str, *names: str) -> list[tuple[str, ...]]:
    """Values of variables or temporaries, one tuple a record, in the order in which the records were made."""
    columns = [made.run.variable(dataset, "", n) for n in names]
    return [tuple(c.text_at(i) for c in columns) for i in range(made.run.count(dataset))]


def faults(root: Path, rules: str, derive: str = "", study: str = "", more: str = "", header: str = "") -> list[str]:
    """Errors and warnings of a specification, as `line rule: message hint`; no data is read."""
    raw = {"subj.csv": FOUR, "a.csv": header or "SUBJID,N,X,Y\n"}
    _, log = checked(root, ONE_SOURCE + dedent(study), events(rules, derive, more), raw)
    out = []
    for issue in log:
        if issue.severity is not Severity.NOTE:
            line = next((p.line for p in issue.locations if p.yaml), 0)
            out.append(f"{line} {issue.rule}: {issue.message} {issue.hint}".rstrip())
    return sorted(out)
