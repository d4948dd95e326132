"""Checks of names that lead from one part of the specification to another, and of rules that meet; needs no data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from ..issues import IssueLog
from ..model import BlockSpec, DatasetSpec, MapNode, Mark, Rule, Scalar, StudySpec
from .arguments import child, entries, scalars
from .build_parameters import check_parameters
from .faults import near_hint, report


def check_study(study: StudySpec, tree: MapNode, log: IssueLog) -> None:
    """Documents, sources and registers that the study file names."""
    for name, source in study.raw.items():
        if source.document is not None:
            known = entries(tree.get("documents"))
            check_document(source.document, known, log)
        if source.subject_form is not None and source.subject_pattern is None:
            message = f"`form` of raw.{name} needs `pattern`."
            report(log, "missing-key", source.subject_form.mark, message, "")
    sources = [f"raw.{name}" for name in entries(tree.get("raw"))]
    named = [s for c in (*study.corrections, *study.accepted) for s in scalars(c.get("source"))]
    if study.subjects and study.subjects.register.text not in _given(study):
        named.insert(0, study.subjects.register)
    for one in named:
        if one.text not in sources:
            report(log, "unknown-source", one.mark, f"`{one.text}` is no raw source.", near_hint(one.text, sources))
    _check_given(study, log)


def _given(study: StudySpec) -> set[str]:
    return {d.text for g in study.given.values() for d in g.datasets}


def _check_given(study: StudySpec, log: IssueLog) -> None:
    given = _given(study)
    unlisted = any(not g.datasets for g in study.given.values())
    for name, dataset in study.datasets.items():
        copied = dataset.write == "copy"
        if name in given and not copied:
            report(log, "given-and-mapped", dataset.mark, f"{name} is given as input and mapped in {dataset.file}.")
        if copied and name not in given and not unlisted:
            message = f"`write: copy` writes a given dataset, and {name} is none."
            report(log, "given-and-mapped", dataset.mark, message, near_hint(name, given))


def check_document(name: Scalar, known: Iterable[str], log: IssueLog) -> None:
    """A document's id against those of the study file."""
    if name.text not in set(known):
        hint = near_hint(name.text, known, "The study file lists none under `documents`.")
        report(log, "unknown-document", name.mark, f"`{name.text}` is no document of the study.", hint)


def check_file_name(dataset: DatasetSpec, file: str, mark: Mark, log: IssueLog) -> None:
    """A dataset's file is called as the dataset, in lower case."""
    wanted = f"{dataset.name.lower()}.yaml"
    written = PurePosixPath(file).name
    if written != wanted:
        report(log, "file-name", mark, f"{dataset.name} stands in {written}.", f"Call the file {wanted}.")


def check_dataset(dataset: DatasetSpec, tree: MapNode, documents: Iterable[str], log: IssueLog) -> None:
    """Blocks, documents and rules of one dataset; `tree` is its merged YAML."""
    blocks = [*entries(tree.get("records")), *(n for n, b in dataset.blocks.items() if b.parameter is not None)]
    for named in _block_names(dataset):
        if named.text not in blocks:
            hint = near_hint(named.text, blocks, "It has no blocks.")
            report(log, "unknown-block", named.mark, f"`{named.text}` is no block of {dataset.name}.", hint)
    known = list(documents)
    for rule in all_rules(dataset):
        for document in scalars(rule.meta.get("document")):
            check_document(document, known, log)
    for name, block in dataset.blocks.items():
        node = child(tree, "records", name)
        if isinstance(node, MapNode):
            _check_copy(block, node, log)
            _check_tests(dataset, block, log)
    _check_tables(dataset, log)
    check_parameters(dataset, log)


def all_rules(dataset: DatasetSpec) -> Iterator[Rule]:
    """Every rule of a dataset's blocks, tests and `derive`."""
    for block in dataset.blocks.values():
        yield from block.rules.values()
        yield from block.derive.values()
        for entry in block.transpose.values():
            yield from entry.rules.values()
    yield from dataset.derive.values()


def _block_names(dataset: DatasetSpec) -> Iterator[Scalar]:
    for rule in dataset.derive.values():
        yield from rule.blocks
    for join in dataset.joins.values():
        yield from join.blocks


def _two(log: IssueLog, variable: str, mark: Mark, where: str, other: Mark) -> None:
    report(log, "two-rules", mark, f"{variable} has a rule {where} and another in {other.file}:{other.line}.")


def _check_copy(block: BlockSpec, node: MapNode, log: IssueLog) -> None:
    """A variable in `copy` twice, or in `copy` and `set`."""
    seen: dict[str, Scalar] = {}
    own = node.get("set")
    for one in scalars(node.get("copy")):
        if one.text in seen:
            _two(log, one.text, one.mark, "in `copy`", seen[one.text].mark)
        seen.setdefault(one.text, one)
        if isinstance(own, MapNode) and one.text in own:
            _two(log, one.text, own.keys[one.text], "in `set`", one.mark)


def _check_tests(dataset: DatasetSpec, block: BlockSpec, log: IssueLog) -> None:
    """A variable in a test's entry, in its constants in `tests`, and in `set` of the block: two of them."""
    marks: dict[str, Mark] = {v: rule.mark for v, rule in block.rules.items()}
    for entry in block.transpose.values():
        for variable, rule in entry.rules.items():
            if variable in marks:
                _two(log, variable, rule.mark, f"in the entry {entry.key}", marks[variable])
    for testcd, entry_rules in _tests_of(dataset, block):
        test = dataset.tests.get(testcd)
        for variable, constant in test.constants.items() if test else ():
            beside = entry_rules.get(variable)
            other = beside.mark if beside else marks.get(variable)
            if other is not None:
                _two(log, variable, constant.mark, f"in the test {testcd}", other)


def _tests_of(dataset: DatasetSpec, block: BlockSpec) -> Iterator[tuple[str, Mapping[str, Rule]]]:
    """The tests that a block is sure to make, with the rules of their entries (`*`: all others of `tests`)."""
    coded = {entry.testcd: entry.rules for entry in block.transpose.values() if entry.key != "*"}
    yield from coded.items()
    star = block.transpose.get("*")
    if star is not None:
        yield from ((testcd, star.rules) for testcd in dataset.tests if testcd not in coded)
    if not block.transpose:
        code = block.rules.get(f"{dataset.letters}TESTCD")
        if code is not None and code.operation == "value" and isinstance(code.argument, Scalar):
            yield code.argument.text, {}


def _check_tables(dataset: DatasetSpec, log: IssueLog) -> None:
    """Tables written in joins: every row as long as the first one, whose names differ."""
    joins = [*dataset.joins.values(), *(j for b in dataset.blocks.values() for j in b.joins.values())]
    for join in joins:
        header = [one.text for one in join.rows[0]] if join.rows else []
        if len(set(header)) < len(header):
            report(log, "bad-value", join.rows[0][0].mark, "two columns of the table have one name.", "")
        for row in join.rows[1:]:
            if len(row) != len(header):
                said = f"this row has {len(row)} values, the first one {len(header)} names."
                report(log, "bad-value", row[0].mark if row else join.mark, said, "")
