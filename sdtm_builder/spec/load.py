"""Loads the whole specification of a study: files, inheritance, checks of form, typed results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal

from ..issues import IssueLog
from ..model import DatasetSpec, MapNode, Mark, Scalar, StudySpec
from .arguments import entries, scalars
from .build_dataset import DatasetBuilder
from .build_study import build_study, expand_synonyms
from .cross import check_dataset, check_file_name, check_study
from .design import check_design
from .extends import Files, dataset_tree, study_tree
from .faults import report
from .form import Checker
from .inherit import merge
from .operations import OperationForm, all_operations
from .packaged import BASE_NAME, Packaged, given_names, packaged_names, use_packaged
from .registered import TABLE_ARGUMENT
from .schema_dataset import DATASET_FILE, TESTS
from .schema_study import STUDY_FILE
from .tables import test_table, with_tables

_STANDARDS: tuple[Literal["sdtm"], Literal["adam"]] = ("sdtm", "adam")


def load_study(
    folder: Path,
    mappings: Path | None = None,
    library: Path | None = None,
    *,
    operations: Mapping[str, OperationForm],
    log: IssueLog,
    makers: Mapping[str, OperationForm] | None = None,
    only: set[str] | None = None,
) -> StudySpec | None:
    """Read, merge and check the specification of a study; every fault goes to the log with its place.

    Parameters
    ----------
    folder : ``specs/STUDY``; all its ``*.yaml`` are one map
    mappings : ``mappings/STUDY`` with ``sdtm/`` and ``adam/``; by default beside ``specs``
    library : folder that `extends` looks in; by default beside ``specs``
    operations : registered derivations with their options, beside those of the language
    log : takes the faults; their severity is the log's
    makers : record makers with their arguments; None: they are not checked here, and the datasets that follow from
        the study file by packaged record makers are not loaded
    only : datasets to load, by name; None: all

    Returns
    -------
    What could be read, complete where the log took no error; None if there is no study.
    """
    folder = folder.absolute()
    root = folder.parent.parent
    mappings = (mappings or root / "mappings" / folder.name).absolute()
    library = (library or root / "library").absolute()
    files = Files(root, folder, mappings, library, log)
    _check_yml(files, (folder, mappings, mappings / "sdtm", mappings / "adam"))
    tree, inherited = study_tree(files)
    if tree is None:
        report(log, "no-study", Mark(files.name(folder)), "there is no YAML file that can be read.", "")
        return None
    loader = _Loader(files, all_operations(operations), makers, tree, log)
    study = loader.study()
    datasets = loader.datasets(inherited, only)
    study = replace(study, datasets=datasets, sources=_sources(files))
    check_study(study, tree, log)
    check_design(tree, log)
    return study


@dataclass(frozen=True, slots=True)
class _Loader:
    files: Files
    operations: Mapping[str, OperationForm]
    makers: Mapping[str, OperationForm] | None
    tree: MapNode
    log: IssueLog

    @property
    def functions(self) -> tuple[str, ...]:
        """Names of the study's Python functions."""
        listed = entries(self.tree.get("functions")).values()
        return tuple(name.text for names in listed for name in scalars(names))

    @property
    def checker(self) -> Checker:
        return Checker(self.operations, self.log, self.functions, self.makers)

    def study(self) -> StudySpec:
        full = self.with_tables(expand_synonyms(self.tree, self.files, self.log))
        sound = self.checker.form(full, STUDY_FILE)
        return build_study(sound, self.tree, self.files.specs, self.files.mappings, self.operations, self.functions)

    def datasets(self, inherited: list[str], only: set[str] | None) -> dict[str, DatasetSpec]:
        found: dict[str, DatasetSpec] = {}
        for file, standard, tree in self.trees(inherited, only):
            dataset = self.dataset(tree, file, standard)
            if dataset is None:
                continue
            if dataset.name in found:
                message = f"{dataset.name} stands in {found[dataset.name].file} already."
                report(self.log, "dataset-twice", dataset.mark, message, "Keep one of them.")
            else:
                found[dataset.name] = dataset
        return found

    def trees(
        self, inherited: list[str], only: set[str] | None
    ) -> Iterator[tuple[str, Literal["sdtm", "adam"], MapNode]]:
        """File, standard and map of each dataset: the study's own files, then packaged ones that it has parts for."""
        paths = [(s, p) for s in _STANDARDS for p in sorted((self.files.mappings / s).glob("*.yaml"))]
        read = cache(lambda path: dataset_tree(self.files, path, inherited))
        used = Packaged()
        if self.makers is not None and (only is None or only & set(packaged_names())):
            own = {p.stem.upper(): p for standard, p in paths if standard == "sdtm"}
            given = given_names(self.tree, self.files.specs)
            used = use_packaged(self.tree, own, lambda name: read(own[name]), given, self.log)
        for standard, path in paths:
            tree = read(path) if only is None or path.stem.upper() in only else None
            if tree is not None:
                yield self.files.name(path), standard, used.added_to(path.stem.upper(), tree, self.log)
        for name, tree in used.trees.items():
            if only is None or name in only:
                yield f"{BASE_NAME}/{name.lower()}.yaml", "sdtm", tree

    def dataset(self, tree: MapNode, file: str, standard: Literal["sdtm", "adam"]) -> DatasetSpec | None:
        full = self.with_tables(self.with_tests(tree))
        sound = self.checker.form(full, DATASET_FILE)
        made = DatasetBuilder(self.operations, self.functions).build(sound, standard, file, tree)
        if made is not None:
            check_file_name(made, file, sound.items["dataset"].mark, self.log)
            check_dataset(made, tree, entries(self.tree.get("documents")), self.log)
        return made

    def with_tables(self, tree: MapNode) -> MapNode:
        """The tree with the tables read that rules name by their file."""
        wanted = {
            name: found
            for name, form in self.operations.items()
            if (found := [option for option, shape in form.options.items() if shape is TABLE_ARGUMENT])
        }
        made = with_tables(tree, wanted, self.files, self.log)
        return made if isinstance(made, MapNode) else tree

    def with_tests(self, tree: MapNode) -> MapNode:
        """The tree with the table of tests read; what the YAML says stands over the table."""
        tests = tree.get("tests")
        file = tests.get("file") if isinstance(tests, MapNode) else None
        if not isinstance(tests, MapNode) or not isinstance(file, Scalar) or not file.text:
            return tree
        sheet = tests.get("sheet")
        table = test_table(self.files, file, sheet if isinstance(sheet, Scalar) else None, self.log)
        own = {k: v for k, v in tests.items.items() if k not in ("file", "sheet")}
        merged = merge(table, MapNode(own, {k: tests.keys[k] for k in own}, tests.mark), TESTS)
        return MapNode({**tree.items, "tests": merged}, tree.keys, tree.mark)


def _check_yml(files: Files, folders: tuple[Path, ...]) -> None:
    """Files that look like specifications and would not be read."""
    for folder in folders:
        for path in sorted(folder.glob("*.yml")):
            report(files.log, "file-name", Mark(files.name(path)), "this file is not read.", "Call it `.yaml`.")
    for path in sorted(files.mappings.glob("*.yaml")):
        hint = "Put it into `sdtm/` or `adam/`."
        report(files.log, "file-name", Mark(files.name(path)), "this file is not read.", hint)


def _sources(files: Files) -> tuple[Path, ...]:
    return tuple(dict.fromkeys(files.read))
