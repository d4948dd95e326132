"""Treatment-emergent: every case of start, time, end, window and grades."""

import pytest

from sdtm_builder.adam.treatment_emergent import treatment_emergent
from sdtm_builder.model import Kind, Vector
from sdtm_builder.registry import derivations

FIRST = "2021-03-10T10:00:00"


class Context:
    """What the derivation uses of a context."""

    def __init__(self, n):
        self.n, self.issues = n, []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


def dtc(value):
    return Vector.of_texts([value], Kind.DTC)


def flag(start, ending=None, treated=FIRST, clock=None, until=None, grades=(), rules=()):
    """The flag of one occurrence; its issues must be of `rules`."""
    ctx = Context(1)
    columns = [Vector.of_texts([g]) if isinstance(g, str | None) else Vector.of_numbers([g]) for g in grades]
    found = treatment_emergent(ctx, dtc(start), dtc(treated), dtc(clock), dtc(ending), dtc(until), columns)
    assert found.kind is Kind.TEXT
    assert [rule for rule, _ in ctx.issues] == list(rules)
    return found.text_at(0)


@pytest.mark.parametrize(
    ("start", "ending", "expected"),
    [
        # by day
        ("2021-03-09", None, ""),
        ("2021-03-11", None, "Y"),
        ("2021-03-10", None, "Y"),  # on the day of treatment, without a time
        ("2022-11-01", None, "Y"),  # no window said
        # by time, where both have one
        ("2021-03-10T09:59", None, ""),
        ("2021-03-10T10:00", None, "Y"),
        ("2021-03-10T10:01", None, "Y"),
        ("2021-03-10T09:59:59", None, ""),
        ("2021-03-10T10", None, "Y"),  # the hour alone is known, and it is the same
        ("2021-03-10T09", None, ""),
        ("2021-03-09T23:59", None, ""),
        # the end
        ("2021-03-05", "2021-03-09", ""),
        ("2021-03-05", "2021-03-20", ""),  # begun before, over afterwards: not emergent without grades
        ("2021-03-11", "2021-03-20", "Y"),
        ("2021-03-10", "2021-03-10", "Y"),
        ("2021-03-10", "2021-03-10T09:30", ""),  # over before the infusion of that day
        ("2021-03-10", "2021-03-10T10:00", "Y"),
        ("2021-03-12", "2021-03-08", ""),  # contradictory: ended before treatment
        # a missing start
        (None, None, "Y"),
        (None, "2021-03-09", ""),
        (None, "2021-03-10", "Y"),
        (None, "2021-03-10T09:59", ""),
        (None, "2021-03-20", "Y"),
        (None, "2021-02", ""),  # the whole month is before
        (None, "2021-03", "Y"),  # it may have ended afterwards
        (None, "2020", ""),
        ("--03-15", None, "Y"),  # without a year nothing is known
        ("--03-15", "2021-03-01", ""),
        # partial starts are intervals
        ("2021-02", None, ""),
        ("2021-03", None, "Y"),
        ("2021-04", None, "Y"),
        ("2020", None, ""),
        ("2021", None, "Y"),
        ("2021---05", None, "Y"),
        ("2020---05", None, ""),
        ("2021-03", "2021-03-05", ""),
        ("2021-02/2021-03-09", None, ""),
        ("2021-02/2021-03-10", None, "Y"),
        # partial ends
        ("2021-03", "2021-03", "Y"),
        ("2021-02-20", "2021-03", ""),
    ],
)
def test_start_and_end(start, ending, expected):
    assert flag(start, ending) == expected


@pytest.mark.parametrize("start", ["2021-03-11", None, "2021-03", "2021-03-09"])
def test_an_untreated_subject_has_no_flag(start):
    assert flag(start, treated=None) == ""


def test_a_treatment_of_unknown_year_has_no_flag():
    assert flag("2021-03-11", treated="--03-10") == ""


@pytest.mark.parametrize(
    ("start", "treated", "expected"),
    [
        ("2021-03-10T08:00", "2021-03-10", "Y"),  # the time of treatment is not known: by day
        ("2021-03-09T23:00", "2021-03-10", ""),
        ("2021-03-05", "2021-03", "Y"),
        ("2021-02-28", "2021-03", ""),
    ],
)
def test_a_treatment_without_its_time_or_day(start, treated, expected):
    assert flag(start, treated=treated) == expected


@pytest.mark.parametrize(
    ("start", "until", "expected"),
    [
        ("2021-04-07", "2021-04-07", "Y"),
        ("2021-04-08", "2021-04-07", ""),
        ("2021-04-07T23:59", "2021-04-07", "Y"),
        ("2021-04-07T12:01", "2021-04-07T12:00", ""),
        ("2021-04-07", "2021-04-07T12:00", "Y"),
        ("2021-04", "2021-04-07", "Y"),  # it may lie in the window
        ("2021-05", "2021-04-07", ""),
        (None, "2021-04-07", "Y"),
        ("2025-01-01", None, "Y"),  # no end of the window for this subject
        ("2021-03-09", "2021-04-07", ""),
    ],
)
def test_the_end_of_the_window(start, until, expected):
    assert flag(start, until=until) == expected


@pytest.mark.parametrize(
    ("start", "clock", "expected", "rules"),
    [
        ("2021-03-10", "2021-03-10T09:59", "", []),
        ("2021-03-10", "2021-03-10T10:00", "Y", []),
        ("2021-03-10", "2021-03-10", "Y", []),
        ("2021-03-10", None, "Y", []),
        ("2021-03-10", "2021-03", "Y", []),  # imputed to the day of treatment: no time
        ("2021-03-10", "2021-03-09T09:00", "Y", ["clock-differs"]),
        ("2021-03-09", "2021-03-10T11:00", "", ["clock-differs"]),
        (None, "2021-03-09T11:00", "Y", []),
    ],
)
def test_the_time_of_a_start_date(start, clock, expected, rules):
    assert flag(start, clock=clock, rules=rules) == expected


@pytest.mark.parametrize(
    ("start", "ending", "initial", "highest", "expected", "rules"),
    [
        ("2021-03-05", None, 1, 3, "Y", []),
        ("2021-03-05", "2021-03-20", 1, 3, "Y", []),
        ("2021-03-05", "2021-03-09", 1, 3, "", []),  # over before treatment
        ("2021-03-05", None, 3, 3, "", []),
        ("2021-03-05", None, 3, 1, "", []),
        ("2021-03-05", None, None, 3, "", []),
        ("2021-03-05", None, 1, None, "", []),
        ("2021-03-05", None, "1", "3", "Y", []),
        ("2021-03-05", None, "2", "10", "Y", []),  # as numbers, not as texts
        ("2021-03-05", None, "MILD", "3", "", ["number-unreadable"]),
        ("2021-03-11", None, 3, 3, "Y", []),
        (None, None, 3, 1, "Y", []),
    ],
)
def test_worsening(start, ending, initial, highest, expected, rules):
    assert flag(start, ending, grades=(initial, highest), rules=rules) == expected


def test_an_event_worsened_after_the_window_began_before_it():
    assert flag("2021-03-05", until="2021-04-07", grades=(1, 3)) == "Y"


def test_numeric_dates_and_datetimes():
    ctx = Context(3)
    day = 18696  # 2021-03-10
    start = Vector(Kind.DATE, dtc("2021-03-10").data.repeat(3) * 0 + day)
    clock = Vector.of_texts(["2021-03-10T09:00", None, "2021-03-10T10:30"], Kind.DTC)
    treated = Vector.constant(day * 86400 + 10 * 3600, 3, Kind.DATETIME)
    found = treatment_emergent(ctx, start, treated, clock)
    assert [found.text_at(i) for i in range(3)] == ["", "Y", "Y"]


def test_a_column_that_is_no_date_and_grades_that_are_no_pair():
    ctx = Context(2)
    column = Vector.of_texts(["2021-03-11", "2021-03-12"], Kind.DTC)
    found = treatment_emergent(ctx, column, Vector.of_numbers([1, 2]))
    assert [found.text_at(i) for i in range(2)] == ["", ""]
    assert ctx.issues == [("bad-argument", 0)]
    ctx = Context(2)
    found = treatment_emergent(ctx, column, Vector.of_texts([FIRST] * 2, Kind.DTC), grades=[Vector.of_numbers([1, 2])])
    assert [found.text_at(i) for i in range(2)] == ["Y", "Y"]
    assert ctx.issues == [("bad-argument", 0)]


def test_it_is_registered_with_the_options_of_the_language():
    made = derivations()["treatment_emergent"]
    assert [a.name for a in made.arguments] == ["start", "treated", "clock", "ending", "until", "grades"]
    assert [a.name for a in made.arguments if a.required] == ["start", "treated"]
