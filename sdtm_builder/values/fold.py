"""Texts made comparable (fold) and made clean (verbatim): blanks, full-width forms, control characters; never NFKC."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..issues import fault

fault("whitespace", "note", "Blanks at the ends of a text, taken away")
fault("control-character", "note", "Line breaks or control characters in a text, made blanks")
fault("width-folded", "note", "Full-width characters, read as the ordinary ones")

_SPACES = "\u0020\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u2060\ufeff"  # no width; at the ends of a text they are blanks
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029"

_WIDE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_FOLD = str.maketrans({**_WIDE, **{ord(c): " " for c in _SPACES}})
_ENDS = _SPACES + _INVISIBLE
_CONTROLS = re.compile(f"\r\n|[{_CONTROL}]")
_WIDES = re.compile("[\uff01-\uff5e\u3000]")


class Clean(NamedTuple):
    """A text as it is kept; whether blanks at its ends went, and whether control characters became blanks."""

    text: str
    trimmed: bool
    controls: bool


def fold(text: str) -> str:
    """The text for matching, and for reading numbers and dates.

    U+FF01 to U+FF5E become ASCII, U+3000, U+00A0 and the other Unicode blanks a blank, control characters a blank;
    blanks at the ends go, inner ones count. Nothing else changes: `²`, `℃`, `Ⅲ` and `½` stay what they are.
    """
    if text.isascii() and text.isprintable():
        return text.strip(" ")
    return _CONTROLS.sub(" ", text.translate(_FOLD)).strip(_ENDS)


def clean(text: str) -> Clean:
    """The text as it is kept: blanks at the ends gone, each control character (and each line break) one blank."""
    if text.isascii() and text.isprintable():
        kept = text.strip(" ")
        return Clean(kept, len(kept) != len(text), False)
    plain = _CONTROLS.sub(" ", text)
    return Clean(plain.strip(_ENDS), text.strip(_ENDS) != text, plain != text)


def has_wide(text: str) -> bool:
    """Whether folding turns a full-width form into an ordinary character."""
    return not text.isascii() and _WIDES.search(text) is not None


def any_unclean(texts: Sequence[str]) -> bool:
    """Whether a look at each text is needed at all: one may hold odd blanks, controls or characters beyond ASCII."""
    joined = "|".join(texts)  # a text that holds the sign itself costs a look, no more
    plain = joined.isascii() and joined.isprintable()
    return not plain or " |" in joined or "| " in joined or joined[:1] == " " or joined[-1:] == " "


def fold_all(texts: Iterable[str]) -> list[str]:
    """`fold` of each text."""
    return [fold(text) for text in texts]
