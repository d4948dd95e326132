"""The analyses as one HTML file, made of report/analyses.json alone: tables, figures, and the records behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from .figures import figures_of, intervals_figure
from .html import TEMPLATES, environment, hashed, ident, own
from .texts import counted

SHOWN = 200
"""Records or subjects behind a number that are listed; the file analyses.json has all."""

SHARES = ("rate",)
"""Methods whose first row with an interval is drawn: it is what they are made for."""


def write_analyses_html(path: Path, document: Mapping[str, Any], build: str) -> None:
    """Write the page; equal arguments give equal bytes.

    Parameters
    ----------
    path : the file, as `report/analyses.html`
    document : what report/analyses.json holds
    build : the build's folder as a command names it (`outputs/STUDY`), for the commands that go on to raw cells
    """
    path.write_text(analyses_text(document, build), encoding="utf-8", newline="\n")


def analyses_text(document: Mapping[str, Any], build: str) -> str:
    """The page as text."""
    style = Markup(own(TEMPLATES / "report.css") + own(TEMPLATES / "analyses.css"))
    datasets = {one["name"]: one for one in document["datasets"]}
    populations = {one["id"]: one for one in document["populations"]}
    return environment().get_template("analyses.html.j2").render(
        document=document, build=build, style=style, style_hash=hashed(style), datasets=datasets,
        analyses=[_shown(one, populations, datasets) for one in document["analyses"]],
    )  # fmt: skip


def _shown(analysis: Mapping[str, Any], populations: Mapping[str, Any], datasets: Mapping[str, Any]) -> dict[str, Any]:
    """An analysis as the template takes it."""
    anchor = ident("analysis", analysis["id"])
    groups = {group["id"]: group for group in analysis["groups"]}
    title = analysis["title"]
    parts = []
    for number, part in enumerate(analysis["parts"]):
        name = f"{anchor}-{number}"
        if part["kind"] == "plot":
            figures = figures_of(part, groups, name, part["title"] or title)
            parts.append({"table": None, "figures": [Markup(one) for one in figures], "title": part["title"]})
        else:
            shares = analysis["method"] in SHARES
            picture = intervals_figure(part, groups, name, part["title"] or title) if shares else ""
            parts.append({"table": _table(part, groups), "title": part["title"],
                          "figures": [Markup(picture)] if picture else []})  # fmt: skip
    population = populations.get(analysis["population"])
    return {**analysis, "anchor": anchor, "parts": parts, "of": population,
            "behind": [_behind(one, datasets) for one in analysis["behind"]]}  # fmt: skip


def _table(part: Mapping[str, Any], groups: Mapping[str, Any]) -> dict[str, Any]:
    """A table with the heading of its groups: consecutive columns of one group stand under it."""
    heads: list[dict[str, Any]] = []
    for column in part["columns"]:
        group = groups.get(column["group"]) if column["group"] else None
        if heads and group is not None and heads[-1]["group"] is group:
            heads[-1]["span"] += 1
        else:
            heads.append({"group": group, "span": 1})
    two = any(head["group"] for head in heads)
    alone = all(not column["label"] for column in part["columns"])
    return {"heads": heads if two else [], "columns": [] if two and alone else part["columns"],
            "align": [column["align"] for column in part["columns"]], "head": part["head"],
            "rows": part["rows"], "wide": len(part["columns"])}  # fmt: skip


def _behind(one: Mapping[str, Any], datasets: Mapping[str, Any]) -> dict[str, Any]:
    """What a number rests on: its records as values of the keys, or its subjects alone."""
    dataset = datasets[one["dataset"]]
    found = [_record(one["dataset"], dataset["keys"], dataset["key_values"][str(record)])
             for record in one["records"][:SHOWN]]  # fmt: skip
    counts = [counted(len(one["subjects"]), "subject")] if one["subjects"] else []
    counts += [f"{counted(len(one['records']), 'record')} of {one['dataset']}"] if one["records"] else []
    return {"counts": ", ".join(counts), "subjects": one["subjects"][:SHOWN], "records": found,
            "more": max(len(one["records"]), len(one["subjects"])) - SHOWN}  # fmt: skip


def _record(dataset: str, keys: Sequence[str], values: Sequence[str]) -> str:
    """A record as the command line takes it."""
    return " ".join([dataset, *(f"{key}={_quoted(value)}" for key, value in zip(keys, values, strict=True))])


def _quoted(value: str) -> str:
    """A value as a shell takes it."""
    if value and not any(c in value for c in " '\"$&|;<>()*?"):
        return value
    return "'" + value.replace("'", "'\\''") + "'"
