"""A comparison as JSON."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from pathlib import Path
from typing import Any

from .result import Cell, Comparison, DatasetResult, Origin, VariableResult

FORMAT = "sdtm_builder comparison 1"


def write_json(path: Path, found: Comparison, most: int | None = None) -> None:
    """Write everything that differs; equal arguments give equal bytes.

    most : records, and cells of a variable, that are listed; None for all. All are counted.
    """
    text = json.dumps(comparison_facts(found, most), ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")


def comparison_facts(found: Comparison, most: int | None = None) -> dict[str, Any]:
    """The comparison as plain data."""
    return {
        "format": FORMAT, "equal": found.equal, "a": str(found.a.path), "b": str(found.b.path),
        "only_a": list(found.only_a), "only_b": list(found.only_b), "not_compared": found.faults, "notes": found.notes,
        "datasets": [_dataset(d, most) for d in found.datasets],
    }  # fmt: skip


def _dataset(d: DatasetResult, most: int | None) -> dict[str, Any]:
    matched = d.matched
    return {
        "name": d.name, "equal": d.equal, "records_a": d.a.records, "records_b": d.b.records,
        "matched": len(matched.rows_a), "keys": list(d.keys.names), "keys_from": d.keys.origin, "notes": d.notes,
        "only_a": {"count": len(matched.only_a), "records": [d.key_of(d.a, int(r)) for r in matched.only_a[:most]]},
        "only_b": {"count": len(matched.only_b), "records": [d.key_of(d.b, int(r)) for r in matched.only_b[:most]]},
        "alike": [
            {"variable": one.variable, "record_a": d.key_of(d.a, one.row_a), "record_b": d.key_of(d.b, one.row_b)}
            for one in d.alike[:most]
        ],
        "repeated_a": {"count": len(matched.repeated_a), "records": _repeated(d, True, most)},
        "repeated_b": {"count": len(matched.repeated_b), "records": _repeated(d, False, most)},
        "variables_a": d.variables_a, "variables_b": d.variables_b,
        "attributes": [{"variable": o.variable, "attribute": o.what, "a": o.a, "b": o.b} for o in d.attributes],
        "cells": d.compared, "cells_differing": d.differing,
        "variables": [_variable(d, v, most) for v in d.variables],
    }  # fmt: skip


def _repeated(d: DatasetResult, first: bool, most: int | None) -> list[dict[str, Any]]:
    table, rows = (d.a, d.matched.repeated_a) if first else (d.b, d.matched.repeated_b)
    return [{"record": int(r) + 1, "key": d.key_of(table, int(r))} for r in rows[:most]]


def _variable(d: DatasetResult, v: VariableResult, most: int | None) -> dict[str, Any]:
    largest = v.largest
    if largest is not None and math.isinf(largest):
        largest = None
    found: dict[str, Any] = {"name": v.name, "compared": v.compared, "differing": v.differing, "within": v.within}
    if v.tolerance:
        found["tolerance"] = v.tolerance
    if largest is not None:
        found["largest_difference"] = largest
    if v.note:
        found["note"] = v.note
    found["cells"] = [_cell(c) for c in d.cells(v, most)]
    return found


def _cell(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {
        "key": cell.key, "record_a": cell.record_a, "record_b": cell.record_b, "a": cell.a, "b": cell.b,
    }  # fmt: skip
    for name, origin in (("origin_a", cell.origin_a), ("origin_b", cell.origin_b)):
        if origin is not None:
            found[name] = origin_facts(origin)
    return found


def origin_facts(origin: Origin) -> dict[str, Any]:
    """What lies behind a value, as plain data, without what is empty."""
    said = {f.name: getattr(origin, f.name) for f in fields(origin)}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}
