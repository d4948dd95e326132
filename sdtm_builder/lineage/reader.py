"""The lineage folder of a build, read column by column as a trace asks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import quote

OWN = ("_file", "_sheet", "_row", "_usubjid")
LISTED = 5


class TraceError(Exception):
    """A trace that cannot be made; the message says what was wanted and what there is."""


class Lineage:
    """The written lineage of one build.

    Parameters
    ----------
    outputs : folder of a build (`outputs/STUDY`), or its `lineage` folder

    Raises
    ------
    TraceError : there is no lineage, or it cannot be read
    """

    def __init__(self, outputs: Path) -> None:
        self.folder = outputs if (outputs / "graph.json").is_file() else outputs / "lineage"
        path = self.folder / "graph.json"
        if not path.is_file():
            raise TraceError(f"{outputs} has no lineage (no {path.name}); build the study first.")
        try:
            self.graph: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        except ValueError as broken:
            raise TraceError(f"{path} cannot be read: {broken}.") from broken
        self._files: dict[str, Any] = {}
        self._columns: dict[tuple[str, str], Any] = {}

    # what there is

    @property
    def datasets(self) -> Mapping[str, Any]:
        """What the graph says of each dataset."""
        found: Mapping[str, Any] = self.graph["datasets"]
        return found

    def dataset(self, name: str) -> Mapping[str, Any]:
        """What the graph says of a dataset."""
        if name not in self.datasets:
            raise TraceError(f"There is no dataset {name}. {near(name, self.datasets)}")
        found: Mapping[str, Any] = self.datasets[name]
        return found

    def variables(self, dataset: str) -> list[str]:
        """Variables and temporaries whose values were written."""
        return [c for c in self._file(dataset).schema_arrow.names if not c.startswith("@")]

    # columns

    def _file(self, name: str) -> Any:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if name not in self._files:
            folder, _, rest = name.partition(".")
            path = self.folder / ("raw" if folder == "raw" else "") / f"{quote(rest or name, safe=' ')}.parquet"
            if name.endswith(".members"):
                path = self.folder / f"{quote(folder, safe=' ')}.members.parquet"
            if not path.is_file():
                raise TraceError(f"{path} is not there; build the study again.")
            try:
                self._files[name] = pq.ParquetFile(path)
            except (OSError, pa.ArrowInvalid) as broken:
                raise TraceError(f"{path} cannot be read: {broken}") from broken
        return self._files[name]

    def has(self, table: str, column: str) -> bool:
        """Whether a table has a column."""
        return column in self._file(table).schema_arrow.names

    def column(self, table: str, column: str) -> Any:
        """A column of `raw.SOURCE` or a dataset, read once."""
        key = (table, column)
        if key not in self._columns:
            self._columns[key] = self._file(table).read(columns=[column]).column(0).combine_chunks()
        return self._columns[key]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        return int(self._file(table).metadata.num_rows)

    def at(self, table: str, column: str, row: int) -> Any:
        """One value; None where it is missing, or the table has no such column."""
        return self.column(table, column)[row].as_py() if self.has(table, column) else None

    def text(self, table: str, column: str, row: int) -> str:
        """One value as a text, "" where it is missing."""
        return as_text(self.at(table, column, row))

    def rows_where(self, table: str, column: str, value: str) -> list[int]:
        """Rows of a table whose column has a text or number."""
        import pyarrow as pa
        import pyarrow.compute as pc

        values = self.column(table, column)
        kind = values.type
        if pa.types.is_floating(kind):
            try:
                wanted = pa.scalar(float(value))
            except ValueError:
                raise TraceError(f"{table}.{column} is a number, {value} is none.") from None
        elif pa.types.is_dictionary(kind):
            found = values.dictionary.to_pylist()
            if value not in found:
                return []
            values, wanted = values.indices, pa.scalar(found.index(value), values.indices.type)
        else:
            values, wanted = pc.cast(values, pa.string()), pa.scalar(value)
        hits: list[int] = pc.indices_nonzero(pc.fill_null(pc.equal(values, wanted), False)).to_pylist()
        return hits

    def of_subject(self, table: str, column: str, subject: str) -> list[int]:
        """Rows of a table of one subject."""
        return self.rows_where(table, column, subject) if self.has(table, column) else []

    def members(self, dataset: str, variable: str, group: int) -> list[tuple[str, str, list[int]]]:
        """The members of a group: (table, column taken, rows)."""
        import pyarrow.compute as pc

        name = f"{dataset}.members"
        if (name, "") not in self._columns:
            self._columns[(name, "")] = self._file(name).read()
        table = self._columns[(name, "")]
        kept = table.filter(pc.and_(pc.equal(table["variable"], variable), pc.equal(table["group"], group)))
        found = kept.to_pydict()
        return list(zip(found["table"], found["column"], found["rows"], strict=True))

    # records

    def record(self, dataset: str, row: int) -> str:
        """The keys of a record, for people."""
        known = self.dataset(dataset)
        sequence = f"{known.get('domain', dataset)}SEQ"
        names = ["USUBJID", sequence] if self.has(dataset, sequence) else [*known.get("keys", ())]
        said = [k for k in names if self.has(dataset, k)] or self.variables(dataset)[:3]
        return " ".join(f"{k}={self.text(dataset, k, row)}" for k in said if self.text(dataset, k, row))

    def find(self, dataset: str, key: Mapping[str, str]) -> int:
        """The one record that has these values.

        Raises
        ------
        TraceError : no such variable, no such record (with near values), or several of them
        """
        found: set[int] | None = None
        for name, value in key.items():
            self.known_variable(dataset, name)
            hits = set(self.rows_where(dataset, name, value))
            if not hits:
                raise TraceError(f"No record of {dataset} has {name}={value}. {self._near_value(dataset, name, value)}")
            found = hits if found is None else found & hits
        rows = sorted(found) if found is not None else list(range(min(self.count(dataset), LISTED + 1)))
        said = " ".join(f"{k}={v}" for k, v in key.items())
        if not rows:
            if found is None:
                raise TraceError(f"{dataset} has no records.")
            raise TraceError(f"No record of {dataset} has {said} together.")
        if len(rows) > 1:
            count = len(rows) if found is not None else self.count(dataset)
            listed = "".join(f"\n  {self.record(dataset, r)}" for r in rows[:LISTED])
            more = f"\n  and {count - LISTED} more" if count > LISTED else ""
            asked = f" have {said}" if said else ""
            raise TraceError(f"{count} records of {dataset}{asked}; add a key:{listed}{more}")
        return rows[0]

    def known_variable(self, dataset: str, name: str) -> None:
        """Raises TraceError if the dataset has no such variable."""
        known = self.variables(dataset)
        if name not in known:
            raise TraceError(f"{dataset} has no variable {name}. {near(name, known)}")

    def _near_value(self, dataset: str, name: str, value: str) -> str:
        values = self.column(dataset, name)
        listed = values.dictionary if hasattr(values, "dictionary") else values.unique()
        return near(value, [as_text(v) for v in listed.to_pylist() if v is not None])


def raw_column(name: str) -> str:
    """A raw column's name in its lineage file."""
    return f"={name}" if name in OWN or name.startswith("=") else name


def as_text(value: Any) -> str:
    """A value as a text: numbers without trailing zeros, datetimes in ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def near(name: str, names: Any) -> str:
    """A sentence with the nearest names, or the first few."""
    listed = [str(n) for n in names]
    found = get_close_matches(name, listed, 3, 0.5)
    if found:
        return f"Near: {', '.join(found)}."
    return f"There are: {', '.join(listed[:10])}{' ...' if len(listed) > 10 else ''}."
