"""ADPC and ADPP of LstCAR019: against the key of the study, and programmed a second time from PC and CP."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import pandas as pd
import pytest

from .lstcar import Study

SEEDS = (68, 4, 5)
NEVER, END = math.inf, 28.0
FLOW = {"TLSTLY": "FLOWPCT", "TLS": "FLOWABS", "BLYCE": "CD19ABS"}


@pytest.fixture(scope="module", params=[(s, f) for s in SEEDS for f in ("none", "all")], ids=lambda p: f"{p[0]}-{p[1]}")
def study(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Study:
    return built(*request.param)


class Sample(NamedTuple):
    """A result of SDTM: actual and nominal days after the infusion, text and number, limits, sample, replicate."""

    seq: int
    day: float
    nominal: float
    text: str
    number: float
    low: float
    high: float
    name: str
    repeat: float

    @property
    def below(self) -> bool:
        """Whether it is below the limit of quantitation."""
        return self.text in ("BLQ", "NOT DETECTED") or self.text.startswith("<") or self.number < self.low

    @property
    def known(self) -> bool:
        """Whether there is a result at all."""
        return self.below or not math.isnan(self.number)

    @property
    def planned(self) -> float:
        """When it was due, in days."""
        return 2 / 24 if self.nominal == 0 else self.nominal


def number(text: str) -> float:
    return float(text) if text else math.nan


def minutes(text: str) -> pd.Timestamp:
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d", text), text
    return pd.Timestamp(text)


def samples(study: Study) -> dict[tuple[str, str], list[Sample]]:
    """By infused subject and parameter, in order of time."""
    start = {r["USUBJID"]: r["RFSTDTC"] for r in study.data["DM"].to_dict("records") if r["RFSTDTC"]}
    found: dict[tuple[str, str], list[Sample]] = {}
    for row in study.data["PC"].to_dict("records"):
        if row["USUBJID"] in start:
            day = (minutes(row["PCDTC"]) - minutes(start[row["USUBJID"]])) / pd.Timedelta(days=1)
            found.setdefault((row["USUBJID"], "QPCR"), []).append(
                Sample(int(row["PCSEQ"]), day, number(row["PCTPTNUM"]), row["PCSTRESC"], number(row["PCSTRESN"]),
                       number(row["PCLLOQ"]), number(row["PCULOQ"]), row["PCREFID"], number(row["PCREPNUM"]))
            )  # fmt: skip
    for row in study.data["CP"].to_dict("records"):
        if row["USUBJID"] in start and row["CPTESTCD"] in FLOW and row["CPSPEC"] == "BLOOD":
            day = (minutes(row["CPDTC"]) - minutes(start[row["USUBJID"]])) / pd.Timedelta(days=1)
            planned = number(row["VISITDY"])
            found.setdefault((row["USUBJID"], FLOW[row["CPTESTCD"]]), []).append(
                Sample(int(row["CPSEQ"]), day, planned - (planned > 0), row["CPSTRESC"], number(row["CPSTRESN"]),
                       number(row["CPLLOQ"]), math.inf, row["CPREFID"], 1)
            )  # fmt: skip
    return {key: sorted(listed, key=lambda s: s.day) for key, listed in found.items()}


def analysed(listed: list[Sample]) -> list[Sample]:
    """One sample a nominal time: the last replicate, then the closest."""
    last: dict[str, float] = {}
    for s in listed:
        if s.known:
            last[s.name] = max(s.repeat, last.get(s.name, -NEVER))
    best: dict[float, Sample] = {}
    for s in listed:
        if s.known and s.repeat == last[s.name] and not math.isnan(s.nominal):
            held = best.get(s.nominal)
            if held is None or abs(s.day - s.planned) < abs(held.day - held.planned):
                best[s.nominal] = s
    return sorted(best.values(), key=lambda s: s.day)


def values(listed: list[Sample]) -> dict[int, tuple[float, str, str, str]]:
    """By sequence number: AVAL, DTYPE, ANL01FL, NCAFL (as if the parameter were QPCR)."""
    chosen = analysed(listed)
    above = [s.day for s in chosen if not s.below and s.day > 0]
    first, last = min(above, default=NEVER), max(above, default=-NEVER)
    ended = min((s.day for s in chosen if s.day > last and above), default=NEVER)
    found = {}
    for s in listed:
        taken = "Y" if s in chosen else ""
        if s.below:
            inside = first < s.day < last
            point = not inside and (s.day < first or s.day in (0, ended) or s.day < 0)
            found[s.seq] = (
                s.low / 2 if inside else 0.0,
                "HALFLLOQ" if inside else "BLQZERO",
                taken,
                taken if point else "",
            )
        else:
            over = s.number > s.high
            found[s.seq] = (s.high if over else s.number, "ULOQ" if over else "", taken, taken if s.day > 0 else "")
    return found


def test_values_are_those_of_the_second_program(study: Study) -> None:
    wrong = []
    mine = samples(study)
    assert {(r["USUBJID"], r["PARAMCD"]) for r in study.data["ADPC"].to_dict("records")} == set(mine)
    for (usubjid, code), listed in mine.items():
        found = study.of("ADPC", USUBJID=usubjid, PARAMCD=code)
        want = values(listed)
        assert set(found["SRCDOM"]) == {"PC" if code == "QPCR" else "CP"}
        assert sorted(found["SRCSEQ"].astype(int)) == sorted(want)
        days = {s.seq: s.day for s in listed}
        for row in found.to_dict("records"):
            aval, dtype, taken, point = want[int(row["SRCSEQ"])]
            point = point if code == "QPCR" else ""
            same = number(row["AVAL"]) == aval or (math.isnan(number(row["AVAL"])) and math.isnan(aval))
            same &= (row["DTYPE"], row["ANL01FL"], row["NCAFL"]) == (dtype, taken, point)
            same &= math.isclose(float(row["ARELTM"]), days[int(row["SRCSEQ"])], abs_tol=1e-9)
            if not same:
                wrong.append((usubjid, code, row, want[int(row["SRCSEQ"])]))
    assert wrong == []


def test_logarithms(study: Study) -> None:
    for row in study.data["ADPC"].to_dict("records"):
        if row["BLQFL"] or not row["AVAL"]:
            assert row["LOGAVAL"] == ""
        else:
            assert 10 ** float(row["LOGAVAL"]) == pytest.approx(float(row["AVAL"]), rel=1e-12)


# Parameters


def area(points: list[tuple[float, float]], last: float) -> float:
    """Linear up, log down, to day 28; a curve that is not followed there goes on by its last two positive points."""
    curve = [(0.0, 0.0), *points]
    if last < END and curve[-1][1] > 0:
        (t1, c1), (t2, c2) = [p for p in curve if p[1] > 0][-2:]
        curve.append((END, c2 * (c1 / c2) ** (-(END - t2) / (t2 - t1)) if c2 < c1 else c2))
    total = 0.0
    for (t1, c1), (t2, c2) in pairwise(curve):
        falls = 0 < c2 < c1
        if t2 > END:
            share = (END - t1) / (t2 - t1)
            c2 = c1 * (c2 / c1) ** share if falls else c1 + (c2 - c1) * share
            t2 = END
        if t2 > t1:
            total += (c1 - c2) * (t2 - t1) / math.log(c1 / c2) if falls else (c1 + c2) * (t2 - t1) / 2
        if t2 == END:
            break
    return total


def test_parameters_follow_from_the_points_in_adpc(study: Study) -> None:
    """CMAX, TMAX, AUC0_28, CLST, TLST from the records that NCAFL marks, with AVAL as it stands."""
    wrong = []
    for usubjid, group in study.of("ADPC", PARAMCD="QPCR", NCAFL="Y").groupby("USUBJID"):
        found = study.of("ADPP", USUBJID=str(usubjid)).set_index("PARAMCD")["AVAL"]
        group = group.assign(day=group["ARELTM"].astype(float), value=group["AVAL"].astype(float)).sort_values("day")
        group = group[group["day"] > 0]
        above = group[group["BLQFL"] == ""]
        if group.empty or above.empty:
            assert found.empty or (found["CMAX"], found["AUC0_28"], found["TMAX"]) == ("0", "0", "")
            continue
        top = above.loc[above["value"].idxmax()]
        taken = study.of("ADPC", USUBJID=str(usubjid), PARAMCD="QPCR", ANL01FL="Y")
        last = taken["ARELTM"].astype(float).max()
        want = {
            "CMAX": top["value"],
            "TMAX": top["day"],
            "CLST": above["value"].iloc[-1],
            "TLST": above["day"].iloc[-1],
        }
        if last >= 25 and (above["day"] <= END).sum() >= 3:
            want["AUC0_28"] = area(list(zip(group["day"], group["value"], strict=True)), last)
        else:
            assert found["AUC0_28"] == ""
        for code, value in want.items():
            near = {"abs": 0.0051} if code in ("TMAX", "TLST") else {"rel": 6e-6}
            if float(found[code]) != pytest.approx(value, **near):
                wrong.append((usubjid, code, found[code], value))
    assert wrong == []


def planted(study: Study, usubjid: str) -> bool:
    """Whether a flaw changed the qPCR samples of a subject, or took one away."""
    known = {
        c["row"] for f in study.flaws for c in f["cells"] if c["file"] == "carT_qpcr.csv" and f["subject"] == usubjid
    }
    lost = [f for f in study.flaws if f["rule"] == "subject-unknown" and usubjid.endswith(str(f["clean"]))]
    start = any(c["sheet"] == "INF" and c["column"] in ("INFDAT", "INFSTTIM") for f in study.flaws
                if f["subject"] == usubjid for c in f["cells"])  # fmt: skip
    return bool(known or lost or start)


def test_parameters_are_those_of_the_key(study: Study) -> None:
    """To 6 significant digits, as reported; those that a flaw changed are those of a flaw's subject."""
    differ = set()
    truth = study.truth["pk"]
    assert set(study.of("ADPP", PARAMCD="CMAX")["USUBJID"]) == set(truth)
    for usubjid, key in truth.items():
        found = study.of("ADPP", USUBJID=usubjid).set_index("PARAMCD")["AVAL"]
        for code in ("CMAX", "TMAX", "AUC0_28", "CLST", "TLST"):
            want = math.nan if key[code] is None else float(key[code])
            got = number(found[code])
            if got != pytest.approx(want, rel=1e-12, nan_ok=True):
                differ.add(usubjid)
        assert found["PERSDUR"] == found["TLST"]
    assert [u for u in differ if not planted(study, u)] == []
    if not study.flaws:
        assert differ == set()


def test_the_end_of_persistence_is_censored_where_the_last_sample_is_quantifiable(study: Study) -> None:
    want = set()
    for (usubjid, code), listed in samples(study).items():
        later = [s for s in analysed(listed) if s.day > 0]
        if code == "QPCR" and later and not later[-1].below:
            want.add(usubjid)
    assert set(study.of("ADPP", PERSCFL="Y")["USUBJID"]) == want
    assert set(study.of("ADPP", PERSCFL="Y")["PARAMCD"]) <= {"PERSDUR"}


def test_largest_fraction_of_flow_cytometry(study: Study) -> None:
    """FLOWMAX and FLTMAX, and the record of ADPC that they name."""
    for (usubjid, code), listed in samples(study).items():
        if code != "FLOWPCT":
            continue
        found = study.of("ADPP", USUBJID=usubjid).set_index("PARAMCD")
        later = [s for s in analysed(listed) if s.day > 0]
        above = [s for s in later if not s.below]
        top = max(above, key=lambda s: (s.number, -s.day), default=None)
        if not later:
            assert "FLOWMAX" not in found.index
            continue
        assert number(found["AVAL"]["FLOWMAX"]) == (top.number if top else 0)
        assert number(found["AVAL"]["FLTMAX"]) == pytest.approx(
            round(top.day, 2) if top else math.nan, abs=0.0051, nan_ok=True
        )
        if top is not None:
            for parameter, variable in (("FLOWMAX", "AVAL"), ("FLTMAX", "ARELTM")):
                assert tuple(found.loc[parameter, ["SRCDOM", "SRCVAR"]]) == ("ADPC", variable)
                source = study.of("ADPC", USUBJID=usubjid, ASEQ=found["SRCSEQ"][parameter])
                assert list(source["SRCSEQ"].astype(int)) == [top.seq]


def test_every_parameter_of_pp_leads_to_its_record(study: Study) -> None:
    pp = study.data["PP"].set_index(["USUBJID", "PPSEQ"])
    codes = {"CMAX": "CMAX", "TMAX": "TMAX", "AUC0_28": "AUCINT", "CLST": "CLST", "TLST": "TLST", "PERSDUR": "TLST"}
    found = study.of("ADPP", SRCDOM="PP")
    assert set(found["PARAMCD"]) == set(codes)
    for row in found.to_dict("records"):
        source = pp.loc[(row["USUBJID"], row["SRCSEQ"])]
        assert source["PPTESTCD"] == codes[row["PARAMCD"]]
        assert (row["AVAL"] == "") == (source["PPSTRESN"] == "") == (row["AREASND"] != "") == (row["AVALU"] == "")
        assert row["AREASND"] == source.get("PPREASND", "")
        if row["PARAMCD"] != "AUC0_28":
            assert (row["AVAL"], row["AVALU"]) == (source["PPSTRESN"], source["PPSTRESU"])
        elif row["AVAL"]:
            assert (float(row["AVAL"]), row["AVALU"]) == (float(source["PPSTRESN"]) / 24, "day*DNA copies/ug")
