"""`explain`: a variable's rule, sources and method; a dataset; an operation's page; the rules of issues; the order."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from ..issues import IssueLog, Severity
from .pages import near, operation_lines, operation_page, rule_lines, rule_page
from .pipeline import Prepared, prepare
from .places import project_of, raw_folder
from .status import CLEAN, UNUSABLE

Tell = Callable[[str], None]


def run(
    target: str = "",
    *,
    study: Path | None = None,
    raw: Path | None = None,
    order: Path | None = None,
    ct_folder: Path | None = None,
    project: Path | None = None,
    tell: Tell = print,
    complain: Tell | None = None,
) -> int:
    """Explain one thing.

    Parameters
    ----------
    target : AE.AESTDY, a time-to-event parameter (ADTTE.OS, with the records of each row of its table after a build),
        a dataset (AE), an operation or record maker (study_day), a rule of issues (date-ambiguous), `rules` or
        `operations`; "" with `order`
    study : specs/STUDY; None: the only folder under `project`/specs
    raw : folder of the raw files, for their headers; None: as for `build`
    order : specs/STUDY whose order of work is printed
    project : folder that holds specs/; None: the current one

    Returns
    -------
    0 explained, 2 no such thing, no study, or a specification that cannot be read.
    """
    complain = complain or _to_stderr
    if order is not None:
        return _order(order, raw, ct_folder, tell, complain)
    general = _general(target)
    if general is not None:
        for line in general:
            tell(line)
        return CLEAN
    folder = study or only_study(project or Path(), complain)
    if folder is None:
        return UNUSABLE
    prepared = usable(folder, raw, ct_folder, complain)
    if prepared is None:
        return UNUSABLE
    dataset, _, variable = target.partition(".")
    plan = prepared.plan.datasets.get(dataset)
    if plan is None:
        known = [*prepared.plan.datasets, *_operations(), *_rules()]
        complain(f"{target} is no dataset, variable, operation or rule. {near(target, known)}")
        return UNUSABLE
    if variable in plan.codes:
        from ..engine.parameter_text import table_lines

        for line in table_lines(plan, variable, decided_counts(folder, dataset, variable)):
            tell(line)
        return CLEAN
    if variable and variable not in plan.names:
        hint = near(variable, [*plan.names, *plan.codes])
        complain(f"{dataset} has no variable {variable} with a rule. {hint}")
        return UNUSABLE
    for line in _variable(prepared, dataset, variable) if variable else _dataset(prepared, dataset):
        tell(line)
    return CLEAN


def decided_counts(folder: Path, dataset: str, code: str) -> dict[int, int] | None:
    """Records of a time-to-event parameter by the row that decided them, from the last build; None without one.

    Keys are numbers of rows, 0 for records that a cut left as they were, -1 for those that no row decided.
    """
    path = project_of(folder) / "outputs" / folder.absolute().name / "lineage" / f"{dataset}.parquet"
    if not path.is_file():
        return None
    import pyarrow.parquet as pq

    known = pq.read_schema(path).names
    if not {"PARAMCD", "decided"} <= set(known):
        return None
    table = pq.read_table(path, columns=["PARAMCD", "decided"]).to_pydict()
    counts: dict[int, int] = {}
    for which, number in zip(table["PARAMCD"], table["decided"], strict=True):
        if which == code:
            key = -1 if number is None else int(number)
            counts[key] = counts.get(key, 0) + 1
    return counts


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


def only_study(project: Path, complain: Tell) -> Path | None:
    """The one folder under specs/; None, and told, where there is none or several."""
    found = sorted(p for p in (project / "specs").glob("*") if p.is_dir()) if (project / "specs").is_dir() else []
    if len(found) == 1:
        return found[0]
    said = f"there are {', '.join(p.name for p in found)}" if found else f"there is none under {project / 'specs'}"
    complain(f"Name the study with --study specs/STUDY: {said}.")
    return None


def usable(folder: Path, raw: Path | None, ct_folder: Path | None, complain: Tell) -> Prepared | None:
    """A study as far as it can be read; faults are counted, `check` tells them."""
    log = IssueLog()
    prepared = prepare(folder, raw_folder(folder, raw), log, ct_folder=ct_folder)
    errors = log.count(Severity.ERROR)
    if errors:
        complain(f"{folder} has {errors} error{'s' if errors > 1 else ''}; `sdtm-builder check {folder}` tells them.")
    return prepared


def _general(target: str) -> Iterator[str] | None:
    """Pages that need no study."""
    if target == "rules":
        return rule_lines()
    if target == "operations":
        return operation_lines()
    if target in _operations():
        return operation_page(target)
    return rule_page(target) if target in _rules() else None


def _operations() -> list[str]:
    from .pages import operations

    return list(operations())


def _rules() -> list[str]:
    from .pages import all_faults

    return list(all_faults())


def _order(folder: Path, raw: Path | None, ct_folder: Path | None, tell: Tell, complain: Tell) -> int:
    prepared = usable(folder, raw, ct_folder, complain)
    if prepared is None:
        return UNUSABLE
    from ..engine.graph import describe

    nodes = prepared.graph.order()
    width = max((len(n) for n in describe(nodes)), default=0)
    for number, node in enumerate(nodes, 1):
        what = "records" if not node.name else ""
        tell(f"{number:>5}  {node!s:<{width}}  {prepared.graph.mark(node)}  {what}".rstrip())
    return CLEAN


# a variable, a dataset


def _variable(prepared: Prepared, dataset: str, name: str) -> Iterator[str]:
    from ..engine.methods import Methods
    from ..engine.pieces import Made, piece_of, planned_groups
    from ..engine.ruletext import piece_facts, ref_text

    plan = prepared.plan.datasets[dataset]
    yield _title(prepared, dataset, name)
    methods = Methods(prepared.plan)
    told: dict[str, list[str]] = {}
    for group in planned_groups(plan):
        piece = piece_of(plan, name, group)
        facts = piece_facts(prepared.plan, methods, piece)
        lines = [f"  rule     {facts.get('rule') or piece.made.value}"]
        if facts.get("file"):
            over = f" over {facts['overrides']}" if "overrides" in facts else ""
            said = f" ({facts['said']})" if "said" in facts else ""
            lines.append(f"  said in  {facts['file']}:{facts['line']}{over}{said}")
        sources = [ref_text(ref) for ref in facts.get("names", ())]
        sources += [f"{', '.join(u['columns'])} of {u['table']}" if u["columns"] else u["table"]
                    for u in facts.get("uses", ())]  # fmt: skip
        for number, source in enumerate(sources):
            lines.append(f"  {'sources' if number == 0 else '':<8} {source}")
        if facts["method"]:
            lines.append(f"  method   {facts['method']}")
        where = group.block + (f" {group.test}" if group.entry >= 0 else "")
        if piece.made is Made.NOTHING:
            lines = ["  rule     none: missing"]
        told.setdefault("\n".join(lines), []).append(where)
    for text, blocks in told.items():
        yield f"in {', '.join(blocks)}" if len(told) > 1 else f"in every block ({', '.join(blocks)})"
        yield from text.split("\n")


def _title(prepared: Prepared, dataset: str, name: str) -> str:
    plan = prepared.plan.datasets[dataset]
    known = prepared.plan.variable(plan.spec, name)
    said = plan.said(name)
    label = (said.label if said is not None else "") or (known.label if known is not None else "")
    kind = plan.kind(name)
    codelist = plan.target(name).codelist
    facts = [str(kind)] if kind is not None else []
    facts += [f"core {known.core}"] if known is not None and known.core else []
    facts += [f"codelist {codelist.name}"] if codelist is not None else []
    where = " in the supplemental qualifiers" if name in plan.qualifiers() else ""
    temporary = "(a temporary, not written)" if name[:1].islower() else ""
    return f"{dataset}.{name}  {label}{temporary}".rstrip() + f"  [{', '.join(facts)}]{where}"


def _dataset(prepared: Prepared, dataset: str) -> Iterator[str]:
    plan = prepared.plan.datasets[dataset]
    yield f"{dataset}  {plan.spec.label}".rstrip() + f"  [{plan.spec.file}]"
    yield f"  keys     {', '.join(k.name.text for k in plan.spec.keys)}"
    for name, block in plan.blocks.items():
        sources = ", ".join(s.text for s in block.spec.sources)
        if block.spec.make is not None:
            sources = f"made by {block.spec.make.name.text}"
        yield f"  block    {name}: from {sources}  {block.spec.mark}"
        if block.spec.where is not None:
            yield f"             where {block.spec.where.text}" + (f" ({block.spec.why})" if block.spec.why else "")
        if block.spec.one_per_by:
            yield f"             one per {', '.join(s.text for s in block.spec.one_per_by)}"
        for join in block.joins.values():
            yield f"             join {join.spec.name} with {join.form.key}"
        if block.spec.group:
            yield f"             group {', '.join(s.text for s in block.spec.group)}"
        if block.entries:
            yield f"             transpose {', '.join(e.testcd for e in block.entries)}"
    for name, made in plan.codes.items():
        cut = f"cut of {made.of}" if made.of else f"a table of {len(made.rows)} rows"
        yield f"  {'parameter':<8} {name}: {cut}  {made.mark}  (explain {dataset}.{name})"
    for name, join in plan.joins.items():
        yield f"  join     {name} with {join.form.key}  {join.spec.mark}"
    for name in [*plan.written(), *plan.qualifiers()]:
        first = next((r for b in plan.spec.blocks if (r := plan.rule(b, name)) is not None), None)
        if first is not None:
            yield f"  {name:<8} {_rule(first.rule)}  {first.rule.mark}"


def _rule(rule: object) -> str:
    from ..engine.ruletext import rule_text

    return rule_text(rule)  # type: ignore[arg-type]
