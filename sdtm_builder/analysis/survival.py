"""Product-limit estimation: the curve with its limits, the median, survival at a time, numbers at risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

HALF = 0.5
TOLERANCE = 1e-12
"""By so much a product of fractions may miss the one half that it is."""


@dataclass(frozen=True)
class Step:
    """The curve from `time` on: subjects at risk just before, events then; limits None where there is no interval."""

    time: float
    at_risk: int
    events: int
    survival: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Estimate:
    """A value with its limits; None is not estimable."""

    value: float | None
    lower: float | None
    upper: float | None


def product_limit(times: NDArray[np.float64], events: NDArray[np.bool_], level: float = 0.95) -> list[Step]:
    """The curve at time 0 and at each time with an event.

    times : of each subject, none missing. events : whether the time ended in the event. level : of the limits.
    Variance by Greenwood; limits exp(-exp(log(-log S) -+ z se)) of each time alone. Where the last subject at risk has
    the event the curve is 0 and has no limits.
    Source: Kaplan EL, Meier P. JASA 1958;53:457-481; Kalbfleisch JD, Prentice RL. The Statistical Analysis of Failure
    Time Data. 2nd ed. Wiley 2002, section 1.4.
    """
    z = NormalDist().inv_cdf(0.5 + level / 2)
    steps = [Step(0.0, len(times), 0, 1.0, 1.0, 1.0)]
    survival, greenwood = 1.0, 0.0
    for time in np.unique(times[events]):
        at_risk = int((times >= time).sum())
        died = int((events & (times == time)).sum())
        survival = survival * (at_risk - died) / at_risk
        if died == at_risk:
            steps.append(Step(float(time), at_risk, died, 0.0, None, None))
            break
        greenwood += died / (at_risk * (at_risk - died))
        width = z * math.sqrt(greenwood) / -math.log(survival)
        center = math.log(-math.log(survival))
        lower, upper = (math.exp(-math.exp(center + side * width)) for side in (1, -1))
        steps.append(Step(float(time), at_risk, died, survival, lower, upper))
    return steps


def median(steps: Sequence[Step]) -> Estimate:
    """The first time at which the curve is one half or less, with the first times at which its limits are.

    Source: Brookmeyer R, Crowley J. Biometrics 1982;38:29-41, on the log-log scale.
    """
    value = next((s.time for s in steps if s.survival <= HALF + TOLERANCE), None)
    lower = next((s.time for s in steps if s.lower is not None and s.lower <= HALF + TOLERANCE), None)
    upper = next((s.time for s in steps if s.upper is not None and s.upper <= HALF + TOLERANCE), None)
    return Estimate(value, lower, upper)


def survival_at(steps: Sequence[Step], time: float, last: float) -> Estimate:
    """The curve at a time; beyond the last time observed it is known only where it has come to 0.

    A curve that is still 1 has no limits, as one that is 0: Greenwood's variance is 0 there, and an interval from 1
    to 1 would say of a few subjects that all is known.
    """
    step = [s for s in steps if s.time <= time][-1]
    if time > last and step.survival > 0:
        return Estimate(None, None, None)
    if step.survival == 1:
        return Estimate(1.0, None, None)
    return Estimate(step.survival, step.lower, step.upper)


def at_risk(times: NDArray[np.float64], time: float) -> int:
    """Subjects whose time is this one or longer."""
    return int((times >= time).sum())
