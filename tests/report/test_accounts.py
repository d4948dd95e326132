"""Accounts of rows, steps and findings, and the order and grouping of issues."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sdtm_builder.issues import Issue, Location, Severity
from sdtm_builder.model.summary import BlockSummary, SourceSummary, StepCount
from sdtm_builder.report.accounts import block_account, dataset_difference, first_looks, source_account
from sdtm_builder.report.findings import Findings, cause_rule, spot
from sdtm_builder.report.texts import counted, listed, one_line, shortened, visible

from . import report_kit as kit


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain 好转 é", "plain 好转 é"),
        ("a\tb\nc", "a\tb\nc"),
        ("\x00\x1b[31m\r", "␀␛[31m␍"),
        ("\x7f\x85", "␡\\x85"),
        ("a\u202eb\ufeff\ufffe\u2028", "a\\u202eb\\ufeff\\ufffe\\u2028"),
        ("\udc80", "\\udc80"),
    ],
)
def test_visible(text: str, seen: str) -> None:
    assert visible(text) == seen


def test_texts() -> None:
    assert one_line("a\nERROR: b\tc\r") == "a␊ERROR: b␉c␍"
    assert shortened("abcde", 5) == "abcde"
    assert shortened("abcdef", 5) == "abcde… (the first 5 of 6 characters)"
    assert [counted(0, "row"), counted(1, "row"), counted(1191, "row")] == ["0 rows", "1 row", "1,191 rows"]
    assert [listed([]), listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


def test_source_account() -> None:
    account = source_account(kit.raw_ae())
    assert [fate for fate, _ in account.fates] == [
        "used",
        "filtered: No adverse event reported",
        "in error",
        "unplaced",
    ]
    assert (account.missing, account.unplaced, account.sums, account.complete) == (0, 1, True, False)
    assert source_account(kit.raw_dm()).complete
    short = source_account(kit.raw_crs())
    assert (short.missing, short.sums, short.complete) == (1, False, False)
    over = source_account(SourceSummary("X", (), 3, {"used": 5}, ()))
    assert (over.missing, over.sums) == (-2, False)
    listed_only = source_account(replace(kit.raw_dm(), unplaced=(("edc.xlsx", "DM", 3),)))
    assert (listed_only.unplaced, listed_only.complete) == (1, False)


def test_block_account() -> None:
    events, crs = kit.ae().blocks
    steps = [(s.step, s.before, s.out, s.after) for s in block_account(events).steps]
    assert steps == [("where", 214, 6, 208), ("in error", 208, 2, 206)]
    assert block_account(events).missing == 0
    assert [(s.before, s.out, s.after) for s in block_account(crs).steps] == [(40, 4, 36), (36, 3, 69)]
    assert block_account(crs).missing == 0
    assert block_account(replace(events, records=205)).missing == 1
    assert block_account(replace(events, records=207)).missing == -1
    assert block_account(BlockSummary("b", (), 5, (StepCount("read", 4),), 5)).missing == 1


def test_dataset_difference() -> None:
    ae = kit.ae()
    assert dataset_difference(ae) == 0
    assert dataset_difference(replace(ae, records=274)) == 1
    assert dataset_difference(replace(ae, blocks=())) == 0
    fed = BlockSummary("all", ("events", "crs"), 275, (), 275)
    assert dataset_difference(replace(ae, blocks=(*ae.blocks, fed))) == 0


def test_order_is_of_the_content() -> None:
    issues = kit.issues()
    there, back = Findings(issues), Findings(reversed(issues))
    assert list(there) == list(back)
    assert len(there) == 36
    assert [(g.severity.value, g.rule, g.count) for g in there.groups] == [
        ("error", "ct-miss", 30),
        ("error", "date-unreadable", 1),
        ("error", "start-after-end", 1),
        ("warning", "dm-no-death", 1),
        ("warning", "text-not-ascii", 1),
        ("note", "ct-synonym", 2),
    ]
    keys = [issue.locations[2].key for issue in there.groups[0].issues[:4]]
    assert keys == [f"USUBJID=LSTCAR019-000 AESEQ={n}" for n in (5, 10, 15, 20)]
    assert Findings.of(there) is there
    assert there[0].locations[2].key == keys[0]


def test_rule_of_two_severities_makes_two_groups() -> None:
    first = Issue("r", Severity.ERROR, "a")
    found = Findings([replace(first, severity=Severity.NOTE), first])
    assert [(g.severity, g.count) for g in found.groups] == [(Severity.ERROR, 1), (Severity.NOTE, 1)]


def test_group_counts() -> None:
    found = Findings(kit.issues())
    miss, unreadable, order = found.groups[:3]
    assert miss.places() == [("AE.AEOUT", 30)]
    assert miss.values() == [("ongoing", 8), ("好转", 8), ("<b>dead</b>", 7), ("Recoverd", 7)]
    assert miss.hint == "Add a synonym, a `map`, or correct the data."
    assert (unreadable.followers, unreadable.roots) == (1, 1)
    assert (order.followers, order.roots, order.causes) == (0, 0, {"date-unreadable: AESTDAT": 1})
    assert found.by_dataset() == {"AE": {Severity.ERROR: 31, Severity.WARNING: 0, Severity.NOTE: 0}}


@pytest.mark.parametrize("text", ["date-unreadable", "date-unreadable: x", "date-unreadable (3)", "date-unreadable[x]"])
def test_cause_rule(text: str) -> None:
    assert cause_rule(text) == "date-unreadable"


def test_spot() -> None:
    yaml, raw = Location(yaml="a.yaml", line=3), kit.cell(4, "AEOUT")
    data = Location(dataset="AE", key="k", variable="AEOUT")
    assert spot(Issue("r", Severity.NOTE, "", (yaml, raw, data))) == "AE.AEOUT"
    assert spot(Issue("r", Severity.NOTE, "", (yaml, raw))) == "edc.xlsx, sheet AE, column AEOUT"
    assert spot(Issue("r", Severity.NOTE, "", (yaml,))) == "a.yaml"
    assert spot(Issue("r", Severity.NOTE, "")) == ""


def test_first_looks() -> None:
    looks = first_looks(kit.build(), Findings(kit.issues()))
    assert [(look.severity.value, look.text) for look in looks] == [
        ("error", "raw.AE: 1 row without a place"),
        ("error", "raw.CRS: 40 rows read, 39 accounted for"),
        ("error", "date-unreadable: 1 error"),
        ("error", "ct-miss: 30 errors"),
        ("warning", "2 raw columns of 1 source neither used nor declared unused"),
        ("warning", "text-not-ascii: 1 warning"),
    ]
    assert first_looks(replace(kit.build(), sources=(kit.raw_dm(),)), Findings([])) == []
    broken = replace(kit.ae(), blocks=(replace(kit.ae().blocks[0], records=1),))
    texts = [look.text for look in first_looks(replace(kit.build(), sources=(), datasets=(broken,)), Findings([]))]
    assert texts == ["AE: steps of events don't add up", "AE: 275 records, its blocks made another number"]
