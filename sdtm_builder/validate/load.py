"""Reads folders: every transport file and define.xml; a file that can't be read is told, the others are still read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from sdtm_builder.model.column import Kind, Vector, as_objects
from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.define import DefineDoc, DefineError, read_define
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table, VariableInfo


def load_studies(folders: Sequence[Path], ct_folder: Path | None = None, sdtm: Path | None = None) -> list[Study]:
    """Read folders of datasets, each once; those of ADaM get the SDTM datasets that lie beside them.

    These are the ones of `folders` in the same parent folder, else those of `sdtm`, else those in a folder `sdtm`
    beside it, if that is there. ct_folder: imported terminology. Raises OSError where a folder can't be listed.
    """
    studies = [load_study(folder, ct_folder) for folder in folders]
    for folder, study in zip(folders, studies, strict=True):
        if isinstance(study, AdamStudy):
            near = _neighbour(folder, folders, studies)
            study.sdtm = near if near is not None else _elsewhere(folder, sdtm, ct_folder)
    return studies


def _neighbour(folder: Path, folders: Sequence[Path], studies: Sequence[Study]) -> Study | None:
    parent = folder.absolute().parent
    for other, study in zip(folders, studies, strict=True):
        if other.absolute().parent == parent and not isinstance(study, AdamStudy):
            return study
    return None


def _elsewhere(folder: Path, sdtm: Path | None, ct_folder: Path | None) -> Study | None:
    beside = folder.absolute().parent / "sdtm" if sdtm is None else sdtm
    if not beside.is_dir() or beside.absolute() == folder.absolute():
        return None
    study = load_study(beside, ct_folder)
    return None if isinstance(study, AdamStudy) else study


def load_study(folder: Path, ct_folder: Path | None = None) -> Study:
    """Read all ``*.xpt`` of a folder and its ``define.xml``.

    They are ADaM where define.xml names the ADaMIG, or without one, where there is an ADSL or all datasets are called
    AD and have no DOMAIN.
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
    kind = AdamStudy if _is_adam(tables, define) else Study
    return kind(tables, define, frozenset(p.name for p in files), tuple(broken), ct_folder)


def _is_adam(tables: Mapping[str, Table], define: DefineDoc | None) -> bool:
    if define is not None and (define.ig or define.adamig):
        return bool(define.adamig)
    called = [name.startswith("AD") and not table.has("DOMAIN") for name, table in tables.items()]
    return "ADSL" in tables or (bool(called) and all(called))


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
