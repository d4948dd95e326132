"""Time to an event: the product-limit curve of each group with what is read off it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..numbers import count_text, share_text
from ..registry import Argument, Take, method
from ..result import NOT_ESTIMABLE, Made, Part, axis, cell, column, number_of, plot, row, table
from ..setting import Group, Rows, Setting, label_array
from ..survival import Estimate, Step, at_risk, median, product_limit, survival_at

ARGUMENTS = (
    Argument("time", Take.VALUE, "the time of a record (AVAL)", True),
    Argument("event", Take.CONDITION, "true where the time ended in the event (CNSR = 0)", True),
    Argument("description", Take.VALUE, "what a censored record says of itself (EVNTDESC)"),
    Argument("survival_at", Take.NUMBERS, "times at which the curve is read"),
    Argument("at_risk", Take.NUMBERS, "times at which subjects at risk are counted"),
    Argument("unit", Take.TEXT, "unit of the time"),
    Argument("event_name", Take.TEXT, "the event in words, for the row of its counts"),
    Argument("curve_name", Take.TEXT, "what the curve shows, `Survival` if not said"),
    Argument("level", Take.NUMBER, "confidence level, 0.95 if not said"),
)
NOT_KNOWN = ("NE: not estimable; the curve or its limit does not come so low, or is not known so long. "
             "A curve at 100 % or at 0 % has no interval.")  # fmt: skip


@dataclass(frozen=True, eq=False)
class _Curve:
    group: Group
    rows: Rows
    times: NDArray[np.float64]
    events: NDArray[np.bool_]
    steps: list[Step]

    @property
    def last(self) -> float:
        return float(self.times.max()) if len(self.times) else 0.0


@method("kaplan_meier", *ARGUMENTS)
def kaplan_meier(s: Setting) -> Made:
    """Product-limit curve with Greenwood's variance and pointwise log-log limits, median with limits, numbers at risk.

    One record a subject. The median is the first time at which the curve is one half or less; its limits are the first
    times at which the curve's limits are (Brookmeyer and Crowley on the log-log scale). A curve that ends in an event
    is 0 there and has no limits, nor has one before the first event. Beyond the last time observed a curve above 0
    is not estimable (NE). At risk at a time: subjects whose time is that long or longer.
    """
    level = s.number("level", 0.95)
    usable = s.one_each(np.ones(s.table.n, dtype=bool))
    times, events = s.floats("time"), s.truth("event")
    for wrong, told in (
        (np.isnan(times), "no time to the event"),
        (s.unknown("event"), "event or censored is unknown"),
    ):
        if wrong[usable].any():
            s.fault("analysis-data", f"{told}: the record is left out.", usable[wrong[usable]])
            usable = usable[~wrong[usable]]
    left = len(np.unique(s.table.owner)) - len(usable)
    curves = []
    for group in s.groups:
        mine = usable[group.members[s.table.owner[usable]]]
        curves.append(_Curve(group, mine, times[mine], events[mine], product_limit(times[mine], events[mine], level)))
    made = Made([_table(s, curves, level), _plot(s, curves, level)])
    if left:
        made.notes.append(f"{number_of(left, 'subject has')} no usable time, and no part in the curves.")
    if any(c is not None and c["text"].find(NOT_ESTIMABLE) >= 0 for r in made.parts[0]["rows"] for c in r["cells"]):
        made.notes.append(NOT_KNOWN)
    return made


def _table(s: Setting, curves: list[_Curve], level: float) -> Part:
    said, word = f"{100 * level:g} %", s.text("unit")
    unit = f" ({word})" if word else ""
    rows = [
        row("Subjects", [cell(str(len(c.times)), _all(s, c), n=len(c.times), N=c.group.n) for c in curves]),
        row(s.text("event_name", "Events"), [_events(s, c, True) for c in curves]),
        row("Censored", [_events(s, c, False) for c in curves]),
        row(f"Median{unit}", [_median(s, c) for c in curves]),
        row(f"{said} confidence interval", [_median_limits(s, c, level) for c in curves], 1),
    ]
    for time in s.numbers("survival_at"):
        name = f"{s.text('curve_name', 'Survival')} at {_at(time, word)}, %"
        found = [survival_at(c.steps, time, c.last) if len(c.times) else Estimate(None, None, None) for c in curves]
        rows.append(row(name, [_survival(s, c, e, level) for c, e in zip(curves, found, strict=True)]))
        rows.append(row(f"{said} confidence interval", [_limits(s, c, e, level)
                                                       for c, e in zip(curves, found, strict=True)], 1))  # fmt: skip
    times = s.numbers("at_risk")
    rows += [row("At risk")] if times else []
    for time in times:
        rows.append(row(f"at {_at(time, word)}", [_risk(s, c, time) for c in curves], 1))
    return table([column(group=c.group.id) for c in curves], rows)


def _at(time: float, unit: str) -> str:
    """`1 day`, `29 days`, `29`: of one there is no plural."""
    word = unit.removesuffix("s") if time == 1 else unit
    return f"{time:g} {word}" if word else f"{time:g}"


def _all(s: Setting, curve: _Curve) -> int | None:
    return s.rest(curve.rows, s.table.owner[curve.rows])


def _events(s: Setting, curve: _Curve, wanted: bool) -> Part:
    rows = curve.rows[curve.events == wanted]
    n, of = len(rows), len(curve.times)
    return cell(count_text(n, of), s.rest(rows, s.table.owner[rows]), n=n, N=of, percent=100 * n / of if of else None)


def _time(value: float | None) -> str:
    return NOT_ESTIMABLE if value is None else f"{value:g}"


def _median(s: Setting, curve: _Curve) -> Part:
    found = median(curve.steps)
    return cell(_time(found.value), _all(s, curve), estimate=found.value, lower=found.lower, upper=found.upper)


def _median_limits(s: Setting, curve: _Curve, level: float) -> Part:
    found = median(curve.steps)
    text = f"[{_time(found.lower)}, {_time(found.upper)}]"
    return cell(text, _all(s, curve), estimate=found.value, lower=found.lower, upper=found.upper, level=level)


def _survival(s: Setting, curve: _Curve, found: Estimate, level: float) -> Part:
    text = NOT_ESTIMABLE if found.value is None else share_text(found.value)
    return cell(text, _all(s, curve), estimate=found.value, lower=found.lower, upper=found.upper, level=level)


def _limits(s: Setting, curve: _Curve, found: Estimate, level: float) -> Part:
    if found.lower is None or found.upper is None:
        text = NOT_ESTIMABLE
    else:
        text = f"[{share_text(found.lower)}, {share_text(found.upper)}]"
    return cell(text, _all(s, curve), estimate=found.value, lower=found.lower, upper=found.upper, level=level)


def _risk(s: Setting, curve: _Curve, time: float) -> Part:
    rows = curve.rows[curve.times >= time]
    return cell(str(len(rows)), s.rest(rows, s.table.owner[rows]), n=len(rows))


def _plot(s: Setting, curves: list[_Curve], level: float) -> Part:
    described = label_array(s.vector("description")) if s.has("description") else None
    drawn = [c for c in curves if len(c.times)]
    times = s.numbers("at_risk")
    return plot(
        "survival",
        axis("Time", [0.0, *(c.last for c in drawn)] if drawn else [], s.text("unit")),
        axis(s.text("curve_name", "Survival"), [0.0, 1.0]),
        level=level,
        curves=[_drawn(s, c, described) for c in drawn],
        at=times,
        at_risk=[[at_risk(c.times, t) for t in times] for c in drawn],
    )


def _drawn(s: Setting, curve: _Curve, described: NDArray[np.object_] | None) -> Part:
    steps = [_step(s, curve, one) for one in curve.steps]
    censored = []
    for row_, time in sorted(zip(curve.rows[~curve.events], curve.times[~curve.events], strict=True),
                             key=lambda one: (one[1], one[0])):  # fmt: skip
        step = [one for one in curve.steps if one.time <= time][-1]
        censored.append({
            "time": float(time), "survival": step.survival, "subject": str(s.names[s.table.owner[row_]]),
            "label": str(described[row_] or "") if described is not None else "",
            "behind": s.rest(np.array([row_]), s.table.owner[[row_]]),
        })  # fmt: skip
    return {"group": curve.group.id, "label": curve.group.label, "n": len(curve.times),
            "events": int(curve.events.sum()), "steps": steps, "censored": censored, "end": curve.last}  # fmt: skip


def _step(s: Setting, curve: _Curve, step: Step) -> Part:
    rows = curve.rows[curve.events & (curve.times == step.time)]
    behind = s.rest(rows, s.table.owner[rows]) if step.events else None
    return {"time": step.time, "survival": step.survival, "lower": step.lower, "upper": step.upper,
            "at_risk": step.at_risk, "events": step.events, "behind": behind}  # fmt: skip
