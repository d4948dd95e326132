"""Pages that `explain` prints without a study: operations, record makers, rules of issues."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from ..issues import Fault, faults
from ..registry import derivations, makers
from ..spec.operations import LANGUAGE_OPERATIONS, OperationForm, all_operations
from ..spec.registered import maker_forms, operation_forms
from ..spec.shapes import shape_of, singular

ROOMS = ("analysis", "commands", "engine", "expr", "raw", "sdtm", "adam", "spec", "standards", "validate", "values",
         "write", "xpt")  # fmt: skip


def near(name: str, names: Iterable[str]) -> str:
    """A sentence with the nearest names, "" if none is near."""
    found = get_close_matches(name, list(names), 3, 0.5)
    return f"Near: {', '.join(found)}." if found else ""


def operations() -> Mapping[str, OperationForm]:
    """Every operation of a rule and every record maker, by name."""
    return {**all_operations(operation_forms(derivations())), **maker_forms(makers())}


def operation_lines() -> Iterator[str]:
    """Every operation on a line."""
    everything = operations()
    width = max(len(n) for n in everything)
    for name, form in everything.items():
        kind = "language" if name in LANGUAGE_OPERATIONS else "records" if name in makers() else "derivation"
        yield f"{name:<{width}}  {kind:<10}  {form.about.rstrip('.')}"


def operation_page(name: str) -> Iterator[str]:
    """What an operation takes, and the function's own text where it is one."""
    form = operations()[name]
    made = derivations().get(name) or makers().get(name)
    yield f"{name}  {form.about if made is None else ''}".rstrip()
    yield f"  takes    {singular(shape_of(form.main))}"
    for number, (option, shape) in enumerate(form.options.items()):
        required = ", required" if option in form.required else ""
        yield f"  {'options' if number == 0 else '':<8} {option}: {singular(shape_of(shape))}{required}"
    if made is None:
        return
    yield ""
    yield from made.doc.splitlines()
    if made.method:
        yield ""
        yield f"Method text: {made.method}"


def all_faults() -> Mapping[str, Fault]:
    """Every kind of issue, those of validation included."""
    for room in ROOMS:
        try:
            package = importlib.import_module(f"sdtm_builder.{room}")
        except ModuleNotFoundError as gone:
            if gone.name != f"sdtm_builder.{room}":
                raise
            continue
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    _validation_rules()
    return faults()


def _validation_rules() -> Mapping[str, object]:
    from ..validate.registry import rules

    return rules()


def rule_lines() -> Iterator[str]:
    """Every kind of issue on a line: id, severity (that of `draft` where it differs), where it is found, title."""
    everything = all_faults()
    validation = _validation_rules()
    width = max(len(n) for n in everything)
    for name, fault in everything.items():
        severity = str(fault.severity) + (f" ({fault.draft} in draft)" if fault.draft is not None else "")
        found = "validate" if name in validation else "build"
        yield f"{name:<{width}}  {severity:<24}  {found:<8}  {fault.title}"


def rule_page(name: str) -> Iterator[str]:
    """One kind of issue: severity, meaning, what to do; of a validation rule also why, source and examples."""
    fault = all_faults()[name]
    yield f"{name}  {fault.title}"
    draft = f", {fault.draft} with --profile draft" if fault.draft is not None else ""
    yield f"  severity  {fault.severity}{draft}"
    if fault.hint:
        yield f"  remedy    {fault.hint}"
    from ..validate.registry import rules

    rule = rules().get(name)
    if rule is None:
        return
    page = rule.page
    if rule.cdisc or rule.fda:
        yield f"  numbers   {', '.join([*rule.cdisc, *rule.fda])}"
    for word, text in (("rule", page.text), ("why", page.why), ("source", page.source)):
        if text:
            yield f"  {word:<9} {text}"
    for word, examples in (("bad", page.bad), ("good", page.good)):
        for example in examples:
            yield f"  {word}"
            yield from (f"    {line}" for line in example.splitlines())
