"""report/analyses.json as text: valid JSON, a line for each analysis, no number that is not finite."""

from __future__ import annotations

import json

import pytest

from sdtm_builder.commands.analyses import document_text


def test_the_text_is_the_document_with_an_analysis_on_a_line() -> None:
    document = {
        "format": "x",
        "study": {"id": "S1"},
        "datasets": [],
        "analyses": [{"id": "a", "title": "µ"}, {"id": "b"}],
    }
    text = document_text(document)
    assert json.loads(text) == document
    assert text.splitlines() == [
        "{", ' "format": "x",', ' "study": {"id": "S1"},', ' "datasets": [],', ' "analyses": [',
        '  {"id": "a", "title": "µ"},', '  {"id": "b"}', " ]", "}",
    ]  # fmt: skip


def test_a_number_that_is_not_finite_has_no_place() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        document_text({"analyses": [{"value": float("nan")}]})
