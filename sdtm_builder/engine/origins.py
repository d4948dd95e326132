"""Origins of variables for define.xml and QORIG: followed from the rule to the raw columns behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..issues import IssueLog
from ..model import MapNode, Mark, Node, Rule, Scalar, SourceSpec
from ..model.metadata import OriginMeta
from ..registry import derivations, makers
from .compiled import texts_of
from .copies import is_copy
from .pieces import Group, Made, Piece, entry_of, piece_of, planned_groups
from .refs import Constant, Field, OfSubject, Ref, RowFact, Variable, leaves

if TYPE_CHECKING:
    from .plan import Plan
    from .variables import DatasetPlan

SOURCE = {"Collected": "Investigator", "Derived": "Sponsor", "Assigned": "Sponsor", "Protocol": "Sponsor"}
"""Who an origin is from where nothing is said."""

CARRIERS = ("from", "date", "date_parts", "checked", "one_of", "header")
"""Operations that write what a column says, perhaps in another form."""

WORDS = {"Derived": "DERIVED", "Assigned": "ASSIGNED", "Protocol": "PROTOCOL", "Predecessor": "PREDECESSOR"}
RANK = ("Derived", "Assigned", "Collected", "Protocol", "Predecessor")


def origin(kind: str, source: str = "") -> OriginMeta:
    """An origin of a type, from whom it usually is if nothing is said."""
    return OriginMeta(kind, source or SOURCE.get(kind, ""))


def word_of(found: OriginMeta | None) -> str:
    """QORIG: CRF for what the investigator or the subject stated, eDT for a vendor's data, else the type (IG 8.4)."""
    if found is None:
        return ""
    if found.type == "Collected":
        return "eDT" if found.source == "Vendor" else "CRF"
    return WORDS.get(found.type, found.type.upper())


def common(found: Iterable[OriginMeta | None]) -> OriginMeta | None:
    """The most specific origin that several have in common, None if there is none.

    Type and source must agree. Pages of one document are put together; where only some name a document, or several
    do, the one of the first that names any stands with its pages. Predecessors are named one after the other.
    """
    listed = [o for o in dict.fromkeys(found) if o is not None]
    if not listed or len({(o.type, o.source) for o in listed}) > 1:
        return None
    first = next((o for o in listed if o.document), listed[0])
    pages = dict.fromkeys(p for o in listed if o.document == first.document for p in o.pages)
    names = dict.fromkeys(o.description for o in listed if o.description)
    return replace(first, pages=tuple(pages), description=", ".join(names))


def likeliest(found: Sequence[OriginMeta | None]) -> OriginMeta | None:
    """Where nothing is in common: of the types that occur the one that asks most of a reviewer (Derived first)."""
    listed = [o for o in found if o is not None]
    kinds = sorted({o.type for o in listed}, key=lambda k: RANK.index(k) if k in RANK else len(RANK))
    same = [o for o in listed if o.type == kinds[0]] if kinds else []
    sources = list(dict.fromkeys(o.source for o in same))
    return common(o for o in same if o.source == sources[0]) if same else None


class Origins:
    """Finds origins of a plan's variables."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._busy: set[tuple[str, str, Group]] = set()
        self._made: dict[tuple[str, str, Group], OriginMeta | None] = {}

    def word(self, made: DatasetPlan, name: str) -> str:
        """QORIG of a supplemental qualifier, from all its rules."""
        found = [self.of(made, name, g) for g in planned_groups(made)]
        return word_of(common(found) or likeliest(found))

    def of(self, made: DatasetPlan, name: str, group: Group) -> OriginMeta | None:
        """The origin of a variable in a group of records; None where nothing makes it."""
        key = (made.name, name, group)
        if key in self._busy:
            return None
        if key not in self._made:
            self._busy.add(key)
            try:
                self._made[key] = self._of(made, name, group)
            finally:
                self._busy.discard(key)
        return self._made[key]

    def _of(self, made: DatasetPlan, name: str, group: Group) -> OriginMeta | None:
        piece = piece_of(made, name, group)
        found = self._of_piece(piece)
        planned = piece.made is Made.MAKER or (found is not None and found.type in ("Assigned", "Collected"))
        if planned and self.is_trial_design(made) and name != "DOMAIN" and not _explicit(piece):
            return origin("Protocol")
        return found

    def is_trial_design(self, made: DatasetPlan) -> bool:
        """Whether a dataset is the protocol's."""
        known = self.plan.sdtmig.dataset(made.spec.domain)
        klass = made.spec.klass or (known.klass if known is not None else "")
        return made.spec.standard == "sdtm" and klass.upper().replace("-", " ") == "TRIAL DESIGN"

    def _of_piece(self, piece: Piece) -> OriginMeta | None:
        if piece.made is Made.BUILT_IN:
            return self._built_in(piece)
        if piece.made in (Made.CONSTANT, Made.CODE):
            return origin("Assigned")
        if piece.made is Made.STATUS:
            return self.of(piece.dataset, f"{piece.dataset.spec.letters}ORRES", piece.group)
        if piece.made is Made.MAKER:
            return origin("Derived")
        if piece.rule is None:
            return None
        return self._said(piece.rule, self._rule(piece, piece.rule))

    def _built_in(self, piece: Piece) -> OriginMeta:
        if is_copy(piece.dataset.spec):
            return origin("Not Available")
        sources = piece.dataset.blocks[piece.group.block].spec.sources
        copied = [s.text for s in sources if not s.text.startswith("raw.") and s.text not in piece.dataset.spec.blocks]
        if piece.dataset.spec.standard == "adam" and copied:
            return OriginMeta("Predecessor", description=", ".join(f"{s}.{piece.name}" for s in copied))
        return origin({"STUDYID": "Protocol", "DOMAIN": "Assigned"}.get(piece.name, "Derived"))

    # rules

    def _rule(self, piece: Piece, rule: Rule) -> OriginMeta:
        operation = rule.operation
        if operation == "value":
            return origin("Assigned")
        if operation == "expr":
            refs = piece.compiled.refs if piece.compiled is not None and piece.rule is rule else ()
            constant = bool(refs) and all(isinstance(leaves(r), Constant) for r in refs)
            return origin("Assigned" if constant else "Derived")
        if operation == "header":
            return self._block_source(piece, piece.column)
        if operation == "case":
            return self._case(piece, rule)
        if operation in CARRIERS:
            return self._carried(piece, rule)
        registered = self.plan.functions.get(operation) or derivations().get(operation)
        return origin(registered.origin if registered is not None else "Derived")

    def _case(self, piece: Piece, rule: Rule) -> OriginMeta:
        """Collected (or as the source says) where each branch takes a raw column, else Derived."""
        found = [self._rule(piece, b.rule) for b in rule.branches]
        raw = all(b.rule.operation in CARRIERS for b in rule.branches)
        same = common(found) if raw else None
        return same if same is not None and same.type not in ("Predecessor", "Derived") else origin("Derived")

    def _carried(self, piece: Piece, rule: Rule) -> OriginMeta:
        found = [self._ref(piece, ref) for ref in self._names(piece, rule)]
        same = common(found) or likeliest(found) or origin("Derived")
        changed = "map" in rule.options or rule.operation != "from"
        return origin("Derived") if same.type == "Predecessor" and changed else same

    def _names(self, piece: Piece, rule: Rule) -> list[Ref]:
        """The names that a carrying rule takes its value from."""
        nodes: list[Scalar] = []
        if isinstance(rule.argument, MapNode):
            nodes = [Scalar(k, rule.argument.keys.get(k, Mark())) for k in rule.argument]
        else:
            nodes = texts_of(rule.argument) + texts_of(rule.options.get("time"))
        assert piece.scope is not None
        quiet = replace(piece.scope, log=IssueLog())
        found = [quiet.resolve(n.text, n.mark) for n in nodes]
        return [r for r in found if r is not None]

    # names

    def _ref(self, piece: Piece, ref: Ref) -> OriginMeta | None:
        inner = leaves(ref)
        if isinstance(inner, Field):
            return self._field(piece, inner)
        if isinstance(inner, Variable):
            return self.of(piece.dataset, inner.name, piece.group)
        if isinstance(inner, OfSubject):
            return OriginMeta("Predecessor", description=f"{inner.dataset}.{inner.name}")
        if isinstance(inner, Constant):
            return origin("Assigned")
        if isinstance(inner, RowFact):
            return self._fact(piece, inner)
        return None

    def _field(self, piece: Piece, field: Field) -> OriginMeta | None:
        """A raw column has its source's origin, a dataset's is a predecessor, one of a table written here assigned."""
        tables = field.table.split("+")
        if all(t.startswith("raw.") for t in tables):
            return common(self._column(self.plan.study.raw[t[4:]], field.column) for t in tables)
        if field.table.startswith("table:"):
            return origin("Assigned")
        if field.table.startswith("made:"):
            return self._made_column(field)
        dataset, _, block = field.table.partition("/")
        if dataset == piece.dataset.name and dataset in self.plan.datasets:
            groups = [g for g in planned_groups(piece.dataset) if g.block == block or not block]
            return common(self.of(piece.dataset, field.column, g) for g in groups)
        if field.column[:1].islower():  # a temporary of another dataset is no variable that could precede
            return origin("Derived")
        return OriginMeta("Predecessor", description=f"{dataset}.{field.column}")

    def _made_column(self, field: Field) -> OriginMeta:
        """A column of a record maker has the maker's origin."""
        dataset, _, block = field.table.removeprefix("made:").partition("/")
        spec = self.plan.datasets[dataset].spec.blocks[block].make
        maker = makers().get(spec.name.text) if spec is not None else None
        return origin(maker.origin if maker is not None else "Derived")

    def _fact(self, piece: Piece, fact: RowFact) -> OriginMeta | None:
        if fact.what == "cell":
            return self._block_source(piece, piece.column)
        if fact.what in ("file", "sheet"):
            return self._block_source(piece, "")
        return origin("Derived" if fact.what in ("USUBJID", "number") else "Assigned")

    def _block_source(self, piece: Piece, column: str) -> OriginMeta:
        sources = piece.dataset.blocks[piece.group.block].spec.sources
        raw = [self.plan.study.raw[s.text[4:]] for s in sources if s.text.startswith("raw.")]
        return common(self._column(s, column) for s in raw) or origin("Derived")

    def _column(self, source: SourceSpec, column: str) -> OriginMeta:
        kind = source.origin.get("type", "Collected")
        pages = source.pages_by_column.get(column, source.pages)
        document = source.document.text if source.document is not None else ""
        return self._located(origin(kind, source.origin.get("source", "")), document, pages)

    def _located(self, found: OriginMeta, document: str, pages: Iterable[Scalar]) -> OriginMeta:
        """With document and pages; pages without document are the annotated CRF's, a document's own are the default."""
        listed = tuple(p.text for p in pages)
        if listed and not document:
            document = self.annotated_crf()
        known = self.plan.study.documents.get(document)
        if known is not None and not listed:
            listed = tuple(p.text for p in known.pages)
        return replace(found, document=document, pages=listed)

    def annotated_crf(self) -> str:
        """The id of the annotated CRF among the study's documents, "" if there is none."""
        return next((d.id for d in self.plan.study.documents.values() if is_annotated_crf(d.id, d.title.text)), "")

    # what a rule says over it

    def _said(self, rule: Rule, found: OriginMeta) -> OriginMeta:
        """`origin`, `page`, `document` beside a rule over what follows from it."""
        said = self.of_node(rule.meta.get("origin"))
        if said is not None:
            same = said.type == found.type
            found = replace(said, document=found.document, pages=found.pages) if same else said
            if said.type == "Predecessor":
                found = replace(found, description=found.description or self._argument(rule))
        if "page" in rule.meta or "document" in rule.meta:
            document = rule.meta.get("document")
            named = document.text if isinstance(document, Scalar) else found.document
            return self._located(replace(found, document="", pages=()), named, texts_of(rule.meta.get("page")))
        return found

    def _argument(self, rule: Rule) -> str:
        names = texts_of(rule.argument)
        return names[0].text if names else ""

    def of_node(self, node: Node | None) -> OriginMeta | None:
        """An origin as written beside a rule or a value: a type, or type and source."""
        if isinstance(node, Scalar):
            return origin(node.text)
        if isinstance(node, MapNode):
            kind, source = node.get("type"), node.get("source")
            if isinstance(kind, Scalar):
                return origin(kind.text, source.text if isinstance(source, Scalar) else "")
        return None


def _explicit(piece: Piece) -> bool:
    return piece.rule is not None and "origin" in piece.rule.meta


def is_annotated_crf(id: str, title: str) -> bool:
    """Whether a document of the study is its annotated CRF: by its id `acrf`, else by its title."""
    return id.lower() == "acrf" or "annotated crf" in title.lower() or "annotated case report form" in title.lower()


__all__ = ["CARRIERS", "Origins", "common", "entry_of", "is_annotated_crf", "likeliest", "origin", "word_of"]
