"""Frozen types passed between rooms; imports no room."""

from .column import MISSING_DATE, MISSING_TIME, Kind, Vector
from .names import Mark, Scalar
from .raw import CELL_KINDS, Header, Part, RawTable, Rows
from .spec import (
    BlockSpec,
    Branch,
    CodelistSpec,
    Conversion,
    DatasetSpec,
    DateTexts,
    Document,
    GivenSpec,
    JoinSpec,
    MakeSpec,
    NotDone,
    OrderItem,
    Rule,
    SourceColumn,
    SourceSpec,
    StudySpec,
    SubjectsSpec,
    TestEntry,
    TestSpec,
    ValueSpec,
    VariableSpec,
)
from .tree import ListNode, MapNode, Node

__all__ = [
    "CELL_KINDS", "MISSING_DATE", "MISSING_TIME", "BlockSpec", "Branch", "CodelistSpec", "Conversion", "DatasetSpec",
    "DateTexts", "Document", "GivenSpec", "Header", "JoinSpec", "Kind", "ListNode", "MakeSpec", "MapNode", "Mark", "Node",
    "NotDone", "OrderItem", "Part", "RawTable", "Rows", "Rule", "Scalar", "SourceColumn", "SourceSpec", "StudySpec",
    "SubjectsSpec", "TestEntry", "TestSpec", "ValueSpec", "VariableSpec", "Vector",
]  # fmt: skip
