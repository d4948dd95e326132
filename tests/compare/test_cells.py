"""Which cells differ: missing, special missing, tolerance, texts beside numbers; which attributes differ."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sdtm_builder.compare.cells import Tolerance, compare_attributes, compare_variable
from sdtm_builder.compare.match import match_by_number
from sdtm_builder.compare.result import VariableResult
from sdtm_builder.compare.table import Column, Table, number_text

from .kit import table


def compared(a: list[object], b: list[object], tolerance: str = "", **more: object) -> VariableResult:
    one, two = table("A", X=a).columns["X"], table("B", X=b).columns["X"]
    one, two = (replace(c, **more) for c in (one, two))  # type: ignore[arg-type]
    given = Tolerance.of(tolerance) if tolerance else None
    return compare_variable(one, two, match_by_number(len(a), len(b)), given)


def rows(found: VariableResult) -> list[int]:
    return found.rows_a.tolist()


def test_texts_are_compared_as_they_stand() -> None:
    assert rows(compared(["a", "A", "b ", None, "c"], ["a", "a", "b", None, None])) == [1, 2, 4]


def test_numbers_are_exact_without_a_tolerance() -> None:
    found = compared([0.1 + 0.2, 1, None, 2], [0.3, 1, None, None])
    assert rows(found) == [0, 3]
    assert found.largest == pytest.approx(5.55e-17, rel=0.01)


def test_an_absolute_tolerance_includes_its_bound_and_counts_what_it_forgives() -> None:
    found = compared([1, 2, 3, None], [1.5, 2.25, 3, 4], "0.25")
    assert (rows(found), found.within, found.largest) == ([0, 3], 1, 0.5)


def test_a_tolerance_in_percent_is_of_the_larger_number() -> None:
    found = compared([100, 100, -100], [101, 102, -101], "1%")
    assert (rows(found), found.within) == ([1], 2)


def test_infinity_equals_itself_alone() -> None:
    assert rows(compared([np.inf, np.inf, 1.0], [np.inf, -np.inf, np.inf], "1e9")) == [1, 2]


@pytest.mark.parametrize("text", ["", "x", "-1", "nan", "inf", "1%%"])
def test_a_tolerance_that_is_none(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Tolerance.of(text)


def test_a_special_missing_value_equals_itself_alone() -> None:
    a, b = (table("T", X=[None, None, None, 1.0]).columns["X"] for _ in "ab")
    a = replace(a, special=np.array([ord("A"), ord("A"), 0, 0], np.uint8))
    b = replace(b, special=np.array([ord("A"), ord("B"), ord("A"), 0], np.uint8))
    found = compare_variable(a, b, match_by_number(4, 4), Tolerance.of("5"))
    assert rows(found) == [1, 2]
    assert [a.text_at(1), b.text_at(1), a.text_at(2)] == [".A", ".B", ""]


def test_a_text_and_a_number_are_compared_as_numbers_where_all_texts_are() -> None:
    found = compared(["1.0", "2", None], [1, 3, None])
    assert rows(found) == [1]
    assert found.note == "Char in A, Num in B: compared as numbers"
    found = compared([1, 3, None], ["1", "3.0", "x"])
    assert rows(found) == [1, 2]
    assert found.note == "Num in A, Char in B: compared as texts"


def test_a_tolerance_applies_to_texts_without_types_and_says_where_it_does_not() -> None:
    assert rows(compared(["1.0", "2"], ["1.1", "2.5"], "0.2", untyped=True)) == [1]
    found = compared(["1.0", "x"], ["1.1", "x"], "0.2", untyped=True)
    assert (rows(found), found.note) == ([0], "the tolerance doesn't apply: they are texts")


def test_attributes_of_dataset_and_variables() -> None:
    a, b = (table("AE", S=["1"], T=["x"], N=[1], U=["y"]) for _ in "ab")
    changed = {
        "S": b.columns["S"],
        "U": replace(b.columns["U"], label="Other", length=None),
        "T": replace(b.columns["T"], length=10, format="$10."),
        "N": Column("N", "Char", b.columns["T"].values, "", 8, ""),
    }
    b = Table("AE", changed, 1, Path("b.xpt"), "xpt", "Events")
    found = [(o.variable, o.what, o.a, o.b) for o in compare_attributes(a, b, list(a.columns), {
        "label", "type", "length", "format", "order"})]  # fmt: skip
    assert found == [
        ("", "label", "", "Events"),
        ("T", "length", "200", "10"),
        ("T", "format", "", "$10."),
        ("N", "type", "Num", "Char"),
        ("U", "label", "", "Other"),
        ("U", "order", "4", "2"),
    ]
    assert [o.what for o in compare_attributes(a, b, list(a.columns), {"type"})] == ["type"]


def test_what_a_kind_of_file_does_not_say_is_not_compared() -> None:
    a = table("AE", T=["x"])
    b = Table("AE", {"T": Column("T", "Char", a.columns["T"].values)}, 1, Path("b.csv"), "csv")
    assert list(compare_attributes(a, b, ["T"], {"label", "type", "length", "format", "order"})) == []


@pytest.mark.parametrize(
    ("value", "format", "text"),
    [
        (22280.0, "DATE9.", "2020-12-31"), (22280.0, "E8601DA.", "2020-12-31"), (22280.5, "DATE9.", "22280.5"),
        (86_400.0, "DATETIME20.", "1960-01-02T00:00:00"), (3_661.0, "TIME5.", "01:01:01"),
        (90_000.0, "TIME5.", "90000"), (1.0, "8.2", "1"), (0.1, "", "0.1"), (float("nan"), "", ""), (1e20, "", "1e+20"),
        (float("inf"), "", "inf"), (123456789012345.0, "", "123456789012345"),
    ],
)  # fmt: skip
def test_numbers_for_people(value: float, format: str, text: str) -> None:
    assert number_text(value, format) == text
