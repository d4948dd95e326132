"""Each method of analysis on a small literal table: what is shown, and which records and subjects stand behind it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .small import Rows, rows_of, run, subjects

ADSL = subjects(
    6, TRT=["B", "A", "A", "B", "B", None], TRTN=[2, 1, 1, 2, 2, None], SAFFL=["Y"] * 5 + ["N"],
    PART=["esc", "esc", "esc", "exp", "exp", None], RESP=["Y", "N", "Y", "Y", "N", None],
)  # fmt: skip
HEAD = """
populations:
  safety: {title: Safety, dataset: ADSL, where: SAFFL = 'Y'}
  everyone: {title: All, dataset: ADSL}
analyses:
  one:
    title: One
    population: safety
    by: TRT
    order: TRTN
"""


def one(folder: Path, yaml: str, **data: Rows) -> tuple[dict[str, Any], list[str]]:
    lines = "\n".join(f"    {line}" for line in yaml.strip().splitlines())
    document, issues = run(folder, HEAD + lines, {"ADSL": ADSL, **data})
    return document["analyses"][0], issues


# rate


ADRS: Rows = [
    {"USUBJID": "S1", "PARAMCD": "RSP", "AVALC": "Y"},
    {"USUBJID": "S2", "PARAMCD": "RSP", "AVALC": "N"},
    {"USUBJID": "S3", "PARAMCD": "RSP", "AVALC": "Y"},
    {"USUBJID": "S4", "PARAMCD": "RSP", "AVALC": "Y"},
    {"USUBJID": "S6", "PARAMCD": "RSP", "AVALC": "Y"},
    {"USUBJID": "S4", "PARAMCD": "OTHER", "AVALC": "Y"},
]
RATE = "method: rate\ndataset: ADRS\nwhere: PARAMCD = 'RSP'\nrows: {Yes: AVALC = 'Y'}"


def test_a_rate_is_of_the_population_and_groups_come_in_their_order(tmp_path: Path) -> None:
    found, issues = one(tmp_path, RATE, ADRS=ADRS)
    assert issues == []
    assert [(g["id"], g["label"], g["kind"], g["n"], g["subjects"]) for g in found["groups"]] == [
        ("g1", "A", "group", 2, ["S2", "S3"]),
        ("g2", "B", "group", 3, ["S1", "S4", "S5"]),
        ("total", "Total", "total", 5, ["S1", "S2", "S3", "S4", "S5"]),
    ]
    assert rows_of(found["parts"][0]) == [
        ["Yes", "1/2 (50.0)", "2/3 (66.7)", "3/5 (60.0)"],
        ["95 % confidence interval", "[1.3, 98.7]", "[9.4, 99.2]", "[14.7, 94.7]"],
    ]
    total = found["parts"][0]["rows"][0]["cells"][2]
    assert total["values"] == {"n": 3, "N": 5, "percent": 60.0}
    assert found["behind"][total["behind"]] == {"dataset": "ADRS", "records": [1, 3, 4], "subjects": ["S1", "S3", "S4"]}


def test_what_a_condition_cannot_decide_is_not_counted(tmp_path: Path) -> None:
    rows = [*ADRS, {"USUBJID": "S5", "PARAMCD": "RSP", "AVALC": None}]
    found, _ = one(tmp_path, RATE.replace("Yes: AVALC = 'Y'", "No: AVALC <> 'Y'"), ADRS=rows)
    assert rows_of(found["parts"][0])[0] == ["No", "1/2 (50.0)", "0/3 (0.0)", "1/5 (20.0)"]


def test_a_column_with_two_parts_has_them_beside_it(tmp_path: Path) -> None:
    found, _ = one(tmp_path, RATE + "\nsplit: PART", ADRS=ADRS)
    assert [(g["label"], g["kind"], g["n"]) for g in found["groups"]] == [
        ("A", "group", 2), ("B", "group", 3), ("B, esc", "part", 1), ("B, exp", "part", 2), ("Total", "total", 5),
    ]  # fmt: skip


def test_a_rate_of_subjects_with_a_record(tmp_path: Path) -> None:
    found, _ = one(tmp_path, RATE + "\nof: records\ninterval: 'false'\ntotal: 'false'", ADRS=ADRS)
    assert rows_of(found["parts"][0]) == [["Yes", "1/2 (50.0)", "2/2 (100.0)"]]


def test_subjects_without_a_group_are_told(tmp_path: Path) -> None:
    yaml = HEAD.replace("population: safety", "population: everyone")
    lines = "\n".join(f"    {line}" for line in RATE.splitlines())
    found = run(tmp_path, yaml + lines, {"ADSL": ADSL, "ADRS": ADRS})[0]["analyses"][0]
    assert found["footnotes"] == ["1 subject without a value of TRT: counted under Total alone."]
    assert found["by"] == "TRT"
    assert found["groups"][-1]["n"] == 6


# time to event


def test_kaplan_meier_reads_off_its_curve(tmp_path: Path) -> None:
    rows: Rows = [
        {"USUBJID": "S1", "AVAL": 10, "CNSR": 0, "EVNTDESC": "DEATH"},
        {"USUBJID": "S2", "AVAL": 5, "CNSR": 1, "EVNTDESC": "LOST"},
        {"USUBJID": "S3", "AVAL": 20, "CNSR": 0, "EVNTDESC": "DEATH"},
        {"USUBJID": "S4", "AVAL": 15, "CNSR": 0, "EVNTDESC": "DEATH"},
        {"USUBJID": "S5", "AVAL": 30, "CNSR": 2, "EVNTDESC": "NO EVENT"},
    ]
    found, issues = one(tmp_path, """
method: kaplan_meier
dataset: ADTTE
time: AVAL
event: CNSR = 0
description: EVNTDESC
event_name: Deaths
survival_at: [12, 31]
at_risk: [1, 15]
unit: days
""", ADTTE=rows)  # fmt: skip
    assert issues == []
    assert rows_of(found["parts"][0]) == [
        ["Subjects", "2", "3", "5"],
        ["Deaths", "1 (50.0)", "2 (66.7)", "3 (60.0)"],
        ["Censored", "1 (50.0)", "1 (33.3)", "2 (40.0)"],
        ["Median (days)", "20", "15", "15"],
        ["95 % confidence interval", "[NE, NE]", "[10, NE]", "[10, NE]"],
        ["Survival at 12 days, %", "100.0", "66.7", "75.0"],
        ["95 % confidence interval", "NE", "[5.4, 94.5]", "[12.8, 96.1]"],
        ["Survival at 31 days, %", "0.0", "NE", "NE"],
        ["95 % confidence interval", "NE", "NE", "NE"],
        ["At risk"],
        ["at 1 day", "2", "3", "5"],
        ["at 15 days", "1", "2", "3"],
    ]
    assert found["footnotes"] == [
        "NE: not estimable; the curve or its limit does not come so low, or is not known so long. "
        "A curve at 100 % or at 0 % has no interval."
    ]
    plot = found["parts"][1]
    total = plot["curves"][-1]
    assert [(s["time"], round(s["survival"], 3), s["at_risk"], s["events"]) for s in total["steps"]] == [
        (0, 1.0, 5, 0), (10, 0.75, 4, 1), (15, 0.5, 3, 1), (20, 0.25, 2, 1),
    ]  # fmt: skip
    assert [(c["time"], c["survival"], c["subject"], c["label"]) for c in total["censored"]] == [
        (5, 1.0, "S2", "LOST"), (30, 0.25, "S5", "NO EVENT"),
    ]  # fmt: skip
    assert (plot["x"]["low"], plot["x"]["high"], total["end"], plot["at"], plot["at_risk"][-1]) == (
        0, 30, 30, [1, 15], [5, 3],
    )  # fmt: skip
    assert found["behind"][total["steps"][2]["behind"]] == {"dataset": "ADTTE", "records": [4], "subjects": ["S4"]}


def test_two_times_of_a_subject_are_a_fault_and_neither_counts(tmp_path: Path) -> None:
    rows: Rows = [{"USUBJID": "S2", "AVAL": 5, "CNSR": 0}, {"USUBJID": "S3", "AVAL": 5, "CNSR": 0},
                  {"USUBJID": "S3", "AVAL": 9, "CNSR": 0}, {"USUBJID": "S1", "AVAL": None, "CNSR": 0},
                  {"USUBJID": "S4", "AVAL": 3, "CNSR": None}]  # fmt: skip
    found, issues = one(tmp_path, "method: kaplan_meier\ndataset: ADTTE\ntime: AVAL\nevent: CNSR = 0", ADTTE=rows)
    assert [i.partition(" (")[0] for i in issues] == [
        "analysis-data: one: several records of a subject where one is wanted: it is left out.",
        "analysis-data: one: no time to the event: the record is left out.",
        "analysis-data: one: event or censored is unknown: the record is left out.",
    ]
    assert rows_of(found["parts"][0])[0] == ["Subjects", "1", "0", "1"]
    assert found["footnotes"][0] == "3 subjects have no usable time, and no part in the curves."


# adverse events


ADAE: Rows = [
    {"USUBJID": "S1", "SOC": "Blood", "PT": "Anaemia", "GR": 3, "SER": "Y"},
    {"USUBJID": "S1", "SOC": "Blood", "PT": "Anaemia", "GR": 1, "SER": "N"},
    {"USUBJID": "S2", "SOC": "Blood", "PT": "Neutropenia", "GR": 4, "SER": "N"},
    {"USUBJID": "S3", "SOC": "Immune", "PT": "CRS", "GR": 2, "SER": "N"},
    {"USUBJID": "S1", "SOC": "Immune", "PT": "CRS", "GR": 2, "SER": "N"},
    {"USUBJID": "S4", "SOC": None, "PT": None, "GR": None, "SER": "N"},
    {"USUBJID": "S6", "SOC": "Blood", "PT": "Anaemia", "GR": 5, "SER": "Y"},
]


def test_terms_by_worst_grade(tmp_path: Path) -> None:
    found, issues = one(tmp_path, """
method: occurrence_table
dataset: ADAE
any: Any event
terms: [SOC, PT]
grade: GR
bands: {All: ["", ""], ">= 3": [3, 5]}
""", ADAE=ADAE)  # fmt: skip
    assert issues == []
    table = found["parts"][0]
    assert [(c["label"], c["group"]) for c in table["columns"]] == [
        ("All", "g1"), (">= 3", "g1"), ("All", "g2"), (">= 3", "g2"), ("All", "total"), (">= 3", "total"),
    ]  # fmt: skip
    assert [(r["level"], *texts) for r, texts in zip(table["rows"], rows_of(table), strict=True)] == [
        (0, "Any event", "2 (100.0)", "1 (50.0)", "2 (66.7)", "1 (33.3)", "4 (80.0)", "2 (40.0)"),
        (0, "Blood", "1 (50.0)", "1 (50.0)", "1 (33.3)", "1 (33.3)", "2 (40.0)", "2 (40.0)"),
        (1, "Anaemia", "0", "0", "1 (33.3)", "1 (33.3)", "1 (20.0)", "1 (20.0)"),
        (1, "Neutropenia", "1 (50.0)", "1 (50.0)", "0", "0", "1 (20.0)", "1 (20.0)"),
        (0, "Immune", "1 (50.0)", "0", "1 (33.3)", "0", "2 (40.0)", "0"),
        (1, "CRS", "1 (50.0)", "0", "1 (33.3)", "0", "2 (40.0)", "0"),
        (0, "Not coded", "0", "0", "1 (33.3)", "0", "1 (20.0)", "0"),
        (1, "Not coded", "0", "0", "1 (33.3)", "0", "1 (20.0)", "0"),
    ]
    severe = table["rows"][2]["cells"][5]
    assert severe["values"] == {"n": 1, "N": 5, "percent": 20.0, "events": 1}
    assert found["behind"][severe["behind"]] == {"dataset": "ADAE", "records": [1], "subjects": ["S1"]}
    assert table["rows"][2]["cells"][0] == {"text": "0", "values": {"n": 0, "N": 2, "percent": 0.0, "events": 0},
                                            "behind": None}  # fmt: skip
    assert found["footnotes"] == [
        "1 record has no term, shown as 'Not coded'.", "1 record has no grade, and no part in columns of grades.",
    ]  # fmt: skip


def test_an_overview_counts_subjects_and_events(tmp_path: Path) -> None:
    yaml = (
        "method: occurrence_table\ndataset: ADAE\nevents: 'true'\nrows: {Any: USUBJID IS NOT NULL, Serious: SER = 'Y'}"
    )
    found, _ = one(tmp_path, yaml, ADAE=ADAE)
    assert rows_of(found["parts"][0]) == [
        ["Any", "2 (100.0) 2", "2 (66.7) 4", "4 (80.0) 6"],
        ["Serious", "0", "1 (33.3) 1", "1 (20.0) 1"],
    ]


def test_episodes(tmp_path: Path) -> None:
    rows: Rows = [
        {"USUBJID": "S1", "TYPE": "CRS", "GR": 1, "START": 3, "DUR": 4},
        {"USUBJID": "S1", "TYPE": "CRS", "GR": 3, "START": 9, "DUR": 2},
        {"USUBJID": "S2", "TYPE": "CRS", "GR": 2, "START": 6, "DUR": None},
    ]
    found, _ = one(tmp_path, """
method: episode_table
dataset: ADAE
type: TYPE
types: {CRS: Release, ICANS: Neuro}
grade: GR
grades: [1, 2, 3]
onset: START
duration: DUR
unit: days
""", ADAE=rows)  # fmt: skip
    assert rows_of(found["parts"][0]) == [
        ["Release", "1 (50.0)", "1 (33.3)", "2 (40.0)"],
        ["Highest grade 1", "0", "0", "0"],
        ["Highest grade 2", "1 (50.0)", "0", "1 (20.0)"],
        ["Highest grade 3", "0", "1 (33.3)", "1 (20.0)"],
        ["Episodes", "1", "2", "3"],
        ["Not ended", "1", "0", "1"],
        ["Onset of the first, days, median (range)", "6.0 (6, 6)", "3.0 (3, 3)", "4.5 (3, 6)"],
        ["Duration, days, median (range)", "-", "3.0 (2, 4)", "3.0 (2, 4)"],
        ["Neuro", "0", "0", "0"],
        ["Highest grade 1", "0", "0", "0"],
        ["Highest grade 2", "0", "0", "0"],
        ["Highest grade 3", "0", "0", "0"],
        ["Episodes", "0", "0", "0"],
        ["Not ended", "0", "0", "0"],
        ["Onset of the first, days, median (range)", "-", "-", "-"],
        ["Duration, days, median (range)", "-", "-", "-"],
    ]


# laboratory


LB: Rows = [
    {"USUBJID": "S1", "PARAM": "HGB", "BASE": 1, "WORST": "2"},
    {"USUBJID": "S1", "PARAM": "HGB", "BASE": 1, "WORST": "3"},
    {"USUBJID": "S2", "PARAM": "HGB", "BASE": 0, "WORST": None},
    {"USUBJID": "S3", "PARAM": "HGB", "BASE": None, "WORST": "1"},
]
SHIFT = """
method: shift_table
dataset: ADLB
each: PARAM
from: {Low: BASE}
to: {Low: WORST}
grades: [0, 1, 2, 3]
"""


def test_shifts_go_to_the_worst_grade(tmp_path: Path) -> None:
    found, issues = one(tmp_path, SHIFT, ADLB=LB)
    assert issues == []
    assert [p["title"] for p in found["parts"]] == ["Low, Total", "Low, A", "Low, B"]
    assert [c["label"] for c in found["parts"][0]["columns"]] == ["Grade 0", "Grade 1", "Grade 2", "Grade 3", "Missing"]
    assert rows_of(found["parts"][0]) == [
        ["HGB"],
        ["Grade 0", "0", "0", "0", "0", "1 (33.3)"],
        ["Grade 1", "0", "0", "0", "1 (33.3)", "0"],
        ["Missing", "0", "1 (33.3)", "0", "0", "0"],
    ]
    worst = found["parts"][0]["rows"][2]["cells"][3]
    assert found["behind"][worst["behind"]] == {"dataset": "ADLB", "records": [2], "subjects": ["S1"]}


def test_a_baseline_that_differs_and_an_unknown_grade_are_told(tmp_path: Path) -> None:
    rows = [*LB, {"USUBJID": "S1", "PARAM": "HGB", "BASE": 0, "WORST": "7"}]
    _, issues = one(tmp_path, SHIFT, ADLB=rows)
    assert any("analysis-differs: one: the baseline grade differs" in i for i in issues)
    assert any("analysis-data: one: Low: a grade that is not among `grades`" in i for i in issues)


# numbers


PP: Rows = [
    {"USUBJID": "S1", "PARAM": "CMAX", "AVAL": 100},
    {"USUBJID": "S4", "PARAM": "CMAX", "AVAL": 400},
    {"USUBJID": "S5", "PARAM": "CMAX", "AVAL": 0},
    {"USUBJID": "S2", "PARAM": "CMAX", "AVAL": 12.5},
    {"USUBJID": "S3", "PARAM": "CMAX", "AVAL": None},
]


def test_statistics_have_one_decimal_more_than_the_data(tmp_path: Path) -> None:
    yaml = "method: summary_table\ndataset: ADPP\neach: PARAM\nvalue: AVAL\nstatistics: [n, mean, sd, median, range]"
    found, issues = one(tmp_path, yaml, ADPP=PP)
    assert issues == []
    assert rows_of(found["parts"][0]) == [
        ["CMAX"],
        ["n", "1", "3", "4"],
        ["Mean", "12.50", "166.67", "128.13"],
        ["SD", "NE", "208.17", "186.63"],
        ["Median", "12.50", "100.00", "56.25"],
        ["Minimum, maximum", "12.5, 12.5", "0.0, 400.0", "0.0, 400.0"],
    ]
    assert found["footnotes"] == ["NE: too few values for the statistic."]


def test_geometric_statistics_are_of_values_above_zero(tmp_path: Path) -> None:
    yaml = "method: summary_table\ndataset: ADPP\nvalue: AVAL\nstatistics: [geometric_mean, geometric_cv]\ndigits: 4"
    found, _ = one(tmp_path, yaml, ADPP=PP)
    assert rows_of(found["parts"][0]) == [
        ["Geometric mean", "12.50", "200.0", "79.37"],
        ["Geometric CV, %", "NE", "127.0", "446.8"],
    ]
    assert found["footnotes"][0] == "1 value is not above 0, with no part in the geometric mean and CV."


def test_two_groups_by_rank_sum(tmp_path: Path) -> None:
    rows: Rows = [{"USUBJID": f"S{i}", "AVAL": v} for i, v in ((1, 1), (3, 2), (4, 3), (2, 10), (5, 12))]
    yaml = "method: group_test\ndataset: ADPP\nvalue: AVAL\nbetween: RESP\nnames: {Y: Yes, N: No}"
    found, issues = one(tmp_path, yaml, ADPP=rows)
    assert issues == []
    # all of one group below the other: 2 of the 10 ways to choose 3 of 5
    assert rows_of(found["parts"][0]) == [["AVAL", "3", "2.0 (1, 3)", "2", "11.0 (10, 12)", "0.200"]]
    assert found["footnotes"] == []
    tied, _ = one(tmp_path / "tied", yaml, ADPP=[*rows[:4], {"USUBJID": "S5", "AVAL": 10}])
    assert tied["footnotes"] == ["By the normal approximation: the test."]


# subjects


def test_disposition_with_reasons(tmp_path: Path) -> None:
    rows = "rows: {Responded: RESP = 'Y', Treated: SAFFL = 'Y'}\nreasons: {Treated: PART}"
    found, _ = one(tmp_path, f"method: disposition\ndataset: ADSL\n{rows}")
    assert rows_of(found["parts"][0]) == [
        ["Responded", "1 (50.0)", "2 (66.7)", "3 (60.0)"],
        ["Treated", "2 (100.0)", "3 (100.0)", "5 (100.0)"],
        ["esc", "2 (100.0)", "1 (33.3)", "3 (60.0)"],
        ["exp", "0", "2 (66.7)", "2 (40.0)"],
    ]


def test_a_listing_sorted(tmp_path: Path) -> None:
    yaml = "method: listing\ndataset: ADRS\nwhere: AVALC = 'Y'\nsort: [PARAMCD, USUBJID]\ncolumns: {What: PARAMCD}"
    found, _ = one(tmp_path, yaml, ADRS=ADRS)
    assert rows_of(found["parts"][0]) == [["S4", "OTHER"], ["S1", "RSP"], ["S3", "RSP"], ["S4", "RSP"]]
    cell = found["parts"][0]["rows"][0]["cells"][0]
    assert found["behind"][cell["behind"]] == {"dataset": "ADRS", "records": [6], "subjects": ["S4"]}


def test_a_listing_of_nothing_says_so(tmp_path: Path) -> None:
    yaml = "method: listing\ndataset: ADRS\nwhere: AVALC = 'Z'\ncolumns: {What: PARAMCD}"
    assert one(tmp_path, yaml, ADRS=ADRS)[0]["footnotes"] == ["No records fulfil the condition."]


# plots


def test_swimmer_bars_by_group_the_longest_first(tmp_path: Path) -> None:
    data = [{**row, "LAST": last} for row, last in zip(ADSL, (30, 50, 60, 90, None, 5), strict=True)]
    lines = """
    method: swimmer_plot
    dataset: ADSL
    start: "1"
    end: LAST
    ongoing: RESP = 'N'
    axis: Day
    unit: days
    marks: {CR: {dataset: ADRS, where: PARAMCD = 'RSP', time: DAY, text: AVALC}}
    phases: {Release: {dataset: ADAE, time: START, end: STOP}}
"""
    adrs: Rows = [{"USUBJID": "S1", "PARAMCD": "RSP", "AVALC": "Y", "DAY": 29},
                  {"USUBJID": "S1", "PARAMCD": "RSP", "AVALC": "N", "DAY": 15},
                  {"USUBJID": "S4", "PARAMCD": "RSP", "AVALC": "N", "DAY": None}]  # fmt: skip
    adae: Rows = [{"USUBJID": "S3", "START": 3, "STOP": None}, {"USUBJID": "S3", "START": 1, "STOP": 2}]
    document, issues = run(tmp_path, HEAD + lines.lstrip("\n"), {"ADSL": data, "ADRS": adrs, "ADAE": adae})
    plot = document["analyses"][0]["parts"][0]
    assert [(b["subject"], b["group"], b["start"], b["end"], b["ongoing"]) for b in plot["bars"]] == [
        ("S3", "g1", 1, 60, False), ("S2", "g1", 1, 50, True), ("S4", "g2", 1, 90, False), ("S1", "g2", 1, 30, False),
    ]  # fmt: skip
    assert [(m["kind"], m["time"], m["text"]) for m in plot["bars"][3]["marks"]] == [("CR", 15, "N"), ("CR", 29, "Y")]
    assert [(p["kind"], p["start"], p["end"]) for p in plot["bars"][0]["phases"]] == [
        ("Release", 1, 2),
        ("Release", 3, None),
    ]
    assert [k["id"] for k in plot["kinds"]] == ["CR", "Release"]
    assert document["analyses"][0]["footnotes"] == [
        "1 subject has no begin or end of the course, and no bar.", "CR: 1 record has no time and is not drawn.",
    ]  # fmt: skip
    assert len(issues) == 1
    assert "analysis-not-drawn: one: `CR`: a record without a time." in issues[0]
    assert [d["name"] for d in document["datasets"]] == ["ADAE", "ADRS", "ADSL"]


CURVE = (
    ("S1", 1.1, 1, 2),
    ("S1", 0.1, 0, 0),
    ("S4", 0.0, 0, 2),
    ("S4", 1.0, 1, 4),
    ("S5", 1.2, 1, 9),
    ("S5", 0.2, 0, 1),
)
CENTERS = [("median", [1.0, 4.0]), ("mean", [1.0, 5.0]), ("geometric_mean", [2.0, 4.0])]


@pytest.mark.parametrize(("center", "values"), CENTERS)
def test_lines_and_their_center(tmp_path: Path, center: str, values: list[float]) -> None:
    rows: list[dict[str, str | float | None]] = [{"USUBJID": s, "X": x, "NOM": n, "AVAL": v} for s, x, n, v in CURVE]
    rows = [r for r in rows if not (center == "geometric_mean" and r["USUBJID"] == "S5")]
    if center == "geometric_mean":
        rows = [{**r, "AVAL": 8 if r["USUBJID"] == "S4" and r["NOM"] == 1 else r["AVAL"]} for r in rows]
    found, _ = one(tmp_path, f"""
method: line_plot
dataset: ADPC
x: X
y: AVAL
nominal: NOM
center: {center}
scale: log
x_label: Time
y_label: Level
limits: {{LLOQ: 3}}
""", ADPC=rows)  # fmt: skip
    plot = found["parts"][0]
    first = plot["lines"][0]
    assert (first["subject"], first["group"]) == ("S1", "g2")
    assert [(p["x"], p["y"], p["drawn"]) for p in first["points"]] == [(0.1, 0, False), (1.1, 2, True)]
    assert [p["y"] for p in plot["means"][0]["points"]] == pytest.approx(values)
    assert plot["limits"] == [{"label": "LLOQ", "y": 3.0}]
    assert (plot["y"]["scale"], plot["y"]["low"]) == ("log", min(v for v in [*values, 2] if v > 0))


# what is asked for in vain


def test_a_mistyped_parameter_is_told_and_its_zeros_are_no_result(tmp_path: Path) -> None:
    found, issues = one(tmp_path, RATE.replace("'RSP'", "'RPS'"), ADRS=ADRS)
    assert [c["text"] for c in found["parts"][0]["rows"][0]["cells"]] == ["0/2 (0.0)", "0/3 (0.0)", "0/5 (0.0)"]
    assert found["footnotes"][-1] == "No records fulfil the condition."
    assert [i.split(" ", 1)[1] for i in issues] == [
        "analysis-empty: one: no record of ADRS fulfils `PARAMCD = 'RPS'`.",
        "analysis-parameter: one: no record of ADRS has PARAMCD 'RPS'. "
        "Mend the code; where the data have no such record yet, accept it.",
    ]


def test_a_mistyped_parameter_of_a_row_is_told(tmp_path: Path) -> None:
    yaml = "method: rate\ndataset: ADRS\nrows: {Yes: \"PARAMCD IN ('RSP', 'CBR') AND AVALC = 'Y'\", No: PARAMCD <> 'X'}"
    _, issues = one(tmp_path, yaml, ADRS=ADRS)
    assert len(issues) == 1
    assert "analysis-parameter: one: no record of ADRS has PARAMCD 'CBR'." in issues[0]


def test_a_listing_without_records_is_a_note_alone(tmp_path: Path) -> None:
    yaml = "method: listing\ndataset: ADRS\nwhere: AVALC = 'Z'\ncolumns: {Value: AVALC}"
    found, issues = one(tmp_path, yaml, ADRS=ADRS)
    assert found["footnotes"] == ["No records fulfil the condition."]
    assert len(issues) == 1
    assert "analysis-empty" in issues[0]
