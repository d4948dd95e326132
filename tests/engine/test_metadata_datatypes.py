"""Data types of define.xml from values."""

from __future__ import annotations

import pytest

from sdtm_builder.engine.datatypes import How, Measure, Texts, date_type, fitted, measure
from sdtm_builder.model import Kind, Vector


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (["2024-01-05", "2024-02-29"], "date"),
        (["2024-01-05", "2024-02"], "partialDate"),
        (["2024"], "partialDate"),
        (["2024-01-05T10:30:00", "2024-01-05T10:30:00.5+08:00"], "datetime"),
        (["2024-01-05T10:30"], "partialDatetime"),
        (["2024-01-05T10:30:00", "2024-01-05"], "partialDatetime"),
        (["2003---15"], "incompleteDatetime"),
        (["2003---15", "2024-01-05T10:30"], "incompleteDatetime"),
        (["--12-15"], "incompleteDatetime"),
        (["2024-01-05/2024-01-06"], "intervalDatetime"),
        ([], "partialDatetime"),
    ],
)
def test_dates(texts: list[str], wanted: str) -> None:
    assert date_type(texts) == wanted


@pytest.mark.parametrize(
    ("texts", "how", "wanted"),
    [
        (["120", "9"], How.NUMBER, Measure("integer", 3)),
        (["5.25", "120"], How.NUMBER, Measure("float", 4, 2)),
        (["-1.5"], How.NUMBER, Measure("float", 4, 1)),
        ([], How.NUMBER, Measure("integer", 8)),
        (["P1D", "PT30M", "-P2W"], How.DURATION, Measure("durationDatetime")),
        (["P1D", "soon"], How.DURATION, Measure("text", 4)),
        (["P"], How.DURATION, Measure("text", 1)),
        (["ab", "µ"], How.TEXT, Measure("text", 2)),
        ([], How.TEXT, Measure("text", 1)),
        (["1", "2.0"], How.DETECT, Measure("float", 3, 1)),
        (["1", "<2"], How.DETECT, Measure("text", 2)),
        (["007"], How.DETECT, Measure("text", 3)),
    ],
)
def test_measures(texts: list[str], how: How, wanted: Measure) -> None:
    assert measure(texts, how) == wanted


def test_what_the_specification_says_never_cuts() -> None:
    assert fitted(Measure("float", 5, 3), "float", 2) == Measure("float", 5, 3)
    assert fitted(Measure("float", 5, 1), "", 2) == Measure("float", 5, 2)
    assert fitted(Measure("integer", 3), "float", 1) == Measure("float", 3, 1)
    assert fitted(Measure("integer", 3), "text", None) == Measure("text", 3)


def test_values_by_group() -> None:
    import numpy as np

    texts = Texts(Vector.of_texts(["a", "b", None, "a"]))
    assert texts.all() == ["a", "b"]
    assert texts.by(np.array([0, 0, 1, 1])) == {0: ["a", "b"], 1: ["a"]}
    assert Texts(Vector.of_numbers([1.0, float("nan"), 2.5])).all() == ["1", "2.5"]
    assert Texts(Vector.constant(0, 1, Kind.DATE)).all() == ["3653"]  # 1970-01-01 in days of SAS
