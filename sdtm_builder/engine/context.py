"""The engine's answers to what derivations ask: codelists, order, raw rows, issues."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..model import Mark, StudySpec, Vector
from ..values.codes import value_codes
from . import beside
from .frames import Scene
from .keys import match_codes
from .plan import Plan
from .refs import Ref, RowFact, Variable, leaves
from .scopes import ROW_FACTS

if TYPE_CHECKING:
    from .run import Run

T = TypeVar("T")


@dataclass
class RunContext:
    """The engine's answer to what a derivation asks."""

    run: Run
    scene: Scene
    dataset: str
    domain: str
    n: int
    study: StudySpec
    tests: Any
    refs: list[Ref]
    mark: Mark
    named: Mapping[str, Sequence[Ref]] = field(default_factory=dict)

    def issue(
        self, rule: str, rows: NDArray[Any], message: str, values: Vector | None = None, about: Sequence[str] = ()
    ) -> None:
        """Record an issue at each of `rows`, at the cells of the arguments `about` (none: of all)."""
        refs = [r for name in about for r in self.named.get(name, ())] or self.refs
        self.run.issue(self.scene, rule, np.asarray(rows), message, refs, self.mark, values)

    def once(self, name: str, inputs: tuple[Vector | None, ...], make: Callable[[], T]) -> T:
        """What `make` gives, kept for as long as the build for the very same columns."""
        key = (self.dataset, name, tuple(id(i) for i in inputs))
        if key not in self.run.kept:
            self.run.kept[key] = (inputs, make())  # the inputs are held, so that no other column gets their id
        found: T = self.run.kept[key][1]
        return found

    def tell(self, numbers: NDArray[np.float64]) -> None:
        """Keep a number a record beside the variable being made."""
        beside.tell(self.run, self.scene, self.run.current, numbers)

    def told(self, argument: str) -> NDArray[np.float64] | None:
        """What was told beside the variable that an argument names, over all records; None if it was nothing."""
        refs = [leaves(r) for r in self.named.get(argument, ())]
        if len(refs) != 1 or not isinstance(refs[0], Variable):
            return None
        return beside.told(self.run, self.dataset, refs[0].name)

    def codelist(self, name: str) -> Any:
        """The study's view of a codelist."""
        return self.run.plan.codelists(self.run.plan.datasets[self.dataset].spec).find(name)

    def codelist_of(self, variable: str) -> Any:
        """The study's view of the codelist of a variable of this dataset."""
        return self.run.plan.datasets[self.dataset].target(variable).codelist

    def decode(self, variable: str) -> Mapping[str, str]:
        """Term -> decode of the codelist of a variable of this dataset."""
        return decodes(self.run.plan, self.dataset, variable)

    def subjects(self) -> NDArray[np.int64]:
        """Codes of USUBJID, one a record."""
        return self.scene.usubjid().data.astype(np.int64)  # type: ignore[attr-defined]

    def owners(self) -> NDArray[np.int64]:
        """Codes of what --SEQ numbers the records of, one a record."""
        return value_codes(self.run.owner(self.dataset))[0]

    def order(self) -> NDArray[np.int64]:
        """The records' places in the total order."""
        return self.run.order(self.dataset)

    def before(self) -> NDArray[np.int64]:
        """How many records each record's owner has in the parts of a split domain that come before this one."""
        mine = self.run.owner(self.dataset)
        total = np.zeros(self.n, dtype=np.int64)
        for part in self.run.plan.parts_before(self.dataset):
            left, right, count = match_codes([mine], [self.run.owner(part)])
            size = np.bincount(right[right >= 0], minlength=count)
            total[left >= 0] += size[left[left >= 0]]
        return total

    def raw_rows(self, what: str) -> Vector:
        """What the tool knows of each record's raw row."""
        return self.scene.value(RowFact(ROW_FACTS[what], what))


def decodes(plan: Plan, dataset: str, variable: str) -> Mapping[str, str]:
    """Decodes of a variable's codelist, the study's own and the arms included."""
    made = plan.datasets[dataset]
    codelist = made.target(variable).codelist
    found = dict(codelist.decodes) if codelist is not None else {}
    found.update(plan.arm_decodes(variable))
    return found
