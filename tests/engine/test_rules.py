"""The operations of section 6 that are no dates: from, value, expr, case, checked, one_of, yes_if."""

from __future__ import annotations

from pathlib import Path

from .support import event_values, faults, told

HEAD = "SUBJID,N,X,Y\n"


def rows_of(*cells: str) -> str:
    """A csv of one subject: each cell is `x` or `x,y` of one row; N is its number."""
    return HEAD + "".join(f"01,{i},{c if ',' in c else c + ','}\n" for i, c in enumerate(cells, 1))


def column(found: list[tuple[str, ...]]) -> list[str]:
    return [row[0] for row in found]


# from


def test_from_maps_texts_and_the_blank_stays_missing(tmp_path: Path) -> None:
    raw = rows_of("a", "b", "", "c", "A")
    found, log = event_values(tmp_path, 'x: {from: X, map: {a: ONE, b: ""}}', raw, "x")
    assert column(found) == ["ONE", "", "", "", ""]
    assert told(log, "ct-miss") == ["ct-miss X:5 c", "ct-miss X:6 A"]


def test_unmapped_takes_what_map_lacks_but_never_a_blank(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "x: {from: X, map: {a: ONE}, unmapped: OTHER}", rows_of("a", "b", ""), "x"
    )
    assert column(found) == ["ONE", "OTHER", ""]
    assert told(log, "ct-miss") == []


def test_map_evens_out_width_and_blanks_but_not_case(tmp_path: Path) -> None:
    found, log = event_values(tmp_path, "x: {from: X, map: {Ab: ONE}}", rows_of("Ａb", " Ab　", "AB"), "x")
    assert column(found) == ["ONE", "ONE", ""]
    assert told(log, "ct-miss") == ["ct-miss X:4 AB"]


def test_map_comes_before_the_codelist_and_its_results_go_through_it(tmp_path: Path) -> None:
    raw = rows_of("yes", "Y", "oui", "perhaps", "maybe", "")
    found, log = event_values(
        tmp_path, "AESER: {from: X, map: {yes: Y, perhaps: P}}", raw, "AESER",
        study="codelists: {NY: {synonyms: {oui: Y}}}",
    )  # fmt: skip
    assert column(found) == ["Y", "Y", "Y", "", "", ""]
    assert told(log, "ct-miss") == ["ct-miss X:5 P", "ct-miss X:6 maybe"]


def test_closed_list_drops_a_miss_and_extensible_list_keeps_it(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "AEOUT: X\nunit: {from: Y, codelist: UNIT}", rows_of("FATAL,mg", "dead,mgg"), "AEOUT", "unit"
    )
    assert found == [("FATAL", "mg"), ("", "mgg")]
    assert told(log, "ct-miss", "ct-extension") == ["ct-extension Y:3 mgg", "ct-miss X:3 dead"]


def test_no_case_folding_and_no_synonym_of_ct_by_itself(tmp_path: Path) -> None:
    found, log = event_values(tmp_path, "s: {from: X, codelist: SEX}", rows_of("M", "m", "Male"), "s")
    assert column(found) == ["M", "", ""]
    assert told(log, "ct-miss") == ["ct-miss X:3 m", "ct-miss X:4 Male"]


def test_synonyms_ct_lets_those_of_the_package_map(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "s: {from: X, codelist: SEX}", rows_of("Male", "male"), "s",
        study="codelists: {SEX: {synonyms: ct}}",
    )  # fmt: skip
    assert column(found) == ["M", ""]
    assert told(log, "ct-miss") == ["ct-miss X:3 male"]


def test_declared_subset_refuses_other_terms_of_the_list(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "s: {from: X, codelist: C66731}", rows_of("M", "U"), "s", study="codelists: {SEX: {terms: [M, F]}}"
    )
    assert column(found) == ["M", ""]
    assert told(log, "ct-miss") == ["ct-miss X:3 U"]


def test_added_term_and_list_of_terms(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "u: {from: X, codelist: UNIT}\ng: {from: Y, codelist: [1, 2]}",
        rows_of("CELLS,1", "mg,3"), "u", "g", study="codelists: {UNIT: {add: {CELLS: Cells}}}",
    )  # fmt: skip
    assert found == [("CELLS", "1"), ("mg", "")]
    assert told(log, "ct-miss", "ct-extension") == ["ct-miss Y:3 3"]


def test_number_variable_converts_and_a_text_is_an_issue(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "COUNTED: X", rows_of("1.50", "１２", "1.2.3", "", "<5"), "COUNTED",
        more="variables: {COUNTED: {label: Counted, type: integer}}\n",
    )  # fmt: skip
    assert column(found) == ["1.5", "12", "", "", ""]
    assert told(log, "number-unreadable") == ["number-unreadable X:4 1.2.3", "number-unreadable X:6 <5"]


def test_verbatim_text_is_kept_as_collected(tmp_path: Path) -> None:
    found, _ = event_values(
        tmp_path, "x: X", rows_of("1.50", "ａ  b"), "x",
        study="submission: {encoding: utf-8}",
    )  # fmt: skip
    assert column(found) == ["1.50", "ａ  b"]


# value, expr, case


def test_value_is_a_literal_and_the_empty_text_is_missing(tmp_path: Path) -> None:
    found, _ = event_values(tmp_path, 'a: {value: X}\nb: {value: ""}\nc: {value: NO}', rows_of("1"), "a", "b", "c")
    assert found == [("X", "", "NO")]


def test_value_that_is_no_term_is_a_fault_of_the_specification(tmp_path: Path) -> None:
    found = faults(tmp_path, "AESER: {value: YES}")
    assert found == ["7 ct-miss: YES is no term of NY. Add a synonym, a `map`, or correct the data."]


def test_expr_over_text_number_and_missing(tmp_path: Path) -> None:
    rules = "a: {expr: \"X || '/' || coalesce(Y, '-')\"}\nb: {expr: \"num(X) / 4\"}"
    found, _ = event_values(tmp_path, rules, rows_of("1,z", "2", ",y"), "a", "b")
    assert found == [("1/z", "0.25"), ("2/-", "0.5"), ("", "")]


def test_expr_goes_through_the_codelist_of_its_variable(tmp_path: Path) -> None:
    found, log = event_values(tmp_path, 'AESER: {expr: "upper(X)"}', rows_of("y", "q"), "AESER")
    assert column(found) == ["Y", ""]
    assert told(log, "ct-miss") == ["ct-miss X:3 Q"]


def test_case_takes_the_first_true_branch_and_unknown_is_not_true(tmp_path: Path) -> None:
    rule = """x:
      case: [{when: "num(X) > 2", value: BIG}, {when: "num(X) > 1", from: Y}, {when: "X IS NULL", value: NONE}]"""
    found, _ = event_values(tmp_path, rule, rows_of("3,y", "2,y", "1,y", ",y"), "x")
    assert column(found) == ["BIG", "y", "", "NONE"]


def test_case_without_when_takes_the_rest(tmp_path: Path) -> None:
    rule = "x: {case: [{when: \"X = 'a'\", value: A}, {from: Y}]}"
    found, _ = event_values(tmp_path, rule, rows_of("a,1", "b,2", ",3"), "x")
    assert column(found) == ["A", "2", "3"]


def test_only_taken_branches_raise_issues(tmp_path: Path) -> None:
    rule = "x: {case: [{when: \"X = 'm'\", from: Y, map: {a: ONE}}, {date: Y}]}"
    found, log = event_values(tmp_path, rule, rows_of("m,a", "m,b", "d,2020-01-01", "d,nope"), "x")
    assert column(found) == ["ONE", "", "2020-01-01", ""]
    assert told(log, "ct-miss", "date-unreadable") == ["ct-miss Y:3 b", "date-unreadable Y:5 nope"]


def test_branches_of_different_kinds_are_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, "", 'x: {case: [{when: "AETERM = \'a\'", expr: "1 + 1"}, {value: A}]}')
    assert [f.split(":")[0] for f in found] == ["8 kind-mismatch"]


# yes_if


def test_yes_if_tells_true_false_and_unknown_apart(tmp_path: Path) -> None:
    said = "{yes_if: \"X = 'y'\""
    rules = f'a: {said}}}\nb: {said}, no: ""}}\nc: {said}, no: NAY, unknown: U}}'
    found, _ = event_values(tmp_path, rules, rows_of("y", "n", ""), "a", "b", "c")
    assert found == [("Y", "Y", "Y"), ("N", "", "NAY"), ("", "", "U")]


# checked, one_of


def test_checked_knows_its_texts_and_no_others(tmp_path: Path) -> None:
    raw = rows_of("Y", "Yes", "1", "X", "√", "是", "N", "No", "0", "否", "", "maybe", "y")
    found, log = event_values(tmp_path, "x: {checked: X}\nu: {checked: X, unknown: U, no: \"\"}", raw, "x", "u")
    assert column(found) == ["Y"] * 6 + ["N"] * 4 + ["", "", ""]
    assert [row[1] for row in found] == ["Y"] * 6 + [""] * 4 + ["U", "", ""]
    assert set(told(log, "checked-unknown")) == {"checked-unknown X:13 maybe", "checked-unknown X:14 y"}


def test_checked_with_its_own_texts(tmp_path: Path) -> None:
    found, log = event_values(
        tmp_path, "x: {checked: X, ticked: [on], unticked: [off, \"-\"], no: NO}", rows_of("on", "off", "-", "Y"), "x"
    )
    assert column(found) == ["Y", "NO", "NO", ""]
    assert told(log, "checked-unknown") == ["checked-unknown X:5 Y"]


def test_checked_items_of_a_list(tmp_path: Path) -> None:
    rules = "a: {checked: X, contains: fever, separator: ;}\nb: {checked: X, contains: rash, separator: ;}"
    found, log = event_values(tmp_path, rules, rows_of("fever; rash", "rash", "", "rash;gout", "rashes"), "a", "b")
    assert found == [("Y", "Y"), ("N", "Y"), ("", ""), ("", ""), ("", "")]
    assert set(told(log, "checked-unknown")) == {"checked-unknown X:5 rash;gout", "checked-unknown X:6 rashes"}


def test_one_of_boxes(tmp_path: Path) -> None:
    rules = "x: {one_of: {X: EX, Y: WHY}}\nm: {one_of: {X: EX, Y: WHY}, many: MULTIPLE}"
    found, log = event_values(tmp_path, rules, rows_of("1,", ",1", "1,1", ",", "0,否", "1,huh"), "x", "m")
    assert found == [("EX", "EX"), ("WHY", "WHY"), ("", "MULTIPLE"), ("", ""), ("", ""), ("EX", "EX")]
    assert told(log, "several-ticked") == ["several-ticked X:4 Y:4"]
    assert set(told(log, "checked-unknown")) == {"checked-unknown Y:7 huh"}


def test_one_of_parts_are_the_single_ones_where_several_are_ticked(tmp_path: Path) -> None:
    rules = "RACES: {one_of: {X: EX, Y: WHY, N: EN}, many: MULTIPLE, parts: [RACE1, RACE2]}"
    labels = "variables: {RACES: {label: Races}, RACE1: {label: Race 1}, RACE2: {label: Race 2}}\n"
    raw = "SUBJID,N,X,Y\n01,0,1,\n01,1,,1\n01,1,1,1\n01,No,,\n"
    found, log = event_values(tmp_path, rules, raw, "RACES", "RACE1", "RACE2", more=labels)
    assert found == [("EX", "", ""), ("MULTIPLE", "WHY", "EN"), ("MULTIPLE", "EX", "WHY"), ("", "", "")]
    assert told(log, "several-ticked", "checked-unknown") == []


def test_one_of_gives_terms_of_the_codelist_only(tmp_path: Path) -> None:
    found = faults(tmp_path, "AESER: {one_of: {X: Y, Y: NAY}, many: U}")
    assert [f.split(" Add")[0] for f in found] == ["7 ct-miss: NAY is no term of NY."]
