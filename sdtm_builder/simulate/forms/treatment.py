"""LD and INF: each dose of lymphodepletion, each bag of LstCAR019."""

from __future__ import annotations

import math
from datetime import datetime, time, timedelta

from ..escalation import LEVEL_DOSE, UNDERDOSED
from ..record import PersonRecord
from ..rng import half_up
from ..subject import Subject
from ..tables import FormWriter, Sheet, clock, form, iso, slashed, yes_no

# Drug, dose in mg/m2, number of days (None: all), start, minutes.
DRUGS = (("氟达拉滨", 30, None, time(9), 30), ("环磷酰胺", 500, 3, time(10, 30), 60))
BAG_MINUTES, BAG_GAP_MINUTES, BAG_ML = 20, 10, 50
DEVIATION = "一袋细胞活率不合格"


def ld_form() -> Sheet:
    """One record a dose."""
    return form("LD", ("SUBJID", "DRUG", "LDDAT"), {
        "DRUG": "药物 / Drug", "LDDAT": "给药日期 / Date of dose", "LDSTTIM": "开始时间 / Start time",
        "LDENTIM": "结束时间 / End time", "DOSEM2": "给药剂量(mg/m2) / Dose (mg/m2)",
        "DOSETOT": "总剂量(mg) / Total dose (mg)", "BSA": "体表面积(m2) / Body surface area (m2)",
        "ADJYN": "是否调整 / Dose adjusted", "ADJREAS": "调整原因 / Reason for adjustment",
    })


def inf_form() -> Sheet:
    """One record a bag."""
    return form("INF", ("SUBJID", "BAGNO"), {
        "INFDAT": "回输日期 / Date of infusion", "INFSTTIM": "开始时间 / Start time", "INFENTIM": "结束时间 / End time",
        "BAGNO": "袋号 / Bag no.", "LOT": "批号 / Lot", "WEIGHT": "体重(kg) / Weight (kg)",
        "DOSEPL": "计划剂量(x10^6/kg) / Planned dose (x10^6/kg)",
        "CELLPL": "计划细胞总数(x10^6) / Planned cells (x10^6)",
        "CELLGV": "本袋回输CAR+细胞数(x10^6) / CAR+ cells given, this bag (x10^6)", "VOLML": "体积(mL) / Volume (mL)",
        "VIAB": "活率(%) / Viability (%)", "INTYN": "是否中断 / Interrupted",
        "DEVREAS": "未达计划原因 / Reason for deviation from plan",
    })


def fill_ld(writer: FormWriter, record: PersonRecord) -> None:
    """LD records of a person who had lymphodepletion; the body surface comes from the screening weight."""
    subject = record.subject
    weight = subject.vitals[0].weight(subject.person.weight)
    surface = half_up(math.sqrt(subject.person.height * float(weight) / 3600), 2)
    for drug, dose, days, start, minutes in DRUGS:
        for day in subject.plan.ld_dates[:days]:
            begun = datetime.combine(day, start)
            writer.add(subject.number, day, {
                "DRUG": drug, "LDDAT": slashed(day), "LDSTTIM": clock(begun),
                "LDENTIM": clock(begun + timedelta(minutes=minutes)), "DOSEM2": str(dose),
                "DOSETOT": str(half_up(dose * surface, 1)), "BSA": str(surface), "ADJYN": yes_no(False),
            })


def fill_inf(writer: FormWriter, record: PersonRecord) -> None:
    """INF records of an infused person."""
    subject = record.subject
    given = subject.infusion
    if given is None or subject.entry.level is None:
        return
    start = given.start
    for place, cells in enumerate(given.bags, start=1):
        end = start + timedelta(minutes=BAG_MINUTES)
        writer.add(subject.number, start.date(), {
            "INFDAT": iso(start.date()), "INFSTTIM": clock(start), "INFENTIM": clock(end), "BAGNO": str(place),
            "LOT": f"LST21-{_lot_number(subject)}", "WEIGHT": str(given.weight),
            "DOSEPL": str(LEVEL_DOSE[subject.entry.level]), "CELLPL": str(given.planned), "CELLGV": str(cells),
            "VOLML": str(BAG_ML), "VIAB": str(given.viability), "INTYN": yes_no(False),
            "DEVREAS": DEVIATION if subject.k == UNDERDOSED else None,
        })
        start = end + timedelta(minutes=BAG_GAP_MINUTES)


def _lot_number(subject: Subject) -> str:
    """Digits of the first screening number: those of k, as wide as subject numbers are."""
    return subject.numbers[0][1:]
