"""The comparison with published data: that it sees what it must."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from .compare import Difference, compare, with_parent


def frame(rows: list[tuple[object, ...]], *names: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(names))


OURS = frame(
    [("S1", "RASH", 1, "Y"), ("S1", "COUGH", 2, ""), ("S2", "RASH", 1, "N")], "USUBJID", "AETERM", "AESEQ", "F"
)


def test_equal_data_in_another_order_are_equal() -> None:
    found = compare("AE", OURS, OURS.iloc[::-1].reset_index(drop=True), ["USUBJID", "AETERM"])
    assert (found.matched, found.cells, found.differences) == (3, 12, {})
    assert (found.extra, found.lacking, found.ambiguous) == ((), (), 0)


def test_a_cell_that_differs_is_named_with_its_record() -> None:
    other = OURS.assign(F=["N", None, "N"])
    found = compare("AE", OURS, other, ["USUBJID", "AETERM"])
    assert found.differences == {"F": (Difference(("S1", "RASH"), "Y", "N"),)}
    assert "11 of 12 cells equal" in str(found)


@pytest.mark.parametrize("empty", ["", " ", None, np.nan, pd.NA])
def test_blank_missing_and_nan_are_one(empty: object) -> None:
    a = frame([("S1", empty)], "USUBJID", "F")
    assert compare("AE", a, frame([("S1", "")], "USUBJID", "F"), ["USUBJID"]).differences == {}


def test_missing_is_not_a_value() -> None:
    a, b = frame([("S1", np.nan)], "USUBJID", "N"), frame([("S1", 0.0)], "USUBJID", "N")
    assert compare("AE", a, b, ["USUBJID"]).differing == {"N": 1}


def test_leading_blanks_and_case_count() -> None:
    a, b = frame([("S1", "x", "A ")], "USUBJID", "F", "G"), frame([("S1", " x", "a")], "USUBJID", "F", "G")
    assert compare("AE", a, b, ["USUBJID"]).differing == {"F": 1, "G": 1}


def test_numbers_are_numbers_whatever_their_type() -> None:
    a, b = frame([("S1", 1)], "USUBJID", "N"), frame([("S1", 1.0)], "USUBJID", "N")
    assert compare("AE", a, b, ["USUBJID"]).differences == {}


def test_a_number_is_not_its_text() -> None:
    a, b = frame([("S1", 1)], "USUBJID", "N"), frame([("S1", "1")], "USUBJID", "N")
    assert compare("AE", a, b, ["USUBJID"]).differing == {"N": 1}


def test_records_of_one_side_are_listed() -> None:
    found = compare("AE", OURS.iloc[:2], OURS.iloc[1:], ["USUBJID", "AETERM"])
    assert (found.matched, found.extra, found.lacking) == (1, (("S1", "RASH"),), (("S2", "RASH"),))


def test_a_variable_of_one_side_is_listed_and_its_values_differ_from_missing() -> None:
    found = compare("AE", OURS, OURS.drop(columns="F").assign(G="", H=["x", "", "x"]), ["USUBJID", "AETERM"])
    assert (found.only_ours, found.only_published) == ({"F"}, {"G", "H"})
    assert (found.cells, found.differing) == (18, {"F": 2, "H": 2})


def test_records_of_equal_keys_are_paired_by_what_else_they_say_and_counted() -> None:
    a = frame([("S1", 1, "MILD"), ("S1", 2, "SEVERE")], "USUBJID", "AESEQ", "AESEV")
    b = frame([("S1", 1, "SEVERE"), ("S1", 2, "MILD")], "USUBJID", "AESEQ", "AESEV")
    found = compare("AE", a, b, ["USUBJID"], last=["AESEQ"])
    assert (found.ambiguous, found.differing) == (2, {"AESEQ": 2})


def test_one_record_too_many_of_equal_keys_is_extra() -> None:
    twice = pd.concat([OURS, OURS.iloc[[0]]], ignore_index=True)
    found = compare("AE", twice, OURS, ["USUBJID", "AETERM"])
    assert (found.matched, found.extra) == (3, (("S1", "RASH"),))


def test_a_qualifier_is_found_through_its_parent() -> None:
    supp = frame([("S1", "AESEQ", "2", "TE", "Y")], "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    found = with_parent(supp, OURS.assign(AESEQ=[1.0, 2.0, 1.0]), ["AETERM"])
    assert found.to_dict("records") == [{"USUBJID": "S1", "QNAM": "TE", "QVAL": "Y", "PARENT.AETERM": "COUGH"}]


def test_a_qualifier_of_dm_has_no_link() -> None:
    supp = frame([("S1", "", "", "ITT", "Y")], "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    assert list(with_parent(supp, OURS, []).columns) == ["USUBJID", "QNAM", "QVAL"]


@pytest.mark.parametrize("at", ["9", ""])
def test_a_qualifier_without_parent_is_refused(at: str) -> None:
    supp = frame([("S1", "AESEQ", at, "TE", "Y")], "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    with pytest.raises(ValueError, match="no parent"):
        with_parent(supp, OURS, ["AETERM"])


def test_a_parent_that_is_there_twice_is_refused() -> None:
    supp = frame([("S1", "AESEQ", "1", "TE", "Y")], "USUBJID", "IDVAR", "IDVARVAL", "QNAM", "QVAL")
    with pytest.raises(ValueError, match="not unique"):
        with_parent(supp, OURS.assign(AESEQ=1), ["AETERM"])
