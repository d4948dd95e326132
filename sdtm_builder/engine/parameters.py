"""Time-to-event parameters: names in their tables, the row that decides each record, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..issues import fault
from ..model import DecisionSpec, Kind, Mark, ParameterSpec, Rule, Scalar, Vector
from ..spec.build_parameters import DECIDED
from .compiled import Compiled, Env, SubScene
from .frames import Frame, Scene
from .refs import Field, OfSubject, Ref, Variable
from .scopes import BlockScope, DeriveScope, Scope, TableForm
from .sql import Expression, compile_truth

if TYPE_CHECKING:
    from .blocks import BlockPlan
    from .run import Run
    from .variables import DatasetPlan

fault("no-decision", "error", "A record of a time-to-event parameter that no row of its table decides: no ADT, no CNSR",
      "Add the row that the analysis plan has for it, or correct the data.")  # fmt: skip
fault("decision-date-missing", "error", "The date of the row that decides a record is missing: no ADT and no AVAL",
      "Say in `when` that the date must be there, or correct the data.")  # fmt: skip
fault("decision-before-start", "error", "The date of the row that decides a record is before STARTDT: no ADT, no AVAL",
      "Leave such dates out in `dates`, or correct the data.")  # fmt: skip

UNITS = {"days": 1.0, "weeks": 7.0, "months": 30.4375}
SOURCES = ("SRCDOM", "SRCVAR", "SRCSEQ")
LITERALS = ("CNSR", "EVNTDESC", "CNSDTDSC")


# names


@dataclass
class ParameterScope(DeriveScope):
    """In `dates`, `start` and `decide` of a parameter: its dates, STARTDT, and the variables of its subjects.

    own : its dates, those of the parameter that it cuts among them
    subjects : the dataset whose variables are read by bare names; `direct` if the records are made from it
    """

    own: frozenset[str] = frozenset()
    subjects: TableForm | None = None
    direct: bool = True

    def plain(self, name: str) -> Ref | None:
        if name in self.own or name in ("STARTDT", "USUBJID"):
            kind = self.kinds(name)
            return None if kind is None else Variable(kind, self.dataset, name)
        return of_subjects(self.subjects, name, self.direct)

    def known(self) -> list[str]:
        theirs = [n for n in self.subjects.names() if not n[:1].islower()] if self.subjects is not None else []
        return [*self.own, "STARTDT", *theirs]


@dataclass
class CutScope(BlockScope):
    """In `where` of a cut: the finished record of the parameter that is cut, its dates, its subjects' variables."""

    own: frozenset[str] = frozenset()
    subjects: TableForm | None = None

    def plain(self, name: str) -> Ref | None:
        if name in self.own:
            return super().plain(name)
        return of_subjects(self.subjects, name, False)

    def known(self) -> list[str]:
        return [*self.own, *(self.subjects.names() if self.subjects is not None else ())]


def of_subjects(form: TableForm | None, name: str, direct: bool) -> Ref | None:
    """A variable of the subjects' dataset; its temporaries are no names elsewhere."""
    kind = form.kinds(name) if form is not None and not name[:1].islower() else None
    if form is None or kind is None:
        return None
    return Field(kind, form.key, name) if direct else OfSubject(kind, form.key, name)


def rule_scope(made: DatasetPlan, block: str, name: str) -> Scope:
    """Where a rule of a parameter stands; what a cut takes over is a column of the parameter that is cut."""
    spec = made.blocks[block].spec.parameter
    assert spec is not None
    plan = made.plan
    if name in spec.taken:
        base = made.blocks[block].base()
        return BlockScope(plan.log, plan.constants(), plan.dataset_form, base.key, base=base)
    return ParameterScope(
        plan.log, plan.constants(), plan.dataset_form, spec.code, dataset=made.name, kinds=made.kind,
        names=lambda: made.names, own=frozenset((*spec.dates, *spec.inherited)),
        subjects=plan.dataset_form(spec.subjects.text), direct=not spec.of,
    )  # fmt: skip


def cut_scope(block: BlockPlan) -> BlockScope:
    """Where the condition of a cut stands."""
    spec, plan = block.spec.parameter, block.plan
    assert spec is not None
    own = frozenset(("STARTDT", "ADT", "AVAL", *LITERALS, *SOURCES, *spec.inherited))
    return CutScope(
        plan.log, plan.constants(), plan.dataset_form, spec.of, base=block.base(), mark=block.spec.mark, own=own,
        subjects=plan.dataset_form(spec.subjects.text),
    )  # fmt: skip


# the table


@dataclass(frozen=True)
class Row:
    """A row of the table with its condition and date as checked."""

    spec: DecisionSpec
    when: Expression | None
    date: Ref


@dataclass(frozen=True)
class ParameterTable:
    """The table of a parameter; of a cut its one row, the date of the cut and the records that are cut."""

    spec: ParameterSpec
    rows: tuple[Row, ...]
    cut: Ref | None = None
    base: str = ""

    def before(self, kind: Kind, name: str) -> tuple[Ref, ...]:
        """Of a cut the variable of the finished record."""
        return (Field(kind, self.base, name),) if self.base else ()


def parameter_table(made: DatasetPlan, block: str) -> ParameterTable | None:
    """The table of a block, checked once; None if it has faults, which are recorded."""
    if block not in made.tables:
        made.tables[block] = _table(made, block)
    return made.tables[block]


def _table(made: DatasetPlan, block: str) -> ParameterTable | None:
    spec = made.blocks[block].spec.parameter
    assert spec is not None
    env = Env(made.plan, rule_scope(made, block, DECIDED), made.spec, made.target(DECIDED), block)
    rows = []
    for row in spec.rows:
        when = compile_truth(env, row.when, row.mark) if row.when is not None else None
        date = _date(env, row.date)
        if date is not None and (when is not None or row.when is None):
            rows.append(Row(row, when, date))
    cut = _date(env, spec.cut_date) if spec.cut_date is not None else None
    if len(rows) < len(spec.rows) or (spec.cut_date is not None and cut is None):
        return None
    return ParameterTable(spec, tuple(rows), cut, f"{made.name}/{spec.of.lower()}" if spec.of else "")


def _date(env: Env, name: Scalar) -> Ref | None:
    ref = env.scope.resolve(name.text, name.mark)
    if ref is not None and ref.kind is not Kind.DATE:
        told = ref.kind in (Kind.DTC, Kind.DATETIME)
        hint = f"Make a date of it in `dates`: {{to_date: {name.text}}}." if told else ""
        env.fault("kind-mismatch", f"{name.text} is {ref.kind}, a date is wanted.", name.mark, hint)
        return None
    return ref


def check_parameters(made: DatasetPlan) -> None:
    """What the compiled parameters of a dataset must agree in: subjects, start, and the kinds of their dates."""
    kinds: dict[str, tuple[Kind, Mark]] = {}
    for name, block in made.blocks.items():
        spec = block.spec.parameter
        if spec is None:
            continue
        form = made.plan.dataset_form(spec.subjects.text)
        if form is not None and not form.one and not spec.of:
            message = f"{spec.subjects.text} can have several records a subject."
            hint = "`subjects` takes a dataset of one record a subject."
            made.plan.log.add("many-per-subject", message, spec.subjects.mark.place, hint=hint)
        if form is not None and not spec.of and form.kinds("STARTDT") is not None:
            message = f"STARTDT is a variable of {spec.subjects.text} and of {spec.code}."
            made.plan.log.add("two-readings", message, spec.mark.place)
        if spec.start is not None:
            env = Env(made.plan, rule_scope(made, name, "STARTDT"), made.spec, made.target("STARTDT"), name)
            ref = env.scope.resolve(spec.start.text, spec.start.mark) if made.rule(name, "STARTDT") else None
            if ref is not None and ref.kind is not Kind.DATE:
                _date(env, spec.start)
        for date, rule in spec.dates.items():
            compiled = made.rule(name, date)
            if compiled is None:
                continue
            first = kinds.setdefault(date, (compiled.kind, rule.mark))
            if first[0] is not compiled.kind:
                message = f"`{date}` is {compiled.kind} here and {first[0]} in {first[1].file}:{first[1].line}."
                made.plan.log.add("kind-mismatch", message, rule.mark.place, hint="Give one of them another name.")


def start_names(made: DatasetPlan, block: str) -> list[Compiled]:
    """The rules on which the start of a parameter rests, its dates among them: its records need them."""
    waiting, seen, found = ["STARTDT"], {"STARTDT"}, []
    while waiting:
        rule = made.rule(block, waiting.pop())
        if rule is None:
            continue
        found.append(rule)
        for ref in rule.refs:
            if isinstance(ref, Variable) and ref.dataset == made.name and ref.name not in seen:
                seen.add(ref.name)
                waiting.append(ref.name)
    return found


def known_start(run: Run, block: BlockPlan, frame: Frame) -> Frame:
    """The records whose start is known; the others are counted. What the start needed is made, and kept for these."""
    key = (block.dataset.name, block.name)
    run.frames[key] = frame
    present = run.variable(*key, "STARTDT").present()
    if present.all():
        return frame
    rows = np.flatnonzero(present)
    run.keep_records(*key, rows)
    frame.leave("start", "STARTDT is missing", ~present)
    frame.counts["start"] = int((~present).sum())
    return frame.at(rows)


# what a row gives


def compile_decide(env: Env, rule: Rule) -> Compiled | None:
    """`decide`, made of `parameters`: the number of the row that decides, or what follows from it."""
    made = env.plan.datasets[env.dataset.name]
    table = parameter_table(made, env.block)
    name = rule.argument.text if isinstance(rule.argument, Scalar) else ""
    if table is None:
        return None
    if name == DECIDED:
        return _decided(made, rule, table)
    if name == "ADT":
        return _analysis_date(made, rule, table)
    if name == "AVAL":
        return _analysis_value(made, rule, table)
    if name in SOURCES:
        from .parameter_sources import compile_source

        return compile_source(made, env.block, rule, table, name)
    return _literal(made, rule, table, name)


def _number_of(made: DatasetPlan) -> Variable:
    return Variable(Kind.NUMBER, made.name, DECIDED)


def _decided(made: DatasetPlan, rule: Rule, table: ParameterTable) -> Compiled:
    if table.cut is not None:
        return _cut(rule, table, table.cut)
    refs = _unique(r for row in table.rows if row.when is not None for r in row.when.refs)

    def run(scene: Scene) -> Vector:
        number = np.full(scene.n, np.nan)
        left = np.arange(scene.n)
        for place, row in enumerate(table.rows, 1):
            assert row.when is not None
            part = scene if len(left) == scene.n else SubScene(scene, left)
            truth = row.when.run(part).data == 1
            number[left[truth]] = place
            left = left[~truth]
        message = f"No row of the table of {table.spec.code} is true."
        scene.run.issue(scene, "no-decision", np.isnan(number), message, refs, rule.mark)
        return Vector(Kind.NUMBER, number)

    return Compiled(rule, Kind.NUMBER, run, refs)


def _cut(rule: Rule, table: ParameterTable, date: Ref) -> Compiled:
    refs = (*table.before(Kind.DATE, "ADT"), date)

    def run(scene: Scene) -> Vector:
        finished, at = (scene.value(r) for r in refs)
        unknown = finished.present() & ~at.present()
        message = f"The date at which {table.spec.of} is cut is missing."
        scene.run.issue(scene, "no-decision", unknown, message, refs, rule.mark)
        later = finished.present() & at.present() & (finished.data > at.data)
        return Vector(Kind.NUMBER, np.where(unknown, np.nan, later.astype(np.float64)))

    return Compiled(rule, Kind.NUMBER, run, refs)


def choose(scene: Scene, number: Vector, parts: Sequence[Vector], before: Sequence[Vector]) -> Vector:
    """Of the columns of the rows the one that decided each record; number 0 takes the finished record's."""
    listed = [*before, *parts]
    kinds = {v.kind for v in listed}
    empty = Vector.missing_of(next(iter(kinds)), scene.n)
    stacked = Vector.concat([*listed, empty])
    which = np.where(np.isnan(number.data), len(listed), number.data - (0 if before else 1)).astype(np.int64)
    return stacked.take(which * scene.n + np.arange(scene.n))


def _analysis_date(made: DatasetPlan, rule: Rule, table: ParameterTable) -> Compiled:
    number, start = _number_of(made), Variable(Kind.DATE, made.name, "STARTDT")
    before = table.before(Kind.DATE, "ADT")
    refs = _unique([number, start, *(row.date for row in table.rows), *before])

    def run(scene: Scene) -> Vector:
        row_of, begun = scene.value(number), scene.value(start)
        found = choose(scene, row_of, [scene.value(r.date) for r in table.rows], [scene.value(b) for b in before])
        early = found.present() & begun.present() & (found.data < begun.data)
        for place, row in enumerate(table.rows, 1):
            mine = row_of.data == place
            told = f"{row.spec.date.text}, which decides {table.spec.code}"
            gone = mine & ~found.present()
            scene.run.issue(scene, "decision-date-missing", gone, f"{told}, is missing.", [row.date],
                            row.spec.date.mark)  # fmt: skip
            scene.run.issue(scene, "decision-before-start", mine & early, f"{told}, is before STARTDT.",
                            [row.date, start], row.spec.date.mark)  # fmt: skip
        return found.where(~early)

    return Compiled(rule, Kind.DATE, run, refs)


def _analysis_value(made: DatasetPlan, rule: Rule, table: ParameterTable) -> Compiled:
    refs = (Variable(Kind.DATE, made.name, "ADT"), Variable(Kind.DATE, made.name, "STARTDT"))
    size = UNITS[table.spec.unit]

    def run(scene: Scene) -> Vector:
        end, start = (scene.value(r) for r in refs)
        known = end.present() & start.present()
        days = end.data.astype(np.float64) - start.data + 1
        return Vector.of_numbers(np.where(known, days / size, np.nan))

    return Compiled(rule, Kind.NUMBER, run, refs)


def _literal(made: DatasetPlan, rule: Rule, table: ParameterTable, name: str) -> Compiled:
    kind = Kind.NUMBER if name == "CNSR" else Kind.TEXT
    number, before = _number_of(made), table.before(kind, name)

    def run(scene: Scene) -> Vector:
        parts = [_constant(row.spec, name, scene.n) for row in table.rows]
        return choose(scene, scene.value(number), parts, [scene.value(b) for b in before])

    return Compiled(rule, kind, run, (number, *before))


def _constant(row: DecisionSpec, name: str, n: int) -> Vector:
    if name == "CNSR":
        return Vector.constant(float(row.cnsr.text), n)
    said = row.evntdesc if name == "EVNTDESC" else row.cnsdtdsc
    return Vector.constant(said.text, n) if said is not None and said.text else Vector.missing_of(Kind.TEXT, n)


def _unique(refs: Iterable[Ref]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(refs))
