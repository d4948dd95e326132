"""The report as one HTML file: offline, printable, usable without JavaScript."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from sdtm_builder import __version__
from sdtm_builder.issues import Issue
from sdtm_builder.model.summary import BuildSummary
from sdtm_builder.report import accounts
from sdtm_builder.report.findings import SEVERITIES, Findings
from sdtm_builder.report.texts import counted, listed, shortened, visible

Filters = Mapping[str, Callable[..., Any]]
TEMPLATES = Path(__file__).with_name("templates")
SAMPLES = 20
PLACES = 5
TOP = 6
UNPLACED = 50
LONGEST = 300
"""Issues of a rule, places of an issue, values and places summed up, unplaced rows, characters of a value shown."""


def write_html(path: Path, summary: BuildSummary, issues: Sequence[Issue], links: Mapping[str, str]) -> None:
    """Write the report; equal arguments give equal bytes.

    Parameters
    ----------
    path : the file, as `report/index.html`
    summary : what the build did
    issues : what was found; the first 20 of each rule are shown, all are counted
    links : text -> path relative to the report's folder, with forward slashes and nothing quoted; a dataset's file
        whose name is a key here is a link too

    ValueError for a link that isn't relative: the report reaches nothing outside.
    """
    path.write_text(html_text(summary, issues, links), encoding="utf-8", newline="\n")


def html_text(summary: BuildSummary, issues: Sequence[Issue], links: Mapping[str, str]) -> str:
    """The report as text."""
    findings = Findings.of(issues)
    style, script = (own(TEMPLATES / name) for name in ("report.css", "report.js"))
    by_dataset = findings.by_dataset()
    return environment().get_template("index.html.j2").render(
        summary=summary,
        findings=findings,
        severities=SEVERITIES,
        first=accounts.first_looks(summary, findings),
        sources=[accounts.source_account(source) for source in summary.sources],
        blocks={d.name: [accounts.block_account(block) for block in d.blocks] for d in summary.datasets},
        differences={d.name: accounts.dataset_difference(d) for d in summary.datasets},
        by_dataset={d.name: by_dataset.get(d.name, dict.fromkeys(SEVERITIES, 0)) for d in summary.datasets},
        links={text: _href(target) for text, target in links.items()},
        version=__version__,
        style=style, style_hash=hashed(style), script=script, script_hash=hashed(script),
        samples=SAMPLES, places=PLACES, top=TOP, unplaced_shown=UNPLACED,
    )  # fmt: skip


def rendered(template: str, room: Path, filters: Filters | None = None, **values: Any) -> str:
    """A template of a room's folder, which takes `style`, `style_hash` and `version` beside the values.

    filters : of the room, beside those of all pages or in their stead
    """
    style = own(TEMPLATES / "report.css")
    made = environment(room, filters).get_template(template)
    return made.render(style=style, style_hash=hashed(style), version=__version__, **values)


def environment(room: Path | None = None, filters: Filters | None = None) -> Environment:
    """Templates of this package, after those of a room's folder: what the data hold is escaped and made visible."""

    def finalize(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    made = Environment(
        loader=FileSystemLoader([room, TEMPLATES] if room else TEMPLATES), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, finalize=finalize,
    )  # fmt: skip
    made.filters.update(
        number=lambda number: f"{number:,}", short=lambda text: shortened(text, LONGEST), count=counted, listed=listed
    )
    made.filters.update(filters or {})
    made.globals["ident"] = ident
    return made


def ident(kind: str, name: str) -> str:
    """The id of a section: letters, digits and hyphens, other characters as their code."""
    return "-".join([kind, "".join(c if c.isascii() and (c.isalnum() or c in "-_") else f".{ord(c):x}" for c in name)])


def _href(target: str) -> str:
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or target.startswith(("/", "\\")):
        raise ValueError(f"{target!r} is no relative path")
    return quote(target, safe="/")


def own(file: Path) -> Markup:
    """A style or script of this package, which stands in the page as it is."""
    text = file.read_text(encoding="utf-8")
    if "</" in text:
        raise ValueError(f"{file.name} would end its element early")
    return Markup(text)


def hashed(text: str) -> str:
    """For Content-Security-Policy: only this very script or style may run in the page, whatever the data hold."""
    return "sha256-" + base64.b64encode(hashlib.sha256(f"\n{text}".encode()).digest()).decode("ascii")
