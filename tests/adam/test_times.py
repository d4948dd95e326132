"""Numeric times of day."""

import numpy as np
import pytest

from sdtm_builder.adam.times import to_time
from sdtm_builder.model import Kind, Vector


class Context:
    """What the derivation uses of a context."""

    def __init__(self, n):
        self.n, self.issues = n, []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected", "issues"),
    [
        ("2021-03-10T09:30", 34200, []),
        ("2021-03-10T00:00", 0, []),
        ("2021-03-10T23:59:59", 86399, []),
        ("1969-12-31T01:00", 3600, []),
        ("2021-03-10T09:30:15", 34215, []),
        ("2021-03-10", None, []),
        ("2021-03", None, []),
        (None, None, []),
        ("2021-03-10T09", None, [("time-incomplete", 0)]),
    ],
)
def test_time_of_a_dtc(text, expected, issues):
    ctx = Context(1)
    found = to_time(ctx, Vector.of_texts([text], Kind.DTC)).data[0]
    assert (None if np.isnan(found) else found) == expected
    assert ctx.issues == issues


def test_time_of_a_datetime_and_of_what_is_no_date():
    ctx = Context(1)
    assert to_time(ctx, Vector.constant(18696 * 86400 + 3661, 1, Kind.DATETIME)).data.tolist() == [3661]
    assert np.isnan(to_time(ctx, Vector.of_numbers([1])).data[0])
    assert ctx.issues == [("bad-argument", 0)]
