"""Finished datasets: sorted, the submission's encoding held, long text continued, qualifiers apart, lengths known."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ..issues import Location
from ..model import Kind, Vector
from ..model.distinct import used_codes
from ..values.ascii import to_ascii
from ..values.codes import combine, value_codes
from .copies import is_copy
from .fit import as_text
from .keys import order_rows, sort_ranks
from .refs import Variable
from .run import Run
from .variables import DatasetPlan
from .written import LABEL_LIMIT, LIMIT, split_words

SUPP = (
    ("STUDYID", "Study Identifier"), ("RDOMAIN", "Related Domain Abbreviation"),
    ("USUBJID", "Unique Subject Identifier"), ("IDVAR", "Identifying Variable"),
    ("IDVARVAL", "Identifying Variable Value"), ("QNAM", "Qualifier Variable Name"),
    ("QLABEL", "Qualifier Variable Label"), ("QVAL", "Data Value"), ("QORIG", "Origin"), ("QEVAL", "Evaluator"),
)  # fmt: skip


@dataclass(frozen=True)
class BuiltVariable:
    """A variable as it is written. `kind` DATE and DATETIME are numeric in XPT, with their format.

    continues : the variable whose long text this one goes on with, "" for all others
    """

    name: str
    label: str
    values: Vector
    length: int = 8
    format: str = ""
    continues: str = ""

    @property
    def type(self) -> str:
        """Char or Num."""
        return "Char" if self.values.is_text else "Num"


@dataclass(frozen=True)
class Built:
    """A dataset as it is written. `rows` : for each record its number before sorting; `parent` of a SUPP--."""

    name: str
    domain: str
    label: str
    standard: str
    variables: tuple[BuiltVariable, ...]
    keys: tuple[str, ...]
    rows: NDArray[np.int64]
    parent: str = ""
    qualifiers: dict[str, str] = field(default_factory=dict)
    members: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None

    def column(self, name: str) -> Vector:
        """A variable's values in written order."""
        return next(v.values for v in self.variables if v.name == name)

    @property
    def n(self) -> int:
        """How many records."""
        return len(self.rows)


@dataclass
class Qualifier:
    """A supplemental qualifier before it is written: name, label, values beside the parent's records, origin."""

    name: str
    label: str
    values: Vector
    variable: str


def finish_dataset(run: Run, plan: DatasetPlan) -> list[Built]:
    """A dataset and, where it has qualifiers, its SUPP--."""
    place = run.order(plan.name)
    rows = np.empty(len(place), dtype=np.int64)
    rows[place] = np.arange(len(place))
    variables: list[BuiltVariable] = []
    qualifiers: list[Qualifier] = []
    for name in [*plan.written(), *_empty_expected(run, plan)]:
        values = _value(run, plan, name, rows)
        if not values.present().any() and _only_offered(plan, name):
            continue
        label = _label(plan, name)
        if values.is_text:
            values, more = _continued(run, plan, name, label, values)
            if _continues_within(plan, name):
                variables += [BuiltVariable(q.name, q.label, q.values, continues=name) for q in more]
            else:
                qualifiers += more
        variables.append(BuiltVariable(name, label, values, 8, _format(plan, name, values)))
    variables.sort(key=lambda v: (plan.place(v.continues or v.name), v.continues != "", v.name))
    for name in plan.qualifiers():
        values = as_text(_value(run, plan, name, rows))
        label = _label(plan, name)
        values, more = _continued(run, plan, name, label, values)
        qualifiers += [Qualifier(name, label, values, name), *more]
    built = Built(
        plan.name, plan.spec.domain, _dataset_label(plan), plan.spec.standard, tuple(variables),
        tuple(k.name.text for k in plan.spec.keys), rows,
    )  # fmt: skip
    _check_keys(run, plan, built)
    run.check_orphans(plan.name)
    for block in plan.spec.blocks:
        run.frame(plan.name, block).forget()
    _check_expectations(run, plan)
    run.hold_once(plan.name)
    kept = [q for q in qualifiers if q.values.present().any()]
    return [built, _supplemental(run, plan, built, kept)] if kept else [built]


def _only_offered(plan: DatasetPlan, name: str) -> bool:
    """Whether a permissible variable stands there only because a record maker can give it."""
    known = plan.plan.variable(plan.spec, name)
    if known is None or known.core != "Perm" or name in {k.name.text for k in plan.spec.keys}:
        return False
    blocks = plan.spec.blocks.values()
    said = name in plan.spec.derive or name in plan.defaults or any(name in b.rules for b in blocks)
    return not said and all(b.make is not None for b in blocks)


def _empty_expected(run: Run, plan: DatasetPlan) -> list[str]:
    """Required and expected variables without any rule: empty columns, each a note."""
    known = plan.plan.sdtmig.dataset(plan.spec.domain)
    if plan.spec.standard == "adam" or known is None or is_copy(plan.spec):
        return []
    found = []
    for variable in plan.plan.sdtmig.variables(plan.spec.domain):
        if variable.core in ("Req", "Exp") and variable.name not in plan.names:
            run.log.add("no-rule", f"{plan.name}.{variable.name} has no rule: the column is empty.",
                        Location(dataset=plan.name, variable=variable.name), plan.spec.mark.place)  # fmt: skip
            found.append(variable.name)
    return found


def _value(run: Run, plan: DatasetPlan, name: str, rows: NDArray[np.int64]) -> Vector:
    if name not in plan.names:
        known = plan.plan.variable(plan.spec, name)
        kind = Kind.NUMBER if known is not None and known.type == "Num" else Kind.TEXT
        return Vector.missing_of(kind, len(rows))
    values = run.variable(plan.name, "", name)
    if values.is_text and run.study.encoding == "ascii":
        values = _ascii(run, plan, name, values)
    return values.take(rows)


def _ascii(run: Run, plan: DatasetPlan, name: str, values: Vector) -> Vector:
    """Typographic marks as their ASCII signs (a note); any other character makes the value missing (an error)."""
    texts = values.distinct()
    odd = np.array([not str(t).isascii() for t in texts] + [False])
    if not odd.any():
        return values
    plain = {str(t): to_ascii(str(t)) for t in texts[odd[:-1]]}
    mapped = np.array([str(t) in plain and plain[str(t)].isascii() for t in texts] + [False])[values.data]
    bad = odd[values.data] & ~mapped

    written = f'Marks of "{{value}}" in {name} are written as ASCII signs.'
    refused = f'"{{value}}" in {name} has a character that is not ASCII.'
    _tell(run, plan, name, "punctuation-mapped", mapped, written, values)
    _tell(run, plan, name, "text-not-ascii", bad, refused, values)
    return values.where(~bad).map_texts(lambda t: plain.get(t, t))


def _continued(run: Run, plan: DatasetPlan, name: str, label: str, values: Vector) -> tuple[Vector, list[Qualifier]]:
    """The first 200 bytes of each text, split at words; the rest as qualifiers with the same label (IG 4.5.3.2).

    Where a variable goes on in the dataset itself, the rest has numbered names, and labels if there is room.
    """
    texts = values.distinct()
    long = np.array([len(str(t).encode()) > LIMIT for t in texts] + [False])
    if not long.any() or not long[values.data].any():
        return values, []
    before = long[values.data][run.order(plan.name)]
    split = [split_words(str(t)) if far else [str(t)] for t, far in zip(texts, long[:-1], strict=True)]
    within = _continues_within(plan, name)
    most = max(len(split[code]) for code in np.unique(values.data[values.data >= 0]))
    found = []
    for part in range(1, most):
        more = Vector.of_codes(values.data, [s[part] if len(s) > part else None for s in split], values.kind)
        suffix = str(part)
        qnam = name + suffix if len(name) + len(suffix) <= 8 else name[: 8 - len(suffix)] + suffix
        numbered = f"{label} {part}"
        found.append(Qualifier(qnam, numbered if within and len(numbered) <= LABEL_LIMIT else label, more, name))
    where = found[0].name if within else f"SUPP{plan.spec.domain}"
    message = f"A text of {plan.name}.{name} above {LIMIT} bytes continues in {where}."
    _tell(run, plan, name, "text-split", before, message)
    return Vector.of_codes(values.data, [s[0] for s in split], values.kind), found


def _continues_within(plan: DatasetPlan, name: str) -> bool:
    """Whether a long text goes on in the dataset itself: where the IG says so, and in ADaM, which has no SUPP--."""
    return plan.spec.standard == "adam" or plan.plan.sdtmig.continues(plan.spec.domain, name)


def _tell(
    run: Run,
    plan: DatasetPlan,
    name: str,
    rule: str,
    rows: NDArray[np.bool_],
    message: str,
    values: Vector | None = None,
) -> None:
    """An issue at records of a variable, in the order in which they were made, with the cells behind them."""
    refs = [Variable(Kind.TEXT, plan.name, name)]
    nothing = Vector.missing_of(Kind.TEXT, 0)

    def report() -> Vector:
        run.issue(run.whole(plan.name), rule, rows, message, refs, values=values)
        return nothing

    run.making(plan.name, "", name, report)


def _label(plan: DatasetPlan, name: str) -> str:
    said = plan.said(name)
    if said is not None and said.label:
        return said.label
    known = plan.plan.variable(plan.spec, name)
    if known is not None:
        return known.label
    return {"STUDYID": "Study Identifier", "USUBJID": "Unique Subject Identifier"}.get(name, name)


def _format(plan: DatasetPlan, name: str, values: Vector) -> str:
    said = plan.said(name)
    if said is not None and said.format:
        return said.format
    if plan.spec.standard == "adam" and values.kind is Kind.NUMBER and _is_time(plan, name):
        return "TIME8."
    return {Kind.DATE: "DATE9.", Kind.DATETIME: "DATETIME20."}.get(values.kind, "")


def _is_time(plan: DatasetPlan, name: str) -> bool:
    """Whether ADaM has a variable as a time of day: names end in TM, but ARELTM is the time between two moments."""
    known = plan.plan.variable(plan.spec, name)
    return name.endswith("TM") and not name.endswith("DTM") and known is not None and "Relative" not in known.label


def _dataset_label(plan: DatasetPlan) -> str:
    known = plan.plan.sdtmig.dataset(plan.spec.domain)
    return plan.spec.label or (known.label if known is not None else plan.name)


def _check_keys(run: Run, plan: DatasetPlan, built: Built) -> None:
    names = [k for k in built.keys if any(v.name == k for v in built.variables)]
    if not names or not built.n:
        return
    codes, _ = combine([value_codes(built.column(k)) for k in names], True)
    repeated = np.bincount(codes)[codes] > 1
    if repeated.any():
        place = run.order(plan.name)
        message = f"Several records of {plan.name} agree in {', '.join(names)}."
        whole = run.whole(plan.name)
        run.making(plan.name, "", names[-1], lambda: _keys_issue(run, whole, repeated[place], message, built))


def _keys_issue(run: Run, whole: object, rows: NDArray[np.bool_], message: str, built: Built) -> Vector:
    mark = run.plan.datasets[built.name].spec.keys[0].name.mark
    run.issue(whole, "keys-not-unique", rows, message, mark=mark)  # type: ignore[arg-type]
    return built.variables[0].values


def _check_expectations(run: Run, plan: DatasetPlan) -> None:
    for label, made in plan.expects.items():
        for block in plan.spec.blocks:
            frame = run.frame(plan.name, block)
            truth = run.making(plan.name, block, label, lambda m=made, f=frame: m.run(f))  # type: ignore[misc]
            message = f"{label}: {made.text} is false."
            mark = plan.spec.expect[label].mark
            run.issue(frame, "expect-failed", truth.data == 0, message, made.refs, mark, expectation=label)


def _supplemental(run: Run, plan: DatasetPlan, built: Built, qualifiers: list[Qualifier]) -> Built:
    """SUPP--: one record for each qualifier that has a value, by its keys; IDVARVAL is a text, so 10 is before 2."""
    domain = plan.spec.domain
    seq = f"{plan.spec.letters}SEQ"
    by_seq = any(v.name == seq for v in built.variables)
    rows = np.concatenate([np.flatnonzero(q.values.present()) for q in qualifiers]).astype(np.int64)
    which = np.concatenate([np.full(int(q.values.present().sum()), i) for i, q in enumerate(qualifiers)])
    alphabet = np.argsort(np.argsort([q.name for q in qualifiers]))
    person = next((n for n in ("USUBJID", "APID") if any(v.name == n for v in built.variables)), "")
    parents = [built.column(person)] if person else []
    parents += [as_text(built.column(seq))] if by_seq else []
    places = [*(sort_ranks(p, False)[rows] for p in parents), alphabet[which].astype(np.float64)]
    order = order_rows([*places, rows.astype(np.float64)], len(rows))
    rows, which = rows[order], which[order].astype(np.int64)
    pooled = Vector.concat([q.values.as_kind(Kind.TEXT) for q in qualifiers])
    starts = np.arange(len(qualifiers), dtype=np.int64) * built.n
    qval = pooled.take(starts[which] + rows)
    origins = [run.plan.origin_word(plan, q.variable) for q in qualifiers]
    evaluators = [_evaluator(plan, q.variable) for q in qualifiers]
    columns = {
        "STUDYID": Vector.constant(run.study.id, len(rows)),
        "RDOMAIN": Vector.constant(domain, len(rows)),
        person or "USUBJID": built.column(person).take(rows) if person else Vector.missing_of(Kind.TEXT, len(rows)),
        "IDVAR": Vector.constant(seq if by_seq else "", len(rows), Kind.TEXT),
        "IDVARVAL": as_text(built.column(seq).take(rows)) if by_seq else Vector.missing_of(Kind.TEXT, len(rows)),
        "QNAM": Vector.of_codes(which, [q.name for q in qualifiers]),
        "QLABEL": Vector.of_codes(which, [q.label for q in qualifiers]),
        "QVAL": qval,
        "QORIG": Vector.of_codes(which, origins),
        "QEVAL": Vector.of_codes(which, evaluators),
    }
    labels = {"APID": _label(plan, "APID"), **dict(SUPP)}
    variables = tuple(BuiltVariable(name, labels[name], column) for name, column in columns.items())
    keys = ("STUDYID", "RDOMAIN", person or "USUBJID", "IDVAR", "IDVARVAL", "QNAM")
    name = f"SUPP{plan.name}" if len(plan.name) <= 4 else f"SQ{plan.name}"
    return Built(
        name, domain, f"Supplemental Qualifiers for {domain}",
        plan.spec.standard, variables, keys, np.arange(len(rows), dtype=np.int64), plan.name,
        {q.name: q.variable for q in qualifiers}, (rows, which),
    )  # fmt: skip


def _evaluator(plan: DatasetPlan, name: str) -> str:
    said = plan.spec.variables.get(name)
    return said.evaluator if said is not None else ""


def with_lengths(datasets: list[Built]) -> list[Built]:
    """Character lengths: the longest value of that variable over all datasets of one standard; SUPP-- by itself."""
    longest: dict[tuple[str, str], int] = {}
    mine: dict[tuple[str, str], int] = {}
    for built in datasets:
        for variable in built.variables:
            if variable.values.is_text:
                size = _longest(variable.values)
                mine[(built.name, variable.name)] = size
                if not built.parent:
                    key = (built.standard, variable.name)
                    longest[key] = max(longest.get(key, 1), size)
    out = []
    for built in datasets:
        variables = []
        for variable in built.variables:
            if variable.values.is_text:
                own = mine[(built.name, variable.name)]
                length = own if built.parent else longest[(built.standard, variable.name)]
                variable = replace(variable, length=length)
            variables.append(variable)
        out.append(replace(built, variables=tuple(variables)))
    return out


def _longest(values: Vector) -> int:
    texts = values.distinct()
    used = used_codes(values.data, len(texts))
    return max((len(str(texts[i]).encode()) for i in used), default=1)
