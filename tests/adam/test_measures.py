"""Time since a moment, and logarithms."""

import math

import numpy as np
import pytest

from sdtm_builder.adam.measures import elapsed, logarithm
from sdtm_builder.model import Kind, Vector


class Context:
    """What these derivations use of a context."""

    def __init__(self, n):
        self.n, self.issues = n, []

    def issue(self, rule, rows, message, values=None):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


def between(start, end, unit="days"):
    ctx = Context(1)
    found = elapsed(ctx, [Vector.of_texts([start], Kind.DTC), Vector.of_texts([end], Kind.DTC)], unit)
    assert ctx.issues == []
    return None if np.isnan(found.data[0]) else float(found.data[0])


@pytest.mark.parametrize(
    ("start", "end", "unit", "expected"),
    [
        ("2021-03-22T11:24", "2021-03-23T17:24", "days", 1.25),
        ("2021-03-22T11:24", "2021-03-22T11:24", "days", 0.0),
        ("2021-03-22T11:24", "2021-03-21T11:24", "days", -1.0),
        ("2021-03-22T11:24", "2021-03-22T13:44", "hours", 140 / 60),
        ("2021-03-22T11:24", "2021-03-22T13:44", "minutes", 140.0),
        ("2021-03-22T11:24:30", "2021-03-22T11:25", "minutes", 0.5),
        ("2021-03-22", "2021-03-23T17:24", "days", None),
        ("2021-03-22T11", "2021-03-23T17:24", "days", None),
        ("2021-03-22T11:24", "2021-03-23", "days", None),
        ("2021-03-22T11:24", None, "days", None),
        (None, "2021-03-22T11:24", "days", None),
    ],
)
def test_elapsed(start, end, unit, expected):
    assert between(start, end, unit) == expected


def test_elapsed_takes_numeric_datetimes():
    start, end = (Vector(Kind.DATETIME, np.array([at], dtype=np.int64)) for at in (86400, 3 * 86400 + 43200))
    assert elapsed(Context(1), [start, end], "days").data.tolist() == [2.5]


def test_elapsed_takes_two_times():
    ctx = Context(1)
    assert np.isnan(elapsed(ctx, [Vector.of_texts(["2021-03-22T11:24"], Kind.DTC)], "days").data).all()
    assert ctx.issues == [("bad-argument", 0)]


def test_logarithm():
    ctx = Context(6)
    found = logarithm(ctx, Vector.of_numbers([1000, 1, 0.01, math.nan, 0, -5])).data
    assert found[:3].tolist() == [3.0, 0.0, -2.0]
    assert np.isnan(found[3:]).all()
    assert ctx.issues == [("logarithm-undefined", 4), ("logarithm-undefined", 5)]


def test_logarithm_of_another_base():
    assert logarithm(Context(2), Vector.of_numbers([8, 0.5]), 2).data.tolist() == pytest.approx([3.0, -1.0])


@pytest.mark.parametrize("base", [0, 1, -2])
def test_bases_that_have_no_logarithm(base):
    ctx = Context(1)
    assert np.isnan(logarithm(ctx, Vector.of_numbers([8]), base).data).all()
    assert ctx.issues == [("bad-argument", 0)]
