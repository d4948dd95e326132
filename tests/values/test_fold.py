"""Folding for matching, cleaning for keeping."""

import pytest

from sdtm_builder.values.fold import any_unclean, clean, fold, has_wide


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("２级", "2级"),
        ("３７．５", "37.5"),
        ("＞5000", ">5000"),
        ("< 1.5", "< 1.5"),
        ("\u3000 Yes\u00a0", "Yes"),
        ("a\u3000b", "a b"),
        ("a  b", "a  b"),
        ("！～", "!~"),
        ("²℃Ⅲ½", "²℃Ⅲ½"),
        ("\ufeffS001\u200b", "S001"),
        ("a\tb\r\n", "a b"),
        ("", ""),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "kept", "trimmed", "controls"),
    [
        ("COUGH", "COUGH", False, False),
        (" COUGH ", "COUGH", True, False),
        ("\u00a0COUGH\u3000", "COUGH", True, False),
        ("DRY\nCOUGH", "DRY COUGH", False, True),
        ("DRY\r\nCOUGH\x07", "DRY COUGH", False, True),
        ("２级", "２级", False, False),
        ("a\u3000b", "a\u3000b", False, False),
    ],
)
def test_clean(text, kept, trimmed, controls):
    assert tuple(clean(text)) == (kept, trimmed, controls)


def test_has_wide():
    assert [has_wide(t) for t in ("２级", "2级", "abc", "a\u3000b")] == [True, False, False, True]


@pytest.mark.parametrize("odd", [" a", "a ", "a\nb", "a\tb", "é", "a\u00a0"])
def test_any_unclean_sees_each_odd_text(odd):
    assert any_unclean(["fine", odd, "x y"])
    assert not any_unclean(["fine", "x y"])
    assert not any_unclean([])
