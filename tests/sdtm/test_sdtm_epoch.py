"""EPOCH from the subject's elements, against a naive twin."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdtm_support import FakeContext, dtc, shown, texts

from sdtm_builder.sdtm.epoch import epoch

ELEMENTS = {
    "USUBJID": texts("S1", "S1", "S1", "S2", "S2"),
    "SESTDTC": dtc("2021-03-01", "2021-03-10T09:00", "2021-04-07", "2021-05-01", None),
    "EPOCH": texts("SCREENING", "TREATMENT", "FOLLOW-UP", "SCREENING", "TREATMENT"),
}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("2021-02-28", None),
        ("2021-03-01", "SCREENING"),
        ("2021-03-09T23:59", "SCREENING"),
        ("2021-03-10T08:59", "SCREENING"),
        ("2021-03-10T09:00", "TREATMENT"),
        ("2021-03-10T09:00:30", "TREATMENT"),
        ("2021-03-10", "TREATMENT"),
        ("2021-03-10T09", "TREATMENT"),
        ("2021-04-07T00:01", "FOLLOW-UP"),
        ("2030-01-01", "FOLLOW-UP"),
        ("2021-03", None),
        ("2021", None),
        (None, None),
    ],
)
def test_epoch(when, expected):
    assert shown(epoch(FakeContext(1), {"LBDTC": dtc(when)}, ELEMENTS, texts("S1"))) == [expected]


def test_an_element_without_a_start_leaves_the_later_ones_open():
    found = epoch(FakeContext(2), {"LBDTC": dtc("2021-04-30", "2021-05-02")}, ELEMENTS, texts("S2", "S2"))
    assert shown(found) == [None, None]


def test_a_partial_start_opens_only_what_it_reaches():
    elements = {"USUBJID": texts("S1", "S1", "S1"), "SESTDTC": dtc("2021-03-05", "2021-03", "2021-05-01"),
                "EPOCH": texts("SCREENING", "TREATMENT", "FOLLOW-UP")}  # fmt: skip
    when = dtc("2021-02-27", "2021-03-02", "2021-03-06", "2021-04-10", "2021-05-01")
    assert shown(epoch(FakeContext(5), {"AESTDTC": when}, elements, texts(*["S1"] * 5))) == [
        None, None, None, None, "FOLLOW-UP",
    ]  # fmt: skip


def test_of_two_elements_begun_on_one_day_without_times_the_later_row():
    elements = {"USUBJID": texts("S1", "S1"), "SESTDTC": dtc("2021-03-01", "2021-03-01"),
                "EPOCH": texts("SCREENING", "TREATMENT")}  # fmt: skip
    assert shown(epoch(FakeContext(1), {"AESTDTC": dtc("2021-03-01")}, elements, texts("S1"))) == ["TREATMENT"]


def test_the_first_variable_named_decides_even_where_it_is_missing():
    dates = {"AESTDTC": dtc(None, "2021-03-01"), "AEDTC": dtc("2021-03-20", "2021-03-20")}
    assert shown(epoch(FakeContext(2), dates, ELEMENTS, texts("S1", "S1"))) == [None, "SCREENING"]


def test_unknown_subject_no_subject_no_date_no_elements():
    assert shown(epoch(FakeContext(2), {"A": dtc("2021-03-10", "2021-03-10")}, ELEMENTS, texts("S9", None))) == [
        None,
        None,
    ]
    assert shown(epoch(FakeContext(1), {}, ELEMENTS, texts("S1"))) == [None]
    none = {"USUBJID": texts(), "SESTDTC": dtc(), "EPOCH": texts()}
    assert shown(epoch(FakeContext(1), {"A": dtc("2021-03-10")}, none, texts("S1"))) == [None]


moment = st.one_of(
    st.none(),
    st.sampled_from(["2021-03", "2021"]),
    st.builds(
        lambda d, t: (date(2021, 3, 1) + timedelta(days=d)).isoformat() + t,
        st.integers(0, 5),
        st.sampled_from(["", "T08:00", "T09:00", "T09:00:30", "T10"]),
    ),
)
full = moment.filter(lambda text: text is not None and len(text) >= 10)


def twin(when, elements):
    """Each element looked at in turn, in the order of their starts."""
    if when is None or len(when) < 10:
        return None
    found = None
    for start, name in sorted(elements, key=lambda e: (e[0] + "T00:00:00"[len(e[0]) - 10 :])[:19]):
        if start[:10] > when[:10]:
            continue
        if start[:10] == when[:10] and "T" in start and "T" in when:
            length = min(len(start), len(when))
            if start[:length] > when[:length]:
                continue
        found = name
    return found


@given(st.lists(st.tuples(full, st.sampled_from("ABCDE")), max_size=5), st.lists(moment, min_size=1, max_size=8))
def test_epoch_as_its_twin(elements, dates):
    table = {
        "USUBJID": texts("S0", *["S1"] * len(elements), "S2"),
        "SESTDTC": dtc("2021-03-01", *(start for start, _ in elements), "2021-03-01"),
        "EPOCH": texts("X", *(name for _, name in elements), "Y"),
    }
    found = shown(epoch(FakeContext(len(dates)), {"AESTDTC": dtc(*dates)}, table, texts(*["S1"] * len(dates))))
    assert found == [twin(when, elements) for when in dates]
