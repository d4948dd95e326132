"""Analyses of the reference study against its answer key: escalation on three seeds, rates, curves, CRS, kinetics."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sdtm_builder.commands.analyses import planned_forms, write_analyses, written_forms
from sdtm_builder.commands.output import _xpt_column
from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog
from sdtm_builder.model import MapNode
from sdtm_builder.registry import load_all
from sdtm_builder.simulate import simulate
from sdtm_builder.write.xpt import write_xpt

from .conftest import Once
from .lstcar import SPECS, person

CREATED = datetime(2025, 6, 30)
Found = tuple[dict[str, Any], dict[str, Any], list[str]]


def analysed(folder: Path, seed: int, only: Sequence[str] = ()) -> Found:
    """Simulate without flaws, build the ADaM datasets that the analyses need, run them: analyses by id, key, issues."""
    load_all()
    simulate(seed, "none", out=folder / "raw")
    log = IssueLog()
    prepared = prepare(SPECS, folder / "raw", log)
    assert prepared is not None
    plan = prepared.plan
    assert plan.study.analyses is not None
    if only:
        kept = {k: v for k, v in plan.study.analyses.items.items() if k in only}
        plan.study = replace(plan.study, analyses=MapNode(kept, plan.study.analyses.keys, plan.study.analyses.mark))
    built = make(prepared, only={"ADSL"} if only else set(planned_forms(plan))).built
    (folder / "adam").mkdir()
    for one in built:
        columns = [_xpt_column(v.name, v.label, v.type, v.length, v.format, v.values) for v in one.variables]
        assert not write_xpt(folder / "adam" / f"{one.name.lower()}.xpt", one.name, one.label, columns, CREATED)
    mine = IssueLog()
    assert write_analyses(plan, written_forms(plan, built), folder, CREATED.isoformat(), mine)
    document = json.loads((folder / "report" / "analyses.json").read_text(encoding="utf-8"))
    truth = json.loads((folder / "raw" / "truth.json").read_text(encoding="utf-8"))
    return {a["id"]: a for a in document["analyses"]}, truth, [str(issue) for issue in mine]


@pytest.fixture(scope="module")
def study(once: Once) -> Found:
    found: Found = once("analysed-68", partial(analysed, seed=68))
    return found


@pytest.mark.parametrize(("seed", "dose"), [(4, "DL3"), (5, "")])
def test_the_escalation_of_other_seeds(tmp_path: Path, seed: int, dose: str) -> None:
    found, truth, issues = analysed(tmp_path, seed, ["escalation"])
    assert issues == []
    compare_escalation(found["escalation"], truth, dose)


def test_the_escalation(study: Found) -> None:
    compare_escalation(study[0]["escalation"], study[1], "DL2")


def compare_escalation(analysis: dict[str, Any], truth: dict[str, Any], dose: str) -> None:
    """Assigned, evaluable, events and decision of each level, and the recommended dose."""
    levels = {row["label"].partition(":")[0]: row for row in analysis["parts"][0]["rows"]}
    for level in truth["escalation"]:
        cells = levels[f"DL{level['level']}"]["cells"]

        def subjects(place: int, cells: list[Any] = cells) -> list[str]:
            behind = cells[place]["behind"]
            return sorted(analysis["behind"][behind]["subjects"]) if behind is not None else []

        screened = {person(k) for k in level["persons"]}
        assert set(subjects(0)) == screened
        assert subjects(3) == sorted(person(k) for k in level["evaluable"])
        assert subjects(4) == sorted(person(k) for k in level["dlts"])
        # the key says EXPAND of the highest level passed: part 2, the expansion, follows
        assert cells[6]["text"] == {"EXPAND": "PASSED"}.get(level["decision"], level["decision"])
    wanted = f"({dose})" if dose else "No dose is recommended"
    assert wanted in analysis["conclusion"]
    assert [f"DL{level}" for level in truth["rp2d"] if level] == ([dose] if dose else [])


def test_nothing_of_a_clean_study_is_refused(study: Found) -> None:
    assert study[2] == []


def infused(truth: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Subjects with an infusion, by USUBJID."""
    return {one["usubjid"]: one for one in truth["subjects"] if one["infusion"]}


def counted(analysis: dict[str, Any], label: str) -> tuple[int, set[str]]:
    """Denominator and subjects of a row's last cell."""
    for part in analysis["parts"]:
        for row in part.get("rows", []):
            if row["label"] == label and row["cells"]:
                cell = row["cells"][-1]
                subjects = analysis["behind"][cell["behind"]]["subjects"] if cell["behind"] is not None else []
                assert cell["values"]["n"] == len(subjects)
                return cell["values"]["N"], set(subjects)
    raise AssertionError(label)


def test_best_response(study: Found) -> None:
    found, truth, _ = study
    of, responders = counted(found["orr_best"], "CR or CRi (overall response)")
    everyone = infused(truth)
    assert of == len(everyone)
    assert responders == {name for name, one in everyone.items() if one["bor"] in ("CR", "CRi")}


CURVES: dict[str, tuple[str, str]] = {
    "os": ("OS", "FULL"), "os_w24": ("OS", "W24"), "pfs": ("PFS", "FULL"), "pfs_w24": ("PFS", "W24"),
    "efs": ("EFS", "FULL"), "dor": ("DOR", "FULL"), "dor_w24": ("DOR", "W24"), "persistence": ("PERS", "FULL"),
    "crs_time": ("CRSTM", "FULL"), "crs_duration": ("CRSDUR", "FULL"), "dlt_time": ("TTDLT", "FULL"),
}  # fmt: skip


@pytest.mark.parametrize("name", CURVES)
def test_each_curve_is_that_of_the_answer_key_by_lifelines(study: Found, name: str) -> None:
    lifelines = pytest.importorskip("lifelines")
    found, truth, _ = study
    parameter, cut = CURVES[name]
    keyed = [one[parameter][cut] for one in truth["endpoints"].values() if one.get(parameter)]
    times = np.array([one["aval"] for one in keyed if one], dtype=float)
    events = np.array([one["cnsr"] == 0 for one in keyed if one])
    curve = next(c for c in found[name]["parts"][1]["curves"] if c["group"] == "total")
    assert (curve["n"], curve["events"]) == (len(times), int(events.sum()))
    fitted = lifelines.KaplanMeierFitter().fit(times, events)
    for step in curve["steps"]:
        expected = float(fitted.survival_function_at_times(step["time"]).iloc[0])
        assert step["survival"] == pytest.approx(expected, abs=1e-12)
        if step["lower"] is not None and step["time"] > 0:
            limits = fitted.confidence_interval_.loc[step["time"]]
            assert (step["lower"], step["upper"]) == pytest.approx(tuple(limits), abs=1e-9)
    drawn = {float(t) for t, e in zip(times, events, strict=True) if e}
    assert {s["time"] for s in curve["steps"][1:]} == drawn


def test_crs_by_its_highest_grade(study: Found) -> None:
    found, truth, _ = study
    worst = {}
    for name, one in infused(truth).items():
        fatal = any(e["end"] is None for e in one["crs"]) and (one["death"] or {}).get("cause") == "ADVERSE EVENT"
        if one["crs"]:  # the key has the daily grades, of which 4 is the highest; the event of a death has 5
            worst[name] = 5 if fatal else max(e["max_grade"] for e in one["crs"])
    assert counted(found["crs_icans"], "Cytokine release syndrome")[1] == set(worst)
    rows = {row["label"]: row["cells"][-1]["values"]["n"] for row in found["crs_icans"]["parts"][0]["rows"][1:6]}
    assert rows == {f"Highest grade {g}": sum(v == g for v in worst.values()) for g in range(1, 6)}


def test_kinetics(study: Found) -> None:
    found, truth, _ = study
    values = np.array([one["cmax"] for one in infused(truth).values()], dtype=float)
    rows = found["kinetics"]["parts"][0]["rows"]
    start = next(i for i, row in enumerate(rows) if row["label"].startswith("Largest"))

    def block(label: str) -> dict[str, Any]:
        return next(r for r in rows[start + 1 :] if r["label"] == label)

    assert block("n")["cells"][-1]["text"] == str(len(values))
    shown = {name: block(name)["cells"][-1]["values"]["value"] for name in ("Geometric mean", "Median")}
    expected = {"Geometric mean": float(np.exp(np.log(values).mean())), "Median": float(np.median(values))}
    assert shown == pytest.approx(expected, rel=1e-5)


def test_each_number_names_what_it_rests_on(study: Found) -> None:
    found, _, _ = study
    for name, analysis in found.items():
        for part in analysis["parts"]:
            for row in part.get("rows", []):
                for cell in row["cells"]:
                    if cell is not None and cell["values"].get("n"):
                        behind = analysis["behind"][cell["behind"]]
                        assert behind["records"], (name, row["label"])
                        if "N" in cell["values"]:
                            assert len(behind["subjects"]) == cell["values"]["n"], (name, row["label"])
