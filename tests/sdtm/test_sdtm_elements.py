"""Ends, places and epochs of subject elements; terms of trial summary values; first and last dates of visits."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdtm_support import Codelist, FakeContext, dtc, numbers, shown, texts

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import StudySpec
from sdtm_builder.sdtm.elements import element_end, planned_element
from sdtm_builder.sdtm.subject_visits import pick_date
from sdtm_builder.sdtm.trial_terms import trial_summary_term
from sdtm_builder.spec.yaml_tree import parse_documents

ARMS = """\
A: {arm: Drug A, path: [SCREENING: SCRN, TREATMENT: TRT, FOLLOW-UP: FU]}
B: {arm: Drug B, path: [SCREENING: SCRN, RUN-IN: RUN, TREATMENT: TRT]}
C: {arm: Only decoded}
"""


def study():
    arms = parse_documents(ARMS, "study.yaml", IssueLog())[0]
    return StudySpec("S1", Path(), Path(), arms=arms, ct={"sdtm": "2025-03-28"})


def context(n, **more):
    made = FakeContext(n, **more)
    made.study = study()
    return made


@pytest.mark.parametrize(
    ("etcd", "arm", "actual", "order", "epoch"),
    [
        ("TRT", "A", None, 2, "TREATMENT"),
        ("TRT", "B", None, 3, "TREATMENT"),
        ("TRT", "A", "B", 3, "TREATMENT"),  # the path followed, not the one planned
        ("SCRN", None, None, 1, "SCREENING"),  # of a screen failure, where all arms agree
        ("TRT", None, None, None, None),  # where they do not
        ("FU", None, None, 3, "FOLLOW-UP"),  # one arm has it
        ("FU", "B", None, None, None),
        ("TRT", "C", None, None, None),  # an arm without a path says nothing, and TRT differs between the others
    ],
)
def test_planned_element(etcd, arm, actual, order, epoch):
    made = context(1)
    given = (texts(etcd), texts(arm), texts(actual))
    assert shown(planned_element(made, "order", *given)) == [order]
    assert shown(planned_element(made, "epoch", *given)) == [epoch]
    off = [("element-off-path", 0)] if (etcd, arm) == ("FU", "B") else []
    assert made.rules == off  # told once, with the order


START = dtc("2021-03-10", "2021-03-01", "2021-04-07", "2021-05-01", None)
SUBJECTS = [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("last", "death", "expected"),
    [
        (None, None, ["2021-04-07", "2021-03-10", None, None, None]),
        ("2021-06-01T10:00", None, ["2021-04-07", "2021-03-10", "2021-06-01T10:00", None, "2021-06-01T10:00"]),
        ("2021-06-01", "2021-05-20", ["2021-04-07", "2021-03-10", "2021-05-20", None, "2021-05-20"]),
        ("2021-06-01", "2021-06-01T09:00", ["2021-04-07", "2021-03-10", "2021-06-01", None, "2021-06-01"]),
        ("2021-06-01", "2021-05", ["2021-04-07", "2021-03-10", "2021-06-01", None, "2021-06-01"]),
        (None, "2021-05-20", ["2021-04-07", "2021-03-10", "2021-05-20", None, "2021-05-20"]),
    ],
)
def test_element_end(last, death, expected):
    made = context(5, subjects=SUBJECTS)
    found = element_end(made, START, numbers(2, 1, 3, 1, 2), dtc(*[last] * 5), dtc(*[death] * 5))
    assert shown(found) == expected
    assert made.rules == []


def test_elements_of_one_moment_follow_the_path_and_others_the_dates():
    made = context(4, subjects=[0, 0, 1, 1])
    start = dtc("2021-03-01", "2021-03-01", "2021-03-05", "2021-03-01")
    found = element_end(made, start, numbers(2, 1, 1, 2), dtc(*["2021-04-01"] * 4), None)
    assert shown(found) == ["2021-04-01", "2021-03-01", "2021-04-01", "2021-03-05"]
    assert made.rules == [("element-order", 3)]


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 28)), max_size=12))
def test_each_end_is_the_next_start(rows):
    starts = [f"2021-03-{day:02}" for _, day in rows]
    made = context(len(rows), subjects=[s for s, _ in rows])
    found = shown(element_end(made, dtc(*starts), None, None, None))
    for subject in {s for s, _ in rows}:
        mine = [i for i, (s, _) in enumerate(rows) if s == subject]
        ordered = sorted(starts[i] for i in mine)
        assert sorted(str(found[i]) for i in mine) == sorted([*ordered[1:], "None"])


TERMS = Codelist({"N": "C49487", "Y": "C49488"}, extensible=False)
PHASES = Codelist({"PHASE I TRIAL": "C15600"})


@pytest.mark.parametrize(
    ("parameter", "value", "said", "expected"),
    [
        ("ADDON", "N", {}, ("C49487", "CDISC CT", "2025-03-28")),
        ("ADDON", None, {}, (None, None, None)),
        ("ADDON", "NO", {}, (None, None, None)),
        ("PLANSUB", "30", {}, (None, None, None)),
        ("FCNTRY", "CHN", {}, (None, "ISO 3166", None)),
        ("TRT", "X", {}, (None, None, None)),  # no code, so no terminology
        ("TRT", "X", {"code": "362O9ITL9D"}, ("362O9ITL9D", "UNII", None)),
        ("TPHASE", "I", {"code": "1", "dictionary": "OTHER", "version": "3"}, ("1", "OTHER", "3")),
        ("TPHASE", "PHASE I TRIAL", {"version": "2024-09-27"}, ("C15600", "CDISC CT", "2024-09-27")),
        ("TPHASE", "I", {"dictionary": "OTHER"}, (None, "OTHER", None)),
    ],
)
def test_trial_summary_term(parameter, value, said, expected):
    made = context(1, codelists={"NY": TERMS, "TPHASE": PHASES})
    own = [texts(said.get(k)) for k in ("code", "dictionary", "version")]
    found = [
        shown(trial_summary_term(made, w, texts(parameter), texts(value), *own))[0]
        for w in ("code", "dictionary", "version")
    ]
    assert tuple(found) == expected
    assert made.rules == ([("ct-miss", 0)] if value == "NO" else [])


@pytest.mark.parametrize(
    ("dates", "first", "last"),
    [
        (["2021-03-02", "2021-03-01"], 1, 0),
        (["2021-03-01", "2021-03-01T09:00"], 1, 1),  # of one day the more precise
        (["2021-03-01", "2021-03-01"], 0, 0),
        (["2021-03-01T10:00", "2021-03-01T09:00"], 1, 0),
        ([None, "2021-03-01"], 1, 1),
        (["2021-03"], 0, 0),
        (["2021-03", "2021-03"], 0, 0),
        (["2021-03", "2021-03-15"], -1, -1),  # either may be the first
        (["2021-04", "2021-03-15"], 1, -1),  # cannot be the first, may be any day of April: the last one is open
        (["2021-02", "2021-03-15"], -1, 1),
        ([None], -1, -1),
    ],
)
def test_pick_date(dates, first, last):
    group = np.zeros(len(dates), dtype=np.int64)
    assert pick_date(dtc(*dates), group, 1, False)[0].tolist() == [first]
    assert pick_date(dtc(*dates), group, 1, True)[0].tolist() == [last]
    unclear = [pick_date(dtc(*dates), group, 1, side)[1].tolist() for side in (False, True)]
    there = any(dates)
    assert unclear == [[there and first < 0], [there and last < 0]]
