"""The 3+3 walk: who enters at which level and slot, with or without a DLT, and the recommended dose."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from .rng import DLT, Stream

FIRST_INFUSION = date(2021, 3, 22)
LEVEL_DOSE = {1: 1, 2: 2, 3: 5}
DLT_PROBABILITY = {1: 0.05, 2: 0.12, 3: 0.35}
SCREEN_FAILURES = {3: "E01", 15: "I05", 22: "E03"}
RESCREENED, RESCREEN_CRITERION = 8, "E03"
NOT_INFUSED, UNDERDOSED = 6, 7
EXPANSION_SIZE = 12


@dataclass
class Entry:
    """One person as the walk placed them; a screen failure has no level."""

    k: int
    status: str  # "INFUSED", "LD ONLY" or "SCREEN FAILURE"
    slot: date
    level: int | None = None
    expansion: bool = False
    dlt: bool = False
    evaluable: bool = False
    actual_level: int | None = None


@dataclass
class LevelResult:
    """What one dose level came to: a row of the 3+3 table."""

    level: int
    persons: list[int] = field(default_factory=list)
    evaluable: list[int] = field(default_factory=list)
    dlts: list[int] = field(default_factory=list)
    decision: str = "STOP"  # "ESCALATE", "EXPAND" (past the last level: its dose is taken) or "STOP"


@dataclass
class Walk:
    """The outcome of part 1 and the persons of both parts, in order of k."""

    entries: list[Entry]
    levels: list[LevelResult]
    rp2d: int | None
    cutoff: date


class _Walker:
    def __init__(self, seed: int, copy: int) -> None:
        self.seed, self.copy = seed, copy
        self.k = 0
        self.slot = FIRST_INFUSION
        self.entries: list[Entry] = []

    def next_person(self, level: int, expansion: bool) -> Entry:
        """The next person who takes a slot; screen failures met on the way are entered before them."""
        self.k += 1
        while self.k in SCREEN_FAILURES:
            self.entries.append(Entry(self.k, "SCREEN FAILURE", self.slot))
            self.k += 1
        entry = Entry(self.k, "INFUSED", self.slot, level, expansion)
        self.entries.append(entry)
        if self.k == NOT_INFUSED:
            entry.status = "LD ONLY"
            return entry
        entry.actual_level = max(1, level - 1) if self.k == UNDERDOSED else level
        entry.dlt = Stream(self.seed, DLT, self.k, self.copy).u() < DLT_PROBABILITY[entry.actual_level]
        entry.evaluable = self.k != UNDERDOSED or entry.dlt
        return entry

    def run_level(self, level: int) -> LevelResult:
        """Fill one level by groups of three evaluable persons."""
        result = LevelResult(level)
        while True:
            entry = self.next_person(level, expansion=False)
            result.persons.append(entry.k)
            if entry.evaluable:
                result.evaluable.append(entry.k)
            if entry.dlt:
                result.dlts.append(entry.k)
            group_full = entry.evaluable and len(result.evaluable) in (3, 6)
            wait = 35 if group_full else 14 if len(result.persons) == 1 else 7
            self.slot += timedelta(days=wait)
            if not group_full:
                continue
            dlts = len(result.dlts)
            if len(result.evaluable) == 3 and dlts == 1:
                continue
            if dlts <= 1:
                result.decision = "EXPAND" if level == 3 else "ESCALATE"
            return result

    def run_expansion(self, level: int) -> None:
        infused = 0
        while infused < EXPANSION_SIZE:
            entry = self.next_person(level, expansion=True)
            infused += entry.status == "INFUSED"
            self.slot += timedelta(days=10)


def month_end(day: date) -> date:
    """The last day of the month of `day`."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def walk(seed: int, copy: int = 0) -> Walk:
    """Run both parts of the study for one copy of its cohorts.

    Args:
        seed: root seed.
        copy: 0 for the study as described.

    Returns:
        Persons in order of k, a result for each level tried, the recommended level (None when level 1
        stops) and the data cut-off.
    """
    walker = _Walker(seed, copy)
    levels: list[LevelResult] = []
    rp2d: int | None = 3
    for level in (1, 2, 3):
        result = walker.run_level(level)
        levels.append(result)
        if result.decision == "STOP":
            rp2d = level - 1 or None
            break
    if rp2d is not None:
        walker.run_expansion(rp2d)
    last = max(entry.slot for entry in walker.entries if entry.status == "INFUSED")
    return Walk(walker.entries, levels, rp2d, month_end(last + timedelta(days=180)))
