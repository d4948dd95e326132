"""DS and DD: end of study and deaths."""

from __future__ import annotations

from ..record import PersonRecord
from ..tables import FormWriter, Sheet, chinese, clock, form, iso, yes_no
from .enrolment import failure_of

CAUSE_TEXTS = {
    "疾病进展": ("白血病进展", "Progression of leukaemia"), "感染": ("重症感染", "Severe infection"),
    "其他": ("死因不明", "Death of unexplained cause"),
}

FIRST_CONTACT, CONTACT_EVERY = 85, 28
NOT_INFUSED_CONTACTS = (30, 91, 30)
LAST_STATUS = {"DEATH": "死亡", "LOST": "失访"}


def ds_form() -> Sheet:
    """One record a screening number at most."""
    return form("DS", ("SUBJID",), {
        "DSDAT": "研究结束日期 / End of study date", "DSYN": "是否完成研究 / Study completed",
        "DSREAS": "结束原因 / Reason for end of study",
    })


def dd_form() -> Sheet:
    """One record a death."""
    return form("DD", ("SUBJID",), {
        "DDDAT": "死亡日期 / Date of death", "DDTIM": "死亡时间 / Time of death",
        "DDCAUS": "主要死因 / Primary cause of death", "DDTEXT": "死因描述(中文) / Description of cause (Chinese)",
        "DDTEXT_EN": "死因描述(英文) / Description of cause (English)", "DDAENO": "相关AE编号 / Related AE no.",
        "AUTOPSY": "是否尸检 / Autopsy",
    })


def fill_ds(writer: FormWriter, record: PersonRecord) -> None:
    """DS records of a person; an earlier screening has its own."""
    subject = record.subject
    for place, number in enumerate(subject.numbers[:-1]):
        failure = failure_of(subject, place)
        if failure is not None:
            writer.add(number, failure[1], {"DSDAT": chinese(failure[1]), "DSYN": "否", "DSREAS": "筛选失败"})
    end = subject.disposition
    if end is not None:
        writer.add(subject.number, end.day,
                   {"DSDAT": chinese(end.day), "DSYN": yes_no(end.completed), "DSREAS": end.reason})


def fill_dd(writer: FormWriter, record: PersonRecord) -> None:
    """The DD record of a person who died by the cut-off."""
    subject = record.subject
    death, end = subject.death, subject.fate
    if death is None or end is None or end.death_cause is None:
        return
    fatal = next((event for event in record.events if event.fatal), None)
    text = (fatal.term.zh, fatal.term.en) if fatal else CAUSE_TEXTS[end.death_cause]
    writer.add(subject.number, death.date(), {
        "DDDAT": chinese(death.date()), "DDTIM": clock(death), "DDCAUS": end.death_cause, "DDTEXT": text[0],
        "DDTEXT_EN": text[1], "DDAENO": str(fatal.number) if fatal else None, "AUTOPSY": "否",
    })


def surv_form() -> Sheet:
    """One record a survival contact."""
    return form("SURV", ("SUBJID", "SVDAT"), {
        "SVDAT": "随访日期 / Date of contact", "SVMODE": "随访方式 / Mode of contact",
        "SVSTAT": "生存状态 / Survival status",
    })


def fill_surv(writer: FormWriter, record: PersonRecord) -> None:
    """SURV records: contacts of those without visits after week 12, then the death or the loss."""
    subject, end = record.subject, record.subject.fate
    if subject.entry.level is None:
        return
    if end is None:
        days = list(range(*NOT_INFUSED_CONTACTS))
    else:
        days = [] if subject.remission_at_week_12 else list(range(FIRST_CONTACT, subject.last_day + 1, CONTACT_EVERY))
    rows = [(day, "存活") for day in days if day <= subject.last_day]
    if end is not None and end.end_reason in LAST_STATUS:
        rows = [row for row in rows if row[0] < end.end] + [(end.end, LAST_STATUS[end.end_reason])]
    for day, status in rows:
        on = subject.plan.day(day)
        writer.add(subject.number, on, {"SVDAT": iso(on), "SVMODE": "电话", "SVSTAT": status})
