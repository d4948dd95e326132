"""The resolved specification: what the YAML of a study says, checked for form, with the place of each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .names import Mark, Scalar, domain_letters
from .tree import MapNode, Node


@dataclass(frozen=True, slots=True)
class Branch:
    """One branch of `case`: a condition (None: always) and one rule."""

    when: Scalar | None
    rule: Rule
    mark: Mark


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: exactly one operation, its main argument, the options beside it, and metadata.

    `operation` is the key as written (`from`, `value`, `expr`, `case`, `date`, `first`, `study_day`, `py.NAME`...).
    A bare name is operation `from`. `case` has `branches` and no argument.
    `options` and `argument` are YAML nodes; the engine resolves them by the operation's declaration.
    `meta` holds `origin`, `page`, `method`, `comment`, `document`, as nodes. `blocks` limits a rule of `derive`.
    """

    operation: str
    argument: Node | None
    options: Mapping[str, Node] = field(default_factory=dict)
    branches: tuple[Branch, ...] = ()
    meta: Mapping[str, Node] = field(default_factory=dict)
    blocks: tuple[Scalar, ...] = ()
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class OrderItem:
    """A name to sort by; missing sorts last either way."""

    name: Scalar
    descending: bool = False


@dataclass(frozen=True, slots=True)
class DateTexts:
    """How dates are written: `formats` in the order tried, `unknown` tokens of a part, `pivot` year of `yy`."""

    formats: tuple[Scalar, ...] = ()
    unknown: tuple[str, ...] = ()
    pivot: int | None = None


@dataclass(frozen=True, slots=True)
class SourceColumn:
    """A typed column of a raw source."""

    name: str
    type: str = ""  # text, number, date, time or "" (not declared)
    formats: tuple[Scalar, ...] = ()
    missing: tuple[str, ...] = ()
    decimal: str = "."
    thousands: str = ""
    codelist: Scalar | None = None
    aliases: tuple[str, ...] = ()
    limits: tuple[float | None, float | None] | None = None
    free: frozenset[str] = frozenset()  # folded texts that a join's `any` names: no codelist is asked
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """A raw source as section 4 of the language has it."""

    name: str
    file: Scalar
    sheet: Scalar | None = None  # the one name or pattern; None: the first sheet, or see `sheets`
    sheets: tuple[Scalar, ...] = ()  # all names and patterns said, one or several
    header: tuple[str, ...] = ("name",)
    skip_rows: Scalar | None = None
    range: Scalar | None = None
    footer: Scalar | None = None
    encoding: str = ""  # "": utf-8, or what a sas7bdat says of itself
    delimiter: str = ","
    stamp: Mapping[str, str] = field(default_factory=dict)
    rename: Mapping[str, str] = field(default_factory=dict)
    strip_prefix: str = ""
    columns: Mapping[str, SourceColumn] = field(default_factory=dict)
    subject: Scalar | None = None
    subject_pattern: Scalar | None = None
    subject_form: Scalar | None = None
    visit: Scalar | None = None
    date: Scalar | None = None
    date_formats: tuple[Scalar, ...] = ()
    visits: Mapping[str, Scalar] = field(default_factory=dict)
    unknown_visit: str = "missing"
    where: Scalar | None = None
    key: tuple[Scalar, ...] = ()
    supersedes: Scalar | None = None
    one_subject: tuple[Scalar, ...] = ()
    duplicates: str = "keep"
    duplicates_ignore: tuple[Scalar, ...] = ()
    expect: Mapping[str, Scalar] = field(default_factory=dict)
    missing: tuple[str, ...] | None = None
    date_texts: DateTexts = field(default_factory=DateTexts)
    origin: Mapping[str, str] = field(default_factory=dict)
    document: Scalar | None = None
    pages: tuple[Scalar, ...] = ()
    pages_by_column: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    integers: Mapping[str, int] = field(default_factory=dict)
    unused: tuple[tuple[tuple[Scalar, ...], str], ...] = ()
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class GivenSpec:
    """Ready datasets as input: a file or a folder, which datasets, `sdtm` or `adam`."""

    name: str
    path: Scalar
    folder: bool
    datasets: tuple[Scalar, ...] = ()
    standard: str = "sdtm"
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class SubjectsSpec:
    """The register of all subjects, the expression of USUBJID over its columns, later number -> first number."""

    register: Scalar
    usubjid: Scalar
    same_person: Mapping[str, Scalar] = field(default_factory=dict)
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class CodelistSpec:
    """What the study says of a codelist: subset, extensions (term -> decode), synonyms (raw text -> term)."""

    name: str
    terms: tuple[Scalar, ...] = ()
    add: Mapping[str, Scalar] = field(default_factory=dict)
    synonyms: Mapping[str, Scalar] = field(default_factory=dict)
    synonyms_ct: bool = False
    code: Scalar | None = None
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class Conversion:
    """A unit conversion of the study: standard = collected x factor + offset, for these tests or for all."""

    source: Scalar
    target: Scalar
    factor: Scalar
    offset: Scalar | None = None
    tests: tuple[Scalar, ...] = ()
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class Document:
    """A document of the submission: id, title, file, pages."""

    id: str
    title: Scalar
    file: Scalar
    pages: tuple[Scalar, ...] = ()
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class JoinSpec:
    """One join: with a named table or one written in the file; keys left -> right."""

    name: str
    table: Scalar | None = None  # raw.X, a dataset, a block
    rows: tuple[tuple[Scalar, ...], ...] = ()  # a table written here; the first row has the names
    where: Scalar | None = None
    by: tuple[tuple[Scalar, Scalar], ...] = ()  # (left, right); empty: USUBJID
    between: tuple[tuple[Scalar, Scalar, Scalar], ...] = ()  # left in [low, high]
    any: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    take: tuple[tuple[str, Scalar], ...] = ()  # (new name, right column)
    pick_order: tuple[OrderItem, ...] = ()
    pick_keep: str = ""  # first, last or "" (several are an issue)
    unmatched: str = "issue"
    orphans: str = "ok"
    blocks: tuple[Scalar, ...] = ()
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class NotDone:
    """When a result was not done: texts of it, an expression, either or both."""

    results: tuple[Scalar, ...] = ()
    when: Scalar | None = None
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class TestEntry:
    """One entry of `transpose`: the test code (`*` for every other test column) and its rules."""

    __test__ = False

    key: str
    testcd: str
    rules: Mapping[str, Rule]
    where: Scalar | None = None
    not_done: NotDone | None = None
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class MakeSpec:
    """`make: NAME` with its arguments."""

    name: Scalar
    arguments: Mapping[str, Node]
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class DecisionSpec:
    """One row of a time-to-event parameter's table; `when` None: the row of a cut."""

    date: Scalar
    cnsr: Scalar
    evntdesc: Scalar
    cnsdtdsc: Scalar | None = None
    when: Scalar | None = None
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class ParameterSpec:
    """A time-to-event parameter (language, section 10), or the cut of another one.

    code : PARAMCD; subjects, unit : of a cut those of the parameter that is cut in the end
    where : condition on the subjects, of a cut on the records of `of`
    inherited : names of dates that a cut has from `of`; keys : where each key stands
    """

    code: str
    subjects: Scalar
    where: Scalar | None
    unit: str
    rows: tuple[DecisionSpec, ...]
    start: Scalar | None = None
    of: str = ""
    cut_date: Scalar | None = None
    dates: Mapping[str, Rule] = field(default_factory=dict)
    inherited: tuple[str, ...] = ()
    constants: Mapping[str, Scalar] = field(default_factory=dict)
    mark: Mark = Mark()
    table_mark: Mark = Mark()

    @property
    def taken(self) -> tuple[str, ...]:
        """What a cut has from the parameter that is cut: its start and its dates."""
        return ("STARTDT", *self.inherited) if self.of else ()

    @property
    def block(self) -> str:
        """The name of the block that makes its records."""
        return self.code.lower()


@dataclass(frozen=True, slots=True)
class BlockSpec:
    """A block that turns rows into records; the steps are always in the order of the fields.

    derive : rules over the finished records of this block alone; `parameter` whose records these are
    """

    name: str
    sources: tuple[Scalar, ...] = ()
    make: MakeSpec | None = None
    where: Scalar | None = None
    why: str = ""
    one_per_by: tuple[Scalar, ...] = ()
    one_per_order: tuple[OrderItem, ...] = ()
    one_per_keep: str = ""
    joins: Mapping[str, JoinSpec] = field(default_factory=dict)
    group: tuple[Scalar, ...] = ()
    transpose: Mapping[str, TestEntry] = field(default_factory=dict)
    not_done: NotDone | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)  # `set`, and `copy` as `from` rules
    derive: Mapping[str, Rule] = field(default_factory=dict)
    parameter: ParameterSpec | None = None
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class TestSpec:
    """What a test is, whatever block it comes from."""

    __test__ = False

    testcd: str
    unit: str = ""
    digits: int | None = None
    factor: str = ""
    limits: tuple[float | None, float | None] | None = None
    possible: tuple[float | None, float | None] | None = None
    codelist: Node | None = None
    comment: str = ""
    constants: Mapping[str, Scalar] = field(default_factory=dict)
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """Value level metadata added by hand: a condition and what differs."""

    where: Scalar
    type: str = ""
    length: int | None = None
    digits: int | None = None
    codelist: Node | None = None
    origin: Node | None = None
    method: str = ""
    comment: str = ""
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class VariableSpec:
    """What is true of a variable, over the standard; None or "" where nothing is said."""

    name: str
    label: str = ""
    type: str = ""
    length: int | None = None
    format: str = ""
    digits: int | None = None
    codelist: Node | None = None
    evaluator: str = ""
    mandatory: bool | None = None
    comment: str = ""
    values: tuple[ValueSpec, ...] = ()
    mark: Mark = Mark()


@dataclass(frozen=True, slots=True)
class DatasetSpec:
    """One dataset file, resolved. `letters` stand for `--` in its variables: those of its domain, without AP."""

    name: str
    domain: str
    standard: str = "sdtm"  # or adam
    klass: str = ""
    label: str = ""
    structure: str = ""
    blocks: Mapping[str, BlockSpec] = field(default_factory=dict)
    joins: Mapping[str, JoinSpec] = field(default_factory=dict)
    tests: Mapping[str, TestSpec] = field(default_factory=dict)
    derive: Mapping[str, Rule] = field(default_factory=dict)
    variables: Mapping[str, VariableSpec] = field(default_factory=dict)
    parameters: MapNode | None = None
    core: tuple[Scalar, ...] | None = None
    without: tuple[Scalar, ...] = ()
    keys: tuple[OrderItem, ...] = ()
    expect: Mapping[str, Scalar] = field(default_factory=dict)
    comment: str = ""
    write: str = ""
    tree: MapNode | None = None  # the merged YAML, for `show`
    file: str = ""
    mark: Mark = Mark()

    @property
    def letters(self) -> str:
        """What `--` is in names of variables: the domain, of an associated persons' one its last two letters."""
        return domain_letters(self.domain) if self.standard == "sdtm" else self.domain


@dataclass(frozen=True, slots=True)
class StudySpec:
    """The whole specification of a study.

    `folder` is specs/STUDY, `mappings` mappings/STUDY. Trees that one record maker alone reads (elements, arms,
    visits, unscheduled, inclusion_exclusion, summary), and populations and analyses, stay YAML nodes, checked for form.
    `defaults`: rules for all datasets of a standard (packaged base, then the study's), with `--` for the letters.
    `sources` are all YAML and table files read, for the manifest.
    """

    id: str
    folder: Path
    mappings: Path
    study: Mapping[str, str] = field(default_factory=dict)
    standards: Mapping[str, str] = field(default_factory=dict)
    ct: Mapping[str, str] = field(default_factory=dict)
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    encoding: str = "ascii"
    constants: Mapping[str, Scalar] = field(default_factory=dict)
    raw: Mapping[str, SourceSpec] = field(default_factory=dict)
    given: Mapping[str, GivenSpec] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    date_texts: DateTexts = field(default_factory=DateTexts)
    subjects: SubjectsSpec | None = None
    epochs: tuple[Scalar, ...] = ()
    elements: MapNode | None = None
    arms: MapNode | None = None
    visits: MapNode | None = None
    unscheduled: MapNode | None = None
    inclusion_exclusion: Node | None = None
    summary: MapNode | None = None
    codelists: Mapping[str, CodelistSpec] = field(default_factory=dict)
    conversions: tuple[Conversion, ...] = ()
    documents: Mapping[str, Document] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, Rule]] = field(default_factory=dict)
    core: tuple[Scalar, ...] = ()
    functions: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)
    corrections: tuple[MapNode, ...] = ()
    accepted: tuple[MapNode, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    populations: MapNode | None = None
    analyses: MapNode | None = None
    datasets: Mapping[str, DatasetSpec] = field(default_factory=dict)
    tree: MapNode | None = None
    sources: tuple[Path, ...] = ()
