"""An acceptance as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

from pathlib import Path

from ..report.html import rendered
from .accept import Acceptance
from .findings import KINDS
from .texts import accept_verdict

TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 200


def write_page(path: Path, found: Acceptance, shown: int = SHOWN) -> None:
    """Write the page; equal arguments give equal bytes. shown : of each kind how many are listed; all are counted."""
    path.write_text(page_text(found, shown), encoding="utf-8", newline="\n", errors="backslashreplace")


def page_text(found: Acceptance, shown: int = SHOWN) -> str:
    """The page; every text of data is escaped and made visible."""
    return rendered("accept.html.j2", TEMPLATES, found=found, verdict=accept_verdict(found), shown=shown, kinds=KINDS)
