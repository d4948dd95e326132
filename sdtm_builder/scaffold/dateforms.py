"""Which date formats would read a column, how many values each, and where day and month could be exchanged."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ..issues import IssueLog
from ..model import DateTexts, Scalar
from ..values.fold import fold
from ..values.formats import Format, Formats, compile_dates, parts_of

UNKNOWN = ("UN", "UNK", "UNKN", "XX", "XXX", "NK", "未知", "不详")
"""Tokens of unknown parts that are tried; a study that has them declares them."""
PIVOT = 1930
LONGEST = 40
"""No date has more characters."""
_DAYS = (
    "yyyy-MM-dd", "yyyy-M-d", "yyyy/MM/dd", "yyyy/M/d", "yyyy.MM.dd", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日",
    "dd-MM-yyyy", "d-M-yyyy", "dd/MM/yyyy", "d/M/yyyy", "dd.MM.yyyy", "d.M.yyyy",
    "MM-dd-yyyy", "M-d-yyyy", "MM/dd/yyyy", "M/d/yyyy", "MM.dd.yyyy", "M.d.yyyy",
    "dd-MMM-yyyy", "d-MMM-yyyy", "dd MMM yyyy", "d MMM yyyy", "dd/MMM/yyyy", "ddMMMyyyy", "MMM d, yyyy", "MMM dd, yyyy",
    "dd/MM/yy", "d/M/yy", "MM/dd/yy", "M/d/yy", "dd-MMM-yy", "d-MMM-yy", "dd.MM.yy",
)  # fmt: skip
_PARTIAL = ("yyyy-MM", "yyyy/MM", "MM/yyyy", "MM-yyyy", "MMM-yyyy", "MMM yyyy", "yyyy年M月", "yyyy")
_CLOCKS = ("THH:mm", "THH:mm:ss", " HH:mm", " HH:mm:ss", " H:mm", " h:mm a")
_TIME = re.compile(r"(?:[01]?\d|2[0-3])[:：][0-5]?\d(?:[:：][0-5]\d)?(?: ?[AP]M)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FormatCount:
    """A format and how many values of the column it reads, `alone` those that no format above it reads."""

    format: str
    values: int
    alone: int


@dataclass(frozen=True, slots=True)
class DateFacts:
    """What is known of a column's dates.

    formats : a shortest list that reads all that any format reads, most values first; of formats of two readings both
    read, unread : values that some format reads, and that none does
    order : `day first`, `month first`, `either` (no value tells), `both` (values contradict), "" (no such dates)
    day_first, month_first : values that can be read in this order alone; either : in both, as different dates
    rivals : the two formats that read the same texts as different dates
    unknown : tokens of unknown parts that occur; pivot : whether a year has two digits
    times : values with a time of day
    """

    formats: tuple[FormatCount, ...]
    read: int
    unread: int
    order: str
    day_first: int
    month_first: int
    either: int
    rivals: tuple[str, ...]
    unknown: tuple[str, ...]
    pivot: bool
    times: int

    def settled(self) -> tuple[str, ...]:
        """The formats that the values themselves leave no doubt of."""
        if self.order in ("either", "both"):
            return tuple(f.format for f in self.formats if f.format not in self.rivals)
        return tuple(f.format for f in self.formats)

    @property
    def doubtful(self) -> bool:
        """Whether the order of day and month must be said by a person."""
        return self.order in ("either", "both")


@lru_cache(maxsize=1)
def _formats() -> tuple[tuple[Format, Formats], ...]:
    texts = [*_DAYS, *(day + clock for day in _DAYS for clock in _CLOCKS), *_PARTIAL]
    made = []
    for text in texts:
        one = compile_dates(DateTexts((Scalar(text),), UNKNOWN, PIVOT), IssueLog())
        made += [(one.formats[0], one)] if one.formats else []
    return tuple(made)


@lru_cache(maxsize=4096)
def _fitting(shape: str) -> tuple[tuple[Format, Formats], ...]:
    """The formats that texts of a shape (every digit a 9) fit, whatever their numbers."""
    return tuple((f, all_) for f, all_ in _formats() if f.pattern.fullmatch(shape))


def _readings(text: str) -> dict[str, tuple[int | None, ...]]:
    """Format -> parts, of every format that reads a text as a real day."""
    plain = fold(text).upper()
    found: dict[str, tuple[int | None, ...]] = {}
    for fmt, all_ in _fitting(re.sub("[0-9]", "9", plain)) if len(plain) <= LONGEST else ():
        parts = parts_of(fmt, plain, all_)
        if isinstance(parts, tuple):
            found[fmt.text] = parts
    return found


def looks_dated(text: str) -> bool:
    """Whether a text is a date of a full format, or a time."""
    return is_time(text) or any("d" in fmt for fmt in _readings(text))


def is_time(text: str) -> bool:
    """Whether a text is a time of day."""
    return _TIME.fullmatch(fold(text)) is not None


def date_facts(counts: Mapping[str, int]) -> tuple[DateFacts, frozenset[str]]:
    """What a column's texts (text -> number of values) are as dates, and which texts some format reads."""
    readings = {text: read for text in counts if (read := _readings(text))}
    return _facts(counts, readings), frozenset(readings)


def _facts(counts: Mapping[str, int], readings: Mapping[str, Mapping[str, tuple[int | None, ...]]]) -> DateFacts:
    total = {f.text: sum(counts[t] for t, r in readings.items() if f.text in r) for f, _ in _formats()}
    kinds: Counter[str] = Counter()
    for text, read in readings.items():
        kinds[_order_of(read)] += counts[text]
    order = ""
    if kinds["day"] and kinds["month"]:
        order = "both"
    elif kinds["day"] or kinds["month"]:
        order = "day first" if kinds["day"] else "month first"
    elif kinds["either"]:
        order = "either"
    wrong = {"day first": _month_first, "month first": _day_first}.get(order)
    allowed = [text for text in total if wrong is None or not wrong(text)]
    chosen = _cover(counts, readings, allowed, total)
    rivals = tuple(f.format for f in chosen if _day_first(f.format) or _month_first(f.format))
    if order in ("either", "both"):
        rivals = _with_partners(rivals, total)
        chosen += [FormatCount(text, total[text], 0) for text in rivals if text not in {f.format for f in chosen}]
    read_texts = [t for t in readings if any(f.format in readings[t] for f in chosen)]
    tokens = {u for t in read_texts for u in UNKNOWN if u in re.split(r"[-/. 年月日]", fold(t).upper())}
    return DateFacts(
        tuple(chosen), sum(counts[t] for t in read_texts), sum(counts.values()) - sum(counts[t] for t in read_texts),
        order, kinds["day"], kinds["month"], kinds["either"], rivals if order in ("either", "both") else (),
        tuple(u for u in UNKNOWN if u in tokens), any(re.search("(?<!y)yy(?!y)", f.format) for f in chosen),
        sum(f.alone for f in chosen if "H" in f.format or "h:" in f.format),
    )  # fmt: skip


def _order_of(read: Mapping[str, tuple[int | None, ...]]) -> str:
    """Whether a text can be read with the day first, the month first, or both as different dates."""
    day = {parts for text, parts in read.items() if _day_first(text)}
    month = {parts for text, parts in read.items() if _month_first(text)}
    if day and month:
        return "either" if day != month else ""
    return "day" if day else "month" if month else ""


def _day_first(text: str) -> bool:
    return re.match(r"dd?[-/.]MM?[-/.]", text) is not None


def _month_first(text: str) -> bool:
    return re.match(r"MM?[-/.]dd?[-/.]", text) is not None


def _cover(
    counts: Mapping[str, int], readings: Mapping[str, Mapping[str, tuple[int | None, ...]]], allowed: list[str],
    total: Mapping[str, int],
) -> list[FormatCount]:  # fmt: skip
    """Formats one after the other, each the one that reads most of what is left; of equals the one that asks most."""
    left = dict.fromkeys(readings)
    chosen: list[FormatCount] = []
    while left:
        gain: Counter[str] = Counter()
        for text in left:
            for fmt in readings[text]:
                gain[fmt] += counts[text]
        options = [f for f in allowed if gain[f]]
        if not options:
            break
        best = max(options, key=lambda f: (gain[f], len(f), -allowed.index(f)))
        chosen.append(FormatCount(best, total[best], gain[best]))
        left = {text: None for text in left if best not in readings[text]}
    return chosen


def _with_partners(rivals: tuple[str, ...], total: Mapping[str, int]) -> tuple[str, ...]:
    """Each format with the one of the other order."""
    pairs: list[str] = []
    for text in rivals:
        head = re.split("([-/.])", text, maxsplit=2)
        other = "".join([head[2], head[1], head[0], head[3], *head[4:]]) if len(head) == 5 else text
        pairs += [text, *([other] if total.get(other) else [])]
    return tuple(dict.fromkeys(pairs))
