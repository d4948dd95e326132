"""What an operation takes, and the operations that belong to the language itself: rules on rows and summaries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..model import MapNode
from .shapes import CODELIST, LITERAL, NAME, NAMES, Branches, Either, Form, Key, Leaf, ListOf, Shape, shape_of

META = {
    "origin": Key(
        Either(
            (
                Leaf("literal", ("Collected", "Derived", "Assigned", "Protocol", "Predecessor", "Not Available")),
                Form(
                    "an origin",
                    {
                        "type": Key(
                            Leaf(
                                "literal",
                                ("Collected", "Derived", "Assigned", "Protocol", "Predecessor", "Not Available"),
                            ),
                            "Origin type of define.xml",
                            required=True,
                        ),
                        "source": Key(
                            Leaf("literal", ("Investigator", "Sponsor", "Subject", "Vendor")), "who it came from"
                        ),
                    },
                ),
            )
        ),
        "origin for define.xml, over the one that follows from the rule",
    ),
    "page": Key(ListOf(LITERAL), "pages of the document"),
    "method": Key(LITERAL, "method text, instead of the generated one"),
    "comment": Key(LITERAL, "comment for define.xml"),
    "document": Key(NAME, "id of a document of the study"),
}


@dataclass(frozen=True, slots=True)
class OperationForm:
    """What an operation takes.

    `main` and each option: a kind in words as `shapes.shape_of` reads it, or a Shape. `required` names options that
    must be there. `about` is one line for the reference. `of_rule` is false for a record maker: it stands in a block,
    which has no keys of rules.
    """

    main: str | Shape
    options: Mapping[str, str | Shape] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    about: str = ""
    of_rule: bool = True

    def __post_init__(self) -> None:
        shape_of(self.main)
        clash = sorted({*META, "blocks", "when"} & set(self.options)) if self.of_rule else []
        if clash or set(self.required) - set(self.options):
            raise ValueError(f"options {clash} are keys of every rule, or {self.required} are not among the options")
        for kind in self.options.values():
            shape_of(kind)


_MAPPING: dict[str, str | Shape] = {"map": "map-of literal", "unmapped": "literal"}
_SUMMARY: dict[str, str | Shape] = {"where": "expression", "by": "names", "if_none": "literal"}
_PICKED: dict[str, str | Shape] = {**_SUMMARY, "order": "order", **_MAPPING}
_EXTREME: dict[str, str | Shape] = {
    **_SUMMARY,
    "at_least": "name",
    "at_most": "name",
    "partial": "choice(ignored, earliest, latest)",
}
_DATE: dict[str, str | Shape] = {"time": "name", "formats": "literals", "zone": "literal"}

LANGUAGE_OPERATIONS: Mapping[str, OperationForm] = {
    "from": OperationForm(NAME, {**_MAPPING, "codelist": CODELIST}, about="the value of a column or variable"),
    "value": OperationForm(LITERAL, about="a constant"),
    "expr": OperationForm("expression", about="the value of an expression"),
    "case": OperationForm(Branches(), about="the rule of the first branch whose `when` is true"),
    "date": OperationForm(NAME, _DATE, about="ISO 8601 of exactly the precision collected"),
    "date_parts": OperationForm(NAMES, _DATE, about="ISO 8601 of columns for year, month, day, hour, minute"),
    "checked": OperationForm(
        NAME,
        {
            "ticked": "literals",
            "unticked": "literals",
            "no": "literal",
            "unknown": "literal",
            "contains": "literal",
            "separator": "literal",
        },
        about="Y or N of a tick box, or of an item in a list of several",
    ),
    "one_of": OperationForm(
        "map-of literal", {"many": "literal", "parts": "names"}, about="one value of boxes that belong together"
    ),
    "yes_if": OperationForm("expression", {"no": "literal", "unknown": "literal"}, about="Y if an expression is true"),
    "header": OperationForm(NAME, about="the text of a header row above this record's result"),
    "record_of": OperationForm(NAME, about="a variable of the record made of the same raw row"),
    "first": OperationForm(NAME, _PICKED, about="the variable on the first record"),
    "last": OperationForm(NAME, _PICKED, about="the variable on the last record"),
    "min": OperationForm(NAMES, _EXTREME, about="the least value"),
    "max": OperationForm(NAMES, _EXTREME, about="the greatest value"),
    "sum": OperationForm(NAMES, {**_SUMMARY, "missing": "choice(ignored)"}, about="the sum of the values"),
    "count": OperationForm(NAMES, _SUMMARY, about="the number of records"),
    "exists": OperationForm(NAMES, _SUMMARY, about="Y if there is a record"),
    "flag_first": OperationForm(NAMES, {"where": "expression", "order": "order"}, ("order",), "Y on the first record"),
    "flag_last": OperationForm(NAMES, {"where": "expression", "order": "order"}, ("order",), "Y on the last record"),
}


def all_operations(registered: Mapping[str, OperationForm]) -> dict[str, OperationForm]:
    """The language's operations and the registered ones; a registered one may not take the language's name.

    Raises
    ------
    ValueError : a registered operation is called as one of the language, or as a key of every rule
    """
    taken = sorted(set(registered) & {*LANGUAGE_OPERATIONS, *META, "blocks", "when"})
    if taken:
        raise ValueError(f"operations with names of the language: {', '.join(taken)}")
    return {**LANGUAGE_OPERATIONS, **registered}


def operations_in(rule: MapNode, operations: Mapping[str, OperationForm], functions: Iterable[str] = ()) -> list[str]:
    """The operations that a rule names: one if it is sound.

    A key that is both an operation and an option of the one other operation present is taken as the option.
    `functions` are the study's Python functions, which are called `py.NAME`.
    """
    listed = {f"py.{name}" for name in functions}
    found = [key for key in rule if key in operations or key in listed]
    if len(found) > 1:
        for one in found:
            rest = set(found) - {one}
            if one in operations and rest <= set(operations[one].options):
                return [one]
    return found
