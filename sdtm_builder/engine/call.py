"""Registered derivations: their arguments resolved by what their signatures declare."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..model import Kind, Node, Rule, Scalar, Vector
from ..registry import Argument, Derivation, Take
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
        got = _getter(env, rule, argument, node, operands)
        if got is None:
            return None
        getters[argument.name], found = got
        refs += found
        named[argument.name] = found
        if argument is made.main and found:
            main_kind = found[0].kind
    word = rule.argument.text if isinstance(rule.argument, Scalar) else ""
    kind = env.target.kind or made.kinds.get(word) or made.kind or main_kind or Kind.TEXT
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


def required_inputs(made: Derivation) -> list[str]:
    """Names that a default rule of this derivation cannot do without."""
    found: list[str] = []
    for argument in made.arguments:
        if argument.take is Take.COLUMN and isinstance(argument.default, str):
            found.append(argument.default)
        if argument.take is Take.RELATED and not argument.required:
            found += list(argument.default)
    return found
