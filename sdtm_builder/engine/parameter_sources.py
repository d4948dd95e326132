"""SRCDOM, SRCVAR and SRCSEQ of time-to-event records: followed from the date taken to the record that gave it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .. import expr
from ..issues import IssueLog
from ..model import Kind, Mark, Rule, Scalar, Vector
from ..spec.build_parameters import DECIDED
from .compiled import Compiled, Env, Use
from .fit import read
from .frames import Frame, Scene
from .parameters import SOURCES, ParameterTable, choose, rule_scope
from .refs import Field, OfSubject, Ref, Variable
from .scopes import Scope
from .sql import compile_truth
from .summaries import SUMMARIES

if TYPE_CHECKING:
    from .variables import DatasetPlan

NUMBER_OF = ("ASEQ",)


@dataclass(frozen=True)
class Places:
    """For each record the dataset, variable and --SEQ behind a date; missing where it has none."""

    domain: Vector
    variable: Vector
    sequence: Vector

    @staticmethod
    def nowhere(n: int) -> Places:
        """Dates that are no record's."""
        nothing = Vector.missing_of(Kind.TEXT, n)
        return Places(nothing, nothing, Vector.missing_of(Kind.NUMBER, n))

    @staticmethod
    def of(domain: str, variable: str, sequence: Vector) -> Places:
        """One variable of one dataset."""
        n = len(sequence)
        return Places(Vector.constant(domain, n), Vector.constant(variable, n), sequence)

    def named(self, name: str) -> Vector:
        """SRCDOM, SRCVAR or SRCSEQ."""
        return {"SRCDOM": self.domain, "SRCVAR": self.variable, "SRCSEQ": self.sequence}[name]


@dataclass(frozen=True)
class Source:
    """Where the values of a name or expression come from: the columns needed for it, and a function over records."""

    run: Callable[[Frame], Places]
    refs: tuple[Ref, ...] = ()
    uses: tuple[Use, ...] = ()


NOWHERE = Source(lambda frame: Places.nowhere(frame.n))


def compile_source(made: DatasetPlan, block: str, rule: Rule, table: ParameterTable, name: str) -> Compiled:
    """SRCDOM, SRCVAR or SRCSEQ of the date that each record took; missing where ADT is."""
    finder = Finder(made, block)
    sources = [finder.of_ref(row.date) for row in table.rows]
    number, date = Variable(Kind.NUMBER, made.name, DECIDED), Variable(Kind.DATE, made.name, "ADT")
    kind = Kind.NUMBER if name == "SRCSEQ" else Kind.TEXT
    before = table.before(kind, name)
    refs = (number, date, *(r for s in sources for r in s.refs), *before)

    def run(scene: Scene) -> Vector:
        assert isinstance(scene, Frame)
        parts = [source.run(scene).named(name) for source in sources]
        taken = choose(scene, scene.value(number), parts, [scene.value(b) for b in before])
        return taken.where(scene.value(date).present())

    uses = tuple(dict.fromkeys(u for s in sources for u in s.uses))
    return Compiled(rule, kind, run, tuple(dict.fromkeys(refs)), uses)


@dataclass
class Finder:
    """Follows names and rules of one block to records."""

    made: DatasetPlan
    block: str

    def of_ref(self, ref: Ref, above: frozenset[str] = frozenset()) -> Source:
        """A name: its own record, or what the rule of a date took."""
        if isinstance(ref, Field):
            return self._of_field(ref)
        if isinstance(ref, OfSubject):
            return self._of_subject(ref)
        if isinstance(ref, Variable) and ref.name not in above:
            rule = self.made.rule(self.block, ref.name)
            if rule is not None:
                return self._of_rule(ref.name, rule.rule, rule, above | {ref.name})
        return NOWHERE

    def sequence_of(self, dataset: str) -> str:
        """--SEQ or ASEQ of a dataset, else its one variable of the form xxSEQ, "" if it has none."""
        form = self.made.plan.dataset_form(dataset)
        names = [n for n in form.names() if n.endswith("SEQ") and n != "SRCSEQ"] if form is not None else []
        spec = self.made.plan.study.datasets.get(dataset)
        own = [f"{spec.letters}SEQ"] if spec is not None and spec.standard == "sdtm" else list(NUMBER_OF)
        listed = [n for n in own if n in names] or (names if len(names) == 1 else [])
        return listed[0] if listed else ""

    def _of_field(self, ref: Field) -> Source:
        dataset, _, block = ref.table.partition("/")
        if block and dataset == self.made.name:
            return self._of_cut(block, ref)
        if self.made.plan.dataset_form(dataset) is None:
            return NOWHERE
        sequence = self.sequence_of(dataset)
        number = Field(Kind.NUMBER, ref.table, sequence) if sequence else None

        def run(frame: Frame) -> Places:
            found = numbers(frame.value(number)) if number is not None else nothing(frame.n)
            return Places.of(dataset, ref.column, found)

        return Source(run, (number,) if number is not None else ())

    def _of_cut(self, block: str, ref: Field) -> Source:
        """A date of the parameter that is cut: it comes from where it came from there."""
        made = self.made
        source = Finder(made, block).of_ref(Variable(ref.kind, made.name, ref.column))
        uses = [Use(ref.table, (ref.column,)), *source.uses]
        for needed in source.refs:
            if isinstance(needed, Variable):
                uses.append(Use(ref.table, (needed.name,)))
            elif isinstance(needed, Field):
                uses.append(Use(needed.table, (needed.column,)))
            elif isinstance(needed, OfSubject):
                uses.append(Use(needed.dataset, ("USUBJID", needed.name)))

        def run(frame: Frame) -> Places:
            found = source.run(frame.run.frame(made.name, block))
            return Places(*(found.named(name).take(frame.index) for name in SOURCES))

        return Source(run, (), tuple(dict.fromkeys(uses)))

    def _of_subject(self, ref: OfSubject) -> Source:
        sequence = self.sequence_of(ref.dataset)
        number = OfSubject(Kind.NUMBER, ref.dataset, sequence) if sequence else None

        def run(frame: Frame) -> Places:
            found = numbers(frame.value(number)) if number is not None else nothing(frame.n)
            return Places.of(ref.dataset, ref.name, found)

        return Source(run, (number,) if number is not None else ())

    # rules

    def _of_rule(self, name: str, rule: Rule, compiled: Compiled, above: frozenset[str]) -> Source:
        if rule.operation in SUMMARIES:
            return self._of_summary(name, compiled)
        scope = rule_scope(self.made, self.block, name)
        if rule.operation == "case":
            return self._of_case(name, rule, compiled, scope, above)
        if rule.operation == "expr" and isinstance(rule.argument, Scalar):
            parsed = expr.parse(rule.argument.text)
            return NOWHERE if isinstance(parsed, list) else Tree(self, scope, above).of(parsed)
        if isinstance(rule.argument, Scalar) and rule.operation != "value" and "map" not in rule.options:
            ref = quiet(scope, rule.argument.text)
            return self.of_ref(ref, above) if ref is not None else NOWHERE
        return NOWHERE

    def _of_summary(self, name: str, compiled: Compiled) -> Source:
        """The record that won, as noted for the lineage."""
        made, block, key = self.made, self.block, (self.made.name, self.block, name)
        uses = []
        for use in compiled.uses:
            sequence = self.sequence_of(use.table.partition("/")[0])
            if sequence:
                uses.append(Use(use.table, (sequence,)))

        def run(frame: Frame) -> Places:
            frame.run.variable(made.name, block, name)
            noted = frame.run.notes.winners.get(key)
            parts = [Places.nowhere(frame.n)]
            which = np.zeros(frame.n, dtype=np.int64)
            for number, (table, column) in enumerate(noted.tables if noted is not None else ()):
                assert noted is not None
                dataset = table.partition("/")[0]
                sequence = self.sequence_of(dataset)
                rows = np.where(noted.table == number, noted.rows, -1).astype(np.int64)
                if made.plan.dataset_form(dataset) is None:
                    continue
                view = frame.run.table(table)
                found = numbers(view.vector(sequence)).take(rows) if sequence else nothing(frame.n)
                which = np.where(rows >= 0, len(parts), which)
                parts.append(Places.of(dataset, column, found))
            return stacked(parts, which, frame.n)

        return Source(run, (Variable(Kind.DATE, made.name, name),), tuple(uses))

    def _of_case(self, name: str, rule: Rule, compiled: Compiled, scope: Scope, above: frozenset[str]) -> Source:
        """The branch that was taken; its summaries are noted under the variable, each for its own records."""
        env = Env(self.made.plan, replace(scope, log=IssueLog()), self.made.spec, self.made.target(name), self.block)
        whens = [None if b.when is None else compile_truth(env, b.when, b.mark) for b in rule.branches]
        sources = [self._of_rule(name, b.rule, compiled, above) for b in rule.branches]

        def run(frame: Frame) -> Places:
            which, open_rows = np.zeros(frame.n, dtype=np.int64), np.ones(frame.n, dtype=bool)
            for number, when in enumerate(whens, 1):
                true = open_rows if when is None else open_rows & (when.run(frame).data == 1)
                which[true] = number
                open_rows = open_rows & ~true
            return stacked([Places.nowhere(frame.n), *(s.run(frame) for s in sources)], which, frame.n)

        refs = tuple(r for w in whens if w is not None for r in w.refs)
        return Source(run, refs + _refs(sources), _uses(sources))


@dataclass(frozen=True)
class Tree:
    """Follows an expression to the name that gave its value."""

    finder: Finder
    scope: Scope
    above: frozenset[str]

    def of(self, node: expr.Expr) -> Source:
        """A name its own; date and number that of the date; of several the one that gave the value."""
        if isinstance(node, expr.Name):
            ref = self.ref(node)
            return self.finder.of_ref(ref, self.above) if ref is not None else NOWHERE
        if isinstance(node, expr.Call) and node.function in ("coalesce", "least", "greatest"):
            return self.chosen(node)
        if isinstance(node, expr.Call) and node.function in ("nullif", "iso_date"):
            return self.of(node.arguments[0])
        if isinstance(node, expr.Binary) and node.op in ("+", "-"):
            dated = [side for side in (node.left, node.right) if self.kind(side) is Kind.DATE]
            return self.of(dated[0]) if len(dated) == 1 else NOWHERE
        return self.cases(node) if isinstance(node, expr.Case) else NOWHERE

    def ref(self, name: expr.Name) -> Ref | None:
        """What a name means."""
        return quiet(self.scope, ".".join(name.parts), any(name.quoted))

    def kind(self, node: expr.Expr) -> Kind | None:
        """The kind of a part of the expression."""
        return expr.check(node, lambda n: r.kind if (r := self.ref(n)) is not None else None, "value")[0]

    def refs(self, node: expr.Expr) -> tuple[Ref, ...]:
        """The names of a part of the expression."""
        return tuple(r for n in expr.names(node) if (r := self.ref(n)) is not None)

    def value(self, node: expr.Expr, frame: Frame) -> Vector:
        """The values of a part of the expression; what could not be computed was told when the whole was."""
        if isinstance(node, expr.Text):
            days = np.datetime64(node.value, "D").astype(np.int64)
            return Vector.constant(int(days), frame.n, Kind.DATE)

        def column(name: expr.Name) -> Vector:
            ref = self.ref(name)
            assert ref is not None
            return frame.value(ref)

        return expr.evaluate(node, column, frame.n, _silent)

    def chosen(self, node: expr.Call) -> Source:
        """coalesce: the first argument that is not missing; least, greatest: the first written that has the value."""
        arguments = [a for a in node.arguments if not isinstance(a, expr.Null)]
        sources = [self.of(a) for a in arguments]
        by_value = node.function != "coalesce"

        def run(frame: Frame) -> Places:
            result = self.value(node, frame)
            which, open_rows = np.zeros(frame.n, dtype=np.int64), result.present()
            for number, argument in enumerate(arguments, 1):
                mine = self.value(argument, frame)
                true = open_rows & mine.present()
                if by_value:
                    true &= mine.data == result.data
                which[true] = number
                open_rows = open_rows & ~true
            return stacked([Places.nowhere(frame.n), *(s.run(frame) for s in sources)], which, frame.n)

        return Source(run, self.refs(node) + _refs(sources), _uses(sources))

    def cases(self, node: expr.Case) -> Source:
        """CASE: the branch that is taken."""
        thens = [then for _, then in node.branches] + ([node.default] if node.default is not None else [])
        sources = [self.of(then) for then in thens]

        def run(frame: Frame) -> Places:
            which, open_rows = np.zeros(frame.n, dtype=np.int64), np.ones(frame.n, dtype=bool)
            for number, (when, _) in enumerate(node.branches, 1):
                true = open_rows & (self.value(when, frame).data == 1)
                which[true] = number
                open_rows = open_rows & ~true
            if node.default is not None:
                which[open_rows] = len(thens)
            return stacked([Places.nowhere(frame.n), *(s.run(frame) for s in sources)], which, frame.n)

        return Source(run, self.refs(node) + _refs(sources), _uses(sources))


def numbers(vector: Vector) -> Vector:
    """Sequence numbers as numbers, though a given dataset has them as texts."""
    if not vector.is_text:
        return vector
    known = np.array([read(str(t)) for t in vector.distinct()] + [np.nan])
    return Vector(Kind.NUMBER, known[vector.data])


def nothing(n: int) -> Vector:
    """No sequence number."""
    return Vector.missing_of(Kind.NUMBER, n)


def quiet(scope: Scope, text: str, quoted: bool = False) -> Ref | None:
    """What a name means, without a fault where it means nothing: that was told at its rule."""
    return replace(scope, log=IssueLog()).resolve(text, Mark(), quoted)


def stacked(parts: Sequence[Places], which: NDArray[np.int64], n: int) -> Places:
    """For each record the places of one of the parts."""
    at = which * n + np.arange(n)
    return Places(*(Vector.concat([p.named(name) for p in parts]).take(at) for name in SOURCES))


def _refs(sources: Iterable[Source]) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(r for s in sources for r in s.refs))


def _uses(sources: Iterable[Source]) -> tuple[Use, ...]:
    return tuple(dict.fromkeys(u for s in sources for u in s.uses))


def _silent(rule: str, rows: NDArray[np.bool_], message: str) -> None:
    """Faults of values were told when the whole expression was computed."""
