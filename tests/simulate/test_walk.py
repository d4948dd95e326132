"""The 3+3 walk: literal outcomes of the three seeds that the study document states."""

from datetime import date

import pytest

from sdtm_builder.simulate.escalation import month_end, walk


def test_seed_68_levels():
    found = walk(68)
    assert [(r.level, r.persons, r.evaluable, r.dlts, r.decision) for r in found.levels] == [
        (1, [1, 2, 4], [1, 2, 4], [], "ESCALATE"),
        (2, [5, 6, 7, 8, 9, 10, 11, 12], [5, 8, 9, 10, 11, 12], [5], "ESCALATE"),
        (3, [13, 14, 16, 17, 18, 19], [13, 14, 16, 17, 18, 19], [13, 18], "STOP"),
    ]
    assert found.rp2d == 2
    expansion = [e for e in found.entries if e.expansion]
    assert [e.k for e in expansion] == [20, 21, *range(23, 33)]
    assert [e.k for e in expansion if e.dlt] == [23]
    assert found.cutoff == date(2022, 10, 31)


def test_seed_68_numbers():
    entries = walk(68).entries
    infused = [e for e in entries if e.status == "INFUSED"]
    assert len(entries) == 32
    assert len(infused) == 28
    assert [sum(e.level == n and not e.expansion for e in infused) for n in (1, 2, 3)] == [3, 7, 6]
    assert sum(e.expansion for e in infused) == 12
    assert [e.k for e in entries if e.status == "LD ONLY"] == [6]
    assert [e.k for e in entries if e.status == "SCREEN FAILURE"] == [3, 15, 22]


def test_seed_68_infusion_dates():
    slots = {e.k: e.slot.isoformat() for e in walk(68).entries if e.level is not None}
    assert slots == {
        1: "2021-03-22", 2: "2021-04-05", 4: "2021-04-12", 5: "2021-05-17", 6: "2021-05-31", 7: "2021-06-07",
        8: "2021-06-14", 9: "2021-06-21", 10: "2021-07-26", 11: "2021-08-02", 12: "2021-08-09", 13: "2021-09-13",
        14: "2021-09-27", 16: "2021-10-04", 17: "2021-11-08", 18: "2021-11-15", 19: "2021-11-22", 20: "2021-12-27",
        21: "2022-01-06", 23: "2022-01-16", 24: "2022-01-26", 25: "2022-02-05", 26: "2022-02-15", 27: "2022-02-25",
        28: "2022-03-07", 29: "2022-03-17", 30: "2022-03-27", 31: "2022-04-06", 32: "2022-04-16",
    }


def test_seed_4():
    found = walk(4)
    assert [(r.persons, r.evaluable, r.dlts) for r in found.levels] == [
        ([1, 2, 4], [1, 2, 4], []),
        ([5, 6, 7, 8, 9], [5, 8, 9], []),
        ([10, 11, 12, 13, 14, 16], [10, 11, 12, 13, 14, 16], [11]),
    ]
    assert found.rp2d == 3
    expansion = [e for e in found.entries if e.expansion]
    assert [e.k for e in expansion if e.status == "INFUSED"] == [17, 18, 19, 20, 21, 23, 24, 25, 26, 27, 28, 29]
    assert [e.k for e in expansion if e.dlt] == [17, 18, 21, 29]


def test_seed_5_stops_at_level_1():
    found = walk(5)
    assert [(r.persons, r.evaluable, r.dlts, r.decision) for r in found.levels] == [
        ([1, 2, 4, 5, 6, 7, 8], [1, 2, 4, 5, 7, 8], [2, 7], "STOP")]
    assert found.rp2d is None
    assert len(found.entries) == 8
    assert not any(e.expansion for e in found.entries)


def test_later_copies_have_their_own_walk_from_the_same_day():
    first, second = walk(68, 0), walk(68, 1)
    assert second.entries[0].slot == date(2021, 3, 22)
    assert [e.dlt for e in first.entries] != [e.dlt for e in second.entries]


@pytest.mark.parametrize(("day", "expected"), [
    (date(2022, 10, 13), date(2022, 10, 31)), (date(2024, 2, 1), date(2024, 2, 29)),
    (date(2021, 12, 31), date(2021, 12, 31)),
])
def test_month_end(day, expected):
    assert month_end(day) == expected
