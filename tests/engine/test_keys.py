"""Order of rows by several keys, held against numpy.lexsort."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.engine.keys import order_rows

WHOLE = st.one_of(st.integers(-3, 3).map(float), st.just(np.inf))
ANY = st.one_of(WHOLE, st.sampled_from([0.5, 1.01, -np.inf, 1e18, -1e18]))


@given(st.data(), st.integers(0, 12), st.integers(1, 4), st.sampled_from([WHOLE, ANY]))
def test_as_lexsort_does(data, n, width, values):
    keys = [np.array(data.draw(st.lists(values, min_size=n, max_size=n)), dtype=np.float64) for _ in range(width)]
    assert order_rows(keys, n).tolist() == np.lexsort(tuple(reversed(keys))).tolist()


def test_missing_stands_last_and_ties_stay():
    first = np.array([np.inf, 2.0, 1.0, 2.0, np.inf])
    assert order_rows([first], 5).tolist() == [2, 1, 3, 0, 4]
    assert order_rows([], 3).tolist() == [0, 1, 2]
