"""Progress of a long command: a bar on a terminal, plain lines elsewhere; both on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

Say = Callable[[str], None]


@contextmanager
def progress(quiet: bool = False, stream: TextIO | None = None) -> Iterator[Say]:
    """A function that takes what is being done now.

    Parameters
    ----------
    quiet : say nothing
    stream : where to; None: stderr. A terminal gets one line that moves and is gone at the end
    """
    out = stream if stream is not None else sys.stderr
    if quiet:
        yield lambda text: None
    elif out.isatty():
        with _bar(out) as say:
            yield say
    else:
        yield lambda text: print(text, file=out, flush=True)


@contextmanager
def _bar(out: TextIO) -> Iterator[Say]:
    """The number of steps is known only at the end, so the bar moves without a share; the clock runs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TimeElapsedColumn())
    with Progress(*columns, console=Console(file=out), transient=True, redirect_stdout=False) as bar:
        task = bar.add_task("", total=None)
        yield lambda text: bar.update(task, description=text)
