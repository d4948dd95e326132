"""Traces one value of a written dataset to raw cells, through joins, groups, summaries and other datasets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from .node import Node
from .reader import Lineage, TraceError, raw_column

LIMIT = 10
DEEPEST = 60


def trace(outputs: Path, dataset: str, key: Mapping[str, str], variable: str, limit: int = LIMIT) -> Node:
    """The tree of a value.

    Parameters
    ----------
    outputs : folder of a build
    dataset, key, variable : the record by values of its variables (`{"USUBJID": "01-701-1015"}`), and what to trace
    limit : how many members of a group or summary are followed; the others are counted

    Raises
    ------
    TraceError : unknown folder, dataset, variable or record, or several records (the message lists the first)
    """
    lineage = Lineage(outputs)
    lineage.dataset(dataset)
    lineage.known_variable(dataset, variable)
    row = lineage.find(dataset, key)
    return Tracer(lineage, limit).variable(dataset, row, variable)


class Tracer:
    """Makes nodes; a value met again is not followed a second time."""

    def __init__(self, lineage: Lineage, limit: int = LIMIT) -> None:
        self.lineage, self.limit = lineage, limit
        self._seen: set[tuple[str, int, str]] = set()
        self._depth = 0

    def variable(self, dataset: str, row: int, name: str) -> Node:
        """A variable of a written record."""
        known = self.lineage.datasets.get(dataset)
        if known is None:
            return Node("note", f"{dataset}.{name}", note=f"{dataset} is not in this build.")
        node = Node("variable", f"{dataset}.{name}", self.lineage.text(dataset, name, row))
        node.record = self.lineage.record(dataset, row)
        if known.get("given"):
            node.note = "a ready dataset, taken as it is"
            return node
        if "parent" in known:
            return self._supplemental(node, known, dataset, row)
        if name in known.get("continues", {}):
            first = known["continues"][name]
            node.rule = f"goes on with the text of {first}"
            node.children = [self.variable(dataset, row, first)]
            return node
        node.block = self.lineage.text(dataset, "@block", row)
        facts = self._facts(known, dataset, row, name)
        _say(node, facts)
        if (dataset, row, name) in self._seen or self._depth > DEEPEST:
            node.note = "followed above"
            return node
        self._seen.add((dataset, row, name))
        self._depth += 1
        node.children = self._made_of(known, dataset, row, name, facts)
        self._depth -= 1
        return node

    # what makes a value

    def _facts(self, known: Mapping[str, Any], dataset: str, row: int, name: str) -> Mapping[str, Any]:
        """What the graph says of a variable for this record: its test's constant, its column's rule, its block's."""
        block = known["blocks"][self.lineage.text(dataset, "@block", row)]
        code = self.lineage.text(dataset, known["topic_code"], row)
        constants = known.get("tests", {}).get(code, {})
        found = constants.get(name)
        entry = self._entry(block, dataset, row)
        if found is None and entry is not None:
            found = entry["variables"].get(name)
        return found or block["variables"].get(name) or {"made": "nothing"}

    def _entry(self, block: Mapping[str, Any], dataset: str, row: int) -> Mapping[str, Any] | None:
        number = self.lineage.at(dataset, "@entry", row)
        found: Mapping[str, Any] | None = block["entries"][number] if number is not None else None
        return found

    def _made_of(
        self, known: Mapping[str, Any], dataset: str, row: int, name: str, facts: Mapping[str, Any]
    ) -> list[Node]:
        made = facts["made"]
        if made == "built in":
            found = self._origins(dataset, row) if name == "USUBJID" else []
            return found or (self._subject(*self._base(dataset, row)) if name == "USUBJID" else [])
        if made in ("code of a transposed column", "not done", "record maker"):
            return self._result_cells(known, dataset, row)
        if facts.get("operation") == "decide" and "rows" in facts:
            return self._decided(known, dataset, row, name, facts)
        children = [self._name(known, dataset, row, ref) for ref in facts.get("names", ())]
        children += self._winner(dataset, row, name, facts)
        children += self._gathered(dataset, row, name, facts)
        if facts.get("operation") == "record_of":
            children += self._same_row(dataset, row, facts)
        elif not self.lineage.has(dataset, f"@win:{name}") and not self.lineage.has(dataset, f"@group:{name}"):
            children += self._looked_at(dataset, row, facts)
        if facts.get("ordered"):
            children.append(self._keys(known, dataset, row))
        return [c for c in children if c is not None]

    def _decided(
        self, known: Mapping[str, Any], dataset: str, row: int, name: str, facts: Mapping[str, Any]
    ) -> list[Node]:
        """What the table of a time-to-event parameter gave: the row that decided, and its date or its condition."""
        if name == "AVAL":
            return [self._name(known, dataset, row, ref) for ref in facts["names"]]
        number = self.lineage.at(dataset, "decided", row)
        if number is None:
            return [Node("note", "table", note=f"no row of {facts['parameter']} decided this record")]
        if number == 0:
            return [self._of_base(dataset, row, name)]
        taken = facts["rows"][int(number) - 1]
        said = f"{taken['date']['name']}, CNSR {taken['CNSR']}, {taken['EVNTDESC']}"
        node = Node("decision", f"row {int(number)} of {facts['parameter']}: {said}", place=_place(taken))
        node.rule = taken["when"]
        wanted = [taken["date"]] if name == "ADT" or name.startswith("SRC") else taken["names"]
        node.children = [self._name(known, dataset, row, ref) for ref in wanted]
        return [node]

    def _name(self, known: Mapping[str, Any], dataset: str, row: int, ref: Mapping[str, Any]) -> Node:
        """A name that a rule uses, at this record."""
        kind, column = ref["is"], ref["column"]
        if kind == "variable":
            return self.variable(dataset, row, column)
        if kind == "constant":
            place = f"{ref['file']}:{ref['line']}" if "file" in ref else ""
            return Node("constant", f"study.{column}", ref["value"], place=place)
        if kind == "of subject":
            return self._of_subject(dataset, row, ref["table"], column)
        if kind == "joined":
            return self._joined(known, dataset, row, ref)
        if kind == "row":
            return self._row_fact(known, dataset, row, column)
        return self._of_base(dataset, row, column)

    def _origins(self, dataset: str, row: int) -> list[Node]:
        """The rows from which a record maker made a record; none for a block without one."""
        block = self.lineage.datasets[dataset]["blocks"][self.lineage.text(dataset, "@block", row)]
        nodes = []
        for name in block.get("make", {}).get("origins", ()):
            at = self.lineage.at(dataset, f"@join:{name}", row)
            if at is not None:
                node = self._origin(self.lineage.text(dataset, f"@join:{name}:table", row), at, block["make"])
                node.note = f"{name} of make: {block['make']['name']}"
                nodes.append(node)
        return nodes

    def _origin(self, table: str, row: int, make: Mapping[str, Any]) -> Node:
        """A row from which a record maker made a record, with what it read of it."""
        named = [c for use in make.get("uses", ()) if use["table"] == table for c in use["columns"] if c != "USUBJID"]
        there = [c for c in named if self.lineage.has(table, raw_column(c) if table.startswith("raw.") else c)]
        if table not in self.lineage.datasets:
            return self._row(table, row, there)
        node = self._row(table, row)
        node.children = [self.variable(table, row, c) for c in there] or self._places(table, row)
        return node

    def _of_base(self, dataset: str, row: int, column: str) -> Node:
        table, at = self._base(dataset, row)
        if table.startswith("made:"):
            return Node("records", f"{column} of the record maker", children=self._origins(dataset, row))
        members = self._base_members(dataset, row)
        if members:
            nodes = [self._value(t, r, column) for t, rows in members for r in rows[:1]][:1]
            count = sum(len(rows) for _, rows in members)
            nodes[0].note = nodes[0].note or f"the same on all {count} rows of the group"
            return nodes[0]
        return self._value(table, at, column)

    def _base(self, dataset: str, row: int) -> tuple[str, int]:
        at = self.lineage.at(dataset, "@row", row)
        return self.lineage.text(dataset, "@base", row), -1 if at is None else at

    def _base_members(self, dataset: str, row: int) -> list[tuple[str, list[int]]]:
        block = self.lineage.datasets[dataset]["blocks"][self.lineage.text(dataset, "@block", row)]
        if "group" not in block:
            return []
        return [(table, rows) for table, _, rows in self.lineage.members(dataset, "", row)]

    def _value(self, table: str, row: int, column: str, values: Mapping[str, Any] | None = None) -> Node:
        """A value of any table: a raw cell, a variable of a record, a cell of a table in the YAML."""
        if row < 0 or not table:
            return Node("note", column, note="no row")
        if table.startswith("raw."):
            return self._cell(table, row, column)
        if table in self.lineage.datasets:
            return self.variable(table, row, column)
        line = (values or {}).get("rows", [])[row] if values else {}
        place = f"{values['file']}:{line['line']}" if values and line else ""
        return Node("constant", f"{column} of {table}", line.get("values", {}).get(column, ""), place=place)

    def _cell(self, table: str, row: int, column: str) -> Node:
        read = self.lineage
        node = Node(
            "cell", column, read.text(table, raw_column(column), row),
            file=read.text(table, "_file", row), sheet=read.text(table, "_sheet", row),
            row=int(read.at(table, "_row", row)),
        )  # fmt: skip
        for made in read.graph["sources"].get(table[4:], {}).get("corrected", ()):
            if made["column"] == column and row in made["rows"]:
                node.note = f'corrected to "{made["value"]}": {made["reason"]}'
                node.place = _place(made)
        return node

    def _row(self, table: str, row: int, columns: Sequence[str] = ()) -> Node:
        """A row or record as a whole, with some of its values."""
        columns = [c for c in columns if c]
        if table.startswith("raw."):
            cell = self._cell(table, row, columns[0] if columns else "")
            cell.children = [self._cell(table, row, c) for c in columns[1:]]
            cell.name = cell.name or table
            return cell
        return Node(
            "records",
            table,
            self._said(table, row, columns),
            self.lineage.record(table, row) if table in self.lineage.datasets else "",
        )

    # joins and other records

    def _joined(self, known: Mapping[str, Any], dataset: str, row: int, ref: Mapping[str, Any]) -> Node:
        name = ref["join"]
        block = known["blocks"][self.lineage.text(dataset, "@block", row)]
        said = block.get("joins", {}).get(name) or known.get("joins", {}).get(name, {})
        node = Node("join", f"join {name}: {ref['table']}", place=_place(said))
        pairs = [a if a == b else f"{a} = {b}" for a, b in said.get("by", ())]
        by = ", ".join(pairs + [f"{value} in {low} to {high}" for value, low, high in said.get("between", ())])
        node.rule = f"by {by}" + (f" where {said['where']}" if "where" in said else "")
        at = self.lineage.at(dataset, f"@join:{name}", row)
        if at is None:
            node.note = f"no row of {ref['table']} was joined"
            return node
        table = self.lineage.text(dataset, f"@join:{name}:table", row)
        node.children = [self._value(table, at, ref["column"], said)]
        return node

    def _of_subject(self, dataset: str, row: int, table: str, column: str) -> Node:
        subject = self.lineage.text(dataset, "USUBJID", row)
        rows = self.lineage.of_subject(table, "USUBJID", subject) if table in self.lineage.datasets else []
        if not rows:
            return Node("note", f"{table}.{column}", note=f"{table} has no record of {subject}")
        return self.variable(table, rows[0], column)

    def _winner(self, dataset: str, row: int, name: str, facts: Mapping[str, Any]) -> list[Node]:
        """The record that gave a first, last, least or greatest value, with what it was chosen by."""
        if not self.lineage.has(dataset, f"@win:{name}"):
            return []
        at = self.lineage.at(dataset, f"@win:{name}", row)
        if at is None:
            return [Node("note", "summary", note="no record gave a value")]
        table = self.lineage.text(dataset, f"@win:{name}:table", row)
        column = self.lineage.text(dataset, f"@win:{name}:column", row)
        node = Node("summary", f"taken from {table}", children=[self._value(table, at, column)])
        node.value = self._said(table, at, [c for c in _columns(facts, table) if c != column])
        return [node]

    def _gathered(self, dataset: str, row: int, name: str, facts: Mapping[str, Any]) -> list[Node]:
        """The records that were counted, added up or chosen from."""
        if not self.lineage.has(dataset, f"@group:{name}"):
            return []
        group = self.lineage.at(dataset, f"@group:{name}", row)
        found = [] if group is None else self.lineage.members(dataset, name, group)
        nodes = []
        for table, column, rows in found:
            among = "among" if facts.get("whole") else "from"
            node = Node("group", f"{among} {len(rows):,} {'record' if len(rows) == 1 else 'records'} of {table}")
            for at in rows[: self.limit]:
                node.children.append(self._member(table, at, column, facts))
            if len(rows) > self.limit:
                node.note = f"{len(rows) - self.limit:,} more not shown"
            nodes.append(node)
        return nodes or [Node("note", "summary", note="no record counted")]

    def _member(self, table: str, row: int, column: str, facts: Mapping[str, Any]) -> Node:
        """A record that counted: its value, else what the rule looked at in it; one to choose from only by name."""
        if column:
            return self._value(table, row, column)
        if facts.get("whole"):
            names = [n["column"] for n in facts.get("names", ()) if n["is"] == "variable"]
            return self._row(table, row, names)
        node = self._row(table, row)
        node.children = [self._value(table, row, c) for c in _columns(facts, table)] or self._places(table, row)
        return node

    def _places(self, table: str, row: int) -> list[Node]:
        """The raw row behind a record."""
        if table not in self.lineage.datasets or not self.lineage.has(table, "@row"):
            return []
        base, at = self._base(table, row)
        if base.startswith("made:"):
            return self._origins(table, row)
        return [self._row(base, at)] if at >= 0 else []

    def _said(self, table: str, row: int, columns: Sequence[str]) -> str:
        names = [(c, raw_column(c) if table.startswith("raw.") else c) for c in columns]
        told = [(c, self.lineage.text(table, n, row)) for c, n in names if self.lineage.has(table, n)]
        return ", ".join(f"{c}={v or 'missing'}" for c, v in told)

    def _same_row(self, dataset: str, row: int, facts: Mapping[str, Any]) -> list[Node]:
        table, at = self._base(dataset, row)
        other = facts["uses"][0]
        hits = set(self.lineage.rows_where(other["table"], "@base", table))
        hits &= set(self.lineage.rows_where(other["table"], "@row", str(at)))
        return [self.variable(other["table"], r, other["columns"][0]) for r in sorted(hits)[: self.limit]]

    def _looked_at(self, dataset: str, row: int, facts: Mapping[str, Any]) -> list[Node]:
        """Records of the subject in tables that a derivation looked at as a whole."""
        nodes = []
        subject = self.lineage.text(dataset, "USUBJID", row)
        for use in facts.get("uses", ()):
            table = use["table"].partition("/")[0]
            raw = table.startswith("raw.")
            if not raw and table not in self.lineage.datasets:
                continue
            rows = self.lineage.of_subject(table, "_usubjid" if raw else "USUBJID", subject)
            columns = [c for c in use["columns"] if c != "USUBJID"]
            node = Node(
                "group", f"{table} of {subject}", children=[self._row(table, r, columns) for r in rows[: self.limit]]
            )
            if len(rows) > self.limit:
                node.note = f"{len(rows) - self.limit:,} more not shown"
            nodes.append(node)
        return nodes

    def _keys(self, known: Mapping[str, Any], dataset: str, row: int) -> Node:
        """What a record is sorted by."""
        node = Node("group", "in the order of the dataset's keys")
        for key in known["keys"]:
            if self.lineage.has(dataset, key):
                node.children.append(Node("variable", f"{dataset}.{key}", self.lineage.text(dataset, key, row)))
        return node

    # subjects, visits, transposed columns, qualifiers

    def _subject(self, table: str, row: int) -> list[Node]:
        """How a row's subject was known: its own cell, and the register's row."""
        if not table.startswith("raw."):
            return [self._value(table, row, "USUBJID")] if table in self.lineage.datasets else []
        source = self.lineage.graph["sources"].get(table[4:], {})
        register = self.lineage.graph.get("register")
        nodes = [self._cell(table, row, source["subject"])] if "subject" in source and row >= 0 else []
        if register is None:
            return nodes
        theirs = f"raw.{register['source']}"
        subject = self.lineage.text(table, "_usubjid", row)
        rows = [row] if table == theirs else self.lineage.of_subject(theirs, "_usubjid", subject)
        place = f"{register['file']}:{register['line']}"
        node = Node("group", f"register {theirs}", rule=register["rule"], place=place)
        node.children = [self._cell(theirs, r, c) for r in rows[: self.limit] for c in register["columns"]]
        return [*nodes, node]

    def _row_fact(self, known: Mapping[str, Any], dataset: str, row: int, what: str) -> Node:
        table, at = self._base(dataset, row)
        node = Node("group", f"row.{what}")
        if what == "cell":
            block = known["blocks"][self.lineage.text(dataset, "@block", row)]
            entry = self._entry(block, dataset, row)
            column = entry["column"] if entry is not None else ""
            return self._of_base(dataset, row, column) if column else node
        if what == "USUBJID":
            node.children = self._subject(table, at)
        elif what in ("file", "sheet", "number") or not table.startswith("raw."):
            node.children = [self._row(table, at)]
        else:
            source = self.lineage.graph["sources"].get(table[4:], {})
            node.rule = "visits are numbered once, from the rows of all sources with a visit and a date"
            node.children = [self._cell(table, at, source[k]) for k in ("visit", "date") if k in source]
        return node

    def _result_cells(self, known: Mapping[str, Any], dataset: str, row: int) -> list[Node]:
        """The cells behind the result of a transposed column, or the row itself."""
        block = known["blocks"][self.lineage.text(dataset, "@block", row)]
        entry = self._entry(block, dataset, row)
        result = entry["variables"].get(f"{known['domain']}ORRES") if entry is not None else None
        if result is not None and result.get("names"):
            return [self._name(known, dataset, row, ref) for ref in result["names"]]
        table, at = self._base(dataset, row)
        if table.startswith("made:"):
            return self._origins(dataset, row)
        return [self._row(table, at)] if at >= 0 else []

    def _supplemental(self, node: Node, known: Mapping[str, Any], dataset: str, row: int) -> Node:
        parent, at = known["parent"], self.lineage.at(dataset, "@parent", row)
        variable = self.lineage.text(dataset, "@variable", row)
        node.rule = f"a qualifier of {parent}: {variable}"
        node.record = f"{self.lineage.record(parent, at)} QNAM={self.lineage.text(dataset, 'QNAM', row)}"
        node.children = [self.variable(parent, at, variable)]
        return node


def _columns(facts: Mapping[str, Any], table: str) -> list[str]:
    """Columns of a table that a rule looks at, but for the subject."""
    uses = [u for u in facts.get("uses", ()) if u["table"].partition("/")[0] == table]
    return [c for c in dict.fromkeys(c for u in uses for c in u["columns"]) if c != "USUBJID"]


def _say(node: Node, facts: Mapping[str, Any]) -> None:
    node.rule = facts.get("rule", "")
    if facts["made"] == "nothing":
        node.note = "no rule makes it"
    elif not node.rule:
        node.note = facts["made"]
    node.method = facts.get("method", "")
    node.place = _place(facts)
    if "overrides" in facts:
        node.place += f" over {facts['overrides']}"


def _place(facts: Mapping[str, Any]) -> str:
    return f"{facts['file']}:{facts['line']}" if facts.get("file") else ""


__all__ = ["TraceError", "Tracer", "trace"]
