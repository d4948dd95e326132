"""The answers of the key against values worked by hand."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from sdtm_builder.simulate import simulate
from sdtm_builder.simulate.answers import Course, Person
from sdtm_builder.simulate.answers.cells import day_of, number_of
from sdtm_builder.simulate.answers.course import EpisodeSeen
from sdtm_builder.simulate.answers.ctcae import Base, Limits, grade_high, grade_low
from sdtm_builder.simulate.answers.endpoints import endpoints
from sdtm_builder.simulate.answers.qpcr import QpcrSample, parameters, significant

START = datetime(2021, 3, 22, 11, 24)
D0 = START.date()


def day(elapsed):
    return D0 + timedelta(days=elapsed)


def course(**facts):
    known = {"dead": "death" in facts, "death": None, "end_reason": None, "last_alive": day(200), "assessments": [],
             "transplant": None, "new_therapy": None, "dlts": [], "crs": []} | facts
    known["assessments"] = [(day(e), value) for e, value in known["assessments"]]
    return Course(person=Person("LSTCAR019-01-S001", ("S001",), date(2022, 10, 31)), infusion=START, **known)


def found(name, when="FULL", samples=(), **facts):
    record = endpoints(course(**facts), list(samples))[name][when]
    return None if record is None else (record["cnsr"], (record["adt"] - D0).days, record["aval"])


CR = [(28, "CR"), (56, "CR"), (84, "CR")]


@pytest.mark.parametrize(("facts", "full", "week_24"), [
    ({"death": day(300)}, (0, 300, 301), (9, 168, 169)),
    ({"death": day(168)}, (0, 168, 169), (0, 168, 169)),
    ({}, (1, 200, 201), (9, 168, 169)),
    ({"end_reason": "失访", "last_alive": day(100)}, (5, 100, 101), (5, 100, 101)),
    ({"end_reason": "撤回知情同意"}, (6, 200, 201), (9, 168, 169)),
    ({"dead": True}, None, None),
])
def test_overall_survival(facts, full, week_24):
    assert found("OS", **facts) == full
    assert found("OS", "W24", **facts) == week_24


@pytest.mark.parametrize(("facts", "full"), [
    ({"assessments": CR}, (1, 84, 85)),
    ({"assessments": [*CR, (120, "复发")]}, (1, 120, 121)),  # not yet translated: no event
    ({"assessments": [*CR, (120, "RELAPSED DISEASE")]}, (0, 120, 121)),
    ({"assessments": [*CR, (120, "RELAPSED DISEASE")], "death": day(150)}, (0, 120, 121)),
    ({"assessments": CR, "death": day(150)}, (0, 150, 151)),
    ({"assessments": CR, "transplant": day(60), "death": day(150)}, (4, 56, 57)),
    ({"assessments": CR, "transplant": day(60), "new_therapy": day(60)}, (4, 56, 57)),
    ({"assessments": CR, "transplant": day(60), "new_therapy": day(58)}, (3, 56, 57)),
    ({"assessments": CR, "transplant": day(20)}, (4, 0, 1)),
    ({"assessments": [(28, "NR"), (50, "PD")], "new_therapy": day(50)}, (0, 50, 51)),  # on one day the event stands
    ({"assessments": [(28, "NR")], "new_therapy": day(35)}, (3, 28, 29)),
    ({"assessments": [(28, "NE")]}, (2, 0, 1)),
    ({"assessments": [(28, "NE")], "death": day(91)}, (0, 91, 92)),
    ({"assessments": [(28, "NE")], "death": day(92)}, (2, 0, 1)),
    ({"assessments": CR, "end_reason": "失访"}, (5, 84, 85)),
    ({"assessments": CR, "dead": True}, None),
])
def test_progression_free_survival(facts, full):
    assert found("PFS", **facts) == full


def test_progression_free_survival_to_week_24():
    later = [*CR, (168, "CR"), (169, "CR"), (270, "RELAPSED DISEASE")]
    assert found("PFS", "W24", assessments=later) == (9, 168, 169)
    assert found("PFS", "W24", assessments=[(28, "CR"), (168, "PD")]) == (0, 168, 169)
    assert found("PFS", "W24", assessments=[(200, "CR")]) == (9, 0, 1)


@pytest.mark.parametrize(("facts", "full"), [
    ({"assessments": [(28, "NR")]}, (0, 0, 1)),
    ({"assessments": [(28, "PR"), (125, "CR")]}, (1, 125, 126)),
    ({"assessments": [(28, "PR"), (126, "CR")]}, (0, 0, 1)),
    ({"assessments": [(28, "NE")]}, (2, 0, 1)),
    ({"assessments": [(28, "NR"), (56, "CR")], "new_therapy": day(40)}, (0, 0, 1)),
    ({"assessments": CR}, (1, 84, 85)),
])
def test_event_free_survival(facts, full):
    assert found("EFS", **facts) == full


@pytest.mark.parametrize(("facts", "full", "week_24"), [
    ({"assessments": [(28, "NR")]}, None, None),
    ({"assessments": [(28, "PR"), (56, "CR"), (120, "PD")]}, (0, 120, 93), (0, 120, 93)),
    ({"assessments": [(28, "CR")]}, (1, 28, 1), (1, 28, 1)),
    ({"assessments": [(28, "NR"), (56, "CR")], "new_therapy": day(40)}, None, None),
    ({"assessments": [(28, "NR"), (200, "CR")]}, (1, 200, 1), None),
    ({"assessments": [*CR, (190, "CR")]}, (1, 190, 163), (9, 84, 57)),
])
def test_duration_of_response(facts, full, week_24):
    assert found("DOR", **facts) == full
    assert found("DOR", "W24", **facts) == week_24


@pytest.mark.parametrize(("facts", "full"), [
    ({"dlts": [day(28)]}, (0, 28, 29)), ({"dlts": [day(29)]}, (1, 28, 29)), ({"last_alive": day(20)}, (2, 20, 21)),
])
def test_first_dlt(facts, full):
    assert found("TTDLT", **facts) == full


def test_crs():
    closed, late = EpisodeSeen(day(3), day(9), False), EpisodeSeen(day(85), day(88), False)
    assert found("CRSTM", crs=[closed]) == (0, 3, 4)
    assert found("CRSTM", crs=[late]) == (1, 84, 85)
    assert found("CRSTM", last_alive=day(40)) == (1, 40, 41)
    assert found("CRSDUR", crs=[closed, late]) == (0, 9, 7)
    assert found("CRSDUR", crs=[EpisodeSeen(day(3), day(9), True)], death=day(9)) == (2, 9, 7)
    assert found("CRSDUR", crs=[EpisodeSeen(day(3), None, False)]) == (1, 200, 198)
    assert found("CRSDUR") is None


def sample(days, copies):
    return QpcrSample(days, START + timedelta(days=days), copies)


def test_persistence():
    seen = [sample(-1, None), sample(0.1, 200.0), sample(10, 5e4), sample(28, None)]
    assert found("PERS", samples=seen) == (0, 10, 11)
    assert found("PERS", samples=seen[:3]) == (1, 10, 11)
    assert found("PERS", samples=[sample(-1, None), sample(3, None)]) == (0, 0, 1)
    assert found("PERS") is None


def test_best_response():
    assert course(assessments=[(28, "NR"), (56, "CRi"), (84, "CR")]).best_response == "CR"
    assert course(assessments=[(28, "CRi"), (40, "RELAPSED DISEASE"), (84, "CR")]).best_response == "CRi"
    assert course(assessments=[(28, "NR"), (56, "CR")], new_therapy=day(40)).best_response == "NR"
    assert course(assessments=[(28, "NR"), (126, "CR")]).best_response == "NR"
    assert course(assessments=[(28, "RELAPSED DISEASE")]).best_response == "PD"
    assert course().best_response == "NE"


def area(*pairs):
    result = parameters([sample(days, copies) for days, copies in pairs])
    return None if result is None else result["AUC0_28"]


def test_kinetics_by_hand():
    """Rising and touching zero: linear; falling from 100 to 50 in four days: 50 * 4 / ln 2 = 288.539."""
    rise = [(10.0, 100.0), (14.0, 50.0)]
    # then linear from 50 to 0 over 10 days: 250; nothing after it, and a later sample shows that it stays so
    assert area(*rise, (24.0, None), (30.0, None)) is None  # two quantifiable results
    three = [(5.0, 50.0), *rise]  # 125 + 375 + 288.539
    assert area(*three, (24.0, None), (30.0, None)) == pytest.approx(1038.54, abs=0.005)
    # between two quantifiable results one below the limit is left out: 50 to 25 over 14 days = 25 * 14 / ln 2 = 504.943
    assert area(*three, (20.0, None), (28.0, 25.0)) == pytest.approx(1293.48, abs=0.01)
    # the day 28 lies in a falling segment, 50 to 12.5 over 28 days: at 28.0 it is 25
    assert area(*three, (42.0, 12.5)) == pytest.approx(1293.48, abs=0.01)
    # the day 28 lies in a segment that falls to zero, which is linear: 50 to 0 over 28 days, 37.5 * 14 = 525 of it
    assert area(*three, (42.0, None)) == pytest.approx(788.539 + 525, abs=0.01)
    # the last sample at 26: half-life of 12 days goes on to 28
    assert area(*three, (26.0, 25.0)) == pytest.approx(788.539 + 25 * 12 / 0.693147 + 2.72754 * 17.31234, abs=0.02)
    assert area(*three, (24.9, 25.0)) is None
    assert area((10.0, None), (30.0, None)) == 0
    assert parameters([sample(-1, None)]) is None


def test_parameters():
    """10 + 195 * 9.858 / ln 40 + 102.5 * 0.542 + (200 - 97.915) * 17.5 / 0.714222, 97.915 being the level at day 28."""
    assert parameters([sample(-0.1, None), sample(0.1, 200.0), sample(9.958, 5.0), sample(10.5, 200.0),
                       sample(40, 60.0)]) == {
        "CMAX": 200.0, "TMAX": 0.1, "CLST": 60.0, "TLST": 40.0, "n_points": 3,
        "AUC0_28": pytest.approx(3087.98, abs=0.01)}
    assert [significant(v) for v in (1234567.0, 0.12345649, 9999995.0, 50.0)] == [1234570.0, 0.123456, 10000000.0, 50.0]


HIGH, NORMAL, LOW = ("HIGH", "NORMAL", "LOW")


@pytest.mark.parametrize(("test", "value", "limits", "base", "low", "high"), [
    ("HGB", "130", (130, 175), None, 0, 0), ("HGB", "100", (130, 175), None, 1, 0),
    ("HGB", "79", (130, 175), None, 3, 0), ("HGB", "195", (130, 175), None, 0, 1),
    ("HGB", "215.1", (130, 175), None, 0, 3), ("NEUT", "0.5", ("1.8", "6.3"), None, 3, None),
    ("NEUT", "0.499", ("1.8", "6.3"), None, 4, None), ("K", "3.2", ("3.5", "5.3"), None, 1, 0),
    ("K", "2.9", ("3.5", "5.3"), None, 3, 0), ("K", "5.5", ("3.5", "5.3"), None, 0, 1),
    ("SODIUM", "127", (137, 147), None, 2, 0), ("MG", "1.1", ("0.75", "1.02"), None, 0, 1),
    ("MG", "1.24", ("0.75", "1.02"), None, 0, 3), ("ALT", "150", (9, 50), None, None, 1),
    ("ALT", "151", (9, 50), None, None, 2), ("ALT", "1001", (9, 50), None, None, 4),
    ("ALT", "119", (9, 50), ("80", HIGH), None, 0), ("ALT", "120", (9, 50), ("80", HIGH), None, 1),
    ("ALT", "241", (9, 50), ("80", HIGH), None, 2), ("GGT", "159", (10, 60), ("80", HIGH), None, 0),
    ("GGT", "160", (10, 60), ("80", HIGH), None, 1), ("BILI", "40", (0, 26), ("40", HIGH), None, 0),
    ("BILI", "40.1", (0, 26), ("40", HIGH), None, 1), ("CREAT", "97.1", (57, 97), None, None, 1),
    ("CREAT", "91", (57, 97), ("60", NORMAL), None, 2), ("CREAT", "181", (57, 97), ("60", NORMAL), None, 3),
    ("FIBRINO", "1.5", (2, 4), None, 1, None), ("FIBRINO", "1.49", (2, 4), None, 2, None),
    ("FIBRINO", "0.49", (2, 4), None, 4, None), ("FIBRINO", "1.2", (2, 4), ("1.6", LOW), 2, None),
    ("FIBRINO", "1.7", (2, 4), ("1.6", LOW), 0, None), ("FIBRINO", "0.4", (2, 4), ("0.4", LOW), 4, None),
    ("INR", "1.21", ("0.8", "1.2"), None, None, 1), ("APTT", "48", ("22.7", "31.8"), None, None, 2),
    ("WBC", "101", ("3.5", "9.5"), None, 0, 3), ("PHOS", "9", (1, 2), None, None, None),
    ("ALB", "29", (None, None), None, None, None),
])  # fmt: skip
def test_grades(test, value, limits, base, low, high):
    normal = Limits(*(None if limit is None else Decimal(limit) for limit in limits))
    before = None if base is None else Base(Decimal(base[0]), base[1])
    assert grade_low(test, Decimal(value), normal, before) == low
    assert grade_high(test, Decimal(value), normal, before) == high


@pytest.mark.parametrize(("cell", "value"), [
    ("2021-03-22", D0), ("22-Mar-2021", D0), ("2021年3月22日", D0), ("2021/3/22", D0), ("20210322", D0),
    (" 2021.03.22", D0), (44277, D0), (datetime(2021, 3, 22), D0), ("2021-03-22T08:00", D0), ("31-Feb-2022", None),
    ("2021-02-30", None), ("03/04/2022", None), ("2021-UN-UN", None), ("", None), (None, None),
])  # fmt: skip
def test_dates_of_cells(cell, value):
    assert day_of(cell) == value


def test_day_first_and_numbers():
    assert day_of("22/03/2021", day_first=True) == D0
    assert [number_of(text) for text in ("S007", "01-S007", "01-S7", "S-007", "S", "")] == [7, 7, 7, 7, None, None]


@pytest.fixture(scope="module")
def truth(tmp_path_factory):
    out = tmp_path_factory.mktemp("answers")
    simulate(68, "all", out=out)
    return json.loads((out / "truth.json").read_text(encoding="utf-8"))


def test_answers_of_seed_68(truth):
    """Person 1 lives in remission to month 12 and is measured to week 12; person 5 was transplanted and died."""
    subjects = {row["k"]: row for row in truth["subjects"]}
    assert (subjects[1]["bor"], subjects[1]["last_alive"]) == ("CR", "2022-04-01")
    assert (subjects[3]["bor"], subjects[3]["cmax"]) == (None, None)
    assert {row["k"] for row in truth["subjects"] if row["bor"]} == set(range(1, 33)) - {3, 6, 15, 22}
    assert len(truth["endpoints"]) == len(truth["pk"]) == len(truth["labs"]) == 28
    assert truth["endpoints"]["LSTCAR019-01-S002"]["OS"] == {
        "FULL": {"cnsr": 0, "adt": "2022-03-03", "aval": 333}, "W24": {"cnsr": 9, "adt": "2021-09-20", "aval": 169}}
    assert subjects[1]["cmax"] == truth["pk"]["LSTCAR019-01-S001"]["CMAX"] == 16083
    assert truth["labs"]["LSTCAR019-01-S001"]["NEUT"]["worst_grade_low"] == 4


def test_endpoints_that_flaws_change_name_them(truth):
    causes = {(usubjid[-4:], name): record["cause"] for usubjid, found in truth["endpoints"].items()
              for name, record in found.items() if "cause" in record}
    assert causes == {
        ("S001", "PFS"): "F05", ("S001", "EFS"): "F05", ("S001", "DOR"): "F05", ("S004", "OS"): "F05",
        ("S005", "PFS"): "F38", ("S005", "EFS"): "F38", ("S005", "DOR"): "F38", ("S032", "TTDLT"): "F36"}
    assert truth["endpoints"]["LSTCAR019-01-S004"]["OS"] == {"FULL": None, "W24": None, "cause": "F05"}
