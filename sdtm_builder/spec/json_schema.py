"""JSON Schema of the study file and of dataset files, for editors, from the one description of all keys."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from .operations import META, OperationForm, all_operations
from .schema_dataset import DATASET_FILE
from .schema_study import STUDY_FILE
from .shapes import Branches, Either, Form, Key, Leaf, ListOf, RuleShape, Shape, shape_of

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SCALAR = ["string", "number", "boolean"]
_PY = r"^py\.[A-Za-z_][A-Za-z0-9_]*$"
_VLM_LITERAL = r"('([^']|'')*'|-?[0-9]+(\.[0-9]+)?)"
_VLM_ONE = (
    rf"[A-Z][A-Z0-9_]* *(=|<>|<|>) *{_VLM_LITERAL}"
    rf"|[A-Z][A-Z0-9_]* +(NOT +)?IN *\( *{_VLM_LITERAL}( *, *{_VLM_LITERAL})* *\)"
)
_VLM = rf"^ *({_VLM_ONE})( +AND +({_VLM_ONE}))* *$"
_PATTERNS = {
    "number": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$",
    "integer": "^-?[0-9]+$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "boolean": "^([Tt]rue|[Ff]alse|[Yy]es|[Nn]o|TRUE|FALSE|YES|NO)$",
}


def json_schema(
    kind: Literal["study", "dataset"],
    operations: Mapping[str, OperationForm],
    dataset_variables: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, Any]:
    """The schema of a study file or a dataset file.

    Keys that inheritance may bring are not required, since an editor sees one file. Texts may be typed as numbers
    or truths, as editors read them.

    Parameters
    ----------
    kind : ``study`` or ``dataset``
    operations : registered derivations with their options
    dataset_variables : dataset -> its standard variables, as suggestions
    """
    writer = _Writer(all_operations(operations))
    form = STUDY_FILE if kind == "study" else DATASET_FILE
    schema = writer.form(form, merged=True)
    schema |= {"$schema": _DIALECT, "title": f"sdtm-builder: {form.title}"}
    if kind == "dataset":
        schema["required"] = ["dataset"]
        writer.suggest(schema, dataset_variables or {})
    schema["$defs"] = writer.definitions
    return schema


class _Writer:
    """Turns shapes into schemas; rules are definitions that refer to each other."""

    def __init__(self, operations: Mapping[str, OperationForm]) -> None:
        self.operations = operations
        self.definitions: dict[str, Any] = {}

    def schema(self, shape: Shape, merged: bool) -> dict[str, Any]:
        if isinstance(shape, Leaf):
            return self.leaf(shape)
        if isinstance(shape, ListOf):
            return self.list_of(shape)
        if isinstance(shape, Form):
            return self.form(shape, merged)
        if isinstance(shape, Either):
            return {"anyOf": [self.schema(one, merged) for one in shape.shapes]}
        if isinstance(shape, RuleShape):
            return {"$ref": f"#/$defs/{self.rule(shape)}"}
        if isinstance(shape, Branches):
            return self.list_of(ListOf(RuleShape(meta=False)), "branch")
        return {}

    def leaf(self, shape: Leaf) -> dict[str, Any]:
        if shape.choices:
            return {"enum": list(shape.choices)}
        made: dict[str, Any] = {"type": list(_SCALAR)}
        if shape.kind in _PATTERNS:
            made["pattern"] = _PATTERNS[shape.kind]
        elif shape.naming:
            made["pattern"] = f"^({shape.naming.pattern})$"
        elif shape.kind != "literal":
            made["pattern"] = r"\S"
        return made

    def list_of(self, shape: ListOf, definition: str = "") -> dict[str, Any]:
        if definition:
            self.branch()
        item = {"$ref": f"#/$defs/{definition}"} if definition else self.schema(shape.item, merged=False)
        if shape.length and isinstance(shape.item, Leaf) and shape.item.kind == "number":
            item = {"anyOf": [item, {"const": ""}]}
        many: dict[str, Any] = {"type": "array", "items": item}
        if shape.length:
            many |= {"minItems": shape.length, "maxItems": shape.length}
        return {"anyOf": [item, many]} if shape.single else many

    def form(self, shape: Form, merged: bool) -> dict[str, Any]:
        """A map; inside what merges, required keys may come from elsewhere."""
        free = shape.others is not None
        properties = {key: self.key(known, merged) for key, known in shape.keys.items()}
        made: dict[str, Any] = {"type": "object", "properties": properties}
        open_ = "make" in shape.keys
        if free and shape.others is not None:
            item = self.schema(shape.others, merged)
            if shape.like and isinstance(shape.others, Form):
                item = self.with_like(item)
            made["additionalProperties"] = item
            names = {"pattern": f"^({shape.naming.pattern})$"}
            made["propertyNames"] = {"anyOf": [{"enum": list(shape.keys)}, names]} if shape.keys else names
        elif not open_:
            made["additionalProperties"] = False
        if not merged:
            required = [key for key, known in shape.keys.items() if known.required]
            made |= {"required": required} if required else {}
            groups = [{"anyOf": [{"required": [key]} for key in group]} for group in shape.any_of]
            made |= {"allOf": groups} if groups else {}
        return made

    def key(self, known: Key, merged: bool) -> dict[str, Any]:
        made = self.schema(known.shape, merged)
        about = known.about + (f" (default: {known.default})" if known.default else "")
        return {**made, "description": about} if about else made

    def with_like(self, item: dict[str, Any]) -> dict[str, Any]:
        extra = {
            "like": {"type": list(_SCALAR), "description": "a sibling that this one is merged over"},
            "remove": {
                **self.list_of(ListOf(Leaf("literal"))),
                "description": "what is taken from it, as dotted paths",
            },
        }
        return {**item, "properties": {**extra, **item["properties"]}} | (
            {"propertyNames": {"anyOf": [{"enum": list(extra)}, item["propertyNames"]]}}
            if "propertyNames" in item
            else {}
        )

    def rule(self, shape: RuleShape) -> str:
        name = "rule" + ("" if shape.meta else "_bare") + ("_derive" if shape.blocks else "")
        if name in self.definitions:
            return name
        self.definitions[name] = {}
        extra = {k: self.key(v, merged=False) for k, v in META.items()} if shape.meta else {}
        if shape.blocks:
            extra["blocks"] = {"type": "array", "items": {"type": list(_SCALAR)}, "description": "only these blocks"}
        bare = {"type": list(_SCALAR), "pattern": r"\S", "description": "a column or variable"}
        self.definitions[name] = {"oneOf": [bare, *self.forms(extra)]}
        return name

    def branch(self) -> None:
        if "branch" not in self.definitions:
            self.definitions["branch"] = {}
            extra = {"when": {"type": list(_SCALAR), "pattern": r"\S", "description": "condition"}}
            self.definitions["branch"] = {"oneOf": self.forms(extra)}

    def forms(self, extra: Mapping[str, Any]) -> list[dict[str, Any]]:
        """One map for each operation, with its options and no other operation; then Python functions."""
        made: list[dict[str, Any]] = []
        for name, form in self.operations.items():
            options = {k: self.schema(shape_of(v), merged=False) for k, v in form.options.items()}
            main = self.schema(shape_of(form.main), merged=False)
            described = {**main, "description": form.about} if form.about else main
            made.append(
                {
                    "type": "object",
                    "properties": {name: described, **options, **extra},
                    "required": [name, *form.required],
                    "additionalProperties": False,
                }
            )
        python: dict[str, Any] = {
            "type": "object",
            "not": {"propertyNames": {"not": {"pattern": _PY}}},
            "propertyNames": {"not": {"enum": list(self.operations)}},
        }
        return [*made, python]

    def suggest(self, schema: dict[str, Any], variables: Mapping[str, Sequence[str]]) -> None:
        """Names of datasets and, once a file says which it is, of that dataset's variables."""
        names = schema["properties"]["dataset"]
        schema["properties"]["dataset"] = {
            "anyOf": [{"enum": sorted(variables)}, {k: v for k, v in names.items() if k != "description"}],
            "description": names["description"],
        }
        values = schema["properties"]["variables"]["additionalProperties"]["properties"]["values"]
        for one in values["anyOf"]:
            target = one["items"] if one.get("type") == "array" else one
            target["properties"]["where"] = {**target["properties"]["where"], "pattern": _VLM}
        schema["allOf"] = [
            {
                "if": {"properties": {"dataset": {"const": name}}, "required": ["dataset"]},
                "then": {"properties": self.known_variables(name, list(listed))},
            }
            for name, listed in sorted(variables.items())
        ]

    def known_variables(self, dataset: str, listed: list[str]) -> dict[str, Any]:
        """The dataset's variables as keys of `set`, `derive` and `variables`; other names stay possible."""
        rules = f"variables_{re.sub('[^A-Za-z0-9_]', '_', dataset)}"
        self.definitions[rules] = {"properties": {name: {} for name in listed}}
        here = {"$ref": f"#/$defs/{rules}"}
        block = {"properties": {"set": here}}
        return {"derive": here, "variables": here, "records": {"additionalProperties": block}}
