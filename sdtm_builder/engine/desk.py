"""What define.xml tells of some records of a variable: origin, method, comments; shared by variable and value level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..model import Kind, Scalar, VariableSpec
from ..model.metadata import CommentMeta, OriginMeta
from ..standards import IgVariable
from .datatypes import How
from .methods import MethodBook, Methods
from .origins import Origins, common, likeliest
from .pieces import Group, Made, Piece, piece_of
from .run import Run
from .termlists import TermLists
from .variables import DatasetPlan


class CommentBook:
    """The comments of one define.xml: equal texts once, under the name of what first has them."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def id_of(self, texts: Iterable[str], wanted: str) -> str:
        """The id of a comment of these texts, "" without any; `wanted` is its own if it is new."""
        text = " ".join(dict.fromkeys(t for t in texts if t))
        if not text:
            return ""
        if text not in self._ids:
            taken, id, number = set(self._ids.values()), wanted, 1
            while id in taken:
                number += 1
                id = f"{wanted}.{number}"
            self._ids[text] = id
        return self._ids[text]

    def comments(self) -> tuple[CommentMeta, ...]:
        """All of them, in the order in which they were first used."""
        return tuple(CommentMeta(id, text) for text, id in self._ids.items())


@dataclass(frozen=True)
class Told:
    """Origin, method (an id), comments; `agreed` where all records have that origin in common."""

    origin: OriginMeta | None
    method: str = ""
    comments: tuple[str, ...] = ()
    note: str = ""
    agreed: bool = True


@dataclass
class Desk:
    """Everything that the metadata of one standard's datasets are made with."""

    run: Run
    standard: str
    methods: MethodBook = field(default_factory=MethodBook)
    comments: CommentBook = field(default_factory=CommentBook)

    def __post_init__(self) -> None:
        self.plan = self.run.plan
        self.origins = Origins(self.plan)
        self.texts = Methods(self.plan)
        self.lists = TermLists(self.plan)

    def told(self, made: DatasetPlan, name: str, groups: Sequence[Group], wanted: str) -> Told:
        """What is told of the records of some groups.

        The origin is the most specific one that they have in common: one type and source, the pages of one document
        together. Where types or sources differ it is the type that asks most of a reviewer (Derived, Assigned,
        Collected), and `note` says which block has which; value level metadata tell them apart where a test or QNAM
        does, and the variable then has no origin of its own.
        """
        pieces = [p for p in (piece_of(made, name, g) for g in groups) if p.made is not Made.NOTHING]
        found = [(p, self.origins.of(made, name, p.group)) for p in pieces]
        same = common(o for _, o in found)
        origin = same or likeliest([o for _, o in found])
        said = tuple(dict.fromkeys(c for p in pieces if (c := _comment(p))))
        if origin is None:
            return Told(None, "", said)
        derived = [p for p, o in found if o is not None and o.type == "Derived"]
        if origin.type == "Derived":
            text = self.texts.of_pieces(derived)
        else:
            text = self.texts.of_pieces([p for p in pieces if p.rule is not None and "method" in p.rule.meta])
        id = self.methods.id_of(text, wanted, name)
        if origin.type == "Derived":
            origin = OriginMeta(origin.type, origin.source)
        return Told(origin, id, said, "" if same is not None else _differing(found), same is not None)

    def how(self, known: IgVariable | None, kind: Kind) -> How:
        """As what a variable's values are measured."""
        if kind in (Kind.NUMBER, Kind.DATE, Kind.DATETIME):
            return How.NUMBER
        described = known.described if known is not None else ""
        if kind is Kind.DTC or described.startswith("ISO 8601 datetime"):
            return How.DATE
        return How.DURATION if described.startswith("ISO 8601 duration") else How.TEXT

    def dictionary(self, known: IgVariable | None, said: VariableSpec | None) -> str:
        """The external dictionary of a variable: what the specification names, else the standard's value domain."""
        named = said.codelist.text if said is not None and isinstance(said.codelist, Scalar) else ""
        if named in self.plan.study.dictionaries:
            return named
        described = known.described if known is not None else ""
        return described if described in self.plan.study.dictionaries else ""


def _comment(piece: Piece) -> str:
    said = piece.rule.meta.get("comment") if piece.rule is not None else None
    return said.text if isinstance(said, Scalar) else ""


def _differing(found: Sequence[tuple[Piece, OriginMeta | None]]) -> str:
    """Which block has which origin."""
    by: dict[str, list[str]] = {}
    for piece, origin in found:
        if origin is not None:
            label = f"{origin.type} ({origin.source})" if origin.source else origin.type
            by.setdefault(label, []).append(piece.group.block)
    parts = [f"{label} for {', '.join(dict.fromkeys(blocks))}" for label, blocks in by.items()]
    return f"The origin differs between blocks of records: {'; '.join(parts)}." if len(parts) > 1 else ""
