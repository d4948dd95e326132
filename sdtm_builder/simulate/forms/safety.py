"""AE and MEDDRA: adverse events and their coding, joined by subject and event number."""

from __future__ import annotations

from ..events import Event
from ..record import PersonRecord
from ..tables import Cell, FormWriter, Sheet, clock, english, form, yes_no
from ..terms import CRS, ICANS, coding


def ae_form() -> Sheet:
    """One record an event."""
    return form("AE", ("SUBJID", "AENO"), {
        "AENO": "AE编号 / AE no.", "AETERM_ZH": "AE名称(中文) / AE term (Chinese)",
        "AETERM_EN": "AE名称(英文) / AE term (English)", "AESTDAT": "开始日期 / Start date",
        "AESTTIM": "开始时间 / Start time", "AEENDAT": "结束日期 / End date", "AEENTIM": "结束时间 / End time",
        "AEONG": "是否持续 / Ongoing", "AEGR": "CTCAE等级 / CTCAE grade (maximum)",
        "AESPEC": "特殊关注AE / AE of special interest", "ASTCTGR": "ASTCT 2019等级 / ASTCT 2019 grade",
        "DLTYN": "剂量限制性毒性 / Dose-limiting toxicity", "AESER": "是否严重 / Serious", "SDTH": "导致死亡 / Death",
        "SLIFE": "危及生命 / Life-threatening", "SHOSP": "住院或延长住院 / Hospitalisation or its prolongation",
        "SDISAB": "残疾或功能丧失 / Disability or incapacity", "SCONG": "先天异常 / Congenital anomaly",
        "SMIE": "其他重要医学事件 / Other medically important event",
        "RELLD": "与清淋的关系 / Relation to lymphodepletion",
        "RELCT": "与LstCAR019的关系 / Relation to LstCAR019",
        "ACNLD": "对清淋采取的措施 / Action taken with lymphodepletion",
        "ACNCT": "对LstCAR019采取的措施 / Action taken with LstCAR019", "CONTRT": "合并治疗 / Concomitant treatment",
        "AEOUT": "转归 / Outcome", "PREVAENO": "关联AE编号 / Linked AE no.",
    })


def meddra_form() -> Sheet:
    """One record an adverse event."""
    return form("MEDDRA", ("SUBJID", "AENO"), {
        "AENO": "AE编号 / AE no.", "LLT": "低位语 / Lowest level term", "LLTCD": "低位语编码 / Lowest level term code",
        "PT": "首选语 / Preferred term", "PTCD": "首选语编码 / Preferred term code",
        "SOC": "系统器官分类 / System organ class", "SOCCD": "系统器官分类编码 / System organ class code",
        "DICTVER": "词典版本 / Dictionary version",
    })


def fill_ae(writer: FormWriter, record: PersonRecord) -> None:
    """AE records of a person, in order of number."""
    subject = record.subject
    for event in record.events:
        writer.add(subject.number, event.start, _what(event) | _judgement(event))


def _what(event: Event) -> dict[str, Cell]:
    special = event.term in (CRS, ICANS)
    return {
        "AENO": str(event.number), "AETERM_ZH": event.term.zh, "AETERM_EN": event.term.en,
        "AESTDAT": english(event.start), "AESTTIM": clock(event.start_time) if event.start_time else None,
        "AEENDAT": english(event.end) if event.end else None,
        "AEENTIM": clock(event.end_time) if event.end_time else None,
        "AEONG": "是" if event.end is None else None, "AEGR": f"{event.grade}级",
        "AESPEC": event.term.key if special else "无", "ASTCTGR": f"{event.grade}级" if special else None,
    }


def _judgement(event: Event) -> dict[str, Cell]:
    cells: dict[str, Cell] = {
        "DLTYN": yes_no(event.dlt), "AESER": yes_no(event.serious), "RELLD": event.relation_ld,
        "RELCT": event.relation, "ACNLD": event.action_ld, "ACNCT": "不适用", "CONTRT": yes_no(event.treated),
        "AEOUT": event.outcome,
    }
    if event.serious:
        cells |= {"SDTH": yes_no(event.fatal), "SLIFE": yes_no(event.grade == 4), "SHOSP": yes_no(not event.fatal),
                  "SDISAB": "否", "SCONG": "否", "SMIE": "否"}
    return cells


def fill_meddra(writer: FormWriter, record: PersonRecord) -> None:
    """Coding records of a person."""
    subject = record.subject
    for event in record.events:
        writer.add(subject.number, event.start, {"AENO": str(event.number), **coding(event.term)})
