"""What a dataset copies under its own name from another dataset is not asked for its codelist a second time."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import ONE_SOURCE, built, rows, told

LB = """\
dataset: LB
records:
  a: {from: raw.A, set: {LBTESTCD: N, LBORRES: X, LBDTC: {value: "2024-01-02"}}}
tests: {ALT: {}}
without: [EPOCH]
keys: [USUBJID, LBTESTCD, LBORRES]
"""
ADLB = """\
dataset: ADLB
class: BDS
records:
  a: {{from: LB, copy: [LBSTRESC], set: {{PARAMCD: LBTESTCD, TEXT: LBSTRESC}}}}
variables: {{TEXT: {{label: Text, codelist: NY}}{0}}}
keys: [USUBJID, PARAMCD]
"""


@pytest.mark.parametrize(("said", "asked"), [("", []), (", LBSTRESC: {codelist: NY}", ["ct-miss X:2 N:2 12"])])
def test_a_copied_variable_is_asked_only_for_a_codelist_of_its_own(tmp_path: Path, said: str, asked: list[str]) -> None:
    raw = {"subj.csv": "SUBJID\n01\n", "a.csv": "SUBJID,N,X\n01,ALT,12\n"}
    mapping = {"sdtm/lb.yaml": LB, "adam/adlb.yaml": ADLB.format(said)}
    made, log = built(tmp_path, ONE_SOURCE, mapping, raw)
    found = told(log, "ct-miss", "ct-extension")
    assert [one.split()[0] for one in found].count("ct-miss") == 1 + len(asked)  # TEXT has another name and a list
    assert [one for one in found if "ct-extension" in one] == []
    assert rows(made, "ADLB", "LBSTRESC") == [("" if asked else "12",)]
