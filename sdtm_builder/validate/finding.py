"""What a rule finds: records of a table behind a mask, and the message that is filled in for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.issues import Location
from sdtm_builder.validate.table import Mask, Table

ADAM = ("ADSL", "BDS", "TTE", "OCCDS", "OTHER")
"""Structures of ADaM, as `Table.klass` has them."""


@dataclass(frozen=True, eq=False)
class Finding:
    """Records that break a rule: `rows` None speaks of the dataset or of a variable as a whole.

    `message` may name variables (``--`` is the prefix) and keys of `extra` in braces; `extra` holds a value for each
    of `rows`. `variables` are the cells to point at.
    """

    dataset: str
    message: str
    variables: tuple[str, ...] = ()
    table: Table | None = None
    rows: NDArray[np.int64] | None = None
    extra: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)


def about(dataset: str, message: str, *variables: str) -> Finding:
    """A finding on a dataset, or on variables of it, as a whole; or on a file, by its name with its suffix."""
    return Finding(dataset, message, variables)


def records(
    table: Table, where: Mask, message: str, *patterns: str, extra: Mapping[str, NDArray[np.object_]] | None = None
) -> list[Finding]:
    """The records of a table where a mask is true; none where it is nowhere true.

    patterns: variables to point at, the first is the offending one; absent ones are left out.
    extra: texts for the message, one for each record of the table.
    """
    rows = np.flatnonzero(where)
    if not len(rows):
        return []
    names = tuple(table.named(p) for p in patterns if table.has(p))
    texts = {name: values[rows] for name, values in (extra or {}).items()}
    return [Finding(table.name, message.replace("--", table.prefix), names, table, rows, texts)]


def key_of(table: Table, row: int, keys: tuple[str, ...]) -> str:
    """The natural key of a record as text: USUBJID and --SEQ, a SUPP-- record's own, else the keys of define.xml."""
    if table.klass in ADAM:
        names = [k for k in keys if k != "STUDYID"] or _adam_names(table)
    elif table.is_supp:
        names = ["USUBJID", "IDVAR", "IDVARVAL", "QNAM"]
    elif table.domain == "DM":
        names = ["USUBJID"]
    elif table.has("--SEQ"):
        names = ["USUBJID", "POOLID", "APID", "--PARMCD", "--SEQ"]
    else:
        names = [k for k in keys if k not in ("STUDYID", "DOMAIN")] or ["USUBJID", "VISITNUM", "--TESTCD", "--PARMCD"]
    texts = [(table.named(n), table.text_at(n, row)) for n in names if table.has(n)]
    return " ".join(f"{name}={text}" for name, text in texts if text) or f"record {row + 1}"


def _adam_names(table: Table) -> list[str]:
    """What tells the records of an ADaM dataset apart where define.xml names no keys."""
    if table.klass == "ADSL":
        return ["USUBJID"]
    numbered = [name for name in ("ASEQ", "--SEQ") if table.has(name)][:1]
    return ["USUBJID", "PARAMCD", *(numbered or ["AVISIT", "ATPT", "ADT", "ASTDT"])]


def message_of(finding: Finding, at: int) -> str:
    """The message for the record at place `at` of the finding's rows."""
    if finding.table is None or finding.rows is None:
        return finding.message
    row = int(finding.rows[at])
    parts: list[str] = []
    for literal, name, _, _ in Formatter().parse(finding.message):
        parts.append(literal)
        if name is not None:
            parts.append(str(finding.extra[name][at]) if name in finding.extra else finding.table.text_at(name, row))
    return "".join(parts)


def locations_of(finding: Finding, at: int, keys: tuple[str, ...]) -> tuple[Location, ...]:
    """All cells of the record at place `at`, or the dataset and its variables, or the file."""
    key = ""
    if finding.table is not None and finding.rows is not None:
        key = key_of(finding.table, int(finding.rows[at]), keys)
    if "." in finding.dataset:
        return (Location(file=finding.dataset),)
    names = finding.variables or ("",)
    return tuple(Location(dataset=finding.dataset, key=key, variable=name) for name in names)
