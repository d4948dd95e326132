"""Typographic marks as their ASCII signs: the one table of changes to text that a submission in ASCII makes."""

from __future__ import annotations

MARKS = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u2026": "...", "\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u3000": " ",
}  # fmt: skip
"""Quotation marks, dashes, the ellipsis and special blanks; no letter, digit or symbol with a meaning of its own."""

_TABLE = str.maketrans(MARKS)


def to_ascii(text: str) -> str:
    """The text with typographic marks as ASCII signs; other characters stay as they are."""
    return text.translate(_TABLE)
