"""Which regular expressions a study may write."""

import time

import pytest

from sdtm_builder.expr.patterns import compiled, pattern_fault


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("(a+)+", "repeat inside a repeat"),
        ("(a*)*b", "repeat inside a repeat"),
        ("(?:a?){40}", "repeat inside a repeat"),
        ("((a)+b)*", "repeat inside a repeat"),
        ("(?:[0-9]{3})*", "repeat inside a repeat"),
        ("(a|aa)+b", "alternative inside a repeat"),
        (r"(a)\1", "back reference"),
        (r"(?P<x>a)(?P=x)", "back reference"),
        (r"(a)?(?(1)b|c)", "condition on a group"),
        ("(?=a)", "look-ahead"),
        ("(?!a)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        ("(?i)a", "flags"),
        ("(?i:a)", "flags"),
        ("(?s).", "flags"),
        ("(?>a)", "atomic"),
        ("a++", "possessive"),
        ("[", "can't be read"),
        ("a{2,1}", "can't be read"),
        ("*a", "can't be read"),
        ("a" * 201, "201 characters"),
        ("(" * 99 + "a" + ")" * 99, ""),
        ("a*" * 5 + "b", "for ever"),
        ("a?" * 30 + "a" * 30, "for ever"),
        ("x{0,20}" * 9 + "y", "for ever"),
        (".*a.*b", "for ever"),
        (r"[0-9]+\d+x", "for ever"),
        (r"\w*[^,]*;", "for ever"),
        ("(a|b|cd)?" * 20, "too many alternatives"),
    ],
)
def test_refused(pattern, word):
    assert word in pattern_fault(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        "^[A-Z]{2}[0-9]+$",
        "(?:01-)?S-?0*([1-9][0-9]*)",
        r"[0-9]+(\.[0-9]+)?",
        r"^\s*(\d+)\s*$",
        r"^\d{4}(-\d\d(-\d\d)?)?$",
        r"([0-9]+) *(mg|mL|g)\b",
        "^(.*)-(.*)$",
        "^[A-Z]+-[0-9]+-[A-Z]+-[0-9]+$",
        "生化_[AB]",
        "第([0-9]+)周",
        "^[^,]*,[^,]*,([^,]*)$",
    ],
)
def test_taken(pattern):
    assert pattern_fault(pattern) == ""


def test_a_pattern_matched_as_a_whole_may_hold_more():
    assert pattern_fault(".*-.*")
    assert pattern_fault(".*-.*", whole=True) == ""


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("[0-9]+x", "1" * 2000),
        ("^(.*)-(.*)x$", "-" * 2000),
        (r"^\s*(\d+)\s*$", " " * 2000),
        ("a?a?a?[ab]+c", "a" * 2000),
        ("(foo|fo|f)?o+x", "fo" * 1000),
    ],
)
def test_what_is_taken_ends_on_the_worst_texts(pattern, text):
    assert pattern_fault(pattern) == ""
    began = time.process_time()
    assert compiled(pattern).search(text) is None
    assert time.process_time() - began < 3
