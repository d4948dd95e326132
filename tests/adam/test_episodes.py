"""Episodes: literal cases, and the whole-column algorithm held against a naive twin."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.adam.episodes import episode
from sdtm_builder.model import Kind, Vector


class Context:
    """What the derivation uses of a context."""

    def __init__(self, n):
        self.n, self.issues = n, []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


def made(rows, gap=1, links=True):
    """Numbers and issues of rows (subject, category, start, end, identifier, previous)."""
    columns = [list(c) for c in zip(*rows, strict=True)] if rows else [[], [], [], [], [], []]
    subject, category, own, previous = (Vector.of_texts(columns[i]) for i in (0, 1, 4, 5))
    start, end = (Vector.of_texts(columns[i], Kind.DTC) for i in (2, 3))
    ctx = Context(len(rows))
    found = episode(ctx, [subject, category], start, end, gap, [own, previous] if links else [])
    assert found.kind is Kind.NUMBER
    return [None if number != number else int(number) for number in found.data], ctx.issues


def crs(*spans, subject="S1", category="CRS"):
    """Rows of one subject and category: (start, end, identifier, previous), days in March 2021."""
    rows = []
    for start, end, own, previous in spans:
        first, last = (None if day is None else f"2021-03-{day:02}" for day in (start, end))
        rows.append((subject, category, first, last, own, previous))
    return rows


@pytest.mark.parametrize(
    ("rows", "expected", "issues"),
    [
        ([], [], []),
        (crs((1, 3, "1", None)), [1], []),
        (crs((1, 3, "1", None), (4, 6, "2", None)), [1, 1], []),  # the next day
        (crs((1, 3, "1", None), (5, 6, "2", None)), [1, 2], []),  # a day free between them
        (crs((5, 6, "2", None), (1, 3, "1", None)), [2, 1], []),  # the order of rows is nothing
        (crs((1, 3, "1", None), (3, 6, "2", None)), [1, 1], []),
        (crs((1, 20, "1", None), (3, 4, "2", None), (15, 16, "3", None)), [1, 1, 1], []),  # the longest end counts
        (crs((1, 3, "1", None), (10, 12, "2", "1")), [1, 1], []),  # linked, whatever the gap
        (crs((1, 3, "1", None), (6, 7, "2", None), (10, 12, "3", "1")), [1, 2, 1], []),  # what lies between is apart
        (crs((1, 3, "1", None), (10, 12, "2", "1"), (20, 22, "3", "2")), [1, 1, 1], []),
        (crs((20, 22, "3", "2"), (10, 12, "2", "1"), (1, 3, "1", None)), [1, 1, 1], []),
        (crs((1, 3, "1", None), (10, 12, "2", "1"), (13, 14, "3", "2")), [1, 1, 1], []),  # the second link adds nothing
        (crs((1, 3, "1", None), (3, 2, "2", None), (5, 6, "3", None)), [1, 1, 2], []),  # end before start: the start
        # ends that are missing
        (crs((1, None, "1", None), (20, 22, "2", None)), [1, 1], [("episode-open", 1)]),
        (crs((1, None, "1", None), (2, 5, "2", None)), [1, 1], []),  # the start alone is near enough
        (crs((1, None, "1", None), (20, 22, "2", "1")), [1, 1], []),
        (crs((1, 3, "1", None), (20, None, "2", None)), [1, 2], []),
        (crs((1, None, "1", None), (10, 12, "2", None), (13, 14, "3", None)), [1, 1, 1], [("episode-open", 1)]),
        # starts that are missing
        (crs((None, 3, "1", None), (4, 5, "2", None)), [None, 1], [("episode-unplaced", 0)]),
        (crs((None, 3, "1", None), (4, 5, "2", "1")), [1, 1], []),
        (
            crs((None, 3, "1", None), (None, 5, "2", "1")),
            [None, None],
            [("episode-unplaced", 0), ("episode-unplaced", 1)],
        ),
        # links that lead nowhere
        (crs((1, 3, "1", None), (10, 12, "2", "9")), [1, 2], [("episode-link", 1)]),
        (crs((1, 3, "1", "1")), [1], [("episode-link", 0)]),
        (crs((1, 3, "1", None), (6, 7, "1", None), (10, 12, "2", "1")), [1, 2, 3], [("episode-link", 2)]),
        # groups
        (crs((1, 3, "1", None)) + crs((4, 6, "2", None), category="ICANS"), [1, 1], []),
        (crs((1, 3, "1", None)) + crs((9, 9, "2", "1"), category="ICANS"), [1, 1], [("episode-link", 1)]),
        (crs((1, 3, "1", None), (9, 9, "2", None)) + crs((4, 6, "1", None), subject="S2"), [1, 2, 1], []),
        (crs((1, 3, "1", None)) + crs((4, 6, "2", "1"), category=None), [1, None], []),
        (crs((1, 3, "1", None)) + crs((4, 6, "2", "1"), subject=None), [1, None], []),
    ],
)
def test_episodes(rows, expected, issues):
    assert made(rows) == (expected, issues)


@pytest.mark.parametrize(("gap", "expected"), [(0, [1, 2, 3]), (1, [1, 1, 2]), (2, [1, 1, 1])])
def test_the_gap(gap, expected):
    assert made(crs((1, 3, "1", None), (4, 6, "2", None), (8, 9, "3", None)), gap)[0] == expected


def test_times_are_left_off_and_a_partial_start_is_missing():
    rows = [("S1", "CRS", "2021-03-01T23:00", "2021-03-03T01:00", "1", None),
            ("S1", "CRS", "2021-03-04T22:00", None, "2", None),
            ("S1", "CRS", "2021-03", "2021-03-05", "3", None)]  # fmt: skip
    assert made(rows) == ([1, 1, None], [("episode-unplaced", 2)])


def test_without_links_only_dates_join():
    assert made(crs((1, 3, "1", None), (10, 12, "2", "1")), links=False) == ([1, 2], [])


@pytest.mark.parametrize(
    ("rows", "expected", "issues"),
    [
        (crs((1, 3, "1", None), (2, 6, "2", None)), [1, 2], []),  # dates join nothing
        (crs((1, 3, "1", None), (10, 12, "2", "1"), (4, 5, "3", None)), [1, 1, 2], []),
        (crs((1, None, "1", None), (10, 12, "2", None)), [1, 2], []),
        (crs((5, 6, "2", None), (5, 9, "1", None)), [2, 1], []),  # of one start, by identifier
        (crs((5, 6, "3", None), (5, 9, "2", None), (9, 9, "1", "3")), [1, 2, 1], []),
        (crs((None, 6, "1", None), (5, 6, "2", None), (None, 6, "3", "1")), [2, 1, 2], []),  # without a start last
        (crs((None, 6, "1", None), (None, 6, "3", None), (None, 6, "2", None)), [1, 3, 2], []),
    ],
)
def test_links_alone(rows, expected, issues):
    assert made(rows, gap=None) == (expected, issues)


def test_links_without_dates():
    subject, own = Vector.of_texts(["S1"] * 3), Vector.of_texts(["1", "2", "3"])
    found = episode(Context(3), [subject], linked=[own, Vector.of_texts([None, None, "1"])])
    assert found.data.tolist() == [1, 2, 1]


def test_a_gap_without_dates():
    ctx = Context(1)
    assert episode(ctx, [Vector.of_texts(["S1"])], gap=1).present().tolist() == [False]
    assert ctx.issues == [("bad-argument", 0)]


def test_neither_gap_nor_links():
    assert made(crs((1, 3, "1", None)), gap=None, links=False) == ([None], [("bad-argument", 0)])


@pytest.mark.parametrize("gap", [-1, 0.5])
def test_a_gap_that_is_no_number_of_days(gap):
    assert made(crs((1, 3, "1", None)), gap) == ([None], [("bad-argument", 0)])


def test_arguments_that_are_no_dates_and_no_pair():
    subject, day = Vector.of_texts(["S1"]), Vector.of_texts(["2021-03-01"], Kind.DTC)
    for start, linked in [(Vector.of_numbers([1]), []), (day, [subject]), (day, [subject, Vector.of_numbers([1])])]:
        ctx = Context(1)
        assert episode(ctx, [subject], start, day, 1, linked).present().tolist() == [False]
        assert ctx.issues == [("bad-argument", 0)]


START = date(2021, 1, 1)


def naive(rows, gap):
    """Joins of every pair, then a walk through them."""
    n = len(rows)
    day = lambda text: None if text is None else (date.fromisoformat(text) - START).days  # noqa: E731
    joined = {i: {i} for i in range(n)}
    for i, (subject, category, start, end, own, _) in enumerate(rows):
        for j, (subject2, category2, start2, _, _, previous2) in enumerate(rows):
            if i == j or (subject, category) != (subject2, category2) or None in (subject, category):
                continue
            namesakes = sum(r[:2] == rows[i][:2] and r[4] == own for r in rows)
            linked = previous2 is not None and previous2 == own and namesakes == 1
            near = False
            if gap is not None and start is not None and start2 is not None and start <= start2:
                near = end is None or day(start2) - max(day(end), day(start)) <= gap
            if linked or near:
                joined[i].add(j)
                joined[j].add(i)
    episodes = []
    left = set(range(n))
    while left:
        found, todo = set(), [min(left)]
        while todo:
            at = todo.pop()
            if at not in found:
                found.add(at)
                todo += joined[at]
        left -= found
        episodes.append(found)
    numbers = [None] * n
    for group in {r[:2] for r in rows if None not in r[:2]}:
        mine = []
        for members in episodes:
            starts = [rows[i][2] for i in members if rows[i][2] is not None]
            if gap is None and not starts:
                starts = ["9999"]
            if rows[min(members)][:2] == group and starts:
                mine.append((min(starts), min(rows[i][4] for i in members), members))
        for number, (_, _, members) in enumerate(sorted(mine, key=lambda one: one[:2]), 1):
            for i in members:
                numbers[i] = number
    return numbers


DAYS = st.one_of(st.none(), st.integers(0, 40).map(lambda d: (START + timedelta(days=d)).isoformat()))
NAMES = st.sampled_from(["1", "2", "3", "4", "5"])
ROW = st.tuples(st.sampled_from(["S1", "S2", None]), st.sampled_from(["CRS", "ICANS", None]), DAYS, DAYS, NAMES,
                st.one_of(st.none(), NAMES))  # fmt: skip


@given(st.lists(ROW, max_size=14), st.one_of(st.none(), st.integers(0, 3)))
def test_the_same_as_the_naive_twin(rows, gap):
    """Identifiers are made unique where only links join, so that no two episodes tie."""
    if gap is None:
        rows = [(*row[:4], f"{at}", row[5]) for at, row in enumerate(rows)]
    assert made(rows, gap)[0] == naive(rows, gap)


@given(st.lists(ROW, max_size=10), st.randoms(use_true_random=False))
def test_the_order_of_rows_decides_nothing(rows, random):
    shuffled = list(enumerate(rows))
    random.shuffle(shuffled)
    numbers = made([row for _, row in shuffled])[0]
    assert [n for _, n in sorted(zip([i for i, _ in shuffled], numbers, strict=True))] == made(rows)[0]
