"""How a text is written: its marks in the submission's encoding, broken at words where a variable is full."""

from __future__ import annotations

from ..model import Vector
from ..values.ascii import to_ascii

LIMIT, LABEL_LIMIT = 200, 40


def as_written(values: Vector, encoding: str) -> Vector:
    """A column of texts as its variable will hold it, to sort by; what is wrong with it is told when it is written."""
    plain = encoding != "ascii"

    def written(text: str) -> str | None:
        mapped = text if plain else to_ascii(text)
        if not plain and not mapped.isascii():
            return None
        return mapped if len(mapped.encode()) <= LIMIT else split_words(mapped)[0]

    texts = values.distinct()
    if all(str(t).isascii() and len(t) <= LIMIT for t in texts):
        return values
    return values.map_texts(written)


def split_words(text: str, limit: int = LIMIT) -> list[str]:
    """Parts of at most `limit` bytes, broken at the last blank before the limit; a word longer than that is cut."""
    parts = []
    rest = text
    while len(rest.encode()) > limit:
        head = rest.encode()[:limit].decode(errors="ignore")
        cut = head.rfind(" ") if len(head) < len(rest) and rest[len(head)] != " " else len(head)
        cut = cut if cut > 0 else len(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest else parts
