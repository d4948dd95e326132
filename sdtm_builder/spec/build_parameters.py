"""Time-to-event parameters as typed values: the table of each, its dates, and the block that makes its records."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ..issues import IssueLog
from ..model import BlockSpec, DatasetSpec, DecisionSpec, ListNode, MapNode, Mark, Node, ParameterSpec, Rule, Scalar
from .arguments import child, entries, scalar, scalar_map, text
from .build_rules import Operations, build_rules
from .faults import near_hint, report
from .schema_dataset import PARAMETER

DECIDED = "decided"
"""The temporary that holds the number of the row that decided a record; 0 where a cut left it as it was."""

TABLE = ("ADT", "CNSR", "EVNTDESC", "CNSDTDSC", "AVAL", "SRCDOM", "SRCVAR", "SRCSEQ")
MADE = ("PARAMCD", "STARTDT", *TABLE)
"""The variables that a parameter makes."""


def build_parameters(
    node: Node | None, operations: Operations, functions: Sequence[str] = ()
) -> dict[str, ParameterSpec]:
    """PARAMCD -> parameter of a checked map; those that are not complete, or cut in a circle, are left out."""
    found: dict[str, ParameterSpec] = {}
    nodes = {k: v for k, v in entries(node).items() if isinstance(v, MapNode)}

    def make(code: str, above: tuple[str, ...]) -> ParameterSpec | None:
        if code not in found and code in nodes and code not in above:
            of = text(child(nodes[code], "cut", "of"))
            parent = make(of, (*above, code)) if of else None
            rules = build_rules(nodes[code].get("dates"), operations, functions)
            made = _parameter(code, nodes[code], rules, parent) if parent is not None or not of else None
            if made is not None:
                found[code] = made
        return found.get(code)

    for code in nodes:
        make(code, ())
    return {code: found[code] for code in nodes if code in found}


def _parameter(code: str, node: MapNode, dates: Mapping[str, Rule], of: ParameterSpec | None) -> ParameterSpec | None:
    constants = {k: v for k, v in scalar_map(node).items() if k not in PARAMETER.keys}
    if of is not None:
        row, when = child(node, "cut", "row"), scalar(child(node, "cut", "date"))
        made = _decision(row) if isinstance(row, MapNode) else None
        if made is None or when is None:
            return None
        kept = {k: v for k, v in of.constants.items() if k != "PARAM"}
        return ParameterSpec(
            code, of.subjects, scalar(child(node, "cut", "where")), of.unit, (made,), of=of.code, cut_date=when,
            dates=dates, inherited=tuple(n for n in (*of.inherited, *of.dates) if n not in dates),
            constants=kept | constants, mark=node.mark, table_mark=node.keys["cut"],
        )  # fmt: skip
    listed = node.get("decide")
    items: Sequence[Node] = listed.items if isinstance(listed, ListNode) else [listed] if listed is not None else []
    rows = [_decision(item) for item in items if isinstance(item, MapNode)]
    source, start, unit = scalar(child(node, "subjects", "from")), scalar(node.get("start")), text(node.get("in"))
    if source is None or start is None or not unit or not rows or any(r is None or r.when is None for r in rows):
        return None
    return ParameterSpec(
        code, source, scalar(child(node, "subjects", "where")), unit,
        tuple(r for r in rows if r is not None), start, dates=dates, constants=constants, mark=node.mark,
        table_mark=node.keys["decide"],
    )  # fmt: skip


def _decision(node: MapNode) -> DecisionSpec | None:
    date, cnsr, described = (scalar(node.get(k)) for k in ("date", "CNSR", "EVNTDESC"))
    if date is None or cnsr is None or described is None:
        return None
    return DecisionSpec(date, cnsr, described, scalar(node.get("CNSDTDSC")), scalar(node.get("when")), node.mark)


def parameter_block(made: ParameterSpec, of: ParameterSpec | None, table: Sequence[str] = TABLE) -> BlockSpec:
    """The block of a parameter: records from its subjects, or from the parameter that is cut.

    table : the variables that its table of decisions makes
    """
    source = Scalar(of.block, made.mark) if of is not None else made.subjects
    rules = {"PARAMCD": Rule("value", Scalar(made.code, made.mark), mark=made.mark)}
    rules |= {k: Rule("value", v, mark=v.mark) for k, v in made.constants.items()}
    taken = {name: Rule("from", Scalar(name, made.table_mark), mark=made.table_mark) for name in made.inherited}
    start = made.start if made.start is not None else Scalar("STARTDT", made.table_mark)
    derive = {**taken, **made.dates, "STARTDT": Rule("from", start, mark=start.mark)}
    for name in (DECIDED, *table):
        derive[name] = Rule("decide", Scalar(name, made.table_mark), mark=made.table_mark)
    why = f"not {made.where.text}" if made.where is not None else ""
    return BlockSpec(made.block, (source,), None, made.where, why, rules=rules, derive=derive, parameter=made,
                     mark=made.mark)  # fmt: skip


def parameter_blocks(parameters: Mapping[str, ParameterSpec]) -> dict[str, BlockSpec]:
    """The blocks of all parameters, by name; without CNSDTDSC where no row of any table says it."""
    described = any(row.cnsdtdsc is not None for p in parameters.values() for row in p.rows)
    table = [name for name in TABLE if described or name != "CNSDTDSC"]
    return {p.block: parameter_block(p, parameters.get(p.of), table) for p in parameters.values()}


# checks that need no other file


def check_parameters(dataset: DatasetSpec, log: IssueLog) -> None:
    """Parameters that contradict themselves or each other; what is missing was told by the form."""
    nodes = {k: v for k, v in entries(dataset.parameters).items() if isinstance(v, MapNode)}
    if nodes and dataset.standard != "adam":
        report(log, "bad-value", dataset.mark, f"{dataset.name} is no analysis dataset: it has no `parameters`.")
    _check_cuts(nodes, log)
    records = entries(dataset.tree.get("records")) if dataset.tree is not None else {}
    for code, node in nodes.items():
        if code.lower() in records:
            message = f"The parameter {code} and a block have the name `{code.lower()}`."
            report(log, "two-rules", node.mark, message, "Call the block otherwise.")
        _check_keys(code, node, log)
        _check_names(node, dataset, log)
        for row in _rows(node):
            _check_row(row, log)
        _check_censorings(list(_rows(node)), log)


def _check_keys(code: str, node: MapNode, log: IssueLog) -> None:
    """A cut has subjects, start, table and unit of the parameter that it cuts."""
    for key in ("subjects", "start", "decide", "in") if "cut" in node else ():
        if key in node:
            message = f"{code} has `cut` and `{key}`: the cut has that of the other parameter."
            report(log, "bad-value", node.keys[key], message, "Keep one; under `like` name the other in `remove`.")


def _check_names(node: MapNode, dataset: DatasetSpec, log: IssueLog) -> None:
    for name in MADE:
        where = dataset.derive.get(name)
        if name in node:
            report(log, "two-rules", node.keys[name], f"{name} is made by the parameter; a constant is a second rule.")
        elif where is not None:
            message = f"{name} has a rule in `derive` and is made by `parameters`."
            report(log, "two-rules", where.mark, message)
    dates = entries(node.get("dates"))
    if DECIDED in dates and isinstance(listed := node.get("dates"), MapNode):
        message = f"`{DECIDED}` is the number of the row that decided."
        report(log, "bad-name", listed.keys[DECIDED], message, "Give the date another name.")


def _check_cuts(nodes: Mapping[str, MapNode], log: IssueLog) -> None:
    """A cut is of another parameter of the file, does not lead back to itself, and makes its own dates."""
    told: set[str] = set()
    for name, node in nodes.items():
        of = child(node, "cut", "of")
        if not isinstance(of, Scalar):
            continue
        if of.text not in nodes or of.text == name:
            message = f"`{of.text}` is no other parameter of this file."
            report(log, "bad-value", of.mark, message, near_hint(of.text, [p for p in nodes if p != name]))
            continue
        chain = [name]
        while (following := text(child(nodes[chain[-1]], "cut", "of"))) in nodes and following not in chain:
            chain.append(following)
            both = set(entries(nodes[following].get("dates"))) & set(entries(node.get("dates")))
            for date in sorted(both):
                mark = _key_mark(node, "dates", date)
                report(log, "two-readings", mark, f"`{date}` is a date of {following} too, whose names are seen here.")
        if following in chain and not told & set(chain):
            told |= set(chain)
            said = " -> ".join([*chain[chain.index(following) :], following])
            report(log, "cycle", of.mark, f"These cut each other: {said}.")


def _key_mark(node: MapNode, key: str, inner: str) -> Mark:
    found = node.get(key)
    return found.keys[inner] if isinstance(found, MapNode) else node.mark


def _rows(node: MapNode) -> Iterator[MapNode]:
    listed = node.get("decide")
    yield from (r for r in getattr(listed, "items", ()) if isinstance(listed, ListNode) and isinstance(r, MapNode))
    row = child(node, "cut", "row")
    if isinstance(row, MapNode):
        yield row


def _check_row(row: MapNode, log: IssueLog) -> None:
    """CNSR is a whole number from 0; CNSDTDSC tells the date of a censoring."""
    cnsr, described = row.get("CNSR"), row.get("CNSDTDSC")
    if not isinstance(cnsr, Scalar):
        return
    if not re.fullmatch("[0-9]+", cnsr.text):
        message = f"CNSR is a whole number, 0 for an event, not `{cnsr.text}`."
        report(log, "bad-value", cnsr.mark, message)
    elif int(cnsr.text) == 0 and isinstance(described, Scalar) and described.text:
        message = "CNSDTDSC describes the date of a censoring, and CNSR 0 is an event."
        report(log, "bad-value", described.mark, message)


def _check_censorings(rows: Sequence[MapNode], log: IssueLog) -> None:
    """A number above 0 stands for one reason."""
    seen: dict[int, Scalar] = {}
    for row in rows:
        cnsr, said = row.get("CNSR"), row.get("EVNTDESC")
        if not isinstance(cnsr, Scalar) or not isinstance(said, Scalar) or not re.fullmatch("[0-9]+", cnsr.text):
            continue
        first = seen.setdefault(int(cnsr.text), said)
        if int(cnsr.text) > 0 and first.text != said.text:
            where = f"{first.mark.file}:{first.mark.line}"
            message = f"CNSR {cnsr.text} is `{first.text}` in {where} and `{said.text}` here."
            report(log, "censor-shared", cnsr.mark, message)


__all__ = [
    "DECIDED", "MADE", "TABLE", "build_parameters", "check_parameters", "parameter_block", "parameter_blocks",
]  # fmt: skip
