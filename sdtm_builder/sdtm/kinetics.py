"""Kinetics: the maker of pharmacokinetic parameters (PP) from concentrations (PC), without compartments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, ListNode, Scalar, StudySpec, Vector
from ..registry import MadeRecords, MakerContext, MakerPlan, Names, Number, OneOf, Take, Text, Texts, records
from ..values.numbers import round_half_up
from .curve import HOUR, area, largest, last_above
from .samples import Profile, duration_seconds, read_profiles

fault("kinetics-reference", "error", "A subject with results whose reference time is not known to the minute")

Ints = NDArray[np.int64]
CONCENTRATION, TIME, AREA = "concentration", "time", "area"
PARAMETERS = {"CMAX": CONCENTRATION, "TMAX": TIME, "AUCINT": AREA, "CLST": CONCENTRATION, "TLST": TIME}
METHODS = ("LINEAR UP LOG DOWN METHOD",)
UNITS = {"day": 86400, "h": HOUR, "min": 60}
NEVER = "NO QUANTIFIABLE RESULT"
REFERENCE = "REFERENCE TIME NOT KNOWN"
READ = ("STRESC", "STRESN", "STRESU", "STAT", "DTC", "LLOQ", "ULOQ", "REFID", "REPNUM", "ELTM")


def _texts(node: Any) -> list[str]:
    listed = node.items if isinstance(node, ListNode) else (node,)
    return [one.text for one in listed if isinstance(one, Scalar)]


def _uses(arguments: Mapping[str, Any], study: StudySpec) -> list[tuple[str, Sequence[str]]]:
    table, _, column = (_texts(arguments.get("reference")) or ["DM.RFSTDTC"])[0].partition(".")
    return [("", ["USUBJID", *(f"--{name}" for name in READ), *_texts(arguments.get("by"))]),
            (table, ["USUBJID", column])]  # fmt: skip


def _check(arguments: Mapping[str, Any], plan: MakerPlan) -> Iterator[tuple[str, str]]:
    if len(plan.sources) != 1 or plan.sources[0].startswith("raw.") or not plan.has(plan.sources[0]):
        yield "from", "one dataset of concentrations is wanted."
        return
    source = plan.sources[0]
    letters = plan.domain_of(source)
    for column in (f"{letters}STRESC", f"{letters}STRESN", f"{letters}STRESU", f"{letters}DTC"):
        if not plan.has(source, column):
            yield "from", f"{source} has no {column}."
    by = _texts(arguments.get("by"))
    if "by" in arguments and ("USUBJID" not in by or len(by) != 2):
        yield "by", "USUBJID and the variable that tells the profiles of a subject apart are wanted."
    for column in by:
        if not plan.has(source, column):
            yield "by", f"{source} has no {column}."
    for code in _texts(arguments.get("tests")):
        if code not in PARAMETERS:
            yield "tests", f"{code} is none of {', '.join(PARAMETERS)}."
    table, _, column = (_texts(arguments.get("reference")) or ["DM.RFSTDTC"])[0].partition(".")
    if not column or not plan.has(table, column):
        yield "reference", f"there is no {table}.{column}."
    ends = [duration_seconds(text) for text in _texts(arguments.get("interval"))]
    if "interval" in arguments and (len(ends) != 2 or None in ends or not 0 <= ends[0] < ends[1]):  # type: ignore[operator]
        yield "interval", "two durations of ISO 8601 in weeks, days, hours and so on are wanted, the earlier first."
    for text in _texts(arguments.get("reach")):
        if duration_seconds(text) is None:
            yield "reach", f"{text} is no duration of ISO 8601 in weeks, days, hours and so on."


@records(
    "kinetics",
    columns={
        "USUBJID": Kind.TEXT, "--GRPID": Kind.TEXT, "--TESTCD": Kind.TEXT, "--ORRES": Kind.TEXT,
        "--ORRESU": Kind.TEXT, "--STRESC": Kind.TEXT, "--STRESN": Kind.NUMBER, "--STRESU": Kind.TEXT,
        "--STAT": Kind.TEXT, "--REASND": Kind.TEXT, "--ANMETH": Kind.TEXT, "--STINT": Kind.TEXT, "--ENINT": Kind.TEXT,
    },
    uses=_uses,
    check=_check,
    method=(
        "{tests} of the results of {from} after {reference}, by {by}. Times are actual, nominal where not collected; "
        "of one nominal time the latest replicate, then the closest result. Results below the limit of quantitation "
        "are 0 before the first quantifiable result and once after the last, and left out between; those above the "
        "upper limit are that limit. CMAX: the largest quantifiable result, TMAX its first time. CLST: the last "
        "quantifiable result, TLST its time. AUCINT ({interval}): {method} from 0 at time 0, with the value at the "
        "end within its segment; without a result at the end or later the curve is extended over at most {reach} by "
        "the slope of the last two quantifiable results, or constant if these don't fall. It needs three quantifiable "
        "results in the interval. Without any quantifiable result CMAX and AUCINT are 0. Rounded half up to "
        "{significant} significant digits, times to {decimals} decimals."
    ),
)  # fmt: skip
def kinetics(
    ctx: MakerContext,
    by: Names,
    tests: Texts,
    interval: Texts,
    method: Annotated[str, Take.TEXT, OneOf(METHODS)],
    reference: Text = "DM.RFSTDTC",
    blq: Texts = ("BLQ",),
    reach: Text = "P3D",
    time: Annotated[str, Take.TEXT, OneOf(tuple(UNITS))] = "day",
    area_time: Annotated[str, Take.TEXT, OneOf(tuple(UNITS))] = "h",
    significant: Number = 6,
    decimals: Number = 2,
) -> MadeRecords:
    """Parameters of concentration-time curves, one record for each profile and parameter.

    Arguments
    ---------
    by : `[USUBJID, --GRPID]`: the subject, and what tells the profiles of a subject apart; it is --GRPID here too.
    tests : which parameters, of CMAX, TMAX, AUCINT, CLST, TLST.
    interval : start and end of AUCINT after the reference, as durations: `[P0D, P28D]`; --STINT and --ENINT of AUCINT.
    method : `LINEAR UP LOG DOWN METHOD`, --ANMETH of all records.
    reference : time 0 of the subject; default `DM.RFSTDTC`.
    blq : texts of --STRESC that are below the limit of quantitation; default `BLQ`.
    reach : how long the curve is extended to the end of the interval; default `P3D`.
    time : unit of TMAX and TLST, `day` (default), `h` or `min`.
    area_time : unit of time of AUCINT, `h` (default), `day` or `min`; its unit is this, `*` and the results' unit.
    significant : significant digits of concentrations and areas; default 6.
    decimals : decimals of times; default 2.

    Which results: those with a value and without --STAT. Their time is --DTC minus the reference, where both are known
    to the minute, else the nominal time --ELTM. A result is below the limit if its text is in `blq` or begins with
    `<`, or its number is below --LLOQ; above --ULOQ, or with `>`, it is --ULOQ. Of replicates of one sample (--REFID,
    else --DTC) the one of the highest --REPNUM counts; of one --ELTM the result closest to it.

    Derivation: a profile is one with a reference and a result after it; results at time 0 or before are 0.
    1. The curve begins with 0 at time 0. A result below the limit is 0 before the first quantifiable one, left out
       between two quantifiable ones, 0 once after the last, and left out from then on.
    2. CMAX and TMAX: the largest quantifiable result and the first time of it. CLST and TLST: the last one.
    3. AUCINT: a segment is (C1 - C2)(t2 - t1) / ln(C1 / C2) where it falls between two positive values, else the
       trapezoid. The value at an end of the interval within a segment is taken on the segment's own line. Without a
       result at the end or later, the curve is extended if the last result is at most `reach` before the end: by the
       slope of the last two quantifiable results where they fall, else constant.
    4. Without any quantifiable result CMAX and AUCINT are 0, and TMAX, CLST, TLST not estimable. AUCINT is not
       estimable if the curve is not followed to the end, or has fewer than 3 quantifiable results in the interval.
    5. What is not estimable has --STAT NOT DONE, --REASND the reason, and no result and unit.

    Concentrations and areas are rounded half up to `significant` digits, times to `decimals` decimals. --ORRES is
    --STRESC.

    Issues: `kinetics-reference`, `kinetics-result` (neither number nor below the limit: left out), `kinetics-time`
    (no time at all: left out), `kinetics-nominal` (nominal time taken), `kinetics-before` (quantifiable at time 0 or
    before: 0), `kinetics-units`, `kinetics-open` (results that nothing decides between): the profile has no results.

    Example: `qpcr: {make: kinetics, from: PC, by: [USUBJID, PCGRPID], tests: [CMAX, TMAX], interval: [P0D, P28D],
    method: LINEAR UP LOG DOWN METHOD}`.

    Source: SDTMIG 3.4 section 6.3.5.9; codelists PKPARM, PKANMET, PKUNIT.
    """
    ends = [duration_seconds(text) or 0 for text in interval]
    rows = []
    profiles = read_profiles(ctx, by, reference, blq)
    for profile in profiles:
        found = _estimates(profile, tests, ends, duration_seconds(reach) or 0)
        rows += [
            _record(profile, code, found[code], time, area_time, int(significant), int(decimals)) for code in tests
        ]
    return _made(ctx, rows, profiles, len(tests), interval, method)


class Estimate(NamedTuple):
    """A parameter: in the results' unit, in seconds, or in the results' unit times hours; or why there is none."""

    value: float | None
    reason: str = ""


def _estimates(profile: Profile, tests: Sequence[str], ends: Sequence[int], reach: int) -> dict[str, Estimate]:
    if profile.fault:
        return dict.fromkeys(tests, Estimate(None, profile.fault))
    results = profile.points
    top, last = largest(results), last_above(results)
    never = Estimate(None, NEVER)
    found = {
        "CMAX": Estimate(top.value) if top is not None else Estimate(0.0),
        "TMAX": Estimate(top.seconds) if top is not None else never,
        "CLST": Estimate(last.value) if last is not None else never,
        "TLST": Estimate(last.seconds) if last is not None else never,
    }
    if "AUCINT" in tests:
        under = area(results, ends[0], ends[1], reach)
        found["AUCINT"] = Estimate(under.value, under.reason)
    return found


class _Row(NamedTuple):
    code: str
    text: str | None
    unit: str | None
    reason: str | None


def _record(
    profile: Profile, code: str, found: Estimate, time: str, area_time: str, significant: int, decimals: int
) -> _Row:
    if found.value is None:
        return _Row(code, None, None, found.reason)
    kind = PARAMETERS[code]
    if kind == TIME:
        exact = Decimal(int(found.value)) / UNITS[time]
        return _Row(code, _plain(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)), time, None)
    value = found.value * HOUR / UNITS[area_time] if kind == AREA else found.value
    unit = f"{area_time}*{profile.unit}" if kind == AREA and profile.unit else profile.unit
    return _Row(code, _plain(significantly(value, significant)), unit or None, None)


def significantly(value: float, digits: int) -> Decimal:
    """A number rounded half up to so many significant digits."""
    exact = Decimal(repr(value))
    return exact if exact.is_zero() else round_half_up(value, digits - 1 - exact.adjusted())


def _plain(value: Decimal) -> str:
    """A number without exponent and without trailing zeros."""
    text = format(value, "f")
    return (text.rstrip("0").rstrip(".") or "0") if "." in text else text


def _made(
    ctx: MakerContext,
    rows: Sequence[_Row],
    profiles: Sequence[Profile],
    each: int,
    interval: Sequence[str],
    method: str,
) -> MadeRecords:
    of_profile = np.repeat(np.arange(len(profiles)), each)
    texts = Vector.of_texts([r.text for r in rows])
    units = Vector.of_texts([r.unit for r in rows])
    areas = [PARAMETERS[r.code] == AREA for r in rows]
    columns = {
        "USUBJID": Vector.of_codes(of_profile, [p.subject for p in profiles]),
        "GRPID": Vector.of_codes(of_profile, [p.group for p in profiles]),
        "TESTCD": Vector.of_texts([r.code for r in rows]),
        "ORRES": texts, "ORRESU": units, "STRESC": texts, "STRESU": units,
        "STRESN": Vector.of_numbers([float(r.text) if r.text is not None else np.nan for r in rows]),
        "STAT": Vector.of_texts(["NOT DONE" if r.text is None else None for r in rows]),
        "REASND": Vector.of_texts([r.reason for r in rows]),
        "ANMETH": Vector.constant(method, len(rows)),
        "STINT": Vector.of_texts([interval[0] if a else None for a in areas]),
        "ENINT": Vector.of_texts([interval[1] if a else None for a in areas]),
    }  # fmt: skip
    named = {(k if k == "USUBJID" else f"{ctx.domain}{k}"): v for k, v in columns.items()}
    most = max((len(p.rows) for p in profiles), default=0)
    origins: dict[str, tuple[str, Ints]] = {}
    for at in range(most):
        used = np.array([p.rows[at] if at < len(p.rows) else -1 for p in profiles], dtype=np.int64)
        origins[f"result {at + 1}"] = (ctx.source_key, used[of_profile])
    if profiles:
        table = profiles[0].reference_table
        origins["reference"] = (table, np.array([p.reference_row for p in profiles], dtype=np.int64)[of_profile])
    return MadeRecords(named, len(rows), origins)
