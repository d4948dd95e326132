"""LB of LstCAR019 programmed a second time: plain pandas over the raw files, compared with the written lb.xpt.

Nothing of the package is imported: the command line makes the raw files and the datasets, pyreadstat reads them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pyreadstat
import pytest

from .conftest import Files

# Header of laboratory A, of B, code, factor from B's unit to the standard one, decimals, category.
TESTS = """
白细胞 WBC WBC 1 2 H|红细胞 RBC RBC 1 2 H|血红蛋白 Hb HGB 10 0 H|红细胞压积 HCT HCT 100 1 H|血小板 PLT PLAT 1 0 H
中性粒细胞 NEU NEUT 0.001 3 H|淋巴细胞 LYM LYM 0.001 3 H|单核细胞 MON MONO 0.001 3 H|中性粒细胞% NEU% NEUTLE 1 1 H
淋巴细胞% LYM% LYMLE 1 1 H|原始细胞% BLAST BLASTLE 1 1 H|凝血酶原时间 PT PT 1 1 G|国际标准化比值 INR INR 1 2 G
活化部分凝血活酶时间 APTT APTT 1 1 G|纤维蛋白原 FIB FIBRINO 0.01 2 G|D-二聚体 D-Dimer DDIMER 0.001 3 G
丙氨酸氨基转移酶 ALT ALT 1 0 C|天门冬氨酸氨基转移酶 AST AST 1 0 C|碱性磷酸酶 ALP ALP 1 0 C|γ-谷氨酰转移酶 GGT GGT 1 0 C
总胆红素 T-BIL BILI 17.104 1 C|直接胆红素 D-BIL BILDIR 17.104 1 C|总蛋白 TP PROT 10 0 C|白蛋白 ALB ALB 10 0 C
肌酐 CREA CREAT 88.42 1 C|尿素 - UREA 1 2 C|- BUN UREAN 0.357 2 C|尿酸 UA URATE 59.48 0 C|葡萄糖 GLU GLUC 0.05551 2 C
钠 Na SODIUM 1 0 C|钾 K K 1 2 C|氯 Cl CL 1 0 C|钙 Ca CA 0.2495 2 C|无机磷 P PHOS 0.3229 2 C|镁 Mg MG 0.4114 2 C
乳酸脱氢酶 LDH LDH 1 0 C
"""
STANDARD = {
    **dict.fromkeys(("WBC", "PLAT", "NEUT", "LYM", "MONO"), "10^9/L"), "RBC": "10^12/L", "HGB": "g/L", "INR": "",
    **dict.fromkeys(("HCT", "NEUTLE", "LYMLE", "BLASTLE", "BLASTCE"), "%"), "PT": "s", "APTT": "s", "FIBRINO": "g/L",
    "DDIMER": "mg/L FEU", **dict.fromkeys(("ALT", "AST", "ALP", "GGT", "LDH"), "U/L"), "PROT": "g/L", "ALB": "g/L",
    **dict.fromkeys(("BILI", "BILDIR", "CREAT", "URATE"), "umol/L"), "INTLK6": "ng/L", "CRP": "mg/L",
    **dict.fromkeys(("UREA", "UREAN", "GLUC", "SODIUM", "K", "CL", "CA", "PHOS", "MG"), "mmol/L"), "FERRITIN": "ug/L",
}  # fmt: skip
# Terms of the units as collected; a unit that is not here is unknown and stays as it is.
TERMS = {
    **dict.fromkeys(("10^9/L", "×10⁹/L", "10*9/L", "10E9/L", "G/L", "K/uL"), "10^9/L"), "10^12/L": "10^12/L",
    "M/uL": "10^12/L", "/uL": "10^6/L", "g/L": "g/L", "g/dL": "g/dL", "%": "%", "L/L": "L/L", "秒": "s", "sec": "s",
    **dict.fromkeys(("μmol/L", "µmol/L", "umol/L", "umol/l", "微摩尔/升"), "umol/L"), "mg/dL": "mg/dL", "U/L": "U/L",
    "IU/L": "IU/L", "mmol/L": "mmol/L", "mEq/L": "mEq/L", "mg/L FEU": "mg/L FEU", "ng/mL FEU": "ug/L FEU",
    "pg/mL": "ng/L", "mg/L": "mg/L", "ng/mL": "ug/L",
}  # fmt: skip
CATEGORY = {"H": ("HEMATOLOGY", "BLOOD"), "G": ("COAGULATION", "PLASMA"), "C": ("CHEMISTRY", "SERUM")}
SEXES = {"男": "M", "男性": "M", "Male": "M", "M": "M", "女": "F", "女性": "F", "Female": "F", "F": "F"}
CONDITIONS = {"正常": "", "更正": "", "OK": "", "溶血": "HEMOLYZED", "脂血": "LIPEMIC", "凝块": "CLOTTED"}
CYTOKINES = {"IL6": ("INTLK6", 1), "CRP": ("CRP", 1), "FER": ("FERRITIN", 0)}
PLANNED = {
    "SCR": 1, "LD": 2, "D-1": 3, "D1": 4, "D2": 5, "D4": 6, "D6": 7, "D8": 8, "D11": 9, "D15": 10, "D22": 11, "W4": 12,
    "W8": 13, "W12": 14, "M6": 15, "M9": 16, "M12": 17,
}  # fmt: skip


@dataclass
class Measure:
    code: str
    factor: str
    digits: int
    category: str


def lab_tests() -> dict[tuple[str, str], Measure]:
    """(laboratory, header) -> test."""
    found = {}
    for one in re.split(r"[|\n]", TESTS.strip()):
        a, b, code, factor, digits, panel = one.split()
        found["LABA", a] = Measure(code, "1", int(digits), panel)
        found["LABB", b] = Measure(code, factor, int(digits), panel)
    return found


LAB = lab_tests()


# Values


def narrow(text: str) -> str:
    """Full-width signs as ASCII, blanks at the ends gone."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text).strip(" \u3000\u00a0")


def read(text: str) -> tuple[str, Decimal | None]:
    """Sign and number of a result."""
    match = re.fullmatch(r"([<>]?)\s*([0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]+)?)", text)
    return (match[1], Decimal(match[2])) if match else ("", None)


def rounded(number: Decimal, digits: int) -> str:
    """Half up, without trailing zeros."""
    text = format(number.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def indicator(sign: str, number: Decimal | None, low: str, high: str) -> str:
    """LOW, NORMAL, HIGH in the collected unit."""
    if number is None:
        return ""
    lo, hi = (Decimal(x) if x else None for x in (low, high))
    if sign == "<":
        if lo is not None and number <= lo:
            return "LOW"
        return "NORMAL" if (lo is None or lo == 0) and hi is not None and number <= hi else ""
    if sign == ">":
        return "HIGH" if hi is not None and number >= hi else ""
    if lo is not None and number < lo:
        return "LOW"
    if hi is not None and number > hi:
        return "HIGH"
    return "NORMAL" if lo is not None and hi is not None else ""


def record(test: str, factor: str, digits: int, result: str, unit: str, low: str, high: str) -> dict[str, str]:
    """Original and standard result, unit, limits, indicator."""
    term = TERMS.get(unit, unit)
    sign, number = read(result)
    usable = test == "INR" or unit in TERMS
    made = {"LBORRES": result, "LBORRESU": term, "LBORNRLO": low, "LBORNRHI": high,
            "LBNRIND": indicator(sign, number, low, high)}  # fmt: skip
    if number is None:  # 6,3 was not converted: nothing of it stands under the standard unit
        text, unit = ("", "") if any(c.isdigit() for c in result) else (result, STANDARD[test])
        return {**made, "LBSTRESC": text, "LBSTRESN": "", "LBSTRESU": unit, "LBSTNRLO": "", "LBSTNRHI": ""}
    if not usable:
        return {**made, **dict.fromkeys(("LBSTRESC", "LBSTRESN", "LBSTRESU", "LBSTNRLO", "LBSTNRHI"), "")}
    value = rounded(number * Decimal(factor), digits)
    limits = {name: rounded(Decimal(x) * Decimal(factor), digits) if x else ""
              for name, x in (("LBSTNRLO", low), ("LBSTNRHI", high))}  # fmt: skip
    return {**made, "LBSTRESC": sign + value, "LBSTRESN": "" if sign else value, "LBSTRESU": STANDARD[test], **limits}


# Raw files


def sheet(file: Path, name: str) -> list[list[Any]]:
    frame = pd.read_excel(file, sheet_name=name, header=None, dtype=object, engine="openpyxl")
    return [[None if pd.isna(v) else v for v in row] for row in frame.to_numpy().tolist()]


def form(raw: Path, name: str) -> pd.DataFrame:
    """A form of the workbook: names in row 1, labels in row 2; texts without blanks at their ends."""
    names, _, *rows = sheet(raw / "edc.xlsx", name)
    return pd.DataFrame([[narrow(str(v)) if v is not None else "" for v in row] for row in rows], columns=names)


def day_of(value: Any) -> date:
    """A date cell, a serial number of Excel, or a text."""
    if isinstance(value, datetime):
        return value.date()
    if re.fullmatch(r"[0-9]{5}", str(value)):
        return date(1899, 12, 30) + timedelta(days=int(value))
    return date(*map(int, re.split(r"[/-]", str(value))))


class Study:
    """What the records need to know of subjects and ranges."""

    def __init__(self, raw: Path) -> None:
        self.raw = raw
        subjects = form(raw, "SUBJ")
        self.person = {n: f"LSTCAR019-01-{p}" for n, p in zip(subjects["SUBJID"], subjects["PERSID"], strict=True)}
        last = {self.person[n]: n for n in subjects.sort_values("SCRDT")["SUBJID"]}
        people = form(raw, "DM").set_index("SUBJID")
        self.sex = {p: SEXES[people.loc[n, "SEX"]] for p, n in last.items()}
        self.age = {p: int(people.loc[n, "AGE"]) for p, n in last.items()}
        self.earlier = {n for n, p in self.person.items() if last[p] != n}
        doses, bags = form(raw, "LD"), form(raw, "INF")
        self.first_dose = self._first(doses["SUBJID"], doses["LDDAT"].str.replace("/", "-") + "T" + doses["LDSTTIM"])
        self.infusion = self._first(bags["SUBJID"], bags["INFDAT"])
        names, *rows = sheet(raw / "lab_ranges.xlsx", "参考范围")
        self.ranges = [dict(zip(names, row, strict=True)) for row in rows]

    def _first(self, numbers: pd.Series, when: pd.Series) -> dict[str, str]:
        found: dict[str, str] = {}
        for number, text in zip(numbers, when, strict=True):
            person = self.person[number]
            found[person] = min(found.get(person, text), text)
        return found

    def range_of(self, lab: str, code: str, person: str, day: date) -> tuple[str, str, str]:
        """Limits and effective date of the range in force; one with its low above its high is none."""
        fits = [
            r for r in self.ranges
            if r["LAB"] == lab and LAB[lab, r["TEST"]].code == code and r["SEX"] in ("通用", "男", "女")
            and (r["SEX"] == "通用" or SEXES[r["SEX"]] == self.sex[person]) and day_of(r["EFFDAT"]) <= day
            and (r["AGELO"] is None or int(r["AGELO"]) <= self.age[person])
            and (r["AGEHI"] is None or self.age[person] <= int(r["AGEHI"]))
        ]  # fmt: skip
        if not fits:
            return "", "", ""
        best = max(fits, key=lambda r: day_of(r["EFFDAT"]))
        if Decimal(str(best["LOW"])) > Decimal(str(best["HIGH"])):
            return "", "", ""
        return str(best["LOW"]), str(best["HIGH"]), day_of(best["EFFDAT"]).isoformat()


def local(study: Study) -> list[dict[str, Any]]:
    """Records of the two local laboratories."""
    made = []
    for file in ("lab_hema.xlsx", "lab_chem.xlsx"):
        samples: dict[tuple[str, str, str], tuple[list[Any], list[Any], list[Any], str]] = {}
        names = pd.ExcelFile(study.raw / file, engine="openpyxl").sheet_names
        for name in names:
            lab, panel = ("LABA" if "_A" in name else "LABB"), name.split("_")[0]
            rows = sheet(study.raw / file, name)
            top = next(i for i, row in enumerate(rows) if row[0] == "中心编号")
            head, units = rows[top], rows[top + 1]
            for row in rows[top + 2 :]:
                cells = dict(zip(head, row, strict=True))
                if cells["受试者编号"] is None:
                    continue
                key = (panel, str(cells["受试者编号"]), str(cells["标本号"]))
                if key in samples:
                    assert cells["标本状态"] == "更正", key  # a corrected sample takes the place of the first
                samples[key] = (head, units, row, lab)
        for head, units, row, lab in samples.values():
            made += wide(study, head, units, row, lab)
    return made


def wide(study: Study, head: list[Any], units: list[Any], row: list[Any], lab: str) -> list[dict[str, Any]]:
    cells = dict(zip(head, row, strict=True))
    person, day = study.person[cells["受试者编号"]], day_of(cells["采样日期"])
    made = []
    for header, unit, value in zip(head, units, row, strict=True):
        test = LAB.get((lab, "纤维蛋白原" if header == "Fib" else header))
        if test is None or value is None:
            continue
        low, high, since = study.range_of(lab, test.code, person, day)
        factor = test.factor
        category, specimen = CATEGORY[test.category]
        made.append({
            "USUBJID": person, "LBTESTCD": test.code, "LBCAT": category, "LBSPEC": specimen, "LBNAM": lab,
            "LBMETHOD": "", "LBREFID": cells["标本号"], "LBREPNUM": "", "LBSPCCND": CONDITIONS[cells["标本状态"]],
            "LBDTC": f"{day}T{cells['采样时间']}", "visit": cells["访视"], "number": cells["受试者编号"],
            "LBRNGEFF": since, **record(test.code, factor, test.digits, narrow(str(value)), unit or "", low, high),
        })  # fmt: skip
    return made


def cytokines(study: Study) -> list[dict[str, Any]]:
    """Records of the central laboratory."""
    made = []
    frame = pd.read_csv(study.raw / "cytokine.csv", dtype=str, encoding="utf-8-sig", keep_default_na=False)
    for row in frame.to_dict("records"):
        code, digits = CYTOKINES[row["TEST"]]
        result = narrow(row["RESULT"])
        if result[0] in "<>":
            result = result.replace(" ", "").replace(",", "")
        number = row["SUBJECT"].removeprefix("01-")
        day, clock = row["COLDATE"], row["COLTIME"]
        made.append({
            "USUBJID": study.person[number], "LBTESTCD": code, "LBCAT": "CYTOKINE", "LBSPEC": "SERUM",
            "LBNAM": "CYTLAB", "LBMETHOD": "", "LBREFID": row["SPECID"], "LBREPNUM": str(int(row["REPEAT"]) + 1),
            "LBSPCCND": CONDITIONS.get(row["CONDITION"], row["CONDITION"]),
            "LBDTC": f"{day[:4]}-{day[4:6]}-{day[6:]}T{clock[:2]}:{clock[2:]}", "visit": row["VISIT"], "number": number,
            "LBRNGEFF": "", **record(code, "1", digits, result, row["UNIT"], row["REFLO"], row["REFHI"]),
        })  # fmt: skip
    for one in made:  # its limits are standard ones although a result is no number
        digits = 0 if one["LBTESTCD"] == "FERRITIN" else 1
        one |= {f"LBSTNR{e}": rounded(Decimal(one[f"LBORNR{e}"]), digits) for e in ("LO", "HI")}
    return made


def marrow(study: Study) -> list[dict[str, Any]]:
    """Blasts of the marrow."""
    return [
        {
            "USUBJID": study.person[row["SUBJID"]], "LBTESTCD": "BLASTCE", "LBCAT": "BONE MARROW",
            "LBSPEC": "BONE MARROW", "LBNAM": "", "LBMETHOD": "LIGHT MICROSCOPY",
            "LBREFID": f"BMA-{row['SUBJID']}-{row['ROWNO']}", "LBREPNUM": "",
            "LBSPCCND": "", "LBDTC": day_of(row["BMDAT"]).isoformat(), "visit": row["VISCODE"],
            "number": row["SUBJID"], "LBRNGEFF": "", **record("BLASTCE", "1", 1, row["BLAST"], "%", "", ""),
        }
        for row in form(study.raw, "BMA").to_dict("records")
    ]  # fmt: skip


def expected(raw: Path) -> pd.DataFrame:
    """All records, with study day and the flag of the last result before the first dose."""
    study = Study(raw)
    made = pd.DataFrame(local(study) + cytokines(study) + marrow(study))
    start = made["USUBJID"].map(study.infusion)
    days = (pd.to_datetime(made["LBDTC"].str[:10]) - pd.to_datetime(start)).dt.days
    made["LBDY"] = ["" if pd.isna(d) else str(int(d) + (d >= 0)) for d in days]
    made["VISITNUM"] = made["visit"].map(PLANNED)
    made.loc[(made["visit"] == "SCR") & made["number"].isin(study.earlier), "VISITNUM"] = 0.1
    dose = made["USUBJID"].map(study.first_dose)
    timed = made["LBDTC"].str.len() > 10
    same_day = made["LBDTC"].str[:10] == dose.str[:10]
    before = dose.notna() & (made["LBSTRESC"] != "")
    before &= (made["LBDTC"].str[:10] < dose.str[:10]) | (same_day & timed & (made["LBDTC"] < dose)) | (
        same_day & ~timed & (made["VISITNUM"] <= 1)
    )  # fmt: skip
    groups = ["USUBJID", "LBTESTCD", "LBCAT", "LBSPEC", "LBMETHOD"]
    ranked = made[before].sort_values(["LBDTC", "VISITNUM", "LBREFID", "LBREPNUM"], kind="stable")
    made["LBLOBXFL"] = ""
    made.loc[ranked.groupby(groups, sort=False).tail(1).index, "LBLOBXFL"] = "Y"
    return made


# What was built

KEYS = ["USUBJID", "LBTESTCD", "LBDTC", "LBREFID", "LBREPNUM"]
COMPARED = [
    "LBCAT", "LBSPEC", "LBMETHOD", "LBNAM", "LBSPCCND", "LBORRES", "LBORRESU", "LBORNRLO", "LBORNRHI", "LBSTRESC",
    "LBSTRESN", "LBSTRESU", "LBSTNRLO", "LBSTNRHI", "LBNRIND", "LBLOBXFL", "LBDY", "LBRNGEFF",
]  # fmt: skip


def text_of(value: Any) -> str:
    """A value of the file as text; numbers without trailing zeros."""
    if isinstance(value, float):
        return "" if pd.isna(value) else format(Decimal(repr(value)).normalize(), "f")
    return str(value)


def written(out: Path) -> pd.DataFrame:
    """lb.xpt with the effective date of its supplemental qualifiers."""
    lb, _ = pyreadstat.read_xport(str(out / "sdtm" / "lb.xpt"))
    supp, _ = pyreadstat.read_xport(str(out / "sdtm" / "supplb.xpt"))
    since = supp[supp["QNAM"] == "LBRNGEFF"].set_index(["USUBJID", "IDVARVAL"])["QVAL"]
    lb["number"] = [format(n, "g") for n in lb["LBSEQ"]]
    lb = lb.join(since.rename("LBRNGEFF"), on=["USUBJID", "number"])
    lb["LBRNGEFF"] = lb["LBRNGEFF"].fillna("")
    visits = lb["VISITNUM"]
    lb = lb.astype(object).map(text_of)
    lb["VISITNUM"] = visits
    return lb


@pytest.fixture(scope="module", params=["none", "all"])
def pair(request: pytest.FixtureRequest, files: Files) -> tuple[pd.DataFrame, pd.DataFrame]:
    raw, out = files(68, request.param)
    return expected(raw), written(out)


def test_every_value_is_the_same(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    mine, built = pair
    assert len(mine) == len(built)
    assert not mine.duplicated(KEYS).any()
    both = mine.merge(built, on=KEYS, how="outer", suffixes=("_oracle", "_built"), indicator=True)
    assert set(both["_merge"]) == {"both"}
    differ = {}
    for name in COMPARED:
        odd = both[both[f"{name}_oracle"] != both[f"{name}_built"]]
        if len(odd):
            differ[name] = odd[[*KEYS, f"{name}_oracle", f"{name}_built"]].head(5).to_dict("records")
    assert differ == {}


def test_visits_by_the_labels_of_each_file(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """A planned visit has its number; an unscheduled one lies after a planned one, its date one number."""
    both = pair[0].merge(pair[1], on=KEYS, suffixes=("_oracle", "_built"))
    planned = both["VISITNUM_oracle"].notna()
    assert (both.loc[planned, "VISITNUM_oracle"] == both.loc[planned, "VISITNUM_built"]).all()
    odd = both[~planned]
    assert set(odd["visit"]) == {"UNS"}
    part = odd["VISITNUM_built"] % 1
    assert ((part > 0.005) & (part < 0.995)).all()
    dates = odd.assign(day=odd["LBDTC"].str[:10]).groupby(["USUBJID", "day"])["VISITNUM_built"].nunique()
    assert (dates == 1).all()


def test_indicators_and_flags_are_all_there(pair: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    """The comparison is of something: every indicator, condition of ranges, and limit of results occurs."""
    mine = pair[0]
    assert set(mine["LBNRIND"]) == {"", "LOW", "NORMAL", "HIGH"}
    assert set(mine["LBRNGEFF"]) == {"", "2020-01-01", "2022-01-01"}
    assert mine["LBSTRESC"].str.startswith(">").any()
    assert set(mine["LBNAM"]) == {"", "LABA", "LABB", "CYTLAB"}
