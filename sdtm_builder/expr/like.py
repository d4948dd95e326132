"""LIKE patterns: `%` any characters, `_` one, all else itself, with case."""

from __future__ import annotations

import re
from collections.abc import Callable


def like(pattern: str) -> Callable[[str], bool]:
    """A test of whole texts against a pattern; its time grows with text times pattern, however many % there are."""
    first, *rest = (
        re.compile("".join("." if c == "_" else re.escape(c) for c in part), re.DOTALL) for part in pattern.split("%")
    )
    if not rest:
        return lambda text: first.fullmatch(text) is not None
    last = rest.pop()
    width = len(pattern.rpartition("%")[2])

    def test(text: str) -> bool:
        match = first.match(text)
        for part in rest:  # the leftmost place is the best: it leaves most to the parts after it
            match = match and part.search(text, match.end())
        end = len(text) - width
        return match is not None and match.end() <= end and last.match(text, end) is not None

    return test
