"""What the tests of the specification share: a study on disk, the operations that sdtm and adam register."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import StudySpec
from sdtm_builder.spec.load import load_study
from sdtm_builder.spec.operations import OperationForm

REGISTERED = {
    "study_day": OperationForm("name", {"reference": "name"}),
    "baseline": OperationForm("name"),
    "change": OperationForm("name"),
    "percent_change": OperationForm("name"),
    "epoch": OperationForm("names", {"ties": "literal"}),
    "sequence": OperationForm("choice(keys)"),
    "visit": OperationForm("choice(number, name, day)"),
    "decode": OperationForm("name"),
    "standard_result": OperationForm("choice(text, number, unit, low, high)"),
    "range_indicator": OperationForm("name"),
    "last_before": OperationForm("name"),
    "to_date": OperationForm(
        "name", {"impute": "map-of choice(earliest, middle, latest)", "not_before": "name", "not_after": "name"}
    ),
    "to_datetime": OperationForm("name"),
    "imputation_of": OperationForm("name"),
    "treatment_emergent": OperationForm("name", dict.fromkeys(("clock", "ending", "treated", "until"), "name")),
    "analysis_visit": OperationForm("name", {"targets": "name", "ties": "choice(earlier, later)"}, ("targets",)),
    "toxicity": OperationForm(
        "name",
        {
            "criteria": "literal",
            "direction": "choice(high, low)",
            "range": "names",
            "baseline": "name",
            "baseline_range": "name",
        },
        ("direction",),
    ),
}
STUDY = "study: {id: S1}\n"


def write(root: Path, files: dict[str, str]) -> None:
    """Files below a folder."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load(root: Path, files: dict[str, str], study: str = STUDY) -> tuple[StudySpec | None, list[str]]:
    """The study S1 of these files and the messages of all issues; a bare `a.yaml` is mappings/S1/sdtm/a.yaml."""
    named = {n if "/" in n else f"mappings/S1/sdtm/{n}": t for n, t in files.items()}
    if not any(n.startswith("specs/S1/") for n in named):
        named["specs/S1/study.yaml"] = study
    write(root, named)
    log = IssueLog()
    spec = load_study(root / "specs" / "S1", operations=REGISTERED, log=log)
    return spec, [str(issue) for issue in log]
