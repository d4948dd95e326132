"""Pieces of YAML text: scalars that mean themselves, comments that end nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

_PLAIN = re.compile(r"[^\W\d_][\w]*(?:[ ./+-]?[\w]+)*")
_ESCAPED = re.compile("[\x7f-\xa0\u2028-\u202e\ufeff\ufffe\uffff\ud800-\udfff]")
"""Signs that YAML refuses, or that cannot be seen."""
_ODD = re.compile("[^ -~\u00a1-\u1fff\u2030-\ufeed]")


def scalar(text: str) -> str:
    """A text as one scalar: plain where it can be nothing else, else between double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in ("yes", "no", "true", "false", "null", "on", "off", "y", "n"):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", quoted)


def sequence(items: Iterable[str]) -> str:
    """A list on one line; a single item without brackets."""
    texts = [scalar(item) for item in items]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"


def comment(text: str, indent: str) -> str:
    """A comment on one line, whatever the text holds."""
    return f"{indent}# {_ODD.sub(' ', text)}"
