"""`date` and `date_parts`: raw texts of dates and times as ISO 8601 of exactly the precision collected."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog
from ..model import CELL_KINDS, DateTexts, Kind, Rule, Scalar, Vector
from ..model.distinct import distinct_codes
from ..values.dates import DateReading, combine, is_real, iso_text, read_dates, read_times
from ..values.formats import Formats, compile_dates
from .compiled import Compiled, Env, texts_of
from .fit import as_text, fit, read_iso
from .frames import Scene, whole_table
from .refs import Field, Ref
from .tables import RawView

if TYPE_CHECKING:
    from .run import Run

SAID = {
    "date-partial": 'Unknown parts in "{value}".',
    "date-format": '"{value}" is in another declared format than most.',
    "date-serial": 'A serial number of a date: "{value}".',
    "date-invalid": 'There is no such day: "{value}".',
    "date-ambiguous": '"{value}" can be day/month or month/day; declare which.',
    "time-invalid": 'There is no such time: "{value}".',
    "time-unreadable": '"{value}" fits no format of times.',
    "time-format": 'A time in an unusual form: "{value}".',
    "time-unknown": 'An unknown time: "{value}".',
}


@dataclass(frozen=True)
class Column:
    """A column read as dates or times: its name, formats, and how distinct texts are read.

    told : the source declares the column's type and formats, so what is wrong with its texts was said at reading
    """

    ref: Ref
    formats: Formats
    time: bool
    told: bool = False

    def read(self, scene: Scene) -> tuple[NDArray[np.int64], list[str | None], list[str], Vector]:
        """(number of the reading of each record, -1 missing; ISO texts; rules of each reading; texts as they stand)."""
        text = as_text(scene.value(self.ref, "text"))
        kinds = scene.run.cell_kinds(scene, self.ref)
        pair = text.data.astype(np.int64) * len(CELL_KINDS)
        if kinds is not None:
            pair += kinds
        pair[text.data < 0] = -1
        found, which = distinct_codes(pair)
        if len(found) and found[0] == -1:
            found, which = found[1:], which - 1
        texts = [str(text.distinct()[p // len(CELL_KINDS)]) for p in found]
        cells = [int(p % len(CELL_KINDS)) for p in found]
        if self.time:
            reading = read_times(texts, self.formats, cells)
        else:
            reading = read_dates(texts, self.formats, cells, [scene.run.epoch(scene, self.ref)] * len(texts))
        return which.astype(np.int64), list(reading.iso), self._rules(reading, which), text

    def _rules(self, reading: DateReading, which: NDArray[np.int64]) -> list[str]:
        """Rules of the readings, and a note where another format than the column's usual one was used."""
        used = np.array(reading.formats, dtype=np.int64)
        rules = list(reading.rules)
        plain = np.array([r == "" for r in rules], dtype=bool) & (used >= 0)
        if not plain.any():
            return rules
        often = np.bincount(which[which >= 0], minlength=len(used))
        usual = int(np.argmax(np.bincount(used[plain], weights=often[plain].astype(float))))
        note = "time-format" if self.time else "date-format"
        return [note if p and u != usual else r for r, p, u in zip(rules, plain, used, strict=True)]


def compile_date(env: Env, rule: Rule) -> Compiled | None:
    """`date` (and `time`): a raw column, or two, as ISO 8601."""
    date = _column(env, rule, rule.argument, time=False)
    time = _column(env, rule, rule.options["time"], time=True) if "time" in rule.options else None
    if date is None or ("time" in rule.options and time is None):
        return None
    if "zone" in rule.options and not isinstance(rule.options["zone"], Scalar):
        env.fault("bad-argument", "`zone` takes one text, as +08:00.", rule.mark)
        return None
    zone = rule.options["zone"].text if isinstance(rule.options.get("zone"), Scalar) else ""  # type: ignore[union-attr]
    refs = (date.ref,) if time is None else (date.ref, time.ref)

    def run(scene: Scene) -> Vector:
        days, lost = _read(scene, date, rule)
        if time is None:
            out = days.map_texts(lambda t: t + zone if "T" in t and zone else t) if zone else days
            return fit(scene, out, env.target.kind or Kind.DTC, refs, rule.mark)
        times, _ = _read(scene, time, rule)
        return fit(
            scene, _combined(scene, days, times.where(~lost), zone, refs, rule), env.target.kind, refs, rule.mark
        )

    return Compiled(rule, env.target.kind or Kind.DTC, run, refs)


def _read(scene: Scene, column: Column, rule: Rule) -> tuple[Vector, NDArray[np.bool_]]:
    """The values, and where a text can't be read: an issue already, so that a time beside it is no second one."""
    which, iso, rules, shown = column.read(scene)
    for name in sorted(set(rules) - {""}) if not column.told else ():
        at = np.array([r == name for r in rules] + [False])[which]
        message = SAID.get(name, '"{value}" fits no format' + f" of [{', '.join(column.formats.texts)}].")
        scene.run.issue(scene, name, at, message, [column.ref], rule.mark, shown)
    if "date-invalid" in rules and not column.told:
        _say_order(scene, column, rule, shown, rules, which)
    lost = np.array([i is None and r not in ("", "date-unknown") for i, r in zip(iso, rules, strict=True)] + [False])
    return Vector.of_codes(which, [*iso, None], Kind.DTC), lost[which]


DAY_OR_MONTH = re.compile(r"dd?|(?<!M)MM?(?!M)")


def _other(token: re.Match[str]) -> str:
    """The token of the month for one of the day, and the reverse, as wide."""
    return {"d": "M", "M": "d"}[token[0][0]] * len(token[0])


def _say_order(
    scene: Scene, column: Column, rule: Rule, shown: Vector, rules: Sequence[str], which: NDArray[np.int64]
) -> None:
    """Where many texts have no such day, and day and month the other way round reads all: the format is wrong."""
    texts = [str(t) for t in shown.distinct()]
    swapped = [DAY_OR_MONTH.sub(_other, f) for f in column.formats.texts]
    invalid = int(np.array([r == "date-invalid" for r in rules] + [False])[which].sum())
    if invalid < 3 or swapped == list(column.formats.texts):
        return
    made = compile_dates(DateTexts(tuple(Scalar(f) for f in swapped), tuple(column.formats.unknown)), IssueLog())
    if any(r in ("date-invalid", "date-unreadable", "date-ambiguous") for r in read_dates(texts, made).rules):
        return
    told = f"{invalid} texts have no such day as {', '.join(column.formats.texts)}; {', '.join(swapped)} reads all."
    scene.run.log.add("date-order", told, *scene.places(0, [column.ref])[:1], rule.mark.place)


def _combined(scene: Scene, days: Vector, times: Vector, zone: str, refs: Sequence[Ref], rule: Rule) -> Vector:
    size = len(times.distinct()) + 1
    pair = (days.data.astype(np.int64) + 1) * size + (times.data + 1)
    found, which = distinct_codes(pair)
    iso, rules = [], []
    for code in found:
        d, t = divmod(int(code), size)
        text, broken = combine(str(days.distinct()[d - 1]) if d else None, str(times.distinct()[t - 1]) if t else None)
        iso.append(text + zone if text and zone and "T" in text else text)
        rules.append(broken)
    for name in sorted(set(rules) - {""}):
        at = np.array([r == name for r in rules])[which]
        message = "A time without a date." if name == "time-without-date" else "Date and time do not agree."
        scene.run.issue(scene, name, at, message, refs, rule.mark)
    return Vector.of_codes(which, iso, Kind.DTC)


def compile_date_parts(env: Env, rule: Rule) -> Compiled | None:
    """`date_parts`: columns of year, month, day, hour, minute as ISO 8601."""
    refs = [env.name(n) for n in texts_of(rule.argument)]
    if not refs or any(r is None for r in refs) or len(refs) > 5:
        if len(refs) > 5:
            env.fault("bad-argument", "`date_parts` takes at most [year, month, day, hour, minute].", rule.mark)
        return None
    names = ("year", "month", "day", "hour", "minute")
    tokens = ("yyyy", "M", "d")
    known = [r for r in refs if r is not None]
    formats = env.plan.formats(env.dataset, known[0], [Scalar("-".join(tokens[: min(3, len(known))]))], False)
    unknown = formats.unknown if formats else frozenset()

    def run(scene: Scene) -> Vector:
        columns = []
        unread = np.zeros(scene.n, dtype=bool)
        for ref, name in zip(known, names, strict=False):
            text = as_text(scene.value(ref, "text"))
            good = text.map_texts(lambda t, n=name: _part(t, n, unknown))  # type: ignore[misc]
            bad = np.array([t == "?" for t in good.distinct()] + [False])[good.data]
            scene.run.issue(scene, "date-unreadable", bad, f'"{{value}}" is no {name}.', [ref], rule.mark, text)
            unread |= bad
            columns.append(good)
        rows = list(zip(*(c.where(~unread).strings() for c in columns), strict=True))
        seen: dict[tuple[str | None, ...], tuple[str | None, str]] = {}
        for row in rows:
            if row not in seen:
                seen[row] = _joined(row)
        faults = np.array([seen[r][1] for r in rows], dtype=object)
        for name in ("date-invalid", "time-without-date"):
            message = "There is no such day." if name == "date-invalid" else "A time without a date."
            scene.run.issue(scene, name, np.asarray(faults == name), message, known, rule.mark)
        return Vector.of_texts((seen[r][0] for r in rows), Kind.DTC)

    return Compiled(rule, Kind.DTC, run, tuple(known))


_PARTS = {"year": (1, 9999), "month": (1, 12), "day": (1, 31), "hour": (0, 23), "minute": (0, 59)}


def _part(text: str, name: str, unknown: Iterable[str]) -> str | None:
    """A part in its full width, None if it is unknown, `?` if it is none; a year has four digits."""
    if text.upper() in {u.upper() for u in unknown}:
        return None
    low, high = _PARTS[name]
    sized = len(text) == 4 if name == "year" else len(text) <= 2
    if not (text.isascii() and text.isdigit() and sized and low <= int(text) <= high):
        return "?"
    return text.zfill(4 if name == "year" else 2)


def _joined(row: Sequence[str | None]) -> tuple[str | None, str]:
    parts = [None if p is None else int(p) for p in row] + [None] * (6 - len(row))
    text = iso_text(tuple(parts))  # type: ignore[arg-type]
    if text is None:
        return None, ""
    if all(p is not None for p in parts[:3]) and not is_real(text):
        return None, "date-invalid"
    if all(p is None for p in parts[:3]):
        return None, "time-without-date"
    return text, ""


def _column(env: Env, rule: Rule, node: object, time: bool) -> Column | None:
    if not isinstance(node, Scalar):
        env.fault("bad-argument", f"`{rule.operation}` takes a column.", rule.mark)
        return None
    ref = env.name(node)
    if ref is None:
        return None
    said = texts_of(rule.options.get("formats"))
    formats = env.plan.formats(env.dataset, ref, said, time)
    told = not said and env.plan.declared_type(ref) == ("time" if time else "date")
    return None if formats is None else Column(ref, formats, time, told)


def read_column(run: Run, source: str, name: Scalar, said: Sequence[Scalar]) -> Vector:
    """A raw column as full dates, without issues: the rules that write it say them."""
    table = RawView(run, run.raw[source])
    ref = Field(Kind.TEXT, table.key, name.text)
    dataset = next(iter(run.study.datasets.values()))
    formats = run.plan.formats(dataset, ref, said, False)
    if run.raw[source].values[name.text].kind is Kind.DTC:
        return read_iso(run.raw[source].values[name.text], Kind.DATE)
    if formats is None:
        return Vector.missing_of(Kind.DATE, table.n)
    which, iso, _, _ = Column(ref, formats, False).read(whole_table(run, table))
    return read_iso(Vector.of_codes(which, [*iso, None], Kind.DTC), Kind.DATE)
