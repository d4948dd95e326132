"""Analysis Results Metadata: what the template writes of each analysis, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..model.metadata import AnalysisMeta, StudyMeta
from . import define_oids as oids
from .define_view import MANY_VALUES, ONE_VALUE, where_of


@dataclass(frozen=True, slots=True)
class Data:
    """One arm:AnalysisDataset."""

    group: str
    where: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """One arm:ResultDisplay with its arm:AnalysisResult."""

    meta: AnalysisMeta
    display: str
    oid: str
    parameter: str
    comment: str
    data: tuple[Data, ...]


def results_of(meta: StudyMeta) -> tuple[Result, ...]:
    """Every analysis with its OIDs, in the order of the input."""
    return tuple(_result(analysis) for analysis in meta.analyses)


def _result(analysis: AnalysisMeta) -> Result:
    data = tuple(
        Data(
            oids.group_oid(one.dataset),
            where_of(one.dataset, one.where).oid if one.where else "",
            tuple(oids.item_oid(one.dataset, variable) for variable in one.variables),
        )
        for one in analysis.data
    )
    parameter = oids.item_oid(analysis.data[0].dataset, analysis.parameter) if analysis.parameter else ""
    comment = oids.comment_oid(analysis.comment) if analysis.comment else ""
    return Result(analysis, oids.display_oid(analysis.id), oids.result_oid(analysis.id), parameter, comment, data)


def analysis_faults(meta: StudyMeta) -> Iterator[tuple[str, str]]:
    """(rule, message) of everything in the analyses that define.xml cannot hold or that refers to nothing.

    Source: Analysis Results Metadata 1.0 for Define-XML 2, sections on arm:ResultDisplay and arm:AnalysisResult.
    """
    variables = {d.name: {v.name for v in d.variables} for d in meta.datasets}
    documents, comments = {d.id for d in meta.documents}, {c.id for c in meta.comments}
    seen: set[str] = set()
    for analysis in meta.analyses:
        what = f"analysis {analysis.id}"
        if analysis.id in seen:
            yield "define-duplicate", f"two analyses are named {analysis.id}"
        seen.add(analysis.id)
        for field in ("title", "result", "reason", "purpose"):
            if not getattr(analysis, field):
                yield "define-reference", f"{what} has no {field}"
        if not analysis.data:
            yield "define-reference", f"{what} has no dataset"
        if analysis.comment and analysis.comment not in comments:
            yield "define-reference", f"{what} names no comment {analysis.comment}"
        if len(analysis.data) > 1 and not analysis.comment:
            yield "define-incomplete", f"{what} has several datasets and no comment that explains the join"
        for id, _pages in analysis.documents:
            if id not in documents:
                yield "define-reference", f"{what} names no document {id}"
        for one in analysis.data:
            used = [*one.variables, *(c.variable for c in one.where)]
            used += [analysis.parameter] if analysis.parameter and one is analysis.data[0] else []
            for name in used:
                if name not in variables.get(one.dataset, ()):
                    yield "define-reference", f"{what} names {one.dataset}.{name}, which isn't there"
            for check in one.where:
                if check.comparator not in ONE_VALUE + MANY_VALUES or not check.values:
                    yield "define-where", f"{what} has a condition that can't be written"
                elif check.comparator in ONE_VALUE and len(check.values) > 1:
                    yield "define-where", f"{what}: {check.comparator} has {len(check.values)} values"
