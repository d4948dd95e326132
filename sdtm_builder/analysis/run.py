"""Runs the analyses of a study over the written datasets of a folder and gives the document of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from ..issues import IssueLog, Location
from ..model import Kind, StudySpec
from .asked import PARAMETER, conditions_in, unknown_parameters
from .registry import methods
from .result import Part, number_of
from .setting import Group, Population, Setting, Values, groups_of, label_array, record_place
from .spec import Said, analyses_of, populations_of, scalars
from .table import Form, Table, read_table

NO_RECORDS = "No records fulfil the condition."
FORMAT, VERSION = "sdtm_builder analyses", 1


def run_analyses(
    study: StudySpec,
    folder: Path,
    forms: Mapping[str, Form],
    constants: Mapping[str, tuple[Kind, str]],
    as_of: str,
    log: IssueLog,
) -> dict[str, Any]:
    """The document that `report/analyses.json` holds; docs/analyses.md describes it.

    Parameters
    ----------
    study : with analyses and populations that `check_analyses` has passed
    folder : of the written ADaM datasets
    forms : kinds and keys of each dataset; constants : `study.NAME`
    as_of : moment of the build, ISO 8601
    log : takes what the data do not allow
    """
    runner = _Runner(study, folder, forms, Values(constants, log), log)
    analyses = [runner.analysis(said) for said in analyses_of(study)]
    return {
        "format": FORMAT,
        "version": VERSION,
        "study": {"id": study.id, "title": study.study.get("title", "")},
        "as_of": as_of,
        "datasets": runner.datasets([a for a in analyses if a is not None]),
        "populations": [runner.population_part(p) for p in runner.populations.values()],
        "analyses": [a for a in analyses if a is not None],
    }


@dataclass
class _Runner:
    study: StudySpec
    folder: Path
    forms: Mapping[str, Form]
    values: Values
    log: IssueLog
    tables: dict[str, Table | None] = field(default_factory=dict)
    populations: dict[str, Population] = field(default_factory=dict)
    inside: dict[tuple[str, str], Table] = field(default_factory=dict)

    def table(self, name: str, said: Said) -> Table | None:
        """A dataset, read once; None, with an issue, where it was not written."""
        if name not in self.tables:
            path = self.folder / f"{name.lower()}.xpt"
            self.tables[name] = read_table(path, name, self.forms[name]) if path.is_file() else None
            if self.tables[name] is None:
                message = f"{name} was not written: the analyses over it are left out."
                self.log.add("analysis-dataset", message, said.mark.place, Location(dataset=name))
        return self.tables[name]

    def population(self, said: Said) -> Population | None:
        """A population, worked out once."""
        if said.id in self.populations:
            return self.populations[said.id]
        table = self.table(said.text("dataset"), said)
        if table is None:
            return None
        where = said.scalar("where")
        chosen = table.keep(self.values.true(where, table)) if where is not None else table
        names = label_array(chosen.columns["USUBJID"])
        seen: set[str] = set()
        kept: list[int] = []
        repeated: list[int] = []
        for row, name in enumerate(names):
            (repeated if name is None or name in seen else kept).append(row)
            seen.add(str(name))
        if repeated:
            places = [record_place(chosen, r) for r in repeated[:100]]
            message = f"`{said.id}`: no subject or another record of a subject; it is left out."
            self.log.add("analysis-population", message, *places, said.mark.place)
        chosen = chosen.keep(np.array(kept, dtype=np.int64))
        subjects = tuple(str(names[r]) for r in kept)
        made = Population(said.id, said.text("title"), said.text("where"), chosen, subjects)
        self.populations[said.id] = made
        return made

    def restricted(self, name: str, population: Population, said: Said) -> Table | None:
        """The records of a dataset that belong to subjects of the population, with their owners."""
        if (name, population.id) in self.inside:
            return self.inside[name, population.id]
        table = self.table(name, said)
        if table is None:
            return None
        number = {s: i for i, s in enumerate(population.subjects)}
        names = table.columns["USUBJID"]
        places = np.array([*(number.get(str(s), -1) for s in names.distinct()), -1], dtype=np.int64)
        owner = places[names.data]
        kept = replace(table.keep(owner >= 0), owner=owner[owner >= 0])
        self.inside[name, population.id] = kept
        return kept

    def analysis(self, said: Said) -> dict[str, Any] | None:
        """One analysis with all its parts; None where a dataset is not there."""
        population = self.population(populations_of(self.study)[said.text("population")])
        table = self.restricted(said.text("dataset"), population, said) if population is not None else None
        if population is None or table is None:
            return None
        where = said.scalar("where")
        if where is not None:
            table = table.keep(self.values.true(where, table))
        groups, outside = groups_of(said, population, self.values)

        def other(name: str) -> Table | None:
            return self.restricted(name, population, said)

        setting = Setting(said, table, population, groups, self.values, other, self.log)
        method = methods()[said.text("method")]
        made = method.function(setting)
        notes = said.texts("footnotes") + made.notes + self.empty(said, table)
        self.parameters(said)
        if outside:
            total = next((f"under {g.label} alone" for g in groups if g.kind == "total"), "in no column")
            notes.append(f"{number_of(outside, 'subject')} without a value of {said.text('by')}: counted {total}.")
        return {
            "id": said.id, "title": said.text("title"), "method": method.name, "about": method.about,
            "dataset": said.text("dataset"), "where": said.text("where"), "population": population.id,
            "reason": said.text("reason"), "purpose": said.text("purpose"), "comment": said.text("comment"),
            "by": _columns_by(said, population), "footnotes": list(dict.fromkeys(notes)),
            "documents": self.documents(said),
            "place": {"file": said.mark.file, "line": said.mark.line},
            "groups": [_group_part(g, population) for g in groups],
            "conclusion": made.conclusion, "parts": made.parts, "behind": setting.behind.entries,
        }  # fmt: skip

    def empty(self, said: Said, table: Table) -> list[str]:
        """The footnote of an analysis whose condition no record fulfils: its zeros are no results."""
        if table.n or said.scalar("where") is None:
            return []
        self.log.add("analysis-empty", f"{said.id}: no record of {table.name} fulfils `{said.text('where')}`.",
                     said.mark.place)  # fmt: skip
        return [NO_RECORDS]

    def parameters(self, said: Said) -> None:
        """Codes of parameters that the analysis asks for in vain: mistyped, or not derived."""
        for name, condition in conditions_in(said, methods()[said.text("method")]):
            table = self.table(name, said)
            for code in unknown_parameters(condition, table) if table is not None else ():
                self.log.add("analysis-parameter", f"{said.id}: no record of {name} has {PARAMETER} {code!r}.",
                             condition.mark.place, value=code)  # fmt: skip

    def documents(self, said: Said) -> list[Part]:
        """The documents that an analysis names."""
        found = [self.study.documents[s.text] for s in scalars(said.items.get("documents"))]
        return [{"id": d.id, "title": d.title.text, "file": d.file.text, "pages": [p.text for p in d.pages]}
                for d in found]  # fmt: skip

    def population_part(self, one: Population) -> Part:
        """A population in the document."""
        return {"id": one.id, "title": one.title, "dataset": one.table.name, "where": one.where, "n": one.n,
                "subjects": list(one.subjects)}  # fmt: skip

    def datasets(self, analyses: list[dict[str, Any]]) -> list[Part]:
        """The datasets that numbers rest on, with the keys of the records named."""
        named: dict[str, set[int]] = {p.table.name: set() for p in self.populations.values()}
        for analysis in analyses:
            for entry in analysis["behind"]:
                named.setdefault(entry["dataset"], set()).update(entry["records"])
        out = []
        for name in sorted(named):
            table = self.tables[name]
            assert table is not None
            keys = [table.columns[k] for k in table.keys]
            values = {str(r): [k.text_at(r - 1) for k in keys] for r in sorted(named[name])}
            out.append({"name": name, "label": table.label, "file": table.file, "records": table.total,
                        "keys": list(table.keys), "key_values": values})  # fmt: skip
        return out


def _columns_by(said: Said, population: Population) -> str:
    """By what the subjects fall into columns: the label of the variable with its name, or the expression."""
    by = said.text("by")
    label = population.table.labels.get(by, "")
    return f"{label} ({by})" if label not in ("", by) else by


def _group_part(group: Group, population: Population) -> Part:
    members = [s for s, inside in zip(population.subjects, group.members, strict=True) if inside]
    return {"id": group.id, "label": group.label, "kind": group.kind, "n": group.n, "subjects": members}
