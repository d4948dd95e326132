"""truth.json: what is true of the simulated study, and what a build must make of the planted flaws."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .answers import of_subject
from .escalation import LEVEL_DOSE, Walk
from .record import PersonRecord
from .subject import Subject
from .toxicity import Episode

if TYPE_CHECKING:
    from .run import SimulationResult

STUDY = "LSTCAR019"
DOSE_BAND = (Decimal("0.8"), Decimal("1.2"))
END_REASONS = {
    "完成": "COMPLETED", "死亡": "DEATH", "失访": "LOST TO FOLLOW-UP", "撤回知情同意": "WITHDRAWAL BY SUBJECT",
    "筛选失败": "SCREEN FAILURE", "疾病复发": "DISEASE RELAPSE", "研究者决定": "PHYSICIAN DECISION",
    "未回输": "NEVER DOSED",
}
DEATH_CAUSES = {"疾病进展": "DISEASE PROGRESSION", "不良事件": "ADVERSE EVENT", "感染": "INFECTION", "其他": "OTHER"}
RESPONSES = {"复发": "RELAPSED DISEASE"}


def write_truth(path: Path, result: SimulationResult, model_version: str) -> None:
    """Write the answer key: UTF-8, keys sorted, numbers as numbers, dates ISO 8601, null for absent."""
    subjects = [record.subject for record in result.persons]
    counts = Counter(flaw["id"] for flaw in result.flaws)
    truth = {
        "meta": {
            "seed": result.seed, "cohorts": result.cohorts, "model_version": model_version, "cutoff": result.cutoff,
            "n_persons": len(subjects), "n_numbers": sum(len(s.numbers) for s in subjects),
            "n_infused": sum(s.entry.status == "INFUSED" for s in subjects),
            "n_lymphodepleted": sum(s.entry.level is not None for s in subjects),
            "n_screen_failures": sum(s.entry.status == "SCREEN FAILURE" for s in subjects),
            "rows": {name: list(numbers) for name, numbers in result.rows.items()},
        },
        "escalation": [row for copy, found in enumerate(result.walks) for row in _escalation(copy, found)],
        "rp2d": [found.rp2d for found in result.walks],
        "subjects": [_subject(record) | _answered(record, result) for record in result.persons],
        "endpoints": result.endpoints, "pk": result.answers.pk, "labs": result.answers.labs,
        "flaws": result.flaws, "skipped": result.skipped, "caused": result.caused, "counts": dict(counts),
    }
    text = json.dumps(truth, ensure_ascii=False, indent=1, sort_keys=True, default=_plain)
    path.write_text(text + "\n", encoding="utf-8", newline="\n")


def _plain(value: object) -> Any:
    """Dates as ISO 8601, decimals as numbers."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no place for {type(value).__name__} in truth.json")


def _escalation(copy: int, found: Walk) -> list[dict[str, Any]]:
    return [{"copy": copy, "level": row.level, "persons": row.persons, "evaluable": row.evaluable, "dlts": row.dlts,
             "decision": row.decision} for row in found.levels]


def _subject(record: PersonRecord) -> dict[str, Any]:
    subject = record.subject
    entry, plan, given, end = subject.entry, subject.plan, subject.infusion, subject.fate
    arm = None if entry.level is None else "EXP" if entry.expansion else f"DL{entry.level}"
    dose = None if given is None else given.given / given.weight
    death = subject.death
    return {
        "copy": subject.copy, "k": subject.k, "usubjid": f"{STUDY}-01-{subject.numbers[0]}",
        "subjid_all": list(subject.numbers), "status": entry.status, "sex": "M" if subject.person.male else "F",
        "age": subject.person.age, "armcd": arm, "actarmcd": arm, "armnrs": None if arm else "SCREEN FAILURE",
        "trt01p": _treatment(entry.level),
        "trt01a": None if dose is None else _treatment(_level_of(dose)) or "OTHER DOSE",
        "consent": min(plan.consents), "first_ld": plan.ld_dates[0] if plan.ld_dates else None,
        "infusion": given.start if given else None,
        "dose_planned": LEVEL_DOSE[entry.level] if entry.level else None,
        "dose_given": None if dose is None else round(float(dose), 6), "dlt": entry.dlt,
        "dlt_evaluable": _evaluable(subject, dose),
        "crs": [_episode(subject, e) for e in subject.episodes if e.kind == "CRS"],
        "icans": [_episode(subject, e) for e in subject.episodes if e.kind == "ICANS"],
        "response": [{"visit": a.visit.code, "date": a.visit.at.date(), "value": RESPONSES.get(a.value, a.value),
                      "mrd": "NEGATIVE" if a.mrd_negative else "POSITIVE"} for a in subject.assessments],
        "relapse": _day(subject, end.relapse if end else None),
        "transplant": _day(subject, end.transplant if end else None),
        "new_therapy": _day(subject, end.salvage if end else None),
        "death": {"date": death.date(), "cause": DEATH_CAUSES[end.death_cause]}
        if death and end and end.death_cause else None,
        "eos": {"date": subject.disposition.day, "reason": END_REASONS[subject.disposition.reason]}
        if subject.disposition else None,
    }


def _answered(record: PersonRecord, result: SimulationResult) -> dict[str, Any]:
    usubjid = f"{STUDY}-01-{record.subject.numbers[0]}"
    return of_subject(result.answers.courses.get(usubjid), result.answers.pk.get(usubjid))


def _day(subject: Subject, elapsed: int | None) -> date | None:
    return None if elapsed is None else subject.plan.day(elapsed)


def _treatment(level: int | None) -> str | None:
    return None if level is None else f"LstCAR019 {LEVEL_DOSE[level]} x 10^6/kg"


def _level_of(dose: Decimal) -> int | None:
    """The level within 20 % of a dose; the bands don't overlap."""
    return next((level for level, planned in LEVEL_DOSE.items()
                 if DOSE_BAND[0] * planned <= dose <= DOSE_BAND[1] * planned), None)


def _evaluable(subject: Subject, dose: Decimal | None) -> bool:
    """A DLT, or the dose within 20 % and the window lived through without another therapy; escalation alone."""
    if dose is None or subject.entry.expansion or subject.entry.level is None or subject.fate is None:
        return False
    planned = LEVEL_DOSE[subject.entry.level]
    near = DOSE_BAND[0] * planned <= dose <= DOSE_BAND[1] * planned
    therapy = [day for day in (subject.fate.transplant, subject.fate.salvage) if day is not None and day <= 28]
    return subject.entry.dlt or (near and subject.last_day >= 28 and not therapy)


def _episode(subject: Subject, episode: Episode) -> dict[str, Any]:
    return {
        "start": subject.plan.day(episode.start), "end": None if episode.ongoing else subject.plan.day(episode.end),
        "max_grade": episode.grade,
        "daily": {subject.plan.day(day).isoformat(): grade for day, grade in episode.daily.items()},
    }
