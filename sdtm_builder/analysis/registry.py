"""Methods of analysis: the decorator that declares one with its arguments, and their discovery."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ..issues import fault
from ..model import Mark, Node

if TYPE_CHECKING:
    from .result import Made
    from .setting import Setting

fault("analysis-method", "error", "An analysis names a method that there is not")
fault("analysis-argument", "error", "An argument of an analysis that its method does not take, lacks or cannot use")
fault("analysis-dataset", "error", "An analysis of a dataset that the study's ADaM does not have")
fault("analysis-name", "error", "An analysis names a variable that its dataset does not have")
fault("analysis-population", "error", "A population that is not declared, or has several records of a subject")
fault("analysis-data", "error", "Data that an analysis cannot take as they are: the number concerned is not given",
      "Query the value, or leave the record out by `where`; docs/methods.md says what a method takes.",
      draft="warning")  # fmt: skip
fault("analysis-parameter", "warning", "A condition of an analysis asks for a parameter that no record has",
      "Mend the code; where the data have no such record yet, accept it.")  # fmt: skip
fault("analysis-empty", "note", "No record fulfils the condition of an analysis")
fault("analysis-not-drawn", "warning", "A record that a plot cannot show, as it has no time")
fault("analysis-differs", "error", "Data that contradict each other where an analysis needs them to agree",
      draft="warning")  # fmt: skip
fault("analysis-where", "error", "A condition or value of an analysis that could not be computed for some records")


class Take(StrEnum):
    """What an argument takes."""

    VARIABLE = "a variable"
    VARIABLES = "variables"
    CONDITION = "a condition"
    CONDITIONS = "a map of labels and conditions"
    VALUE = "an expression"
    VALUES = "a map of labels and expressions"
    NUMBER = "a number"
    NUMBERS = "numbers"
    RANGES = "a map of labels and [low, high]"
    LINES = "a map of labels and numbers"
    SUBJECT = "an expression over the population's dataset"
    TEXT = "a text"
    TEXTS = "a map of texts"
    WORDS = "words"
    FLAG = "true or false"
    MARKS = "a map of labels, each with `dataset`, `where`, `time` and perhaps `end` and `text`"
    RULES = "a list of `evaluable`, `events` and `decision`"


@dataclass(frozen=True)
class Argument:
    """One argument: what it takes, what it means, whether it must be there, the only words it may have."""

    name: str
    take: Take
    about: str
    required: bool = False
    words: tuple[str, ...] = ()


Check = Callable[[Mapping[str, Node]], Iterable[tuple[Mark, str]]]
"""From the arguments: (place, what is wrong) that their kinds do not tell."""


@dataclass(frozen=True)
class Method:
    """A registered method; its docstring is its page, the first line of it `about`."""

    name: str
    function: Callable[[Setting], Made]
    arguments: Mapping[str, Argument]
    check: Check | None = None

    @property
    def doc(self) -> str:
        """The whole page."""
        import inspect

        return inspect.getdoc(self.function) or ""

    @property
    def about(self) -> str:
        """What the method does, in one sentence."""
        return " ".join(self.doc.split("\n\n", 1)[0].split())


_METHODS: dict[str, Method] = {}


def method(
    name: str, *arguments: Argument, check: Check | None = None
) -> Callable[[Callable[[Setting], Made]], Callable[[Setting], Made]]:
    """Register a method: a function of a Setting that gives parts, footnotes and a conclusion.

    name : word behind `method`. arguments : its keys in the YAML. check : faults beyond their kinds.
    """

    def register(function: Callable[[Setting], Made]) -> Callable[[Setting], Made]:
        if name in _METHODS and _METHODS[name].function.__qualname__ != function.__qualname__:
            raise ValueError(f"{name} is registered twice")
        _METHODS[name] = Method(name, function, {a.name: a for a in arguments}, check)
        return function

    return register


def methods() -> Mapping[str, Method]:
    """All methods by name."""
    from . import methods as folder

    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")
    return dict(sorted(_METHODS.items()))
