"""`diff`: what changed from one build to another, each change with the raw cells or rules behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..compare.builds import BuildDiff, diff_builds
from ..compare.diff_texts import diff_lines, diff_verdict
from ..compare.run import TRACED, CompareError
from ..compare.texts import FEW
from .places import write_reports

EQUAL, DIFFERENT, UNUSABLE = 0, 1, 2
Print = Callable[[str], None]


def run(
    old: Path,
    new: Path,
    *,
    only: Sequence[str] = (),
    ignore: Sequence[str] = (),
    few: int = FEW,
    traced: int = TRACED,
    html: Path | None = None,
    json: Path | None = None,
    quiet: bool = False,
    tell: Print = print,
    complain: Print = print,
) -> int:
    """Compare two builds and print what changed.

    Parameters
    ----------
    old, new : folders of builds, as outputs/STUDY, of two data cuts or two specifications
    only : datasets that are told; ignore : variables that are not compared
    few : of each kind how many are printed; traced : how many values of a variable are traced to raw cells
    html, json : files to write
    tell, complain : take the result, and what is wrong

    Returns
    -------
    0 no dataset changed, 1 some did, 2 a folder is no build with lineage, or an argument is unusable.
    """
    try:
        found = diff_builds(old, new, only=tuple(only), ignore=frozenset(ignore), traced=traced)
    except CompareError as wrong:
        complain(str(wrong))
        return UNUSABLE
    written = write_reports([(html, lambda path: _page(path, found)), (json, lambda path: _data(path, found))])
    for line in [diff_verdict(found)] if quiet else [*diff_lines(found, few), *written]:
        tell(line)
    return EQUAL if found.equal else DIFFERENT


def _page(path: Path, found: BuildDiff) -> None:
    from ..compare.diff_page import write_diff_page

    write_diff_page(path, found)


def _data(path: Path, found: BuildDiff) -> None:
    from ..compare.diff_data import write_diff_json

    write_diff_json(path, found)
