"""Finished datasets into the files of a build: XPT, Dataset-JSON, define.xml, lineage, reports, manifest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import numpy as np

from .. import __version__
from ..engine.accounts import summarise
from ..engine.finish import Built
from ..engine.lineage import file_name, write_lineage
from ..engine.metadata import study_meta
from ..issues import IssueLog, Location, fault
from ..model import Kind, StudyMeta, VariableMeta, Vector
from ..model.summary import BuildSummary
from ..report.html import write_html
from ..report.issues_json import write_issues_json
from ..report.text import run_log
from ..report.workbook import write_issues_xlsx
from ..validate.runner import validate_folders
from ..write.dataset_json import DatasetJsonColumn, DatasetJsonMetadata, write_dataset_json
from ..write.define import copy_stylesheet, write_define
from ..write.define_check import check_define
from ..write.define_html import write_define_html
from ..write.manifest import Manifest, build_manifest, package_versions, write_manifest
from ..write.xpt import write_xpt
from ..xpt.layout import XptColumn
from ..xpt.reader import read_xpt
from .analyses import PAGE, with_analyses, write_analyses, written_forms
from .given import given_files
from .pipeline import Made

fault("xpt-not-written", "error", "A dataset that the transport format cannot hold as it is", "Nothing of it is cut.")
fault("json-not-written", "error", "A dataset that Dataset-JSON cannot hold as it is")
fault("read-back-differs", "error", "A written dataset that reads back differently", "This is a bug of the tool.")
fault("only-outdated", "warning", "A dataset that `--only` leaves as it was, and that would be another now",
      "Name it with `--only` too, or build all.")  # fmt: skip

SAS_DAYS = 3653
PACKAGES = (
    "pandas",
    "numpy",
    "pyarrow",
    "python-calamine",
    "openpyxl",
    "sqlglot",
    "lxml",
    "jinja2",
    "defineutils",
    "PyYAML",
    "scipy",
)
FOLDERS = ("sdtm", "adam")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How a build is written: the moment that stands in its files, profile, datasets of a partial build.

    `jobs` : datasets written at a time; the bytes do not depend on it.
    """

    as_of: datetime
    profile: str = "final"
    only: tuple[str, ...] = ()
    ct_folder: Path | None = None
    html: bool = True
    jobs: int = 1


def write_build(made: Made, folder: Path, options: Options, last: Manifest | None, say: Say) -> BuildSummary:
    """Write everything of a build into a folder that is about to be published."""
    run, log = made.run, made.prepared.log
    for standard in FOLDERS:
        mine = [b for b in made.built if b.standard == standard]
        if mine:
            say(f"writing {standard}")
            meta = with_analyses(run.plan, study_meta(run, mine, standard))
            _write_standard(mine, meta, folder / standard, options, log)
    say("writing lineage")
    (folder / "lineage").mkdir(exist_ok=True)
    before = _lineage_of_others(made, folder, options)
    write_lineage(run, made.built, folder / "lineage")
    for name in sorted(n for n, found in _lineage_of_others(made, folder, options).items() if found != before[n]):
        log.add("only-outdated", f"{name} would have other records or values now, and was not written.",
                Location(dataset=name))  # fmt: skip
    summary = summarise(
        run,
        made.built,
        version=__version__,
        as_of=options.as_of.isoformat(),
        profile=options.profile,
        partial=options.only,
    )
    forms = written_forms(run.plan, made.built)
    made.release()
    if run.study.analyses is not None:
        say("analysing")
        write_analyses(run.plan, forms, folder, options.as_of.isoformat(), log)
    _validate(made, folder, options, say)
    made.accept()
    say("writing the report")
    _write_reports(summary, log, folder)
    for standard in FOLDERS:
        define = folder / standard / "define.xml"
        if define.is_file() and options.html:
            write_define_html(define, folder / standard / "define.html")
    _write_manifest(made, folder, options, last)
    return summary


def _lineage_of_others(made: Made, folder: Path, options: Options) -> dict[str, bytes]:
    """Of the datasets that a build of some leaves as they were: what their lineage says, as a digest."""
    others = [
        b.name for b in made.built if options.only and b.name not in options.only and b.parent not in options.only
    ]
    paths = {name: folder / "lineage" / f"{file_name(name)}.parquet" for name in others}
    return {name: sha256(path.read_bytes()).digest() if path.is_file() else b"" for name, path in paths.items()}


def _validate(made: Made, folder: Path, options: Options, say: Say) -> None:
    """Read what was written and check it: the one step that needs nothing of the build, and much room."""
    log, written = made.prepared.log, [folder / standard for standard in FOLDERS if (folder / standard).is_dir()]
    if written:
        say(f"validating {', '.join(one.name for one in written)}")
        severity, given = made.run.study.severity, _given_sdtm(made)
        log.extend(
            validate_folders(written, options.ct_folder, severity, options.profile, sdtm=given, known=made.known)
        )


def _given_sdtm(made: Made) -> Path | None:
    """The folder of the SDTM that the study was given, if all of it are transport files of one folder, else None.

    Validation reads nothing else; a part of the SDTM would make the rest look missing.
    """
    prepared = made.prepared
    wanted = {name for name, spec in prepared.study.given.items() if spec.standard == "sdtm"}
    files = [path for name, paths in given_files(prepared.study, prepared.base).items() if name in wanted
             for path in paths]  # fmt: skip
    folders = {path.parent if path.suffix.lower() == ".xpt" else None for path in files}
    return folders.pop() if len(folders) == 1 else None


def _write_standard(built: Sequence[Built], meta: StudyMeta, folder: Path, options: Options, log: IssueLog) -> None:
    folder.mkdir(exist_ok=True)
    metas = {d.name: d for d in meta.datasets}
    wanted = [b for b in built if not options.only or b.name in options.only or b.parent in options.only]

    def write(dataset: Built) -> IssueLog:
        mine = IssueLog(log.severity, log.profile)
        _write_dataset(dataset, {v.name: v for v in metas[dataset.name].variables}, meta, folder, options, mine)
        return mine

    with ThreadPoolExecutor(max(1, options.jobs)) as pool:
        for found in pool.map(write, wanted):
            log.extend(found)
    log.extend(write_define(meta, folder / "define.xml", options.as_of, "sdtm_builder"))
    if (folder / "define.xml").is_file():
        copy_stylesheet(folder)
        log.extend(check_define(folder / "define.xml"))


def _write_dataset(
    built: Built, variables: dict[str, VariableMeta], meta: StudyMeta, folder: Path, options: Options, log: IssueLog
) -> None:
    _write_transport(built, meta, folder, options, log)
    _write_json(built, variables, meta, folder, options, log)


def _write_transport(built: Built, meta: StudyMeta, folder: Path, options: Options, log: IssueLog) -> None:
    path = folder / f"{built.name.lower()}.xpt"
    columns = [_xpt_column(v.name, v.label, v.type, v.length, v.format, v.values) for v in built.variables]
    encoding = "ascii" if meta.language == "en" else "utf-8"
    found = write_xpt(path, built.name, built.label, columns, options.as_of.replace(tzinfo=None), encoding=encoding)
    for one in found:
        places = [Location(dataset=built.name, key=record_key(built, r), variable=one.variable or "")
                  for r in one.records[:100]]  # fmt: skip
        places = places or [Location(dataset=built.name, variable=one.variable or "")]
        log.add("xpt-not-written", one.message, *places, value=str(one.value or ""))
    if not found:
        _read_back(path, built, columns, log)


def _xpt_column(name: str, label: str, kind: str, length: int, format: str, values: Vector) -> XptColumn:
    if kind == "Char":
        return XptColumn(name, label, "Char", length, format, None, values.data, values.texts)
    return XptColumn(name, label, "Num", 8, format, sas_numbers(values), None, None)


def sas_numbers(values: Vector) -> np.ndarray:
    """Numbers as SAS holds them: dates in days, datetimes in seconds since 1960-01-01, NaN missing."""
    data = values.data.astype(np.float64)
    if values.kind is Kind.DATE:
        data = data + SAS_DAYS
    elif values.kind is Kind.DATETIME:
        data = data + SAS_DAYS * 86_400.0
    return np.where(values.present(), data, np.nan)


def _read_back(path: Path, built: Built, columns: Sequence[XptColumn], log: IssueLog) -> None:
    """What is published is read back and compared, value by value."""
    seen = {c.name: c for c in read_xpt(path).columns}
    for column in columns:
        back = seen.get(column.name)
        if back is None or not _same(column, back):
            log.add("read-back-differs", f"{built.name}.{column.name} reads back differently.",
                    Location(dataset=built.name, variable=column.name))  # fmt: skip


def _same(written: XptColumn, back: XptColumn) -> bool:
    if written.numbers is not None:
        return back.numbers is not None and np.array_equal(written.numbers, back.numbers, equal_nan=True)
    assert written.codes is not None
    assert written.texts is not None
    if back.codes is None or back.texts is None or len(back.codes) != len(written.codes):
        return False
    number = {str(t): i for i, t in enumerate(written.texts)}
    to = np.array([number.get(str(t), -2) for t in back.texts] + [-1], dtype=np.int64)
    return np.array_equal(to[back.codes], written.codes)


def record_key(built: Built, row: int) -> str:
    """A record's natural key, for a message."""
    names = [k for k in built.keys if any(v.name == k for v in built.variables)]
    return " ".join(f"{k}={built.column(k).text_at(row)}" for k in names)


def _write_json(
    built: Built, variables: dict[str, VariableMeta], meta: StudyMeta, folder: Path, options: Options, log: IssueLog
) -> None:
    columns = [_json_column(built, v.name, variables[v.name], v.values) for v in built.variables]
    metadata = DatasetJsonMetadata(
        created=options.as_of, item_group_oid=f"IG.{built.name}", name=built.name, label=built.label,
        originator="sdtm_builder", source_system=("sdtm_builder", __version__), study_oid=f"STDY.{meta.study}",
        meta_data_version_oid=f"MDV.{meta.study}", meta_data_ref="define.xml", db_last_modified=options.as_of,
        file_oid=f"{meta.study}.{built.name}",
    )  # fmt: skip
    path = folder / "dataset-json" / f"{built.name.lower()}.json"
    path.parent.mkdir(exist_ok=True)
    for one in write_dataset_json(path, metadata, columns):
        log.add("json-not-written", one.message, Location(dataset=built.name, variable=one.variable or ""))


def _json_column(built: Built, name: str, meta: VariableMeta, values: Vector) -> DatasetJsonColumn:
    oid, key = f"IT.{built.name}.{name}", meta.key or None
    if values.is_text:
        return DatasetJsonColumn(oid, name, meta.label, "string", None, meta.length or None, None, key,
                                 None, values.data, values.texts)  # fmt: skip
    numbers = sas_numbers(values)
    if values.kind in (Kind.DATE, Kind.DATETIME):
        kind = "date" if values.kind is Kind.DATE else "datetime"
        return DatasetJsonColumn(oid, name, meta.label, kind, "integer", None, meta.format or None, key, numbers)
    kind = "integer" if meta.data_type == "integer" else "double"
    return DatasetJsonColumn(oid, name, meta.label, kind, None, None, meta.format or None, key, numbers)


def _write_reports(summary: BuildSummary, log: IssueLog, folder: Path) -> None:
    report = folder / "report"
    report.mkdir(exist_ok=True)
    issues = list(log)
    links = {"Analyses": PAGE} if (report / PAGE).is_file() else {}
    for standard in FOLDERS:
        if (folder / standard / "define.xml").is_file():
            links[f"define.xml ({standard.upper()})"] = f"../{standard}/define.html"
    links |= {"All issues (xlsx)": "issues.xlsx", "All issues (JSON)": "../issues.json", "Log": "../run.log"}
    write_html(report / "index.html", summary, issues, links)
    write_issues_xlsx(report / "issues.xlsx", summary, issues)
    write_issues_json(folder / "issues.json", issues)
    (folder / "run.log").write_text(run_log(summary, issues), encoding="utf-8", newline="\n")


def _given_inputs(made: Made) -> dict[str, Path]:
    """The files of given datasets, named from the raw folder or, where they lie elsewhere, by the input's name."""
    base = made.prepared.base.resolve()
    found = given_files(made.prepared.study, base)
    files = [(f"{name}/{path.name}", path) for name, listed in found.items() for path in listed]
    return {(p.relative_to(base).as_posix() if p.is_relative_to(base) else other): p for other, p in files}


def _write_manifest(made: Made, folder: Path, options: Options, last: Manifest | None) -> None:
    study = made.prepared.study
    root = study.folder.parent.parent
    specs = {(p.resolve().relative_to(root.resolve()).as_posix() if p.resolve().is_relative_to(root.resolve())
              else p.name): p for p in study.sources}  # fmt: skip
    inputs = {}
    for table in made.run.raw.values():
        for part in table.rows.parts:
            name = part.file.partition("!/")[0]  # a file within a zip file is an input as that zip file
            inputs[name] = made.prepared.base / name
    inputs |= _given_inputs(made)
    manifest = build_manifest(
        folder, study=study.id, as_of=options.as_of.isoformat(), profile=options.profile, tool_version=__version__,
        packages=package_versions(PACKAGES), ct_packages=[f"{k} {v}" for k, v in sorted(study.ct.items())],
        specs=specs, inputs=inputs, only=options.only, previous=last,
    )  # fmt: skip
    write_manifest(folder, manifest)
