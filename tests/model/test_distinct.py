"""Distinct codes by counting, held against numpy.unique."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.model.distinct import LEAST, distinct_codes, used_codes

NUMBERS = st.lists(st.one_of(st.integers(-3, 5), st.integers(-(1 << 40), 1 << 40)), max_size=40)


@given(NUMBERS)
def test_as_numpy_does(values):
    codes = np.array(values, dtype=np.int64)
    found, back = distinct_codes(codes)
    same, place = np.unique(codes, return_inverse=True)
    assert found.tolist() == same.tolist()
    assert back.tolist() == place.tolist()


def test_close_together_and_far_apart():
    close = np.array([7, -2, 7, LEAST - 4], dtype=np.int32)
    assert [part.tolist() for part in distinct_codes(close)] == [[-2, 7, LEAST - 4], [1, 0, 1, 2]]
    far = np.array([1 << 60, 0, -(1 << 60)])
    assert [part.tolist() for part in distinct_codes(far)] == [[-(1 << 60), 0, 1 << 60], [2, 1, 0]]
    assert [part.tolist() for part in distinct_codes(np.zeros(0, dtype=np.int64))] == [[], []]


def test_used_codes():
    assert used_codes(np.array([3, -1, 0, 3], dtype=np.int32), 5).tolist() == [0, 3]
    assert used_codes(np.array([-1, -1]), 0).tolist() == []
