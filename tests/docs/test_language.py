"""Every example of docs/language.md: its files are checked and built, and give literally what the page says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sdtm_builder.expr.functions import SIGNATURES
from sdtm_builder.spec.operations import LANGUAGE_OPERATIONS

from .examples import Example, examples, run, write

PAGE = Path(__file__).parents[2] / "docs" / "language.md"
TEXT = PAGE.read_text(encoding="utf-8")
BASE, *EXAMPLES = examples(TEXT)


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


@pytest.mark.parametrize("word", [*LANGUAGE_OPERATIONS, *SIGNATURES])
def test_every_operation_and_function_has_an_example(word: str) -> None:
    written = "\n".join(text for e in EXAMPLES for name, text in e.files.items() if name.endswith(".yaml"))
    form = rf"\b{word}\(" if word in SIGNATURES and word not in LANGUAGE_OPERATIONS else rf"[{{ ]{word}:"
    assert re.search(form, written)


def test_links_lead_to_pages() -> None:
    links = set(re.findall(r"\]\(([^)#]+)\)", TEXT))
    assert links == {"keys.md", "derivations.md", "faults.md", "rules.md"}
    assert [link for link in sorted(links) if not (PAGE.parent / link).is_file()] == []


@pytest.mark.parametrize(
    ("fence", "told"),
    [
        ("```yaml\na: 1\n```\n", "a fence of yaml that begins with 'a: 1'"),
        ("```\n# gives AE\n```\n", "a fence of nothing"),
        ("```text\n# gives AE\nx\n```\n", "a fence of text"),
        ("```yaml\n# specs/S1/study.yaml\n```\n```yaml\n# specs/S1/study.yaml\n```\n", "stands twice"),
    ],
)
def test_a_fence_that_would_not_run_is_refused(fence: str, told: str) -> None:
    with pytest.raises(AssertionError, match=told):
        examples(f"# Title\n\n{fence}")
