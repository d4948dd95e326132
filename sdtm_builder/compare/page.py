"""A comparison as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

from pathlib import Path

from ..report.html import rendered
from .result import Comparison
from .texts import keys_text, origin_lines, variable_facts, verdict

TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 100


def write_page(path: Path, found: Comparison, shown: int = SHOWN) -> None:
    """Write the page; equal arguments give equal bytes. shown : records, and cells of a variable, that are listed."""
    path.write_text(page_text(found, shown), encoding="utf-8", newline="\n", errors="backslashreplace")


def page_text(found: Comparison, shown: int = SHOWN) -> str:
    """The page as text."""
    return rendered("compare.html.j2", TEMPLATES, found=found, verdict=verdict(found), shown=shown, keys_text=keys_text,
                    facts=variable_facts, behind=origin_lines)  # fmt: skip
