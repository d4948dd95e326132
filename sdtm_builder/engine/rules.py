"""The operations of the language itself: from, value, expr, case, yes_if and the tick boxes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..model import Kind, MapNode, Rule, Scalar, Vector
from ..values.fold import fold, has_wide
from .above import is_cell
from .compiled import Compiled, Env, SubScene, texts_of
from .fit import apply_codelist, fit
from .frames import Scene
from .refs import Above, Field, Ref, leaves
from .resulttext import holds_result, result_texts
from .sql import compile_expression, compile_truth

TICKED = ("Y", "Yes", "1", "X", "√", "是")
UNTICKED = ("N", "No", "0", "否")


def compile_from(env: Env, rule: Rule) -> Compiled | None:
    """`from`: a column through `map`, the target's codelist and its kind."""
    codelist = env.target.codelist
    text = rule.argument.text if isinstance(rule.argument, Scalar) else ""
    if codelist is not None and codelist.find(text)[1] == "term" and not env.plan.exists(env.scope, text):
        env.fault("unknown-column", f"{env.scope.here} has no column {text}, but it is a term of {codelist.name}.",
                  rule.mark, f"A constant is written {{value: {text}}}.")  # fmt: skip
        return None
    ref = env.name(rule.argument)
    if "codelist" in rule.options:
        codelist = env.plan.codelists(env.dataset).of_node(rule.options["codelist"], env.target.name)
    if ref is None:
        return None
    mapping = text_map(rule.options.get("map"))
    if mapping is None and "codelist" not in rule.options and _checked_before(env, ref):
        codelist = None
    unmapped = rule.options.get("unmapped")
    mark = rule.mark
    raw = is_raw(ref)
    if env.target.kind is Kind.DTC and ref.kind in (Kind.TEXT, Kind.NUMBER) and not mapping:
        text = rule.argument.text if isinstance(rule.argument, Scalar) else ""
        env.fault(
            "date-needs-date", f"{env.target.name} is a date, {text} is a text.", mark, f"Write {{date: {text}}}."
        )
        return None
    as_text = mapping is not None or codelist is not None or (raw and env.target.kind is Kind.TEXT)
    kind = Kind.TEXT if mapping or (codelist and env.target.kind is None) else ref.kind
    if raw and env.target.kind is Kind.TEXT:
        kind = Kind.TEXT
    typed_terms = raw and env.plan.has_codelist(ref)
    result = (raw or is_cell(ref)) and mapping is None and codelist is None and holds_result(env)

    def run(scene: Scene) -> Vector:
        flavour = "text" if as_text and raw and not (typed_terms and codelist is not None) else "value"
        vector = scene.value(ref, flavour)  # type: ignore[arg-type]
        if mapping is not None:
            vector = _mapped(scene, vector, mapping, unmapped, rule, ref, codelist is not None)
        if codelist is not None:
            vector = apply_codelist(scene, vector, codelist, [ref], mark, env.target.name)
        if result:
            vector = result_texts(scene, vector, ref, mark)
        return fit(scene, vector, env.target.kind, [ref], mark)

    final = env.target.kind or (Kind.TEXT if codelist else kind)
    return Compiled(rule, final, run, (ref,))


def _checked_before(env: Env, ref: Ref) -> bool:
    """Whether a rule copies the variable of that name of a dataset: its values are terms there, or told as none."""
    said = env.dataset.variables.get(env.target.name)
    own = said is not None and said.codelist is not None
    copied = isinstance(ref, Field) and ref.column == env.target.name and ref.table in env.plan.datasets
    return copied and not own


def _mapped(
    scene: Scene,
    vector: Vector,
    mapping: dict[str, str],
    unmapped: object,
    rule: Rule,
    ref: Ref,
    falls_through: bool,
) -> Vector:
    vector = fit(scene, vector, Kind.TEXT, [ref], rule.mark)
    missed: set[str] = set()
    wide: set[str] = set()

    def change(text: str) -> str | None:
        if text in mapping:
            return mapping[text]
        even = fold(text)
        if even in mapping:
            if has_wide(text):
                wide.add(text)
            return mapping[even]
        if isinstance(unmapped, Scalar):
            return unmapped.text
        if falls_through:
            return text
        missed.add(text)
        return None

    out = vector.map_texts(change)
    for name, texts, said in (("ct-miss", missed, "is not in `map`"), ("width-folded", wide, "is read in `map`")):
        if texts:
            at = np.array([t in texts for t in vector.distinct()] + [False])[vector.data]
            scene.run.issue(scene, name, at, f'"{{value}}" {said}.', [ref], rule.mark, vector)
    return out


def compile_value(env: Env, rule: Rule) -> Compiled | None:
    """`value`: a constant; a term must be one of its codelist."""
    if not isinstance(rule.argument, Scalar):
        env.fault("bad-argument", "`value` takes one literal.", rule.mark)
        return None
    text, kind = rule.argument.text, env.target.kind or Kind.TEXT
    if not _is_term(env, rule.argument):
        return None
    number = 0.0
    if kind is Kind.NUMBER and text:
        try:
            number = float(text)
        except ValueError:
            env.fault("kind-mismatch", f"{env.target.name} is numeric, {text} is no number.", rule.argument.mark)
            return None

    def run(scene: Scene) -> Vector:
        if not text:
            return Vector.missing_of(kind, scene.n)
        return Vector.constant(number if kind is Kind.NUMBER else text, scene.n, kind)

    return Compiled(rule, kind, run)


def _is_term(env: Env, literal: Scalar) -> bool:
    """Whether a literal may stand in the target; one that its codelist lacks is a fault, or an extension."""
    text, codelist = literal.text, env.target.codelist
    if not text or codelist is None or codelist.find(text)[1] == "term":
        return True
    if not codelist.extensible or codelist.subset:
        env.fault("ct-miss", f"{text} is no term of {codelist.name}.", literal.mark)
        return False
    env.plan.log.add("ct-extension", f"{text} is no term of {codelist.name}.", literal.mark.place)
    return True


def compile_expr(env: Env, rule: Rule) -> Compiled | None:
    """`expr`: an SQL scalar expression."""
    if not isinstance(rule.argument, Scalar):
        env.fault("bad-argument", "`expr` takes a text.", rule.mark)
        return None
    made = compile_expression(env, rule.argument, "value")
    if made is None:
        return None
    if env.target.kind is Kind.NUMBER and made.kind is Kind.TEXT:
        env.fault(
            "kind-mismatch", f"{env.target.name} is numeric, the expression gives a text.", rule.mark, "Write num(...)."
        )
        return None
    codelist = env.target.codelist

    def run(scene: Scene) -> Vector:
        vector = made.run(scene)
        if codelist is not None and vector.is_text:
            vector = apply_codelist(scene, vector, codelist, made.refs, rule.mark, env.target.name)
        return fit(scene, vector, env.target.kind, made.refs, rule.mark)

    return Compiled(rule, env.target.kind or made.kind, run, made.refs, made.uses)


def compile_yes_if(env: Env, rule: Rule) -> Compiled | None:
    """`yes_if`: Y where true, `no` (N) where false, `unknown` (missing) where it can't be decided."""
    made = compile_truth(env, rule.argument, rule.mark)
    if made is None:
        return None
    no, unknown = _literal(rule, "no", "N"), _literal(rule, "unknown", "")

    def run(scene: Scene) -> Vector:
        truth = made.run(scene).data
        return Vector.of_codes(np.where(truth == 1, 0, np.where(truth == 0, 1, 2)), ["Y", no, unknown])

    return Compiled(rule, Kind.TEXT, run, made.refs, made.uses)


def compile_case(env: Env, rule: Rule) -> Compiled | None:
    """`case`: the first branch whose condition is true gives the value."""
    branches = []
    for branch in rule.branches:
        when = None if branch.when is None else compile_truth(env, branch.when, branch.mark)
        made = env.plan.compile_rule(env, branch.rule)
        if made is None or (branch.when is not None and when is None):
            return None
        if made.whole:
            env.fault("bad-argument", f"`{branch.rule.operation}` cannot stand in a branch.", branch.mark)
            return None
        branches.append((when, made))
    kinds = {made.kind for _, made in branches}
    kind = env.target.kind or next(iter(kinds))
    if env.target.kind is None and len(kinds) > 1:
        if kinds != {Kind.TEXT, Kind.DTC}:
            env.fault("kind-mismatch", f"The branches give {' and '.join(sorted(kinds))}.", rule.mark)
            return None
        kind = Kind.TEXT

    def run(scene: Scene) -> Vector:
        left = np.arange(scene.n)
        parts, rows = [], []
        for when, made in branches:
            hit = left
            if when is not None:
                sub = scene if len(left) == scene.n else SubScene(scene, left)
                truth = when.run(sub).data == 1
                hit, left = left[truth], left[~truth]
            else:
                left = left[:0]
            if len(hit):
                parts.append(made.run(scene if len(hit) == scene.n else SubScene(scene, hit)))
                rows.append(hit)
        if not parts:
            return Vector.missing_of(kind, scene.n)
        index = np.full(scene.n, -1, dtype=np.int64)
        index[np.concatenate(rows)] = np.arange(sum(len(r) for r in rows))
        out = Vector.concat([p.as_kind(kind) if p.is_text else p for p in parts])
        return out.take(index)

    refs = tuple(dict.fromkeys(r for w, m in branches for r in ((w.refs if w else ()) + m.refs)))
    uses = tuple(dict.fromkeys(u for w, m in branches for u in ((w.uses if w else ()) + m.uses)))
    return Compiled(rule, kind, run, refs, uses)


def compile_checked(env: Env, rule: Rule) -> Compiled | None:
    """`checked`: a tick box, or one item of a multi-check list (`contains`)."""
    ref = env.name(rule.argument)
    if ref is None:
        return None
    ticked = {fold(s.text) for s in texts_of(rule.options.get("ticked"))} or set(TICKED)
    unticked = {fold(s.text) for s in texts_of(rule.options.get("unticked"))} or set(UNTICKED)
    no, unknown = _literal(rule, "no", "N"), _literal(rule, "unknown", "")
    item = _literal(rule, "contains", "")
    separator = _literal(rule, "separator", ",")
    known = {fold(i) for i in env.plan.contained(env.dataset, rule.argument)} if item else set()

    def change(text: str) -> str | None:
        even = fold(text)
        if item:
            items = [fold(i) for i in text.split(separator)]
            return "?" if any(i and i not in known for i in items) else "Y" if fold(item) in items else (no or "-")
        return "Y" if even in ticked else (no or "-") if even in unticked else "?"

    def run(scene: Scene) -> Vector:
        seen = fit(scene, scene.value(ref, "text"), Kind.TEXT, [ref], rule.mark)
        answer = seen.map_texts(change)
        odd = np.array([t == "?" for t in answer.distinct()] + [False])[answer.data]
        told = (
            '"{value}" has an item that no `contains` names.' if item else '"{value}" is neither ticked nor unticked.'
        )
        scene.run.issue(scene, "checked-unknown", odd, told, [ref], rule.mark, seen)
        blank = ~seen.present()
        out = answer.map_texts(lambda t: None if t in ("?", "-") else t)
        if unknown:
            filled = Vector.concat([out, Vector.constant(unknown, 1)])
            out = filled.take(np.where(blank, len(out), np.arange(len(out))))
        return out

    return Compiled(rule, Kind.TEXT, run, (ref,))


def compile_one_of(env: Env, rule: Rule) -> Compiled | None:
    """`one_of`: boxes that belong together; the value of the one that is ticked."""
    if not isinstance(rule.argument, MapNode):
        env.fault("bad-argument", "`one_of` takes a map of column: value.", rule.mark)
        return None
    boxes: list[tuple[Ref, str]] = []
    for key, value in rule.argument.items.items():
        ref = env.scope.resolve(key, rule.argument.keys[key])
        if ref is None or not isinstance(value, Scalar) or not _is_term(env, value):
            return None
        boxes.append((ref, value.text))
    many = _literal(rule, "many", "")
    said = rule.options.get("many")
    if isinstance(said, Scalar) and not _is_term(env, said):
        return None
    part = env.plan.part_number(env.dataset, rule, env.target.name)
    yes = {fold(t) for t in TICKED}
    known = yes | {fold(t) for t in UNTICKED}

    def run(scene: Scene) -> Vector:
        marks = []
        for ref, _ in boxes:
            seen = fit(scene, scene.value(ref, "text"), Kind.TEXT, [ref], rule.mark)
            marks.append(np.array([fold(t) in yes for t in seen.distinct()] + [False])[seen.data])
            odd = np.array([fold(t) not in known for t in seen.distinct()] + [False])[seen.data]
            scene.run.issue(
                scene, "checked-unknown", odd, '"{value}" is neither ticked nor unticked.', [ref], rule.mark, seen
            )
        grid = np.array(marks)
        count = grid.sum(axis=0)
        if part:
            nth = np.cumsum(grid, axis=0)
            pick = (grid & (nth == part) & (count > 1)).T
            which = np.where(pick.any(axis=1), pick.argmax(axis=1), len(boxes))
            return Vector.of_codes(which, [*(v for _, v in boxes), ""])
        which = np.where(count == 1, grid.argmax(axis=0), np.where(count > 1, len(boxes), len(boxes) + 1))
        if not many:
            refs = [r for r, _ in boxes]
            scene.run.issue(scene, "several-ticked", count > 1, "Several boxes are ticked.", refs, rule.mark)
        return Vector.of_codes(which, [*(v for _, v in boxes), many, ""])

    return Compiled(rule, Kind.TEXT, run, tuple(r for r, _ in boxes))


def compile_header(env: Env, rule: Rule) -> Compiled | None:
    """`header`: the text of a header row above this record's result, through the target's codelist."""
    if not isinstance(rule.argument, Scalar):
        env.fault("bad-argument", "`header` takes the name of a header row.", rule.mark)
        return None
    row, codelist = rule.argument.text, env.target.codelist
    above = (Above(Kind.TEXT, row),)

    def run(scene: Scene) -> Vector:
        vector = scene.run.header_texts(scene, row)
        if codelist is not None:
            vector = apply_codelist(scene, vector, codelist, above, rule.mark, env.target.name)
        return vector

    return Compiled(rule, Kind.TEXT, run)


def _literal(rule: Rule, name: str, default: str) -> str:
    node = rule.options.get(name)
    return node.text if isinstance(node, Scalar) else default


def text_map(node: object) -> dict[str, str] | None:
    """A YAML map of literals, its keys also folded."""
    if not isinstance(node, MapNode):
        return None
    out = {k: v.text for k, v in node.items.items() if isinstance(v, Scalar)}
    return {fold(k): v for k, v in out.items()} | out


def is_raw(ref: Ref) -> bool:
    """Whether a name is a column of a raw source."""
    ref = leaves(ref)
    return isinstance(ref, Field) and ref.table.startswith("raw.")


Compile = Callable[[Env, Rule], Compiled | None]

LANGUAGE: dict[str, Compile] = {
    "from": compile_from, "value": compile_value, "expr": compile_expr, "yes_if": compile_yes_if, "case": compile_case,
    "checked": compile_checked, "one_of": compile_one_of, "header": compile_header,
}  # fmt: skip
