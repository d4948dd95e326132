"""The JSON Schema for editors and the reference of keys, both made from the description that checks."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from sdtm_builder.spec.json_schema import json_schema
from sdtm_builder.spec.operations import LANGUAGE_OPERATIONS, OperationForm, all_operations, operations_in
from sdtm_builder.spec.reference import key_reference
from sdtm_builder.spec.registered import maker_forms, operation_forms
from sdtm_builder.spec.shapes import Either, Form, Leaf, ListOf, Shape, shape_of

from .spec_kit import REGISTERED

VARIABLES = {"AE": ["AETERM", "AESEV"], "DM": ["SEX"]}


@cache
def validator(kind: Any) -> Any:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    return jsonschema.Draft202012Validator(json_schema(kind, REGISTERED, VARIABLES))


def valid(kind: Any, document: object) -> bool:
    return bool(validator(kind).is_valid(document))


@pytest.mark.parametrize("kind", ["study", "dataset"])
def test_the_schema_is_one(kind: str) -> None:
    made = validator(kind)
    made.check_schema(made.schema)


def in_set(rule: object) -> dict[str, object]:
    return {"dataset": "AE", "records": {"e": {"from": "raw.AE", "set": {"AETERM": rule}}}}


@pytest.mark.parametrize(
    ("rule", "good"),
    [
        ("A", True),
        (5, True),
        ({"from": "A", "map": {"x": 1}, "comment": "c"}, True),
        ({"from": "A", "value": "B"}, False),
        ({"map": {"x": "y"}}, False),
        ({"from": "A", "time": "B"}, False),
        ({"date": "A", "time": "B"}, True),
        ({"toxicity": "AVAL", "direction": "high"}, True),
        ({"toxicity": "AVAL"}, False),
        ({"toxicity": "AVAL", "direction": "up"}, False),
        ({"case": [{"when": "a", "value": 1}, {"from": "B"}]}, True),
        ({"case": [{"when": "a"}]}, False),
        ({"case": [{"when": "a", "value": 1, "comment": "c"}]}, False),
        ({"py.best": "A", "days": 28}, True),
        ({"py.best": "A", "from": "B"}, False),
        ({"from": "A", "blocks": ["e"]}, False),
        (["A"], False),
        ("", False),
    ],
)
def test_rules_in_the_schema(rule: object, good: bool) -> None:
    assert valid("dataset", in_set(rule)) is good


@pytest.mark.parametrize(
    ("document", "good"),
    [
        ({"dataset": "AE"}, True),
        ({"dataset": "ZZ"}, True),
        ({"dataset": "ae"}, False),
        ({}, False),
        ({"dataset": "AE", "record": {}}, False),
        ({"dataset": "AE", "records": {"E1": {}}}, False),
        ({"dataset": "AE", "records": {"e": {"like": "f", "remove": "set.A"}}}, True),
        ({"dataset": "AE", "records": {"e": {"make": "relation", "left": "AE"}}}, True),
        ({"dataset": "AE", "derive": {"A": {"from": "B", "blocks": ["e"]}}}, True),
        ({"dataset": "AE", "derive": {"A": {"from": "B", "blocks": "e"}}}, False),
        ({"dataset": "LB", "tests": {"ALT": {"limits": [0, ""]}}}, True),
        ({"dataset": "LB", "tests": {"ALT": {"limits": [0]}}}, False),
        ({"dataset": "LB", "variables": {"A": {"values": [{"where": "LBTESTCD = 'ALT'"}]}}}, True),
        ({"dataset": "LB", "variables": {"A": {"values": [{"where": "A IN ('x', 'y') AND B < 5"}]}}}, True),
        ({"dataset": "LB", "variables": {"A": {"values": [{"where": "A = 'x' OR B = 'y'"}]}}}, False),
        ({"dataset": "LB", "variables": {"A": {"values": [{"length": 5}]}}}, False),
    ],
)
def test_dataset_files_in_the_schema(document: object, good: bool) -> None:
    assert valid("dataset", document) is good


@pytest.mark.parametrize(
    ("document", "good"),
    [
        ({"study": {"id": "S1"}}, True),
        ({"extends": "onc"}, True),
        ({"studies": {}}, False),
        ({"raw": {"AE": {"file": "a.csv", "subject": "S"}, "CM": {"like": "AE"}}}, True),
        ({"raw": {"AE": {"file": "a.csv", "colums": {}}}}, False),
        ({"severity": {"a-rule": "note"}}, True),
        ({"severity": {"a-rule": "fatal"}}, False),
        ({"defaults": {"sdtm": {"--DY": {"study_day": "--DTC"}}, "adam": {"core": ["AGE"]}}}, True),
        ({"conversions": {"from": "a", "to": "b", "factor": "2"}}, True),
        ({"conversions": {"from": "a", "to": "b"}}, False),
    ],
)
def test_study_files_in_the_schema(document: object, good: bool) -> None:
    assert valid("study", document) is good


def test_the_schema_suggests_datasets_and_their_variables() -> None:
    schema = json_schema("dataset", REGISTERED, VARIABLES)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["properties"]["dataset"]["anyOf"][0] == {"enum": ["AE", "DM"]}
    assert schema["$defs"]["variables_AE"] == {"properties": {"AETERM": {}, "AESEV": {}}}
    assert schema["allOf"][0]["if"]["properties"] == {"dataset": {"const": "AE"}}
    assert schema["properties"]["keys"]["description"].startswith("the total order")


def test_the_reference_lists_every_key_and_operation() -> None:
    text = key_reference(REGISTERED)
    for name in all_operations(REGISTERED):
        assert f"| `{name}`" in text
    for line in ("| `usubjid` |", "| `one_per` |", "| `limit", "| `EVNTDESC` |", "## raw.NAME.columns.NAME"):
        assert line in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert all(len(row.replace("\\|", "").split("|")) in (5, 6) for row in rows)


def test_kinds_in_words() -> None:
    assert shape_of("name") == Leaf("name")
    assert shape_of("list-of number") == ListOf(Leaf("number"))
    assert shape_of("choice(a, b)") == Leaf("literal", ("a", "b"))
    made: Shape = shape_of("map-of list-of name")
    assert isinstance(made, Form)
    assert made.others == ListOf(Leaf("name"))
    assert shape_of("name or map-of literal") == Either((Leaf("name"), shape_of("map-of literal")))
    with pytest.raises(ValueError, match="no kind of argument"):
        shape_of("nmae")


@pytest.mark.parametrize("name", ["from", "blocks", "comment", "when"])
def test_an_operation_may_not_take_a_word_of_the_language(name: str) -> None:
    with pytest.raises(ValueError, match="names of the language"):
        all_operations({name: OperationForm("name")})
    if name != "from":
        with pytest.raises(ValueError, match="keys of every rule"):
            OperationForm("name", {name: "name"})


def test_an_option_called_as_an_operation_is_an_option() -> None:
    from sdtm_builder.model import MapNode, Mark, Scalar

    forms = all_operations({"windowed": OperationForm("name", {"date": "name"})})
    node = MapNode({"windowed": Scalar("A"), "date": Scalar("B")}, {"windowed": Mark(), "date": Mark()})
    assert operations_in(node, forms) == ["windowed"]
    assert operations_in(node, {**LANGUAGE_OPERATIONS, "windowed": OperationForm("name")}) == ["windowed", "date"]


def test_forms_of_registered_functions() -> None:
    from sdtm_builder.model import Kind
    from sdtm_builder.registry import Argument, Derivation, Take

    def function() -> None:
        """One line.

        More.
        """

    arguments = (Argument("start", Take.COLUMN), Argument("in_", Take.TEXT), Argument("plus_one", Take.FLAG, False))
    made = Derivation("duration", function, arguments, False, Kind.NUMBER, "")
    form = operation_forms({"duration": made})["duration"]
    assert (form.main, dict(form.options), form.required, form.about) == (
        "name",
        {"in": "literal", "plus_one": "boolean"},
        ("in",),
        "One line.",
    )
    maker = maker_forms({"relation": made})["relation"]
    assert list(maker.options) == ["start", "in", "plus_one"]


def test_every_way_of_taking_an_argument_has_a_kind() -> None:
    from sdtm_builder.model import Kind
    from sdtm_builder.registry import Argument, Derivation, Take

    for take in Take:
        one = Derivation("x", lambda: None, (Argument("a", take),), False, Kind.TEXT, "")
        shape_of(operation_forms({"x": one})["x"].main)
    worded = Derivation("x", lambda: None, (Argument("a", Take.TEXT, words=("up", "down")),), False, Kind.TEXT, "")
    assert operation_forms({"x": worded})["x"].main == Leaf("literal", ("up", "down"))
