"""The forms of registered derivations and record makers, read off their declared arguments."""

from __future__ import annotations

from collections.abc import Mapping

from ..registry import Argument, Derivation, Take
from .operations import OperationForm
from .schema_dataset import TABLE
from .shapes import LITERAL, Either, Leaf, Shape

TABLE_ARGUMENT = Either((LITERAL, TABLE))
_KINDS: Mapping[Take, str | Shape] = {
    Take.COLUMN: "name",
    Take.IF_COLUMN: "name",
    Take.COLUMNS: "names",
    Take.OPTIONAL: "names",
    Take.NAMES: "names",
    Take.TEXT: "literal",
    Take.TEXTS: "literals",
    Take.NUMBER: "number",
    Take.FLAG: "boolean",
    Take.NODE: "any",
    Take.RELATED: "names",
    Take.TABLE: TABLE_ARGUMENT,
}


def operation_forms(derivations: Mapping[str, Derivation]) -> dict[str, OperationForm]:
    """What each derivation takes: its main argument, then its options (an argument `in_` is the option `in`)."""
    return {name: _form(one, _kind(one.main), 1) for name, one in derivations.items()}


def maker_forms(makers: Mapping[str, Derivation]) -> dict[str, OperationForm]:
    """What each record maker takes beside `make: NAME`; the main kind is that of the name."""
    return {name: _form(one, "name", 0) for name, one in makers.items()}


def _form(one: Derivation, main: str | Shape, skip: int) -> OperationForm:
    arguments = one.arguments[skip:]
    options: dict[str, str | Shape] = {a.name.rstrip("_"): _kind(a) for a in arguments}
    required = tuple(a.name.rstrip("_") for a in arguments if a.required)
    return OperationForm(main, options, required, one.doc.split("\n", 1)[0], bool(skip))


def _kind(argument: Argument) -> str | Shape:
    return Leaf("literal", argument.words) if argument.words else _KINDS[argument.take]
