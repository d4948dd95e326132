"""ADTTE of LstCAR019 against the answer key: three seeds, clean and flawed; test_thousand has a thousand subjects."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from .lstcar import Study
from .tte import Dated, answers, dated, wanted_of

Built = Callable[[int, str], Study]
KEYED = ("OS", "PFS", "EFS", "DOR", "TTDLT", "CRSTM", "CRSDUR", "PERS", "OSW24", "PFSW24", "EFSW24", "DORW24")


@pytest.fixture(scope="module", params=[(seed, flaws) for seed in (68, 4, 5) for flaws in ("none", "all")])
def study(request: pytest.FixtureRequest, built: Built) -> Study:
    return built(*request.param)


def keyed(found: Dated) -> Dated:
    """The parameters that the answer key has."""
    return {key: value for key, value in found.items() if key[1] in KEYED}


def test_every_endpoint_is_that_of_the_key(study: Study) -> None:
    """CNSR and AVAL of every subject, full follow-up and week 24; after flaws, of what these leave (`cause`)."""
    wanted = wanted_of(study.truth)
    assert {code for _, code in wanted} <= set(KEYED)
    assert keyed(dated(answers(study.data["ADTTE"]))) == wanted


def test_dates_of_the_key(study: Study) -> None:
    records = {(r.USUBJID, r.PARAMCD): r.ADT for r in study.data["ADTTE"].itertuples() if r.ADT}
    for subject, said in study.truth["endpoints"].items():
        for name, record in said.items():
            for when, code in (("FULL", name), ("W24", f"{name}W24")):
                if record[when] is not None:
                    assert records[subject, code] == record[when]["adt"], (subject, code)


def test_parameters_that_the_key_lacks(study: Study) -> None:
    """OSTX, PFSALL and DORCR by a second program over RS and ADSL."""
    found = {k: v for k, v in dated(answers(study.data["ADTTE"])).items() if k[1] in ("OSTX", "PFSALL", "DORCR")}
    wanted: Dated = {}
    for subject in study.data["ADSL"].query("SAFFL == 'Y'").itertuples():
        rs = study.of("RS", USUBJID=str(subject.USUBJID), RSTESTCD="OVRLRESP")
        seen = sorted((d, r) for d, r in zip(rs["RSDTC"], rs["RSSTRESC"], strict=True) if len(d) == 10)
        made = second_program(subject, [(d, r) for d, r in seen if d > subject.TRTSDT])
        wanted |= {(str(subject.USUBJID), code): value for code, value in made.items()}
    assert found == wanted


def second_program(subject, seen):  # type: ignore[no-untyped-def]
    """CNSR and AVAL of the parameters without a key; dates are texts, of equal form."""
    start, death, hsct, therapy = subject.TRTSDT, subject.DTHDT, subject.HSCTDT, subject.NATDT
    left = {"LOST TO FOLLOW-UP": "5", "WITHDRAWAL BY SUBJECT": "6"}.get(subject.DCSREAS, "1")

    def days(date: str, since: str = start) -> str:
        return str((pd.Timestamp(date) - pd.Timestamp(since)).days + 1)

    def free_of_progression(since: str, censoring: bool) -> tuple[str, str] | None:
        adequate = [d for d, r in seen if r not in ("NE", "")]
        dates = [d for d, r in seen if r in ("RELAPSED DISEASE", "PD") and d > since] + [d for d in [death] if d]
        event = min(dates, default="")
        if not adequate and not (death and int(days(death)) <= 92):
            return "2", "1"
        if censoring and therapy and (not event or therapy < event):
            before = max([d for d in adequate if d <= therapy], default=since)
            return ("4" if therapy == hsct else "3"), days(max(before, since), since)
        if event:
            return "0", days(event, since)
        if left == "1" and subject.DTHFL == "Y":
            return None
        return left, days(max(adequate), since)

    found = {"PFSALL": free_of_progression(start, False)}
    if hsct and (not death or hsct < death):
        found["OSTX"] = ("4", days(hsct))
    elif death:
        found["OSTX"] = ("0", days(death))
    elif subject.DTHFL != "Y":
        found["OSTX"] = (left, days(subject.LSTALVDT))
    response = [d for d, r in seen if r in ("CR", "CRi") and (not therapy or d <= therapy)]
    if response:
        found["DORCR"] = free_of_progression(min(response), True)
    return {code: value for code, value in found.items() if value is not None}


def test_descriptions_and_sources(study: Study) -> None:
    """Each dated record says what it is and where its date is from; CNSDTDSC stands on censored ones alone."""
    records = study.data["ADTTE"]
    whole = records[records["ADT"] != ""]
    assert (records["ADT"] >= records["STARTDT"]).where(records["ADT"] != "", True).all()
    assert (whole["EVNTDESC"] != "").all()
    assert ((whole["CNSDTDSC"] != "") == (whole["CNSR"] != "0")).all()
    assert (whole["SRCDOM"] != "").all()
    columns = {name: data for name, data in study.data.items() if name in set(whole["SRCDOM"])}
    sequence = {"ADSL": "", "ADRS": "ASEQ", "ADAE": "AESEQ", "ADPC": "ASEQ"}
    for record in whole.itertuples():
        source = columns[str(record.SRCDOM)]
        source = source[source["USUBJID"] == record.USUBJID]
        if sequence[str(record.SRCDOM)]:
            source = source[source[sequence[str(record.SRCDOM)]] == record.SRCSEQ]
        assert len(source) == 1, record
        taken = source[str(record.SRCVAR)].iloc[0]
        exact = not (record.PARAMCD == "CRSTM" and record.CNSR == "1")  # the least of infusion + 84 and last contact
        assert (taken == record.ADT) or (not exact and taken <= record.ADT), record


def test_variables_of_every_record(study: Study) -> None:
    """Treatment and the core variables of ADSL, on each record as there."""
    records, adsl = study.data["ADTTE"], study.data["ADSL"].set_index("USUBJID")
    for name in ("SUBJID", "SITEID", "AGE", "SEX", "COHORT", "TRTSDT", "SAFFL", "EFFFL", "DLTEVLFL", "PKFL"):
        assert list(records[name]) == list(adsl.loc[records["USUBJID"], name]), name
    assert list(records["TRTA"]) == list(adsl.loc[records["USUBJID"], "TRT01A"])
    assert list(records["TRTP"]) == list(adsl.loc[records["USUBJID"], "TRT01P"])
