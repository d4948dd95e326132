"""How many of the subjects: n of N with an exact confidence interval."""

from __future__ import annotations

import numpy as np

from ..numbers import clopper_pearson, interval_text, percent_text
from ..registry import Argument, Take, method
from ..result import NOT_ESTIMABLE, Made, Part, cell, column, row, table
from ..setting import Group, Mask, Setting

ARGUMENTS = (
    Argument("rows", Take.CONDITIONS, "label: condition on the records that make a subject count", True),
    Argument("each", Take.VARIABLES, "variables: the rows once for each of their values"),
    Argument("of", Take.TEXT, "`population` (if not said) or `records`: only subjects with a record are the "
             "denominator", words=("population", "records")),
    Argument("interval", Take.FLAG, "`false`: no confidence interval"),
    Argument("level", Take.NUMBER, "confidence level, 0.95 if not said"),
)  # fmt: skip


@method("rate", *ARGUMENTS)
def rate(s: Setting) -> Made:
    """Subjects with such a record, n/N (%), each once; an interval is the exact one (Clopper-Pearson), in percent.

    The limits are quantiles of the beta distribution; 0 of N has the lower limit 0, N of N the upper limit 100.
    Percentages have one decimal, rounded half up.
    """
    rows: list[Part] = []
    for label, part in s.each("each"):
        if label:
            rows.append(row(label))
        for name, chosen in s.truths("rows").items():
            level = 1 if label else 0
            rows.append(row(name, [_count(s, part, part & chosen, g) for g in s.groups], level))
            if s.text("interval", "true") == "true":
                said = 100 * s.number("level", 0.95)
                rows.append(row(f"{said:g} % confidence interval", [_interval(s, part, part & chosen, g)
                                                                    for g in s.groups], level + 1))  # fmt: skip
    return Made([table([column(group=g.id) for g in s.groups], rows)])


def _numbers(s: Setting, part: Mask, chosen: Mask, group: Group) -> tuple[np.ndarray, int]:
    counted = s.subjects_of(chosen, group)
    of = len(s.subjects_of(part, group)) if s.text("of") == "records" else group.n
    return counted, of


def _count(s: Setting, part: Mask, chosen: Mask, group: Group) -> Part:
    counted, of = _numbers(s, part, chosen, group)
    behind = s.rest(chosen & s.in_group(group), counted)
    percent = f" ({percent_text(len(counted), of)})" if of else ""
    return cell(f"{len(counted)}/{of}{percent}", behind, n=len(counted), N=of,
                percent=100 * len(counted) / of if of else None)  # fmt: skip


def _interval(s: Setting, part: Mask, chosen: Mask, group: Group) -> Part:
    counted, of = _numbers(s, part, chosen, group)
    level = s.number("level", 0.95)
    limits = clopper_pearson(len(counted), of, level)
    behind = s.rest(chosen & s.in_group(group), counted)
    if limits is None:
        return cell(NOT_ESTIMABLE, behind, estimate=None, lower=None, upper=None, level=level)
    low, high = limits
    return cell(interval_text(low, high), behind, estimate=len(counted) / of, lower=low, upper=high, level=level)
