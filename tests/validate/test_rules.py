"""Every rule against the examples of its own docstring: each bad one fires as listed, each good one is silent."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from sdtm_builder.validate.registry import Rule, rules
from sdtm_builder.validate.runner import listing

sys.path.insert(0, str(Path(__file__).parent))
from example import read_example

ALL = list(rules().values())


def _named(rule: Rule) -> str:
    return rule.id


@pytest.mark.parametrize("rule", ALL, ids=_named)
def test_bad_examples_are_listed_exactly(rule: Rule) -> None:
    assert rule.page.bad, "no bad example"
    for text in rule.page.bad:
        example = read_example(text)
        assert example.expected, "a bad example without expected places"
        found = [line[1:] for line in listing(example.study, [rule])]
        assert sorted(found) == sorted(example.expected)


@pytest.mark.parametrize("rule", ALL, ids=_named)
def test_good_examples_are_silent(rule: Rule) -> None:
    assert rule.page.good, "no good example"
    for text in rule.page.good:
        example = read_example(text)
        assert not example.expected
        assert list(listing(example.study, [rule])) == []


@pytest.mark.parametrize("rule", ALL, ids=_named)
def test_page_is_complete(rule: Rule) -> None:
    assert rule.page.title
    assert rule.page.why.endswith(".")
    assert rule.page.remedy.endswith(".")
    assert rule.page.source or rule.cdisc or rule.fda
    assert all(re.fullmatch(r"CG\d{4}", n) for n in rule.cdisc)
    assert all(re.fullmatch(r"(FB|TRC)\d{4}[a-c]?", n) for n in rule.fda)
