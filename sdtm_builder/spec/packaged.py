"""Datasets that follow from the study file alone, by packaged mappings: trial design and subject elements.

A packaged mapping is a dataset file with one key more, `packaged`, that says when and how it is used:

    needs    paths in the study file, `*` for any entry; it is used where each of them leads to something
    each     such a path: every entry that has it makes a block, called as the entry in lower case
    block    that block. `{CODE}` stands for the entry's name, `{code}` for it in lower case, `{said}` for what the path
             leads to
    where    variable: condition; it joins the block's `where` if the dataset behind the block's `from` has the variable
    derive   dataset: temporary: rule, for every entry; they join the mapping of that dataset
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..issues import IssueLog
from ..model import ListNode, MapNode, Mark, Node, Scalar
from .arguments import child, entries, scalars, text, texts
from .faults import near_hint, report
from .inherit import merge
from .schema_dataset import DATASET_FILE
from .yaml_tree import read_yaml

BASE = Path(__file__).parent / "base" / "sdtm"
BASE_NAME = "sdtm_builder/spec/base/sdtm"


@dataclass(slots=True)
class Packaged:
    """The packaged mappings that a study uses, by dataset, and the rules that they add to its own mappings."""

    trees: dict[str, MapNode] = field(default_factory=dict)
    derive: dict[str, dict[str, tuple[Node, Mark]]] = field(default_factory=dict)

    def added_to(self, name: str, tree: MapNode, log: IssueLog) -> MapNode:
        """A mapping of the study with the temporaries that packaged ones need; one that it has already is a fault."""
        rules, own = self.derive.get(name, {}), entries(tree.get("derive"))
        for rule, (_, mark) in rules.items():
            if rule in own:
                report(log, "two-rules", mark, f"{rule} of {name} has a rule here and another in its mapping.")
        kept = {k: v for k, v in rules.items() if k not in own}
        if not kept:
            return tree
        mark = next(iter(kept.values()))[1]
        made = MapNode({k: v for k, (v, _) in kept.items()}, {k: m for k, (_, m) in kept.items()}, mark)
        merged = merge(MapNode({"derive": made}, {"derive": mark}, mark), tree, DATASET_FILE)
        return merged if isinstance(merged, MapNode) else tree


def packaged_names() -> list[str]:
    """The datasets that have a packaged mapping."""
    return [path.stem.upper() for path in sorted(BASE.glob("*.yaml"))]


def use_packaged(
    study: MapNode, own: Collection[str], mapping: Callable[[str], MapNode | None], given: set[str], log: IssueLog
) -> Packaged:
    """The packaged mappings for whose datasets the study has the parts, and neither a mapping nor ready data.

    Parameters
    ----------
    study : the merged study map; what its `without` names is not made
    own : the datasets that the study maps itself; `mapping` gives the map of one, None if it cannot be read
    given : its ready datasets
    log : takes the faults
    """
    used = Packaged()
    left_out = {*_without(study, log), *own, *given}
    for name in packaged_names():
        file = f"{name.lower()}.yaml"
        tree = read_yaml(BASE / file, f"{BASE_NAME}/{file}", log) if name not in left_out else None
        if tree is None:
            continue
        how = tree.get("packaged")
        adds = entries(child(how, "derive"))
        if all(_leads(study, path) for path in texts(child(how, "needs"))) and set(adds) <= set(own):
            blocks = {}
            for code, said, mark in _each(study, text(child(how, "each"))):
                blocks[code.lower()] = _block(how, own, mapping, code, said, mark)
                for dataset, rules in adds.items():
                    filled = _filled(rules, code, said, mark)
                    for rule, node in entries(filled).items():
                        used.derive.setdefault(dataset, {})[rule] = (node, mark)
            used.trees[name] = _mapping(tree, blocks)
    return used


def given_names(study: MapNode, folder: Path) -> set[str]:
    """Ready datasets, by name; of a folder without a list, those of its files."""
    found: set[str] = set()
    for one in entries(study.get("given")).values():
        listed = texts(child(one, "datasets"))
        path = child(one, "folder") or child(one, "file")
        if listed:
            found |= set(listed)
        elif isinstance(path, Scalar):
            there = folder / path.text
            found |= {p.stem.upper() for p in (there.iterdir() if there.is_dir() else [there])}
    return found


def _without(study: MapNode, log: IssueLog) -> set[str]:
    known = packaged_names()
    for name in scalars(study.get("without")):
        if name.text not in known:
            hint = near_hint(name.text, known)
            report(log, "bad-value", name.mark, f"`{name.text}` is no dataset that follows from the study file.", hint)
    return set(texts(study.get("without")))


def _leads(study: MapNode, path: str) -> bool:
    return next(_each(study, path), None) is not None


def _each(study: MapNode, path: str) -> Iterator[tuple[str, Node, Mark]]:
    """(entry, node, place of its key) for every entry from which the path leads on; without `*` the key itself."""
    key, _, rest = path.partition(".*.")
    node = study.get(key) if key else None
    for name, entry in entries(node).items() if rest else ():
        found = child(entry, rest)
        if found is not None and isinstance(entry, MapNode):
            yield name, found, entry.keys[rest]
    if not rest and entries(node):
        yield key, node, study.keys[key]  # type: ignore[misc]


def _block(
    how: Node | None,
    own: Collection[str],
    mapping: Callable[[str], MapNode | None],
    code: str,
    said: Node,
    mark: Mark,
) -> Node:
    block = _filled(child(how, "block"), code, said, mark)
    source = text(child(block, "from"))
    register = mapping(source) if source in own else None
    known = variables_of(register) if register is not None else set()
    more = [c for v, c in entries(_filled(child(how, "where"), code, said, mark)).items() if v in known]
    if not more or not isinstance(block, MapNode):
        return block
    where = " AND ".join(text(c) for c in (child(block, "where"), *more))
    return MapNode({**block.items, "where": Scalar(where, mark, False)}, block.keys, block.mark)


def variables_of(tree: MapNode) -> set[str]:
    """Variables that a mapping makes by `derive`, `set` or `copy`."""
    found = set(entries(tree.get("derive")))
    for block in entries(tree.get("records")).values():
        found |= {*entries(child(block, "set")), *texts(child(block, "copy"))}
    return found


def _mapping(tree: MapNode, blocks: Mapping[str, Node]) -> MapNode:
    kept = {k: v for k, v in tree.items.items() if k != "packaged"}
    if blocks:
        records = {**entries(tree.get("records")), **blocks}
        kept["records"] = MapNode(records, {k: v.mark for k, v in records.items()}, tree.mark)
    return MapNode(kept, {k: tree.keys.get(k, tree.mark) for k in kept}, tree.mark)


def _filled(node: Node | None, code: str, said: Node, mark: Mark) -> Node:
    """A part of a packaged mapping for one entry; its place is where the entry says it."""
    if isinstance(node, Scalar):
        if node.text == "{said}":
            return said
        return Scalar(node.text.replace("{CODE}", code).replace("{code}", code.lower()), mark, False)
    if isinstance(node, ListNode):
        return ListNode(tuple(_filled(item, code, said, mark) for item in node.items), mark)
    items = {k.replace("{code}", code.lower()): _filled(v, code, said, mark) for k, v in entries(node).items()}
    return MapNode(items, dict.fromkeys(items, mark), mark)
