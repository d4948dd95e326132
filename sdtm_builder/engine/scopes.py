"""What a name can mean at each place of a mapping, decided before any data is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..issues import IssueLog
from ..model import Kind, Mark
from .refs import Constant, Field, Mine, OfSubject, Other, Ref, RowFact, Variable

ROW_FACTS = {
    "USUBJID": Kind.TEXT, "VISITNUM": Kind.NUMBER, "VISIT": Kind.TEXT, "VISITDY": Kind.NUMBER,
    "file": Kind.TEXT, "sheet": Kind.TEXT, "number": Kind.NUMBER, "cell": Kind.TEXT,
}  # fmt: skip


@dataclass(frozen=True)
class TableForm:
    """A table as known before data: its columns and their kinds; `one` if it has one record a subject."""

    key: str
    kinds: Callable[[str], Kind | None]
    names: Callable[[], Iterable[str]]
    one: bool = False
    dataset: bool = False


@dataclass
class Scope:
    """Meaning of names for one kind of place.

    study : constants, name -> (kind, text)
    datasets : finds a dataset's form by name, None if there is none
    """

    log: IssueLog
    study: Mapping[str, tuple[Kind, str]]
    datasets: Callable[[str], TableForm | None]
    here: str = ""

    def plain(self, name: str) -> Ref | None:
        """A bare name."""
        return None

    def prefixed(self, prefix: str, rest: str) -> Ref | None:
        """A name behind a prefix."""
        if prefix == "study" and rest in self.study:
            kind, value = self.study[rest]
            return Constant(kind, rest, value)
        form = self.datasets(prefix)
        if form is not None and (kind_found := form.kinds(rest)) is not None:
            return OfSubject(kind_found, prefix, rest)
        return None

    def known(self) -> list[str]:
        """Names to propose for a misspelt one."""
        return []

    def resolve(self, text: str, mark: Mark, quoted: bool = False) -> Ref | None:
        """The meaning of a name; a fault is recorded where there is none, or more than one."""
        by_prefix = None
        if "." in text and not quoted:
            prefix, _, rest = text.partition(".")
            by_prefix = self.prefixed(prefix, rest)
        bare = self.plain(text)
        if by_prefix is not None and bare is not None:
            self.log.add("two-readings", f"{text} is a column and also {text.replace('.', ' of ', 1)}.", mark.place)
            return None
        found = by_prefix or bare
        if found is None:
            self._unknown(text, mark)
        elif isinstance(found, OfSubject):
            form = self.datasets(found.dataset)
            if form is not None and not form.one:
                self.log.add(
                    "many-per-subject",
                    f"{text}: {found.dataset} can have several records a subject.",
                    mark.place,
                    hint=f"Say which: {{first: {text}, order: ...}}, {{min: {text}}} ...",
                )
                return None
        return found

    def _unknown(self, text: str, mark: Mark) -> None:
        prefix, _, rest = text.partition(".")
        names = self.known()
        what = self.here
        if rest and prefix == "study":
            names, what = [f"study.{n}" for n in self.study], "the study file's `constants`"
        elif rest and (form := self.datasets(prefix)) is not None:
            names, what = [f"{prefix}.{n}" for n in form.names()], prefix
        near = get_close_matches(text, names, 3, 0.5)
        hint = f"Near: {', '.join(near)}." if near else ""
        unread = what if what == self.here and not names else ""  # its own fault is told where it is named
        self.log.add("unknown-column", f"{what} has no column {text}.", mark.place, hint=hint, caused_by=unread)


@dataclass
class BlockScope(Scope):
    """In a block: columns of its source, columns brought by its joins, `row.`."""

    base: TableForm | None = None
    taken: Mapping[str, tuple[str, TableForm, str]] = field(default_factory=dict)
    group: frozenset[str] | None = None
    mark: Mark = field(default_factory=Mark)
    extra: tuple[str, ...] = ()

    def plain(self, name: str) -> Ref | None:
        if name in self.taken:
            join, form, column = self.taken[name]
            kind = form.kinds(column)
            self._grouped(name)
            return Field(kind, form.key, column, join) if kind is not None else None
        if self.base is not None and (kind := self.base.kinds(name)) is not None:
            self._grouped(name)
            return Field(kind, self.base.key, name)
        return None

    def _grouped(self, name: str) -> None:
        if self.group is not None and name not in self.group:
            self.log.add("not-a-group-column", f"{name} is not one of the group's columns.", self.mark.place)

    def prefixed(self, prefix: str, rest: str) -> Ref | None:
        if prefix == "row" and rest in ROW_FACTS:
            if rest != "USUBJID":
                self._grouped(f"row.{rest}")
            return RowFact(ROW_FACTS[rest], rest)
        return super().prefixed(prefix, rest)

    def known(self) -> list[str]:
        return [*(self.base.names() if self.base else ()), *self.taken]


@dataclass
class DeriveScope(Scope):
    """In `derive`, `expect` and joins of a dataset: its variables, temporaries, and what its joins bring."""

    dataset: str = ""
    kinds: Callable[[str], Kind | None] = lambda name: None
    names: Callable[[], Iterable[str]] = lambda: ()
    taken: Mapping[str, tuple[str, TableForm, str]] = field(default_factory=dict)

    def plain(self, name: str) -> Ref | None:
        if name in self.taken:
            join, form, column = self.taken[name]
            kind = form.kinds(column)
            return Field(kind, form.key, column, join) if kind is not None else None
        kind = self.kinds(name)
        return None if kind is None else Variable(kind, self.dataset, name)

    def prefixed(self, prefix: str, rest: str) -> Ref | None:
        if prefix == "row" and rest in ROW_FACTS:
            return RowFact(ROW_FACTS[rest], rest)
        if prefix == self.dataset and (kind := self.kinds(rest)) is not None:
            return Variable(kind, self.dataset, rest)
        return super().prefixed(prefix, rest)

    def known(self) -> list[str]:
        return [*self.names(), *self.taken]


@dataclass
class TableScope(Scope):
    """A table by itself: the other side of a summary or join, or a raw source's own expressions."""

    table: TableForm | None = None

    def plain(self, name: str) -> Ref | None:
        assert self.table is not None
        kind = self.table.kinds(name)
        return None if kind is None else Field(kind, self.table.key, name)

    def prefixed(self, prefix: str, rest: str) -> Ref | None:
        assert self.table is not None
        if prefix == "row" and rest in ROW_FACTS and self.table.key.startswith("raw."):
            return RowFact(ROW_FACTS[rest], rest)
        if prefix == self.table.key and (kind := self.table.kinds(rest)) is not None:
            return Field(kind, self.table.key, rest)
        return super().prefixed(prefix, rest)

    def known(self) -> list[str]:
        assert self.table is not None
        return list(self.table.names())


@dataclass
class PairScope(Scope):
    """In `where` and `order` of a summary or join: bare is the other table, `this.` the record that asks.

    `own` : the summary looks at the records' own dataset or group, so bare is never ambiguous.
    `name` : how the other table is called there (`LB`, `raw.LABS`, a block).
    """

    left: Scope | None = None
    right: TableScope | None = None
    name: str = ""
    own: bool = False

    def resolve(self, text: str, mark: Mark, quoted: bool = False) -> Ref | None:
        assert self.left is not None
        assert self.right is not None
        if not quoted and text.startswith("this."):
            found = self.left.resolve(text[5:], mark)
            return None if found is None else Mine(found.kind, found)
        if not quoted and text.startswith(f"{self.name}."):
            found = self.right.plain(text[len(self.name) + 1 :])
            if found is not None:
                return Other(found.kind, found)
        found = self.right.plain(text)
        if found is not None:
            if not self.own and self.left.plain(text) is not None:
                self.log.add(
                    "name-on-both-sides",
                    f"{text} is in {self.name} and in {self.left.here}.",
                    mark.place,
                    hint=f"Write {self.name}.{text} or this.{text}.",
                )
                return None
            return Other(found.kind, found)
        if "." not in text and self.left.plain(text) is not None:
            self.log.add("unknown-column", f"{self.name} has no column {text}.", mark.place, hint=f"Write this.{text}.")
            return None
        found = self.right.resolve(text, mark, quoted)
        if isinstance(found, Constant):
            return found
        return None if found is None else Other(found.kind, found)
