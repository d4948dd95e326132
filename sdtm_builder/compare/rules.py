"""What `graph.json` says makes a variable, without the places where it is said: equal exactly where the rule is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

PLACES = ("file", "line", "overrides", "said")
Facts = Mapping[str, Any]


class Changed(NamedTuple):
    """A rule that differs. name : DATASET.VARIABLE, or DATASET for what decides on a block's records; before, after :
    its text; place : file:line, of the new build where that has it."""

    name: str
    block: str
    before: str
    after: str
    place: str



def bare(facts: Any) -> Any:
    """Facts without places: moving a rule to another line or file is no change."""
    if isinstance(facts, Mapping):
        return {k: v if k == "values" else bare(v) for k, v in facts.items() if k not in PLACES}
    if isinstance(facts, (list, tuple)):
        return [bare(v) for v in facts]
    return facts


def entry_of(known: Facts, block: str, number: int, testcd: str = "", column: str = "") -> Facts | None:
    """A transposed column of a block, by its number or by its test and column; None where there is none."""
    entries = known.get("blocks", {}).get(block, {}).get("entries", ())
    if number >= 0:
        found: Facts | None = entries[number]
        return found
    hits = [e for e in entries if testcd and e["testcd"] == testcd]
    return next((e for e in hits if e["column"] == column), hits[0] if hits else None)


def said_of(known: Facts, block: str, entry: Facts | None, test: str, variable: str) -> tuple[Facts, Any]:
    """The facts of what makes a variable for records of a block, transposed column and test; and the same bare, with
    the joins that it uses. ({}, None) where the build doesn't have the block."""
    said = known.get("blocks", {}).get(block)
    if said is None:
        return {}, None
    facts = known.get("tests", {}).get(test, {}).get(variable)
    if facts is None and entry is not None:
        facts = entry["variables"].get(variable)
    facts = facts or said["variables"].get(variable) or {"made": "nothing"}
    joins = {n["join"] for n in facts.get("names", ()) if n["is"] == "joined"}
    used = {j: said.get("joins", {}).get(j) or known.get("joins", {}).get(j) for j in sorted(joins)}
    return facts, (bare(facts), bare(used))


def records_of(known: Facts, block: str) -> Any:
    """What decides which records a block has, bare; None where the build doesn't have it."""
    said = known.get("blocks", {}).get(block)
    if said is None:
        return None
    wanted = {k: v for k, v in said.items() if k not in ("variables", "entries")}
    return bare({**wanted, "columns": [(e["testcd"], e["column"]) for e in said.get("entries", ())]})


def changed_rules(old: Facts, new: Facts) -> Iterator[Changed]:
    """Rules that differ between two graphs."""
    for dataset, known in new["datasets"].items():
        before = old["datasets"].get(dataset)
        if before is None or "blocks" not in known or "blocks" not in before:
            continue
        for block in known["blocks"]:
            if block not in before["blocks"]:
                yield Changed(dataset, block, "", "the block came", _place(known["blocks"][block]))
                continue
            if records_of(before, block) != records_of(known, block):
                place = _place(known["blocks"][block])
                yield Changed(dataset, block, _records_text(before, block), _records_text(known, block), place)
            yield from _changed_variables(before, known, dataset, block)
        for block in before["blocks"]:
            if block not in known["blocks"]:
                yield Changed(dataset, block, "the block went", "", _place(before["blocks"][block]))


def _changed_variables(before: Facts, known: Facts, dataset: str, block: str) -> Iterator[Changed]:
    names = [*known["blocks"][block]["variables"], *before["blocks"][block]["variables"]]
    for variable in dict.fromkeys(names):
        was, is_now = (said_of(k, block, None, "", variable) for k in (before, known))
        if was[1] != is_now[1]:
            yield Changed(f"{dataset}.{variable}", block, _text(was[0]), _text(is_now[0]), _place(is_now[0]))
    entries = {e["testcd"]: e for e in known["blocks"][block].get("entries", ())}
    for testcd, entry in entries.items():
        same = entry_of(before, block, -1, testcd, entry["column"])
        for variable in {**entry["variables"], **(same["variables"] if same else {})} if same else ():
            was, is_now = said_of(before, block, same, "", variable), said_of(known, block, entry, "", variable)
            if was[1] != is_now[1]:
                where = f"{block}, {testcd}"
                yield Changed(f"{dataset}.{variable}", where, _text(was[0]), _text(is_now[0]), _place(is_now[0]))
    for code, made in known.get("tests", {}).items():
        for variable, facts in made.items():
            earlier = before.get("tests", {}).get(code, {}).get(variable, {})
            if bare(earlier) != bare(facts):
                yield Changed(f"{dataset}.{variable}", f"test {code}", _text(earlier), _text(facts), _place(facts))


def _records_text(known: Facts, block: str) -> str:
    said = records_of(known, block)
    parts = [f"{k}: {v}" for k, v in said.items() if v and k != "columns" and k != "joins"]
    return "; ".join(parts) + (f"; {len(said['columns'])} transposed columns" if said["columns"] else "")


def _text(facts: Facts) -> str:
    return str(facts.get("rule") or facts.get("method") or facts.get("made", ""))


def _place(facts: Facts) -> str:
    return f"{facts['file']}:{facts['line']}" if facts.get("file") else ""
