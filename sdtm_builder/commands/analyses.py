"""Analyses in a study's specification: checked with the plan, run over the written datasets, laid down as JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from .. import __version__
from ..analysis.check import check_analyses
from ..analysis.metadata import describe
from ..analysis.run import run_analyses
from ..analysis.table import Form
from ..engine.finish import Built
from ..engine.plan import Plan
from ..issues import IssueLog
from ..model import Kind, StudyMeta
from ..report.analyses import write_analyses_html

ANALYSES, PAGE = "analyses.json", "analyses.html"


def check_plan_analyses(plan: Plan, log: IssueLog) -> None:
    """Tell every fault of the study's analyses, by the variables that its ADaM datasets will have."""
    if plan.study.analyses is not None or plan.study.populations is not None:
        check_analyses(plan.study, planned_forms(plan), plan.constants(), log)


def planned_forms(plan: Plan) -> Mapping[str, Form]:
    """The ADaM datasets of a plan with the kinds of their variables."""
    found = {}
    for name, dataset in plan.datasets.items():
        if dataset.spec.standard == "adam":
            kinds = {v: dataset.kind(v) or Kind.TEXT for v in dataset.written()}
            found[name] = Form(kinds, tuple(k.name.text for k in dataset.spec.keys))
    return found


def with_analyses(plan: Plan, meta: StudyMeta) -> StudyMeta:
    """The metadata of ADaM with Analysis Results Metadata, where the study has analyses; any other as it is."""
    if plan.study.analyses is None or meta.standard != "adam":
        return meta
    variables = {d.name: [v.name for v in d.variables] for d in meta.datasets}
    found = describe(plan.study, variables, f"YAML of sdtm_builder {__version__}")
    return replace(meta, analyses=found.analyses, comments=(*meta.comments, *found.comments))


def written_forms(plan: Plan, built: Sequence[Built]) -> Mapping[str, Form]:
    """The ADaM datasets of a plan with the kinds of their variables, of those that were built as they were written."""
    forms = dict(planned_forms(plan))
    for one in built:
        if one.name in forms:
            kinds = {v.name: v.values.kind for v in one.variables}
            forms[one.name] = Form({**forms[one.name].kinds, **kinds}, one.keys)
    return forms


def write_analyses(plan: Plan, forms: Mapping[str, Form], folder: Path, as_of: str, log: IssueLog) -> bool:
    """Run the analyses over the datasets written in `folder`/adam into `folder`/report; whether there are any."""
    if plan.study.analyses is None or not (folder / "adam").is_dir():
        return False
    document = run_analyses(plan.study, folder / "adam", forms, plan.constants(), as_of, log)
    report = folder / "report"
    report.mkdir(exist_ok=True)
    (report / ANALYSES).write_text(document_text(document), encoding="utf-8", newline="\n")
    write_analyses_html(report / PAGE, document, f"outputs/{plan.study.folder.name}")
    return True


def document_text(document: Mapping[str, object]) -> str:
    """The document as JSON: each key on a line, of its lists each item."""
    lines = []
    for key, value in document.items():
        if isinstance(value, list) and value:
            items = ",\n  ".join(_json(item) for item in value)
            lines.append(f" {_json(key)}: [\n  {items}\n ]")
        else:
            lines.append(f" {_json(key)}: {_json(value)}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
