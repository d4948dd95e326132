"""`given`: ready datasets as input, their supplemental qualifiers as ordinary variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ..engine.copies import Described
from ..engine.fit import as_text, read
from ..engine.keys import match_codes
from ..issues import IssueLog, Location, fault
from ..model import GivenSpec, Kind, StudySpec, VariableSpec, Vector
from ..write.dataset_json_reader import read_dataset_json
from ..xpt.reader import XptError, read_xpt

fault("given-missing", "error", "A given dataset that is not there, or cannot be read")
fault("given-supp", "error", "A supplemental qualifier without its parent record")

Columns = dict[str, Vector]
ENDINGS = (".xpt", ".json", ".parquet", ".sas7bdat")
_TEXTS = ("string", "large_string", "null")  # types of Arrow


def given_files(study: StudySpec, base: Path | None = None, log: IssueLog | None = None) -> dict[str, list[Path]]:
    """The files of each given input, by its name; a relative path starts from `base`, else from the study's folder.

    base : the folder of the raw files; log : takes `given-missing` for what is not there
    """
    said = log if log is not None else IssueLog()
    folders = [one for one in (base, study.folder) if one is not None]
    return {name: _files(folders, spec, said) for name, spec in study.given.items()}


def read_given(
    study: StudySpec, log: IssueLog, base: Path | None = None, described: dict[str, Described] | None = None
) -> dict[str, Columns]:
    """Name -> columns of every given dataset, SUPP-- merged into its parent; `base` as for `given_files`.

    described : takes what the files say of each dataset: labels, formats, the QORIG and QEVAL of qualifiers
    """
    found: dict[str, Columns] = {}
    told = described if described is not None else {}
    files = given_files(study, base, log)
    for key, spec in study.given.items():
        raw: dict[str, Columns] = {}
        for path in files[key]:
            read = _read(path, spec, log)
            if read is not None:
                raw[path.stem.upper()], told[path.stem.upper()] = read
        for name in list(raw):
            if name.startswith("SUPP") and "QNAM" in raw[name]:
                _merge(raw, name, log, spec)
                _describe(raw[name], told.setdefault(name[4:], Described()))
        found.update(raw)
    return found


def _files(folders: list[Path], spec: GivenSpec, log: IssueLog) -> list[Path]:
    places = [(folder / spec.path.text).resolve() for folder in folders]
    wanted = {d.text.lower() for d in spec.datasets}
    listed = _listed(places, spec, wanted)
    have = {p.stem.lower() for p in listed}
    for name in sorted(wanted - have) if spec.folder else []:
        log.add("given-missing", f"{spec.path.text} has no dataset {name.upper()}.", spec.mark.place)
    if not spec.folder and not listed:
        log.add("given-missing", f"{spec.path.text} is not there.", spec.mark.place)
    return listed


def _listed(places: list[Path], spec: GivenSpec, wanted: set[str]) -> list[Path]:
    """The file, or the datasets of the folder, in the first of the places that has any."""
    for path in places:
        if not spec.folder:
            found = [path] if path.is_file() else []
        else:
            found = sorted(p for p in path.glob("*") if p.suffix.lower() in ENDINGS) if path.is_dir() else []
            found = [p for p in found if p.is_file()]
            found = [p for p in found if not wanted or p.stem.lower() in wanted or p.stem.lower()[4:] in wanted]
        if found:
            return found
    return []


def _read(path: Path, spec: GivenSpec, log: IssueLog) -> tuple[Columns, Described] | None:
    ending = path.suffix.lower()
    try:
        if ending == ".xpt":
            xpt = read_xpt(path)
            said = {c.name: VariableSpec(c.name, c.label, format=_numeric(c.format)) for c in xpt.columns}
            return _of_columns(xpt.columns, spec.standard), Described(xpt.label, said)
        if ending == ".json":
            json = read_dataset_json(path)
            said = {
                c.name: VariableSpec(c.name, c.label, format=_numeric(c.display_format or "")) for c in json.columns
            }
            return _of_columns(json.columns, spec.standard), Described(json.metadata.label, said)
        return _from_parquet(path, spec.standard) if ending == ".parquet" else _from_sas(path, spec.standard)
    except (XptError, OSError, ValueError, KeyError) as broken:
        log.add("given-missing", f"{path.name} cannot be read: {broken}", Location(file=path.name), spec.mark.place)
        return None


def _numeric(format: str) -> str:
    """A format of numbers; that of a text only tells its length again."""
    return "" if format.startswith("$") else format


def _typed(name: str, values: Vector, standard: str) -> Vector:
    if values.is_text:
        return values.as_kind(Kind.DTC) if name.endswith("DTC") else values
    if values.kind is not Kind.NUMBER:
        return values
    if standard == "adam" and name.endswith(("DTM", "DT")):
        data, present = values.data, values.present()
        if name.endswith("DTM"):
            out = np.where(present, data - 3653 * 86_400, np.iinfo(np.int64).min)
            return Vector(Kind.DATETIME, out.astype(np.int64))
        return Vector(Kind.DATE, np.where(present, data - 3653, np.iinfo(np.int32).min).astype(np.int32))
    return values


def _of_columns(columns: Iterable[Any], standard: str) -> Columns:
    """Columns of our own readers: numbers, or codes into texts."""
    out: Columns = {}
    for column in columns:
        if column.numbers is not None:
            values = Vector.of_numbers(column.numbers)
        else:
            values = Vector.of_codes(column.codes.astype(np.int64), list(column.texts))
        out[column.name] = _typed(column.name, values, standard)
    return out


def _from_sas(path: Path, standard: str) -> tuple[Columns, Described]:
    import pyreadstat

    said = Described()
    frame, meta = pyreadstat.read_sas7bdat(str(path), disable_datetime_conversion=True)
    labels, formats = meta.column_names_to_labels, meta.original_variable_types
    said.label = meta.file_label or ""
    for name in meta.column_names:
        shown = formats.get(name)
        format = "" if shown in (None, "NULL") else f"{str(shown).rstrip('.')}."
        said.variables[name.upper()] = VariableSpec(name.upper(), labels.get(name) or "", format=_numeric(format))
    return {str(n).upper(): _typed(str(n).upper(), _of_series(frame[n]), standard) for n in frame.columns}, said


def _from_parquet(path: Path, standard: str) -> tuple[Columns, Described]:
    """Texts come as codes into their distinct values, as they stand in the file; other columns by what they are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(path)
    texts = [f.name for f in schema if str(f.type) in _TEXTS[:2]]
    table = pq.read_table(path, read_dictionary=texts)
    rows = {name for name in (schema.pandas_metadata or {}).get("index_columns", ()) if isinstance(name, str)}
    out: Columns = {}
    for name in [n for n in table.column_names if n not in rows]:
        column = table.column(name)
        kind = column.type
        if pa.types.is_dictionary(kind) and str(kind.value_type) in _TEXTS:
            values = _of_codes(column)
        elif pa.types.is_integer(kind) or pa.types.is_floating(kind):
            values = Vector.of_numbers(column.cast(pa.float64()).to_numpy())
        else:
            values = _of_series(column.to_pandas())
        out[name.upper()] = _typed(name.upper(), values, standard)
    del table
    pa.default_memory_pool().release_unused()
    return out, Described()


def _of_codes(column: Any) -> Vector:
    """A column of texts whose distinct values stand once."""
    whole = column.unify_dictionaries()
    codes = [chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False) for chunk in whole.chunks]
    texts = whole.chunk(0).dictionary.to_pylist() if whole.num_chunks else []
    joined = np.concatenate(codes) if codes else np.zeros(0, dtype=np.int64)
    return Vector.of_codes(joined.astype(np.int64), [(text or "").rstrip() for text in texts])


def _of_series(column: Any) -> Vector:
    """A pandas column: dates and datetimes, numbers, or anything as its text."""
    import pandas as pd

    moments = _moments(column)
    if moments is not None:
        return moments
    if pd.api.types.is_numeric_dtype(column):
        return Vector.of_numbers(column.to_numpy(dtype=np.float64, na_value=np.nan))
    return Vector.of_texts(None if pd.isna(v) else str(v).rstrip() for v in column)


def _describe(supp: Columns, parent: Described) -> None:
    """Label, origins and evaluator of the qualifiers of a SUPP--, as it says them."""
    for name in dict.fromkeys(str(t) for t in supp["QNAM"].strings() if t):
        rows = np.flatnonzero(supp["QNAM"].strings() == name)

        def words(column: str, rows: np.ndarray = rows) -> tuple[str, ...]:
            found = supp[column].take(rows).strings() if column in supp else ()
            return tuple(dict.fromkeys(str(t) for t in found if t))

        label, evaluator = words("QLABEL"), words("QEVAL")
        parent.variables[name] = VariableSpec(
            name, label[0] if label else "", evaluator=evaluator[0] if len(evaluator) == 1 else ""
        )
        parent.origins[name] = words("QORIG")


def _moments(column: Any) -> Vector | None:
    """A column that a Parquet file types as dates or datetimes (to the second, of the time zone it states)."""
    import pandas as pd

    if pd.api.types.is_datetime64_any_dtype(column):
        seconds = pd.to_datetime(column).dt.tz_localize(None).astype("datetime64[s]")
        data = np.where(column.notna(), seconds.astype("int64"), np.iinfo(np.int64).min)
        return Vector(Kind.DATETIME, data.astype(np.int64))
    if pd.api.types.is_object_dtype(column) and pd.api.types.infer_dtype(column, skipna=True) == "date":
        days = pd.to_datetime(column).astype("datetime64[s]").astype("int64") // 86_400
        return Vector(Kind.DATE, np.where(column.notna(), days, np.iinfo(np.int32).min).astype(np.int32))
    return None


def _merge(raw: dict[str, Columns], name: str, log: IssueLog, spec: GivenSpec) -> None:
    """Each QNAM as a variable of the parent, matched by USUBJID and, where IDVAR says so, IDVARVAL."""
    supp = raw[name]
    parent = raw.get(name[4:])
    if parent is None:
        return
    qnam, idvar = supp["QNAM"], supp.get("IDVAR")
    for text in qnam.distinct():
        rows = np.flatnonzero(qnam.strings() == text)
        by = {str(t) for t in idvar.take(rows).strings() if t} if idvar is not None else set()
        values = _qualifier(parent, supp, rows, by, log, spec, name)
        parent[str(text)] = values


def _qualifier(
    parent: Columns, supp: Columns, rows: np.ndarray, by: set[str], log: IssueLog, spec: GivenSpec, name: str
) -> Vector:
    n = len(parent["USUBJID"])
    index = np.full(n, -1, dtype=np.int64)
    for variable in by or {""}:
        mine = rows if not variable else rows[supp["IDVAR"].take(rows).strings() == variable]
        left, right = [parent["USUBJID"]], [supp["USUBJID"].take(mine)]
        if variable:
            key = supp["IDVARVAL"].take(mine)
            if parent[variable].kind is Kind.NUMBER:
                numbers = np.array([read(str(t)) for t in key.distinct()] + [np.nan])[key.data]
                left.append(parent[variable])
                right.append(Vector.of_numbers(numbers))
            else:
                left.append(as_text(parent[variable]))
                right.append(key)
        lc, rc, count = match_codes(left, right)
        place = np.full(count + 1, -1, dtype=np.int64)
        place[rc[rc >= 0]] = mine[rc >= 0]
        hit = np.where(lc >= 0, place[lc], -1)
        index = np.where(hit >= 0, hit, index)
        orphans = int((~np.isin(rc, lc)).sum())
        if orphans:
            log.add(
                "given-supp", f"{orphans} records of {name} have no parent.", Location(dataset=name), spec.mark.place
            )
    return supp["QVAL"].take(index)


def given_kinds(given: Mapping[str, Columns]) -> dict[str, dict[str, Kind]]:
    """Columns and kinds of given datasets, for the plan."""
    return {name: {c: v.kind for c, v in columns.items()} for name, columns in given.items()}
