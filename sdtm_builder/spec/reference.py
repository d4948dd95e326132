"""The reference of all keys as Markdown, from the same description that checks them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .operations import LANGUAGE_OPERATIONS, META, OperationForm, all_operations
from .schema_dataset import DATASET_FILE
from .schema_study import STUDY_FILE
from .shapes import Either, Form, Key, ListOf, Shape, shape_of, singular


def key_reference(operations: Mapping[str, OperationForm] | None = None) -> str:
    """Every key of the study file and of dataset files, then every operation, in Markdown tables.

    Parameters
    ----------
    operations : registered derivations, listed after those of the language
    """
    lines: list[str] = []
    for form in (STUDY_FILE, DATASET_FILE):
        lines += [f"# Keys of {form.title}", ""]
        for path, one in _forms(form, ""):
            lines += [*([f"## {path}", ""] if path else []), *_table(one), ""]
    lines += ["# Operations of a rule", "", "| operation | takes | options | gives |", "| --- | --- | --- | --- |"]
    for name, operation in all_operations(operations or {}).items():
        options = ", ".join(_option(operation, k) for k in operation.options)
        takes = singular(shape_of(operation.main))
        lines.append(
            _row(
                f"`{name}`" + ("" if name in LANGUAGE_OPERATIONS else " (derivation)"), takes, options, operation.about
            )
        )
    lines += ["", "Beside any rule:", "", "| key | takes | means |", "| --- | --- | --- |"]
    lines += [_row(f"`{k}`", singular(v.shape), v.about) for k, v in META.items()]
    lines.append(_row("`blocks`", "a list of names, in brackets always", "in `derive`: only records of these blocks"))
    return "\n".join(lines) + "\n"


def _option(operation: OperationForm, key: str) -> str:
    required = ", required" if key in operation.required else ""
    return f"`{key}` ({singular(shape_of(operation.options[key]))}{required})"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _table(form: Form) -> list[str]:
    lines = ["| key | takes | means |", "| --- | --- | --- |"]
    for key, known in form.keys.items():
        lines.append(_row(f"`{key}`", singular(known.shape), _means(known)))
    if form.others is not None:
        lines.append(_row("any other" if form.keys else "any name", singular(form.others), form.naming.said))
    if form.like:
        lines.append(_row("`like`, `remove` in an item", "a sibling; a list of paths", "merged over that sibling"))
    return lines


def _means(known: Key) -> str:
    more = ["required"] if known.required else []
    more += [f"default: {known.default}"] if known.default else []
    return known.about + (f" ({'; '.join(more)})" if more else "")


def _forms(form: Form, path: str) -> Iterator[tuple[str, Form]]:
    """A form and all forms below it, with the path that leads there."""
    yield path, form
    for key, known in form.keys.items():
        yield from _below(known.shape, f"{path}.{key}" if path else key)
    if form.others is not None:
        yield from _below(form.others, f"{path}.NAME" if path else "NAME")


def _below(shape: Shape, path: str) -> Iterator[tuple[str, Form]]:
    if isinstance(shape, Form):
        yield from _forms(shape, path)
    elif isinstance(shape, ListOf):
        yield from _below(shape.item, path)
    elif isinstance(shape, Either):
        for one in shape.shapes:
            yield from _below(one, path)
