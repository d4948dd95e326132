"""Time-to-event parameters in words: the method texts of define.xml, the table as a plan has it, facts for a trace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..model import DecisionSpec, ParameterSpec, Rule, Scalar
from ..spec.build_parameters import DECIDED
from .parameters import LITERALS, SOURCES, UNITS, parameter_table

if TYPE_CHECKING:
    from .variables import DatasetPlan

PER_UNIT = {"days": "", "weeks": ", divided by 7", "months": ", divided by 30.4375"}


def made_name(rule: Rule) -> str:
    """The variable that a rule of a table makes."""
    return rule.argument.text if isinstance(rule.argument, Scalar) else ""


def tells_names(rule: Rule) -> bool:
    """Whether the text of a rule names dates that must be told: SRCDOM and its like name none."""
    return rule.operation != "decide" or made_name(rule) not in SOURCES


def method_text(spec: ParameterSpec, name: str) -> str:
    """What a variable of a parameter is, in the words of its table."""
    if name == "AVAL":
        return f"ADT - STARTDT + 1{PER_UNIT[spec.unit]}"
    if name in SOURCES:
        what = {"SRCDOM": "dataset", "SRCVAR": "variable", "SRCSEQ": "sequence number of the record"}[name]
        return f"The {what} that ADT was taken from; missing where it is no record's"
    parts = []
    if spec.of and spec.cut_date is not None:
        parts.append(f"If ADT of {spec.of} is after {spec.cut_date.text} then {_given(spec.rows[0], 1, name)}")
        parts.append("otherwise 0" if name == DECIDED else f"otherwise as in {spec.of}")
        return "; ".join(parts)
    for number, row in enumerate(spec.rows, 1):
        when = row.when.text if row.when is not None else ""
        parts.append(f"{'If' if number == 1 else 'else if'} {when} then {_given(row, number, name)}")
    parts.append("otherwise missing")
    return "; ".join(parts)


def _given(row: DecisionSpec, number: int, name: str) -> str:
    if name == DECIDED:
        return str(number)
    if name == "ADT":
        return row.date.text
    if name == "CNSR":
        return row.cnsr.text
    said = row.evntdesc if name == "EVNTDESC" else row.cnsdtdsc
    return f"'{said.text}'" if said is not None and said.text else "missing"


def table_lines(made: DatasetPlan, code: str, counts: Mapping[int, int] | None = None) -> list[str]:
    """A parameter as a plan of analysis has it: subjects, start, dates, and the rows of its table.

    counts : records by the row that decided them, 0 for those that a cut left as they were, -1 for none; None
        before a build
    """
    block = made.blocks[code.lower()]
    spec = block.spec.parameter
    assert spec is not None
    label = f"  {spec.constants['PARAM'].text}" if "PARAM" in spec.constants else ""
    lines = [f"{made.name}.{spec.code}{label}  [{spec.mark}]"]
    where = f" where {spec.where.text}" if spec.where is not None else ""
    if spec.of and spec.cut_date is not None:
        lines.append(f"  cut      of {spec.of}{where}, where ADT is after {spec.cut_date.text}")
    else:
        lines.append(f"  subjects {spec.subjects.text}{where}")
        lines.append(f"  start    STARTDT is {spec.start.text if spec.start is not None else ''}")
    lines.append(f"  AVAL     ADT - STARTDT + 1{PER_UNIT[spec.unit]} ({spec.unit})")
    for number, (name, rule) in enumerate(spec.dates.items()):
        lines.append(f"  {'dates' if number == 0 else '':<8} {name}: {_rule(rule)}  {rule.mark}")
    head: tuple[str, ...] = ("row", "if", "date", "CNSR", "EVNTDESC", "CNSDTDSC", "line")
    body = [_cells(spec, number, row) for number, row in enumerate(spec.rows, 1)]
    keys = list(range(1, len(body) + 1))
    if spec.of:
        body.append(("0", "else", f"as in {spec.of}", "", "", "", ""))
        keys.append(0)
    if counts is not None:
        head = (*head, "records")
        body = [(*cells, f"{counts.get(key, 0):,}") for cells, key in zip(body, keys, strict=True)]
        if counts.get(-1):
            body.append(("-", "no row is true", "", "", "", "", "", f"{counts[-1]:,}"))
    return [*lines, "", *_ruled(head, body)]


def _rule(rule: Rule) -> str:
    from .ruletext import rule_text

    return rule_text(rule)


def _cells(spec: ParameterSpec, number: int, row: DecisionSpec) -> tuple[str, ...]:
    at = spec.cut_date.text if spec.cut_date is not None else ""
    when = row.when.text if row.when is not None else f"ADT of {spec.of} > {at}"
    described = row.cnsdtdsc.text if row.cnsdtdsc is not None else ""
    return (str(number), when, row.date.text, row.cnsr.text, row.evntdesc.text, described, str(row.mark.line))


def _ruled(head: Sequence[str], body: Sequence[Sequence[str]]) -> list[str]:
    """Columns one under the other; long conditions are wrapped."""
    from textwrap import wrap

    width = [min(max(len(r[i]) for r in (head, *body)), 60 if i == 1 else 40) for i in range(len(head))]
    lines = ["  " + "  ".join(t.ljust(w) for t, w in zip(head, width, strict=True)).rstrip()]
    lines.append("  " + "  ".join("-" * w for w in width))
    for row in body:
        parts = [wrap(t, w) or [""] for t, w in zip(row, width, strict=True)]
        for i in range(max(len(p) for p in parts)):
            cells = [p[i] if i < len(p) else "" for p in parts]
            lines.append("  " + "  ".join(t.ljust(w) for t, w in zip(cells, width, strict=True)).rstrip())
    return lines


def row_facts(made: DatasetPlan, block: str, rule: Rule) -> dict[str, Any]:
    """The table as `graph.json` has it: of each row its line, condition, date and literals."""
    from .ruletext import ref_facts

    table = parameter_table(made, block)
    if table is None:
        return {}
    rows = []
    for number, row in enumerate(table.rows, 1):
        when = row.spec.when
        found: dict[str, Any] = {"file": row.spec.mark.file, "line": row.spec.mark.line}
        found["when"] = when.text if when is not None else method_text(table.spec, DECIDED).partition(" then ")[0][3:]
        found["date"] = {"name": row.spec.date.text, **ref_facts(made.plan, row.date)}
        refs = row.when.refs if row.when is not None else (*table.before(row.date.kind, "ADT"), *_cut(table.cut))
        found["names"] = [ref_facts(made.plan, ref) for ref in refs]
        found |= {name: _given(row.spec, number, name).strip("'") for name in LITERALS}
        rows.append(found)
    return {"parameter": table.spec.code, "makes": made_name(rule), "rows": rows}


def _cut(ref: Any) -> tuple[Any, ...]:
    return () if ref is None else (ref,)


__all__ = ["UNITS", "made_name", "method_text", "row_facts", "table_lines"]
