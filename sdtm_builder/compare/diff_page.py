"""What changed between two builds as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

from pathlib import Path

from ..report.html import rendered
from .behind import rule_text
from .builds import CAUSES, BuildDiff
from .diff_texts import counts_text, diff_verdict, raw_text
from .page import SHOWN, TEMPLATES


def write_diff_page(path: Path, found: BuildDiff, shown: int = SHOWN) -> None:
    """Write the page; equal arguments give equal bytes. shown : of each kind how many are listed; all are counted."""
    path.write_text(diff_page_text(found, shown), encoding="utf-8", newline="\n", errors="backslashreplace")


def diff_page_text(found: BuildDiff, shown: int = SHOWN) -> str:
    """The page as text."""
    return rendered("diff.html.j2", TEMPLATES, found=found, verdict=diff_verdict(found), shown=shown, causes=CAUSES,
                    counts_text=counts_text, raw_text=raw_text, rule_text=rule_text)  # fmt: skip
