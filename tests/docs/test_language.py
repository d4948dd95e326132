"""Every example of docs/language.md: its files are checked and built, and give literally what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from .examples import Example, examples, run, write

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
BASE, *EXAMPLES = examples(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: f"{e.line}-{e.title}")
def test_example(example: Example, tmp_path: Path) -> None:
    assert example.promises, "an example says what it gives"
    write(tmp_path, BASE, example)
    outcome = run(tmp_path)
    for step in ("check", "build"):
        assert outcome.messages(step, step in example.notes) == sorted(example.says.get(step, [])), step
    for dataset, (names, *records) in example.gives.items():
        assert outcome.records(dataset, names) == records, dataset


def test_the_base_is_the_first_example() -> None:
    assert set(BASE.files) == {"library/base/specs/study.yaml", "raw/SUBJ.csv"}
    assert not BASE.promises
