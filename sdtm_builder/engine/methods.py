"""Method texts of define.xml: what a rule does, in words, with the names of its temporaries explained."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import TYPE_CHECKING

from ..model import MapNode, Node, Rule, Scalar
from ..model.metadata import MethodMeta
from ..registry import Derivation, Take, derivations, makers
from .compiled import Compiled, split_order, texts_of
from .parameter_text import made_name, method_text, tells_names
from .pieces import Made, Piece, piece_of, planned_groups
from .refs import Field, Ref, Variable, leaves

if TYPE_CHECKING:
    from .plan import Plan

CONSTANT = re.compile(r"\bstudy\.(\w+)")
FIRST = {"first": "first", "last": "last", "min": "least", "max": "greatest"}


@dataclass(frozen=True)
class MethodText:
    """A method: text, type (Computation or Imputation), perhaps a document with pages."""

    text: str
    type: str = "Computation"
    document: str = ""
    pages: tuple[str, ...] = ()


class Methods:
    """Method texts of a plan's rules."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    def of_pieces(self, pieces: Sequence[Piece]) -> MethodText | None:
        """The method of a variable: one text, or one for each block where they differ."""
        by_text: dict[MethodText, list[str]] = {}
        for piece in pieces:
            made = self.of(piece)
            if made is not None:
                where = [
                    piece.group.block,
                    *([piece.group.test] if piece.group.entry >= 0 and piece.group.test else []),
                ]
                by_text.setdefault(made, []).append(" ".join(where))
        if len(by_text) < 2:
            return next(iter(by_text), None)
        parts = [f"{', '.join(dict.fromkeys(blocks))}: {made.text}" for made, blocks in by_text.items()]
        kind = "Imputation" if any(m.type == "Imputation" for m in by_text) else "Computation"
        located = next((m for m in by_text if m.document), MethodText(""))
        return MethodText(" ".join(parts), kind, located.document, located.pages)

    def of(self, piece: Piece) -> MethodText | None:
        """The method of what makes a variable in a group; None where nothing does."""
        if piece.made is Made.BUILT_IN:
            return MethodText(self._built_in(piece))
        if piece.made is Made.MAKER:
            return MethodText(self._maker(piece))
        if piece.made is Made.STATUS:
            return MethodText("NOT DONE where the result says that the test was not done.")
        rule = piece.rule
        if piece.made is not Made.RULE or rule is None:
            return None
        said = rule.meta.get("method")
        document = rule.meta.get("document")
        pages = tuple(p.text for p in texts_of(rule.meta.get("page")))
        named = document.text if isinstance(document, Scalar) else ""
        text = said.text if isinstance(said, Scalar) else self._sentence(piece, rule)
        kind = "Imputation" if "impute" in rule.options else "Computation"
        return MethodText(text, kind, named, pages if named else ())

    def _built_in(self, piece: Piece) -> str:
        subjects = self.plan.study.subjects
        if piece.name != "USUBJID" or subjects is None:
            return f"{piece.name} of the study."
        return (
            self._with_constants(f"{subjects.usubjid.text}, of the subject's record in {subjects.register.text}") + "."
        )

    def _maker(self, piece: Piece) -> str:
        spec = piece.dataset.blocks[piece.group.block].spec.make
        if spec is None:
            return ""
        made = makers().get(spec.name.text)
        if made is None:
            return f"Made by {spec.name.text}."
        if made.method:
            said = {a.name: _argument(spec.arguments.get(a.name.rstrip("_")), a.default) for a in made.arguments}
            said["from"] = ", ".join(s.text for s in piece.dataset.blocks[piece.group.block].spec.sources)
            return _filled(made.method, said)
        return " ".join(made.doc.split("\n\n")[0].split()) or f"Made by {spec.name.text}."

    def _made(self, piece: Piece, rule: Rule) -> str:
        """How a record maker makes the column that a rule takes, "" for any other column."""
        refs = piece.compiled.refs if piece.compiled is not None and piece.rule is rule else ()
        made = any(isinstance(inner := leaves(r), Field) and inner.table.startswith("made:") for r in refs)
        return self._maker(piece).removesuffix(".") if made else ""

    # sentences

    def _sentence(self, piece: Piece, rule: Rule) -> str:
        inner = self._elsewhere(piece, rule)
        if inner is not None and inner.rule is not None:
            return self._sentence(inner, inner.rule)
        text = self._with_constants(self._phrase(piece, rule))
        told = self._temporaries(piece, piece.compiled, {piece.name})
        if rule.operation not in ("expr", "from"):
            text = text[:1].upper() + text[1:]
        text = text if text.endswith(".") else f"{text}."
        return " ".join([text, *told] if tells_names(rule) else [text])

    def _elsewhere(self, piece: Piece, rule: Rule) -> Piece | None:
        """What makes the temporary of another dataset that a rule takes as it is: its reader knows no temporaries."""
        taken = piece.compiled.refs if piece.compiled is not None and rule.operation == "from" else ()
        refs = [leaves(r) for r in taken]
        if len(refs) != 1 or not isinstance(refs[0], Field) or not refs[0].column[:1].islower():
            return None
        made = self.plan.datasets.get(refs[0].table)
        if made is None or made is piece.dataset:
            return None
        return piece_of(made, refs[0].column, planned_groups(made)[0])

    def _with_constants(self, text: str) -> str:
        known = self.plan.constants()
        named = dict.fromkeys(n for n in CONSTANT.findall(text) if n in known)
        told = ", ".join(f"study.{n} is {known[n][1]}" for n in named)
        if not told:
            return text
        return f"{text.removesuffix('.')} ({told})"

    def _temporaries(self, piece: Piece, compiled: Compiled | None, told: set[str]) -> list[str]:
        """A sentence for each lower-case name that a rule uses, those within included."""
        found = []
        for name in self._lower(piece, compiled):
            if name in told:
                continue
            told.add(name)
            inner = piece_of(piece.dataset, name, piece.group)
            if inner.rule is not None and inner.rule.operation == "decide":  # its text is the table's, told above
                found += self._temporaries(inner, inner.compiled, told)
            elif inner.rule is not None:
                text = self._with_constants(self._phrase(inner, inner.rule, source=True))
                found.append(f"Here {name} is: {text.removesuffix('.')}.")
                found += self._temporaries(inner, inner.compiled, told)
        return found

    def _lower(self, piece: Piece, compiled: Compiled | None) -> list[str]:
        refs: list[Ref] = [leaves(r) for r in compiled.refs] if compiled is not None else []
        names = [r.name for r in refs if isinstance(r, Variable)]
        if compiled is not None:
            names += [c for use in compiled.uses if use.table == piece.dataset.name for c in use.columns]
        return [n for n in dict.fromkeys(names) if n[:1].islower() and n in piece.dataset.names]

    def _phrase(self, piece: Piece, rule: Rule, source: bool = False) -> str:
        """What a rule gives, as words within a sentence; `source` names the raw source of a column."""
        operation = rule.operation
        if operation == "value":
            text = _text(rule.argument)
            return f"'{text}'" if text else "missing"
        if operation == "from":
            return (self._made(piece, rule) or self._name(piece, rule, source)) + _mapped(rule)
        if operation == "expr":
            return _text(rule.argument)
        if operation == "case":
            return self._case(piece, rule)
        if operation == "yes_if":
            return _yes_if(rule)
        if operation in ("flag_first", "flag_last"):
            return _flag(rule)
        if operation in SUMMARIES:
            return _summary(rule, self._grouped(piece, rule), "USUBJID" in piece.dataset.built_in)
        if operation == "decide":
            parameter = piece.dataset.blocks[piece.group.block].spec.parameter
            return method_text(parameter, made_name(rule)) if parameter is not None else operation
        if operation in PLAIN:
            return PLAIN[operation](rule)
        registered = self.plan.functions.get(operation) or derivations().get(operation)
        return self._registered(piece, rule, registered) if registered is not None else operation

    def _grouped(self, piece: Piece, rule: Rule) -> list[str]:
        """The columns that make a record of a grouped block, for a summary over its group."""
        block = piece.dataset.blocks[piece.group.block].spec
        own = any("." not in s.text for s in texts_of(rule.argument)) and rule in block.rules.values()
        return [s.text for s in block.group] if own else []

    def _name(self, piece: Piece, rule: Rule, source: bool) -> str:
        text = _text(rule.argument)
        parameter = piece.dataset.blocks[piece.group.block].spec.parameter
        if parameter is not None and piece.name in parameter.taken:
            return f"{text} of {parameter.of}"
        refs = piece.compiled.refs if source and piece.compiled is not None and piece.rule is rule else ()
        raw = [r for r in (leaves(r) for r in refs) if isinstance(r, Field) and r.table.startswith("raw.")]
        return f"{raw[0].column} of {raw[0].table.replace('+', ', ')}" if raw else text

    def _case(self, piece: Piece, rule: Rule) -> str:
        parts = []
        for number, branch in enumerate(rule.branches):
            value = self._phrase(piece, branch.rule)
            if branch.when is not None:
                parts.append(f"{'If' if number == 0 else 'if'} {branch.when.text} then {value}")
            else:
                parts.append(f"otherwise {value}")
        if rule.branches and rule.branches[-1].when is not None:
            parts.append("otherwise missing")
        return "; ".join(parts)

    def _registered(self, piece: Piece, rule: Rule, made: Derivation) -> str:
        """The function's own text with its arguments; of a branch, whose call isn't kept apart, as written."""
        known = dict(piece.compiled.operands) if piece.compiled is not None and piece.rule is rule else {}
        values = {}
        for argument in made.arguments:
            word = argument.name.rstrip("_")  # an argument `in_` is the option `in`
            node = rule.argument if argument is made.main else rule.options.get(word)
            default = argument.default if isinstance(argument.default, str | int | float) else ""
            written = ", ".join(s.text for s in texts_of(node)) if node is not None else str(default)
            values[word] = known.get(argument.name) or self.plan.with_domain(piece.dataset.spec, written)
            if isinstance(node, MapNode) and argument.take is not Take.TABLE:
                values[word] = ", ".join(f"{k} {_text(v)}" for k, v in node.items.items())
            values[argument.name] = values[word]
        if not made.method:
            said = ", ".join(f"{k} {v}" for k, v in values.items() if v and not k.endswith("_"))
            return f"{' '.join(made.doc.split(chr(10) * 2)[0].split())} ({said})".strip()
        return _filled(made.method, values)


def _argument(node: Node | None, default: object) -> str:
    """An argument of a record maker in words, its default where nothing is said."""
    if isinstance(node, MapNode):
        return ", ".join(f"{k} {_text(v)}" for k, v in node.items.items())
    if node is not None:
        return _text(node)
    listed = default if isinstance(default, tuple) else (default,)
    return ", ".join(str(d) for d in listed if isinstance(d, str | int | float))


def _filled(template: str, values: dict[str, str]) -> str:
    """A template with its arguments; a part in brackets stands only where all of its arguments are given."""

    def part(match: re.Match[str]) -> str:
        inner = match.group(1)
        fields = [f for _, f, _, _ in Formatter().parse(inner) if f]
        return inner if all(values.get(f) for f in fields) else ""

    told = re.sub(r"\[([^\[\]]*)\]", part, template)
    for name, value in values.items():
        told = told.replace("{" + name + "}", value or "not given")
    return told


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Scalar) else ", ".join(s.text for s in texts_of(node))


def _option(rule: Rule, name: str, default: str = "") -> str:
    node = rule.options.get(name)
    return node.text if isinstance(node, Scalar) else default


def _value(text: str) -> str:
    return text if text else "missing"


def _mapped(rule: Rule) -> str:
    mapping = rule.options.get("map")
    said = [f"{k} as {_value(_text(v))}" for k, v in mapping.items.items()] if isinstance(mapping, MapNode) else []
    if "unmapped" in rule.options:
        said.append(f"any other as {_value(_option(rule, 'unmapped'))}")
    return f", {'; '.join(said)}" if said else ""


def _yes_if(rule: Rule) -> str:
    no, unknown = _option(rule, "no", "N"), _option(rule, "unknown")
    condition = _text(rule.argument)
    if no == unknown:
        return f"Y if {condition}, otherwise {_value(no)}"
    return f"Y if {condition}, {_value(no)} if not, {_value(unknown)} where that cannot be decided"


def _order(rule: Rule) -> str:
    return ", ".join(f"{s.text}{' (descending)' if down else ''}" for s, down in split_order(rule.options.get("order")))


def _where(rule: Rule) -> str:
    said = _option(rule, "where")
    return f" where {said}" if said else ""


def _flag(rule: Rule) -> str:
    which = rule.operation.removeprefix("flag_")
    groups = ", ".join(s.text for s in texts_of(rule.argument))
    return f"Y on the {which} record by {_order(rule)} of each {groups}{_where(rule)}, otherwise missing"


def _summary(rule: Rule, group: Sequence[str] = (), of_subjects: bool = True) -> str:
    operation, names = rule.operation, [s.text for s in texts_of(rule.argument)]
    by = [s.text for s in texts_of(rule.options.get("by"))] or list(group)
    whose = " of the subject" if of_subjects else ""
    if by and by != ["USUBJID"]:
        whose = f" of the same {', '.join(by)}"
    what = _joined(names)
    limits = "".join(
        f", {word} {_option(rule, key)}" for key, word in (("at_least", "not below"), ("at_most", "not above"))
        if key in rule.options
    )  # fmt: skip
    if operation == "exists":
        text = f"Y if there is a record in {what}{whose}{_where(rule)}"
    elif operation == "count":
        text = f"number of records in {what}{whose}{_where(rule)}"
    elif operation == "sum":
        text = f"sum of {what} over the records{whose}{_where(rule)}"
    else:
        order = f" in the order of {_order(rule)}" if "order" in rule.options else ""
        text = f"{FIRST[operation]} {what}{whose}{order}{_where(rule)}{limits}"
    partial = {"ignored": "ignored", "earliest": "as their first day", "latest": "as their last day"}
    if _option(rule, "partial") in partial:
        text += f", partial dates {partial[_option(rule, 'partial')]}"
    text += _mapped(rule)
    return f"{text}; without a record {_value(_option(rule, 'if_none'))}" if "if_none" in rule.options else text


def _joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _date(rule: Rule) -> str:
    time = f" and the time in {_option(rule, 'time')}" if "time" in rule.options else ""
    zone = f" with the zone {_option(rule, 'zone')}" if "zone" in rule.options else ""
    return f"date in {_text(rule.argument)}{time}{zone}, in ISO 8601, as precise as collected"


def _checked(rule: Rule) -> str:
    item = f"{_option(rule, 'contains')} of " if "contains" in rule.options else ""
    no = _option(rule, "no", "N")
    return f"Y if {item}{_text(rule.argument)} is ticked, otherwise {_value(no)}"


def _one_of(rule: Rule) -> str:
    boxes = rule.argument.items.items() if isinstance(rule.argument, MapNode) else ()
    said = [f"{_value(_text(v))} if {k} is ticked" for k, v in boxes]
    many = [f"{_option(rule, 'many')} if several are"] if "many" in rule.options else []
    return ", ".join([*said, *many])


PLAIN = {
    "date": _date,
    "date_parts": _date,
    "checked": _checked,
    "one_of": _one_of,
    "header": lambda rule: f"text of the row {_text(rule.argument)} of the header above the result",
    "record_of": lambda rule: f"{_text(rule.argument)} of the record made of the same raw row",
}
SUMMARIES = ("first", "last", "min", "max", "sum", "count", "exists")


class MethodBook:
    """The methods of one define.xml: equal texts once, under the name of the variable that first has them."""

    def __init__(self) -> None:
        self._ids: dict[MethodText, str] = {}
        self._names: dict[str, str] = {}

    def id_of(self, made: MethodText | None, wanted: str, name: str) -> str:
        """The id of a method; `wanted` (`AE.AESTDY`) is its own if it is new, `name` the variable's."""
        if made is None or not made.text:
            return ""
        if made not in self._ids:
            taken = set(self._ids.values())
            number, id = 1, wanted
            while id in taken:
                number += 1
                id = f"{wanted}.{number}"
            self._ids[made] = id
            self._names[id] = name
        return self._ids[made]

    def methods(self) -> tuple[MethodMeta, ...]:
        """All of them, in the order in which they were first used."""
        return tuple(
            MethodMeta(id, f"Algorithm for {self._names[id]}", m.text, m.type, m.document, m.pages)
            for m, id in self._ids.items()
        )


def pieces_of(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces that some rule or the tool makes."""
    return [p for p in pieces if p.made is not Made.NOTHING]
