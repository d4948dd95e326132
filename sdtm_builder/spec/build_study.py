"""The study file as typed values, from its checked tree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..issues import IssueLog
from ..model import CodelistSpec, Conversion, Document, ListNode, MapNode, Node, Scalar, StudySpec, SubjectsSpec
from .arguments import child, entries, scalar, scalar_map, scalars, text, text_map, texts
from .build_rules import Operations, build_rules
from .build_source import build_date_texts, build_given, build_source, items
from .extends import Files
from .inherit import merge
from .schema_study import SYNONYMS
from .tables import synonym_table


def expand_synonyms(tree: MapNode, files: Files, log: IssueLog) -> MapNode:
    """The study map with every `{file: ...}` of synonyms read; what the YAML says stands over the table."""
    lists = tree.get("codelists")
    if not isinstance(lists, MapNode):
        return tree
    changed: dict[str, Node] = {}
    for name, node in lists.items.items():
        synonyms = node.get("synonyms") if isinstance(node, MapNode) else None
        changed[name] = node
        if not isinstance(node, MapNode) or synonyms is None:
            continue
        parts = synonyms.items if not isinstance(synonyms, MapNode | Scalar) else (synonyms,)
        read = [_with_file(part, files, log) if isinstance(part, MapNode) else part for part in parts]
        node_items = {**node.items, "synonyms": read[0] if len(read) == 1 else _same_list(synonyms, read)}
        changed[name] = MapNode(node_items, node.keys, node.mark)
    new = MapNode(changed, lists.keys, lists.mark)
    return MapNode({**tree.items, "codelists": new}, tree.keys, tree.mark)


def _with_file(part: MapNode, files: Files, log: IssueLog) -> Node:
    file = part.get("file")
    if not isinstance(file, Scalar) or not file.text:
        return part
    own = {k: v for k, v in part.items.items() if k != "file"}
    table = synonym_table(files, file, log)
    return merge(table, MapNode(own, {k: part.keys[k] for k in own}, part.mark), SYNONYMS)


def _same_list(node: Node, read: list[Node]) -> Node:
    return ListNode(tuple(read), node.mark)


def build_codelist(name: str, node: MapNode) -> CodelistSpec:
    """What the study says of a codelist; of a list of synonyms, later ones stand over earlier ones."""
    said = node.get("synonyms")
    parts = items(said) or ((said,) if said is not None else ())
    synonyms: dict[str, Scalar] = {}
    for part in parts:
        synonyms.update(scalar_map(part))
    return CodelistSpec(
        name=name,
        terms=scalars(node.get("terms")),
        add=scalar_map(node.get("add")),
        synonyms=synonyms,
        synonyms_ct=any(text(part) == "ct" for part in parts),
        code=scalar(node.get("code")),
        mark=node.mark,
    )


def build_conversion(node: Node) -> Conversion | None:
    """A unit conversion; None if a part of it was not sound."""
    source, target, factor = (scalar(child(node, k)) for k in ("from", "to", "factor"))
    if source is None or target is None or factor is None:
        return None
    return Conversion(source, target, factor, scalar(child(node, "offset")), scalars(child(node, "tests")), node.mark)


def build_document(name: str, node: MapNode) -> Document | None:
    """A document of the submission; None if a part of it was not sound."""
    title, file = scalar(node.get("title")), scalar(node.get("file"))
    if title is None or file is None:
        return None
    return Document(name, title, file, scalars(node.get("pages")), node.mark)


def build_subjects(node: Node | None) -> SubjectsSpec | None:
    """The register of subjects; None if a part of it was not sound."""
    register, usubjid = scalar(child(node, "register")), scalar(child(node, "usubjid"))
    if node is None or register is None or usubjid is None:
        return None
    return SubjectsSpec(register, usubjid, scalar_map(child(node, "same_person")), node.mark)


def build_study(
    node: MapNode, tree: MapNode, folder: Path, mappings: Path, operations: Operations, functions: tuple[str, ...]
) -> StudySpec:
    """The study without its datasets; `node` is the checked tree, `tree` the merged one for `show`."""
    dates = build_date_texts(node.get("date_texts"))
    defaults = {
        standard: build_rules(_less_core(child(node, "defaults", standard)), operations, functions)
        for standard in ("sdtm", "adam")
    }
    return StudySpec(
        id=text(child(node, "study", "id")),
        folder=folder,
        mappings=mappings,
        study=text_map(node.get("study")),
        standards=text_map(node.get("standards")),
        ct=text_map(child(node, "standards", "ct")),
        dictionaries=text_map(child(node, "standards", "dictionaries")),
        encoding=text(child(node, "submission", "encoding"), "ascii"),
        constants=scalar_map(node.get("constants")),
        raw=_built(node, "raw", lambda k, v: build_source(k, v, dates)),
        given=_built(node, "given", build_given),
        missing=texts(node.get("missing")),
        date_texts=dates,
        subjects=build_subjects(node.get("subjects")),
        epochs=scalars(node.get("epochs")),
        elements=_map(node.get("elements")),
        arms=_map(node.get("arms")),
        visits=_map(node.get("visits")),
        unscheduled=_map(node.get("unscheduled")),
        inclusion_exclusion=node.get("inclusion_exclusion"),
        summary=_map(node.get("summary")),
        codelists=_built(node, "codelists", build_codelist),
        conversions=tuple(c for c in map(build_conversion, items(node.get("conversions"))) if c is not None),
        documents=_built(node, "documents", build_document),
        defaults=defaults,
        core=scalars(child(node, "defaults", "adam", "core")),
        functions={k: scalars(v) for k, v in entries(node.get("functions")).items()},
        corrections=_maps(node.get("corrections")),
        accepted=_maps(node.get("accepted")),
        severity=text_map(node.get("severity")),
        populations=_map(node.get("populations")),
        analyses=_map(node.get("analyses")),
        tree=tree,
    )


def _built(node: MapNode, key: str, build: Any) -> Mapping[str, Any]:
    made = {k: build(k, v) for k, v in entries(node.get(key)).items() if isinstance(v, MapNode)}
    return {k: one for k, one in made.items() if one is not None}


def _map(node: Node | None) -> MapNode | None:
    return node if isinstance(node, MapNode) else None


def _maps(node: Node | None) -> tuple[MapNode, ...]:
    return tuple(item for item in items(node) if isinstance(item, MapNode))


def _less_core(node: Node | None) -> Node | None:
    if not isinstance(node, MapNode):
        return None
    kept = {k: v for k, v in node.items.items() if k != "core"}
    return MapNode(kept, {k: node.keys[k] for k in kept}, node.mark)
