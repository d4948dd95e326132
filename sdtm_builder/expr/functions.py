"""The functions of expressions: how they are called, and what other languages call them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signature:
    """How a function is called: `form` as in the reference; between `least` and `most` arguments (None: any number)."""

    form: str
    least: int
    most: int | None


SIGNATURES = {
    "upper": Signature("upper(t)", 1, 1),
    "lower": Signature("lower(t)", 1, 1),
    "trim": Signature("trim(t)", 1, 1),
    "substr": Signature("substr(t, from, n)", 3, 3),
    "replace": Signature("replace(t, old, new)", 3, 3),
    "left_pad": Signature("left_pad(t, n, c)", 3, 3),
    "length": Signature("length(t)", 1, 1),
    "num": Signature("num(t)", 1, 1),
    "text": Signature("text(x) or text(x, digits)", 1, 2),
    "round": Signature("round(x, n)", 2, 2),
    "floor": Signature("floor(x)", 1, 1),
    "abs": Signature("abs(x)", 1, 1),
    "coalesce": Signature("coalesce(a, b, ...)", 2, None),
    "least": Signature("least(a, b, ...)", 1, None),
    "greatest": Signature("greatest(a, b, ...)", 1, None),
    "nullif": Signature("nullif(a, b)", 2, 2),
    "iso_date": Signature("iso_date(d)", 1, 1),
    "iso_part": Signature("iso_part(d, 'year')", 2, 2),
    "regexp_like": Signature("regexp_like(t, 'pattern')", 2, 2),
    "regexp_substr": Signature("regexp_substr(t, 'pattern')", 2, 2),
}

DATE_PARTS = ("year", "month", "day", "hour", "minute")

_SUMMARY = "Across records it is a summary, an operation of its own (`min`, `max`, `sum`, `count`, `exists`)."
_COUNTERPARTS = {
    **dict.fromkeys(["ifnull", "nvl", "isnull"], "Use coalesce(a, b)."),
    **dict.fromkeys(["substring", "substrn", "mid", "left", "right", "ksubstr"], "Use substr(t, from, n)."),
    **dict.fromkeys(["concat", "cat", "cats", "catx", "group_concat"], "Use ||."),
    **dict.fromkeys(["len", "char_length", "lengthn", "klength"], "Use length(t)."),
    **dict.fromkeys(["lpad", "zfill"], "Use left_pad(t, n, c)."),
    **dict.fromkeys(["ltrim", "rtrim", "strip", "btrim"], "Use trim(t)."),
    **dict.fromkeys(["upcase", "ucase"], "Use upper(t)."),
    **dict.fromkeys(["lowcase", "lcase"], "Use lower(t)."),
    **dict.fromkeys(["tranwrd", "translate", "compress"], "Use replace(t, old, new)."),
    **dict.fromkeys(["iif", "if", "ifc", "ifn", "decode", "case"], "Use CASE WHEN ... THEN ... ELSE ... END."),
    **dict.fromkeys(["date", "datetime", "to_date", "julianday", "datepart"], "Use iso_date(d)."),
    **dict.fromkeys(["year", "month", "day", "hour", "minute", "strftime", "extract"], "Use iso_part(d, 'year')."),
    **dict.fromkeys(["input", "to_number", "float", "int", "integer"], "Use num(t)."),
    **dict.fromkeys(["put", "to_char", "str", "printf", "format"], "Use text(x) or text(x, digits)."),
    **dict.fromkeys(["cast", "convert", "try_cast"], "Use text(x), num(t) or iso_date(d)."),
    **dict.fromkeys(["instr", "index", "find", "contains", "glob", "like"], "Use LIKE '%...%' or regexp_like()."),
    **dict.fromkeys(["regexp", "regexp_matches", "prxmatch", "rlike", "match"], "Use regexp_like(t, 'pattern')."),
    **dict.fromkeys(["prxchange", "regexp_extract"], "Use regexp_substr(t, 'pattern')."),
    **dict.fromkeys(["ceil", "ceiling"], "Use -floor(-x)."),
    **dict.fromkeys(["min", "max"], "Of several values use least() or greatest(). " + _SUMMARY),
    **dict.fromkeys(["count", "sum", "avg", "mean", "total", "exists", "any", "all", "median"], _SUMMARY),
    **dict.fromkeys(
        ["today", "now", "getdate", "random"], "A build depends on its inputs alone: use a date of `constants`."
    ),
    **dict.fromkeys(
        ["row_number", "rank", "lag", "lead", "first_value", "last_value"],
        "Use `first`, `last`, `flag_first`, `sequence` or `one_per`.",
    ),
}


def counterpart(function: str) -> str:
    """What to use instead of a function that isn't there: advice, or the nearest names."""
    known = _COUNTERPARTS.get(function.lower())
    if known:
        return known
    near = difflib.get_close_matches(function.lower(), SIGNATURES, 3, 0.6)
    if near:
        return "Near: " + ", ".join(near) + "."
    return "Functions: " + ", ".join(SIGNATURES) + "."
