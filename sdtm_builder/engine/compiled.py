"""What a checked rule is: the names it needs and a function over whole columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..model import DatasetSpec, Kind, ListNode, Mark, Node, Rule, Scalar, Vector
from .codelists import StudyCodelist
from .frames import Scene
from .refs import Ref
from .scopes import Scope

if TYPE_CHECKING:
    from .plan import Plan


@dataclass(frozen=True)
class Use:
    """Whole columns of a table that a rule looks at (a summary, a flag): its key and the columns."""

    table: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Target:
    """The variable that a rule makes: its name, the kind it must have (None: as it comes), and its codelist."""

    name: str
    kind: Kind | None
    codelist: StudyCodelist | None = None
    temporary: bool = False


@dataclass(frozen=True)
class Compiled:
    """A rule ready to run.

    refs : names of the same record; uses : whole columns of other tables
    whole : it must see all records of the dataset at once
    """

    rule: Rule
    kind: Kind
    run: Callable[[Scene], Vector]
    refs: tuple[Ref, ...] = ()
    uses: tuple[Use, ...] = ()
    whole: bool = False
    ordered: bool = False
    operands: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Env:
    """Where a rule is compiled: the plan, the meaning of names, the dataset and the variable."""

    plan: Plan
    scope: Scope
    dataset: DatasetSpec
    target: Target
    block: str = ""
    grouped: bool = False

    def fault(self, rule: str, message: str, mark: Mark, hint: str | None = None) -> None:
        """Record a fault of the specification."""
        self.plan.log.add(rule, message, mark.place, hint=hint)

    def name(self, node: Node | None) -> Ref | None:
        """Resolve a name."""
        if not isinstance(node, Scalar):
            if node is not None:
                self.fault("bad-argument", "A name is wanted here.", node.mark)
            return None
        return self.scope.resolve(node.text, node.mark)

    def toward(self, target: Target) -> Env:
        """The same place for another target."""
        return replace(self, target=target)


@dataclass
class SubScene(Scene):
    """Some of the records of a scene, for the branches of a case."""

    parent: Scene
    rows: NDArray[np.int64]

    @property
    def n(self) -> int:  # type: ignore[override]
        """How many records."""
        return len(self.rows)

    @property
    def run(self):  # type: ignore[no-untyped-def, override]
        """The run of the parent."""
        return self.parent.run

    def value(self, ref: Ref, flavour: str = "value") -> Vector:
        return self.parent.value(ref, flavour).take(self.rows)  # type: ignore[arg-type]

    def usubjid(self) -> Vector:
        """USUBJID of each record."""
        return self.parent.usubjid().take(self.rows)  # type: ignore[attr-defined]

    def places(self, row: int, refs: Iterable[Ref]):  # type: ignore[no-untyped-def]
        return self.parent.places(int(self.rows[row]), refs)


def texts_of(node: Node | None) -> list[Scalar]:
    """One scalar or a list of scalars, as a list."""
    if isinstance(node, Scalar):
        return [node]
    if isinstance(node, ListNode):
        return [n for n in node.items if isinstance(n, Scalar)]
    return []


def split_order(node: Node | None) -> list[tuple[Scalar, bool]]:
    """`order`: names, each perhaps with `desc`."""
    found = []
    for scalar in texts_of(node):
        words = scalar.text.split()
        down = len(words) > 1 and words[-1].lower() == "desc"
        found.append((Scalar(" ".join(words[:-1]) if down else scalar.text, scalar.mark), down))
    return found
