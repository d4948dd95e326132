"""Record makers: registered functions that give the records of a block themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..issues import Location
from ..model import BlockSpec, DatasetSpec, Kind, ListNode, MapNode, Node, Scalar, StudySpec, Vector, domain_letters
from ..registry import Argument, Derivation, MadeRecords, Take, makers
from .frames import Frame, whole_table
from .notes import Left
from .refs import Field
from .tables import DatasetView, Flavour, RawView, Table

if TYPE_CHECKING:
    from .blocks import BlockPlan
    from .plan import Plan
    from .run import Run


def made_columns(maker: Derivation, dataset: DatasetSpec) -> dict[str, Kind]:
    """The columns that a maker gives, with the domain's letters."""
    return {name.replace("--", dataset.letters): kind for name, kind in maker.columns.items()}


class MadeTable(Table):
    """The records that a maker gave."""

    def __init__(self, key: str, made: MadeRecords) -> None:
        self.key, self.n, self.columns = key, made.n, made.columns

    def vector(self, column: str, flavour: Flavour = "value") -> Vector:
        return self.columns[column]

    def usubjid(self) -> Vector:
        return self.columns.get("USUBJID", Vector.missing_of(Kind.TEXT, self.n))


@dataclass
class Access:
    """A table, or some rows of it, for a record maker; its rows and columns are noted as read by `user`."""

    frame: Frame
    user: str = ""

    def __post_init__(self) -> None:
        base = self.frame.base
        if isinstance(base, RawView):
            self.frame.run.notes.hand(base.table.name, base.n, self.frame.index)

    @property
    def n(self) -> int:
        """How many rows."""
        return self.frame.n

    def has(self, column: str) -> bool:
        """Whether there is such a column."""
        base = self.frame.base
        if isinstance(base, RawView):
            return column in base.table.texts
        if isinstance(base, DatasetView):
            if base.dataset in self.frame.run.given:
                return column in self.frame.run.given[base.dataset]
            return column in self.frame.run.plan.datasets[base.dataset].names
        return True

    def vector(self, column: str) -> Vector:
        """A column."""
        base = self.frame.base
        if isinstance(base, RawView):
            users = self.frame.run.notes.columns.setdefault((base.table.name, column), {})
            users.setdefault(self.user)
        return base.vector(column).take(self.frame.index)

    def usubjid(self) -> Vector:
        """USUBJID of each row."""
        return self.frame.base.usubjid().take(self.frame.index)

    def fact(self, what: str) -> Vector:
        """VISITNUM, VISIT, VISITDY of each raw row."""
        return self.frame.base.fact(what).take(self.frame.index)


@dataclass
class MakerDesk:
    """The engine's answer to what a record maker asks."""

    run: Run
    block: BlockPlan
    dataset: str
    domain: str
    study: StudySpec
    source: Access | None
    source_key: str
    source_rows: NDArray[np.int64]

    def table(self, key: str) -> Access:
        """A whole table."""
        return Access(whole_table(self.run, self.run.table(key)), f"{self.dataset} make")

    def issue(self, rule: str, key: str, rows: NDArray[Any], message: str, columns: Sequence[str] = ()) -> None:
        """Record an issue at rows of a table; without a table, at the maker's line."""
        mark = self.block.spec.make.mark if self.block.spec.make is not None else self.block.spec.mark
        if not key:
            self.run.log.add(rule, message, Location(dataset=self.dataset), mark.place)
            return
        table = self.run.table(key)
        refs = [Field(Kind.TEXT, table.key, c) for c in columns]
        self.run.issue(whole_table(self.run, table), rule, np.asarray(rows), message, refs, mark)

    def decode(self, variable: str) -> Mapping[str, str]:
        """Term -> decode of a variable of this dataset."""
        return self.run.decodes(self.dataset, variable)

    def domain_of(self, table: str) -> str:
        """The domain of a dataset."""
        return domain_of(self.run.plan, table)

    @property
    def name(self) -> str:
        """The name of the block."""
        return self.block.name


@dataclass
class Asked:
    """The plan's answer to what a record maker's check asks."""

    plan: Plan
    dataset: DatasetSpec
    sources: Sequence[str]

    def has(self, table: str, column: str = "") -> bool:
        """Whether there is such a table, and such a column in it."""
        form = self.plan.form(self.dataset, table)
        return form is not None and (not column or form.kinds(column) is not None)

    def written(self, table: str, column: str) -> bool:
        """Whether a column is written in its dataset itself."""
        if table in self.plan.datasets:
            return column in self.plan.datasets[table].written()
        known = self.plan.sdtmig.dataset(table)
        return self.has(table, column) and (known is None or self.plan.sdtmig.variable(table, column) is not None)

    def domain_of(self, table: str) -> str:
        """The domain of a dataset."""
        return domain_of(self.plan, table)


def domain_of(plan: Plan, table: str) -> str:
    """The domain of a mapped or given dataset, or of one of its blocks."""
    name = table.partition("/")[0]
    if name in plan.datasets:
        return plan.datasets[name].spec.domain
    return name if plan.sdtmig.dataset(name) is not None else name[:2]


def check_maker(plan: Plan, dataset: DatasetSpec, block: BlockSpec) -> None:
    """Faults of a maker's arguments, each at its place."""
    maker = makers().get(block.make.name.text) if block.make is not None else None
    if maker is None or maker.check is None or block.make is None:
        return
    arguments = block.make.arguments
    for name, message in maker.check(arguments, Asked(plan, dataset, [s.text for s in block.sources])):
        mark = arguments[name].mark if name in arguments else block.make.mark
        plan.log.add("bad-argument", f"`{name}`: {message}", mark.place)


def maker_uses(plan: Plan, block: BlockSpec) -> list[tuple[str, tuple[str, ...]]]:
    """Tables and whole columns that a block's maker reads, `--` replaced."""
    maker = makers().get(block.make.name.text) if block.make is not None else None
    if maker is None or maker.uses is None or block.make is None:
        return []
    found = []
    for key, columns in maker.uses(block.make.arguments, plan.study):
        for table in [key] if key else [s.text for s in block.sources]:
            letters = domain_letters(domain_of(plan, table))
            found.append((table, tuple(c.replace("--", letters) for c in columns)))
    return found


def make_records(run: Run, block: BlockPlan, source: Frame) -> Frame:
    """The records that the block's maker gives, as a frame; their origins are written as joins are."""
    spec = block.spec.make
    assert spec is not None
    maker = makers()[spec.name.text]
    has_source = bool(block.spec.sources)
    given = Access(source, f"{block.dataset.name} make") if has_source else None
    desk = MakerDesk(
        run, block, block.dataset.name, block.dataset.spec.letters, run.study,
        given, source.base.key if has_source else "", source.index,
    )  # fmt: skip
    arguments = {a.name: argument(a, spec.arguments.get(a.name.rstrip("_"))) for a in maker.arguments}
    made = run.making(block.dataset.name, block.name, "", lambda: maker.function(desk, **arguments))
    table = MadeTable(f"made:{block.dataset.name}/{block.name}", made)
    frame = Frame(run, table, np.arange(made.n, dtype=np.int64), block.dataset.name, block.name)
    frame.left = [*source.left, Left("make", spec.name.text, 0, np.zeros(0, np.int64), made.n)]
    for name, (key, rows) in made.origins.items():
        frame.joins[name] = (run.table(key), np.asarray(rows, dtype=np.int64))
    return frame


def argument(wanted: Argument, node: Node | None) -> Any:
    """A maker's argument from the YAML: texts and numbers as such, everything else the node."""
    if node is None:
        return None if wanted.required else wanted.default
    if wanted.take in (Take.TEXTS, Take.NAMES, Take.COLUMNS, Take.OPTIONAL):
        items = node.items if isinstance(node, ListNode) else (node,)
        return tuple(i.text for i in items if isinstance(i, Scalar))
    if isinstance(node, Scalar):
        if wanted.take is Take.NUMBER:
            return float(node.text)
        if wanted.take is Take.FLAG:
            return node.text.lower() in ("true", "yes")
        return node.text
    if isinstance(node, MapNode):
        return {k: v.text if isinstance(v, Scalar) else v for k, v in node.items.items()}
    return node
