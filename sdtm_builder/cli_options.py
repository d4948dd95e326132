"""Options that several commands share, and how a command ends."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from .commands.guard import guarded

FORM: dict[str, Any] = {
    "rich_markup_mode": None,
    "no_args_is_help": True,
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "context_settings": {"help_option_names": ["-h", "--help"], "max_content_width": 100},
}


class FailOn(StrEnum):
    """What makes the exit status 1."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    NEVER = "never"


class Profile(StrEnum):
    """How much an unfinished study is forgiven."""

    FINAL = "final"
    DRAFT = "draft"


Study = Annotated[Path, typer.Argument(metavar="specs/STUDY", help="Folder of the specification.")]
OfStudy = Annotated[Path | None, typer.Option(metavar="specs/STUDY", show_default=False,
                                              help="The study.  [default: the only one under specs]")]  # fmt: skip
Raw = Annotated[Path | None, typer.Option(help="Folder of the raw files.  [default: outputs/STUDY-raw if it is there, "
                                          "else specs/STUDY]", show_default=False)]  # fmt: skip
CtFolder = Annotated[Path | None, typer.Option(help="Folder of imported terminology.  [default: SDTM_BUILDER_CT, else "
                                               "the user's data folder]", show_default=False)]  # fmt: skip
Fail = Annotated[FailOn, typer.Option(help="Exit status 1 where an issue weighs this or more.")]
Prof = Annotated[Profile, typer.Option(help="draft: uncoded terms, empty sheets, open queries are warnings.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what stops the command.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Show every rule, notes and all accounts.")]
AsOf = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"], show_default=False,
                                               metavar="DATE", help="The moment written into files, as 2025-06-30 or "
                                               "2025-06-30T12:00:00; equal inputs then give equal bytes.  "
                                               "[default: now]")]  # fmt: skip
Package = Annotated[str | None, typer.Option(help="sdtm, adam, cdash, define-xml or an imported one.")]
Release = Annotated[str | None, typer.Option("--version", metavar="YYYY-MM-DD", help="Date of the release.")]


def end(action: Callable[[], int]) -> None:
    """Run a command under the error handler and end with its status."""
    raise typer.Exit(guarded(action, sys.argv[1:]))


def warn(text: str) -> None:
    """Say on stderr what is wrong with the arguments."""
    print(text, file=sys.stderr)
