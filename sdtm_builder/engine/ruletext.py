"""A rule in words: its YAML as one line, its place and method, the names that it uses and what each of them is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..model import ListNode, MapNode, Mark, Node, Rule, Scalar
from ..registry import derivations
from ..spec.show import quoted
from .joins import CompiledJoin
from .methods import Methods
from .parameter_text import row_facts
from .pieces import Made, Piece, entry_of
from .plan import Plan
from .refs import Constant, Field, OfSubject, Ref, RowFact, Variable, leaves


def flow(node: Node | None) -> str:
    """A YAML node as one line."""
    if isinstance(node, MapNode):
        return "{" + ", ".join(f"{quoted(k)}: {flow(v)}" for k, v in node.items.items()) + "}"
    if isinstance(node, ListNode):
        return "[" + ", ".join(flow(item) for item in node.items) + "]"
    return quoted(node.text) if isinstance(node, Scalar) else ""


def rule_text(rule: Rule, short: bool = True) -> str:
    """A rule as one line of YAML: a bare name where it is nothing else (and `short`), else a map."""
    if rule.operation == "from" and short and not rule.options and not rule.blocks:
        return flow(rule.argument)
    return "{" + ", ".join(_parts(rule)) + "}"


def _parts(rule: Rule) -> list[str]:
    if rule.branches:
        said = []
        for branch in rule.branches:
            when = [f"when: {quoted(branch.when.text)}"] if branch.when is not None else []
            said.append("{" + ", ".join([*when, *_parts(branch.rule)]) + "}")
        parts = [f"{rule.operation}: [" + ", ".join(said) + "]"]
    else:
        parts = [f"{rule.operation}: {flow(rule.argument)}"]
    parts += [f"{quoted(k)}: {flow(v)}" for k, v in rule.options.items()]
    if rule.blocks:
        parts.append("blocks: [" + ", ".join(quoted(b.text) for b in rule.blocks) + "]")
    return parts


def ref_facts(plan: Plan, ref: Ref) -> dict[str, Any]:
    """What a resolved name is, as `graph.json` has it."""
    inner = leaves(ref)
    if isinstance(inner, Field):
        found = {"is": "joined" if inner.via else "column", "table": inner.table, "column": inner.column}
        return {**found, "join": inner.via} if inner.via else found
    if isinstance(inner, Variable):
        return {"is": "variable", "column": inner.name}
    if isinstance(inner, OfSubject):
        return {"is": "of subject", "table": inner.dataset, "column": inner.name}
    if isinstance(inner, RowFact):
        return {"is": "row", "column": inner.what}
    assert isinstance(inner, Constant)
    said = plan.study.constants.get(inner.name)
    mark = said.mark if said is not None else None
    place = {"file": mark.file, "line": mark.line} if mark is not None else {}
    return {"is": "constant", "column": inner.name, "value": inner.value, **place}


def ref_text(facts: Mapping[str, Any]) -> str:
    """A name with what it is, for people: `AETERM of raw.AE`, `DM.RFSTDTC of the subject`."""
    kind, column = facts["is"], facts["column"]
    if kind == "column":
        return f"{column} of {facts['table']}"
    if kind == "joined":
        return f"{column} of {facts['table']} (join {facts['join']})"
    if kind == "of subject":
        return f"{facts['table']}.{column} of the subject"
    if kind == "row":
        return f"row.{column}"
    return f"study.{column} = {facts['value']}" if kind == "constant" else column


def piece_facts(plan: Plan, methods: Methods, piece: Piece) -> dict[str, Any]:
    """What makes a variable in a block, as `graph.json` has it: a rule with its place and names, or a way without.

    `said` is where the rule stands: set, transpose, derive or default; `made` what makes it (see Made).
    """
    told = methods.of(piece)
    found: dict[str, Any] = {"made": piece.made.value, "method": told.text if told is not None else ""}
    made = piece.compiled
    if made is None or piece.rule is None:
        return {**found, **_without_rule(piece)}
    found |= {"operation": piece.rule.operation, "rule": rule_text(piece.rule), "said": _said_in(piece)}
    found |= _place(piece.rule.mark)
    function = plan.functions.get(piece.rule.operation) or derivations().get(piece.rule.operation)
    needs = [n.removeprefix("row.") for n in (function.needs if function is not None else ()) if n.startswith("row.")]
    found["names"] = [*(ref_facts(plan, r) for r in made.refs), *({"is": "row", "column": n} for n in needs)]
    uses = [{"table": u.table, "columns": list(u.columns)} for u in made.uses]
    if uses:
        found["uses"] = uses
    if piece.rule.operation == "decide":
        found |= row_facts(piece.dataset, piece.group.block, piece.rule)
    if made.whole:
        found["whole"] = True
    if made.ordered:
        found["ordered"] = True
    return found


def _place(mark: Mark) -> dict[str, Any]:
    found: dict[str, Any] = {"file": mark.file, "line": mark.line}
    return {**found, "overrides": mark.overrides} if mark.overrides else found


def _said_in(piece: Piece) -> str:
    block = piece.dataset.blocks[piece.group.block]
    if piece.group.entry >= 0 and piece.name in block.entries[piece.group.entry].rules:
        return "transpose"
    rule = piece.rule
    if block.spec.derive.get(piece.name) is rule:
        return "parameters"
    if any(rule is r for r in block.spec.rules.values()):
        return "set"
    return "derive" if any(rule is r for r in piece.dataset.spec.derive.values()) else "default"


def _without_rule(piece: Piece) -> dict[str, Any]:
    """Place and text of what makes a variable without a rule of its own."""
    spec = piece.dataset.spec
    if piece.made is Made.CONSTANT:
        constant = spec.tests[piece.group.test].constants[piece.name]
        return {"rule": constant.text, **_place(constant.mark)}
    entry = entry_of(piece.dataset, piece.group)
    if piece.made is Made.CODE and entry is not None:
        return {"rule": f"transpose: {entry.testcd}", **_place(entry.spec.mark)}
    if piece.made is Made.STATUS and entry is not None:
        said = entry.spec.not_done or piece.dataset.blocks[piece.group.block].spec.not_done
        return {"rule": "not_done", **_place((said or entry.spec).mark)}
    subjects = piece.dataset.plan.study.subjects
    if piece.made is Made.BUILT_IN and piece.name == "USUBJID" and subjects is not None:
        return {"rule": f"{{usubjid: {quoted(subjects.usubjid.text)}}}", **_place(subjects.usubjid.mark)}
    make = piece.dataset.blocks[piece.group.block].spec.make
    if piece.made is Made.MAKER and make is not None:
        return {"rule": f"{{make: {quoted(make.name.text)}}}", **_place(make.mark)}
    return {}


def join_facts(join: CompiledJoin) -> dict[str, Any]:
    """A join as `graph.json` has it; a table written in the YAML comes with its rows."""
    spec = join.spec
    found: dict[str, Any] = {
        "table": join.form.key, "file": spec.mark.file, "line": spec.mark.line,
        "by": [[a.text, b.text] for a, b in spec.by] or ([["USUBJID", "USUBJID"]] if join.left else []),
        "take": {new: old.text for new, old in spec.take},
    }  # fmt: skip
    if spec.between:
        found["between"] = [[value.text, low.text, high.text] for value, low, high in spec.between]
    if spec.where is not None:
        found["where"] = spec.where.text
    if join.inline is not None:
        names: Sequence[Scalar] = join.inline.rows[0]
        found["rows"] = [
            {"line": row[0].mark.line, "values": {n.text: v.text for n, v in zip(names, row, strict=True)}}
            for row in join.inline.rows[1:]
        ]
    return found
