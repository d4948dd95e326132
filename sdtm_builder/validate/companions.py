"""Variables and their companions by the naming rules of the ADaMIG: numbers of texts, texts of numbers, flags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.table import Table

_CUT = (
    (re.compile(r"(AVAL|BASE|PCHG|BCHG)CA(\d{1,2})N"), r"\1CAT\2"),
    (re.compile(r"PBCHGC(\d{1,2})N"), r"PBCHGCA\1"),
    (re.compile(r"MCRIT(\d)MN"), r"MCRIT\1ML"),
)
"""Names of numbers that are cut at 8 characters, and the name of their text."""
_FLAGS = ((re.compile(r"CRIT(\d{1,2})F[LN]"), r"CRIT\1"), (re.compile(r"MCRIT(\d)M[LN]"), r"MCRIT\1"))
_TEXTS = {"APERIODC": "APERIOD", "ASPERC": "ASPER", "ANRLOC": "ANRLO", "ANRHIC": "ANRHI", "BASEC": "BASE"}
_OF_A_PARAMETER = re.compile(
    r"AVISIT|ATPT|(AVAL|BASE|CHG|PCHG|BCHG)CAT\d{1,2}|PBCHGCA\d{1,2}|CRIT\d{1,2}\w*|MCRIT\d\w*|SHIFT\d{1,2}"
    r"|A(NR|\d)IND|B(NR|\d)IND"
)
_ALONE = ("ADURN", "AVALC", "BASEC")
"""Companions by their label that may stand alone: a duration, a result that has no number."""


def primary_of(study: AdamStudy, table: Table, name: str) -> str:
    """The variable that a companion needs; "" where it is none. Companions are those that the ADaMIG labels (N) or (C),
    numeric flags, and the flags of criteria."""
    for pattern, primary in (*_CUT, *_FLAGS):
        if pattern.fullmatch(name):
            return pattern.sub(primary, name)
    known = study.variable(table, name)
    if name in _ALONE or (known is None and not name.endswith("FN")):
        return ""
    if name in _TEXTS:
        return _TEXTS[name]
    if name.endswith("FN") and table.variables[name].type == "Num":
        return f"{name[:-1]}L"
    return name[:-1] if known is not None and known.label.endswith("(N)") else ""


def numeric_pairs(table: Table) -> Iterator[tuple[str, str, list[str]]]:
    """(text, number, variables within which they pair): each X with XN, and the cut names; none of flags."""
    for number, info in table.variables.items():
        if info.type != "Num" or number.endswith("FN"):
            continue
        cut = next((pattern.sub(text, number) for pattern, text in _CUT if pattern.fullmatch(number)), "")
        text = cut or (number[:-1] if number.endswith("N") else "")
        if number in _TEXTS.values() and f"{number}C" in ("APERIODC", "ASPERC"):
            text = f"{number}C"
        if not text or text not in table.variables or table.variables[text].type != "Char":
            continue
        within = ["PARAMCD"] if table.has("PARAMCD") and _OF_A_PARAMETER.fullmatch(text) else []
        yield text, number, within
