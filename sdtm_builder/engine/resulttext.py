"""Results as collected, for --ORRES: numbers and limits in ordinary forms, other texts as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from ..model import Mark, SourceColumn, Vector
from ..values.fold import fold, has_wide
from ..values.numbers import read_number
from .above import is_cell
from .frames import Frame, Scene
from .refs import Field, Ref, leaves
from .tables import RawView

if TYPE_CHECKING:
    from .compiled import Env

_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_LIMIT = re.compile(r"(<=|>=|<|>|) *(.*)", re.DOTALL)
_RULES = ("width-folded", "number-format")


def holds_result(env: Env) -> bool:
    """Whether a rule makes the result as collected."""
    return env.target.name == f"{env.dataset.letters}ORRES" and env.target.codelist is None


def plain_result(text: str, decimal: str = ".", thousands: str = "") -> tuple[str, str]:
    """The text to keep of a result, and the rule to note.

    A number, or a limit such as `< 1,500`, loses full-width forms, the blanks behind its sign and the declared signs
    between thousands, and has a decimal point; its digits stay as they are. Any other text stays as a whole.
    """
    if decimal == "." and _PLAIN.fullmatch(text):
        return text, ""
    even = fold(text)
    match = _LIMIT.fullmatch(even)
    assert match is not None
    sign, number = match.groups()
    if read_number(number, decimal, thousands) is None:
        return text, ""
    bare = number.replace(thousands, "") if thousands else number
    plain = sign + (bare.replace(decimal, ".") if decimal != "." else bare)
    if plain == text:
        return text, ""
    if has_wide(text):
        return plain, "width-folded"
    return plain, "" if sign else "number-format"


def result_texts(scene: Scene, vector: Vector, ref: Ref, mark: Mark) -> Vector:
    """Results of a raw column in ordinary forms; `width-folded` and `number-format` at the cells that changed."""
    column = _column(scene, ref)
    decimal, thousands = (column.decimal, column.thousands) if column is not None else (".", "")
    made = [plain_result(text, decimal, thousands) for text in vector.distinct()]
    out = Vector.of_codes(vector.data, [text for text, _ in made])
    rules = np.array([*(rule for _, rule in made), ""], dtype=object)[vector.data] if any(r for _, r in made) else None
    for rule in _RULES if rules is not None else ():
        told = f'"{{value}}" is read as {"an ordinary text" if rule == "width-folded" else "a number"}.'
        scene.run.issue(scene, rule, np.asarray(rules == rule), told, [ref], mark, vector)
    return out


def _column(scene: Scene, ref: Ref) -> SourceColumn | None:
    """What the study says of the raw column behind a name."""
    inner = leaves(ref)
    if isinstance(inner, Field):
        source = scene.run.plan.source(inner)
        return source.columns.get(inner.column) if source is not None else None
    while not isinstance(scene, Frame) and hasattr(scene, "parent"):
        scene = scene.parent
    if is_cell(inner) and isinstance(scene, Frame) and isinstance(scene.base, RawView):
        return scene.run.study.raw[scene.base.table.name].columns.get(scene.cell_column)
    return None
