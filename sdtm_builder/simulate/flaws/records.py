"""Flaws of records: doubled, missing and contradictory ones, within a sheet and between two."""

from __future__ import annotations

from datetime import date, timedelta

from ..escalation import RESCREENED, UNDERDOSED
from ..forms.enrolment import CONSENT_TO_ENROLMENT
from ..tables import Row, english, iso, read_english, rows_of
from ..terms import TERMS, coding
from .base import STUDY, Planting, flaw
from .dates import plain

DLT_WINDOW = timedelta(days=28)
INCONSISTENT_CRS_K, INCONSISTENT_FAILURE_K = 14, 15
ORPHAN_NUMBER = "99"


@flaw("F13", "AE")
def exact_duplicate(planting: Planting) -> None:
    """The same record twice, but for its number and time of entry."""
    for row in planting.hosts("F13", "AE", 2, plain):
        entered = date.fromisoformat(row.text("LASTUPD")[:10]) + timedelta(days=1)
        second = planting.insert_after("AE", row, {"LASTUPD": f"{iso(entered)}{row.text('LASTUPD')[10:]}"})
        planting.record("F13", [("AE", second, "AENO"), ("AE", row, "AENO")], row.text("AENO"), None, "map", "W",
                        "duplicate-exact", planting.ae_expect(row, "AETERM", row.text("AETERM_EN")))


def _rescreened_row(planting: Planting) -> list[Row]:
    subject = planting.subject_by_k(RESCREENED)
    return list(rows_of(planting.book["SUBJ"], "SUBJID", subject.number)) if subject else []


@flaw("F19", "SUBJ", named=_rescreened_row)
def rescreened(planting: Planting) -> None:
    """The person with two screening numbers: nothing is changed, the record says what must come of it."""
    row = planting.reserved["F19"][0]
    expect = {"dataset": "DM", "key": {"SUBJID": row.text("SUBJID")}, "variable": "USUBJID",
              "value": planting.usubjid(row.text("SUBJID"))}
    planting.record("F19", [("SUBJ", row, "PERSID")], row.text("PERSID"), row.text("PERSID"), "map", "N", "rescreened",
                    expect)


def _underdosed_bags(planting: Planting) -> list[Row]:
    subject = planting.subject_by_k(UNDERDOSED)
    return list(rows_of(planting.book["INF"], "SUBJID", subject.number)) if subject else []


@flaw("F33", "INF", named=_underdosed_bags)
def deviation_without_reason(planting: Planting) -> None:
    """Cells given far below plan, and no reason."""
    rows = planting.reserved["F33"]
    clean = rows[0].text("DEVREAS")
    for row in rows:
        planting.write(row, "DEVREAS", None)
    places = [("INF", row, column) for row in rows for column in ("DEVREAS", "CELLGV")]
    expect = planting.subject_expect("EX", rows[0], "EXADJ", None)
    expect["key"]["EXTRT"] = STUDY
    planting.record("F33", places, None, clean, "issue", "W", "dose-deviation", expect)


def _crs_without_dlt(planting: Planting) -> list[Row]:
    """The first CRS row of person 14, else of the first person with CRS and no DLT; inside the window."""
    ordered = sorted(planting.subjects.values(), key=lambda s: (s.k != INCONSISTENT_CRS_K, s.k))
    for subject in ordered:
        if subject.entry.dlt or subject.infusion is None:
            continue
        for row in rows_of(planting.book["AE"], "SUBJID", subject.number):
            if row.cells["AESPEC"] == "CRS" and _in_window(planting, row) and row.cells["AEOUT"] != "死亡":
                return [row]
    return []


def _in_window(planting: Planting, row: Row) -> bool:
    """Start of an AE from the infusion to 28 days after."""
    day0 = planting.subjects[row.text("SUBJID")].plan.day0
    return day0 <= read_english(row.text("AESTDAT")) <= day0 + DLT_WINDOW


@flaw("F35", "AE", named=_crs_without_dlt)
def severe_without_dlt(planting: Planting) -> None:
    """A CRS rewritten to grade 3 that stays without the DLT flag."""
    row = planting.reserved["F35"][0]
    clean = planting.write(row, "AEGR", "3级")
    planting.write(row, "ASTCTGR", "3级")
    places = [("AE", row, "ASTCTGR"), ("AE", row, "AEGR"), ("AE", row, "DLTYN")]
    planting.record("F35", places, "3级", clean, "issue", "E", "dlt-inconsistent",
                    planting.subject_expect("ADSL", row, "DLTFL", "N"))


def _mild_event_of_last(planting: Planting) -> list[Row]:
    """An event of grade 2 in the window, of the last person of the expansion; CRS before others."""
    last = max((s for s in planting.subjects.values() if s.entry.expansion and s.infusion), key=lambda s: s.k,
               default=None)
    if last is None:
        return []
    rows = [row for row in rows_of(planting.book["AE"], "SUBJID", last.number)
            if row.cells["AEGR"] == "2级" and row.cells["DLTYN"] == "否" and _in_window(planting, row)]
    return sorted(rows, key=lambda row: row.cells["AESPEC"] != "CRS")[:1]


@flaw("F36", "AE", named=_mild_event_of_last)
def dlt_of_grade_2(planting: Planting) -> None:
    """The DLT flag on an event of grade 2."""
    row = planting.reserved["F36"][0]
    clean = planting.write(row, "DLTYN", "是")
    planting.record("F36", [("AE", row, "DLTYN"), ("AE", row, "AEGR"), ("AE", row, "ASTCTGR")], "是", clean, "issue",
                    "E", "dlt-inconsistent", planting.subject_expect("ADSL", row, "DLTFL", "Y"))


@flaw("F37", "AE", "MEDDRA")
def coding_does_not_join(planting: Planting) -> None:
    """An event without coding, a coding without event, two codings of one event."""
    hosts = planting.hosts("F37", "AE", 3, plain)
    sheet = planting.book["MEDDRA"]
    for place, row in enumerate(hosts):
        coded = next(other for other in rows_of(sheet, "SUBJID", row.text("SUBJID"))
                     if other.cells["AENO"] == row.cells["AENO"])
        if place == 0:
            sheet.rows.remove(coded)
            planting.record("F37", [("AE", row, "AENO")], None, coded.text("PT"), "null", "E", "join-missing",
                            planting.ae_expect(row, "AEDECOD", None))
        elif place == 1:
            orphan = planting.insert_after("MEDDRA", coded, {"AENO": ORPHAN_NUMBER})
            planting.record("F37", [("MEDDRA", orphan, "AENO")], ORPHAN_NUMBER, None, "issue", "E", "join-orphan")
        else:
            other_term = next(term for term in TERMS if term.en != row.cells["AETERM_EN"])
            second = planting.insert_after("MEDDRA", coded, dict(coding(other_term)))
            places = [("MEDDRA", coded, "AENO"), ("MEDDRA", second, "AENO"), ("AE", row, "AENO")]
            planting.record("F37", places, second.text("PT"), coded.text("PT"), "null", "E", "join-duplicate",
                            planting.ae_expect(row, "AEDECOD", None))


def _fatal_event(planting: Planting) -> list[Row]:
    """The fatal event, and the DD row, of the first person whose end of study is the death."""
    for row in planting.free("AE", lambda r: r.cells["AEOUT"] == "死亡"):
        number = row.text("SUBJID")
        end = planting.subjects[number].disposition
        deaths = list(rows_of(planting.book["DD"], "SUBJID", number))
        if end is not None and end.reason == "死亡" and deaths:
            return [row, *deaths]
    return []


@flaw("F39", "AE", "DD", "DS", named=_fatal_event)
def death_without_record(planting: Planting) -> None:
    """A fatal event whose death record is missing; the end of study still says death."""
    row, death = planting.reserved["F39"]
    planting.book["DD"].rows.remove(death)
    died = planting.subjects[row.text("SUBJID")].disposition
    planting.record("F39", [("AE", row, "AEOUT")], None, death.text("DDDAT"), "map", "E", "death-missing",
                    planting.subject_expect("DM", row, "DTHDTC", iso(died.day) if died else None))


def _failed_screening(planting: Planting) -> list[Row]:
    subject = planting.subject_by_k(INCONSISTENT_FAILURE_K)
    return list(rows_of(planting.book["SUBJ"], "SUBJID", subject.number)) if subject else []


@flaw("F41", "SUBJ", named=_failed_screening)
def failure_with_enrolment(planting: Planting) -> None:
    """A screen failure with an enrolment date."""
    row = planting.reserved["F41"][0]
    enrolled = planting.subjects[row.text("SUBJID")].plan.consent + CONSENT_TO_ENROLMENT
    planting.write(row, "ENRDT", iso(enrolled))
    planting.record("F41", [("SUBJ", row, "ENRDT"), ("SUBJ", row, "SFYN")], iso(enrolled), None, "issue", "W",
                    "screenfail-inconsistent", planting.subject_expect("DM", row, "RFSTDTC", None))


@flaw("F43", "DM")
def age_against_birth(planting: Planting) -> None:
    """An age three years off the year of birth."""
    for row in planting.hosts("F43", "DM", 1, lambda r: r.cells["SUBJID"] in planting.subjects):
        age = int(row.text("AGE")) + 3
        clean = planting.write(row, "AGE", str(age))
        planting.record("F43", [("DM", row, "AGE"), ("DM", row, "BRTHDAT")], str(age), clean, "issue", "W",
                        "age-conflict", planting.subject_expect("DM", row, "AGE", age))


@flaw("F50", "AE", "MEDDRA")
def episode_in_two_rows(planting: Planting) -> None:
    """A CRS written as two records, the second from the day of its highest grade, linked to the first."""
    def eligible(row: Row) -> bool:
        if row.cells["AESPEC"] != "CRS" or row.cells["AESER"] == "是" or row.cells["AEENDAT"] is None:
            return False
        episode = planting.event(row).episode
        return episode is not None and episode.grades[0] < episode.grade

    for row in planting.hosts("F50", "AE", 2, eligible):
        event = planting.event(row)
        assert event.episode is not None
        grades = event.episode.grades
        peak = grades.index(event.grade)
        rise = event.start + timedelta(days=peak)
        number = row.text("SUBJID")
        new_number = str(max(int(other.text("AENO")) for other in rows_of(planting.book["AE"], "SUBJID", number)) + 1)
        second = planting.insert_after("AE", row, {"AENO": new_number, "AESTDAT": english(rise), "AESTTIM": None,
                                                   "PREVAENO": row.text("AENO")})
        coded = next(other for other in rows_of(planting.book["MEDDRA"], "SUBJID", number)
                     if other.cells["AENO"] == row.cells["AENO"])
        coding_row = planting.insert_after("MEDDRA", coded, {"AENO": new_number})
        lower = f"{max(grades[:peak])}级"
        for column, value in {"AEENDAT": english(rise - timedelta(days=1)), "AEGR": lower, "ASTCTGR": lower,
                              "AEOUT": "未愈"}.items():
            planting.write(row, column, value)
        places = [("AE", second, "PREVAENO"), ("AE", row, "AENO"), ("MEDDRA", coding_row, "AENO")]
        planting.record("F50", places, row.text("AENO"), None, "map", "N", "episode-chain",
                        planting.ae_expect(second, "AEPREV", row.text("AENO")))


