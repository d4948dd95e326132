"""Values against the codelists and the value level metadata of define.xml."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdtm_builder.validate.define import Check, DefineCodelist, DefineDoc, DefineItem
from sdtm_builder.validate.table import Mask, Table
from sdtm_builder.validate.texts import is_number, longest, numbers_of


def not_listed(table: Table, name: str, codelist: DefineCodelist) -> Mask:
    """True where a value is no term of a codelist; numbers are compared as numbers."""
    if table.column(name).is_text:
        return np.asarray(table.filled(name) & ~table.equals(name, *codelist.terms))
    known = [float(term) for term in codelist.terms if is_number(term)]
    return np.asarray(table.filled(name) & ~np.isin(table.numbers(name), known))


def holds(define: DefineDoc, table: Table, item: DefineItem) -> Mask:
    """Where one of the where clauses of a value level item holds; nowhere if it asks another dataset."""
    result = np.zeros(table.n, dtype=bool)
    for oid in item.where:
        clause = np.ones(table.n, dtype=bool)
        for check in define.wheres.get(oid, ()):
            clause &= _holds_one(define, table, check)
        result |= clause
    return result


def level_breaks(define: DefineDoc, table: Table, name: str, item: DefineItem) -> Iterator[tuple[Mask, str]]:
    """What in a variable breaks the codelist, the length and the type of a value level item, and how to say it."""
    codelist = define.codelists.get(item.codelist)
    if codelist is not None and codelist.terms:
        yield not_listed(table, name, codelist), f"is not in codelist {codelist.name} of its value level metadata"
    column = table.column(name)
    if not column.is_text:
        return
    if item.length is not None and item.data_type == "text" and longest(column) > item.length:
        limit = item.length
        over = table.matching(name, lambda text: len(text.encode()) > limit)
        yield over, f"is longer than {limit}, the length of its value level metadata"
    if item.data_type in ("integer", "float"):
        numbers = numbers_of(column)
        wrong = np.isnan(numbers) if item.data_type == "float" else ~(numbers == np.floor(numbers))
        yield table.filled(name) & wrong, f"is not {item.data_type}, the type of its value level metadata"


def _holds_one(define: DefineDoc, table: Table, check: Check) -> Mask:
    name = define.item_names.get(check.item, "")
    own = define.datasets.get(table.name)
    if own is None or not table.has(name) or all(item.oid != check.item for item in own.items):
        return np.zeros(table.n, dtype=bool)
    if check.comparator in ("EQ", "IN", "NE", "NOTIN"):
        if table.column(name).is_text:
            found = table.equals(name, *check.values)
        else:
            found = np.isin(table.numbers(name), [float(v) for v in check.values if is_number(v)])
        return found if check.comparator in ("EQ", "IN") else ~found
    if not check.values or not is_number(check.values[0]):
        return np.zeros(table.n, dtype=bool)
    column = table.column(name)
    values = numbers_of(column) if column.is_text else table.numbers(name)
    limit = float(check.values[0])
    compared = {"LT": values < limit, "LE": values <= limit, "GT": values > limit, "GE": values >= limit}
    return np.asarray(compared.get(check.comparator, np.zeros(table.n, dtype=bool)))
