"""What every figure is made of: scales with their ticks, texts, paths, signs, dashes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape

from ..texts import one_line

INK, QUIET, LINE, SOFT = "#1c2126", "#59636e", "#c9d0d6", "#e4e8eb"
WIDTH = 880
FONT = 12
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 2", "1 2")
"""Dashes by which lines are told apart, in the order of their groups; the total's line is a thick grey one."""


@dataclass(frozen=True)
class Scale:
    """From values to places: `low` to `high` become `start` to `end`; by logarithms where `log`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """The place of a value; a value beyond the scale has its place there too."""
        low, high = self._turn(self.low), self._turn(self.high)
        share = (self._turn(value) - low) / (high - low)
        return round(self.start + share * (self.end - self.start), 2)

    def _turn(self, value: float) -> float:
        return math.log10(value) if self.log else value


def linear(
    low: float | None, high: float | None, start: float, end: float, count: int = 8, close: bool = False
) -> tuple[Scale, list[float]]:
    """A scale from a round number to a round number, and its ticks; `close`: from `low` if much nearer."""
    low, high = (0.0, 1.0) if low is None or high is None else (low, high)
    if low == high:
        high = low + 1
    step = nice_step((high - low) / count)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(i * step, 10) for i in range(first, last + 1)]
    if close and len(ticks) > 2 and low - ticks[0] > step / 2:
        return Scale(low, ticks[-1], start, end), ticks[1:]
    return Scale(ticks[0], ticks[-1], start, end), ticks


def nice_step(step: float) -> float:
    """The next of 1, 2, 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(step))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= step * (1 - 1e-9))


def logarithmic(low: float | None, high: float | None, start: float, end: float) -> tuple[Scale, list[float]]:
    """A scale of whole powers of ten around what is drawn, and its ticks."""
    low, high = (1.0, 10.0) if not low or not high else (low, high)
    first, last = math.floor(math.log10(low) + 1e-9), math.ceil(math.log10(high) - 1e-9)
    last = max(last, first + 1)
    return Scale(10.0**first, 10.0**last, start, end, log=True), [10.0**i for i in range(first, last + 1)]


def number(value: float) -> str:
    """A tick as text: 0.25, 1,000, 1e7."""
    if value and (abs(value) >= 1e7 or abs(value) < 1e-3):
        return f"{value:.0e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    return f"{value:,.10g}"


def place(value: float) -> str:
    """A coordinate: at most two decimals, no trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def text(
    x: float, y: float, words: str, anchor: str = "start", size: int = FONT, bold: bool = False, ink: str = INK
) -> str:
    """A line of text; whatever the data hold, it is text."""
    weight = ' font-weight="600"' if bold else ""
    return (f'<text x="{place(x)}" y="{place(y)}" text-anchor="{anchor}" font-size="{size}" fill="{ink}"{weight}>'
            f"{escape(one_line(words))}</text>")  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, ink: str = INK, width: float = 1, dash: str = "") -> str:
    """A straight line."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (f'<line x1="{place(x1)}" y1="{place(y1)}" x2="{place(x2)}" y2="{place(y2)}" stroke="{ink}" '
            f'stroke-width="{place(width)}"{dashed}/>')  # fmt: skip


def path(points: Sequence[tuple[float, float]], ink: str = INK, width: float = 1.5, dash: str = "") -> str:
    """A line through points."""
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    through = " ".join(f"{place(x)},{place(y)}" for x, y in points)
    return (f'<polyline points="{through}" fill="none" stroke="{ink}" stroke-width="{place(width)}" '
            f'stroke-linejoin="round"{dashed}/>')  # fmt: skip


def area(points: Sequence[tuple[float, float]], fill: str = SOFT) -> str:
    """A filled shape."""
    return f'<polygon points="{" ".join(f"{place(x)},{place(y)}" for x, y in points)}" fill="{fill}"/>'


def told(inner: str, words: str) -> str:
    """A part of the figure with words that show where the pointer rests."""
    return f"<g><title>{escape(one_line(words))}</title>{inner}</g>"


def figure(parts: Iterable[str], height: float, name: str, title: str, words: str, width: float = WIDTH) -> str:
    """The element: a picture with a name and a description for those who do not see it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {place(width)} {place(height)}" role="img" '
        f'aria-labelledby="{name}-t {name}-d" font-family="inherit">'
        f'<title id="{name}-t">{escape(one_line(title))}</title><desc id="{name}-d">{escape(one_line(words))}</desc>'
        f"{''.join(parts)}</svg>"
    )


def axes(x: Scale, x_ticks: Sequence[float], y: Scale, y_ticks: Sequence[float], x_label: str, y_label: str,
         y_texts: bool = True, every: int = 1) -> list[str]:  # fmt: skip
    """Both axes with ticks, faint lines across at the ticks of y, and labels; `every` tick of x that bears its text."""
    made = []
    for tick in y_ticks:
        made.append(line(x.start, y(tick), x.end, y(tick), LINE if tick != y_ticks[0] else INK))
        if y_texts:
            made.append(text(x.start - 7, y(tick) + 4, number(tick), "end"))
    made.append(line(x.start, y.start, x.start, y.end))
    for i, tick in enumerate(x_ticks):
        made.append(line(x(tick), y.start, x(tick), y.start + 5))
        if i % every == 0:
            made.append(text(x(tick), y.start + 18, number(tick), "middle"))
    made.append(text((x.start + x.end) / 2, y.start + 36, x_label, "middle"))
    if y_label:
        at = f"translate({place(x.start - 70)} {place((y.start + y.end) / 2)}) rotate(-90)"
        made.append(f'<g transform="{at}">{text(0, 0, y_label, "middle")}</g>')
    return made


def labelled(axis: dict[str, object]) -> str:
    """An axis' label with its unit in brackets."""
    return f"{axis['label']} ({axis['unit']})" if axis["unit"] else str(axis["label"])


def _ring(x: float, y: float, r: float, fill: str) -> str:
    return f'<circle cx="{place(x)}" cy="{place(y)}" r="{place(r)}" fill="{fill}" stroke="{INK}" stroke-width="1.2"/>'


def _polygon(points: Sequence[tuple[float, float]], fill: str) -> str:
    through = " ".join(f"{place(a)},{place(b)}" for a, b in points)
    return f'<polygon points="{through}" fill="{fill}" stroke="{INK}" stroke-width="1.2" stroke-linejoin="round"/>'


def _disc(x: float, y: float) -> str:
    return _ring(x, y, 4.6, INK)


def _circle(x: float, y: float) -> str:
    return _ring(x, y, 4.6, "#fff")


def _target(x: float, y: float) -> str:
    return _ring(x, y, 4.6, "#fff") + f'<circle cx="{place(x)}" cy="{place(y)}" r="1.8" fill="{INK}"/>'


def _minus(x: float, y: float) -> str:
    return _square(x, y) + line(x - 2.5, y, x + 2.5, y, width=1.6)


def _square(x: float, y: float) -> str:
    return _polygon([(x - 4.2, y - 4.2), (x + 4.2, y - 4.2), (x + 4.2, y + 4.2), (x - 4.2, y + 4.2)], "#fff")


def _triangle(x: float, y: float) -> str:
    return _polygon([(x - 5, y - 4), (x + 5, y - 4), (x, y + 5)], INK)


def _star(x: float, y: float) -> str:
    points = [(x + r * math.sin(math.pi * i / 5), y - r * math.cos(math.pi * i / 5))
              for i, r in enumerate([6.4, 2.6] * 5)]  # fmt: skip
    return _polygon(points, "#fff")


def _diamond(x: float, y: float) -> str:
    return _polygon([(x, y - 5.6), (x + 5.6, y), (x, y + 5.6), (x - 5.6, y)], "#fff")


def _full_diamond(x: float, y: float) -> str:
    return _polygon([(x, y - 5.6), (x + 5.6, y), (x, y + 5.6), (x - 5.6, y)], INK)


def _cross(x: float, y: float) -> str:
    halo = line(x - 5, y - 5, x + 5, y + 5, "#fff", 5) + line(x - 5, y + 5, x + 5, y - 5, "#fff", 5)
    return halo + line(x - 5, y - 5, x + 5, y + 5, width=2.4) + line(x - 5, y + 5, x + 5, y - 5, width=2.4)


def _full_square(x: float, y: float) -> str:
    return _polygon([(x - 4.2, y - 4.2), (x + 4.2, y - 4.2), (x + 4.2, y + 4.2), (x - 4.2, y + 4.2)], INK)


def _tent(x: float, y: float) -> str:
    return _polygon([(x - 5, y + 4), (x + 5, y + 4), (x, y - 5)], "#fff")


SIGNS: tuple[Callable[[float, float], str], ...] = (
    _disc, _target, _circle, _minus, _triangle, _star, _diamond, _full_diamond, _cross, _full_square, _tent, _square,
)  # fmt: skip
"""Signs in the order of the kinds of marks; more kinds begin again."""


def sign(index: int, x: float, y: float) -> str:
    """The sign of a kind of marks, by its place."""
    return SIGNS[index % len(SIGNS)](x, y)
