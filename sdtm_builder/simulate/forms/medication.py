"""CM and WHODD: drug courses and their coding, joined by subject and course number."""

from __future__ import annotations

from ..medication import drug_code
from ..record import PersonRecord
from ..tables import FormWriter, Sheet, english, form


def cm_form() -> Sheet:
    """One record a drug course."""
    return form("CM", ("SUBJID", "CMNO"), {
        "CMNO": "合并用药编号 / Medication no.", "CMTRT_ZH": "药物名称(中文) / Medication (Chinese)",
        "CMTRT_EN": "药物名称(英文) / Medication (English)", "CMCAT": "类别 / Category", "CMDOSE": "剂量 / Dose",
        "CMDOSU": "剂量单位 / Dose unit", "CMFRQ": "频次 / Frequency", "CMROUTE": "给药途径 / Route",
        "CMSTDAT": "开始日期 / Start date", "CMSTTIM": "开始时间 / Start time", "CMENDAT": "结束日期 / End date",
        "CMONG": "是否持续 / Ongoing", "INDC_ZH": "适应证(中文) / Indication (Chinese)",
        "INDC_EN": "适应证(英文) / Indication (English)", "AENO": "相关AE编号 / Related AE no.",
    })


def whodd_form() -> Sheet:
    """One record a drug course."""
    return form("WHODD", ("SUBJID", "CMNO"), {
        "CMNO": "合并用药编号 / Medication no.", "PREFNM": "通用名 / Preferred name",
        "PREFCD": "通用名编码 / Preferred name code", "ATC": "治疗分类 / ATC class",
    })


def fill_cm(writer: FormWriter, record: PersonRecord) -> None:
    """CM records of a person, in order of number."""
    for course in record.courses:
        drug = course.drug
        writer.add(record.subject.number, course.start, {
            "CMNO": str(course.number), "CMTRT_ZH": drug.zh, "CMTRT_EN": drug.en, "CMCAT": drug.category,
            "CMDOSE": drug.dose, "CMDOSU": drug.unit, "CMFRQ": drug.frequency, "CMROUTE": drug.route,
            "CMSTDAT": english(course.start), "CMENDAT": english(course.end) if course.end else None,
            "CMONG": None if course.end else "是", "INDC_ZH": course.indication[0], "INDC_EN": course.indication[1],
            "AENO": str(course.event.number) if course.event else None,
        })


def fill_whodd(writer: FormWriter, record: PersonRecord) -> None:
    """WHODD records of a person."""
    for course in record.courses:
        writer.add(record.subject.number, course.start, {
            "CMNO": str(course.number), "PREFNM": course.drug.generic, "PREFCD": drug_code(course.drug),
            "ATC": course.drug.atc,
        })
