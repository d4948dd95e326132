"""Small literal datasets written as transport files, and analyses in YAML run over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from sdtm_builder.analysis.check import check_analyses
from sdtm_builder.analysis.run import run_analyses
from sdtm_builder.analysis.table import Form
from sdtm_builder.issues import IssueLog
from sdtm_builder.model import Kind, MapNode, StudySpec
from sdtm_builder.spec.yaml_tree import read_yaml
from sdtm_builder.write.xpt import write_xpt
from sdtm_builder.xpt.layout import XptColumn

Rows = Sequence[Mapping[str, str | float | None]]
CONSTANTS = {"drug": (Kind.TEXT, "X"), "limit": (Kind.NUMBER, "3")}


def column(name: str, values: Sequence[str | float | None]) -> XptColumn:
    """A column of texts or of numbers."""
    if any(isinstance(v, str) for v in values):
        texts = sorted({str(v) for v in values if v})
        codes = np.array([texts.index(str(v)) if v else -1 for v in values], dtype=np.int32)
        return XptColumn(name, name, "Char", 40, "", None, codes, texts)
    return XptColumn(name, name, "Num", 8, "", np.array([np.nan if v is None else float(v) for v in values]))


def write(folder: Path, name: str, rows: Rows) -> Form:
    """A dataset of literal rows, with USUBJID as its key."""
    names = list(dict.fromkeys(k for row in rows for k in row))
    columns = [column(n, [row.get(n) for row in rows]) for n in names]
    assert not write_xpt(folder / f"{name.lower()}.xpt", name, name, columns, datetime(2025, 1, 1))
    return Form({c.name: Kind.TEXT if c.type == "Char" else Kind.NUMBER for c in columns}, ("USUBJID",))


def study_of(folder: Path, yaml: str, log: IssueLog) -> StudySpec:
    """A study whose populations and analyses are these."""
    path = folder / "analyses.yaml"
    path.write_text(yaml, encoding="utf-8")
    tree = read_yaml(path, "analyses.yaml", log)
    assert tree is not None
    parts = {k: v for k, v in tree.items.items() if isinstance(v, MapNode)}
    return StudySpec("S1", folder, folder, populations=parts.get("populations"), analyses=parts.get("analyses"))


def checked(folder: Path, yaml: str, data: Mapping[str, Rows]) -> list[str]:
    """What `check` tells of analyses over these datasets, as it is printed."""
    log = IssueLog()
    folder.mkdir(exist_ok=True)
    forms = {name: write(folder, name, rows) for name, rows in data.items()}
    check_analyses(study_of(folder, yaml, log), forms, CONSTANTS, log)
    return [str(issue) for issue in log]


def run(folder: Path, yaml: str, data: Mapping[str, Rows]) -> tuple[dict[str, Any], list[str]]:
    """The document of analyses over literal datasets, and what was found on the way; `check` must be clean."""
    log = IssueLog()
    folder.mkdir(exist_ok=True)
    forms = {name: write(folder, name, rows) for name, rows in data.items()}
    study = study_of(folder, yaml, log)
    check_analyses(study, forms, CONSTANTS, log)
    assert not list(log), [str(i) for i in log]
    document = run_analyses(study, folder, forms, CONSTANTS, "2025-01-01T00:00:00", log)
    return document, [str(issue) for issue in log]


def rows_of(part: Mapping[str, Any]) -> list[list[str]]:
    """A table as texts: label, then each cell ("" for none)."""
    return [[row["label"], *(c["text"] if c else "" for c in row["cells"])] for row in part["rows"]]


def subjects(n: int, **variables: Sequence[str | float | None]) -> list[dict[str, str | float | None]]:
    """n rows of subjects S1, S2 ... with these variables."""
    return [{"USUBJID": f"S{i + 1}", **{k: v[i] for k, v in variables.items()}} for i in range(n)]
