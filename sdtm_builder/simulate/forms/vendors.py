"""cytokine.csv, carT_qpcr.csv and carT_flow.csv: long results of the central laboratory and two vendors."""

from __future__ import annotations

from ..kinetics import KineticSample
from ..record import PersonRecord
from ..rng import half_up, text_of
from ..tables import PROJECT, SITE, Cell, FormWriter, Sheet

CYTOKINE_FILE, QPCR_FILE, FLOW_FILE = "cytokine.csv", "carT_qpcr.csv", "carT_flow.csv"
# Test: unit, lower and upper limit of quantification, decimals.
CYTOKINES = {"IL6": ("pg/mL", "1.5", "5000", 1), "CRP": ("mg/L", "0.5", "300", 1), "FER": ("ng/mL", "1", "16500", 0)}
RANGES = {"IL6": ("0", "7.0"), "CRP": ("0", "10")}
FERRITIN_RANGES = {True: ("30", "400"), False: ("13", "150")}
TIMEPOINTS = {3: "Pre", 4: "D0", 5: "D1", 6: "D3", 7: "D5", 8: "D7", 9: "D10", 10: "D14", 11: "D21", 12: "D28",
              13: "W8", 14: "W12", 15: "M6", 16: "M9", 17: "M12"}
QPCR_LLOQ, QPCR_ULOQ, NOT_DETECTED_BELOW = 50, "1.0E7", 10
CD3_PER_LYMPHOCYTES, APLASIA_FROM, B_CELLS = 700, 200, 60


def _sheet(file: str, names: str, key: tuple[str, ...], subject_column: str) -> Sheet:
    columns = tuple((name, "") for name in names.split())
    return Sheet(file.removesuffix(".csv"), columns, key, file=file, labelled=False, subject_column=subject_column)


def cytokine_sheet() -> Sheet:
    """One record a specimen, test and repeat."""
    return _sheet(CYTOKINE_FILE, "STUDY SUBJECT SPECID VISIT COLDATE COLTIME TEST RESULT UNIT REFLO REFHI CONDITION "
                  "REPEAT COMMENT", ("SPECID", "TEST", "REPEAT"), "SUBJECT")


def qpcr_sheet() -> Sheet:
    """One record a sample and replicate."""
    return _sheet(QPCR_FILE, "方案号 受试者 SAMPLEID TIMEPOINT 采样日期 采样时间 ANALYTE RESULT UNIT "
                  "LLOQ ULOQ REP REMARK", ("SAMPLEID", "REP"), "受试者")


def flow_sheet() -> Sheet:
    """One record a sample and parameter."""
    return _sheet(FLOW_FILE, "STUDYID SUBJID SAMPLEID TIMEPOINT COLLDT PANEL PARAM GATE MARKER RESULT UNIT LLOQ FLAG",
                  ("SAMPLEID", "PARAM"), "SUBJID")


def fill_cytokine(writer: FormWriter, record: PersonRecord) -> None:
    """Cytokine records of an infused person."""
    number = record.subject.number
    for sample in record.cytokines:
        day = sample.at.date()
        for test, value in (("IL6", sample.il6), ("CRP", sample.crp), ("FER", sample.ferritin)):
            unit, low, high, decimals = CYTOKINES[test]
            reference = RANGES.get(test) or FERRITIN_RANGES[record.subject.person.male]
            writer.append({
                "STUDY": PROJECT, "SUBJECT": f"{SITE}-{number}", "SPECID": f"K{number}{day:%y%m%d}",
                "VISIT": sample.code, "COLDATE": f"{day:%Y%m%d}", "COLTIME": f"{sample.at:%H%M}", "TEST": test,
                "RESULT": _limited(value, low, high, decimals), "UNIT": unit, "REFLO": reference[0],
                "REFHI": reference[1], "CONDITION": "OK", "REPEAT": "0",
            })


def _limited(value: float, low: str, high: str, decimals: int) -> str:
    rounded = half_up(value, decimals)
    if rounded < half_up(float(low), decimals):
        return f"<{low}"
    return f">{high}" if rounded > half_up(float(high), decimals) else format(rounded, "f")


def fill_qpcr(writer: FormWriter, record: PersonRecord) -> None:
    """qPCR records of an infused person."""
    number = record.subject.number
    for sample in record.kinetics:
        copies = half_up(sample.copies, 0)
        none = copies < NOT_DETECTED_BELOW
        writer.append({
            "方案号": PROJECT, "受试者": number, "SAMPLEID": f"Q{number}{sample.at:%y%m%d}",
            "TIMEPOINT": TIMEPOINTS[sample.visit.number], "采样日期": f"{sample.at:%d/%m/%Y}",
            "采样时间": f"{sample.at:%H:%M}", "ANALYTE": "LstCAR019 transgene",
            "RESULT": "ND" if none else "BLQ" if copies < QPCR_LLOQ else str(copies), "UNIT": "copies/ug gDNA",
            "LLOQ": str(QPCR_LLOQ), "ULOQ": QPCR_ULOQ, "REP": "1", "REMARK": "未检出" if none else None,
        })


def fill_flow(writer: FormWriter, record: PersonRecord) -> None:
    """Flow records of an infused person: four parameters a sample."""
    number = record.subject.number
    lymphocytes = {sample.visit: sample.values["LYM"] for sample in record.subject.samples}
    for sample in record.kinetics:
        for cells in _parameters(sample, CD3_PER_LYMPHOCYTES * lymphocytes[sample.visit.number]):
            writer.append({
                "STUDYID": PROJECT, "SUBJID": number, "SAMPLEID": f"F{number}{sample.at:%y%m%d}",
                "TIMEPOINT": sample.visit.code, "COLLDT": f"{sample.at:%Y-%m-%dT%H:%M}", "PANEL": "CART-01", **cells,
            })


def _parameters(sample: KineticSample, t_cells: float) -> list[dict[str, Cell]]:
    percent = half_up(sample.percent, 2)
    absolute = float(percent) * float(half_up(t_cells, 0)) / 100
    b_cells = 0 if sample.level >= APLASIA_FROM else B_CELLS
    rows: list[dict[str, Cell]] = []
    for name, gate, marker, value, decimals, unit, low in (
        ("CAR+ %CD3", "CD3+", "CD45+CD3+CAR+", float(percent), 2, "%", "0.10"),
        ("CAR+ abs", "CD3+", "CD45+CD3+CAR+", absolute, 1, "cells/uL", "0.5"),
        ("CD3 abs", "CD45+", "CD45+CD3+", t_cells, 0, "cells/uL", None),
        ("CD19 abs", "CD45+", "CD45+CD19+", float(b_cells), 0, "cells/uL", "1"),
    ):
        below = low is not None and half_up(value, decimals) < half_up(float(low), decimals)
        rows.append({"PARAM": name, "GATE": gate, "MARKER": marker,
                     "RESULT": f"<{low}" if below else text_of(value, decimals), "UNIT": unit, "LLOQ": low,
                     "FLAG": "BLQ" if below else None})
    return rows
