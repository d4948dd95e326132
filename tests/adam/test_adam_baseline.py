"""Baseline values, change, percent change, shift."""

import numpy as np
import pytest

from sdtm_builder.adam.baseline import baseline, change, percent_change, shift
from sdtm_builder.model import Vector


class Context:
    """What these derivations use of a context."""

    def __init__(self, n):
        self.n, self.issues = n, []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


def numbers(*values):
    return Vector.of_numbers([np.nan if v is None else v for v in values])


def texts(*values):
    return Vector.of_texts(values)


def shown(vector):
    return [vector.text_at(i) or None for i in range(len(vector))]


def test_the_value_of_the_baseline_record_goes_to_all_records_of_the_group():
    ctx = Context(7)
    subject = texts("1", "1", "1", "1", "2", "2", None)
    code = texts("K", "K", "K", "NA", "K", "K", "K")
    flag = texts(None, "Y", None, None, None, None, "Y")
    found = baseline(ctx, numbers(4, 5, 6, 7, 8, 9, 10), flag, [subject, code], {})
    assert (shown(found), ctx.issues) == (["5", "5", "5", None, None, None, None], [])
    assert shown(baseline(ctx, texts(*"abcdefg"), flag, [subject, code], {})) == ["b", "b", "b", None, None, None, None]
    none = texts(*[None] * 7)
    assert shown(baseline(ctx, numbers(*range(7)), none, [subject, code], {})) == [None] * 7


def test_two_baselines_are_none_but_one_of_each_type():
    ctx = Context(4)
    subject, code, flag = texts(*"1111"), texts(*"KKKK"), texts("Y", "Y", None, None)
    kind = texts("A", "B", "A", "B")
    assert shown(baseline(ctx, numbers(1, 2, 3, 4), flag, [subject, code], {"BASETYPE": kind})) == ["1", "2", "1", "2"]
    assert ctx.issues == []
    assert shown(baseline(ctx, numbers(1, 2, 3, 4), flag, [subject, code], {})) == [None] * 4
    assert ctx.issues == [("baseline-several", 0), ("baseline-several", 1)]


def test_a_baseline_record_without_value():
    found = baseline(Context(2), numbers(None, 3), texts("Y", None), [texts("1", "1"), texts("K", "K")], {})
    assert shown(found) == [None, None]


@pytest.mark.parametrize(
    ("value", "base", "difference", "percent"),
    [
        (5.1, 4.9, 0.2, 4.081632653061),
        (0.3, 0.1, 0.2, 200),
        (4.9, 4.9, 0, 0),
        (3, 0, 3, None),
        (0, 0, 0, None),
        (1e-12, 3e-12, -2e-12, -66.66666666667),
        (123456789.12, 123456789.11, 0.01, 8.100000066493e-09),
        (-2, -4, 2, -50),
        (None, 4, None, None),
        (4, None, None, None),
    ],
)
def test_change(value, base, difference, percent):
    found = [f(Context(1), numbers(value), numbers(base)).data[0] for f in (change, percent_change)]
    for got, wanted in zip(found, (difference, percent), strict=True):
        assert np.isnan(got) if wanted is None else got == pytest.approx(wanted, rel=1e-12, abs=0)
    if difference is not None and value is not None:
        assert found[0] == difference


def test_shift():
    one, other = texts("NORMAL", "NORMAL", None, "HIGH", None), texts("HIGH", "NORMAL", "HIGH", None, None)
    found = ["NORMAL to HIGH", "NORMAL to NORMAL", None, None, None]
    assert shown(shift(Context(5), [one, other])) == found
    found[2:4] = ["NONE to HIGH", "HIGH to NONE"]
    assert shown(shift(Context(5), [one, other], "NONE")) == found


def test_shift_takes_two_texts():
    ctx = Context(3)
    assert shown(shift(ctx, [texts(*"abc")])) == [None] * 3
    assert shown(shift(ctx, [texts(*"abc"), numbers(1, 2, 3)])) == [None] * 3
    assert ctx.issues == [("bad-argument", 0)] * 2
