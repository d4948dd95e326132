"""The page of the analyses: figures by known points, links to what is behind a number, data escaped."""

import re

import pytest
from lxml import etree, html

from sdtm_builder.report.analyses import analyses_text
from sdtm_builder.report.figures import figures_of, intervals_figure
from sdtm_builder.report.figures.parts import DASHES, linear, logarithmic, number

SVG = "{http://www.w3.org/2000/svg}"
GROUPS = {
    "g1": {"id": "g1", "label": "Low", "kind": "group", "n": 2, "subjects": ["S1", "S2"]},
    "g2": {"id": "g2", "label": "High <b>", "kind": "group", "n": 1, "subjects": ["S3"]},
    "total": {"id": "total", "label": "Total", "kind": "total", "n": 3, "subjects": ["S1", "S2", "S3"]},
}


def axis(label, low, high, scale="linear", unit=""):
    return {"label": label, "unit": unit, "scale": scale, "low": low, "high": high}


def step(time, survival, lower=None, upper=None):
    return {
        "time": time,
        "survival": survival,
        "lower": lower,
        "upper": upper,
        "at_risk": 2,
        "events": 1,
        "behind": None,
    }


def curve(group, label, steps, end, censored=()):
    return {
        "group": group,
        "label": label,
        "n": 2,
        "events": len(steps) - 1,
        "steps": steps,
        "end": end,
        "censored": list(censored),
    }


def survival(curves):
    return {
        "kind": "plot",
        "form": "survival",
        "title": "",
        "x": axis("Time", 0.0, 100.0, unit="days"),
        "y": axis("Survival", 0.0, 1.0),
        "level": 0.95,
        "curves": curves,
        "at": [1, 50],
        "at_risk": [[2, 1] for _ in curves],
    }


def document(analyses, **more):
    datasets = [
        {
            "name": "ADSL",
            "label": "",
            "file": "adam/adsl.xpt",
            "records": 3,
            "keys": ["USUBJID", "VISIT"],
            "key_values": {"1": ["S1", "WEEK 4"], "2": ["S2", "D1"]},
        }
    ]
    populations = [
        {"id": "all", "title": "Everyone", "dataset": "ADSL", "where": "", "n": 3, "subjects": ["S1", "S2", "S3"]}
    ]
    return {
        "format": "sdtm_builder analyses",
        "version": 1,
        "study": {"id": "X1", "title": "A <i>trial</i>"},
        "as_of": "2025-06-30T00:00:00",
        "datasets": datasets,
        "populations": populations,
        "analyses": analyses,
    } | more


def analysis(parts, behind=(), **more):
    return {
        "id": "one",
        "title": "First",
        "method": "rate",
        "about": "What it does.",
        "dataset": "ADSL",
        "where": "",
        "population": "all",
        "reason": "",
        "purpose": "",
        "comment": "",
        "by": "Actual Treatment (TRT01A)",
        "footnotes": ["A note."],
        "documents": [],
        "place": {"file": "specs/x/analyses.yaml", "line": 7},
        "groups": list(GROUPS.values()),
        "conclusion": "",
        "parts": parts,
        "behind": list(behind),
    } | more


def table(columns, rows, head=""):
    return {
        "kind": "table",
        "form": "table",
        "title": "",
        "head": head,
        "rows": rows,
        "columns": [{"label": label, "group": group, "unit": "", "align": "right"} for label, group in columns],
    }


def cell(text, behind=None, **values):
    return {"text": text, "values": values, "behind": behind}


def points(svg, width):
    """The corners of each line of a stroke's width in a figure."""
    lines = [e for e in etree.fromstring(svg).iter(f"{SVG}polyline") if e.get("stroke-width") == width]
    return [[tuple(float(n) for n in pair.split(",")) for pair in e.get("points").split()] for e in lines]


def words(svg):
    return ["".join(e.itertext()) for e in etree.fromstring(svg).iter(f"{SVG}text")]


def test_a_step_curve_has_its_corners_where_the_numbers_are():
    """Time 0 to 100 is 190 to 860, survival 0 to 1 is 314 to 14: one half is 164; a step is level, then falls."""
    two = [curve("g1", "Low", [step(0, 1), step(50, 0.5)], 80), curve("g2", "High <b>", [step(0, 1)], 100)]
    svg, _ = figures_of(survival(two), GROUPS, "a", "Time to <x>")
    assert points(svg, "1.8") == [[(190, 14), (525, 14), (525, 164), (726, 164)], [(190, 14), (860, 14)]]
    dashes = [e.get("stroke-dasharray") for e in etree.fromstring(svg).iter(f"{SVG}polyline")]
    assert dashes == [None, DASHES[1]]


def test_limits_end_where_they_cannot_be_estimated():
    """In the first panel survival 0 to 1 is 186 to 26 and time 0 to 100 is 60 to 858."""
    steps = [step(0, 1, 1, 1), step(25, 0.5, 0.25, 0.75), step(50, 0, None, None)]
    _, svg = figures_of(survival([curve("g1", "Low", steps, 60)]), GROUPS, "a", "T")
    band = [e.get("points").split() for e in etree.fromstring(svg).iter(f"{SVG}polygon")]
    assert band == [["60,26", "259.5,26", "259.5,66", "459,66", "459,146", "259.5,146", "259.5,26", "60,26"]]
    assert points(svg, "1.6") == [[(60, 26), (259.5, 26), (259.5, 106), (459, 106), (459, 186), (538.8, 186)]]


def test_the_total_stands_in_the_numbers_at_risk_and_not_among_the_curves():
    curves = [curve(g, GROUPS[g]["label"], [step(0, 1)], 10) for g in ("g1", "g2", "total")]
    svg, panels = figures_of(survival(curves), GROUPS, "a", "T")
    assert len(points(svg, "1.8")) == 2
    assert words(svg).count("Total") == 1
    assert "Total (n = 2)" in words(panels)


def test_a_censored_subject_is_told():
    one = {"time": 20, "survival": 1.0, "subject": "S1", "label": "NO EVENT", "behind": None}
    svg, _ = figures_of(survival([curve("g1", "Low", [step(0, 1)], 40, [one])]), GROUPS, "a", "T")
    assert "S1, 20: NO EVENT" in [e.text for e in etree.fromstring(svg).iter(f"{SVG}title")]


def test_no_subject_no_curve():
    none = {**curve("g1", "Low", [], 0), "n": 0}
    assert figures_of(survival([none]), GROUPS, "a", "T") == []


def swimmer(bars):
    kinds = [{"id": "CR", "label": "Complete"}, {"id": "D", "label": "Death"}, {"id": "CRS", "label": "Storm"}]
    return {
        "kind": "plot",
        "form": "swimmer",
        "title": "",
        "x": axis("Day", 1.0, 100.0),
        "y": axis("", None, None),
        "kinds": kinds,
        "bars": bars,
    }


def bar(subject, group, end, marks=(), phases=(), ongoing=False):
    return {
        "subject": subject,
        "label": subject,
        "group": group,
        "start": 1.0,
        "end": end,
        "ongoing": ongoing,
        "phases": list(phases),
        "marks": list(marks),
        "behind": 0,
    }


def test_bars_stand_under_their_group_with_signs_and_stretches():
    """Day 0 to 100 is 150 to 850: day 50 is 500."""
    marks = [{"kind": "CR", "time": 50.0, "text": "CR", "behind": 0}]
    phases = [{"kind": "CRS", "start": 10.0, "end": None, "behind": 0}]
    (svg,) = figures_of(swimmer([bar("S1", "g1", 100.0, marks, phases), bar("S3", "g2", 30.0)]), GROUPS, "s", "Course")
    told = [e.text for e in etree.fromstring(svg).iter(f"{SVG}title")]
    assert told == ["Course", "S1: 1 to 100", "S1: Storm from 10 not ended", "S1, 50: Complete, CR", "S3: 1 to 30"]
    assert [w for w in words(svg) if w.startswith(("Low", "High", "S"))] == [
        "Storm",
        "Low (n = 2)",
        "S1",
        "High <b> (n = 1)",
        "S3",
    ]
    rings = [(e.get("cx"), e.get("r")) for e in etree.fromstring(svg).iter(f"{SVG}circle")]
    assert rings == [("12", "4.6"), ("500", "4.6")]  # the key's, the mark's
    bars = [(e.get("x"), e.get("width")) for e in etree.fromstring(svg).iter(f"{SVG}rect")]
    assert bars == [("157", "693"), ("157", "203")]
    assert "ongoing" not in words(svg)


def test_an_ongoing_bar_has_an_arrow_that_the_key_tells():
    (svg,) = figures_of(swimmer([bar("S1", "g1", 100.0, ongoing=True)]), GROUPS, "s", "Course")
    assert "ongoing" in words(svg)


def lines(points, scale="log"):
    one = {"subject": "S1", "group": "g1", "label": "S1", "points": points}
    return {
        "kind": "plot",
        "form": "lines",
        "title": "",
        "x": axis("Day", 0.0, 10.0),
        "statistic": "median",
        "y": axis("Copies", 10.0, 1000.0, scale),
        "lines": [one],
        "means": [{**one, "subject": None}],
        "limits": [{"label": "LLOQ", "y": 50.0}],
    }


def point(x, y, drawn=True):
    return {"x": x, "y": y, "drawn": drawn, "text": "", "n": 1, "behind": 0}


def test_a_logarithmic_line_breaks_where_a_value_is_not_drawn():
    """Day 0 to 10 is 88 to 860, 10 to 1000 is 340 to 20: 100 is 180. A point alone is a short stroke."""
    plot = lines([point(0, 10), point(5, 1000), point(7, 0, drawn=False), point(10, 100)])
    together, subjects = figures_of(plot, GROUPS, "l", "Copies")
    assert points(together, "2") == [[(88, 340), (474, 20)], [(858, 180), (862, 180)]]
    assert "Median of each group at each nominal time. Broken line across: LLOQ 50." in words(together)
    assert "Thin: one subject each. Thick: the group. Broken line across: LLOQ 50." in words(subjects)
    assert len(points(subjects, "1")) == 2
    assert len(points(subjects, "2.6")) == 2


def test_an_interval_is_drawn_from_limit_to_limit():
    """0 to 100 % is 330 to 730."""
    shares = table(
        [("", "g1"), ("", "total")],
        [
            {"label": "Response", "level": 0, "cells": [cell("1/2 (50.0)"), cell("1/3 (33.3)")]},
            {
                "label": "95 % confidence interval",
                "level": 1,
                "cells": [cell("[1.3, 98.7]", estimate=0.5, lower=0.0125, upper=0.9875, level=0.95), None],
            },
        ],
    )
    svg = intervals_figure(shares, GROUPS, "i", "Rate")
    drawn = [
        (e.get("x1"), e.get("x2")) for e in etree.fromstring(svg).iter(f"{SVG}line") if e.get("stroke-width") == "1.6"
    ]
    assert drawn == [("335", "725"), ("335", "335"), ("725", "725")]
    assert "50.0 % [1.3, 98.7]" in words(svg)
    assert [w for w in words(svg) if w.startswith("Response")] == [
        "Response: % of the subjects, with 95 % interval"
    ]
    assert intervals_figure(table([("n", None)], []), GROUPS, "i", "Rate") == ""


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (0, 456, [0, 100, 200, 300, 400, 500]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (5, 5, [5, 5.2, 5.4, 5.6, 5.8, 6]),
        (-3, 7, [-4, -2, 0, 2, 4, 6, 8]),
        (None, None, [0, 0.2, 0.4, 0.6, 0.8, 1]),
    ],
)
def test_ticks_are_round(low, high, ticks):
    assert linear(low, high, 0, 100, 5)[1] == ticks


def test_an_axis_of_time_begins_close_to_the_first_time():
    """From -1 to 365 an axis that began at -50 would be empty for an eighth of it."""
    scale, ticks = linear(-1, 365, 0, 366, 10, close=True)
    assert (scale.low, scale.high, ticks[0]) == (-1, 400, 0)
    assert linear(-40, 365, 0, 366, 10, close=True)[1][0] == -50
    assert linear(0, 84, 0, 100, 10, close=True)[1][0] == 0


def test_powers_of_ten():
    scale, ticks = logarithmic(25, 556096, 0, 100)
    assert ticks == [10, 100, 1000, 10000, 100000, 1000000]
    assert scale(10) == 0
    assert scale(1000) == 40
    assert [number(n) for n in (0, 0.25, 1000, 1e6, 1e7, 2e-5)] == ["0", "0.25", "1,000", "1,000,000", "1e7", "2e-5"]


def test_numbers_lead_to_the_records_behind_them():
    rows = [
        {"label": "n <1>", "level": 1, "cells": [cell("2", 0, n=2), None]},
        {"label": "Head", "level": 0, "cells": []},
    ]
    behind = [{"dataset": "ADSL", "records": [1, 2], "subjects": ["S1", "S2"]}]
    page = html.fromstring(
        analyses_text(document([analysis([table([("", "g1"), ("", "g2")], rows)], behind)]), "outputs/x1")
    )
    (link,) = page.xpath("//td/a")
    assert link.text == "2"
    (target,) = page.xpath(f"//li[@id='{link.get('href')[1:]}']")
    assert target.text_content().split() == [
        "2",
        "subjects,",
        "2",
        "records",
        "of",
        "ADSL",
        "ADSL",
        "USUBJID=S1",
        "VISIT='WEEK",
        "4'",
        "ADSL",
        "USUBJID=S2",
        "VISIT=D1",
    ]
    assert [th.text_content() for th in page.xpath("//tbody//th")] == ["n <1>", "Head"]
    assert [th.text_content() for th in page.xpath("//thead//th")] == ["", "Lown = 2", "High <b>n = 1"]
    assert "sdtm-builder trace outputs/x1" in page.text_content()


def test_columns_of_one_group_stand_under_it():
    page = html.fromstring(
        analyses_text(document([analysis([table([("All", "g1"), (">= 3", "g1"), ("All", "g2")], [])])]), "o")
    )
    heads = [(th.text_content(), th.get("colspan")) for th in page.xpath("//thead/tr[1]/th")]
    assert heads == [("", None), ("Lown = 2", "2"), ("High <b>n = 1", "1")]
    assert [th.text_content() for th in page.xpath("//thead/tr[2]/th")] == ["All", ">= 3", "All"]


def test_a_conclusion_stands_on_top_and_in_its_place():
    text = analyses_text(document([analysis([], conclusion="Recommended: 2."), analysis([], id="two")]), "o")
    assert len(re.findall("Recommended: 2.", text)) == 2
    assert text.index('class="answer"') < text.index("<section")


def test_the_page_is_whole_reaches_nothing_outside_and_runs_nothing():
    plots = [survival([curve("g2", "High <b>", [step(0, 1)], 9)]), swimmer([bar("S<1>", "g2", 9.0)])]
    text = analyses_text(document([analysis(plots)]), "o")
    page = html.fromstring(text)
    assert "<b>" not in text.replace("<b></b>", "")
    assert "<i>" not in text
    assert "style=" not in text
    assert page.xpath("//script") == []
    addresses = page.xpath("//@href | //@src")
    assert all(not a.startswith(("http", "//", "data:")) for a in addresses)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert all(a[1:] in ids for a in addresses if a.startswith("#"))
    assert text == analyses_text(document([analysis(plots)]), "o")


def test_a_number_behind_which_too_many_stand_says_how_many_more():
    many = {"dataset": "ADSL", "records": [], "subjects": [f"S{i}" for i in range(203)]}
    text = html.fromstring(analyses_text(document([analysis([], [many])]), "o")).text_content()
    assert "203 subjects" in text
    assert "and 3 more, in analyses.json" in text


def test_a_share_in_a_figure_rounds_half_up_as_in_its_table():
    """1 of 16 is 6.25 %: 6.3 in the table and beside the point."""
    cells = [cell("[0.2, 30.2]", estimate=0.0625, lower=0.00158, upper=0.30232, level=0.95)]
    rows = [{"label": "Response", "level": 0, "cells": [cell("1/16 (6.3)")]},
            {"label": "95 % confidence interval", "level": 1, "cells": cells}]  # fmt: skip
    assert "6.3 % [0.2, 30.2]" in words(intervals_figure(table([("", "g1")], rows), GROUPS, "i", "Rate"))


def test_the_page_says_by_what_subjects_fall_into_columns():
    text = analyses_text(document([analysis([], [])]), "outputs/S1")
    assert "Subjects by Actual Treatment (TRT01A)." in text
