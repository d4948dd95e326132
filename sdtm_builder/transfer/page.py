"""An acceptance as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .. import __version__
from ..report.html import TEMPLATES as REPORT
from ..report.texts import counted, shortened, visible
from .accept import Acceptance
from .findings import KINDS
from .texts import accept_verdict

TEMPLATES = Path(__file__).with_name("templates")
SHOWN = 200
LONGEST = 300


def write_page(path: Path, found: Acceptance, shown: int = SHOWN) -> None:
    """Write the page; equal arguments give equal bytes. shown : of each kind how many are listed; all are counted."""
    path.write_text(page_text(found, shown), encoding="utf-8", newline="\n", errors="backslashreplace")


def page_text(found: Acceptance, shown: int = SHOWN) -> str:
    """The page; every text of data is escaped and made visible."""

    def finalize(value: object) -> object:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(REPORT)]), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, finalize=finalize,
    )  # fmt: skip
    environment.filters.update(number=lambda n: f"{n:,}", short=lambda text: shortened(text, LONGEST), count=counted)
    style = Markup((REPORT / "report.css").read_text(encoding="utf-8"))
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(f"\n{style}".encode()).digest()).decode("ascii")
    return environment.get_template("accept.html.j2").render(
        style=style, style_hash=allowed, version=__version__, found=found, verdict=accept_verdict(found), shown=shown,
        kinds=KINDS,
    )  # fmt: skip
