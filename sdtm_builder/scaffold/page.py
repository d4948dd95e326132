"""A profile as one HTML file: offline, printable, without JavaScript."""

from __future__ import annotations

from pathlib import Path

from ..model.column import number_text
from ..report.texts import shortened
from .profile import Profile
from .texts import candidate_text, characters_text, date_notes, head_notes

TEMPLATES = Path(__file__).with_name("templates")
LONGEST = 120


def page_text(profile: Profile) -> str:
    """The page; equal profiles give equal bytes."""
    from ..report.html import rendered

    filters = {"short": lambda text: shortened(text, LONGEST), "plain": number_text}
    return rendered("profile.html.j2", TEMPLATES, filters, profile=profile, head_notes=head_notes,
                    date_notes=date_notes, characters=characters_text, candidate=candidate_text)  # fmt: skip
