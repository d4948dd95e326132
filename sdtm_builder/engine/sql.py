"""Expressions in their places: parsed, names resolved, kinds checked, evaluated on whole columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from .. import expr
from ..model import Kind, Mark, Node, Scalar, Vector
from .compiled import Env, Use
from .frames import Scene
from .refs import Constant, Field, Mine, OfSubject, Ref, RowFact, Variable, leaves


@dataclass(frozen=True)
class Expression:
    """A checked expression."""

    text: str
    kind: Kind
    refs: tuple[Ref, ...]
    uses: tuple[Use, ...]
    run: Callable[[Scene], Vector]

    @property
    def needs_this(self) -> bool:
        """In a summary or join: whether it asks for the record for which it runs."""
        return any(isinstance(r, Mine) for r in self.refs)


def compile_truth(env: Env, node: Node | None, mark: Mark) -> Expression | None:
    """A condition."""
    if not isinstance(node, Scalar):
        env.fault("bad-argument", "A condition is wanted here.", mark)
        return None
    return compile_expression(env, node, "truth")


def compile_expression(env: Env, text: Scalar, want: Literal["truth", "value"]) -> Expression | None:
    """Parse, resolve, check; faults go to the log with the YAML line."""
    parsed = expr.parse(text.text)
    if isinstance(parsed, list):
        for found in parsed:
            env.fault(found.rule, sentence(found.message), _at(text, found.offset), found.hint)
        return None
    by_name: dict[Any, Ref | None] = {}
    for name in expr.names(parsed):
        by_name[_key(name)] = env.scope.resolve(".".join(name.parts), _at(text, name.offset), any(name.quoted))
    if any(r is None for r in by_name.values()):
        return None

    def of(name: Any) -> Ref:
        ref = by_name[_key(name)]
        assert ref is not None
        return ref

    kind, faults = expr.check(parsed, lambda name: of(name).kind, want)
    for found in faults:
        env.fault(found.rule, sentence(found.message), _at(text, found.offset), found.hint)
    if faults or kind is None:
        return None
    for name in expr.negations(parsed):
        if can_be_missing(env, of(name)):
            env.plan.log.add(
                "can-be-missing", f"{name} can be missing, then this is unknown.", _at(text, name.offset).place
            )
    refs = tuple(dict.fromkeys(r for r in by_name.values() if r is not None))

    def run(scene: Scene) -> Vector:
        def on_issue(rule: str, mask: NDArray[np.bool_], message: str) -> None:
            scene.run.issue(scene, rule, mask, sentence(message), refs, text.mark)

        return expr.evaluate(parsed, lambda name: scene.value(of(name)), scene.n, on_issue)

    return Expression(text.text, kind, refs, (), run)


def can_be_missing(env: Env, ref: Ref) -> bool:
    """Whether a name can be missing, as far as the standard tells."""
    inner = leaves(ref)
    if isinstance(inner, Constant):
        return False
    if isinstance(inner, RowFact):
        return inner.what not in ("USUBJID", "file", "sheet", "number")
    if isinstance(inner, Variable):
        return not env.plan.is_required(inner.dataset, inner.name)
    if isinstance(inner, OfSubject):
        return True
    if isinstance(inner, Field) and not inner.table.startswith(("raw.", "table:")):
        return not env.plan.is_required(inner.table.split("/")[0], inner.column)
    return True


def sentence(message: str) -> str:
    """A message that ends as a sentence does, since a hint may follow it."""
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _key(name: Any) -> tuple[Any, Any]:
    return name.parts, name.quoted


def _at(text: Scalar, offset: int) -> Mark:
    """The place of an offset within a scalar of one line."""
    shift = offset + (0 if text.plain else 1)
    return Mark(text.mark.file, text.mark.line, text.mark.column + shift, text.mark.overrides)
