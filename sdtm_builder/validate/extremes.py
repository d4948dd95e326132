"""The earliest and the latest date of a subject in another dataset, as intervals and as the text that won."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.dates import Dates
from sdtm_builder.validate.study import Study, rows_of
from sdtm_builder.validate.table import Table


@dataclass(frozen=True, eq=False, slots=True)
class Extreme:
    """For each record of a table: the winning date, its text, None where its subject has no date there."""

    dates: Dates
    texts: NDArray[np.object_]


def earliest_of(
    study: Study, table: Table, domain: str, *variables: str, where: tuple[str, str] | None = None
) -> Extreme:
    """The earliest of some --DTC variables of a domain, by subject, beside each record of a table.

    where: a variable and the text that it must have. Of dates that begin together the more precise wins.
    """
    return _extreme(study, table, domain, variables, where, earliest=True)


def latest_of(study: Study, table: Table, domain: str, *variables: str) -> Extreme:
    """The latest of some --DTC variables of a domain, by subject, beside each record of a table."""
    return _extreme(study, table, domain, variables, None, earliest=False)


def _extreme(
    study: Study,
    table: Table,
    domain: str,
    variables: tuple[str, ...],
    where: tuple[str, str] | None,
    earliest: bool,
) -> Extreme:
    low: list[NDArray[np.int64]] = []
    high: list[NDArray[np.int64]] = []
    day: list[NDArray[np.float64]] = []
    texts: list[NDArray[np.object_]] = []
    rows: list[NDArray[np.int64]] = []
    for other in study.of_domain(domain):
        at = rows_of(other, table)
        for variable in variables:
            dates = study.dates(other, variable)
            keep = dates.known & (at >= 0)
            if where is not None:
                keep &= other.equals(*where)
            low.append(dates.low[keep])
            high.append(dates.high[keep])
            day.append(dates.day[keep])
            texts.append(other.strings(variable)[keep])
            rows.append(at[keep])
    result = Extreme(Dates.unknown(table.n), np.full(table.n, None, dtype=object))
    if not rows:
        return result
    lows, highs, at_row = np.concatenate(low), np.concatenate(high), np.concatenate(rows)
    order = np.lexsort((highs, lows)) if earliest else np.lexsort((lows, -highs))
    winners, first = np.unique(at_row[order], return_index=True)
    chosen = order[first]
    result.dates.low[winners], result.dates.high[winners] = lows[chosen], highs[chosen]
    result.dates.day[winners] = np.concatenate(day)[chosen]
    result.dates.known[winners] = True
    # A partial date that overlaps the winner without being the same leaves open which one wins: nothing is known.
    overlaps = (lows <= result.dates.high[at_row]) & (highs >= result.dates.low[at_row])
    all_texts = np.concatenate(texts)
    won = np.full(table.n, None, dtype=object)
    won[winners] = all_texts[chosen]
    wide = np.array([len(str(t)) < 10 for t in all_texts], dtype=bool)
    wide |= np.array([t is not None and len(str(t)) < 10 for t in won], dtype=bool)[at_row]
    result.dates.known[at_row[overlaps & wide & (all_texts != won[at_row])]] = False
    result.texts[winners] = np.concatenate(texts)[chosen]
    return _spread(result, table)


def _spread(by_first: Extreme, table: Table) -> Extreme:
    """What the first record of each subject has, at all its records."""
    first = rows_of(table, table)
    texts = by_first.texts[first] if table.n else by_first.texts
    return Extreme(by_first.dates.take(first), texts)
