"""`accept`: a new transfer of raw data against the last one, before anything is built."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..issues import IssueLog, Severity
from ..transfer.accept import Acceptance, accept_transfer
from ..transfer.tables import Transfer
from ..transfer.texts import FEW, accept_lines, accept_verdict
from .places import write_whole

NOTHING, DIFFERENT, UNUSABLE = 0, 1, 2
Print = Callable[[str], None]


def run(
    old: Path,
    new: Path,
    *,
    study: Path | None = None,
    fail_on: str = "warning",
    encoding: str = "",
    delimiter: str = "",
    ct_folder: Path | None = None,
    few: int = FEW,
    html: Path | None = None,
    xlsx: Path | None = None,
    quiet: bool = False,
    tell: Print = print,
    complain: Print = print,
) -> int:
    """Compare two transfers and print what is to be looked at.

    Parameters
    ----------
    old, new : folders of raw files, or without a study also single files
    study : specs/STUDY; None: every table of the files, all columns as texts, keys found
    fail_on : error, warning, note or never: from which weight on a finding makes the exit status 1
    encoding, delimiter : of the texts where there is no study; "" for utf-8 or a sas7bdat's own encoding, and to find
        the delimiter
    few : findings of a kind, and cells of a form, that are printed
    html, xlsx : files to write

    Returns
    -------
    0 nothing of weight, 1 findings of weight, 2 the study, a folder or a file is unusable.
    """
    for path in (old, new):
        if not (path.is_dir() or (path.is_file() and study is None)):
            complain(f"{path} is no {'folder' if study is not None else 'file or folder'}.")
            return UNUSABLE
    sides = _sides(old, new, study, encoding, delimiter, ct_folder, complain)
    if sides is None:
        return UNUSABLE
    weight = None if fail_on == "never" else Severity(fail_on)
    found = accept_transfer(*sides, study.absolute().name if study is not None else "", weight)
    _write(found, html, xlsx)
    for line in [accept_verdict(found)] if quiet else accept_lines(found, few):
        tell(line)
    for written in (html, xlsx):
        if written is not None and not quiet:
            tell(f"Written: {written}")
    if found.unusable:
        return UNUSABLE
    return DIFFERENT if found.of_weight else NOTHING


def _sides(
    old: Path, new: Path, study: Path | None, encoding: str, delimiter: str, ct_folder: Path | None, complain: Print
) -> tuple[Transfer, Transfer] | None:
    from .transfers import study_of, transfer_by_files, transfer_by_study

    if study is None:
        return transfer_by_files(old, encoding, delimiter), transfer_by_files(new, encoding, delimiter)
    log = IssueLog()
    spec = study_of(study, log)
    if spec is None:
        for issue in log:
            complain(str(issue))
        return None
    return transfer_by_study(spec, old, ct_folder), transfer_by_study(spec, new, ct_folder)


def _write(found: Acceptance, html: Path | None, xlsx: Path | None) -> None:
    if html is not None:
        from ..transfer.page import write_page

        write_whole(html, lambda path: write_page(path, found))
    if xlsx is not None:
        from ..transfer.book import write_workbook

        write_whole(xlsx, lambda path: write_workbook(path, found))
