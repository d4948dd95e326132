"""Local laboratory tests: names, units, factors, decimals and reference ranges of both laboratories."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .rng import half_up

Limits = tuple[Decimal, Decimal]


@dataclass(frozen=True)
class LabTest:
    """One test; decimals are those written by laboratory A, by B, and of the standard result."""

    code: str
    header_a: str
    unit_a: str
    header_b: str
    unit_b: str
    factor: Decimal
    decimals: tuple[int, int, int]
    panel: str  # "HEMA", "COAG" or "CHEM"
    male: str = ""
    female: str = ""


def _t(code: str, a: str, unit_a: str, b: str, unit_b: str, factor: str, decimals: tuple[int, int, int], panel: str,
       male: str, female: str = "") -> LabTest:
    return LabTest(code, a, unit_a, b, unit_b, Decimal(factor), decimals, panel, male, female or male)


# Ranges of laboratory A: "low-high"; the ones that depend on age stand in AGE_RANGES.
LAB_TESTS = (
    _t("WBC", "白细胞", "10^9/L", "WBC", "K/uL", "1", (2, 2, 2), "HEMA", "3.5-9.5"),
    _t("RBC", "红细胞", "10^12/L", "RBC", "M/uL", "1", (2, 2, 2), "HEMA", "4.3-5.8", "3.8-5.1"),
    _t("HGB", "血红蛋白", "g/L", "Hb", "g/dL", "10", (0, 1, 0), "HEMA", "130-175", "115-150"),
    _t("HCT", "红细胞压积", "%", "HCT", "L/L", "100", (1, 3, 1), "HEMA", "40-50", "35-45"),
    _t("PLAT", "血小板", "10^9/L", "PLT", "K/uL", "1", (0, 0, 0), "HEMA", "125-350"),
    _t("NEUT", "中性粒细胞", "10^9/L", "NEU", "/uL", "0.001", (2, 0, 3), "HEMA", "1.8-6.3"),
    _t("LYM", "淋巴细胞", "10^9/L", "LYM", "/uL", "0.001", (2, 0, 3), "HEMA", "1.1-3.2"),
    _t("MONO", "单核细胞", "10^9/L", "MON", "/uL", "0.001", (2, 0, 3), "HEMA", "0.1-0.6"),
    _t("NEUTLE", "中性粒细胞%", "%", "NEU%", "%", "1", (1, 1, 1), "HEMA", "40-75"),
    _t("LYMLE", "淋巴细胞%", "%", "LYM%", "%", "1", (1, 1, 1), "HEMA", "20-50"),
    _t("BLASTLE", "原始细胞%", "%", "BLAST", "%", "1", (1, 1, 1), "HEMA", "0-0"),
    _t("PT", "凝血酶原时间", "秒", "PT", "sec", "1", (1, 1, 1), "COAG", "9.8-12.1"),
    _t("INR", "国际标准化比值", "", "INR", "", "1", (2, 2, 2), "COAG", "0.8-1.2"),
    _t("APTT", "活化部分凝血活酶时间", "秒", "APTT", "sec", "1", (1, 1, 1), "COAG", "22.7-31.8"),
    _t("FIBRINO", "纤维蛋白原", "g/L", "FIB", "mg/dL", "0.01", (2, 0, 2), "COAG", "2.0-4.0"),
    _t("DDIMER", "D-二聚体", "mg/L FEU", "D-Dimer", "ng/mL FEU", "0.001", (2, 0, 3), "COAG", "0-0.5"),
    _t("ALT", "丙氨酸氨基转移酶", "U/L", "ALT", "IU/L", "1", (0, 0, 0), "CHEM", "9-50", "7-40"),
    _t("AST", "天门冬氨酸氨基转移酶", "U/L", "AST", "IU/L", "1", (0, 0, 0), "CHEM", "15-40", "13-35"),
    _t("ALP", "碱性磷酸酶", "U/L", "ALP", "IU/L", "1", (0, 0, 0), "CHEM", "45-125", "35-100"),
    _t("GGT", "γ-谷氨酰转移酶", "U/L", "GGT", "IU/L", "1", (0, 0, 0), "CHEM", "10-60", "7-45"),
    _t("BILI", "总胆红素", "μmol/L", "T-BIL", "mg/dL", "17.104", (1, 2, 1), "CHEM", "0-26", "0-21"),
    _t("BILDIR", "直接胆红素", "μmol/L", "D-BIL", "mg/dL", "17.104", (1, 2, 1), "CHEM", "0-8"),
    _t("PROT", "总蛋白", "g/L", "TP", "g/dL", "10", (0, 1, 0), "CHEM", "65-85"),
    _t("ALB", "白蛋白", "g/L", "ALB", "g/dL", "10", (0, 1, 0), "CHEM", "40-55"),
    _t("CREAT", "肌酐", "μmol/L", "CREA", "mg/dL", "88.42", (0, 2, 1), "CHEM", "57-97", "41-73"),
    _t("UREA", "尿素", "mmol/L", "BUN", "mg/dL", "0.357", (1, 0, 2), "CHEM", "3.1-8.0", "2.6-7.5"),
    _t("URATE", "尿酸", "μmol/L", "UA", "mg/dL", "59.48", (0, 1, 0), "CHEM", "208-428", "155-357"),
    _t("GLUC", "葡萄糖", "mmol/L", "GLU", "mg/dL", "0.05551", (2, 0, 2), "CHEM", "3.9-6.1"),
    _t("SODIUM", "钠", "mmol/L", "Na", "mEq/L", "1", (0, 0, 0), "CHEM", "137-147"),
    _t("K", "钾", "mmol/L", "K", "mEq/L", "1", (2, 2, 2), "CHEM", "3.5-5.3"),
    _t("CL", "氯", "mmol/L", "Cl", "mEq/L", "1", (0, 0, 0), "CHEM", "99-110"),
    _t("CA", "钙", "mmol/L", "Ca", "mg/dL", "0.2495", (2, 1, 2), "CHEM", "2.11-2.52"),
    _t("PHOS", "无机磷", "mmol/L", "P", "mg/dL", "0.3229", (2, 1, 2), "CHEM", "0.85-1.51"),
    _t("MG", "镁", "mmol/L", "Mg", "mg/dL", "0.4114", (2, 1, 2), "CHEM", "0.75-1.02"),
    _t("LDH", "乳酸脱氢酶", "U/L", "LDH", "IU/L", "1", (0, 0, 0), "CHEM", "120-250"),
)
TEST_BY_CODE = {test.code: test for test in LAB_TESTS}
# (code, male): the age from which the second range holds, and that range.
AGE_RANGES = {
    ("ALP", False): (50, "50-135"), ("CREAT", True): (60, "57-111"), ("CREAT", False): (60, "41-81"),
    ("UREA", True): (60, "3.6-9.5"), ("UREA", False): (60, "3.1-8.8"),
}
ALT_CHANGE = date(2022, 1, 1)
ALT_LATER = {True: "9-45", False: "7-35"}
BUN_RANGE = (Decimal(7), Decimal(20))


def _limits(text: str) -> Limits:
    low, high = text.split("-")
    return Decimal(low), Decimal(high)


def range_a(code: str, male: bool, age: int, day: date | None = None) -> Limits:
    """Range of laboratory A in its unit; with `day`, the one in force then, else the first one."""
    test = TEST_BY_CODE[code]
    if code == "ALT" and day is not None and day >= ALT_CHANGE:
        return _limits(ALT_LATER[male])
    from_age, later = AGE_RANGES.get((code, male), (10**6, ""))
    return _limits(later if age >= from_age else test.male if male else test.female)


def range_b(code: str, male: bool, age: int) -> Limits:
    """Range of laboratory B in its unit: that of A over the factor, rounded as B writes its results."""
    if code == "UREA":
        return BUN_RANGE
    test = TEST_BY_CODE[code]
    low, high = range_a(code, male, age)
    return half_up(low / test.factor, test.decimals[1]), half_up(high / test.factor, test.decimals[1])


def collected(code: str, value: float, lab_b: bool) -> Decimal:
    """A true value (unit of laboratory A) as the laboratory writes it, in its own unit and decimals."""
    test = TEST_BY_CODE[code]
    number = Decimal(repr(float(value)))
    return half_up(number / test.factor, test.decimals[1]) if lab_b else half_up(number, test.decimals[0])


def standard(code: str, number: Decimal, lab_b: bool) -> Decimal:
    """A collected number or limit in the standard unit, rounded as standard results are."""
    test = TEST_BY_CODE[code]
    return half_up(number * test.factor if lab_b else number, test.decimals[2])
