"""What changed between two builds as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .builds import CAUSES, BuildDiff, DatasetDiff
from .pointers import Bits, Rows
from .rawdiff import Place, RawChange
from .table import Table

FORMAT = "sdtm_builder difference 1"


def write_diff_json(path: Path, found: BuildDiff) -> None:
    """Write everything that changed; equal arguments give equal bytes."""
    text = json.dumps(diff_facts(found), ensure_ascii=False, indent=1) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")


def diff_facts(found: BuildDiff) -> dict[str, Any]:
    """The difference as plain data."""
    return {
        "format": FORMAT, "equal": found.equal, "old": str(found.old), "new": str(found.new),
        "subjects": {"before": found.subjects[0], "now": found.subjects[1], "appeared": found.subjects_came,
                     "went": found.subjects_went},
        "specification": {
            "files": found.specs, "versions": found.versions, "rules": [rule._asdict() for rule in found.rules],
        },
        "raw": [_raw(c) for c in found.raw if not c.is_same],
        "sources_only_old": found.sources_old, "sources_only_new": found.sources_new,
        "datasets_only_old": found.only_old, "datasets_only_new": found.only_new,
        "datasets": [_dataset(d) for d in found.datasets],
    }  # fmt: skip


def _raw(change: RawChange) -> dict[str, Any]:
    m = change.matched
    return {
        "source": change.source, "matched": change.by, "columns_came": change.columns_new,
        "columns_went": change.columns_gone,
        "rows_came": [_place(change.place(change.new, int(r))) for r in m.only_b],
        "rows_went": [_place(change.place(change.old, int(r))) for r in m.only_a],
        "cells": [
            {"column": c.column, "before": c.before, "after": c.after, "old": _place(c.old), "new": _place(c.new)}
            for c in change.cells()
        ],
    }  # fmt: skip


def _place(place: Place) -> dict[str, Any]:
    found = {"file": place.file, "sheet": place.sheet, "row": place.row, "usubjid": place.subject}
    return {k: v for k, v in found.items() if v}


def _dataset(d: DatasetDiff) -> dict[str, Any]:
    r, m = d.result, d.result.matched
    return {
        "name": r.name, "equal": r.equal, "before": r.a.records, "now": r.b.records, "in_both": len(m.rows_a),
        "causes": d.counts, "variables_came": r.variables_b, "variables_went": r.variables_a,
        "appeared": _records(d, r.b, m.only_b, d.came, d.behind_came),
        "went": _records(d, r.a, m.only_a, d.went, d.behind_went),
        "attributes": [
            {"variable": one.variable, "attribute": one.what, "before": one.a, "after": one.b} for one in r.attributes
        ],
        "variables": [
            {"name": v.name, "compared": v.compared, "changed": v.differing, "cells": _cells(d, v.name)}
            for v in r.variables if v.differing
        ],
    }  # fmt: skip


def _records(
    d: DatasetDiff, table: Table, rows: Rows, bits: Bits, behind: Sequence[Sequence[str]]
) -> list[dict[str, Any]]:
    found = []
    for i, row in enumerate(rows.tolist()):
        one: dict[str, Any] = {"key": d.result.key_of(table, row), "cause": CAUSES[int(bits[i])]}
        if i < len(behind) and behind[i]:
            one["behind"] = list(behind[i])
        found.append(one)
    return found


def _cells(d: DatasetDiff, name: str) -> list[dict[str, Any]]:
    variable = next(v for v in d.result.variables if v.name == name)
    found = []
    for i, cell in enumerate(d.result.cells(variable)):
        one: dict[str, Any] = {
            "key": cell.key, "before": cell.a, "after": cell.b, "cause": CAUSES[int(d.causes[name][i])],
        }  # fmt: skip
        if i < len(d.behind[name]) and d.behind[name][i]:
            one["behind"] = list(d.behind[name][i])
        found.append(one)
    return found
