"""Responses that a later assessment confirms."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.adam.response import confirmed_response
from sdtm_builder.model import Kind, ListNode, Mark, Scalar, Vector

DAY_1 = date(2021, 3, 22)
LEVELS = (("CR", "CRi"), ("PR",))


class Context:
    """What the derivation uses of a context."""

    def __init__(self, subjects):
        self.n, self.issues, self._subjects = len(subjects), [], subjects

    def subjects(self):
        """Codes of the subjects."""
        return np.array(self._subjects, dtype=np.int64)

    def issue(self, rule, rows, message, values=None):
        """Keep the rule and the message."""
        self.issues.append((rule, message))


def node(levels):
    return ListNode(tuple(ListNode(tuple(Scalar(t) for t in level), Mark()) for level in levels), Mark())


def run(assessments, days=28, allowed=("MISSING",), levels=LEVELS):
    """What is confirmed of (subject, study day, response)."""
    ctx = Context([subject for subject, _, _ in assessments])
    texts = [None if day is None else (DAY_1 + timedelta(days=day - 1)).isoformat() for _, day, _ in assessments]
    found = confirmed_response(
        ctx,
        Vector.of_texts([r for _, _, r in assessments]),
        Vector.of_texts(texts, Kind.DTC),
        node(levels),
        days,
        allowed,
    )
    assert ctx.issues == []
    return [found.text_at(i) or None for i in range(len(found))]


def of_one(*pairs, **options):
    return run([(0, day, response) for day, response in pairs], **options)


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([(29, "CR"), (57, "CR")], ["CR", None]),  # 28 days apart
        ([(29, "CR"), (56, "CR")], [None, None]),  # 27 days
        ([(29, "CRi"), (57, "CR")], ["CR", None]),  # the better of the two
        ([(29, "CR"), (57, "CRi")], ["CR", None]),
        ([(29, "CRi"), (57, "CRi")], ["CRi", None]),
        ([(29, "CRi"), (57, "CRi"), (85, "CR")], ["CR", "CR", None]),
        ([(29, "CRi"), (57, "CRi"), (60, "CR")], ["CR", None, None]),
        (
            [(29, "CRi"), (50, "CR"), (57, "CRi")],
            ["CRi", None, None],
        ),  # CR is confirmed by nothing, nor is it late enough
        ([(29, "CR"), (43, "NR"), (57, "CR")], [None, None, None]),
        ([(29, "CR"), (43, "PR"), (57, "CR")], [None, None, None]),  # PR is worse than CR
        ([(29, "CR"), (43, "CRi"), (57, "CR")], ["CR", None, None]),
        ([(29, "CR"), (43, "NE"), (57, "CR")], [None, None, None]),  # NE is not among those that may stand between
        ([(29, "CR"), (43, "MISSING"), (57, "CR")], ["CR", None, None]),
        ([(29, "CR"), (43, None), (57, "CR")], ["CR", None, None]),
        ([(29, "CR"), (57, "CR"), (57, "NR")], [None, None, None]),  # a contradiction on the day confirms nothing
        ([(29, "CR"), (29, "NR"), (57, "CR")], [None, None, None]),
        ([(29, "CR"), (57, "CR"), (58, "RELAPSED DISEASE")], ["CR", None, None]),
        ([(29, "PR"), (57, "PR")], ["PR", None]),
        ([(29, "PR"), (57, "CR")], ["PR", None]),  # a better one confirms, and is itself not confirmed
        ([(29, "CR"), (57, "PR")], [None, None]),
        ([(29, "PR"), (57, "CR"), (85, "CRi")], ["PR", "CR", None]),
        ([(29, "NR"), (57, "NR")], [None, None]),
        ([(57, "CR"), (29, "CR")], [None, "CR"]),  # the order of records is nothing
        ([(29, "CR"), (None, "CR"), (57, "CR")], ["CR", None, None]),
        ([(29, "CR"), (None, "NR"), (57, "CR")], ["CR", None, None]),
        ([(None, "CR")], [None]),
        ([], []),
    ],
)
def test_one_subject(pairs, expected):
    assert of_one(*pairs) == expected


def test_what_may_stand_between_is_said():
    pairs = [(29, "CR"), (43, "NE"), (57, "CR")]
    assert of_one(*pairs, allowed=("NE",)) == ["CR", None, None]
    assert of_one(*pairs, allowed=()) == [None, None, None]


def test_days_and_levels_are_said():
    assert of_one((29, "CR"), (56, "CR"), days=27) == ["CR", None]
    assert of_one((29, "CRi"), (57, "CR"), levels=[("CR",), ("CRi",)]) == ["CRi", None]
    assert of_one((29, "X"), (57, "X"), levels=[("X",)]) == ["X", None]


def test_one_subject_confirms_no_other():
    assert run([(0, 29, "CR"), (1, 57, "CR"), (-1, 29, "CR"), (-1, 57, "CR")]) == [None, None, None, None]


@pytest.mark.parametrize(
    ("levels", "days"),
    [(Scalar("CR"), 28), (ListNode((), Mark()), 28), (node([("CR",), ()]), 28), (node([("CR", "PR"), ("PR",)]), 28),
     (node(LEVELS), 0), (node(LEVELS), 27.5), (None, 28)],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_fault(levels, days):
    ctx = Context([0, 0])
    texts, dates = Vector.of_texts(["CR", "CR"]), Vector.of_texts(["2021-04-19", "2021-05-17"], Kind.DTC)
    found = confirmed_response(ctx, texts, dates, levels, days, ())
    assert [rule for rule, _ in ctx.issues] == ["bad-argument"]
    assert not found.present().any()


def twin(assessments, days, allowed):
    """The same by looking at every pair."""
    level = {t: n for n, terms in enumerate(LEVELS) for t in terms}
    order = {t: n for n, t in enumerate(t for terms in LEVELS for t in terms)}
    found = []
    for subject, day, response in assessments:
        best = None
        for other, later, confirming in assessments:
            if response not in level or confirming not in level or subject != other or None in (day, later):
                continue
            if later < day + days or level[confirming] > level[response]:
                continue
            worse = [r for s, d, r in assessments if s == subject and d is not None and day <= d <= later
                     and r is not None and r not in allowed and level.get(r, 9) > level[response]]  # fmt: skip
            if worse:
                continue
            pair = [r for r in (response, confirming) if level[r] == level[response]]
            best = min([*pair, *([best] if best else [])], key=order.__getitem__)
        found.append(best)
    return found


assessment = st.tuples(
    st.integers(0, 2),
    st.one_of(st.none(), st.integers(1, 12)),
    st.sampled_from(["CR", "CRi", "PR", "NR", "NE", "MISSING", "RELAPSED DISEASE", None]),
)


@given(st.lists(assessment, max_size=14), st.integers(1, 5), st.sampled_from([(), ("MISSING",), ("NE", "MISSING")]))
def test_as_every_pair_says(assessments, days, allowed):
    assert run(assessments, days, allowed) == twin(assessments, days, allowed)
