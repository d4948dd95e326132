"""Progress of a long command: a bar on a terminal, plain lines elsewhere; both on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO


@dataclass(frozen=True)
class Steps:
    """Two functions: `say` takes what is being done now, `tell` prints a line of the result on stdout."""

    say: Callable[[str], None]
    tell: Callable[[str], None] = print


@contextmanager
def progress(quiet: bool = False, stream: TextIO | None = None) -> Iterator[Steps]:
    """Progress while the block runs.

    Parameters
    ----------
    quiet : say nothing
    stream : where to; None: stderr. A terminal gets one line that moves and is gone where a result is told
    """
    out = stream if stream is not None else sys.stderr
    if quiet:
        yield Steps(lambda text: None)
    elif out.isatty():
        with _bar(out) as steps:
            yield steps
    else:
        yield Steps(lambda text: print(text, file=out, flush=True))


@contextmanager
def _bar(out: TextIO) -> Iterator[Steps]:
    """The number of steps is known only at the end, so the bar moves without a share; the clock runs."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=30), TimeElapsedColumn())
    bar = Progress(*columns, console=Console(file=out), transient=True, redirect_stdout=False)
    task = bar.add_task("", total=None)

    def say(text: str) -> None:
        bar.start()
        bar.update(task, description=text)

    def tell(text: str) -> None:
        bar.stop()
        print(text, flush=True)

    try:
        yield Steps(say, tell)
    finally:
        bar.stop()
