"""The one exception of this room: a standard that is not there, or a file of terminology that cannot be used."""

from __future__ import annotations

from collections.abc import Sequence

_SHOWN = 10


class StandardsError(Exception):
    """A standard or package is missing, or an import file cannot be used; the text is meant for the user.

    Args:
        message: what is wrong, what is allowed and what to do next.
        problems: the located faults behind it, all of them; the message shows the first ten.
    """

    def __init__(self, message: str, problems: Sequence[str] = ()) -> None:
        self.message = message
        self.problems = tuple(problems)
        lines = [message, *(f"  {text}" for text in self.problems[:_SHOWN])]
        if len(self.problems) > _SHOWN:
            lines.append(f"  and {len(self.problems) - _SHOWN} more")
        super().__init__("\n".join(lines))
