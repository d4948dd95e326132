"""Columns of dates of any kind as intervals of seconds, and times compared as precisely as both were collected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_DATE, MISSING_TIME, Kind, Vector
from .partial import bounds

DAY = 86400
DAY_KNOWN, HOUR_KNOWN = 3, 4
"""Precisions from which the day, and the hour, are known."""
_UNIT = np.array([DAY, DAY, DAY, DAY, 3600, 60, 1], dtype=np.int64)


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """What is known of each date: earliest and latest second since 1970 (MISSING_TIME: open or missing), precision.

    precision : 0 missing or no year, 1 year, 2 month, 3 day, 4 hour, 5 minute, 6 second; an interval `a/b` is at
    most 2. `given` is true where there is any value.
    """

    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]
    precision: NDArray[np.int8]
    given: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.earliest)

    @property
    def full(self) -> NDArray[np.bool_]:
        """Where the day is known."""
        return np.asarray(self.precision >= DAY_KNOWN)

    @property
    def timed(self) -> NDArray[np.bool_]:
        """Where day and hour are known."""
        return np.asarray(self.precision >= HOUR_KNOWN)

    @property
    def days(self) -> NDArray[np.int64]:
        """Days since 1970-01-01 where the day is known, else MISSING_DATE."""
        return np.where(self.full, self.earliest // DAY, MISSING_DATE)

    def take(self, rows: NDArray[np.intp]) -> Moments:
        """The moments at `rows`."""
        return Moments(self.earliest[rows], self.latest[rows], self.precision[rows], self.given[rows])


def moments(column: Vector) -> Moments:
    """A column of DTC, text, date or datetime kind; distinct texts are read once, a text that is no date is missing."""
    if column.is_text:
        texts = column.distinct()
        known = bounds(texts)
        level = known.precision.copy()
        level[np.fromiter(("/" in t for t in texts), dtype=bool, count=len(texts))] = 2
        level[known.earliest == MISSING_TIME] = 0
        good = np.fromiter((not rule for rule in known.rules), dtype=bool, count=len(texts))
        at = column.data
        return Moments(
            np.append(known.earliest, MISSING_TIME)[at],
            np.append(known.latest, MISSING_TIME)[at],
            np.append(level, np.int8(0))[at],
            np.append(good, False)[at],
        )
    if column.kind not in (Kind.DATE, Kind.DATETIME):
        raise TypeError(f"{column.kind} is no kind of dates")
    given = column.present()
    data = column.data.astype(np.int64)
    width, level_of = (DAY, 3) if column.kind is Kind.DATE else (1, 6)
    earliest = np.where(given, data * width, MISSING_TIME) if width == DAY else np.where(given, data, MISSING_TIME)
    latest = np.where(given, earliest + width - 1, MISSING_TIME)
    return Moments(earliest, latest, np.where(given, level_of, 0).astype(np.int8), given)


def compare_known(
    left: NDArray[np.int64],
    left_precision: NDArray[np.int8],
    right: NDArray[np.int64],
    right_precision: NDArray[np.int8],
) -> NDArray[np.int64]:
    """-1, 0 or 1 for earlier, the same, later, as far as both are known: 10:30 and 10:30:15 are the same."""
    unit = _UNIT[np.minimum(left_precision, right_precision)]
    return np.sign(left // unit - right // unit)
