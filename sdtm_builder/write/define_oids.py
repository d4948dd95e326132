"""Stable, unique OIDs of define.xml, made from names alone so that a rebuild gives the same ones."""

from __future__ import annotations

import re
from hashlib import sha256

from ..model.metadata import ConditionMeta

LONGEST = 120
_UNSAFE = re.compile(r"[^A-Za-z0-9_.\-]")


def _checksum(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def safe(text: str) -> str:
    """`text` with letters, digits, `_`, `-` and `.` only; a change or a cut leaves a checksum, so names stay apart."""
    plain = _UNSAFE.sub("_", text)
    if plain == text and len(text) <= LONGEST:
        return text
    return f"{plain[:LONGEST]}.{_checksum(text)}"


def standard_oid(key: str) -> str:
    """OID of a def:Standard."""
    return f"STD.{safe(key)}"


def group_oid(dataset: str) -> str:
    """OID of an ItemGroupDef."""
    return f"IG.{safe(dataset)}"


def item_oid(dataset: str, variable: str) -> str:
    """OID of the ItemDef of a variable."""
    return f"IT.{safe(dataset)}.{safe(variable)}"


def list_oid(dataset: str, variable: str) -> str:
    """OID of the def:ValueListDef of a variable."""
    return f"VL.{safe(dataset)}.{safe(variable)}"


def codelist_oid(id: str) -> str:
    """OID of a CodeList."""
    return f"CL.{safe(id)}"


def method_oid(id: str) -> str:
    """OID of a MethodDef."""
    return f"MT.{safe(id)}"


def comment_oid(id: str) -> str:
    """OID of a def:CommentDef."""
    return f"COM.{safe(id)}"


def dataset_leaf(dataset: str) -> str:
    """ID of the def:leaf of a dataset's file."""
    return f"LF.{safe(dataset)}"


def document_leaf(id: str) -> str:
    """ID of the def:leaf of a document."""
    return f"LF.DOC.{safe(id)}"


def display_oid(analysis: str) -> str:
    """OID of an arm:ResultDisplay."""
    return f"RD.{safe(analysis)}"


def result_oid(analysis: str) -> str:
    """OID of an arm:AnalysisResult."""
    return f"AR.{safe(analysis)}"


def where_key(dataset: str, where: tuple[ConditionMeta, ...]) -> str:
    """One name for a condition: `QNAM.EQ.AETRTEM`; equal conditions have equal names, different ones never."""
    parts = []
    for check in where:
        other = [check.dataset] if check.dataset not in ("", dataset) else []
        parts.append([*other, check.variable, check.comparator, *check.values])
    plain = "-".join(".".join(part) for part in parts)
    one = len(where) == 1 and len(where[0].values) == 1
    if one and not any(re.search(r"[.\-]", text) for text in parts[0]):
        return safe(plain)
    # separators may also stand in values, and lists are long: a checksum of the parts settles which one it is
    return f"{_UNSAFE.sub('_', plain)[:LONGEST]}.{_checksum(repr(parts))}"


def where_oid(dataset: str, where: tuple[ConditionMeta, ...], comment: str = "") -> str:
    """OID of a def:WhereClauseDef; a comment of its own (a join over datasets) makes it another one."""
    own = f".{safe(comment)}" if comment else ""
    return f"WC.{safe(dataset)}.{where_key(dataset, where)}{own}"


def value_oid(dataset: str, variable: str, where: tuple[ConditionMeta, ...]) -> str:
    """OID of the ItemDef that holds for a variable under a condition."""
    return f"{item_oid(dataset, variable)}.{where_key(dataset, where)}"
