"""Responses that a later assessment confirms."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, ListNode, Node, Scalar, Vector
from ..registry import Column, Context, Number, Raw, Texts, derivation
from ..values.moments import moments

Ints = NDArray[np.int64]


@derivation(
    "confirmed_response",
    whole=True,
    kind=Kind.TEXT,
    method=(
        "{response} if a response of the same level or a better one follows at least {days} days later ({date}) with "
        "nothing worse from the one to the other ({allowed} and missing responses are not worse); of two responses of "
        "one level the better; missing if it is not confirmed."
    ),
)
def confirmed_response(
    ctx: Context, response: Column, date: Column, levels: Raw, days: Number, allowed: Texts = ()
) -> Vector:
    """For each assessment the response that it and a later one of the subject confirm together.

    Arguments
    ---------
    response : the response of an assessment.
    date : its date; a `--DTC`, date or datetime. Times are left off.
    levels : responses that can be confirmed, from the best, in levels: `[[CR, CRi], [PR]]`. A response confirms
        those of its own level and of the levels after it. Any other response is worse than all of them.
    days : from the date of the response to that of its confirmation, at least 1.
    allowed : responses of no level that may stand between all the same, as NE.

    Derivation, the first case that fits:
    1. The response is missing, of no level, or its date is not known to the day: missing.
    2. The confirming assessments are those of the same subject that have the response's level or a better one, are
       dated at least `days` after it, and before the first worse response on or after its date. A worse response on
       the date of a confirmation stands before it. Missing responses, and those without a date, are passed over.
    3. There is none: missing.
    4. Else the best of the level: its own response, or that of a confirming assessment of the same level which stands
       before it in `levels`.

    Issues: none.

    Example: `confirmed: {confirmed_response: AVALC, date: ADT, levels: [[CR, CRi], [PR]], days: 28, allowed: [NE]}`.
    CRi on day 29 and CR on day 57 give CR on day 29; CR on day 29, NR on day 43 and CR on day 57 give nothing.

    Source: RECIST 1.1 section 4.6, confirmatory measurement; the days, levels and what may stand between are the
    protocol's.
    """
    found, wrong = _levels(levels)
    if not wrong and (days < 1 or days != int(days)):
        wrong = "`days` is a whole number, at least 1."
    if wrong:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), wrong)
        return Vector.missing_of(Kind.TEXT, ctx.n)
    terms = [term for level in found for term in level]
    rows, term, keys, ends = _placed(ctx, response, date, terms, allowed)
    of_term = np.array([number for number, level in enumerate(found) for _ in level], dtype=np.int64)
    level = np.where(term >= 0, of_term[np.maximum(term, 0)], len(found))
    best = np.full(ctx.n, -1, dtype=np.int64)
    first = 0
    for number, group in enumerate(found):
        mine = np.flatnonzero((level == number) & (term >= 0))
        worse = np.sort(keys[(level > number) & (term != PASSED)])
        start, end = keys[mine] + int(days), _next(worse, keys[mine], ends[mine])
        confirmed = _any(keys[(level <= number) & (term >= 0)], start, end)
        chosen = term[mine]
        for better in range(first, first + len(group)):
            chosen = np.where((better < chosen) & _any(keys[term == better], start, end), better, chosen)
        best[rows[mine[confirmed]]] = chosen[confirmed]
        first += len(group)
    return Vector.of_codes(best, terms)


WORSE, PASSED = -1, -2


def _levels(node: Node | None) -> tuple[list[list[str]], str]:
    """`levels` as texts, and what is wrong with it ("" if nothing is)."""
    found: list[list[str]] = []
    for item in node.items if isinstance(node, ListNode) else ():
        group = item.items if isinstance(item, ListNode) else (item,)
        found.append([one.text for one in group if isinstance(one, Scalar)])
    said = [term for level in found for term in level]
    if not said or not all(found) or len(set(said)) != len(said):
        return [], "`levels` is a list of levels from the best, each a list of responses, none of them twice."
    return found, ""


def _placed(
    ctx: Context, response: Vector, date: Vector, terms: Sequence[str], allowed: Sequence[str]
) -> tuple[Ints, Ints, Ints, Ints]:
    """The records with subject and day: row, number of the term, key, and the key behind the subject's last day.

    A key grows by 1 a day within a subject, and every subject has a range of its own.
    """
    when, subjects = moments(date), np.asarray(ctx.subjects(), dtype=np.int64)
    rows = np.flatnonzero(when.full & (subjects >= 0))
    day, subject = when.days[rows].astype(np.int64), subjects[rows]
    numbers = {term: number for number, term in enumerate(terms)}
    passed = dict.fromkeys(allowed, PASSED)
    of_text = [numbers.get(str(t), passed.get(str(t), WORSE)) for t in response.distinct()]
    term = np.array([*of_text, PASSED], dtype=np.int64)[response.data[rows]]
    first = int(day.min(initial=0))
    span = int(day.max(initial=0)) - first + 1
    return rows, term, subject * span + day - first, (subject + 1) * span


def _next(sorted_keys: Ints, keys: Ints, ends: Ints) -> Ints:
    """The first of `sorted_keys` at or behind each key, at most its subject's end."""
    place = np.searchsorted(sorted_keys, keys, "left")
    return np.minimum(np.append(sorted_keys, np.iinfo(np.int64).max)[place], ends)


def _any(keys: Ints, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Whether any of `keys` is at or behind a start and before its end."""
    ordered = np.sort(keys)
    return np.searchsorted(ordered, end, "left") > np.searchsorted(ordered, start, "left")
