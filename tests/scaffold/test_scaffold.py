"""`scaffold`: proposals of small forms held to literals; the result passes `check`; what is doubtful is no rule."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.commands import check, scaffold
from sdtm_builder.issues import IssueLog
from sdtm_builder.scaffold.names import by_label, by_name, form_prefix
from sdtm_builder.scaffold.profile import profile_table
from sdtm_builder.scaffold.tables import Asked, read_tables
from sdtm_builder.scaffold.terms import PUNCTUATION, CtIndex, match_in, newest
from sdtm_builder.scaffold.write import Scaffold, mapping_text
from sdtm_builder.scaffold.write import scaffold as made_of
from sdtm_builder.scaffold.yamltext import comment, scalar
from sdtm_builder.standards import ig

ROOT = Path(__file__).parents[2]
CASE = ROOT.parent / "shared" / "cases" / "cdiscpilot01" / "raw" / "cdiscpilot01_edc.xlsx"
DM = "SUBJID,SEX,AGE,BRTHDAT\n01,Female,34,1990-UN-01\n02,Male,51,1973-02-03\n03,X,40,1984-01-01\n"
AE = """SUBJID,AENO,IT.AETERM,SEVERITY,SER,AEOUT,IT.AESTDAT,IT.AESTTIM,IT.AEENDAT,NOTE
01,1,head ache,Mild,Yes,Recovered,13/02/2024,08:10,01/02/2024,a: b
01,2,fever,mild,No,FATAL,02/03/2024,,03/04/2024,# c
02,1,fever,Severe,No,fatal,02/04/2024,09:00,,
"""
VS = """SUBJID,VISIT,VSDAT,SYSBP (mmHg),Diastolic Blood Pressure,Pulse rate (banana),Comment
01,Day 1,2024-01-02,120,80,61,x
01,Day 2,2024-01-03,121,81,62,y
02,Day 1,2024-01-02,122,82,63,z
"""
LB = """SUBJID,TEST,RESULT,UNIT,LLN,ULN,COLLDT
01,ALT,12,U/L,0,40,05-Jan-2024
01,Sodium,140,mmol/L,135,145,05-Jan-2024
02,ALT,14,U/L,0,40,06-Jan-2024
02,Quux,1,bananas,0,2,06-Jan-2024
"""


@cache
def index() -> CtIndex:
    return CtIndex(newest("2025-03-28"))


def proposed(folder: Path, name: str, text: str, domain: str) -> Scaffold:
    (folder / name).write_text(text, encoding="utf-8")
    (table,) = read_tables([folder / name], Asked(), IssueLog())
    return made_of(table, profile_table(table, index()), domain, index())


def told(made: Scaffold) -> list[tuple[str, tuple[str, ...], bool]]:
    return [(p.variable.name, p.columns, p.sure) for p in made.proposals]


def test_an_event_form(tmp_path: Path) -> None:
    assert told(proposed(tmp_path, "ae.csv", AE, "AE")) == [
        ("AESPID", ("AENO",), True),
        ("AETERM", ("IT.AETERM",), True),
        ("AESEV", ("SEVERITY",), False),  # the name is like the label, no more
        ("AESER", ("SER",), True),
        ("AEOUT", ("AEOUT",), True),
        ("AESTDTC", ("IT.AESTDAT", "IT.AESTTIM"), True),
        ("AEENDTC", ("IT.AEENDAT",), True),
    ]


def test_a_form_with_a_column_for_each_test(tmp_path: Path) -> None:
    made = proposed(tmp_path, "vs.csv", VS, "VS")
    assert [(t.testcd, t.column.name, t.unit, t.sure) for t in made.tests] == [
        ("SYSBP", "SYSBP (mmHg)", "mmHg", True),
        ("DIABP", "Diastolic Blood Pressure", "", True),
        ("PULSE", "Pulse rate (banana)", "", True),
    ]
    assert told(made) == [("VSDTC", ("VSDAT",), True)]


def test_a_form_with_a_column_that_names_tests(tmp_path: Path) -> None:
    made = proposed(tmp_path, "lb.csv", LB, "LB")
    assert made.long is not None
    assert (made.long[0].name, made.tests) == ("TEST", ())
    assert [entry for entry in told(made) if entry[2]] == [
        ("LBORRES", ("RESULT",), True), ("LBORRESU", ("UNIT",), True), ("LBORNRLO", ("LLN",), True),
        ("LBORNRHI", ("ULN",), True), ("LBDTC", ("COLLDT",), True),
    ]  # fmt: skip


@pytest.mark.parametrize(("domain", "files"), [("AE", ("ae", "dm")), ("VS", ("vs", "dm")), ("LB", ("lb", "dm")),
                                               ("DM", ("dm",))])  # fmt: skip
def test_what_is_proposed_passes_check(tmp_path: Path, domain: str, files: tuple[str, ...]) -> None:
    texts = {"ae": AE, "vs": VS, "lb": LB, "dm": DM}
    raw = tmp_path / "raw"
    raw.mkdir()
    for name in files:
        (raw / f"{name}.csv").write_text(texts[name], encoding="utf-8")
    assert checked(tmp_path, raw, domain) == (0, [])


@pytest.mark.parametrize("domain", ["AE", "DM", "DS", "EX"])
def test_what_is_proposed_of_the_pilot_study_passes_check(tmp_path: Path, domain: str) -> None:
    if not CASE.is_file():
        pytest.skip(f"{CASE} is not there")
    assert checked(tmp_path, CASE.parent, domain) == (0, [])


def checked(project: Path, raw: Path, domain: str) -> tuple[int, list[str]]:
    """Scaffold into a study whose register is settled; the status of `check` and its lines but the last."""
    specs = project / "specs" / "S1"
    mapping = project / "mappings" / "S1" / "sdtm" / f"{domain.lower()}.yaml"
    part = specs / "proposed.yaml"
    said: list[str] = []
    assert scaffold.run([raw], domain=domain, out=mapping, study_out=part, ct="2025-03-28", tell=said.append) == 0
    subjects = next(line for line in part.read_text().splitlines() if line.startswith("# SETTLE subjects: "))
    (specs / "study.yaml").write_text(
        "study: {id: S1, title: T}\nstandards: {sdtmig: '3.4', define: '2.1', ct: {sdtm: 2025-03-28}}\n"
        + subjects.removeprefix("# SETTLE ") + "\n"
    )  # fmt: skip
    lines: list[str] = []
    status = check.run(specs, raw=raw, tell=lines.append)
    return status, [line for line in lines[:-1] if line]


def test_the_files_as_they_are_written(tmp_path: Path) -> None:
    for name, text in (("ae", AE), ("dm", DM)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    out, part = tmp_path / "out" / "ae.yaml", tmp_path / "out" / "study.yaml"
    paths = [tmp_path / "ae.csv", tmp_path / "dm.csv"]
    assert scaffold.run(paths, domain="AE", out=out, study_out=part, ct="2025-03-28", tell=lambda _: None) == 0
    mapping, study = out.read_text(), part.read_text()
    rules = [line for line in mapping.splitlines() if not line.lstrip().startswith("#")]
    assert rules == [
        "dataset: AE", "records:", "  rows:", "    from: raw.AE", "    set:",
        "      AESPID: AENO", "      AETERM: AETERM",
        "      AESER: SER", "      AEOUT: AEOUT", "      AESTDTC: {date: AESTDAT, time: AESTTIM}",
        "      AEENDTC: {date: AEENDAT}", "keys: [USUBJID, AETERM]",
    ]  # fmt: skip
    assert "      # SETTLE AESEV: SEVERITY" in mapping
    assert "# Without a proposal: NOTE (text, 2 filled, 2 distinct)" in mapping
    assert [line for line in study.splitlines() if not line.lstrip().startswith("#")] == [
        "raw:", "  AE:", "    file: ae.csv", '    rename: {strip_prefix: "IT."}', "    subject: SUBJID", "    columns:",
        '      AESTDAT: {type: date, formats: ["dd/MM/yyyy"]}',
        "  DM:", "    file: dm.csv", "    subject: SUBJID", "    columns:",
        '      BRTHDAT: {type: date, formats: ["yyyy-MM-dd"]}', "      AGE: {type: number}",
        "codelists:", "  AESEV:", "    synonyms:", "      Mild: MILD  # term in other case; AESEV",
        "      Severe: SEVERE  # term in other case; AESEV", "      mild: MILD  # term in other case; AESEV",
        "  NY:", "    synonyms:", '      "No": "N"  # synonym of CT; AESER', '      "Yes": "Y"  # synonym of CT; AESER',
        "  OUT:", "    synonyms:", "      fatal: FATAL  # synonym of CT; AEOUT",
    ]  # fmt: skip
    settle = [line.strip() for line in study.splitlines() if "SETTLE" in line]
    order = "# SETTLE day or month first (2 values fit both): add one of dd/MM/yyyy or MM/dd/yyyy to the formats"
    assert order in settle
    assert "# SETTLE Recovered: ?   AEOUT; perhaps RECOVERED/RESOLVED or RECOVERING/RESOLVING" in settle
    assert scaffold.run(paths, domain="AE", out=out, tell=lambda _: None, complain=lambda _: None) == 2
    assert out.read_text() == mapping


def test_evidence_of_names() -> None:
    aeterm = by_name("IT.AETERM_EN", "AETERM", "AE", "")
    assert (aeterm.score, aeterm.evidence) == (1.0, "the column has the variable's name")
    assert by_name("AESTDAT", "AESTDTC", "AE", "").score == 0.95
    assert by_name("ECDOSU", "EXDOSU", "EX", "EC").score == 0.92
    assert by_name("SDTH", "AESDTH", "AE", "").score == 0.9
    assert by_name("X", "AETERM", "AE", "").score == 0.0
    out = ig().variable("AE", "AEOUT")
    assert out is not None
    assert by_label("转归 / Outcome", out).score > 0.6
    assert by_label("转归", out).score == 0.0
    assert form_prefix(["ECSTDAT", "ECENDAT", "SUBJID"], "EX", ig().datasets) == "EC"


def test_dates_of_doses_and_columns_of_units() -> None:
    assert by_name("DOSEDT", "EXSTDTC", "EX", "").score == 0.75
    assert by_name("INFENDAT", "EXENDTC", "EX", "").score == 0.75
    assert by_name("DOSEDT", "AESTDTC", "AE", "").score < 0.55
    assert by_name("ONSETDT", "AESTDTC", "AE", "").score == 0.7
    assert by_name("DOSE_UNIT", "EXDOSU", "EX", "").score == 0.9
    assert by_name("RESULT_UNIT", "LBORRESU", "LB", "").score == 0.9


def test_a_column_of_units_beside_the_results(tmp_path: Path) -> None:
    text = "SUBJID,WEIGHT,WEIGHT_UNIT,HEIGHT,HEIGHTU\n01,80,kg,180,cm\n02,170,LB,71,in\n03,60,kg,170,cm\n"
    made = proposed(tmp_path, "vs.csv", text, "VS")
    assert [(t.testcd, t.column.name, t.unit_column, t.sure) for t in made.tests] == [
        ("WEIGHT", "WEIGHT", "WEIGHT_UNIT", True), ("HEIGHT", "HEIGHT", "HEIGHTU", True),
    ]  # fmt: skip
    lines = mapping_text(made, index()).splitlines()
    assert "      WEIGHT: {VSORRES: WEIGHT, VSORRESU: WEIGHT_UNIT}" in lines
    assert not [line for line in lines if "unit of" in line or "Without a proposal" in line]


@pytest.mark.parametrize(
    ("codelist", "text", "terms"),
    [
        ("OUT", "Not recovered / not resolved", ("NOT RECOVERED/NOT RESOLVED",)),
        ("LBTESTCD", "Interleukin-6", ("INTLK6",)),
        ("ROUTE", "SUB-CUTANEOUS", ("SUBCUTANEOUS",)),
        ("UNIT", "mmol / L", ("mmol/L",)),
        ("UNIT", "mg.L", ()),
        ("UNIT", "h*g.L", ()),
    ],
)
def test_terms_but_for_punctuation(codelist: str, text: str, terms: tuple[str, ...]) -> None:
    found = index().package.codelist(codelist)
    assert found is not None
    match = match_in(found, text)
    assert (match.terms if match is not None else ()) == terms
    assert match is None or match.evidence in (PUNCTUATION, "synonym of CT")


def test_terms_without_evidence_or_with_two_meanings() -> None:
    ny = index().package.codelist("NY")
    assert ny is not None
    assert (match_in(ny, "Ｙ"), match_in(ny, "yes")) == (match_in(ny, "Y"), match_in(ny, "YES"))
    assert (match_in(ny, "是"), match_in(ny, "Maybe")) == (None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [("Mild", "Mild"), ("a b", "a b"), ("No", '"No"'), ("1", '"1"'), ("a: b", '"a: b"'), ("# c", '"# c"'), ("", '""'),
     ('say "x"', '"say \\"x\\""'), ("复发", "复发"), ("a\u2028b", '"a\\u2028b"'), (" x", '" x"'), ("a-", '"a-"')],
)  # fmt: skip
def test_scalars(text: str, said: str) -> None:
    assert scalar(text) == said


def test_a_comment_stays_on_its_line() -> None:
    assert comment("a\nkeys: x\u2028y", "  ") == "  # a keys: x y"


def test_what_cannot_be_proposed(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_text(AE)
    said: list[str] = []
    wrong = ({"domain": "TA"}, {"domain": "QQ"}, {"domain": "AE", "source": "X"}, {"domain": "AE", "ct": "1999-01-01"})
    for words in wrong:
        assert scaffold.run([tmp_path / "ae.csv"], complain=said.append, **words) == 2  # type: ignore[arg-type]
    assert said[2] == "There is no table X; there are: AE."


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_a_scalar_means_its_text_wherever_it_stands(text: str) -> None:
    lines = f"a: {scalar(text)}\nb: {{{scalar(text)}: 1}}\nc: [{scalar(text)}, x]\n{comment(text, '  ')}\n"
    assert yaml.load(lines, yaml.BaseLoader) == {"a": text, "b": {text: "1"}, "c": [text, "x"]}
