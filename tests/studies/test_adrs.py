"""ADRS of LstCAR019: against the key of the study, and programmed a second time from RS with plain pandas."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from .lstcar import Study

SEEDS = (68, 4, 5)
ROOT = Path(__file__).resolve().parents[2]
WEEK_12_ENDS, APART = 126, 28
WEEKS = {"RSPW4": (15, 42, 29), "RSPW8": (43, 70, 57), "RSPW12": (71, 126, 85)}
LATER = {"MONTH 6": (127, 221, 169), "MONTH 9": (222, 319, 274), "MONTH 12": (320, 9999, 366)}
WINDOWS = {"WEEK 4": WEEKS["RSPW4"], "WEEK 8": WEEKS["RSPW8"], "WEEK 12": WEEKS["RSPW12"], **LATER}
CODES = {"CR": 1, "CRi": 2, "PR": 3, "NR": 4, "RELAPSED DISEASE": 5, "PD": 6, "NE": 7, "MISSING": 8}
FAILURES = ("RELAPSED DISEASE", "PD")
# Cells whose flaws change what is known of a response: of the form, of later therapy, of the infusion.
CHANGING = {("RS", "RSDAT"), ("RS", "RSP"), ("TR", "TRDAT"), ("TR", "TRTYPE"), ("INF", "INFDAT")}
Frames = Mapping[str, pd.DataFrame]


@pytest.fixture(scope="module", params=[(s, f) for s in SEEDS for f in ("none", "all")], ids=lambda p: f"{p[0]}-{p[1]}")
def study(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Study:
    return built(*request.param)


# The second program: from RS, with DM's start, and the dates of later therapy in CM and PR


def day_of(text: str, start: str) -> float:
    """Study day of an ISO date; NaN where either is not known to the day."""
    if len(text) < 10 or len(start) < 10 or "--" in text:
        return math.nan
    days = (pd.Timestamp(text[:10]) - pd.Timestamp(start[:10])).days
    return days + 1 if days >= 0 else days


def therapy_days(data: Frames, start: Mapping[str, str]) -> dict[str, float]:
    """The study day of the earlier of transplant and new anticancer therapy, of those that have one."""
    later = data["CM"][data["CM"]["CMCAT"] == "SUBSEQUENT ANTICANCER THERAPY"]
    after = data["PR"][data["PR"]["PRCAT"] == "SUBSEQUENT"]
    found: dict[str, float] = {}
    for frame, column in ((later, "CMSTDTC"), (after, "PRSTDTC")):
        for usubjid, text in zip(frame["USUBJID"], frame[column], strict=True):
            day = day_of(text, start[usubjid])
            if not math.isnan(day):
                found[usubjid] = min(day, found.get(usubjid, math.inf))
    return found


def assessments(data: Frames, test: str, start: Mapping[str, str]) -> dict[str, list[tuple[float, str, int]]]:
    """By infused subject: day, result and RSSEQ, in order of day."""
    rs = data["RS"]
    rs = rs[(rs["RSTESTCD"] == test) & (rs["RSSTRESC"] != "")]
    found: dict[str, list[tuple[float, str, int]]] = {u: [] for u, text in start.items() if text}
    for row in rs.to_dict("records"):
        if row["USUBJID"] in found:
            day = day_of(row["RSDTC"], start[row["USUBJID"]])
            found[row["USUBJID"]].append((day, row["RSSTRESC"], int(float(row["RSSEQ"]))))
    return {u: sorted((a for a in listed if not math.isnan(a[0])), key=lambda a: a[0]) for u, listed in found.items()}


def nearest(listed: list[tuple[float, str, int]], window: tuple[int, int, int], until: float) -> tuple[float, str, int]:
    """The assessment of a window."""
    low, high, target = window
    inside = [a for a in listed if low <= a[0] <= high and a[0] <= until]
    return min(inside, key=lambda a: (a[1] == "NE", abs(a[0] - target), -a[0], -a[2]), default=(math.nan, "", 0))


def confirmed(listed: list[tuple[float, str, int]], level: tuple[str, ...], by: tuple[str, ...]) -> str:
    """The best response of a level that a later assessment confirms, "" if none is."""
    found = set()
    for day, response, _ in listed:
        for later, other, _ in listed:
            between = [r for d, r, _ in listed if day <= d <= later]
            if response in level and other in by and later - day >= APART and set(between) <= set(by):
                found |= {response, other} & set(level)
    return next((r for r in level if r in found), "")


def second(data: Frames) -> dict[tuple[str, str], str]:
    """AVALC by subject and parameter."""
    start = dict(zip(data["DM"]["USUBJID"], data["DM"]["RFSTDTC"], strict=True))
    therapy = therapy_days(data, start)
    marrow = assessments(data, "MRDIND", start)
    found: dict[tuple[str, str], str] = {}
    for usubjid, listed in assessments(data, "OVRLRESP", start).items():
        until = therapy.get(usubjid, math.inf)
        for code, window in WEEKS.items():
            found[usubjid, code] = "Y" if nearest(listed, window, until)[1] in ("CR", "CRi") else "N"
        failure = min((day for day, r, _ in listed if r in FAILURES and day > 1), default=math.inf)
        limit = min(until, failure, WEEK_12_ENDS)
        used = [a for a in listed if 1 < a[0] <= limit]
        seen = {"PD" if r in FAILURES else r for _, r, _ in used}
        best = next((r for r in ("CR", "CRi", "PR", "NR", "PD", "NE") if r in seen), "NE")
        sure = confirmed(used, ("CR", "CRi"), ("CR", "CRi")) or confirmed(used, ("PR",), ("CR", "CRi", "PR"))
        unsure = ("NR" if "NR" in seen else "NE") if best in ("CR", "CRi", "PR") else best
        found[usubjid, "BOR"], found[usubjid, "CBOR"] = best, sure or unsure
        responds = best in ("CR", "CRi")
        clear = any(1 < day <= limit and r == "NEGATIVE" for day, r, _ in marrow[usubjid])
        found[usubjid, "RSP"] = "Y" if responds else "N"
        found[usubjid, "MRDNEG"] = "Y" if responds and clear else "N"
    return found


def first(data: Frames) -> dict[tuple[str, str], str]:
    """AVALC as built, of the parameters that have one record a subject."""
    rs = data["ADRS"][~data["ADRS"]["PARAMCD"].isin(["OVR", "MRD"])]
    assert not rs.duplicated(["USUBJID", "PARAMCD"]).any()
    return {(u, p): v for u, p, v in zip(rs["USUBJID"], rs["PARAMCD"], rs["AVALC"], strict=True)}


def test_responses_are_those_of_the_second_program(study: Study) -> None:
    assert first(study.data) == second(study.data)


def test_written_responses_are_those_of_the_second_program(tmp_path: Path) -> None:
    """From the transport files alone, of a seed that no other test builds."""
    raw, out = tmp_path / "raw", tmp_path / "out"
    for arguments in (
        ["simulate", "lstcar019", "--seed", "7", "--out", str(raw)],
        ["build", "specs/lstcar019", "--raw", str(raw), "--out", str(out), "--quiet", "--fail-on", "never"],
    ):
        subprocess.run([sys.executable, "-m", "sdtm_builder", *arguments], cwd=ROOT, check=True, capture_output=True)
    files = {"ADRS": "adam", "RS": "sdtm", "DM": "sdtm", "CM": "sdtm", "PR": "sdtm"}
    data = {name: pyreadstat.read_xport(str(out / room / f"{name.lower()}.xpt"))[0] for name, room in files.items()}
    assert first(data) == second(data)


def test_windows_and_their_assessment(study: Study) -> None:
    """AVISIT of every assessment, and the one that ANL01FL marks."""
    start = dict(zip(study.data["DM"]["USUBJID"], study.data["DM"]["RFSTDTC"], strict=True))
    therapy = therapy_days(study.data, start)
    for code, test in (("OVR", "OVRLRESP"), ("MRD", "MRDIND")):
        mine: dict[tuple[str, int], str] = {}
        marked = set()
        for usubjid, listed in assessments(study.data, test, start).items():
            for name, window in WINDOWS.items():
                mine |= {(usubjid, seq): name for day, _, seq in listed if window[0] <= day <= window[1]}
                chosen = nearest(listed, window, therapy.get(usubjid, math.inf))
                marked |= {(usubjid, chosen[2])} if chosen[2] else set()
        found = study.of("ADRS", PARAMCD=code)
        keys = list(zip(found["USUBJID"], found["SRCSEQ"].astype(int), strict=True))
        assert {k: v for k, v in zip(keys, found["AVISIT"], strict=True) if v} == mine
        assert {k for k, flag in zip(keys, found["ANL01FL"], strict=True) if flag == "Y"} == marked


# The key


def changed(study: Study, usubjid: str) -> bool:
    """Whether a flaw was planted in what the response of a subject rests on."""
    cells = [(c["sheet"], c["column"]) for f in study.flaws if f["subject"] == usubjid for c in f["cells"]]
    return bool(CHANGING & set(cells))


def test_best_responses_are_those_of_the_key(study: Study) -> None:
    found = study.of("ADRS", PARAMCD="BOR").set_index("USUBJID")["AVALC"]
    want = {s["usubjid"]: s["bor"] for s in study.truth["subjects"] if s["bor"] is not None}
    assert set(found.index) == set(want)
    differ = [u for u, bor in want.items() if found[u] != bor]
    assert [u for u in differ if not changed(study, u)] == []
    if not study.flaws:
        assert differ == []


def test_assessments_are_those_of_the_key(study: Study) -> None:
    """Every assessment of the clinical model, by date and result, with and without MRD."""
    for subject in study.truth["subjects"]:
        usubjid = subject["usubjid"]
        if changed(study, usubjid) or any(
            c["sheet"] == "BMA" for f in study.flaws if f["subject"] == usubjid for c in f["cells"]
        ):
            continue
        overall = study.of("ADRS", USUBJID=usubjid, PARAMCD="OVR")
        marrow = study.of("ADRS", USUBJID=usubjid, PARAMCD="MRD")
        after = marrow[marrow["ADT"] >= (subject["infusion"] or "9999")]
        want = sorted((r["date"], r["value"]) for r in subject["response"])
        assert sorted(zip(overall["ADT"], overall["AVALC"], strict=True)) == want, usubjid
        want = sorted((r["date"], r["mrd"]) for r in subject["response"])
        assert sorted(zip(after["ADT"], after["AVALC"], strict=True)) == want, usubjid


# Every record


def test_denominator_is_those_evaluable_for_efficacy(study: Study) -> None:
    evaluable = set(study.of("ADSL", EFFFL="Y")["USUBJID"])
    for code in ("RSPW4", "RSPW8", "RSPW12", "BOR", "CBOR", "RSP", "MRDNEG"):
        assert set(study.of("ADRS", PARAMCD=code)["USUBJID"]) == evaluable, code
    assert set(study.data["ADRS"]["USUBJID"]) <= set(study.of("ADSL", SAFFL="Y")["USUBJID"])


def test_numbers_of_results(study: Study) -> None:
    rs = study.data["ADRS"]
    for code, frame in rs.groupby("PARAMCD"):
        binary = {"NEGATIVE": 1, "POSITIVE": 0} if code == "MRD" else {"Y": 1, "N": 0}
        codes = CODES if code in ("OVR", "BOR", "CBOR") else binary
        assert [codes[v] for v in frame["AVALC"]] == [int(float(v)) for v in frame["AVAL"]], code


def test_every_record_leads_to_its_assessment(study: Study) -> None:
    """SRCDOM, SRCVAR, SRCSEQ: the assessment has the date, and for most parameters the result."""
    rs = study.data["RS"].set_index(["USUBJID", "RSSEQ"])
    for row in study.data["ADRS"].to_dict("records"):
        if row["SRCDOM"] == "ADSL":
            assert (row["SRCVAR"], row["SRCSEQ"], row["ADT"]) == ("EFFFL", "", "")
            assert row["AVALC"] in ("N", "NE")
            continue
        assert (row["SRCDOM"], row["SRCVAR"]) == ("RS", "RSSTRESC")
        source = rs.loc[(row["USUBJID"], row["SRCSEQ"])]
        assert row["ADT"] == (source["RSDTC"][:10] if len(source["RSDTC"]) >= 10 else "")
        result = "PD" if row["PARAMCD"] == "BOR" and source["RSSTRESC"] in FAILURES else source["RSSTRESC"]
        if row["PARAMCD"] in ("OVR", "MRD", "BOR"):
            assert row["AVALC"] == result
        if row["PARAMCD"] == "CBOR" and row["AVALC"] not in ("NE", "PD"):
            assert row["AVALC"] == result
        if row["AVALC"] == "Y":
            assert result in (("NEGATIVE",) if row["PARAMCD"] == "MRDNEG" else ("CR", "CRi"))


def test_after_the_next_therapy_nothing_is_analysed(study: Study) -> None:
    later = study.of("ADSL").set_index("USUBJID")["NATDT"]
    rs = study.data["ADRS"]
    after = rs[(rs["ADT"] > rs["USUBJID"].map(later)) & (rs["USUBJID"].map(later) != "")]
    assert set(after["PARAMCD"]) <= {"OVR", "MRD"}
    assert set(after["ANL01FL"]) <= {""}
