"""`ct diff`: what changed between two releases of terminology, and what of it a study's specs and data meet."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..issues import IssueLog, Severity
from ..model import DatasetSpec, ListNode, MapNode, Node, Scalar
from ..registry import derivations, makers
from ..report.texts import counted
from ..spec.load import load_study
from ..spec.registered import maker_forms, operation_forms
from ..standards import CodelistChange, CtDiff, CtPackage, StandardsError, TermChange, ct, diff_ct, ig
from ..validate.load import load_study as load_written
from ..validate.terms import codelists_of
from .places import written_folders
from .status import CLEAN, UNUSABLE, check_lines

Tell = Callable[[str], None]


@dataclass
class Used:
    """Texts and places by C-code of a codelist: what a study's specs and data have to do with it."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    places: dict[str, set[str]] = field(default_factory=dict)

    def add(self, code: str, texts: set[str], place: str) -> None:
        """Note that a place has a codelist, with these texts in it."""
        self.texts.setdefault(code, set()).update(texts)
        self.places.setdefault(code, set()).add(place)


def run(
    old: str,
    new: str,
    *,
    package: str = "sdtm",
    study: Path | None = None,
    data: Path | None = None,
    ct_folder: Path,
    tell: Tell = print,
) -> int:
    """Tell the changes from one release to another.

    Parameters
    ----------
    old, new : release dates, yyyy-mm-dd
    package : sdtm, adam, ...
    study : specs/STUDY: only changes of terms that its specification names, in codelists that its variables have
    data : folder of written datasets: only changes of terms that stand in them; with `study` those of either

    Returns
    -------
    0 told, 2 no such release, study or data.
    """
    try:
        before, after = ct(package, old, ct_folder), ct(package, new, ct_folder)
    except StandardsError as gone:
        tell(str(gone))
        return UNUSABLE
    diff, used = diff_ct(before, after), Used()
    if study is not None and not _add_study(used, study, before, tell):
        return UNUSABLE
    if data is not None and not _add_data(used, data, ct_folder, tell):
        return UNUSABLE
    narrowed = study is not None or data is not None
    if narrowed:
        diff = diff.restricted(used.texts)
    for line in _lines(diff, used.places):
        tell(line)
    many = len(diff.codelists) + len(diff.terms)
    touched = len({c.code for c in diff.codelists} | {t.codelist_code for t in diff.terms})
    what = " that touch it" if narrowed else ""
    tell(f"{package} CT {old} to {new}: {counted(many, 'change')} of {counted(touched, 'codelist')}{what}.")
    return CLEAN


def _lines(diff: CtDiff, places: Mapping[str, set[str]]) -> Iterator[str]:
    for change in diff.codelists:
        yield _codelist_line(change) + _where(places.get(change.code))
    for term in diff.terms:
        yield _term_line(term) + _where(places.get(term.codelist_code))


def _where(places: set[str] | None) -> str:
    return f"  [{', '.join(sorted(places))}]" if places else ""


def _codelist_line(change: CodelistChange) -> str:
    head = f"{change.codelist} {change.code}: codelist"
    if change.kind in ("added", "removed"):
        return f"{head} {change.kind}"
    what = {"renamed": "short name", "name": "name", "extensible": "extensible"}[change.kind]
    return f"{head}: {what} was {change.old}, is {change.new}"


def _term_line(change: TermChange) -> str:
    head = f"{change.codelist} {change.codelist_code}: {change.term} {change.code}"
    if change.kind in ("added", "removed"):
        return f"{head} {change.kind}"
    if change.kind == "synonyms":
        gone = f"; gone: {change.old}" if change.old else ""
        come = f"; new: {change.new}" if change.new else ""
        return f"{head} synonyms{gone}{come}"
    what = {"renamed": "renamed", "recoded": "recoded", "preferred term": "preferred term"}[change.kind]
    return f"{head} {what}: was {change.old}, is {change.new}"


def _add_study(used: Used, folder: Path, release: CtPackage, tell: Tell) -> bool:
    log = IssueLog()
    study = load_study(folder, operations=operation_forms(derivations()), makers=maker_forms(makers()), log=log)
    if study is None or log.count(Severity.ERROR):
        for line in check_lines(log):
            tell(line)
        return False
    said = set(_texts(study.tree)) if study.tree is not None else set()
    for name in study.codelists:
        _use(used, release, name, said, f"codelists.{name}")
    for dataset in study.datasets.values():
        texts = said | (set(_texts(dataset.tree)) if dataset.tree is not None else set())
        for variable, codelist in _codelists(dataset, texts):
            _use(used, release, codelist, texts, f"{dataset.name}.{variable}")
    return True


def _use(used: Used, release: CtPackage, name: str, texts: set[str], place: str) -> None:
    codelist = release.codelist(name)
    if codelist is not None:
        used.add(codelist.code, texts, place)


def _codelists(dataset: DatasetSpec, texts: set[str]) -> Iterator[tuple[str, str]]:
    """Variables that a dataset file names, with the codelists that the IG or the file itself gives them."""
    for variable in ig("3.4").permitted(dataset.domain or dataset.name):
        if variable.name in texts:
            for code in variable.codelists:
                yield variable.name, code
    for name, declared in dataset.variables.items():
        if isinstance(declared.codelist, Scalar) and declared.codelist.text:
            yield name, declared.codelist.text


def _texts(node: Node) -> Iterator[str]:
    """All texts of a tree, keys of maps too: a test's or a term's name may be either."""
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, MapNode):
        yield from node.items
        for value in node.items.values():
            yield from _texts(value)
    elif isinstance(node, ListNode):
        for value in node.items:
            yield from _texts(value)


def _add_data(used: Used, folder: Path, ct_folder: Path, tell: Tell) -> bool:
    folders = written_folders(folder)
    if not folders:
        tell(f"{folder}: there are no written datasets in it; name the folder of a build, as outputs/STUDY.")
        return False
    for one in folders:
        written = load_written(one, ct_folder)
        for file, why in written.broken:
            tell(f"{one / file}: {why}")
        for table in written.tables.values():
            for name in table.variables:
                for codelist in codelists_of(written, table, name):
                    used.add(codelist.code, set(table.distinct(name)), f"{table.name}.{name}")
    return True
