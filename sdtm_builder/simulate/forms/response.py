"""BMA, RS and TR: marrow, response assessments, later therapy."""

from __future__ import annotations

from datetime import timedelta

from ..record import PersonRecord
from ..rng import text_of
from ..schedule import Visit
from ..subject import Assessment
from ..tables import Cell, FormWriter, Sheet, chinese, form, iso, yes_no
from .visits import visit_cells

MRD_NEGATIVE = "<0.01"
REMISSION = frozenset({"CR", "CRi"})
EXTRAMEDULLARY = {"CR": "消失", "CRi": "消失", "PR": "缩小", "NR": "稳定", "PD": "进展", "复发": "进展"}
BASES = {
    "CR": ("骨髓形态缓解,血象恢复", "Marrow in remission, blood counts recovered"),
    "CRi": ("骨髓形态缓解,血象未完全恢复", "Marrow in remission, blood counts not fully recovered"),
    "PR": ("髓外病变缩小", "Extramedullary disease reduced"),
    "NR": ("骨髓原始细胞未缓解", "Marrow blasts not in remission"),
    "PD": ("骨髓原始细胞增多", "Marrow blasts increased"),
    "复发": ("骨髓原始细胞再现", "Marrow blasts have returned"),
}
SALVAGE, SALVAGE_DAYS = "FLAG-IDA", 27


def bma_form() -> Sheet:
    """One record a marrow aspiration."""
    return form("BMA", ("SUBJID", "VISCODE", "BMDAT"), {
        "BMDAT": "骨穿日期 / Date of aspiration", "SMPQ": "取材满意 / Sample adequate",
        "BLAST": "原始细胞(%) / Blasts (%)",
        "MRDMTH": "MRD检测方法 / MRD method", "MRDRES": "MRD结果 / MRD result", "MRDVAL": "MRD数值(%) / MRD level (%)",
        "BMRPT": "形态报告(中文) / Morphology report (Chinese)",
        "BMRPT_EN": "形态报告(英文) / Morphology report (English)",
    }, visit=True)


def rs_form() -> Sheet:
    """One record a response assessment."""
    return form("RS", ("SUBJID", "VISCODE", "RSDAT"), {
        "RSDAT": "评估日期 / Date of assessment", "RSP": "总体疗效 / Overall response",
        "EMDYN": "髓外病变 / Extramedullary disease", "EMDST": "髓外评估 / Extramedullary assessment",
        "CNS": "中枢状态 / CNS status", "RSBASE": "评估依据(中文) / Basis (Chinese)",
        "RSBASE_EN": "评估依据(英文) / Basis (English)",
    }, visit=True)


def tr_form() -> Sheet:
    """One record a later therapy."""
    return form("TR", ("SUBJID", "ROWNO"), {
        "TRTYPE": "治疗类型 / Type of therapy", "TRNAME": "治疗名称(中文) / Therapy (Chinese)",
        "TRNAME_EN": "治疗名称(英文) / Therapy (English)", "TRDAT": "开始日期 / Start date",
        "TRENDAT": "结束日期 / End date", "TRREAS": "治疗原因 / Reason", "DONOR": "供者 / Donor",
    })


def fill_bma(writer: FormWriter, record: PersonRecord) -> None:
    """BMA records of a person: at screening, then with each assessment."""
    subject = record.subject
    for visit in subject.held:
        if visit.code == "SCR":
            _aspirate(writer, subject.number_of(visit), visit, subject.past.blasts, negative=False, remission=False)
    for found in subject.assessments:
        _aspirate(writer, subject.number, found.visit, found.blasts, found.mrd_negative, found.value in REMISSION)


def _aspirate(writer: FormWriter, number: str, visit: Visit, blasts: float, negative: bool, remission: bool) -> None:
    percent = text_of(blasts, 1)
    level = MRD_NEGATIVE if negative else text_of(blasts / 10 if remission else blasts * 0.9, 2)
    if remission:
        report = (f"骨髓增生减低,原始细胞{percent}%", f"Hypocellular marrow, blasts {percent} %")
    else:
        report = (f"骨髓增生活跃,原始淋巴细胞{percent}%", f"Cellular marrow, lymphoblasts {percent} %")
    writer.add(number, visit.at.date(), visit_cells(visit.code) | {
        "BMDAT": iso(visit.at.date()), "SMPQ": "是", "BLAST": percent, "MRDMTH": "流式",
        "MRDRES": "阴性" if negative else "阳性", "MRDVAL": level, "BMRPT": report[0], "BMRPT_EN": report[1],
    })


def fill_rs(writer: FormWriter, record: PersonRecord) -> None:
    """RS records of an infused person."""
    subject = record.subject
    for found in subject.assessments:
        day = found.visit.at.date()
        writer.add(subject.number, day, visit_cells(found.visit.code) | {
            "RSDAT": iso(day), "RSP": found.value, "EMDYN": yes_no(found.extramedullary),
            "EMDST": _extramedullary(found, subject.past.extramedullary), "CNS": subject.past.cns,
            "RSBASE": BASES[found.value][0], "RSBASE_EN": BASES[found.value][1],
        })


def _extramedullary(found: Assessment, at_baseline: bool) -> str:
    """Course of extramedullary disease; not applicable where there was and is none."""
    if found.value == "复发" and not found.extramedullary:
        return "消失" if at_baseline else "不适用"
    return EXTRAMEDULLARY[found.value] if at_baseline or found.extramedullary else "不适用"


def fill_tr(writer: FormWriter, record: PersonRecord) -> None:
    """TR records of an infused person, in order of start."""
    subject, end = record.subject, record.subject.fate
    if end is None:
        return
    rows: list[tuple[int, dict[str, Cell]]] = []
    if end.transplant is not None:
        day = subject.plan.day(end.transplant)
        rows.append((end.transplant, {
            "TRTYPE": "异基因造血干细胞移植", "TRNAME": "异基因造血干细胞移植",
            "TRNAME_EN": "Allogeneic haematopoietic stem cell transplantation", "TRDAT": chinese(day),
            "TRENDAT": chinese(day), "TRREAS": "巩固", "DONOR": subject.past.donor}))
    if end.salvage is not None:
        start = subject.plan.day(end.salvage)
        known = end.salvage + SALVAGE_DAYS <= subject.last_day
        rows.append((end.salvage, {
            "TRTYPE": "化疗", "TRNAME": f"{SALVAGE}方案", "TRNAME_EN": SALVAGE, "TRDAT": chinese(start),
            "TRENDAT": chinese(start + timedelta(days=SALVAGE_DAYS)) if known else None,
            "TRREAS": "复发" if end.relapse is not None else "未缓解"}))
    for elapsed, cells in sorted(rows, key=lambda row: row[0]):
        writer.add(subject.number, subject.plan.day(elapsed), cells)
