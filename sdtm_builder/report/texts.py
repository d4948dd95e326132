"""Texts of data made safe to show: control characters made visible, long ones cut visibly, numbers with commas."""

from __future__ import annotations

import re

_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)


def _seen(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def visible(text: str) -> str:
    """The text with characters that cannot be seen, or that XML forbids, put so that they can be seen.

    Control characters become their pictures (NUL is ␀), the others their code (`\\u202e`), direction marks and lone
    surrogates among them. Tab and line feed stay.
    """
    return _UNSEEN.sub(_seen, text)


def one_line(text: str) -> str:
    """As `visible`, on one line: a line feed becomes ␊ and a tab ␉, so that no value can look like a further line."""
    return visible(text).replace("\n", "\u240a").replace("\t", "\u2409")


def shortened(text: str, limit: int) -> str:
    """The text, or its first `limit` characters and a remark how many there are in all."""
    return text if len(text) <= limit else f"{text[:limit]}\u2026 (the first {limit:,} of {len(text):,} characters)"


def counted(number: int, one: str, many: str = "") -> str:
    """`1 row`, `1,191 rows`; `many` where it isn't `one` and an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(items: list[str]) -> str:
    """`A`, `A and B`, `A, B and C`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
