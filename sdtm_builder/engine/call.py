"""Registered derivations: their arguments resolved by what their signatures declare."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Any

from ..model import Kind, ListNode, MapNode, Node, Rule, Scalar, Vector
from ..registry import Argument, Derivation, TableRows, Take
from .compiled import Compiled, Env, Use, texts_of
from .fit import fit
from .frames import Scene
from .refs import Ref

Getter = Callable[[Scene], Any]


def compile_call(env: Env, rule: Rule, made: Derivation) -> Compiled | None:
    """A rule whose operation is a registered function."""
    getters: dict[str, Getter] = {}
    refs: list[Ref] = []
    named: dict[str, list[Ref]] = {}
    uses: list[Use] = []
    operands: dict[str, str] = {}
    tables: dict[str, TableRows] = {}
    main_kind: Kind | None = None
    for argument in made.arguments:
        node = rule.argument if argument is made.main else rule.options.get(argument.name.rstrip("_"))
        if node is None and argument.required:
            env.fault("bad-argument", f"`{rule.operation}` needs `{argument.name.rstrip('_')}`.", rule.mark)
            return None
        if argument.take is Take.RELATED:
            related = _related(env, rule, argument, node, operands)
            if related is None:
                return None
            getters[argument.name], more = related
            uses += more
            continue
        if argument.take is Take.TABLE and node is not None:
            table = _table(env, argument, node, operands)
            if table is None:
                return None
            tables[argument.name], getters[argument.name], more = table
            uses += more
            continue
        got = _getter(env, rule, argument, node, operands)
        if got is None:
            return None
        getters[argument.name], found = got
        refs += found
        named[argument.name] = found
        if argument is made.main and found:
            main_kind = found[0].kind
    if not _sound(env, rule, made, tables, operands):
        return None
    words = [operands.get(a.name, str(a.default)) for a in made.arguments if a.words]
    by_word = next((made.kinds[word] for word in words if word in made.kinds), None)
    kind = env.target.kind or by_word or made.kind or main_kind or Kind.TEXT
    dataset, target, mark = env.dataset, env.target, rule.mark
    own = tuple(dict.fromkeys(refs))

    def run(scene: Scene) -> Vector:
        context = scene.run.context(scene, dataset, target, own, mark, named)
        values = {name: get(scene) for name, get in getters.items()}
        return fit(scene, made.function(context, **values), target.kind, own, mark)

    return Compiled(rule, kind, run, own, tuple(uses), made.whole, made.ordered, operands)


def _getter(
    env: Env, rule: Rule, argument: Argument, node: Node | None, operands: dict[str, str]
) -> tuple[Getter, list[Ref]] | None:
    take = argument.take
    if take in (Take.COLUMN, Take.IF_COLUMN, Take.COLUMNS, Take.OPTIONAL):
        return _columns(env, rule, argument, node, operands)
    if node is None:
        default = argument.default
        return (lambda scene: default), []
    written = [env.plan.with_domain(env.dataset, s.text) for s in texts_of(node)]
    operands[argument.name] = ", ".join(written)
    if take in (Take.NAMES, Take.TEXTS):
        return (lambda scene: tuple(written)), []
    if take is Take.NODE:
        return (lambda scene: node), []
    if not isinstance(node, Scalar):
        env.fault("bad-argument", f"`{argument.name}` takes one text.", rule.mark)
        return None
    text = written[0]
    if take is Take.TEXT:
        return (lambda scene: text), []
    if take is Take.FLAG:
        if text.lower() not in ("true", "false", "yes", "no"):
            env.fault("bad-argument", f"`{argument.name}` is true or false.", node.mark)
            return None
        return (lambda scene: text.lower() in ("true", "yes")), []
    try:
        number = float(text)
    except ValueError:
        env.fault("bad-argument", f"`{argument.name}` takes a number, not {text}.", node.mark)
        return None
    return (lambda scene: number), []


def _columns(
    env: Env, rule: Rule, argument: Argument, node: Node | None, operands: dict[str, str]
) -> tuple[Getter, list[Ref]] | None:
    default = argument.default
    if node is not None:
        mine = [Scalar(env.plan.with_domain(env.dataset, s.text), s.mark) for s in texts_of(node)]
    else:
        names = [] if default is None else [default] if isinstance(default, str) else list(default)
        mine = [Scalar(env.plan.with_domain(env.dataset, n), rule.mark) for n in names]
    loose = argument.take is Take.OPTIONAL or (node is None and argument.take is Take.IF_COLUMN)
    if loose:
        mine = [s for s in mine if env.plan.exists(env.scope, s.text)]
    operands[argument.name] = ", ".join(s.text for s in mine)
    refs: list[Ref] = []
    for scalar in mine:
        ref = env.scope.resolve(scalar.text, scalar.mark)
        if ref is None:
            return None
        refs.append(ref)
    if argument.take is Take.OPTIONAL:
        keys = [s.text for s in mine]
        return (lambda scene: {k: scene.value(r) for k, r in zip(keys, refs, strict=True)}), refs
    if argument.take is Take.COLUMNS:
        return (lambda scene: [scene.value(r) for r in refs]), refs
    if not refs:
        return (lambda scene: None), []
    return (lambda scene: scene.value(refs[0])), refs


def _related(
    env: Env, rule: Rule, argument: Argument, node: Node | None, operands: dict[str, str]
) -> tuple[Getter, list[Use]] | None:
    default = argument.default
    names = [s.text for s in texts_of(node)] if node is not None else list(default or ())
    operands[argument.name] = ", ".join(names)
    table = names[0].partition(".")[0]
    columns = [n.partition(".")[2] for n in names]
    form = env.plan.form(env.dataset, table)
    for column in columns:
        if form is None or form.kinds(column) is None:
            env.fault("unknown-column", f"`{rule.operation}` needs {table}.{column}.", rule.mark)
            return None
    wanted = ["USUBJID", *columns]

    def get(scene: Scene) -> dict[str, Vector]:
        view = scene.run.table(table)
        return {c: view.vector(c) for c in wanted}

    return get, [Use(table, tuple(wanted))]


def _sound(
    env: Env, rule: Rule, made: Derivation, tables: Mapping[str, TableRows], operands: Mapping[str, str]
) -> bool:
    """Whether the derivation has nothing against its arguments; faults stand at the table's row or at the rule."""
    if made.check_rule is None:
        return True
    sound = True
    for argument, row, message in made.check_rule({**operands, **tables}):
        marks = tables[argument].marks if argument in tables else ()
        env.fault("bad-argument", f"`{rule.operation}`: {message}", marks[row] if 0 <= row < len(marks) else rule.mark)
        sound = False
    return sound


def _table(
    env: Env, argument: Argument, node: Node, operands: dict[str, str]
) -> tuple[TableRows, Getter, list[Use]] | None:
    """A table given as an argument: written or read from a file, a raw source, or one word for the derivation."""
    file = node.mark.file
    written = "a table of the specification" if file.endswith(".yaml") else PurePosixPath(file).name
    operands[argument.name] = node.text if isinstance(node, Scalar) else written
    if isinstance(node, Scalar):
        name = node.text
        if not name.startswith("raw."):
            word = TableRows(name)
            return word, (lambda scene: word), []
        form = env.plan.form(env.dataset, name)
        if form is None:
            env.fault("unknown-table", f"there is no {name}.", node.mark, env.plan.near(name, env.plan.table_names()))
            return None
        columns = tuple(form.names())

        def get(scene: Scene) -> TableRows:
            view = scene.run.table(name)
            return TableRows(name, {c: [t or "" for t in view.vector(c, "text").strings()] for c in columns})

        return TableRows(name), get, [Use(name, columns)]
    table = node.get("table") if isinstance(node, MapNode) else None
    rows = [texts_of(row) for row in table.items] if isinstance(table, ListNode) else []
    wrong = next((row for row in rows if len(row) != len(rows[0])), None)
    if not rows and not node.mark.file.endswith(".yaml"):
        return None  # told where the file was read
    if not rows or wrong is not None:
        place = wrong[0].mark if wrong else node.mark
        env.fault("bad-argument", f"`{argument.name}`: every row of the table has as many cells as the first.", place)
        return None
    cells = {head.text: [row[at].text for row in rows[1:]] for at, head in enumerate(rows[0])}
    made = TableRows("", cells, [row[0].mark for row in rows[1:]])
    return made, (lambda scene: made), []


def required_inputs(made: Derivation) -> list[str]:
    """Names that a default rule of this derivation cannot do without."""
    found: list[str] = []
    for argument in made.arguments:
        if argument.take is Take.COLUMN and isinstance(argument.default, str):
            found.append(argument.default)
        if argument.take is Take.RELATED and not argument.required:
            found += list(argument.default)
    return found
