"""ADaM folders: which they are, what lies beside them; odd or missing parts stop no rule; the whole command."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.commands import validate
from sdtm_builder.model.column import Vector
from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.analysis import first_in_group, lowest
from sdtm_builder.validate.define import DefineDoc
from sdtm_builder.validate.load import load_studies, load_study
from sdtm_builder.validate.pairs import differing
from sdtm_builder.validate.registry import Rule, rules
from sdtm_builder.validate.runner import check_study, listing, run_validation
from sdtm_builder.validate.sasdates import date_kind, iso_text
from sdtm_builder.validate.sources import matched
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table, VariableInfo

sys.path.insert(0, str(Path(__file__).parent))
from example import read_example

ADAM = [rule for rule in rules().values() if "adam" in rule.standards]
OWN = [rule for rule in ADAM if rule.standards == ("adam",)]


def _named(rule: Rule) -> str:
    return rule.id


def _write(folder: Path, name: str, values: dict[str, list[str] | list[float]]) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    pd = pytest.importorskip("pandas")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.lower()}.xpt"
    pyreadstat.write_xport(pd.DataFrame(values), str(path), table_name=name, file_format_version=5)


def test_there_are_at_least_60_rules_of_adam_alone() -> None:
    assert len(OWN) >= 60


def test_a_folder_of_adam_is_known_by_its_datasets(tmp_path: Path) -> None:
    _write(tmp_path / "adam", "ADSL", {"USUBJID": ["S1"]})
    _write(tmp_path / "only", "ADVS", {"USUBJID": ["S1"], "PARAMCD": ["HR"]})
    _write(tmp_path / "sdtm", "DM", {"USUBJID": ["S1"], "DOMAIN": ["DM"]})
    kinds = [type(load_study(tmp_path / name)) for name in ("adam", "only", "sdtm")]
    assert kinds == [AdamStudy, AdamStudy, Study]


def test_define_decides_over_the_names_of_datasets(tmp_path: Path) -> None:
    _write(tmp_path, "XX", {"USUBJID": ["S1"]})
    (tmp_path / "define.xml").write_text(
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1"><Study OID="S">'
        '<MetaDataVersion OID="M"><def:Standards><def:Standard OID="1" Name="ADaMIG" Type="IG" Version="1.3"/>'
        "</def:Standards></MetaDataVersion></Study></ODM>",
        encoding="utf-8",
    )
    study = load_study(tmp_path)
    assert isinstance(study, AdamStudy)
    assert study.adamig.version == "1.3"


def test_the_sdtm_beside_it_is_found(tmp_path: Path) -> None:
    _write(tmp_path / "adam", "ADSL", {"USUBJID": ["S1", "S2"]})
    _write(tmp_path / "sdtm", "DM", {"USUBJID": ["S1"], "DOMAIN": ["DM"]})
    (alone,) = load_studies([tmp_path / "adam"])
    both = load_studies([tmp_path / "sdtm", tmp_path / "adam"])
    assert isinstance(alone, AdamStudy)
    assert alone.sdtm is not None
    assert isinstance(both[1], AdamStudy)
    assert both[1].sdtm is both[0]
    found = run_validation(tmp_path / "adam").by_rule()["adsl-subject-not-in-dm"]
    assert [issue.value for issue in found] == ["S2"]


def test_rules_of_one_standard_leave_the_other_alone(tmp_path: Path) -> None:
    _write(tmp_path / "adam", "ADSL", {"USUBJID": ["S1"]})
    _write(tmp_path / "sdtm", "DM", {"USUBJID": ["S1"], "DOMAIN": ["DM"]})
    sdtm = {issue.rule for issue in run_validation(tmp_path / "sdtm")}
    adam = {issue.rule for issue in run_validation(tmp_path / "adam")}
    assert "required-variable-missing" in sdtm
    assert "required-variable-missing" not in adam
    assert "analysis-variable-missing" in adam
    assert not sdtm & {rule.id for rule in OWN}


def test_the_command_looks_at_both_folders_of_a_build(tmp_path: Path) -> None:
    _write(tmp_path / "adam", "ADSL", {"USUBJID": ["S1", "S1"]})
    _write(tmp_path / "sdtm", "DM", {"USUBJID": ["S1"], "DOMAIN": ["DM"]})
    told: list[str] = []
    assert validate.run(tmp_path, tell=told.append, verbose=True) == 1
    text = "\n".join(told)
    assert "adsl-subject-repeated" in text
    assert "required-variable-missing" in text


def test_findings_name_keys_and_dates_readably(tmp_path: Path) -> None:
    info = {"USUBJID": VariableInfo("", "Char", 2), "ADT": VariableInfo("", "Num", 8, "DATE9."),
            "STARTDT": VariableInfo("", "Num", 8, "DATE9."), "CNSR": VariableInfo("", "Num", 8),
            "PARAMCD": VariableInfo("", "Char", 2)}  # fmt: skip
    columns = {"USUBJID": Vector.of_texts(["S1"]), "PARAMCD": Vector.of_texts(["OS"]),
               "ADT": Vector.of_numbers([23376.0]), "STARTDT": Vector.of_numbers([23377.0]),
               "CNSR": Vector.of_numbers([0.0])}  # fmt: skip
    study = AdamStudy({"ADTTE": Table("ADTTE", "", info, columns, 1)})
    (issue,) = check_study(study, [rules()["event-before-origin"]])
    assert issue.message == "ADT 2024-01-01 is before STARTDT 2024-01-02"
    assert issue.locations[0].key == "USUBJID=S1 PARAMCD=OS ADT=2024-01-01"


@pytest.mark.parametrize(
    ("format", "kind"),
    [("DATE9.", "date"), ("E8601DA.", "date"), ("YYMMDD10.", "date"), ("DATETIME20.", "datetime"), ("TIME5.", "time"),
     ("E8601DT19.", "datetime"), ("HHMM.", "time"), ("BEST12.", ""), ("", ""), ("8.1", "")],
)  # fmt: skip
def test_kinds_of_formats(format: str, kind: str) -> None:
    assert date_kind(format) == kind


def test_sas_values_as_iso_8601() -> None:
    assert iso_text(0, "date") == "1960-01-01"
    assert iso_text(-1, "date") == "1959-12-31"
    assert iso_text(23376 * 86400 + 3661, "datetime") == "2024-01-01T01:01:01"
    assert iso_text(3661, "time") == "01:01:01"
    assert iso_text(float("nan"), "date") == ""
    assert iso_text(2e9, "date") == "2e+09"


def _versions(study: Study) -> Iterator[Study]:
    """A study without each of its datasets, and with each variable left out, emptied, or of the other type."""
    yield study
    if isinstance(study, AdamStudy):
        yield _with(study, study.tables, None)
        if study.sdtm is not None:
            for tables in _changed(study.sdtm.tables):
                yield _with(study, study.tables, Study(tables))
    for tables in _changed(study.tables):
        sdtm = study.sdtm if isinstance(study, AdamStudy) else None
        yield _with(study, tables, sdtm)


def _with(study: Study, tables: Mapping[str, Table], sdtm: Study | None) -> AdamStudy:
    fresh = {name: replace(table, klass="", letters="") for name, table in tables.items()}
    made = AdamStudy(fresh, study.define)
    made.sdtm = sdtm
    return made


def _changed(tables: Mapping[str, Table]) -> Iterator[dict[str, Table]]:
    for name, table in tables.items():
        yield {one: other for one, other in tables.items() if one != name}
        none = {v: c.take(np.zeros(0, dtype=np.int64)) for v, c in table.columns.items()}
        yield {**tables, name: Table(name, table.label, table.variables, none, 0)}
        for variable, info in table.variables.items():
            variables = {v: i for v, i in table.variables.items() if v != variable}
            columns = {v: c for v, c in table.columns.items() if v != variable}
            yield {**tables, name: Table(name, table.label, variables, columns, table.n)}
            text = info.type == "Num"
            empty = Vector.of_texts(["x"] * table.n) if text else Vector.of_numbers([1.5] * table.n)
            kind = replace(info, type="Char" if text else "Num")
            both = ({**table.variables, variable: kind}, {**table.columns, variable: empty})
            yield {**tables, name: Table(name, table.label, *both, table.n)}


@pytest.mark.parametrize("rule", OWN, ids=_named)
def test_missing_and_odd_parts_stop_no_rule(rule: Rule) -> None:
    for text in (*rule.page.bad, *rule.page.good):
        for study in _versions(read_example(text).study):
            assert isinstance(study, AdamStudy)
            list(listing(study, [rule]))


def test_nothing_is_said_of_records_that_are_not_there() -> None:
    info = {"USUBJID": VariableInfo("Unique Subject Identifier", "Char", 1)}
    none = {"USUBJID": Vector.of_texts([])}
    tables = {name: Table(name, name, info, none, 0) for name in ("ADSL", "ADAE", "ADLB", "ADTTE")}
    assert "dataset-empty" in {i.rule for i in check_study(AdamStudy(tables, DefineDoc()), ADAM)}


ROWS = st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from([None, 1.0, 2.0, 3.0])), max_size=10)


@settings(deadline=None)
@given(ROWS, ROWS, ROWS)
def test_records_are_matched_as_a_naive_twin_does(
    left: list[tuple[str, float | None]], one: list[tuple[str, float | None]], two: list[tuple[str, float | None]]
) -> None:
    parts = [_keyed(rows) for rows in (one, two)]
    place: dict[tuple[str, float], int] = {}
    for row, (subject, number) in enumerate([*one, *two]):
        if number is not None:
            place.setdefault((subject, number), row)
    expected = [place.get((subject, number), -1) if number is not None else -1 for subject, number in left]
    assert matched(_keyed(left), "AESEQ", parts, "AESEQ").tolist() == expected


def _keyed(rows: list[tuple[str, float | None]]) -> Table:
    numbers = np.array([np.nan if number is None else number for _, number in rows], dtype=np.float64)
    columns = {"USUBJID": Vector.of_texts([s for s, _ in rows]), "AESEQ": Vector.of_numbers(numbers)}
    info = {"USUBJID": VariableInfo("", "Char", 1), "AESEQ": VariableInfo("", "Num", 8)}
    return Table("AE", "", info, columns, len(rows))


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(-5, 5), st.booleans()), min_size=1, max_size=12))
def test_firsts_and_lowest_of_groups_agree_with_a_naive_twin(rows: list[tuple[int, float, bool]]) -> None:
    numbers = sorted({group for group, _, _ in rows})
    groups = np.array([numbers.index(group) for group, _, _ in rows], dtype=np.int64)
    values, among = np.array([v for _, v, _ in rows]), np.array([a for _, _, a in rows])
    for at, group in enumerate(groups):
        mine = [row for row in range(len(rows)) if groups[row] == group and among[row]]
        assert first_in_group(groups, among)[at] == (mine[0] if mine else -1)
        least = lowest(groups, values, among)[at]
        assert np.isnan(least) if not mine else least == min(values[row] for row in mine)


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from([None, 0.0, -0.0, 1.0])), max_size=12))
def test_records_that_are_alike_agree_with_a_naive_twin(rows: list[tuple[str, float | None]]) -> None:
    seen: set[tuple[str, float | None]] = set()
    expected = []
    for row in rows:
        expected.append(row in seen)
        seen.add(row)
    assert _keyed(rows).alike(["USUBJID", "AESEQ"]).tolist() == expected


PAIRS = st.lists(
    st.tuples(st.sampled_from([None, "A", "B"]), st.sampled_from([None, 1.0, 2.0, 3.0]), st.sampled_from("XY")),
    max_size=12,
)


@settings(deadline=None)
@given(PAIRS)
def test_deviating_pairs_agree_with_a_naive_twin(rows: list[tuple[str | None, float | None, str]]) -> None:
    numbers = np.array([np.nan if n is None else n for _, n, _ in rows], dtype=np.float64)
    columns = {"A": Vector.of_texts([a for a, _, _ in rows]), "B": Vector.of_numbers(numbers),
               "C": Vector.of_texts([c for _, _, c in rows])}  # fmt: skip
    info = {name: VariableInfo("", "Num" if name == "B" else "Char", 8) for name in columns}
    table = Table("ADXX", "", info, columns, len(rows))
    first: dict[tuple[str, str], float] = {}
    told: set[tuple[str, str, float]] = set()
    expected = []
    for a, b, c in rows:
        wrong = a is not None and b is not None and first.setdefault((a, c), b) != b and (a, c, b) not in told
        if wrong and a is not None and b is not None:
            told.add((a, c, b))
        expected.append(wrong)
    assert differing(table, "A", "B", None, ["C"]).tolist() == expected
