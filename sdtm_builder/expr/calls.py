"""The functions of expressions on whole columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..values import partial
from ..values.fold import fold
from ..values.numbers import number_text, read_number, round_numbers
from . import faults
from .compare import extreme, invalid_dates
from .literals import whole_of
from .patterns import MAX_SEARCHED, compiled
from .texts import combine, per_text, stack, strip_empty, used_texts
from .tree import Expr, Text

Mask = NDArray[np.bool_]
OnIssue = Callable[[str, Mask, str], None]

_SHOWN = 5


class Reporter:
    """Passes on issues that have at least one row."""

    def __init__(self, on_issue: OnIssue) -> None:
        self.on_issue = on_issue

    def __call__(self, rule: str, rows: Mask, message: str) -> None:
        """Report an issue in these rows, if any."""
        if rows.any():
            self.on_issue(rule, rows, message)

    def texts(self, rule: str, rows: Mask, vector: Vector, message: str) -> None:
        """Report texts, the first few of them shown."""
        if not rows.any():
            return
        codes = np.unique(vector.data[rows])
        shown = ", ".join(f'"{_short(vector.distinct()[c])}"' for c in codes[:_SHOWN])
        more = f" and {len(codes) - _SHOWN} other texts" if len(codes) > _SHOWN else ""
        self.on_issue(rule, rows, message + shown + more)


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:37] + "..."


def call(name: str, arguments: Sequence[Expr], values: list[Vector], live: Mask, report: Reporter) -> Vector:
    """One function of the reference, coalesce and nullif excepted (they decide what is reported).

    Parameters
    ----------
    name, arguments : as in the tree, checked
    values : the arguments' columns
    live, report : rows whose issues count, and where they go
    """
    first = values[0]
    if name in _PER_TEXT:
        return strip_empty(first.map_texts(_PER_TEXT[name]))
    if name == "length":
        return Vector.of_numbers(per_text(first, len, np.nan, np.float64))
    if name == "num":
        return _num(first, live, report)
    if name == "text":
        return _text(first, whole_of(arguments[1]) if len(arguments) > 1 else None)
    if name == "round":
        return Vector.of_numbers(round_numbers(first.data, whole_of(arguments[1]) or 0))
    if name in ("floor", "abs"):
        return Vector.of_numbers((np.floor if name == "floor" else np.abs)(first.data) + 0.0)
    if name in ("least", "greatest"):
        return stack(values, extreme(values, name == "greatest"))
    if name == "substr":
        return _substr(values, live, report)
    if name == "replace":
        return _replace(values, live, report)
    if name == "left_pad":
        width, fill = whole_of(arguments[1]) or 0, _literal(arguments[2])
        return strip_empty(first.map_texts(lambda t: t.rjust(width, fill)))
    if name in ("iso_date", "iso_part"):
        return _iso(name, arguments, first, live, report)
    return _regexp(name, _literal(arguments[1]), first, live, report)


_PER_TEXT: dict[str, Callable[[str], str]] = {"upper": str.upper, "lower": str.lower, "trim": str.strip}


def _literal(expr: Expr) -> str:
    assert isinstance(expr, Text)
    return expr.value


def _num(vector: Vector, live: Mask, report: Reporter) -> Vector:
    numbers = per_text(vector, _number, np.nan, np.float64)
    unread = vector.where(np.isnan(numbers))
    wrong = per_text(unread, lambda t: fold(t) != "", False, np.bool_)
    report.texts(faults.NUMBER, live & wrong, vector, "num() can't read ")
    return Vector.of_numbers(numbers)


def _number(text: str) -> float:
    number = read_number(text)
    return np.nan if number is None else number


def _text(vector: Vector, digits: int | None) -> Vector:
    """Numbers without trailing zeros or with so many decimals; dates in ISO 8601; texts as they are."""
    if vector.is_text:
        return vector.as_kind(Kind.TEXT)
    present = vector.present()
    values, back = np.unique(vector.data[present], return_inverse=True)
    if vector.kind is Kind.NUMBER:
        texts = _number_texts(values, digits)
    else:
        unit = "D" if vector.kind is Kind.DATE else "s"
        texts = np.datetime_as_string(values.astype(f"M8[{unit}]")).tolist()
    codes = np.full(len(vector), -1, dtype=np.int32)
    codes[present] = back
    return Vector.of_codes(codes, texts)


def _number_texts(values: NDArray[np.float64], digits: int | None) -> list[str]:
    """`number_text` of distinct numbers; rounded together where 15 digits hold them."""
    if digits is None or digits > 5 or np.abs(values).max(initial=0) >= 1e9:
        return [number_text(v, digits) for v in values.tolist()]
    return [f"{v:.{digits}f}" for v in round_numbers(values, digits).tolist()]


def _substr(values: list[Vector], live: Mask, report: Reporter) -> Vector:
    text, start, count = values
    known = text.present() & start.present() & count.present()
    with np.errstate(invalid="ignore"):
        wrong = known & ((start.data < 1) | (count.data < 0))
        wrong |= known & ((start.data != np.floor(start.data)) | (count.data != np.floor(count.data)))
    report(faults.ARGUMENT, live & wrong, "substr(t, from, n): `from` is a whole number from 1, `n` one from 0")
    parts = combine([text.where(~wrong), start, count], lambda t, f, n: t[int(f) - 1 : int(f) - 1 + int(n)])
    return strip_empty(parts)


def _replace(values: list[Vector], live: Mask, report: Reporter) -> Vector:
    text, old, new = values
    empty = per_text(old, lambda t: t == "", False, np.bool_)
    wrong = empty & text.present() & new.present()
    report(faults.ARGUMENT, live & wrong, "replace(t, old, new): `old` is empty")
    return strip_empty(combine([text, old.where(~empty), new], lambda t, o, n: t.replace(o, n)))


def _iso(name: str, arguments: Sequence[Expr], vector: Vector, live: Mask, report: Reporter) -> Vector:
    """iso_date and iso_part of a dtc, an ISO text, a date or a datetime."""
    if not vector.is_text:
        return _part_of_date(_literal(arguments[1]), vector) if name == "iso_part" else _day_of(vector)
    plain = strip_empty(vector)
    report.texts(faults.NOT_ISO, live & invalid_dates(plain), plain, "not an ISO 8601 date: ")
    codes, texts = used_texts(plain)
    if name == "iso_date":
        return Vector(Kind.DATE, partial.iso_date(texts)).take(codes)
    return Vector.of_numbers(partial.iso_part(texts, _literal(arguments[1]))).take(codes)


def _day_of(vector: Vector) -> Vector:
    if vector.kind is Kind.DATE:
        return vector
    present = vector.present()
    days = np.where(present, vector.data // 86400, 0).astype(np.int32)
    return Vector(Kind.DATE, days).where(present)


def _part_of_date(part: str, vector: Vector) -> Vector:
    present = vector.present()
    if vector.kind is Kind.DATE and part in ("hour", "minute"):
        return Vector.missing_of(Kind.NUMBER, len(vector))
    moments = np.where(present, vector.data, 0).astype("M8[D]" if vector.kind is Kind.DATE else "M8[s]")
    if part == "year":
        found = moments.astype("M8[Y]").astype(np.int64) + 1970
    elif part == "month":
        found = moments.astype("M8[M]").astype(np.int64) % 12 + 1
    elif part == "day":
        found = (moments.astype("M8[D]") - moments.astype("M8[M]").astype("M8[D]")).astype(np.int64) + 1
    else:
        seconds = moments.astype(np.int64) % 86400
        found = seconds // 3600 if part == "hour" else seconds // 60 % 60
    return Vector.of_numbers(np.where(present, found, np.nan))


def _regexp(name: str, pattern: str, vector: Vector, live: Mask, report: Reporter) -> Vector:
    expression = compiled(pattern)
    long = per_text(vector, lambda t: len(t) > MAX_SEARCHED, False, np.bool_)
    report(
        faults.TOO_LONG, live & long, f"a text of more than {MAX_SEARCHED:,} characters isn't searched with a pattern"
    )
    short = vector.where(~long)
    if name == "regexp_like":
        return Vector(Kind.TRUTH, per_text(short, lambda t: expression.search(t) is not None, -1, np.int8))
    group = 1 if expression.groups else 0

    def part(text: str) -> str | None:
        match = expression.search(text)
        return match[group] if match else None

    return strip_empty(short.map_texts(part, Kind.TEXT))
