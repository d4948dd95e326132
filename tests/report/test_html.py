"""The HTML report: what it says, that it reaches nothing outside, that values are shown and never obeyed."""

from __future__ import annotations

import base64
import hashlib
import time
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as parser

from sdtm_builder import __version__
from sdtm_builder.issues import Issue, Severity
from sdtm_builder.model.summary import BuildSummary
from sdtm_builder.report.html import html_text, write_html

from . import report_kit as kit

LINKS = {"Issues": "issues.xlsx", "ae.xpt": "../sdtm/ae 1#.xpt"}


@pytest.fixture(scope="module")
def text() -> str:
    return html_text(kit.build(), kit.issues(), LINKS)


@pytest.fixture(scope="module")
def page(text: str) -> parser.HtmlElement:
    return parser.document_fromstring(text)


def rows(table: parser.HtmlElement) -> list[list[str]]:
    return [[" ".join(c.text_content().split()) for c in row.xpath("./th|./td")] for row in table.xpath(".//tr")]


def one(page: parser.HtmlElement, path: str) -> parser.HtmlElement:
    (found,) = page.xpath(path)
    return found


def test_overview(page: parser.HtmlElement) -> None:
    assert rows(one(page, "//table[@class='facts']")) == [
        ["Study", "LSTCAR019, specification 1.4"],
        ["As of", "2025-03-28T00:00:00"],
        ["Profile", "final"],
        ["SDTMIG", "3.4"],
        ["SDTM CT", "2025-03-28"],
        ["Tool", f"sdtm_builder {__version__}"],
        ["Files", "Issues, ae.xpt"],
    ]
    counts = rows(one(page, "//table[@class='counts']"))
    assert counts == [["error", "32", "3 rules"], ["warning", "2", "2 rules"], ["note", "2", "1 rule"]]
    assert rows(one(page, "//table[@class='datasets']"))[1:] == [
        ["DM", "Demographics", "Special Purpose", "26", "26", "4", "none", "dm.xpt", "none"],
        ["AE", "Adverse Events", "Events", "275", "24", "9", "2: AESPEC, AEGRADE", "ae.xpt, ae.json", "error 31"],
    ]


def test_links_are_quoted_and_relative(page: parser.HtmlElement) -> None:
    outside = [a for a in page.xpath("//a/@href") if not a.startswith("#")]
    assert outside == ["issues.xlsx", "../sdtm/ae%201%23.xpt", "../sdtm/ae%201%23.xpt"]


@pytest.mark.parametrize("target", ["http://x/y", "//x/y", "/etc/x", "javascript:alert(1)", "C:\\x", "\\\\host\\x"])
def test_other_links_are_refused(target: str) -> None:
    with pytest.raises(ValueError, match="no relative path"):
        html_text(kit.build(), [], {"x": target})


def test_anchors_lead_somewhere(page: parser.HtmlElement) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {a[1:] for a in page.xpath("//a/@href") if a.startswith("#")} <= set(ids)


def test_rows_balance_or_say_so(page: parser.HtmlElement) -> None:
    table = rows(one(page, "//table[@class='accounts']"))
    assert table[1] == ["raw.DM", "edc.xlsx, DM", "DM", "28", "26 used2 duplicate", "✓ adds up"]
    assert table[2][3:] == [
        "214", "205 used6 filtered: No adverse event reported2 in error1 unplaced", "✗ 1 row without a place",
    ]  # fmt: skip
    assert "edc.xlsx, sheet AE, row 77" in table[3][0]
    assert table[4][1:] == [
        "crs_a.csvcrs_b.csv", "no dataset", "40", "36 used3 collapsed by one_per",
        "✗ does not add up: 1 row unexplained",
    ]  # fmt: skip


def test_too_many_rows_accounted_for_is_said() -> None:
    source = replace(kit.raw_dm(), rows=27)
    page = parser.document_fromstring(html_text(replace(kit.build(), sources=(source,)), [], {}))
    assert rows(one(page, "//table[@class='accounts']"))[1][5] == "✗ does not add up: 1 row too many"


def test_columns(page: parser.HtmlElement) -> None:
    dm, ae, crs = page.xpath("//details[@class='columns']")
    assert " ".join(dm[0].text_content().split()) == "raw.DM: 2 columns, 1 used, 1 declared unused, ✓ none unlisted"
    assert " ".join(ae[0].text_content().split()) == "raw.AE: 6 columns, 3 used, 1 declared unused, ✗ 2 unlisted"
    assert (dm.get("open"), ae.get("open")) == (None, "")
    assert "✗ none is listed" in crs[0].text_content()
    table = rows(ae)
    assert table[4] == ["AEOUT", "201", "used", "AE.AEOUT, DM.DTHFL"]
    reason = "Chinese side of a bilingual pair; the datasets hold the English one"
    assert table[3] == ["AETERM_ZH", "212", "declared unused", reason]
    assert table[5] == ["严重程度备注", "3", "✗ unlisted", ""]


def test_steps(page: parser.HtmlElement) -> None:
    dm, ae = page.xpath("//section[@id='steps']//table")
    assert rows(ae)[1:] == [
        ["events", "raw.AE", "rows in", "", "", "214", ""],
        ["", "", "where", "214", "6", "208", "No adverse event reported"],
        ["", "", "in error", "208", "2", "206", "AETERM is missing"],
        ["", "", "records", "", "", "206", "✓ adds up"],
        ["crs", "raw.CRS", "rows in", "", "", "40", ""],
        ["", "", "one_per", "40", "4", "36", ""],
        ["", "", "transposed", "36", "3", "69", "No result"],
        ["", "", "records", "", "", "69", "✓ adds up"],
        ["AE", "", "records written", "", "", "275", "✓ as the blocks made"],
    ]
    assert len(rows(dm)) == 5


def test_steps_that_do_not_add_up_are_said() -> None:
    dataset = replace(kit.dm(), records=27, blocks=(replace(kit.dm().blocks[0], records=25),))
    page = parser.document_fromstring(html_text(replace(kit.build(), datasets=(dataset,)), [], {}))
    table = rows(one(page, "//section[@id='steps']//table"))
    assert table[3][6] == "✗ the steps do not add up to this: 1 record unexplained"
    assert table[4][6] == "✗ the blocks made 2 fewer"


def test_findings(page: parser.HtmlElement) -> None:
    groups = page.xpath("//details[contains(@class, 'group')]")
    assert [(g.get("id"), g.get("data-severity"), g.get("open")) for g in groups][2:5] == [
        ("rule-error-start-after-end", "error", ""),
        ("rule-warning-dm-no-death", "warning", None),
        ("rule-warning-text-not-ascii", "warning", None),
    ]
    samples = rows(one(groups[0], ".//table[contains(@class, 'issues')]"))[1:]
    assert len(samples) == 20
    first = "mappings/LSTCAR019/sdtm/ae.yaml:24:9edc.xlsx, sheet AE, row 8, column AEOUT"
    message = "ongoing is no term of Outcome of Event (C66768), which is closed."
    assert samples[0] == [first + "AE.AEOUT [USUBJID=LSTCAR019-000 AESEQ=5]", "ongoing", message]
    assert "and 10 more" in groups[0].text_content()
    assert "What to do: Add a synonym" in groups[0].text_content()
    assert "Caused by date-unreadable: AESTDAT" in groups[2].text_content()
    assert "and 7 other places" in groups[4].text_content()
    index = rows(one(page, "//table[@class='index']"))
    assert [row[1:2] + row[3:] for row in index[1:4]] == [
        ["ct-miss", "30", "", ""],
        ["date-unreadable", "1", "", "1"],
        ["start-after-end", "1", "1", ""],
    ]


def test_values_are_shown_not_obeyed(page: parser.HtmlElement, text: str) -> None:
    assert not page.xpath("//td//b[text()='dead']")
    assert "&lt;b&gt;dead&lt;/b&gt;" in text
    assert "Fi\u00e8vre \\u202e␀ long" in text
    assert "\x00" not in text
    assert "\u202e" not in text
    evil = Issue(
        "</script><script>alert(1)</script>", Severity.ERROR, "{{ 7 * 7 }}<img src=x onerror=alert(1)>", value="\"'>"
    )
    made = html_text(replace(kit.build(), study="<script>x</script>", title="{% raw %}"), [evil], {"<i>": "a"})
    bad = parser.document_fromstring(made)
    assert len(bad.xpath("//script")) == 1
    assert not bad.xpath("//img | //i")
    assert "{{ 7 * 7 }}" in made
    assert "{% raw %}" in made


def test_nothing_from_outside(page: parser.HtmlElement, text: str) -> None:
    assert not page.xpath("//link | //img | //iframe | //@src | //@style | //@onclick | //object | //embed")
    assert "@import" not in text
    assert "url(" not in text
    assert "http:" not in text.replace("http://x", "")
    assert "https:" not in text
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    for kind in ("script", "style"):
        content = one(page, f"//{kind}").text
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_without_javascript_all_is_there(page: parser.HtmlElement) -> None:
    assert one(page, "//form[@id='filter']").get("hidden") is not None
    hidden = page.xpath("//*[@hidden and not(self::form)]")
    assert not hidden


def test_no_issue_and_no_data() -> None:
    clean = replace(kit.build(), sources=(kit.raw_dm(),), datasets=(kit.dm(),))
    page = parser.document_fromstring(html_text(clean, [], {}))
    assert "Nothing: no error, no warning, all rows and columns accounted for." in page.text_content()
    assert "No issue was found." in page.text_content()
    empty = BuildSummary("S", "", "", "2025-03-28", "draft", ("AE",), (), ())
    text = parser.document_fromstring(html_text(empty, [], {})).text_content()
    for said in ("No dataset was built.", "No raw source was read.", "No issue was found.", "Only AE was built anew"):
        assert said in text


def test_same_bytes(tmp_path: Path) -> None:
    write_html(tmp_path / "a.html", kit.build(), kit.issues(), LINKS)
    write_html(tmp_path / "b.html", kit.build(), list(reversed(kit.issues())), LINKS)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert b"\r" not in (tmp_path / "a.html").read_bytes()


def test_many_issues_stay_small() -> None:
    issues = [
        Issue(f"rule-{n % 40}", Severity.ERROR, f"message {n}", (kit.cell(n, "X"),), str(n)) for n in range(50_000)
    ]
    start = time.process_time()
    text = html_text(kit.build(), issues, {})
    assert time.process_time() - start < 5
    assert len(text) < 700_000
    assert "and 1,230 more" in text
