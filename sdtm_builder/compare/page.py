"""A comparison as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import __version__
from ..report.html import TEMPLATES as REPORT
from ..report.texts import counted, listed, shortened, visible
from .result import Comparison
from .texts import keys_text, origin_lines, variable_facts, verdict

TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 100
LONGEST = 300


def write_page(path: Path, found: Comparison, shown: int = SHOWN) -> None:
    """Write the page; equal arguments give equal bytes. shown : records, and cells of a variable, that are listed."""
    path.write_text(page_text(found, shown), encoding="utf-8", newline="\n", errors="backslashreplace")


def page_text(found: Comparison, shown: int = SHOWN) -> str:
    """The page as text."""
    return rendered("compare.html.j2", found=found, verdict=verdict(found), shown=shown, keys_text=keys_text,
                    facts=variable_facts, behind=origin_lines)  # fmt: skip


def rendered(template: str, **values: Any) -> str:
    """A template of this room with the report's style; every text of data is escaped and made visible."""

    def finalize(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(REPORT)]), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, finalize=finalize,
    )  # fmt: skip
    environment.filters.update(
        number=lambda number: f"{number:,}", short=lambda text: shortened(text, LONGEST), count=counted, listed=listed
    )
    style = Markup((REPORT / "report.css").read_text(encoding="utf-8"))
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(f"\n{style}".encode()).digest()).decode("ascii")
    return environment.get_template(template).render(style=style, style_hash=allowed, version=__version__, **values)
