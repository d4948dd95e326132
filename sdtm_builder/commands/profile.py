"""`profile`: raw tables described, before there is a study file."""

from __future__ import annotations

import json as codec
from collections.abc import Callable, Sequence
from pathlib import Path

from ..issues import IssueLog
from ..standards import StandardsError
from .places import write_whole

CLEAN, UNUSABLE = 0, 2
Tell = Callable[[str], None]


def run(
    raw: Sequence[Path],
    *,
    json: Path | None = None,
    html: Path | None = None,
    sheets: Sequence[str] = (),
    header: str = "",
    skip_rows: str = "",
    encoding: str = "",
    delimiter: str = "",
    ct: str = "",
    quiet: bool = False,
    tell: Tell = print,
    complain: Tell = print,
) -> int:
    """Print what the tables hold.

    Parameters
    ----------
    raw : files, or folders of them
    json, html : files to write
    sheets : only tables of these names, or of sheets of these names
    header, skip_rows, encoding, delimiter : how the files are to be read, "" where it is found out
    ct : release of SDTM terminology, "" for the newest
    quiet : heads of tables alone

    Returns
    -------
    0 described; 2 a file could not be read, or there is no such table or release.
    """
    from ..scaffold.profile import as_data, profile_tables
    from ..scaffold.tables import Asked, chosen, read_tables
    from ..scaffold.terms import CtIndex, newest
    from ..scaffold.texts import head_lines, profile_lines

    log = IssueLog()
    try:
        index = CtIndex(newest(ct))
    except StandardsError as gone:
        complain(str(gone))
        return UNUSABLE
    names = tuple(name.strip() for name in header.split(",") if name.strip())
    tables = chosen(read_tables(raw, Asked(names, skip_rows, encoding, delimiter), log), sheets)
    found = profile_tables(tables, list(log), index)
    for line in head_lines(found) if quiet else profile_lines(found):
        tell(line)
    if json is not None:
        text = codec.dumps(as_data(found), ensure_ascii=False, indent=1) + "\n"
        write_whole(json, lambda path: _write(path, text))
    if html is not None:
        from ..scaffold.page import page_text

        page = page_text(found)
        write_whole(html, lambda path: _write(path, page))
    for written in (json, html):
        if written is not None and not quiet:
            tell(f"Written: {written}")
    named = {path.name for path in raw if not path.is_dir()}
    unread = [issue for issue in log if issue.rule in UNREAD]
    for issue in unread:
        complain(str(issue))
    # of a folder, what is no table by its name is told and no failure
    unread = [i for i in unread if i.rule != "file-type" or any(p.file in named for p in i.locations)]
    if not tables and not unread:
        complain("There is no such table." if sheets else "There is no file to describe.")
    return UNUSABLE if unread or not tables else CLEAN


UNREAD = frozenset({"file-missing", "file-type", "file-protected", "file-damaged", "file-unreadable", "file-unsafe",
                    "path-outside", "encoding-unknown", "header-missing", "sheet-unsafe"})  # fmt: skip
"""Rules that leave a table out."""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n", errors="backslashreplace")
