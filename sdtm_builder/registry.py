"""The one decorator mechanism: derivations, summaries and record makers announce themselves here.

A registered function's signature is its declaration. After `ctx` comes the main argument, then the options;
annotations say how the engine resolves what the YAML has there, defaults say what is taken where nothing is said.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, Protocol, TypeVar, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from .model import Kind, Mark, StudySpec, TestSpec, Vector

T = TypeVar("T")

MISSING = inspect.Parameter.empty


class Take(StrEnum):
    """How the engine resolves an argument."""

    COLUMN = "column"  # a name -> Vector beside the records
    IF_COLUMN = "column, if there"  # the same, None where the dataset has not got it
    COLUMNS = "columns"  # one name or a list -> list of Vectors
    OPTIONAL = "optional columns"  # as columns, those that the dataset has not got left out
    NAMES = "names"  # names as written, not resolved
    TEXT = "text"  # a literal
    TEXTS = "texts"  # one literal or a list
    NUMBER = "number"
    FLAG = "flag"  # true or false
    NODE = "node"  # the YAML as it is
    RELATED = "related"  # DATASET.VAR names -> whole columns of that dataset by name, with USUBJID
    TABLE = "table"  # a word, `raw.X`, a csv or xlsx beside the specs, or `{table: [[...]]}` -> TableRows


@dataclass(frozen=True)
class OneOf:
    """Beside Take.TEXT in an annotation: the only words that the argument may be."""

    words: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class TableRows:
    """A table given as an argument: its columns as texts ("" where blank), and the place of each row.

    word : the one word that was written instead; then there are no columns
    """

    word: str
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    marks: Sequence[Mark] = ()


Column = Annotated[Vector, Take.COLUMN]
Columns = Annotated[Sequence[Vector], Take.COLUMNS]
OptionalColumn = Annotated[Vector | None, Take.IF_COLUMN]
OptionalColumns = Annotated[Mapping[str, Vector], Take.OPTIONAL]
Names = Annotated[Sequence[str], Take.NAMES]
Text = Annotated[str, Take.TEXT]
Texts = Annotated[Sequence[str], Take.TEXTS]
Number = Annotated[float, Take.NUMBER]
Flag = Annotated[bool, Take.FLAG]
Raw = Annotated[Any, Take.NODE]
Related = Annotated[Mapping[str, Vector], Take.RELATED]
TableWanted = Annotated[TableRows, Take.TABLE]


class Context(Protocol):
    """What a derivation may know beside its arguments."""

    dataset: str
    domain: str
    n: int
    study: StudySpec
    tests: Mapping[str, TestSpec]

    def issue(
        self, rule: str, rows: NDArray[Any], message: str, values: Vector | None = None, about: Sequence[str] = ()
    ) -> None:
        """Record an issue at each of `rows` (indexes or a mask); `{value}` in the message is the value there.

        about : the arguments whose cells are the place of the issue; not said: all.
        """

    def once(self, name: str, inputs: tuple[Vector | None, ...], make: Callable[[], T]) -> T:
        """What `make` gives, kept for other variables of these records that are made of the same columns."""

    def tell(self, numbers: NDArray[np.float64]) -> None:
        """Keep a number a record beside the variable being made, for the rule of another variable that names it."""

    def told(self, argument: str) -> NDArray[np.float64] | None:
        """What was told beside the variable that an argument names, over all records; None if it was nothing.

        Only a derivation that sees all records at once (`whole`) may ask.
        """

    def codelist(self, name: str) -> Any:
        """The study's view of a codelist."""

    def codelist_of(self, variable: str) -> Any:
        """The study's view of the codelist of a variable of this dataset, None if it has none."""

    def decode(self, variable: str) -> Mapping[str, str]:
        """Term -> decode of the codelist of a variable of this dataset, the study's terms included."""

    def subjects(self) -> NDArray[np.int64]:
        """Codes of USUBJID, one a record, -1 missing."""

    def owners(self) -> NDArray[np.int64]:
        """Codes of the person, device, organism or parameter that --SEQ numbers the records of, -1 missing."""

    def order(self) -> NDArray[np.int64]:
        """The records' total order: keys, other variables as text, raw place."""

    def before(self) -> NDArray[np.int64]:
        """How many records each record's owner has in the parts of a split domain that come before this one."""

    def raw_rows(self, what: str) -> Vector:
        """What the tool knows of each record's raw row (`VISITNUM`, `VISIT`...), missing where there is none."""


@dataclass(frozen=True, eq=False)
class MadeRecords:
    """What a record maker gives: columns of n values, and for lineage the row of other tables behind each record.

    origins : name of the origin -> (table key, row of it or -1); they are written as joins are
    """

    columns: Mapping[str, Vector]
    n: int
    origins: Mapping[str, tuple[str, NDArray[np.int64]]] = field(default_factory=dict)


class TableAccess(Protocol):
    """A table as a record maker sees it: a raw source, a dataset, or the block's filtered `from`."""

    n: int

    def has(self, column: str) -> bool:
        """Whether there is such a column."""

    def vector(self, column: str) -> Vector:
        """A column."""

    def usubjid(self) -> Vector:
        """USUBJID of each row."""

    def fact(self, what: str) -> Vector:
        """VISITNUM, VISIT, VISITDY of each raw row."""


class MakerContext(Protocol):
    """What a record maker may know beside its arguments."""

    dataset: str
    domain: str
    study: StudySpec
    source: TableAccess | None
    """The rows of the block's `from` that its `where` keeps, None without `from`."""
    source_key: str
    source_rows: NDArray[np.int64]
    """Table of `from` and the row of it behind each row of `source`."""

    def table(self, key: str) -> TableAccess:
        """A whole table: `raw.X` or a dataset."""

    def issue(self, rule: str, key: str, rows: NDArray[Any], message: str, columns: Sequence[str] = ()) -> None:
        """Record an issue at rows of a table."""

    def decode(self, variable: str) -> Mapping[str, str]:
        """Term -> decode of a variable of this dataset."""

    def domain_of(self, table: str) -> str:
        """The domain of a dataset by its name: that of a split dataset is its parent's."""

    @property
    def name(self) -> str:
        """The name of the block."""


class MakerPlan(Protocol):
    """What a record maker's check of its arguments may ask: tables and columns, before data is read."""

    sources: Sequence[str]
    """Tables of the block's `from`."""

    def has(self, table: str, column: str = "") -> bool:
        """Whether there is such a table, and such a column in it."""

    def written(self, table: str, column: str) -> bool:
        """Whether a column is written in its dataset itself: no temporary, no supplemental qualifier."""

    def domain_of(self, table: str) -> str:
        """The domain of a dataset by its name."""


Uses = Callable[[Mapping[str, Any], StudySpec], Sequence[tuple[str, Sequence[str]]]]
"""From the arguments (YAML nodes by name) and the study: (table, columns) that the maker reads. The table "" is the
block's `from`, `--` in a column stands for the letters of its table's domain."""

Check = Callable[[Mapping[str, Any], MakerPlan], Iterable[tuple[str, str]]]
"""From the arguments (YAML nodes by name) and the plan: (argument, what is wrong with it)."""

CheckRule = Callable[[Mapping[str, Any]], Iterable[tuple[str, int, str]]]
"""From a derivation's arguments as written (texts; tables as TableRows), before data is read: (argument, row of its
table or -1, what is wrong with it)."""


@dataclass(frozen=True)
class Argument:
    """One argument: its name, how it is resolved, its default (MISSING: required), the only words it may be."""

    name: str
    take: Take
    default: Any = MISSING
    words: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        """Whether the YAML must say it."""
        return self.default is MISSING


@dataclass(frozen=True)
class Derivation:
    """A registered function. `whole` ones see all records of the dataset at once, others any part of it.

    `kind` is the kind of the result: fixed, or by the main argument where None; `kinds` has it by the main
    argument's word where that is one of a few.
    """

    name: str
    function: Callable[..., Any]
    arguments: tuple[Argument, ...]
    whole: bool
    kind: Kind | None
    method: str
    ordered: bool = False
    needs: tuple[str, ...] = ()
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    origin: str = "Derived"
    columns: Mapping[str, Kind] = field(default_factory=dict)
    uses: Uses | None = None
    check: Check | None = None
    check_rule: CheckRule | None = None

    @property
    def main(self) -> Argument:
        """The argument that stands behind the operation's name."""
        return self.arguments[0]

    @property
    def doc(self) -> str:
        """The docstring: page, `explain` and method text come from it."""
        return inspect.getdoc(self.function) or ""


_DERIVATIONS: dict[str, Derivation] = {}
_MAKERS: dict[str, Derivation] = {}


def derivation(
    name: str,
    *,
    whole: bool = False,
    kind: Kind | None = None,
    method: str = "",
    ordered: bool = False,
    needs: tuple[str, ...] = (),
    kinds: Mapping[str, Kind] | None = None,
    origin: str = "Derived",
    check: CheckRule | None = None,
) -> Callable[[Callable[..., Vector]], Callable[..., Vector]]:
    """Register a derivation: a function (ctx, main, **options) -> Vector.

    Parameters
    ----------
    name : operation in YAML
    whole : it must see all records of the dataset (flags, sequences), not a block's
    kind : of the result; None: that of the main argument
    method : method text of define.xml; `{argument}` is replaced by what the YAML says
    ordered : it uses `ctx.order()`
    needs : names beside the arguments without which a default rule does not apply (`row.VISITNUM`)
    kinds : word of the main argument -> kind of the result, where that depends on the word
    origin : type of the origin in define.xml: Derived, or Assigned for what only looks up the sponsor's own lists
    check : faults of its arguments, before data is read
    """

    def register(function: Callable[..., Vector]) -> Callable[..., Vector]:
        _put(_DERIVATIONS, name, function, whole, kind, method, ordered, needs, kinds or {}, origin)
        if check is not None:
            checked = replace(function.derivation, check_rule=check)  # type: ignore[attr-defined]
            function.derivation = checked  # type: ignore[attr-defined]
            if name in _DERIVATIONS:
                _DERIVATIONS[name] = checked
        return function

    return register


def records(
    name: str,
    columns: Mapping[str, Kind],
    uses: Uses | None = None,
    origin: str = "Derived",
    method: str = "",
    check: Check | None = None,
) -> Callable[[Callable[..., MadeRecords]], Callable[..., MadeRecords]]:
    """Register a record maker: a function (ctx, **arguments) -> MadeRecords, for `make: NAME`.

    Parameters
    ----------
    name : word behind `make`
    columns : what it gives, name -> kind, `--` for the domain's letters; each that the IG has is a variable of the
        dataset unless `set` or `derive` say otherwise, lower-case ones are temporaries
    uses : the whole columns that it reads, from its arguments and the study
    origin, method : of its variables in define.xml
    check : faults of its arguments, before data is read
    """

    def register(function: Callable[..., MadeRecords]) -> Callable[..., MadeRecords]:
        _put(_MAKERS, name, function, True, None, method, False, (), {}, origin)
        made = replace(_MAKERS.get(name) or function.derivation, columns=columns, uses=uses, check=check)  # type: ignore[attr-defined]
        function.derivation = made  # type: ignore[attr-defined]
        if name in _MAKERS:
            _MAKERS[name] = made
        return function

    return register


def _put(
    into: dict[str, Derivation],
    name: str,
    function: Callable[..., Any],
    whole: bool,
    kind: Kind | None,
    method: str,
    ordered: bool,
    needs: tuple[str, ...],
    kinds: Mapping[str, Kind],
    origin: str = "Derived",
) -> None:
    hints = get_type_hints(function, include_extras=True)
    found = []
    for parameter in list(inspect.signature(function).parameters.values())[1:]:
        hint = hints[parameter.name]
        marks = get_args(hint) if get_origin(hint) is Annotated else ()
        takes = [a for a in marks if isinstance(a, Take)]
        if not takes:
            raise TypeError(f"{name}: argument {parameter.name} has no annotation of sdtm_builder.registry")
        words = next((a.words for a in marks if isinstance(a, OneOf)), ())
        found.append(Argument(parameter.name, takes[0], parameter.default, words))
    made = Derivation(name, function, tuple(found), whole, kind, method, ordered, needs, kinds, origin)
    function.derivation = made  # type: ignore[attr-defined]
    if not function.__module__.startswith(f"{__package__}."):
        return  # a study's own function belongs to its study alone, as py.NAME
    if name in into and into[name].function.__qualname__ != function.__qualname__:
        raise ValueError(f"{name} is registered twice")
    into[name] = made


def derivations() -> Mapping[str, Derivation]:
    """All registered derivations by name."""
    load_all()
    return _DERIVATIONS


def makers() -> Mapping[str, Derivation]:
    """All registered record makers by name."""
    load_all()
    return _MAKERS


@cache
def load_all() -> None:
    """Import the rooms that register derivations; the folders are looked through once."""
    for room in ("sdtm", "adam"):
        try:
            package = importlib.import_module(f"{__package__}.{room}")
        except ModuleNotFoundError as gone:
            if gone.name != f"{__package__}.{room}":
                raise
            continue
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
