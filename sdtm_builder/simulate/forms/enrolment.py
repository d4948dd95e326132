"""SUBJ, DM and ICF: screening numbers, demography and consents."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from ..escalation import RESCREEN_CRITERION, SCREEN_FAILURES
from ..record import PersonRecord
from ..schedule import RESCREEN_CONSENT, RESCREEN_FAILURE
from ..subject import EARLIER, Subject
from ..tables import Cell, FormWriter, Sheet, clock, form, iso, yes_no

REASONS = {"E01": "活动性中枢神经系统疾病", "I05": "器官功能不全", "E03": "未控制的感染"}
SCREENING_TO_FAILURE, CONSENT_TO_ENROLMENT = timedelta(days=6), timedelta(days=7)
SECOND_VERSION_FROM = date(2021, 10, 1)


def subj_form() -> Sheet:
    """One record a screening number."""
    return form("SUBJ", ("SUBJID",), {
        "SCRDT": "筛选日期 / Screening date", "PERSID": "首次筛选号 / First screening no.",
        "SFYN": "筛选失败 / Screen failure", "SFDT": "筛选失败日期 / Screen failure date",
        "SFREAS": "筛选失败原因 / Reason for screen failure", "COHORT": "队列 / Cohort",
        "DOSELVL": "剂量水平 / Dose level", "ENRDT": "入组日期 / Enrolment date",
    })


def dm_form() -> Sheet:
    """One record a screening number."""
    return form("DM", ("SUBJID",), {
        "BRTHDAT": "出生日期 / Date of birth", "AGE": "年龄 / Age", "SEX": "性别 / Sex",
        "ETHN": "民族 / Ethnic group", "RACE": "种族 / Race", "HEIGHT": "身高(cm) / Height (cm)",
    })


def icf_form() -> Sheet:
    """One record a version signed."""
    return form("ICF", ("SUBJID", "ICFVER"), {
        "ICFDAT": "知情同意日期 / Date of consent", "ICFTIM": "知情同意时间 / Time of consent",
        "ICFVER": "知情同意书版本 / Version of consent",
    })


def failure_of(subject: Subject, place: int) -> tuple[str, date] | None:
    """Criterion and date of the screen failure of a screening number; None for an enrolment."""
    if place + 1 < len(subject.numbers):
        gap = timedelta(days=RESCREEN_CONSENT - RESCREEN_FAILURE)
        return RESCREEN_CRITERION, subject.plan.consents[place].date() + gap
    if subject.k in SCREEN_FAILURES:
        return SCREEN_FAILURES[subject.k], subject.plan.consent + SCREENING_TO_FAILURE
    return None


def screening_date(subject: Subject, place: int) -> date:
    """Date of the screening visit of a screening number."""
    number = 1 if place + 1 == len(subject.numbers) else EARLIER
    return next(visit.at.date() for visit in subject.visits if visit.number == number)


def fill_subj(writer: FormWriter, record: PersonRecord) -> None:
    """SUBJ records of a person."""
    subject = record.subject
    for place, number in enumerate(subject.numbers):
        screened, failure = screening_date(subject, place), failure_of(subject, place)
        cells: dict[str, Cell] = {"SCRDT": iso(screened), "PERSID": subject.numbers[0],
                                  "SFYN": yes_no(failure is not None)}
        if failure is not None:
            cells |= {"SFDT": iso(failure[1]), "SFREAS": REASONS[failure[0]]}
        else:
            cells |= {"COHORT": "剂量扩展" if subject.entry.expansion else "剂量递增",
                      "DOSELVL": str(subject.entry.level), "ENRDT": iso(subject.plan.consent + CONSENT_TO_ENROLMENT)}
        writer.add(number, screened, cells)


def fill_dm(writer: FormWriter, record: PersonRecord) -> None:
    """DM records of a person; the age is that at the consent of each number."""
    subject = record.subject
    person = subject.person
    for place, number in enumerate(subject.numbers):
        consent = subject.plan.consents[place].date()
        writer.add(number, screening_date(subject, place), {
            "BRTHDAT": f"{person.birth_year}-{person.birth_month:02d}-UN", "AGE": str(person.age_on(consent)),
            "SEX": "男" if person.male else "女", "ETHN": person.ethnic_group, "RACE": "亚洲人",
            "HEIGHT": str(person.height),
        })


def fill_icf(writer: FormWriter, record: PersonRecord) -> None:
    """ICF records of a person: one a screening number, and a re-consent where version 2.0 came later."""
    subject = record.subject
    for place, number in enumerate(subject.numbers):
        signed = subject.plan.consents[place]
        late = signed.date() >= SECOND_VERSION_FROM
        _add_consent(writer, number, signed, "V2.0" if late else "V1.0")
    if subject.plan.consent >= SECOND_VERSION_FROM:
        return
    again = [visit.at for visit in subject.visits
             if visit.number > 0 and not visit.missed and visit.at.date() >= SECOND_VERSION_FROM]
    if again:
        _add_consent(writer, subject.number, min(again), "V2.0")


def _add_consent(writer: FormWriter, number: str, signed: datetime, version: str) -> None:
    writer.add(number, signed.date(), {"ICFDAT": iso(signed.date()), "ICFTIM": clock(signed), "ICFVER": version})
