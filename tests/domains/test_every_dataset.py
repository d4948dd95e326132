"""Every dataset of SDTMIG 3.4: built from a minimal mapping, and all together with every variable of the IG."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.standards import IgVariable

from .kit import Files, Outcome, outcome
from .make_rows import IG, add, is_subjects

MADE = ("RELREC", "CO", "SUPPQUAL")
"""Datasets about records of others: they have mappings of their own below."""
BESIDE = {
    "PP": ["PC"], "MS": ["MB"], "SM": ["TM"], "TR": ["TU"], "TU": ["TR"], "RELREC": ["AE", "CM"], "CO": ["AE"],
    "SUPPQUAL": ["AE"],
}  # fmt: skip
ALSO = ("AESPID", "CMSPID", "PPTPTREF")
"""Variables that a minimal mapping has beside the required and expected ones."""
RELREC = """\
dataset: RELREC
records: {treated: {make: relation, left: AE, right: CM, by: {AESPID: CMSPID}, kind: records}}
keys: [USUBJID, RELID, RDOMAIN, IDVARVAL]
"""
CO = """\
dataset: CO
records:
  all:
    from: raw.AE
    set: {RDOMAIN: {value: AE}, IDVAR: {value: AESEQ}, IDVARVAL: {record_of: AE.AESEQ}, COVAL: AETERM}
keys: [USUBJID, RDOMAIN, IDVARVAL]
"""
CONDUCT = {
    "DD": ["death-not-in-dm"],
    "DM": ["assigned-without-disposition"],
    "LB": ["range-of-text-result"],
    "PP": ["variable-without-companion"],
    "TE": ["element-end-rule-missing"],
}
"""Findings about the conduct of a study, of which a dataset alone tells nothing. PP: its table has PPTPTREF without a
time point, which CG0093 asks for. LB: every text is filled beside every range. TE: the IG expects neither TEENRL
nor TEDUR, CG0328 asks for one of them."""
STORY = (
    "ae-death-criterion-and-outcome", "ae-ongoing-with-end", "death-not-in-ae", "death-not-in-dm", "death-not-in-ds",
    "exposure-end-differs", "exposure-start-differs", "flagged-record-without-result", "occurrence-without-presp",
    "relative-time-of-what-did-not-occur", "result-missing", "value-beside-its-alternative", "value-without-companion",
    "variable-without-companion", "assigned-without-disposition", "range-of-text-result",
    "specimen-usability-not-n", "toxicity-grade-not-a-number",
)  # fmt: skip
"""Rules about values that must agree with others: where every variable is filled, alternatives stand side by side."""


def minimal(variable: IgVariable) -> bool:
    """Whether the IG requires or expects the variable."""
    return variable.core in ("Req", "Exp") or variable.name in ALSO


def every(variable: IgVariable) -> bool:
    """All variables of the IG."""
    return True


def add_special(files: Files, dataset: str) -> None:
    """The datasets about records of others: a relation, comments, a sponsor's variable of AE."""
    if dataset == "RELREC":
        files.mappings["sdtm/relrec.yaml"] = RELREC
    elif dataset == "CO":
        files.mappings["sdtm/co.yaml"] = CO
    else:
        text = files.mappings["sdtm/ae.yaml"].replace("    set:\n", "    set:\n      AEOWN: AETERM\n")
        files.mappings["sdtm/ae.yaml"] = text + "variables: {AEOWN: {label: Sponsor's Own}}\n"


def as_in_the_ig(made: Outcome, dataset: str) -> None:
    """Order, labels, types, class and label of a written dataset and of its define.xml against the IG's tables."""
    name = "SUPPAE" if dataset == "SUPPQUAL" else dataset
    table, known = made.study.tables[name], IG.datasets[dataset]
    own = {v.name for v in IG.variables(dataset)}
    listed = [v for v in IG.permitted(dataset) if v.name in table.variables]
    assert {v.role for v in listed if v.name not in own} <= {"Timing"}
    assert list(table.variables) == [v.name for v in listed]
    assert [(i.label, i.type) for i in table.variables.values()] == [(v.label, v.type) for v in listed]
    assert {v.name for v in IG.variables(dataset) if v.core in ("Req", "Exp")} <= set(table.variables)
    assert made.study.define is not None
    defined = made.study.define.datasets[name]
    assert [item.name for item in defined.items] == [v.name for v in listed]
    assert [item.label for item in defined.items] == [v.label for v in listed]
    assert defined.klass.replace("-", " ") == known.klass.upper().replace("-", " ")
    assert set(defined.keys) <= set(table.variables)
    if dataset != "SUPPQUAL":
        assert table.label == defined.label == known.label
    assert table.n > 0


@pytest.mark.parametrize("dataset", list(IG.datasets))
def test_minimal_mapping(dataset: str, tmp_path: Path) -> None:
    files = Files()
    for name in [*BESIDE.get(dataset, []), *([] if dataset in MADE else [dataset])]:
        add(files, name, minimal)
    if dataset != "DM" and is_subjects(dataset):
        add(files, "DM", minimal)
    if dataset in MADE:
        add_special(files, dataset)
    made = outcome(tmp_path, files)
    assert made.told("SUPPAE" if dataset == "SUPPQUAL" else dataset, leave=CONDUCT.get(dataset, ())) == []
    as_in_the_ig(made, dataset)


@pytest.fixture(scope="module")
def together(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """All datasets with all variables of the IG, in one study."""
    files = Files()
    for name in IG.datasets:
        if name not in MADE:
            add(files, name, every)
    for name in MADE:
        add_special(files, name)
    return outcome(tmp_path_factory.mktemp("together"), files)


@pytest.mark.parametrize("dataset", list(IG.datasets))
def test_every_variable(dataset: str, together: Outcome) -> None:
    told = together.told("SUPPAE" if dataset == "SUPPQUAL" else dataset, leave=STORY)
    assert told == []
    as_in_the_ig(together, dataset)
    if dataset not in MADE:
        own = [v.name for v in IG.variables(dataset)]
        assert [name for name in together.study.tables[dataset].variables if name in own] == own
