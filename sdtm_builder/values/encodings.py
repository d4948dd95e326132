"""Names of encodings as libraries other than Python know them."""

from __future__ import annotations

import codecs


def iconv_name(encoding: str) -> str | None:
    """The name by which the reader of SAS datasets knows a declared encoding; None for none: the file says its own.

    LookupError for a name that Python does not know.
    """
    if not encoding:
        return None
    name = codecs.lookup(encoding).name
    return {"mac-roman": "MACINTOSH", "iso2022_jp": "ISO-2022-JP"}.get(name, name.replace("_", "-").upper())
