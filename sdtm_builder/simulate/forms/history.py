"""IE and MH: eligibility, leukaemia history and other history."""

from __future__ import annotations

from datetime import date, timedelta

from ..record import PersonRecord
from ..rng import pick_by
from ..subject import Subject
from ..tables import Cell, FormWriter, Sheet, form, iso, yes_no
from .enrolment import CONSENT_TO_ENROLMENT, failure_of

CRITERIA = {"E01": "活动性中枢神经系统疾病(CNS-3)", "I05": "器官功能良好", "E03": "未控制的感染"}
DIAGNOSIS = ("白血病史", "急性B淋巴细胞白血病", "B-cell acute lymphoblastic leukaemia")
TRANSPLANT = ("异基因造血干细胞移植", "Allogeneic haematopoietic stem cell transplantation")
REGIMENS = (("VDCP方案", "VDCP"), ("Hyper-CVAD方案", "Hyper-CVAD"), ("FLAG-IDA方案", "FLAG-IDA"),
            ("贝林妥欧单抗", "Blinatumomab"), ("奥加伊妥珠单抗", "Inotuzumab ozogamicin"))
OTHER = (("高血压", "Hypertension"), ("2型糖尿病", "Type 2 diabetes mellitus"), ("乙肝携带", "Hepatitis B carrier"))
LINE_DAYS, OTHER_BEFORE_DIAGNOSIS = timedelta(days=90), timedelta(days=1095)
TRANSPLANT_SHARE, CART_SHARE = 0.6, 0.5
PRECISIONS = (0.60, 0.15)  # to the month, to the year; else the whole date


def ie_form() -> Sheet:
    """One record when all are met, else one a criterion not met."""
    return form("IE", ("SUBJID", "IECODE"), {
        "IEYN": "全部符合 / All criteria met", "IECODE": "标准编号 / Criterion",
        "IETEXT": "标准内容 / Text of criterion",
        "IEDAT": "评估日期 / Date of assessment",
    })


def mh_form() -> Sheet:
    """One record an item of history."""
    return form("MH", ("SUBJID", "ROWNO"), {
        "MHCAT": "类别 / Category", "MHTERM_ZH": "名称(中文) / Term (Chinese)",
        "MHTERM_EN": "名称(英文) / Term (English)",
        "MHSTDAT": "开始日期 / Start date", "MHENDAT": "结束日期 / End date", "MHONG": "是否持续 / Ongoing",
        "LINE": "治疗线数 / Line of therapy", "BESTRESP": "最佳疗效 / Best response", "REGIMEN": "方案 / Regimen",
        "REFRAC": "难治 / Refractory", "GENE": "融合基因 / Fusion gene",
    })


def fill_ie(writer: FormWriter, record: PersonRecord) -> None:
    """IE records of a person, one a screening number."""
    subject = record.subject
    for place, number in enumerate(subject.numbers):
        failure = failure_of(subject, place)
        if failure is None:
            day = subject.plan.consent + CONSENT_TO_ENROLMENT
            writer.add(number, day, {"IEYN": "是", "IEDAT": iso(day)})
        else:
            code, day = failure
            writer.add(number, day, {"IEYN": "否", "IECODE": code, "IETEXT": CRITERIA[code], "IEDAT": iso(day)})


def fill_mh(writer: FormWriter, record: PersonRecord) -> None:
    """MH records of a person, under the last screening number."""
    subject = record.subject
    screened = subject.plan.visits[0].at.date()
    for (start, end, cells), precision in zip(_items(subject), subject.past.date_precision, strict=False):
        writer.add(subject.number, screened, {
            **cells, "MHSTDAT": _written(start, precision), "MHENDAT": iso(end) if end else None,
            "MHONG": None if end else "是",
        })


def _written(day: date, precision: float) -> str:
    """A start date to the month, to the year, or whole."""
    known = pick_by(precision, (*PRECISIONS, 1 - sum(PRECISIONS)))
    return (f"{day:%Y-%m}-UN", f"{day.year}-UN-UN", iso(day))[known]


def _items(subject: Subject) -> list[tuple[date, date | None, dict[str, Cell]]]:
    """Start, end and the other cells of each item, in the order of the form."""
    past = subject.past
    span = past.last_relapse - past.diagnosis
    gene: Cell = f"BCR-ABL1 {'positive' if past.ph_positive else 'negative'}"
    items: list[tuple[date, date | None, dict[str, Cell]]] = [
        (past.diagnosis, None, _term(*DIAGNOSIS) | {"GENE": gene}),
        (past.last_relapse, None, _term("白血病史", "白血病复发", "Relapse of leukaemia")),
    ]
    for line in range(past.lines):
        start = past.diagnosis + timedelta(days=span.days * line // past.lines)
        end = min(start + LINE_DAYS, past.last_relapse - timedelta(days=1))
        best = past.best_responses[line]
        items.append((start, end, _therapy(*REGIMENS[line]) | {
            "LINE": str(line + 1), "BESTRESP": best, "REFRAC": yes_no(best == "NR")}))
    for given, share, zh, en in (
        (past.prior_transplant, TRANSPLANT_SHARE, *TRANSPLANT),
        (past.prior_cart, CART_SHARE, "自体CD19 CAR-T治疗", "Autologous CD19 CAR-T cell therapy"),
    ):
        if given:
            day = past.diagnosis + timedelta(days=int(span.days * share))
            items.append((day, day, _therapy(zh, en)))
    items += [(past.diagnosis - OTHER_BEFORE_DIAGNOSIS, None, _term("其他病史", zh, en))
              for has, (zh, en) in zip(past.other, OTHER, strict=True) if has]
    return items


def _term(category: str, zh: str, en: str) -> dict[str, Cell]:
    return {"MHCAT": category, "MHTERM_ZH": zh, "MHTERM_EN": en}


def _therapy(zh: str, en: str) -> dict[str, Cell]:
    return _term("既往治疗", zh, en) | {"REGIMEN": zh}
