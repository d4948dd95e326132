"""Raw sources and given inputs as typed values, from the checked tree of the study."""

from __future__ import annotations

from collections.abc import Sequence

from ..model import DateTexts, GivenSpec, ListNode, MapNode, Node, SourceColumn, SourceSpec
from .arguments import bounds, child, entries, scalar, scalar_map, scalars, text, text_map, texts, whole


def build_date_texts(node: Node | None) -> DateTexts:
    """How dates are written in the study."""
    return DateTexts(
        formats=scalars(child(node, "formats")),
        unknown=texts(child(node, "unknown")),
        pivot=whole(child(node, "pivot")),
    )


def build_source(name: str, node: MapNode, study: DateTexts) -> SourceSpec | None:
    """A raw source; its date texts are the study's, with its own formats over them. None if it names no file."""
    file = scalar(node.get("file"))
    if file is None:
        return None
    sheets = scalars(node.get("sheet"))
    subject, date, rename, pages = (node.get(k) for k in ("subject", "date", "rename", "pages"))
    by_column = {k: scalars(v) for k, v in entries(pages).items()}
    own_formats = scalars(node.get("formats"))
    return SourceSpec(
        name=name,
        file=file,
        sheet=sheets[0] if len(sheets) == 1 else None,
        sheets=sheets,
        header=texts(node.get("header")) or ("name",),
        skip_rows=scalar(node.get("skip_rows")),
        range=scalar(node.get("range")),
        footer=scalar(node.get("footer")),
        encoding=text(node.get("encoding"), ""),
        delimiter=text(node.get("delimiter"), ","),
        stamp=text_map(node.get("stamp")),
        rename={k: v for k, v in text_map(rename).items() if k != "strip_prefix"},
        strip_prefix=text(child(rename, "strip_prefix")),
        columns={k: build_column(k, v) for k, v in entries(node.get("columns")).items() if isinstance(v, MapNode)},
        subject=scalar(subject) or scalar(child(subject, "column")),
        subject_pattern=scalar(child(subject, "pattern")),
        subject_form=scalar(child(subject, "form")),
        visit=scalar(node.get("visit")),
        date=scalar(date) or scalar(child(date, "column")),
        date_formats=scalars(child(date, "formats")),
        visits=scalar_map(node.get("visits")),
        unknown_visit=text(node.get("unknown_visit"), "missing"),
        where=scalar(node.get("where")),
        key=scalars(node.get("key")),
        supersedes=scalar(node.get("supersedes")),
        one_subject=scalars(node.get("one_subject")),
        duplicates=text(child(node, "duplicates", "action"), "keep"),
        duplicates_ignore=scalars(child(node, "duplicates", "ignore")),
        expect=scalar_map(node.get("expect")),
        missing=texts(node.get("missing")) if "missing" in node else None,
        date_texts=DateTexts(own_formats or study.formats, study.unknown, study.pivot),
        origin=text_map(node.get("origin")),
        document=scalar(node.get("document")),
        pages=by_column.pop("*", ()) or scalars(pages),
        pages_by_column=by_column,
        integers={k: int(v) for k, v in text_map(node.get("integers")).items()},
        unused=tuple((scalars(child(u, "columns")), text(child(u, "why"))) for u in items(node.get("unused"))),
        mark=node.mark,
    )


def build_column(name: str, node: MapNode) -> SourceColumn:
    """A typed column."""
    return SourceColumn(
        name=name,
        type=text(node.get("type")),
        formats=scalars(node.get("formats")),
        missing=texts(node.get("missing")),
        decimal=text(node.get("decimal"), "."),
        thousands=text(node.get("thousands")),
        codelist=scalar(node.get("codelist")),
        aliases=texts(node.get("aliases")),
        limits=bounds(node.get("limits")),
        mark=node.mark,
    )


def build_given(name: str, node: MapNode) -> GivenSpec | None:
    """Ready datasets as input; None if no path was sound."""
    folder = scalar(node.get("folder"))
    path = folder or scalar(node.get("file"))
    if path is None:
        return None
    datasets = scalars(node.get("datasets"))
    return GivenSpec(name, path, folder is not None, datasets, text(node.get("standard"), "sdtm"), node.mark)


def items(node: Node | None) -> Sequence[Node]:
    """The items of a list, nothing for anything else."""
    return node.items if isinstance(node, ListNode) else ()
