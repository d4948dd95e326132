"""Small tables to compare, written as literals."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from sdtm_builder.compare.table import Column, Table
from sdtm_builder.model import Vector
from sdtm_builder.write.xpt import XptColumn, write_xpt

MADE = datetime(2026, 1, 1)


def table(name: str, /, **columns: Sequence[Any]) -> Table:
    """A table of texts and numbers; None is missing."""
    made: dict[str, Column] = {}
    for variable, values in columns.items():
        numeric = any(isinstance(v, (int, float)) for v in values)
        if numeric:
            numbers = Vector.of_numbers([np.nan if v is None else float(v) for v in values])
            made[variable] = Column(variable, "Num", numbers, "", 8, "")
        else:
            made[variable] = Column(variable, "Char", Vector.of_texts(values), "", 200, "")
    records = len(next(iter(columns.values())))
    return Table(name, made, records, Path(f"{name.lower()}.xpt"), "xpt", "")


def xpt_column(name: str, values: Sequence[Any], label: str = "", length: int = 20, format: str = "") -> XptColumn:
    """A variable of a transport file."""
    if any(isinstance(v, (int, float)) for v in values):
        numbers = np.array([np.nan if v is None else float(v) for v in values])
        return XptColumn(name, label, "Num", 8, format, numbers=numbers)
    texts = Vector.of_texts(values)
    return XptColumn(name, label, "Char", length, format, codes=texts.data, texts=texts.distinct())


def write_xpt_file(path: Path, *columns: XptColumn, name: str = "", label: str = "") -> Path:
    """A transport file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    faults = write_xpt(path, name or path.stem.upper(), label, columns, MADE)
    assert not faults, faults
    return path


def write_csv(path: Path, text: str) -> Path:
    """A csv file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
