"""Flaws of the central laboratory and the vendors' files."""

from __future__ import annotations

from typing import Any

from ..tables import Row
from .base import Place, Planting, flaw

# Test, text as sent, what --ORRES holds.
LIMIT_TEXTS = (("IL6", "< 1.5", "<1.5"), ("IL6", "＞5000", ">5000"), ("FER", ">16,500", ">16500"),
               ("CRP", "< 0.5", "<0.5"))
UNKNOWN_SUBJECT = "S099"
FLOW_CODES = {"CAR+ %CD3": "TLSTLY", "CAR+ abs": "TLS", "CD3 abs": "TLYCE", "CD19 abs": "BLYCE"}
TEST_CODES = {"IL6": "INTLK6", "CRP": "CRP", "FER": "FERRITIN"}


def cytokine_expect(planting: Planting, row: Row, variable: str, value: Any) -> dict[str, Any]:
    """Expected value of the LB record of a central laboratory's result."""
    key = {"USUBJID": planting.usubjid(row.text("SUBJECT").rpartition("-")[2]), "LBREFID": row.text("SPECID"),
           "LBTESTCD": TEST_CODES[row.text("TEST")], "LBREPNUM": int(row.text("REPEAT")) + 1}
    return {"dataset": "LB", "key": key, "variable": variable, "value": value}


def _number(test: str | None = None) -> Any:
    """Eligible: a plain number, of a test."""
    def eligible(row: Row) -> bool:
        text = row.text("RESULT")
        return (test is None or row.cells["TEST"] == test) and text[:1].isdigit()
    return eligible


@flaw("F22", "cytokine")
def limit_texts(planting: Planting) -> None:
    """Results beyond a limit, spelled in other ways."""
    for test, text, held in LIMIT_TEXTS:
        for row in planting.hosts("F22", "cytokine", 1, _number(test)):
            planting.change("F22", "cytokine", row, "RESULT", text, "map", "N", "result-limit",
                            cytokine_expect(planting, row, "LBORRES", held))


@flaw("F24", "cytokine")
def haemolysed(planting: Planting) -> None:
    """Haemolysed samples with a result."""
    for row in planting.hosts("F24", "cytokine", 3, _number("FER")):
        planting.change("F24", "cytokine", row, "CONDITION", "HEMOLYZED", "map", "N", "specimen-condition",
                        cytokine_expect(planting, row, "LBSPCCND", "HEMOLYZED"))


@flaw("F25", "cytokine")
def repeats(planting: Planting) -> None:
    """Samples measured again: three once, one of them twice."""
    for place, row in enumerate(planting.hosts("F25", "cytokine", 3, _number("IL6"))):
        before = row
        for repeat in range(1, 3 if place == 0 else 2):
            value = f"{float(before.text('RESULT')) + 0.4:.1f}"
            before = planting.insert_after("cytokine", before, {"RESULT": value, "REPEAT": str(repeat)})
            places: list[Place] = [("cytokine", before, "REPEAT"), ("cytokine", row, "REPEAT")]
            planting.record("F25", places, str(repeat), None, "map", "N", "repeat-sample",
                            cytokine_expect(planting, before, "LBREPNUM", repeat + 1))


@flaw("F26", "cytokine")
def number_forms(planting: Planting) -> None:
    """Decimal commas and a power of ten."""
    for row in planting.hosts("F26", "cytokine", 2, _number("CRP")):
        planting.change("F26", "cytokine", row, "RESULT", row.text("RESULT").replace(".", ","), "null", "E",
                        "number-unreadable", cytokine_expect(planting, row, "LBSTRESN", None))
    for row in planting.hosts("F26", "cytokine", 1, _number("FER")):
        planting.change("F26", "cytokine", row, "RESULT", "1.2E+03", "map", "N", "number-format",
                        cytokine_expect(planting, row, "LBSTRESN", 1200.0))


@flaw("F27", "carT_qpcr")
def subject_numbers(planting: Planting) -> None:
    """Subject numbers in other patterns, and one that nobody has."""
    forms = (lambda n: f"S-{n[1:]}", lambda n: f"01-S{int(n[1:])}", lambda n: UNKNOWN_SUBJECT)
    hosts = planting.hosts("F27", "carT_qpcr", 3, lambda r: r.cells["TIMEPOINT"] not in ("Pre", "D0"))
    for row, spell in zip(hosts, forms, strict=False):
        number = row.text("受试者")
        raw = spell(number)
        unknown = raw == UNKNOWN_SUBJECT
        key = {"PCREFID": row.text("SAMPLEID")}
        expect = {"dataset": "PC", "key": key, "variable": "USUBJID",
                  "value": None if unknown else planting.usubjid(number)}
        planting.change("F27", "carT_qpcr", row, "受试者", raw, "null" if unknown else "map", "E" if unknown else "N",
                        "subject-unknown" if unknown else "subject-pattern", expect)
        planting.planted[-1].subject = None if unknown else planting.usubjid(number)


@flaw("F28", "carT_flow")
def other_time_points(planting: Planting) -> None:
    """The other vendor's label for week 4."""
    def eligible(row: Row) -> bool:
        return row.cells["TIMEPOINT"] == "W4" and row.cells["PARAM"] == "CD3 abs"

    for row in planting.hosts("F28", "carT_flow", 2, eligible):
        planting.change("F28", "carT_flow", row, "TIMEPOINT", "D28", "map", "W", "visit-unknown",
                        flow_expect(planting, row, "VISIT", "WEEK 4"))


def flow_expect(planting: Planting, row: Row, variable: str, value: Any) -> dict[str, Any]:
    """Expected value of the CP record of a flow result."""
    key = {"USUBJID": planting.usubjid(row.text("SUBJID")), "CPREFID": row.text("SAMPLEID"),
           "CPTESTCD": FLOW_CODES[row.text("PARAM")]}
    return {"dataset": "CP", "key": key, "variable": variable, "value": value}


@flaw("F48", "carT_flow")
def impossible_results(planting: Planting) -> None:
    """More than a hundred per cent; fewer than no cells."""
    for param, text in (("CAR+ %CD3", "104.20"), ("CAR+ abs", "-1.2")):
        def eligible(row: Row, param: str = param) -> bool:
            return row.cells["PARAM"] == param and row.cells["FLAG"] is None

        for row in planting.hosts("F48", "carT_flow", 1, eligible):
            planting.change("F48", "carT_flow", row, "RESULT", text, "null", "E", "value-impossible",
                            flow_expect(planting, row, "CPSTRESN", None))


