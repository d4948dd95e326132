"""Records matched by keys, held against a naive twin; repeated keys; records that differ in one key alone."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.compare.match import match_records
from sdtm_builder.compare.nearly import find_alike
from sdtm_builder.compare.run import Request, compare_tables

from .kit import table

VALUES = st.sampled_from(["", "a", "b", "c"])
NUMBERS = st.sampled_from([None, 0.0, 1.0, 2.5])
ROWS = st.lists(st.tuples(VALUES, NUMBERS, VALUES, NUMBERS), min_size=1, max_size=14)
Row = tuple[str, float | None, str, float | None]


def of_rows(rows: list[Row]) -> object:
    names = ("K", "N", "T", "V")
    return table("X", **{n: [r[i] for r in rows] for i, n in enumerate(names)})


@settings(max_examples=300, deadline=None)
@given(ROWS, ROWS)
def test_as_a_dictionary_would_match(one: list[Row], two: list[Row]) -> None:
    found = compare_tables("X", of_rows(one), of_rows(two), Request({"X": ("K", "N")}))  # type: ignore[arg-type]
    keys_a, keys_b = Counter(r[:2] for r in one), Counter(r[:2] for r in two)
    m = found.matched
    pairs = list(zip(m.rows_a.tolist(), m.rows_b.tolist(), strict=True))
    assert all(one[i][:2] == two[j][:2] for i, j in pairs)
    assert len(pairs) == (keys_a & keys_b).total()
    assert len({i for i, _ in pairs}) == len({j for _, j in pairs}) == len(pairs)
    assert Counter(one[i][:2] for i in m.only_a.tolist()) == keys_a - keys_b
    assert Counter(two[j][:2] for j in m.only_b.tolist()) == keys_b - keys_a
    assert [i for i, r in enumerate(one) if keys_a[r[:2]] > 1] == m.repeated_a.tolist()
    assert [j for j, r in enumerate(two) if keys_b[r[:2]] > 1] == m.repeated_b.tolist()
    equal = sum(((Counter(one) & Counter(two))).values())
    assert sum(one[i] == two[j] for i, j in pairs) >= equal
    for variable, at in (("T", 2), ("V", 3)):
        result = next(v for v in found.variables if v.name == variable)
        differing = list(zip(result.rows_a.tolist(), result.rows_b.tolist(), strict=True))
        assert differing == [(i, j) for i, j in pairs if one[i][at] != two[j][at]]


@settings(max_examples=100, deadline=None)
@given(ROWS, st.randoms(use_true_random=False))
def test_order_and_repeats_do_not_matter_to_equal_tables(rows: list[Row], random: object) -> None:
    other = list(rows)
    random.shuffle(other)  # type: ignore[attr-defined]
    found = compare_tables("X", of_rows(rows), of_rows(other), Request({"X": ("K",)}))  # type: ignore[arg-type]
    assert found.equal


def test_equal_records_of_a_repeated_key_are_matched_first_the_others_in_order() -> None:
    a = table("X", K=["1", "1", "1", "2"], V=["p", "q", "r", "s"])
    b = table("X", K=["1", "1", "1", "1"], V=["r", "x", "p", "y"])
    found = match_records(a, b, ["K"], ["V"])
    assert list(zip(found.rows_a.tolist(), found.rows_b.tolist(), strict=True)) == [(0, 2), (1, 1), (2, 0)]
    assert (found.only_a.tolist(), found.only_b.tolist()) == ([3], [3])
    assert (found.repeated_a.tolist(), found.repeated_b.tolist()) == ([0, 1, 2], [0, 1, 2, 3])
    assert not found.same_order


def test_without_keys_records_are_matched_by_number() -> None:
    found = match_records(table("X", V=["a", "b", "c"]), table("X", V=["a", "b"]), [], [])
    assert (found.rows_a.tolist(), found.only_a.tolist(), found.only_b.tolist()) == ([0, 1], [2], [])


def test_a_key_that_is_text_on_one_side_and_number_on_the_other() -> None:
    a, b = table("X", K=["1", "2.0", None]), table("X", K=[2, 1, None])
    found = match_records(a, b, ["K"], [])
    assert list(zip(found.rows_a.tolist(), found.rows_b.tolist(), strict=True)) == [(0, 1), (1, 0), (2, 2)]


def test_records_that_are_alike_but_for_one_key() -> None:
    a = table("X", S=["1", "1", "2", "3", "3"], T=["p", "q", "r", "s", "t"], D=["d1", "d1", "d2", "d3", "d3"])
    b = table("X", S=["1", "1", "2", "3", "3"], T=["p", "z", "r", "u", "v"], D=["d1", "d1", "d9", "d3", "d3"])
    keys = ["S", "T", "D"]
    m = match_records(a, b, keys, [])
    found = [(o.row_a, o.row_b, o.variable) for o in find_alike(a, b, keys, m.only_a, m.only_b)]
    assert found == [(1, 1, "T"), (2, 2, "D")]
