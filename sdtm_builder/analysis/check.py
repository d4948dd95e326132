"""Checks of analyses before any data is there: methods, arguments, datasets, variables, expressions, documents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from .. import expr
from ..issues import IssueLog
from ..model import Kind, ListNode, MapNode, Mark, Node, Scalar, StudySpec
from .registry import Argument, Method, Take, methods
from .spec import COMMON, Said, analyses_of, entries, populations_of, scalars
from .table import Form

MARK_KEYS = ("dataset", "where", "time", "end", "text")
RULE_KEYS = ("evaluable", "events", "decision")


def check_analyses(
    study: StudySpec, forms: Mapping[str, Form], constants: Mapping[str, tuple[Kind, str]], log: IssueLog
) -> None:
    """Tell every fault of the study's analyses and populations with its place.

    forms : ADaM datasets by name, with the kinds of their variables
    constants : `study.NAME`: kind and text
    """
    checker = _Checker(forms, constants, log)
    populations = populations_of(study)
    for one in populations.values():
        checker.dataset(one)
        checker.expression(one.scalar("where"), one.text("dataset"), "truth")
    known = methods() if study.analyses is not None else {}
    for one in analyses_of(study):
        checker.analysis(one, populations, known)
        for document in scalars(one.items.get("documents")):
            if document.text not in study.documents:
                checker.fault("analysis-argument", f"`{document.text}` is no document of the study.", document.mark,
                              near(document.text, study.documents))  # fmt: skip


def near(name: str, names: Iterable[str]) -> str:
    """A hint with the nearest names, or with all of a few."""
    listed = sorted(set(names))
    found = get_close_matches(name, listed, 3, 0.5)
    if found:
        return f"Near: {', '.join(found)}."
    return f"Known: {', '.join(listed)}." if listed and len(listed) <= 8 else ""


@dataclass(frozen=True)
class _Checker:
    forms: Mapping[str, Form]
    constants: Mapping[str, tuple[Kind, str]]
    log: IssueLog

    def fault(self, rule: str, message: str, mark: Mark, hint: str | None = None) -> None:
        self.log.add(rule, message, mark.place, hint=hint)

    def dataset(self, one: Said) -> bool:
        name = one.scalar("dataset")
        return name is not None and self.dataset_name(name)

    def dataset_name(self, name: Scalar) -> bool:
        if name.text not in self.forms:
            hint = near(name.text, self.forms) or "The study has no ADaM dataset."
            self.fault("analysis-dataset", f"`{name.text}` is no ADaM dataset of the study.", name.mark, hint)
        return name.text in self.forms

    def analysis(self, one: Said, populations: Mapping[str, Said], known: Mapping[str, Method]) -> None:
        if not self.dataset(one):
            return
        dataset = one.text("dataset")
        self.expression(one.scalar("where"), dataset, "truth")
        said = one.scalar("population")
        population = populations.get(said.text) if said is not None else None
        if said is not None and population is None:
            hint = near(said.text, populations)
            self.fault("analysis-population", f"`{said.text}` is no population.", said.mark, hint)
        if population is not None and population.text("dataset") in self.forms:
            for key in ("by", "split"):
                self.expression(one.scalar(key), population.text("dataset"), "value")
            self.variable(one.scalar("order"), population.text("dataset"))
        name = one.scalar("method")
        method = known.get(name.text) if name is not None else None
        if name is not None and method is None:
            self.fault("analysis-method", f"`{name.text}` is no method.", name.mark, near(name.text, known))
        if method is not None:
            self.arguments(one, method, dataset, population.text("dataset") if population is not None else "")

    def arguments(self, one: Said, method: Method, dataset: str, subjects: str) -> None:
        for key, node in one.arguments.items():
            argument = method.arguments.get(key)
            if argument is None:
                hint = near(key, [*method.arguments, *COMMON])
                mark = node.mark
                self.fault("analysis-argument", f"`{key}` is no argument of `{method.name}`.", mark, hint)
            else:
                over = subjects if argument.take is Take.SUBJECT else dataset
                self.argument(argument, node, over)
        for argument in method.arguments.values():
            if argument.required and argument.name not in one.items:
                self.fault("analysis-argument", f"`{method.name}` needs `{argument.name}`: {argument.about}.", one.mark)
        for mark, message in method.check(one.arguments) if method.check is not None else ():
            self.fault("analysis-argument", message, mark)

    def argument(self, argument: Argument, node: Node, dataset: str) -> None:
        take = argument.take
        if not _fits(take, node):
            self.fault("analysis-argument", f"`{argument.name}` takes {take.value}.", node.mark)
            return
        if take in (Take.VARIABLE, Take.VARIABLES):
            for one in scalars(node):
                self.variable(one, dataset)
        elif take in (Take.CONDITION, Take.VALUE, Take.SUBJECT):
            self.expression(node, dataset, "truth" if take is Take.CONDITION else "value")
        elif take in (Take.CONDITIONS, Take.VALUES):
            for part in entries(node).values():
                self.expression(part, dataset, "truth" if take is Take.CONDITIONS else "value")
        elif take is Take.MARKS:
            for label, part in entries(node).items():
                self.mark(label, part)
        elif argument.words:
            for one in scalars(node):
                if one.text not in argument.words:
                    message = f"`{one.text}` is no word of `{argument.name}`."
                    self.fault("analysis-argument", message, one.mark, near(one.text, argument.words))

    def mark(self, label: str, node: Node) -> None:
        parts = entries(node)
        dataset, where, time = parts.get("dataset"), parts.get("where"), parts.get("time")
        if not isinstance(dataset, Scalar) or not isinstance(time, Scalar):
            self.fault("analysis-argument", f"`{label}` needs `dataset` and `time`.", node.mark)
            return
        for key in parts:
            if key not in MARK_KEYS:
                self.fault("analysis-argument", f"`{key}` is no key here.", parts[key].mark, near(key, MARK_KEYS))
        if self.dataset_name(dataset):
            self.expression(where, dataset.text, "truth")
            for one in (time, parts.get("end"), parts.get("text")):
                self.expression(one, dataset.text, "value")

    def variable(self, name: Scalar | None, dataset: str) -> None:
        if name is not None and name.text not in self.forms[dataset].kinds:
            hint = near(name.text, self.forms[dataset].kinds)
            self.fault("analysis-name", f"{dataset} has no `{name.text}`.", name.mark, hint)

    def expression(self, node: Node | None, dataset: str, want: Literal["truth", "value"]) -> None:
        if not isinstance(node, Scalar) or dataset not in self.forms:
            return
        parsed = expr.parse(node.text)
        if isinstance(parsed, list):
            for found in parsed:
                self.fault(found.rule, _sentence(found.message), _at(node, found.offset), found.hint)
            return
        kinds = self.forms[dataset].kinds
        unknown = False
        for name in expr.names(parsed):
            if self.kind(name, kinds) is None:
                unknown = True
                hint = near(name.parts[-1], self.constants if name.parts[0] == "study" else kinds)
                self.fault("analysis-name", f"{dataset} has no `{name}`.", _at(node, name.offset), hint)
        if unknown:
            return
        for found in expr.check(parsed, lambda n: self.kind(n, kinds), want)[1]:
            self.fault(found.rule, _sentence(found.message), _at(node, found.offset), found.hint)

    def kind(self, name: expr.Name, kinds: Mapping[str, Kind]) -> Kind | None:
        if len(name.parts) == 2 and name.parts[0] == "study":
            found = self.constants.get(name.parts[1])
            return found[0] if found is not None else None
        return kinds.get(name.parts[0]) if len(name.parts) == 1 else None


def _fits(take: Take, node: Node) -> bool:
    if take in (Take.VARIABLE, Take.CONDITION, Take.VALUE, Take.SUBJECT, Take.TEXT):
        return isinstance(node, Scalar)
    if take is Take.NUMBER:
        return isinstance(node, Scalar) and is_number(node.text)
    if take is Take.FLAG:
        return isinstance(node, Scalar) and node.text in ("true", "false")
    if take is Take.NUMBERS:
        return bool(scalars(node)) and all(is_number(s.text) for s in scalars(node))
    if take in (Take.VARIABLES, Take.WORDS):
        return isinstance(node, Scalar) or (isinstance(node, ListNode) and len(scalars(node)) == len(node.items))
    if take is Take.RANGES:
        return isinstance(node, MapNode) and all(_is_range(v) for v in node.items.values())
    if take is Take.LINES:
        heights = node.items.values() if isinstance(node, MapNode) else ()
        return isinstance(node, MapNode) and all(isinstance(v, Scalar) and is_number(v.text) for v in heights)
    if take is Take.RULES:
        return isinstance(node, ListNode) and all(_is_rule(v) for v in node.items)
    if take is Take.MARKS:
        return isinstance(node, MapNode) and all(isinstance(v, MapNode) for v in node.items.values())
    return isinstance(node, MapNode) and all(isinstance(v, Scalar) for v in node.items.values())


def is_number(text: str) -> bool:
    """Whether a text is a number."""
    try:
        float(text)
    except ValueError:
        return False
    return True


def _is_range(node: Node) -> bool:
    ends = scalars(node)
    return isinstance(node, ListNode) and len(ends) == 2 and all(e.text == "" or is_number(e.text) for e in ends)


def _is_rule(node: Node) -> bool:
    if not isinstance(node, MapNode) or set(node.items) != set(RULE_KEYS):
        return False
    evaluable = node.items["evaluable"]
    return (
        isinstance(evaluable, Scalar) and evaluable.text.isdigit() and _is_range(node.items["events"])
        and isinstance(node.items["decision"], Scalar)
    )  # fmt: skip


def _sentence(message: str) -> str:
    return message if message.endswith((".", "?", "!")) else f"{message}."


def _at(text: Scalar, offset: int) -> Mark:
    shift = offset + (0 if text.plain else 1)
    return Mark(text.mark.file, text.mark.line, text.mark.column + shift, text.mark.overrides)
