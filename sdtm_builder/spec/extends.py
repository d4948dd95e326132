"""Inheritance between files: which files `extends` brings, in what order, and the merged tree of a study or dataset."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from ..issues import IssueLog
from ..model import MapNode, Mark, Scalar
from .faults import report
from .inherit import expand_like, merge, remove, texts_of
from .schema_dataset import DATASET_FILE
from .schema_study import STUDY_FILE
from .shapes import Form
from .yaml_tree import read_yaml

_FOLDER = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)*")
_BASE = Path(__file__).parent / "base"
_BASE_NAME = "sdtm_builder/spec/base"


@dataclass(slots=True)
class Files:
    """The YAML files of a study and its library, each read once.

    Parameters
    ----------
    root : the project's folder; messages name files relative to it
    specs, mappings, library : folders of the study's files, its mappings and the library
    log : takes the faults
    read : all files read, in order, for the manifest
    """

    root: Path
    specs: Path
    mappings: Path
    library: Path
    log: IssueLog
    read: list[Path] = field(default_factory=list)
    cache: dict[Path, MapNode | None] = field(default_factory=dict)

    def name(self, path: Path) -> str:
        """How messages call a file."""
        if path.is_relative_to(self.library):
            return (Path("library") / path.relative_to(self.library)).as_posix()
        return (path.relative_to(self.root) if path.is_relative_to(self.root) else path).as_posix()

    def tree(self, path: Path) -> MapNode | None:
        """The map of one file, None if it cannot be read (faults are recorded once)."""
        if path not in self.cache:
            self.read.append(path)
            self.cache[path] = read_yaml(path, self.name(path), self.log)
        return self.cache[path]

    def one_map(self, folder: Path) -> MapNode | None:
        """All YAML files of a specs folder as one map; a top-level key in two of them is a fault."""
        items: dict[str, object] = {}
        keys: dict[str, Mark] = {}
        first: Mark | None = None
        for path in sorted(folder.glob("*.yaml")):
            tree = self.tree(path)
            if tree is None:
                continue
            first = first or tree.mark
            for key, value in tree.items.items():
                if key in keys:
                    report(self.log, "key-in-two-files", tree.keys[key], f"`{key}` stands in {keys[key]} already.")
                else:
                    items[key], keys[key] = value, tree.keys[key]
        return MapNode(items, keys, first) if first else None  # type: ignore[arg-type]

    def folders(self, tree: MapNode | None) -> list[Scalar]:
        """The library folders that a file's `extends` names, those that are no such folder left out."""
        found = []
        for item in texts_of(tree.get("extends") if tree else None, "`extends`", self.log):
            if not _FOLDER.fullmatch(item.text) or ".." in item.text.split("/"):
                report(self.log, "spec-path-outside", item.mark, f"`{item.text}` is no folder under `library/`.", "")
            elif not (self.library / item.text).is_dir():
                message = f"there is no folder {self.name(self.library / item.text)}."
                report(self.log, "extends-missing", item.mark, message, "")
            else:
                found.append(item)
        return found


def study_tree(files: Files) -> tuple[MapNode | None, list[str]]:
    """The merged study map, packaged defaults lowest, and the library folders that count for all files.

    Returns
    -------
    the map (None if the folder has none), and the folders, later over earlier
    """
    own = files.one_map(files.specs)
    base = _defaults(files.log)
    if own is None:
        return None, []
    order: list[str] = []
    merged = base
    for folder in _all_folders(files, own, order, []):
        tree = files.one_map(files.library / folder / "specs")
        if tree is not None:
            merged = _lay(merged, tree, STUDY_FILE, files.log)
    merged = _lay(merged, own, STUDY_FILE, files.log)
    expanded = expand_like(merged, STUDY_FILE, files.log)
    return (expanded if isinstance(expanded, MapNode) else merged), order


def _all_folders(files: Files, tree: MapNode | None, order: list[str], trail: list[str]) -> list[str]:
    """The folders of a study map and of the study maps in them, deepest first, each once."""
    for item in files.folders(tree):
        if item.text in trail:
            chain = " -> ".join([*trail[trail.index(item.text) :], item.text])
            report(files.log, "extends-cycle", item.mark, f"`extends` goes in a circle: {chain}.", "")
            continue
        if item.text in order:
            continue
        below = files.one_map(files.library / item.text / "specs")
        _all_folders(files, below, order, [*trail, item.text])
        if item.text not in order:
            order.append(item.text)
    return order


def dataset_tree(files: Files, path: Path, study_folders: list[str], packaged: MapNode | None = None) -> MapNode | None:
    """The merged map of a dataset file: the packaged one, the study's folders, its own `extends`, then itself."""
    if files.tree(path) is None:
        return None
    relative = path.relative_to(files.mappings)
    order: list[Path] = []
    for folder in study_folders:
        inherited = files.library / folder / relative
        if inherited.is_file():
            _file_order(files, inherited, relative, order, [])
    _file_order(files, path, relative, order, [])
    merged: MapNode | None = None
    for one in order:
        tree = files.tree(one)
        if tree is not None:
            merged = _lay(merged, tree, DATASET_FILE, files.log)
    if merged is None:
        return None
    expanded = expand_like(merged, DATASET_FILE, files.log)
    return expanded if isinstance(expanded, MapNode) else merged


def _file_order(files: Files, path: Path, relative: Path, order: list[Path], trail: list[Path]) -> None:
    """Put a file after those that it inherits; each file stands once, where it is first needed."""
    if path in order:
        return
    trail = [*trail, path]
    for item in files.folders(files.tree(path)):
        inherited = files.library / item.text / relative
        if inherited in trail:
            chain = " -> ".join(files.name(p) for p in [*trail[trail.index(inherited) :], inherited])
            report(files.log, "extends-cycle", item.mark, f"`extends` goes in a circle: {chain}.", "")
        elif not inherited.is_file():
            report(files.log, "extends-missing", item.mark, f"there is no file {files.name(inherited)}.", "")
        else:
            _file_order(files, inherited, relative, order, trail)
    order.append(path)


def _lay(below: MapNode | None, own: MapNode, shape: Form, log: IssueLog) -> MapNode:
    """A file over what it inherits, less what it removes; `extends` and `remove` have done their work then."""
    paths = texts_of(own.get("remove"), "`remove`", log)
    items = {k: v for k, v in own.items.items() if k not in ("extends", "remove")}
    own = MapNode(items, {k: own.keys[k] for k in items}, own.mark)
    inherited = remove(below if below is not None else MapNode({}, {}), paths, log)
    if below is None:
        return own
    merged = merge(inherited, own, shape)
    return merged if isinstance(merged, MapNode) else own


def _defaults(log: IssueLog) -> MapNode:
    """The packaged defaults of both standards."""
    merged = MapNode({}, {}, Mark(_BASE_NAME))
    for name in ("sdtm-base.yaml", "adam-base.yaml"):
        tree = read_yaml(_BASE / name, f"{_BASE_NAME}/{name}", log)
        if tree is not None:
            merged = _lay(merged, tree, STUDY_FILE, log)
    return merged
