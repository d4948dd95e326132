"""Reads a folder: every transport file and define.xml; a file that can't be read is told, the others are still read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sdtm_builder.model.column import Kind, Vector, as_objects
from sdtm_builder.validate.define import DefineDoc, DefineError, read_define
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table, VariableInfo


def load_study(folder: Path, ct_folder: Path | None = None) -> Study:
    """Read all ``*.xpt`` of a folder and its ``define.xml``.

    folder: where the files lie, not looked at below. ct_folder: imported terminology.
    Raises OSError where the folder itself can't be listed.
    """
    tables: dict[str, Table] = {}
    broken: list[tuple[str, str]] = []
    files = sorted(path for path in folder.iterdir() if path.is_file())
    for path in files:
        if path.suffix.lower() != ".xpt":
            continue
        table = _load_table(path)
        if isinstance(table, str):
            broken.append((path.name, table))
        elif table.name in tables:
            broken.append((path.name, f"dataset {table.name} stands in {tables[table.name].file} too"))
        else:
            tables[table.name] = table
    define: DefineDoc | None = None
    path = folder / "define.xml"
    if path.is_file():
        try:
            define = read_define(path)
        except DefineError as fault:
            broken.append((path.name, str(fault)))
    return Study(tables, define, frozenset(p.name for p in files), tuple(broken), ct_folder)


def _load_table(path: Path) -> Table | str:
    """The dataset of a transport file, or why it can't be read."""
    from sdtm_builder.xpt.reader import XptError, read_xpt

    try:
        data = read_xpt(path)
    except XptError as fault:
        return f"byte {fault.offset}: {fault.reason}"
    except OSError as fault:
        return fault.strerror or str(fault)
    columns: dict[str, Vector] = {}
    variables: dict[str, VariableInfo] = {}
    for column in data.columns:
        variables[column.name] = VariableInfo(column.label, column.type, column.length, column.format)
        if column.type == "Num":
            columns[column.name] = Vector.of_numbers(np.asarray(column.numbers))
        else:
            assert column.codes is not None
            assert column.texts is not None
            columns[column.name] = Vector(Kind.TEXT, column.codes, as_objects(list(column.texts)))
    return Table(data.name, data.label, variables, columns, data.records, path.name)
