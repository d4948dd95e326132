"""Value level metadata: results by test, supplemental qualifiers by QNAM, and what the specification adds."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .. import expr
from ..issues import fault
from ..model import Mark, Scalar, ValueSpec, Vector
from ..model.column import number_text
from ..model.metadata import ConditionMeta, ValueMeta, VariableMeta
from ..values.numbers import read_number
from .codelists import StudyCodelist
from .datatypes import How, Measure, Texts, fitted, measure, value_texts
from .desk import Desk, Told
from .finish import Built, BuiltVariable
from .pieces import Grouping
from .variables import DatasetPlan

fault("values-where", "error", "A condition of `values` that define.xml cannot say",
      "A conjunction (AND) of VAR =, <>, <, <=, >, >=, IN or NOT IN literals.")  # fmt: skip

RESULTS = ("ORRES", "ORRESU", "STRESC", "STRESN", "STRESU")
ANALYSIS = ("AVAL", "AVALC")
DECIDED = ("STARTDT", "ADT", "CNSR", "EVNTDESC", "CNSDTDSC")  # by the table of each time-to-event parameter
COMPARATORS = {"=": "EQ", "<>": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}


@dataclass(frozen=True)
class Part:
    """A written dataset with its plan and the groups of its records."""

    made: DatasetPlan
    built: Built
    grouping: Grouping


@dataclass(frozen=True)
class Level:
    """The values of a variable by test; `settled`: each test's records have one origin."""

    values: tuple[ValueMeta, ...]
    settled: bool


def topic_of(part: Part) -> str:
    """The variable whose values tell results apart: --TESTCD or PARAMCD, "" if the dataset has none."""
    name = "PARAMCD" if part.made.spec.standard == "adam" else part.made.topic_code()
    return name if any(v.name == name for v in part.built.variables) else ""


def results_of(part: Part) -> tuple[str, ...]:
    """The variables that can differ by test."""
    if part.made.spec.standard == "adam":
        return ANALYSIS + (DECIDED if part.made.codes else ())
    return tuple(f"{part.made.spec.letters}{r}" for r in RESULTS)


def by_test(desk: Desk, part: Part, variable: BuiltVariable, texts: Texts) -> Level:
    """One entry for each test with values, if they differ in type, length, digits, codelist, origin, method, comment.

    A character result is integer or float where all of a test's values are numbers and it has no codelist.
    """
    topic = topic_of(part)
    if not topic:
        return Level((), False)
    codes, names = value_texts(part.built.column(topic))
    found, settled = {}, True
    groups = _groups_by(codes, part.grouping, texts)
    for code, values in texts.by(codes).items():
        told = desk.told(part.made, variable.name, [part.grouping.groups[g] for g in groups[code]],
                         f"{part.built.name}.{variable.name}.{names[code]}")  # fmt: skip
        settled &= told.agreed
        where = (ConditionMeta(topic, "EQ", (names[code],)),)
        found[names[code]] = _of_test(desk, part, variable, names[code], where, values, told)
    listed = tuple(found[name] for name in sorted(found))
    kinds = {replace(v, where=()) for v in listed}
    alike = len(kinds) < 2 and not any(v.comment for v in listed)
    return Level(() if alike else listed, settled and bool(listed))


def _groups_by(codes: NDArray[np.int64], grouping: Grouping, texts: Texts) -> dict[int, list[int]]:
    """Test -> the groups that have a value for it."""
    keep = (texts.codes >= 0) & (codes >= 0)
    size = max(len(grouping.groups), 1)
    found: dict[int, list[int]] = {}
    for pair in np.unique(codes[keep] * size + grouping.codes[keep]):
        test, group = divmod(int(pair), size)
        found.setdefault(test, []).append(group)
    return found


def _of_test(
    desk: Desk, part: Part, variable: BuiltVariable, test: str, where: tuple[ConditionMeta, ...],
    values: Sequence[str], told: Told,
) -> ValueMeta:  # fmt: skip
    made, name = part.made, variable.name
    spec = made.spec.tests.get(test)
    codelist = _list_of_test(desk, part, name, test, values)
    unit = name.endswith(("ORRESU", "STRESU"))
    how = How.NUMBER if not variable.values.is_text else How.TEXT if codelist or unit else How.DETECT
    found_size = measure(values, how)
    digits = spec.digits if spec is not None and name.endswith(("STRESN", "AVAL")) else None
    size = fitted(found_size, "", digits)
    first = next(iter(n for n in results_of(part) if any(v.name == n for v in part.built.variables)))
    comments = [*told.comments, told.note, spec.comment if spec is not None and name == first else ""]
    id = desk.comments.id_of(comments, f"{part.built.name}.{name}.{test}")
    return ValueMeta(where, size.data_type, size.length, size.digits, codelist, told.origin, told.method, id)


def by_category(desk: Desk, part: Part, variable: BuiltVariable, codes: Sequence[str], texts: Texts) -> Level:
    """Of a choice of codelists the one that each --CAT uses (DSDECOD by DSCAT), one entry a category."""
    topic = f"{part.made.spec.letters}CAT"
    if not any(v.name == topic for v in part.built.variables):
        return Level((), False)
    cats, names = value_texts(part.built.column(topic))
    if (cats[texts.codes >= 0] < 0).any():
        return Level((), False)
    groups = _groups_by(cats, part.grouping, texts)
    found, settled = {}, True
    for code, values in texts.by(cats).items():
        wanted = f"{part.built.name}.{variable.name}.{names[code]}"
        told = desk.told(part.made, variable.name, [part.grouping.groups[g] for g in groups[code]], wanted)
        settled &= told.agreed
        size = measure(values, How.TEXT)
        id = desk.lists.of_variable(part.made.spec, variable.name, codes, None, values, "text", {})
        comment = desk.comments.id_of([*told.comments, told.note], wanted)
        where = (ConditionMeta(topic, "EQ", (names[code],)),)
        found[names[code]] = ValueMeta(where, "text", size.length, None, id, told.origin, told.method, comment)
    return Level(tuple(found[n] for n in sorted(found)), settled and bool(found))


def _list_of_test(desk: Desk, part: Part, name: str, test: str, values: Sequence[str]) -> str:
    """The codelist of a test's results: the test's own, else the standard's where the results are its terms."""
    made = part.made
    spec = made.spec.tests.get(test)
    if spec is not None and spec.codelist is not None and name.endswith(("STRESC", "AVALC")):
        found = desk.plan.codelists(made.spec).of_node(spec.codelist, test)
        return desk.lists.of_list(found, values, "text", None, part.built.name)
    listed = made.target(name).codelist
    if listed is None or not is_result(name) or covers(listed, part.built.column(name)):
        return ""
    numbers = any(read_number(v) is not None for v in values)
    terms = any(v in listed.terms for v in values)
    return desk.lists.of_list(listed, values, "text", None, part.built.name) if terms and not numbers else ""


def is_result(name: str) -> bool:
    """Whether a variable holds results of different kinds, numbers beside terms."""
    return name.endswith(("ORRES", "STRESC", "AVALC"))


def covers(listed: StudyCodelist, vector: Vector) -> bool:
    """Whether all values of a variable are terms of a list."""
    return all(t in listed.terms for t in Texts(vector).all())


# by QNAM


def by_qualifier(desk: Desk, built: Built, parent: Part) -> tuple[tuple[ValueMeta, ...], set[str]]:
    """One entry of QVAL for each QNAM: type, length, codelist and origin of the variable; and its lists."""
    assert built.members is not None
    rows, which = built.members
    qval = Texts(built.column("QVAL"))
    texts = qval.by(which.astype(np.int64))
    labels = built.column("QLABEL")
    found, lists = [], set()
    for number, (qnam, name) in enumerate(built.qualifiers.items()):
        mine = which == number
        if not mine.any():
            continue
        where = (ConditionMeta("QNAM", "EQ", (qnam,)),)
        entry = _qualifier(desk, built, parent, qnam, name, where, texts.get(number, []), rows[mine])
        entry = replace(entry, label=labels.text_at(int(np.flatnonzero(mine)[0])))
        lists.add(entry.codelist)
        found.append(entry)
        said = parent.made.spec.variables.get(name)
        for one in said.values if said is not None else ():
            conditions = conditions_of(desk, one, parent)
            if conditions is not None:
                inner = mine & rows_of(parent.built, conditions)[rows]
                there = tuple(replace(c, dataset=c.dataset or parent.built.name) for c in conditions)
                values = [qval.texts[c] for c in np.unique(qval.codes[inner & (qval.codes >= 0)])]
                extra = _qualifier(desk, built, parent, qnam, name, (*where, *there), values, rows[inner])
                text = f"Records of {parent.built.name} by IDVAR and IDVARVAL of {built.name}. {one.comment}".strip()
                comment = desk.comments.id_of([text], f"{built.name}.{qnam}.JOIN")
                found.append(replace(_said(desk, one, extra, built.name, qnam, values), comment=comment))
    return tuple(sorted(found, key=lambda v: v.where[0].values)), lists - {""}


def _qualifier(
    desk: Desk, built: Built, parent: Part, qnam: str, name: str, where: tuple[ConditionMeta, ...],
    values: Sequence[str], rows: NDArray[np.int64],
) -> ValueMeta:  # fmt: skip
    made = parent.made
    said, known = made.spec.variables.get(name), desk.plan.variable(made.spec, name)
    told = desk.told(made, name, parent.grouping.of_rows(rows), f"{built.name}.{qnam}")
    codelist = made.target(name).codelist
    how = How.TEXT if codelist is not None else desk.how(known, made.kind(name) or made_kind(parent, name))
    size = fitted(measure(values, how), said.type.lower() if said is not None else "", said.digits if said else None)
    id = desk.lists.of_dictionary(desk.dictionary(known, said), size.data_type)
    id = id or desk.lists.of_list(codelist, values, size.data_type, None, built.name)
    comments = [said.comment if said is not None else "", *told.comments, told.note]
    comment = desk.comments.id_of(comments, f"{built.name}.{qnam}")
    return ValueMeta(where, size.data_type, size.length, size.digits, id, told.origin, told.method, comment)


def made_kind(part: Part, name: str):  # type: ignore[no-untyped-def]
    """The kind of a variable as written."""
    return part.built.column(name).kind


# as the specification adds


def added(
    desk: Desk, part: Part, variable: BuiltVariable, meta: VariableMeta, texts: Texts, values: Sequence[ValueMeta]
) -> tuple[ValueMeta, ...]:
    """The entries with those of `values` over or after them; what `values` leave open comes from the records."""
    said = part.made.spec.variables.get(variable.name)
    found = {v.where: v for v in values}
    for number, one in enumerate(said.values if said is not None else (), 1):
        conditions = conditions_of(desk, one, part)
        for where in _spread(conditions, found) if conditions is not None else ():
            rows = rows_of(part.built, where) & (texts.codes >= 0)
            mine = [texts.texts[c] for c in np.unique(texts.codes[rows])]
            entry = found.get(where)
            wanted = f"{part.built.name}.{variable.name}.V{number}"
            if entry is None:
                told = desk.told(part.made, variable.name, part.grouping.of_rows(rows), wanted)
                how = How.NUMBER if not variable.values.is_text else How.DETECT
                size = measure(mine, how) if meta.data_type in ("text", "integer", "float") else Measure(meta.data_type)
                comment = desk.comments.id_of([*told.comments, told.note], wanted)
                entry = ValueMeta(
                    where, size.data_type, size.length, size.digits, "", told.origin, told.method, comment
                )  # fmt: skip
            found[where] = _said(desk, one, entry, part.built.name, f"{variable.name}.V{number}", mine)
    return tuple(found.values())


def _spread(
    where: tuple[ConditionMeta, ...], found: Container[tuple[ConditionMeta, ...]]
) -> Iterator[tuple[ConditionMeta, ...]]:
    """A condition of several values as one of each, where one of them has an entry: no record is in two entries."""
    alone = [(replace(where[0], comparator="EQ", values=(value,)),) for value in where[0].values]
    if len(where) == 1 and where[0].comparator == "IN" and any(each in found for each in alone):
        yield from alone
    else:
        yield where


def _said(desk: Desk, one: ValueSpec, entry: ValueMeta, dataset: str, wanted: str, texts: Sequence[str]) -> ValueMeta:
    """An entry with what the specification says over it."""
    from .methods import MethodText

    size = Measure(entry.data_type, entry.length, entry.digits)
    if one.type:
        how = {"integer": How.NUMBER, "float": How.NUMBER, "text": How.TEXT}.get(one.type)
        size = fitted(measure(texts, how), one.type, one.digits) if how is not None else Measure(one.type)
    if one.length is not None and size.length is not None:
        size = replace(size, length=max(one.length, size.length))
    if one.digits is not None and size.data_type == "float":
        size = replace(size, digits=max(one.digits, size.digits or 0))
    entry = replace(entry, data_type=size.data_type, length=size.length, digits=size.digits)
    if one.codelist is not None:
        spec = desk.plan.datasets[dataset].spec if dataset in desk.plan.datasets else None
        lists = desk.plan.codelists(spec) if spec is not None else None
        found = lists.of_node(one.codelist, wanted.partition(".")[0]) if lists is not None else None
        entry = replace(entry, codelist=desk.lists.of_list(found, texts, size.data_type, None, dataset))
    origin = desk.origins.of_node(one.origin)
    if origin is not None:
        same = entry.origin is not None and entry.origin.type == origin.type
        kept = entry.origin if same and entry.origin is not None else origin
        entry = replace(entry, origin=replace(origin, document=kept.document, pages=kept.pages))
        entry = entry if origin.type == "Derived" else replace(entry, method="")
    if one.method:
        entry = replace(entry, method=desk.methods.id_of(MethodText(one.method), f"{dataset}.{wanted}", wanted))
    if one.comment:
        entry = replace(entry, comment=desk.comments.id_of([one.comment], f"{dataset}.{wanted}"))
    return entry


def conditions_of(desk: Desk, one: ValueSpec, part: Part) -> tuple[ConditionMeta, ...] | None:
    """`where` of a value as define.xml says it; None, with an issue, where it cannot."""
    parsed = expr.parse(one.where.text)
    if isinstance(parsed, list):
        _refused(desk, one, part, parsed[0].message)
        return None
    found: list[ConditionMeta] = []
    waiting: list[expr.Expr] = [parsed]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, expr.Binary) and node.op == "AND":
            waiting[:0] = [node.left, node.right]
            continue
        made = _condition(node)
        if made is None:
            _refused(desk, one, part, f"{one.where.text} is no such condition.")
            return None
        if made.dataset in ("", part.built.name) and not any(v.name == made.variable for v in part.built.variables):
            _refused(desk, one, part, f"{part.built.name} has no variable {made.variable}.")
            return None
        found.append(replace(made, dataset="" if made.dataset == part.built.name else made.dataset))
    return tuple(found)


def _refused(desk: Desk, one: ValueSpec, part: Part, message: str) -> None:
    mark: Mark = one.where.mark if isinstance(one.where, Scalar) else one.mark
    desk.run.log.add("values-where", f"{part.built.name}: {message}", mark.place)


def _condition(node: expr.Expr) -> ConditionMeta | None:
    if isinstance(node, expr.Binary) and node.op in COMPARATORS:
        name, values, comparator = node.left, [node.right], COMPARATORS[node.op]
    elif isinstance(node, expr.In):
        name, values, comparator = node.operand, list(node.items), "NOTIN" if node.negated else "IN"
    else:
        return None
    texts = [_literal(v) for v in values]
    if not isinstance(name, expr.Name) or len(name.parts) > 2 or any(t is None for t in texts):
        return None
    dataset = name.parts[0] if len(name.parts) == 2 else ""
    return ConditionMeta(name.parts[-1], comparator, tuple(t for t in texts if t is not None), dataset)


def _literal(node: expr.Expr) -> str | None:
    if isinstance(node, expr.Text):
        return node.value
    if isinstance(node, expr.Number):
        return number_text(node.value)
    if isinstance(node, expr.Unary) and node.op == "-" and isinstance(node.operand, expr.Number):
        return number_text(-node.operand.value)
    return None


def rows_of(built: Built, conditions: Sequence[ConditionMeta]) -> NDArray[np.bool_]:
    """The records for which all conditions on the dataset's own variables hold; missing fits none."""
    keep = np.ones(built.n, dtype=bool)
    for check in conditions:
        column = next((v for v in built.variables if v.name == check.variable), None)
        if column is None or check.dataset not in ("", built.name):
            continue
        codes, texts = value_texts(column.values)
        number = not column.values.is_text
        hit = np.array([_holds(t, check, number) for t in texts] + [False], dtype=bool)
        keep &= hit[codes]
    return keep


def _holds(text: str, check: ConditionMeta, number: bool) -> bool:
    if check.comparator in ("EQ", "IN", "NE", "NOTIN"):
        listed = {_plain(v) for v in check.values} if number else set(check.values)
        return (text in listed) == (check.comparator in ("EQ", "IN"))
    left: float | str = text
    right: float | str = check.values[0]
    if number:
        limit = read_number(check.values[0])
        if limit is None:
            return False
        left, right = float(text), float(limit)
    less, more = left < right, left > right  # type: ignore[operator]
    return {"LT": less, "LE": not more, "GT": more, "GE": not less}[check.comparator]


def _plain(text: str) -> str:
    value = read_number(text)
    return text if value is None else number_text(float(value))
