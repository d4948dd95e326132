"""Flaws of values: blanks, synonyms, other widths, values outside the lists, text that ASCII can't hold."""

from __future__ import annotations

from typing import Any

from ..tables import Row
from .base import Planting, flaw
from .dates import plain

BLANKS = (" {}", "{} ", "\u00a0{}", "{}\u3000")
WIDE = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789."}
NOT_A_GRADE = ("2-3级", "0级", "6")
OUTCOME_SYNONYMS = ("recovered", "RECOVERED", "Recovered", "已恢复")
TREATED_SYNONYMS = {"是": ("YES", "√"), "否": ("NO", "0")}
NARRATIVE = (
    "{term}, first noticed by the ward nurse during the evening round and confirmed by the physician on duty, "
    "who repeated the physical examination, reviewed all of the concomitant medication and the vital signs of "
    "the previous twenty-four hours, and found no other explanation for it"
)
TEXT_BYTES = 200


def any_row(row: Row) -> bool:
    """Every row will do."""
    return True


@flaw("F08", "AE", "DM", "LD")
def blanks(planting: Planting) -> None:
    """Leading, trailing, non-breaking and full-width blanks around text."""
    targets = (("AE", "AETERM_EN", "AETERM", 8), ("AE", "AEOUT", "AEOUT", 4), ("DM", "ETHN", "ETHGRP", 4),
               ("LD", "DRUG", "EXTRT", 4))
    place = 0
    for name, column, variable, count in targets:
        for row in planting.hosts("F08", name, count, plain if name == "AE" else any_row):
            text = row.text(column)
            expect = _trimmed(planting, name, row, variable, text)
            planting.change("F08", name, row, column, BLANKS[place % 4].format(text), "map", "N", "whitespace", expect)
            place += 1


ETHNIC_GROUPS = {"汉族": "HAN", "彝族": "YI", "白族": "BAI", "回族": "HUI", "其他": "OTHER"}
OUTCOMES = {"痊愈": "RECOVERED/RESOLVED", "未愈": "NOT RECOVERED/NOT RESOLVED"}


def _trimmed(planting: Planting, name: str, row: Row, variable: str, text: str) -> dict[str, Any] | None:
    """Expected value of a cell whose blanks are gone; an earlier screening's demography isn't in DM."""
    if name == "AE":
        return planting.ae_expect(row, variable, OUTCOMES[text] if variable == "AEOUT" else text)
    if name == "LD":
        return ld_expect(planting, row, float(row.text("DOSEM2")))
    if row.text("SUBJID") not in planting.subjects:
        return None
    return planting.subject_expect("DM", row, "ETHGRP", ETHNIC_GROUPS[text])


@flaw("F09", "DM", "AE")
def synonyms(planting: Planting) -> None:
    """List values by one of their declared synonyms."""
    for place, row in enumerate(planting.hosts("F09", "DM", 3, any_row)):
        male = row.cells["SEX"] == "男"
        word = (("Male", "男性", "M") if male else ("Female", "女性", "F"))[place % 3]
        told = None if word in ("M", "F") else "ct-synonym"  # the term itself is no synonym
        planting.change("F09", "DM", row, "SEX", word, "map", "N", told,
                        planting.subject_expect("DM", row, "SEX", "M" if male else "F"))
    recovered = planting.hosts("F09", "AE", 4, lambda r: plain(r) and r.cells["AEOUT"] == "痊愈")
    for place, row in enumerate(recovered):
        planting.change("F09", "AE", row, "AEOUT", OUTCOME_SYNONYMS[place % 4], "map", "N", "ct-synonym",
                        planting.ae_expect(row, "AEOUT", "RECOVERED/RESOLVED"))
    for place, row in enumerate(planting.hosts("F09", "AE", 3, plain)):
        treated = row.text("CONTRT")
        planting.change("F09", "AE", row, "CONTRT", TREATED_SYNONYMS[treated][place % 2], "map", "N", "ct-synonym",
                        planting.ae_expect(row, "AECONTRT", "Y" if treated == "是" else "N"))


@flaw("F10", "AE", "LD")
def full_width(planting: Planting) -> None:
    """Digits in full-width form."""
    for row in planting.hosts("F10", "AE", 2, plain):
        grade = row.text("AEGR")
        planting.change("F10", "AE", row, "AEGR", grade.translate(WIDE), "map", "N", "width-folded",
                        planting.ae_expect(row, "AETOXGR", grade[0]))
    for row in planting.hosts("F10", "LD", 2, any_row):
        planting.change("F10", "LD", row, "DOSEM2", row.text("DOSEM2").translate(WIDE), "map", "N", "width-folded",
                        ld_expect(planting, row, float(row.text("DOSEM2"))))


def ld_expect(planting: Planting, row: Row, dose: float) -> dict[str, object]:
    """Expected dose of the EX record of an LD row."""
    drug = {"氟达拉滨": "FLUDARABINE", "环磷酰胺": "CYCLOPHOSPHAMIDE"}[row.text("DRUG").strip()]
    start = f"{row.text('LDDAT').replace('/', '-')}T{row.text('LDSTTIM')}"
    key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "EXTRT": drug, "EXSTDTC": start}
    return {"dataset": "EX", "key": key, "variable": "EXDOSE", "value": dose}


@flaw("F11", "AE")
def not_a_grade(planting: Planting) -> None:
    """Grades that the list doesn't have."""
    for place, row in enumerate(planting.hosts("F11", "AE", 3, plain)):
        planting.change("F11", "AE", row, "AEGR", NOT_A_GRADE[place], "null", "E", "ct-miss",
                        planting.ae_expect(row, "AETOXGR", None))


@flaw("F12", "AE")
def not_a_relation(planting: Planting) -> None:
    """A relation with a question mark."""
    for row in planting.hosts("F12", "AE", 1, plain):
        planting.change("F12", "AE", row, "RELCT", "相关?", "null", "E", "ct-miss",
                        planting.ae_expect(row, "AEREL", None))


@flaw("F32", "LD")
def dose_to_derive(planting: Planting) -> None:
    """The dose a square metre is empty, the total dose is there."""
    for row in planting.hosts("F32", "LD", 1, any_row):
        dose = float(row.text("DOSEM2"))
        planting.change("F32", "LD", row, "DOSEM2", None, "map", "N", "dose-derived", ld_expect(planting, row, dose))


@flaw("F34", "AE")
def long_text(planting: Planting) -> None:
    """A verbatim term of more than 200 bytes with a word across the limit."""
    for row in planting.hosts("F34", "AE", 1, plain):
        text = NARRATIVE.format(term=row.text("AETERM_EN"))
        head = text[: text.rindex(" ", 0, TEXT_BYTES + 1)]
        planting.change("F34", "AE", row, "AETERM_EN", text, "map", "N", "text-split",
                        planting.ae_expect(row, "AETERM", head))


@flaw("F45", "AE")
def awkward_characters(planting: Planting) -> None:
    """A line break and a control character; typographic quotes."""
    for place, row in enumerate(planting.hosts("F45", "AE", 2, plain)):
        term = row.text("AETERM_EN")
        text, plainly, rule = (
            (f"{term}\nreported\u007fby the ward", f"{term} reported by the ward", "control-character") if place == 0
            else (f"\u201c{term}\u201d \u2013 per patient", f'"{term}" - per patient', "punctuation-mapped"))
        planting.change("F45", "AE", row, "AETERM_EN", text, "map", "N", rule,
                        planting.ae_expect(row, "AETERM", plainly))
