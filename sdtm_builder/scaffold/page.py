"""A profile as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..report.texts import counted
from .profile import Profile
from .texts import candidate_text, characters_text, date_notes, head_notes

TEMPLATES = Path(__file__).with_name("templates")
LONGEST = 120


def page_text(profile: Profile) -> str:
    """The page; equal profiles give equal bytes."""
    return rendered("profile.html.j2", profile=profile, head_notes=head_notes, date_notes=date_notes,
                    characters=characters_text, candidate=candidate_text)  # fmt: skip


def rendered(template: str, **values: Any) -> str:
    """A template of this room with the report's style; every text of data is escaped and made visible."""
    import base64
    import hashlib

    from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    from .. import __version__
    from ..model.column import number_text
    from ..report.html import TEMPLATES as REPORT
    from ..report.texts import shortened, visible

    def finalize(value: Any) -> Any:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = Environment(
        loader=ChoiceLoader([FileSystemLoader(TEMPLATES), FileSystemLoader(REPORT)]), autoescape=True,
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, finalize=finalize,
    )  # fmt: skip
    environment.filters.update(number=lambda n: f"{n:,}", short=lambda text: shortened(text, LONGEST), count=counted,
                               plain=number_text)  # fmt: skip
    style = Markup((REPORT / "report.css").read_text(encoding="utf-8"))
    allowed = "sha256-" + base64.b64encode(hashlib.sha256(f"\n{style}".encode()).digest()).decode("ascii")
    return environment.get_template(template).render(style=style, style_hash=allowed, version=__version__, **values)
