"""Every registered derivation tells what its page needs, and raises only declared kinds of issues."""

import importlib
import re

import pytest

from sdtm_builder.issues import faults
from sdtm_builder.registry import derivations


@pytest.mark.parametrize("name", sorted(derivations()))
def test_page(name):
    one = derivations()[name]
    for heading in ("Arguments\n---------", "Issues:", "Example:", "Source:"):
        assert heading in one.doc, heading
    for argument in one.arguments:
        assert re.search(rf"\b{argument.name.rstrip('_')}\b", one.doc), argument.name
    assert one.method
    names = {argument.name.rstrip("_") for argument in one.arguments}
    assert set(re.findall(r"\{(\w+)\}", one.method)) - names == set()


@pytest.mark.parametrize("name", sorted(derivations()))
def test_its_issues_are_declared(name):
    importlib.import_module("sdtm_builder.engine.faults")
    importlib.import_module("sdtm_builder.values.numbers")
    told = derivations()[name].doc.partition("Issues:")[2].partition("Example:")[0]
    assert {i for i in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", told) if i != "visit-unknown"} - set(faults()) == set()


@pytest.mark.parametrize("name", sorted(derivations()))
def test_words_and_kinds_agree(name):
    one = derivations()[name]
    words = [set(argument.words) for argument in one.arguments if argument.words]
    assert not one.kinds or any(set(one.kinds) <= listed for listed in words)
    assert not one.kinds or one.kind is not None or set(one.kinds) == set(one.main.words)
