"""VISIT, VS, ECOG and TOXD: visits, vital signs, performance status, daily CRS and ICANS grades."""

from __future__ import annotations

from datetime import date

from ..people import Demography
from ..record import PersonRecord
from ..schedule import VISIT_NAMES, Visit
from ..subject import Subject
from ..tables import Cell, FormWriter, Sheet, clock, form, iso, yes_no
from ..toxicity import Episode, daily_grades

WEIGHED = frozenset({"SCR", "D-1", "W4", "W8", "W12", "M6", "M9", "M12"})
ICE_VISITS = frozenset({"D-1", "W4"})
ICE = (10, 8, 5, 2, 0)
CONSCIOUSNESS = ("清醒", "清醒", "呼唤可醒", "触觉可醒", "昏迷")
HYPOTENSION = ("无", "无", "无需升压药", "一种升压药", "多种升压药")
HYPOXIA = ("无", "无", "低流量吸氧", "高流量吸氧", "正压通气")
CRS_WEEK_DAYS, WORST_ECOG = 7, 4


def visit_form() -> Sheet:
    """One record a visit due."""
    return form("VISIT", ("SUBJID", "VISCODE", "VISDAT"), {
        "VISDAT": "访视日期 / Visit date", "VISDONE": "是否完成访视 / Visit done",
        "VISREAS": "未访视原因 / Reason visit not done", "VISMODE": "访视方式 / Mode of visit",
    }, visit=True)


def vs_form() -> Sheet:
    """One record a visit held."""
    return form("VS", ("SUBJID", "VISCODE", "VSDAT"), {
        "VSDAT": "测量日期 / Date of measurement", "VSTIM": "测量时间 / Time of measurement",
        "TEMP": "体温(℃) / Temperature (C)", "PULSE": "脉搏(次/分) / Pulse (beats/min)",
        "RESP": "呼吸(次/分) / Respiration (breaths/min)", "SYSBP": "收缩压(mmHg) / Systolic blood pressure (mmHg)",
        "DIABP": "舒张压(mmHg) / Diastolic blood pressure (mmHg)", "SPO2": "血氧饱和度(%) / Oxygen saturation (%)",
        "WEIGHT": "体重(kg) / Weight (kg)", "VSND": "未做 / Not done",
    }, visit=True)


def ecog_form() -> Sheet:
    """One record an assessment."""
    return form("ECOG", ("SUBJID", "VISCODE"), {
        "ECDAT": "评估日期 / Date of assessment", "ECOG": "ECOG评分 / ECOG performance status",
        "ICE": "ICE评分 / ICE score",
    }, visit=True)


def toxd_form() -> Sheet:
    """One record a day of a CRS or ICANS."""
    return form("TOXD", ("SUBJID", "TXDAT", "AESPEC"), {
        "AENO": "AE编号 / AE no.", "TXDAT": "评估日期 / Date of assessment",
        "AESPEC": "特殊关注AE / AE of special interest", "TXGR": "当日等级 / Grade of the day",
        "TMAX": "当日最高体温(℃) / Maximum temperature of the day (C)", "HYPOT": "低血压 / Hypotension",
        "HYPOX": "低氧 / Hypoxia", "ICE": "ICE评分 / ICE score", "CONSC": "意识 / Consciousness",
    }, visit=True)


def visit_cells(code: str) -> dict[str, Cell]:
    """Code and name of a visit."""
    return {"VISCODE": code, "VISNAME": VISIT_NAMES[code]}


def fill_visit(writer: FormWriter, record: PersonRecord) -> None:
    """VISIT records of a person; a missed visit has no date."""
    subject = record.subject
    for visit in sorted(subject.visits, key=lambda v: v.at):
        day = visit.at.date()
        writer.add(subject.number_of(visit), day, visit_cells(visit.code) | {
            "VISDAT": None if visit.missed else iso(day), "VISDONE": yes_no(not visit.missed),
            "VISREAS": "受试者原因" if visit.missed else None, "VISMODE": None if visit.missed else "现场",
        })


def fill_vs(writer: FormWriter, record: PersonRecord) -> None:
    """VS records of a person."""
    subject = record.subject
    crs = daily_grades(subject.episodes, "CRS")
    for visit in subject.held:
        day, draws = visit.at.date(), subject.vitals[subject.place_of(visit)]
        signs = [str(value) for value in draws.signs(crs.get(subject.plan.elapsed(day), 0))]
        weight = str(draws.weight(subject.person.weight)) if visit.code in WEIGHED else None
        names = ("TEMP", "PULSE", "RESP", "SYSBP", "DIABP", "SPO2")
        writer.add(subject.number_of(visit), day, visit_cells(visit.code) | {
            "VSDAT": iso(day), "VSTIM": clock(visit.at), **dict(zip(names, signs, strict=True)), "WEIGHT": weight,
            "VSND": yes_no(False),
        })


def fill_ecog(writer: FormWriter, record: PersonRecord) -> None:
    """ECOG records of a person."""
    subject = record.subject
    icans = daily_grades(subject.episodes, "ICANS")
    for visit in subject.held:
        if visit.code not in WEIGHED:
            continue
        day = visit.at.date()
        grade = icans.get(subject.plan.elapsed(day), 0)
        writer.add(subject.number_of(visit), day, visit_cells(visit.code) | {
            "ECDAT": iso(day), "ECOG": str(_ecog(subject, subject.person, visit)),
            "ICE": str(ICE[grade]) if visit.code in ICE_VISITS else None,
        })


def _ecog(subject: Subject, person: Demography, visit: Visit) -> int:
    """Baseline, one more within a week of a CRS day, one more after relapse."""
    day = subject.plan.elapsed(visit.at.date())
    crs = daily_grades(subject.episodes, "CRS")
    unwell = any(day - CRS_WEEK_DAYS < crs_day <= day for crs_day in crs)
    relapse = subject.fate.relapse if subject.fate else None
    return min(WORST_ECOG, person.ecog + unwell + (relapse is not None and day >= relapse))


def fill_toxd(writer: FormWriter, record: PersonRecord) -> None:
    """TOXD records of a person, in order of day; a day without a visit of its own is unscheduled."""
    subject = record.subject
    codes = {visit.at.date(): visit.code for visit in subject.held}
    rows: list[tuple[date, dict[str, Cell]]] = []
    for event in record.events:
        if event.episode is None:
            continue
        for place, (elapsed, grade) in enumerate(event.episode.daily.items()):
            day = subject.plan.day(elapsed)
            rows.append((day, visit_cells(codes.get(day, "UNS")) | {
                "AENO": str(event.number), "TXDAT": iso(day), "AESPEC": event.term.key, "TXGR": f"{grade}级",
                **_signs(event.episode, place, grade),
            }))
    for day, cells in sorted(rows, key=lambda row: (row[0], str(row[1]["AESPEC"]))):
        writer.add(subject.number, day, cells)


def _signs(episode: Episode, place: int, grade: int) -> dict[str, Cell]:
    if episode.kind == "ICANS":
        return {"ICE": str(ICE[grade]), "CONSC": CONSCIOUSNESS[grade]}
    return {"TMAX": str(episode.temperature(place)), "HYPOT": HYPOTENSION[grade], "HYPOX": HYPOXIA[grade]}
