"""What define.xml says: the metadata of built datasets, as the writers take it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermMeta:
    """One term: `decode` "" where the list has none, `code` the NCI C-code, `extended` for a sponsor's term."""

    term: str
    decode: str = ""
    code: str = ""
    extended: bool = False


@dataclass(frozen=True, slots=True)
class CodelistMeta:
    """A codelist as this study uses it (a subset): `data_type` text, integer or float.

    `code` is the C-code, `standard` the key of its CT package in `StudyMeta.standards` ("" for a sponsor's list).
    `dictionary` with `version` makes it an external codelist (MedDRA), without terms.
    """

    id: str
    name: str
    data_type: str = "text"
    terms: tuple[TermMeta, ...] = ()
    code: str = ""
    standard: str = ""
    dictionary: str = ""
    version: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class OriginMeta:
    """Origin type (Collected, Derived, Assigned, Protocol, Predecessor, Not Available), its source, and where to look.

    `document` is a key of `StudyMeta.documents`; `pages` are page numbers or named destinations of it;
    `description` is the predecessor (`DM.USUBJID`).
    """

    type: str
    source: str = ""
    document: str = ""
    pages: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class MethodMeta:
    """A method: type Computation or Imputation, text, perhaps a document."""

    id: str
    name: str
    text: str
    type: str = "Computation"
    document: str = ""
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CommentMeta:
    """A comment, perhaps with a document."""

    id: str
    text: str
    document: str = ""
    pages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConditionMeta:
    """One check of a where clause: comparator EQ, NE, IN, NOTIN, LT, LE, GT, GE; `dataset` "" means the same one."""

    variable: str
    comparator: str
    values: tuple[str, ...]
    dataset: str = ""


@dataclass(frozen=True, slots=True)
class ValueMeta:
    """Value level metadata under one condition (all checks hold); None or "" where nothing differs is known."""

    where: tuple[ConditionMeta, ...]
    data_type: str
    length: int | None = None
    digits: int | None = None
    codelist: str = ""
    origin: OriginMeta | None = None
    method: str = ""
    comment: str = ""
    mandatory: bool = False
    label: str = ""
    format: str = ""


@dataclass(frozen=True, slots=True)
class VariableMeta:
    """One variable of a dataset, in written order.

    `type` is Char or Num (the XPT type). `data_type` is define.xml's: text, integer, float, date, datetime, time,
    partialDate, partialDatetime, incompleteDatetime, durationDatetime ... `length` in bytes (Char) or digits; None
    where define.xml wants none. `codelist`, `method`, `comment` are ids of `StudyMeta`. `key` 0: no key.
    """

    name: str
    label: str
    type: str
    data_type: str
    length: int | None = None
    digits: int | None = None
    format: str = ""
    role: str = ""
    core: str = ""
    mandatory: bool = False
    codelist: str = ""
    origin: OriginMeta | None = None
    method: str = ""
    comment: str = ""
    key: int = 0
    values: tuple[ValueMeta, ...] = ()
    standard: bool = True  # False for a variable that the IG or model hasn't got
    has_no_data: bool = False


@dataclass(frozen=True, slots=True)
class DatasetMeta:
    """One dataset: `name` of the file, `domain` its letters, class and subclass as Define-XML CT, purpose, keys.

    `standard` is a key of `StudyMeta.standards` ("" for a custom domain). `file` is relative to define.xml.
    `domain_label` describes the domain where `name` is another (split datasets, SUPP--); "" takes the label of the
    dataset that has the domain's name.
    """

    name: str
    domain: str
    label: str
    klass: str
    structure: str
    variables: tuple[VariableMeta, ...]
    subclass: str = ""
    standard: str = ""
    purpose: str = "Tabulation"  # or Analysis
    repeating: bool = True
    reference_data: bool = False
    comment: str = ""
    file: str = ""
    records: int = 0
    has_no_data: bool = False
    domain_label: str = ""


@dataclass(frozen=True, slots=True)
class StandardMeta:
    """One def:Standard: key, name (SDTMIG, ADaMIG, CDISC/NCI), type (IG, CT), version, publishing set (SDTM, ADaM)."""

    key: str
    name: str
    type: str
    version: str
    publishing_set: str = ""
    status: str = "Final"


@dataclass(frozen=True, slots=True)
class DocumentMeta:
    """A document of the submission; `kind` acrf or supplemental."""

    id: str
    title: str
    file: str
    kind: str = "supplemental"


@dataclass(frozen=True, slots=True)
class AnalysisDataMeta:
    """A dataset of an analysis result: which records (all checks hold), and the variables analysed."""

    dataset: str
    where: tuple[ConditionMeta, ...] = ()
    variables: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AnalysisMeta:
    """One display with its one result, for Analysis Results Metadata 1.0.

    `reason` (SPECIFIED IN SAP ...) and `purpose` (PRIMARY OUTCOME MEASURE ...) are never empty. `parameter` is the
    variable of `data[0]` that tells parameters apart, "" where there is none. `comment` is an id of
    `StudyMeta.comments`: how records are selected or datasets joined, beyond their conditions. `documents`: id, pages.
    `code` are the program statements, `context` what they are written in.
    """

    id: str
    title: str
    result: str
    reason: str
    purpose: str
    data: tuple[AnalysisDataMeta, ...]
    parameter: str = ""
    comment: str = ""
    text: str = ""
    documents: tuple[tuple[str, tuple[str, ...]], ...] = ()
    code: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class StudyMeta:
    """Everything that one define.xml holds."""

    study: str
    title: str
    protocol: str
    standard: str  # sdtm or adam
    standards: tuple[StandardMeta, ...]
    datasets: tuple[DatasetMeta, ...]
    codelists: tuple[CodelistMeta, ...] = ()
    methods: tuple[MethodMeta, ...] = ()
    comments: tuple[CommentMeta, ...] = ()
    documents: tuple[DocumentMeta, ...] = ()
    language: str = "en"
    analyses: tuple[AnalysisMeta, ...] = ()
