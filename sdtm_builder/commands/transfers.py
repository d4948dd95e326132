"""The raw tables of a transfer: by a study file, or every table of the files, read as a build reads them."""

from __future__ import annotations

from pathlib import Path

from ..engine.plan import Plan, RawForm
from ..engine.rawrules import raw_condition, raw_scene, sources_to_read
from ..issues import Issue, IssueLog, Location, Severity
from ..model import DatasetSpec, Kind, RawTable, Scalar, StudySpec, Vector
from ..raw.files import TEXTS, WORKBOOKS, Found, load
from ..raw.read import read_headers, read_sources
from ..raw.subjects import subject_numbers
from ..raw.workbook import open_workbook
from ..registry import derivations, makers
from ..spec.load import load_study
from ..spec.registered import maker_forms, operation_forms
from ..transfer.tables import Form, Place, Transfer
from .functions import load_functions

UNREAD = frozenset({"file-type", "file-protected", "file-damaged", "file-unreadable", "file-unsafe", "path-outside",
                    "encoding-unknown", "header-missing", "sheet-unsafe"})  # fmt: skip
"""Rules that leave a table out for what its file is."""


def study_of(folder: Path, log: IssueLog) -> StudySpec | None:
    """The specification of a study; None, with issues, where it can't be read."""
    return load_study(
        folder, None, None, operations=operation_forms(derivations()), makers=maker_forms(makers()), log=log
    )


def transfer_by_study(study: StudySpec, path: Path, ct_folder: Path | None = None) -> Transfer:
    """The raw sources of a study in a folder, typed; corrections are not made, since the file is judged as it came.

    Rows that the study leaves out (`where`, `footer`, duplicates to drop) are left out here; a `where` that names a
    column that is not there leaves all rows in.
    """
    log, quiet = IssueLog(study.severity), IssueLog()
    infos = read_headers(study.raw, path, [path], quiet, date_texts=study.date_texts)
    forms = {name: RawForm(i.columns, tuple({c: h.texts for c, h in p.headers.items()} for p in i.parts))
             for name, i in infos.items()}  # fmt: skip
    plan = Plan(study, forms, quiet, {}, ct_folder, load_functions(study, quiet))
    lists = plan.codelists(DatasetSpec("", ""))
    sources = sources_to_read(plan)

    def evaluate(text: Scalar, table: RawTable) -> Vector:
        made = raw_condition(plan, table.name, text)
        if made is None:
            is_where = text is sources[table.name].where
            return Vector.constant(1.0, len(table), Kind.TRUTH) if is_where else _unknown(len(table))
        return made.run(raw_scene(plan, table))

    tables = read_sources(sources, path, [path], study.missing, log, codelist_of=lists.terms_of,
                          date_texts=study.date_texts, evaluate=evaluate)  # fmt: skip
    found = {}
    for name, table in tables.items():
        spec = sources[name]
        numbers = subject_numbers(table, spec, IssueLog()) if spec.subject is not None else None
        found[name] = Form(table, tuple(k.text for k in spec.key), spec.columns, numbers,
                           spec.subject.text if spec.subject is not None else "")  # fmt: skip
    return Transfer(path, found, frozenset(_places(path)), tuple(log), _unread(log, path, True))


def transfer_by_files(path: Path, encoding: str = "utf-8", delimiter: str = "") -> Transfer:
    """Every table of a file or of the files of a folder, all columns as texts."""
    from ..scaffold.tables import Asked, read_tables

    log = IssueLog()
    tables = read_tables([path], Asked((), "", encoding, delimiter), log)
    forms = {table.name: Form(table.raw) for table in tables}
    return Transfer(path, forms, frozenset(_places(path)), tuple(log), _unread(log, path, path.is_file()))


def _unknown(n: int) -> Vector:
    return Vector.missing_of(Kind.TRUTH, n)


def _unread(log: IssueLog, path: Path, named: bool) -> tuple[str, ...]:
    """What could not be read; of a folder, a file that is no table by its name is left alone."""
    found: list[Issue] = [i for i in log if i.rule in UNREAD and i.severity is Severity.ERROR]
    return tuple(f"{path}: {i.message}" for i in found if named or i.rule != "file-type" or _is_table(i))


def _is_table(issue: Issue) -> bool:
    """Whether a file of the issue has the name of a table."""
    return any(Path(p.file).suffix.lower() in (*WORKBOOKS, *TEXTS) for p in issue.locations)


def _places(path: Path) -> set[Place]:
    """Files and sheets of a transfer, declared or not; a transfer of one file has the name "" so that its own name
    is no difference."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    found: set[Place] = set()
    for file in files:
        if file.name.startswith(("~$", ".")):
            continue
        shown = "" if file == path else file.relative_to(path).as_posix()
        log, at = IssueLog(), Location(file=shown)
        content = load(Found(file, shown), log, at) if file.suffix.lower() in WORKBOOKS else None
        book = open_workbook(content, log, at) if content is not None and content.workbook else None
        found |= {(shown, sheet) for sheet in book.sheets} if book is not None else {(shown, "")}
    return found
