"""Datasets that follow from the study file alone: trial design and subject elements, from packaged mappings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ..issues import IssueLog
from ..model import MapNode, Mark, Node, Scalar
from .arguments import child, entries, scalars, texts
from .faults import near_hint, report
from .inherit import merge
from .schema_dataset import DATASET_FILE
from .yaml_tree import read_yaml

BASE = Path(__file__).parent / "base"
BASE_NAME = "sdtm_builder/spec/base"
PACKAGED = ("TA", "TE", "TV", "TI", "TS", "SE")
REGISTER = "DM"


def packaged_trees(study: MapNode, register: MapNode | None, given: set[str], log: IssueLog) -> dict[str, MapNode]:
    """The packaged mappings that this study has all parts for, by dataset, with the blocks that its parts make.

    Parameters
    ----------
    study : the merged study map
    register : the mapping of DM, if the study has one
    given : ready datasets, which are never made

    A dataset is left out that the study file names under `without`, that is given, or whose parts the study file
    does not have: TA needs an arm with `path`, TE `elements`, TV a visit with `start_rule`, TI `inclusion_exclusion`,
    TS `summary`, SE an element with `begins`, an arm with `path` and a mapping of DM.
    """
    left_out = _without(study, log)
    found = {}
    for name in PACKAGED:
        if name in left_out or name in given or not _has_parts(name, study, register):
            continue
        tree = read_yaml(BASE / f"{name.lower()}.yaml", f"{BASE_NAME}/{name.lower()}.yaml", log)
        if tree is not None:
            blocks = _element_blocks(study, register) if name == "SE" else _summary_blocks(study)
            found[name] = _with_blocks(tree, dict(blocks) if name in ("SE", "TS") else {})
    return found


def begin_rules(study: MapNode) -> MapNode:
    """The temporaries of DM that say when a subject began each element: `begins_CODE`, from `elements`."""
    items: dict[str, Node] = {}
    keys: dict[str, Mark] = {}
    for code, element in _elements(study):
        items[begin_name(code)], keys[begin_name(code)] = element.items["begins"], element.keys["begins"]
    return MapNode(items, keys, next(iter(keys.values()), Mark()))


def begin_name(element: str) -> str:
    """The temporary of DM for the begin of an element."""
    return f"begins_{element.lower()}"


def with_begins(tree: MapNode, study: MapNode, log: IssueLog) -> MapNode:
    """The mapping of DM with the temporaries that SE is made from; a name that it has already is a fault."""
    rules = begin_rules(study)
    own = entries(tree.get("derive"))
    for name in rules:
        if name in own:
            report(log, "two-rules", rules.keys[name], f"{name} has a rule here and another in the mapping of DM.")
    kept = {k: v for k, v in rules.items.items() if k not in own}
    added = MapNode({"derive": MapNode(kept, {k: rules.keys[k] for k in kept}, rules.mark)}, {"derive": rules.mark})
    merged = merge(added, tree, DATASET_FILE)
    return merged if isinstance(merged, MapNode) else tree


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
    for name in scalars(study.get("without")):
        if name.text not in PACKAGED:
            hint = near_hint(name.text, PACKAGED)
            report(log, "bad-value", name.mark, f"`{name.text}` does not follow from the study file.", hint)
    return set(texts(study.get("without")))


def _has_parts(name: str, study: MapNode, register: MapNode | None) -> bool:
    if name == "TA":
        return _any_says(study.get("arms"), "path")
    if name == "TV":
        return _any_says(study.get("visits"), "start_rule")
    if name == "SE":
        return bool(_elements(study)) and _any_says(study.get("arms"), "path") and register is not None
    key = {"TE": "elements", "TI": "inclusion_exclusion", "TS": "summary"}[name]
    return bool(entries(study.get(key)))


def _any_says(node: Node | None, key: str) -> bool:
    return any(child(one, key) is not None for one in entries(node).values())


def _elements(study: MapNode) -> list[tuple[str, MapNode]]:
    found = entries(study.get("elements")).items()
    return [(k, v) for k, v in found if isinstance(v, MapNode) and "begins" in v]


def _with_blocks(tree: MapNode, made: dict[str, MapNode]) -> MapNode:
    if not made:
        return tree
    items = {**tree.items, "records": _map({**entries(tree.get("records")), **made}, tree.mark)}
    return MapNode(items, {**{"records": tree.mark}, **tree.keys}, tree.mark)


def _element_blocks(study: MapNode, register: MapNode | None) -> Iterator[tuple[str, MapNode]]:
    """A block an element: the subjects who began it, not after the end of their participation or their death."""
    known = variables_of(register) if register is not None else set()
    for code, element in _elements(study):
        mark, begins = element.keys["begins"], begin_name(code)
        last = [v for v in ("RFPENDTC", "DTHDTC") if v in known]
        where = [f"{begins} IS NOT NULL", *(f"({v} IS NULL OR {begins} <= iso_date({v}))" for v in last)]
        rules = _map({"ETCD": _map({"value": Scalar(code, mark)}, mark), "SESTDTC": Scalar(begins, mark)}, mark)
        block: dict[str, Node] = {
            "from": Scalar(REGISTER, mark),
            "where": Scalar(" AND ".join(where), mark, False),
            "why": Scalar("Did not begin this element", mark),
            "set": rules,
        }
        yield code.lower(), _map(block, mark)


def variables_of(tree: MapNode) -> set[str]:
    """Variables that a mapping makes by `derive`, `set` or `copy`."""
    found = set(entries(tree.get("derive")))
    for block in entries(tree.get("records")).values():
        found |= {*entries(child(block, "set")), *texts(child(block, "copy"))}
    return found


def _summary_blocks(study: MapNode) -> Iterator[tuple[str, MapNode]]:
    """A block for each parameter of the trial summary whose value is a rule."""
    for code, said in entries(study.get("summary")).items():
        rule = said.get("rule") if isinstance(said, MapNode) else None
        if isinstance(said, MapNode) and rule is not None:
            mark = said.keys["rule"]
            make = {"make": Scalar("trial_summary", mark), "parameter": Scalar(code, mark)}
            yield code.lower(), _map({**make, "set": _map({"TSVAL": rule}, mark)}, mark)


def _map(items: dict[str, Node], mark: Mark) -> MapNode:
    return MapNode(items, {k: getattr(v, "mark", mark) for k, v in items.items()}, mark)
