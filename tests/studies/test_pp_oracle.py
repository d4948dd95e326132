"""PP of LstCAR019 programmed a second time from the raw files alone; relations and comments looked up both ways.

Nothing of the package is imported: the command line makes the raw files and the datasets, pyreadstat reads them.
"""

from __future__ import annotations

import csv
import json
import math
import re
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd
import pyreadstat
import pytest

from .conftest import Files

ELAPSED = {  # hours of a time point after the infusion
    "Pre": -24, "D0": 2, "D1": 24, "D3": 72, "D5": 120, "D7": 168, "D10": 240, "D14": 336, "D21": 504, "D28": 672,
    "W8": 1344, "W12": 2016, "M6": 4032, "M9": 6552, "M12": 8760,
}  # fmt: skip
END, REACH = 28.0, 25.0


class Build(NamedTuple):
    """The folders of raw files and datasets, and whether flaws were planted."""

    raw: Path
    out: Path
    flaws: str

    def dataset(self, name: str) -> pd.DataFrame:
        """A written dataset, missing texts as ""."""
        return pyreadstat.read_xport(str(self.out / "sdtm" / f"{name.lower()}.xpt"))[0]


@pytest.fixture(scope="module", params=[(68, "none"), (4, "all")], ids=lambda p: f"seed-{p[0]}-flaws-{p[1]}")
def build(request: pytest.FixtureRequest, files: Files) -> Build:
    raw, out = files(*request.param)
    return Build(raw, out, request.param[1])


def sheet(raw: Path, name: str) -> list[dict[str, str]]:
    rows = list(openpyxl.load_workbook(raw / "edc.xlsx", read_only=True)[name].values)
    return [dict(zip(rows[0], r, strict=False)) for r in rows[2:]]


def infusions(raw: Path) -> dict[str, tuple[str, datetime]]:
    """Number of a person -> first screening number, start of the first bag."""
    first = {r["SUBJID"].strip(): r["PERSID"].strip() for r in sheet(raw, "SUBJ")}
    found: dict[str, datetime] = {}
    for row in sheet(raw, "INF"):
        start = datetime.fromisoformat(f"{row['INFDAT'].strip()}T{row['INFSTTIM'].strip()}")
        number = row["SUBJID"].strip()
        found[number] = min(start, found.get(number, start))
    return {number: (first[number], start) for number, start in found.items()}


def samples(raw: Path) -> dict[str, list[tuple[float, float | None]]]:
    """First screening number -> (days after the infusion, copies or None below the limit), in order of time."""
    known = infusions(raw)
    best: dict[tuple[str, str], tuple[float, float, float | None]] = {}
    with (raw / "carT_qpcr.csv").open(encoding="gb18030", newline="") as file:
        for row in csv.DictReader(file):
            digits = re.fullmatch(r"(?:01-)?S-?([0-9]+)", row["受试者"])
            number = f"S{digits[1].zfill(3)}" if digits else ""
            if number not in known:
                continue
            person, start = known[number]
            taken = datetime.strptime(f"{row['采样日期']} {row['采样时间']}", "%d/%m/%Y %H:%M")
            text = row["RESULT"]
            value = None if text in ("BLQ", "ND") or float(text) < float(row["LLOQ"]) else float(text)
            value = value if value is None else min(value, float(row["ULOQ"]))
            away = abs((taken - start) - timedelta(hours=ELAPSED[row["TIMEPOINT"]])) / timedelta(days=1)
            key = (person, row["TIMEPOINT"])
            if key not in best or away < best[key][0]:
                best[key] = (away, (taken - start) / timedelta(days=1), value)
    found = defaultdict(list)
    for (person, _), (_, day, value) in best.items():
        if day > 0:
            found[person].append((day, value))
    return {person: sorted(listed, key=lambda s: s[0]) for person, listed in found.items()}


def area(listed: list[tuple[float, float | None]]) -> float | None:
    """Copies times hours to day 28; None if not estimable."""
    hits = [i for i, (_, value) in enumerate(listed) if value is not None]
    if not hits:
        return 0.0
    if listed[-1][0] < REACH or sum(listed[i][0] <= END for i in hits) < 3:
        return None
    curve = [(0.0, 0.0)]
    for i, (day, value) in enumerate(listed):
        if value is not None or i < hits[0] or i == hits[-1] + 1:
            curve.append((day, value or 0.0))
    if listed[-1][0] < END and curve[-1][1] > 0:
        (t1, c1), (t2, c2) = [(d, v) for d, v in listed if v is not None][-2:]
        rate = max(0.0, math.log(c1 / c2) / (t2 - t1))
        curve.append((END, curve[-1][1] * math.exp(-rate * (END - curve[-1][0]))))
    total = 0.0
    for (t1, c1), (t2, c2) in pairwise(curve):
        if t1 >= END:
            break
        falls = 0 < c2 < c1
        if t2 > END:
            part = (END - t1) / (t2 - t1)
            c2 = c1 ** (1 - part) * c2**part if falls else c1 + part * (c2 - c1)
            t2 = END
        total += (c1 - c2) * (t2 - t1) / math.log(c1 / c2) if falls else (t2 - t1) * (c1 + c2) / 2
    return total * 24


def expected(raw: Path) -> dict[str, dict[str, float | None]]:
    found = {}
    for person, listed in samples(raw).items():
        above = [(day, value) for day, value in listed if value is not None]
        top = max(above, key=lambda s: s[1], default=None)
        found[person] = {
            "CMAX": top[1] if top else 0.0, "TMAX": top[0] if top else None, "AUCINT": area(listed),
            "CLST": above[-1][1] if above else None, "TLST": above[-1][0] if above else None,
        }  # fmt: skip
    return found


def rounded(value: float, code: str) -> float:
    """Six significant digits, times two decimals, half up."""
    exact = Decimal(repr(round(value, 9)) if code in ("TMAX", "TLST") else repr(value))
    places = -2 if code in ("TMAX", "TLST") else exact.adjusted() - 5
    return float(exact.quantize(Decimal(1).scaleb(places), ROUND_HALF_UP))


def test_every_parameter_is_the_same(build: Build) -> None:
    written = build.dataset("PP")
    mine = expected(build.raw)
    assert set(written["USUBJID"]) == {f"LSTCAR019-01-{person}" for person in mine}
    assert len(written) == 5 * len(mine)
    units = {
        "CMAX": "DNA copies/ug",
        "CLST": "DNA copies/ug",
        "AUCINT": "h*DNA copies/ug",
        "TMAX": "day",
        "TLST": "day",
    }
    differ = []
    for row in written.to_dict("records"):
        value = mine[row["USUBJID"].removeprefix("LSTCAR019-01-")][row["PPTESTCD"]]
        if value is None:
            same = math.isnan(row["PPSTRESN"]) and row["PPSTAT"] == "NOT DONE" and row["PPREASND"] != ""
        else:
            same = row["PPSTRESN"] == rounded(value, row["PPTESTCD"]) and row["PPSTRESU"] == units[row["PPTESTCD"]]
        if not same or (float(row["PPSTRESC"] or "nan") != row["PPSTRESN"] and row["PPSTRESC"]):
            differ.append((row["USUBJID"], row["PPTESTCD"], row["PPSTRESN"], value))
    assert differ == []


def test_the_key_of_the_study_says_the_same(build: Build) -> None:
    """truth.json has them from the clean tables, the area in days."""
    if build.flaws != "none":
        return
    truth = json.loads((build.raw / "truth.json").read_text(encoding="utf-8"))["pk"]
    written = build.dataset("PP").set_index(["USUBJID", "PPTESTCD"])["PPSTRESN"]
    assert set(truth) == set(written.index.get_level_values(0))
    for usubjid, said in truth.items():
        for code in ("CMAX", "TMAX", "CLST", "TLST"):
            assert said[code] == pytest.approx(written[usubjid, code], nan_ok=True) or said[code] is None, usubjid
        if said["AUC0_28"] is not None:
            assert said["AUC0_28"] * 24 == pytest.approx(written[usubjid, "AUCINT"], rel=1e-5), usubjid


def test_every_related_record_is_there_and_every_relation_has_two_sides(build: Build) -> None:
    relations = build.dataset("RELREC")
    single = relations[relations["USUBJID"] != ""]
    for (domain, variable), group in single.groupby(["RDOMAIN", "IDVAR"]):
        data = build.dataset(domain)
        there = set(
            zip(data["USUBJID"], data[variable].map(lambda v: f"{v:g}" if isinstance(v, float) else v), strict=True)
        )
        assert set(zip(group["USUBJID"], group["IDVARVAL"], strict=True)) <= there
    sides = single.groupby(["USUBJID", "RELID"])["RDOMAIN"].nunique()
    assert set(sides) == {2}
    assert single["RELTYPE"].eq("").all()
    assert not single.duplicated(["USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL", "RELID"]).any()


def test_treated_events_from_the_forms(build: Build) -> None:
    """A medication for an event is in one relation with it, and no other is."""
    relations = build.dataset("RELREC")
    treated = relations[relations["RELID"].str.startswith("TREATED")]
    ae, cm = build.dataset("AE"), build.dataset("CM")
    pairs = set()
    for _, group in treated.groupby(["USUBJID", "RELID"]):
        events = group[group["RDOMAIN"] == "AE"]
        for drug in group[group["RDOMAIN"] == "CM"].to_dict("records"):
            pairs |= {(drug["USUBJID"], int(drug["IDVARVAL"]), int(e)) for e in events["IDVARVAL"]}
    event = {(r["USUBJID"], r["AELNKID"]): int(r["AESEQ"]) for r in ae.to_dict("records")}
    named = [r for r in cm.to_dict("records") if r["CMLNKID"]]
    wanted = {(r["USUBJID"], int(r["CMSEQ"]), event[r["USUBJID"], r["CMLNKID"]]) for r in named
              if (r["USUBJID"], r["CMLNKID"]) in event}  # fmt: skip
    assert pairs == wanted
    assert len(pairs) > 50


def test_whole_datasets_are_related_by_values_that_both_have(build: Build) -> None:
    relations = build.dataset("RELREC")
    whole = relations[relations["USUBJID"] == ""]
    assert sorted(set(whole["RELID"])) == ["DAILY", "ICE", "INFUSED", "KINETIC", "MARROW", "RESIDUAL"]
    for relid, group in whole.groupby("RELID"):
        values = []
        for row in group.to_dict("records"):
            data = build.dataset(row["RDOMAIN"])
            keys = list(zip(data["USUBJID"], data[row["IDVAR"]], strict=True))
            values.append({k for k in keys if k[1]})
            assert row["RELTYPE"] == "MANY" or len([k for k in keys if k[1]]) == len(values[-1]), relid
        assert len(values) == 2
        assert values[0] & values[1], relid


def test_comments_hold_the_whole_report_of_the_record_that_they_name(build: Build) -> None:
    comments, lb = build.dataset("CO"), build.dataset("LB")
    marrow = comments[comments["RDOMAIN"] == "LB"].to_dict("records")
    there = set(zip(lb["USUBJID"], lb["LBREFID"], strict=True))
    assert {(r["USUBJID"], r["IDVARVAL"]) for r in marrow} <= there
    text = sorted(" ".join(p for p in (r["COVAL"], r.get("COVAL1", "")) if p) for r in marrow)
    assert text == sorted(str(r["BMRPT_EN"]).strip() for r in sheet(build.raw, "BMA") if r["BMRPT_EN"])
    assert all(len(r["COVAL"]) <= 200 for r in marrow)
