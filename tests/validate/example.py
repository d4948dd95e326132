"""Reads the examples of a rule's docstring: datasets as small tables, define.xml as changes to what fits them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sdtm_builder import standards
from sdtm_builder.model.column import Vector
from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.define import Check, DefineCodelist, DefineDataset, DefineDoc, DefineItem
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table, VariableInfo

_TOKEN = re.compile(r'"[^"]*"|\S+')
_HEADER = re.compile(
    r"(?P<name>[A-Za-z]\w*)(?P<type>[#$])?(?::(?P<length>\d+))?(?:=(?P<label>[^\s@]+))?(?:@(?P<format>\S*))?"
)
_NUMERIC = ("SEQ", "DY", "NUM", "DOSE", "STRESN", "LO", "HI", "AGE", "TAETORD", "REPNUM")

Line = tuple[str, str, tuple[str, ...]]


@dataclass
class Example:
    """A study, and what is expected of the rule: (dataset, key, variables) a line."""

    study: Study
    expected: list[Line] = field(default_factory=list)


def read_example(text: str) -> Example:
    """Read one example.

    A line at the margin with a dataset's name and variables begins a table, indented lines are its records: ``.`` is
    missing, blanks need quotes, a variable may carry ``#`` (Num), ``$`` (Char), ``:200`` (length), ``=Label_text``,
    ``@DATE9.`` (format, the last). Datasets called AD are of ADaM, the others are the SDTM beside them; in ADaM dates,
    times and both are written in ISO 8601 and get a format.
    ``->`` lines are expected places. ``define``, ``codelist``, ``value``, ``file``, ``broken`` lines: see `_Builder`.
    """
    builder = _Builder()
    for line in text.splitlines():
        words = _TOKEN.findall(line)
        if not words:
            continue
        if line.startswith(" "):
            builder.row(words)
        elif words[0] == "->":
            builder.expect(line)
        elif words[0] in ("define", "codelist", "value", "file", "broken"):
            builder.extra.append(words)
        else:
            builder.table(words)
    return builder.build()


class _Builder:
    def __init__(self) -> None:
        self.heads: list[list[str]] = []
        self.rows: list[list[list[str]]] = []
        self.extra: list[list[str]] = []
        self.expected: list[Line] = []

    def table(self, words: list[str]) -> None:
        self.heads.append(words)
        self.rows.append([])

    def row(self, words: list[str]) -> None:
        assert len(words) == len(self.heads[-1]) - 1, f"{words} under {self.heads[-1]}"
        self.rows[-1].append(words)

    def expect(self, line: str) -> None:
        match = re.fullmatch(r"->\s*([\w.]*)\s*(?:\[(.*?)\])?\s*((?:\w+\s*)*)", line)
        assert match, line
        self.expected.append((match[1], match[2] or "", tuple(match[3].split())))

    def build(self) -> Example:
        tables = dict(_make_table(h, r) for h, r in zip(self.heads, self.rows, strict=True))
        files = frozenset(w for words in self.extra if words[0] == "file" for w in words[1:])
        broken = [(w[1], " ".join(w[2:])) for w in self.extra if w[0] == "broken"]
        changes = [w for w in self.extra if w[0] in ("define", "codelist", "value")]
        adam = {name: table for name, table in tables.items() if name.startswith("AD")}
        if not adam:
            return Example(Study(tables, _define(tables, changes) if changes else None, files, broken), self.expected)
        others = {name: table for name, table in tables.items() if name not in adam}
        study = AdamStudy(adam, _define(adam, changes) if changes else None, files, broken)
        study.sdtm = Study(others) if others else None
        return Example(study, self.expected)


def _make_table(head: list[str], rows: list[list[str]]) -> tuple[str, Table]:
    name, _, label = head[0].partition("=")
    domain = "SUPPQUAL" if name.startswith("SUPP") else name[:2]
    variables: dict[str, VariableInfo] = {}
    columns: dict[str, Vector] = {}
    for at, word in enumerate(head[1:]):
        match = _HEADER.fullmatch(word)
        assert match, word
        known = standards.ig("3.4").variable(domain, match["name"])
        values = [_value(row[at]) for row in rows]
        if name.startswith("AD"):
            known = known_in_adam(name, match["name"])
        usual = known.type == "Num" if known else match["name"].endswith(_NUMERIC)
        numeric = match["type"] == "#" or (not match["type"] and usual)
        format = _format(values) if numeric and name.startswith("AD") else ""
        longest = max([len(v.encode()) for v in values if v] + [1])
        own = match["label"].replace("_", " ") if match["label"] else (known.label if known else match["name"])
        format = match["format"] if match["format"] is not None else format
        length = int(match["length"] or (8 if numeric else longest))
        variables[match["name"]] = VariableInfo(own, "Num" if numeric else "Char", length, format)
        columns[match["name"]] = _numbers(values) if numeric else Vector.of_texts(values)
    described = standards.ig("3.4").dataset(domain)
    text = label.replace("_", " ") or (described.label if described else name)
    return name, Table(name, text, variables, columns, len(rows), f"{name.lower()}.xpt")


def known_in_adam(dataset: str, name: str) -> standards.IgVariable | None:
    """A variable as the ADaMIG has it, else as the SDTMIG has it in the domain that ADxx is called after."""
    own = dataset[2:4] if dataset != "ADSL" else "DM"
    structures = ["ADSL", "BDS"] if dataset == "ADSL" else ["BDS", "TTE", "OCCDS", "ADSL"]
    found = [standards.adam_ig().variable(one, name, own) for one in structures]
    return next((one for one in found if one), None) or standards.ig("3.4").variable(own, name)


def _numbers(values: list[str | None]) -> Vector:
    return Vector.of_numbers([_number(v) if v else float("nan") for v in values])


def _number(text: str) -> float:
    """A number; a date, a time or both in ISO 8601 as SAS counts them."""
    if re.fullmatch(r"\d\d:\d\d", text):
        return float(int(text[:2]) * 3600 + int(text[3:]) * 60)
    if not re.match(r"\d{4}-\d\d-\d\d", text):
        return float(text)
    moment = datetime.fromisoformat(text) - datetime(1960, 1, 1)
    return moment.total_seconds() if "T" in text else moment.total_seconds() / 86400


def _format(values: list[str | None]) -> str:
    """The format of dates, times or both among numbers."""
    filled = " ".join(v for v in values if v)
    forms = (("DATETIME20.", r"\d{4}-\d\d-\d\dT"), ("DATE9.", r"\d{4}-\d\d-\d\d"), ("TIME5.", r"\d\d:\d\d"))
    return next((form for form, pattern in forms if re.search(pattern, filled)), "")


def _value(word: str) -> str | None:
    if word == ".":
        return None
    return word[1:-1] if word.startswith('"') else word


def _define(tables: dict[str, Table], changes: list[list[str]]) -> DefineDoc:
    doc = DefineDoc({name: _dataset(table) for name, table in tables.items()})
    for kind, *words in changes:
        if not words:
            continue
        if kind == "codelist":
            doc = _add_codelist(doc, words)
        elif kind == "value":
            doc = _add_value(doc, words)
        else:
            doc = _change(doc, words)
    return doc


def _dataset(table: Table) -> DefineDataset:
    items = tuple(
        DefineItem(f"IT.{table.name}.{name}", name, v.label, "text" if v.type == "Char" else "float", v.length)
        for name, v in table.variables.items()
    )
    return DefineDataset(f"IG.{table.name}", table.name, table.domain, table.label, "", items, table.file)


def _add_codelist(doc: DefineDoc, words: list[str]) -> DefineDoc:
    """``codelist NAME C-CODE TERM TERM+``: a plus marks an extended term, ``-`` stands for no code."""
    name, code, *terms = words
    made = {t.strip('"').removesuffix("+"): t.endswith("+") for t in terms}
    lists = dict(doc.codelists) | {name: DefineCodelist(name, name, "text", code.replace("-", ""), made)}
    return replace(doc, codelists=lists)


def _add_value(doc: DefineDoc, words: list[str]) -> DefineDoc:
    """``value LB.LBORRES LBTESTCD EQ ALT length=3``: value level metadata under one check."""
    (dataset, variable), other, comparator, values, *settings = words[0].split("."), *words[1:]
    where = f"WC.{len(doc.wheres)}"
    item = DefineItem(f"IT.{where}", variable, "", "text", None, where=(where,))
    item = replace(item, **_settings(settings))
    list_oid = f"VL.{dataset}.{variable}"
    names = dict(doc.item_names) | {f"IT.{dataset}.{other}": other}
    doc = replace(
        doc,
        item_names=names,
        wheres=dict(doc.wheres) | {where: (Check(f"IT.{dataset}.{other}", comparator, tuple(values.split(","))),)},
        value_lists=dict(doc.value_lists) | {list_oid: (*doc.value_lists.get(list_oid, ()), item)},
    )
    return _change(doc, [words[0], f"values={list_oid}"])


def _change(doc: DefineDoc, words: list[str]) -> DefineDoc:
    """``define AE.AESEV length=3``, ``define AE label=X keys=A,B``, ``+ AE.X``, ``- AE.X``."""
    if words[0] == "repeated":
        return replace(doc, repeated=tuple(words[1:]))
    if words[0] == "standard":
        return replace(doc, **_settings(words[1:]))
    if words[0] == "unresolved":
        return replace(doc, unresolved=((words[1], words[2], words[3]),))
    sets = dict(doc.datasets)
    sign = words.pop(0) if words[0] in "+-" else ""
    name, _, variable = words[0].partition(".")
    if sign == "-" and not variable:
        sets.pop(name)
    elif sign == "+" and not variable:
        sets[name] = DefineDataset(f"IG.{name}", name, name, name, "", (), f"{name.lower()}.xpt")
    elif variable:
        sets[name] = replace(sets[name], items=tuple(_items(sets[name], sign, variable, words[1:])))
    else:
        sets[name] = _change_dataset(sets[name], words[1:])
    return replace(doc, datasets=sets)


def _items(dataset: DefineDataset, sign: str, variable: str, settings: list[str]) -> list[DefineItem]:
    if sign == "+":
        return [*dataset.items, DefineItem(f"IT.{dataset.name}.{variable}", variable, variable, "text", 1)]
    if sign == "-":
        return [i for i in dataset.items if i.name != variable]
    assert dataset.item(variable), variable
    return [replace(i, **_settings(settings)) if i.name == variable else i for i in dataset.items]


def _change_dataset(dataset: DefineDataset, settings: list[str]) -> DefineDataset:
    given = _settings(settings)
    keys = given.pop("keys", "").split(",") if "keys" in given else None
    order = given.pop("order", "").split(",") if "order" in given else None
    items = dataset.items
    if keys is not None:
        items = tuple(replace(i, key=keys.index(i.name) + 1 if i.name in keys else 0) for i in items)
    if order is not None:
        items = tuple(sorted(items, key=lambda i: order.index(i.name)))
    return replace(dataset, items=items, **given)


def _settings(words: list[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for word in words:
        name, _, value = word.partition("=")
        text = value.replace("_", " ") if name == "label" else value
        typed = {"length": lambda t: int(t) if t else None, "mandatory": lambda t: t == "Yes", "key": int}
        given[name] = typed[name](text) if name in typed else text
    return given
