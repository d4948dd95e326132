"""`scaffold`: a mapping proposed from raw tables, with its evidence."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from ..issues import Issue, IssueLog
from ..standards import StandardsError, ig
from .places import write_whole

CLEAN, UNUSABLE = 0, 2
Tell = Callable[[str], None]


def run(
    raw: Sequence[Path],
    *,
    domain: str,
    source: str = "",
    out: Path | None = None,
    study_out: Path | None = None,
    header: str = "",
    skip_rows: str = "",
    encoding: str = "",
    delimiter: str = "",
    ct: str = "",
    tell: Tell = print,
    complain: Tell = print,
) -> int:
    """Print or write a proposed dataset file, and what the study file needs for it.

    Parameters
    ----------
    raw : files, or folders of them; domain : AE, VS ...
    source : the table to take, "" for the one that fits best
    out : file to write, which may not be there yet; None prints
    study_out : file to write; if it is there, what it lacks is put into it; None prints
    header, skip_rows, encoding, delimiter : how the files are to be read; ct : release of terminology

    Returns
    -------
    0 proposed; 2 no such domain, table or release, no table that can be read, or a file is there.
    """
    from ..scaffold.begin import register_of
    from ..scaffold.profile import profile_table
    from ..scaffold.propose import best_table
    from ..scaffold.tables import Asked, read_tables
    from ..scaffold.terms import CtIndex, newest
    from ..scaffold.write import mapping_text, scaffold, study_text

    known = ig().dataset(domain)
    if known is None or known.klass in ("Trial Design", "Relationship", "Study Reference"):
        complain(f"{domain} is no dataset of SDTMIG that is made of a form's rows.")
        return UNUSABLE
    if out is not None and out.exists():
        complain(f"{out} is there already. Nothing is overwritten.")
        return UNUSABLE
    try:
        index = CtIndex(newest(ct))
    except StandardsError as gone:
        complain(str(gone))
        return UNUSABLE
    log = IssueLog()
    names = tuple(name.strip() for name in header.split(",") if name.strip())
    tables = {t.name: t for t in read_tables(raw, Asked(names, skip_rows, encoding, delimiter), log) if len(t.raw)}
    for line in told_once(log):
        complain(line)
    if not tables or (source and source not in tables):
        complain(f"There is no table {source}; there are: {', '.join(tables)}." if tables else "No table can be read.")
        return UNUSABLE
    profiles = {name: profile_table(table, index) for name, table in tables.items()}
    ranked = best_table(list(profiles.values()), domain, index)
    chosen = source or ranked[0][1].name
    main = scaffold(tables[chosen], profiles[chosen], domain, index)
    if not any(p.sure for p in main.proposals) and not any(t.sure for t in main.tests) and main.long is None:
        complain(f"No table holds what is surely {domain}; the nearest is {chosen}.")
    register = register_of(list(profiles.values()))
    part = scaffold(tables[register], profiles[register], "DM", index) if register else None
    rivals = [p.name for score, p in ranked if score >= 3 and p.name != chosen][:3]
    said = study_text(main, part, index)
    if study_out is not None and study_out.exists():
        if not _put_into(study_out, said, tell, complain):
            return UNUSABLE
        study_out, said = None, ""
    _give(out, mapping_text(main, index, rivals), tell)
    _give(study_out, said, tell)
    return CLEAN


def told_once(log: IssueLog) -> Iterator[str]:
    """The errors of reading: of each rule the first of each file and sheet, with the number of the others."""
    groups: dict[tuple[str, str, str], list[Issue]] = {}
    for issue in log:
        if issue.severity.value == "error":
            at = issue.locations[0] if issue.locations else None
            groups.setdefault((issue.rule, at.file if at else "", at.sheet if at else ""), []).append(issue)
    for issues in groups.values():
        yield f"{issues[0]}{f' ... and {len(issues) - 1:,} more' if len(issues) > 1 else ''}"


def _put_into(path: Path, text: str, tell: Tell, complain: Tell) -> bool:
    from ..scaffold.merge import MergeError, merged

    try:
        there = path.read_text(encoding="utf-8")
        made = merged(there, text)
    except (MergeError, UnicodeDecodeError, OSError) as why:
        complain(f"Nothing can be put into {path}: {why}. Name a file that is not there yet.")
        return False
    if made == there:
        tell(f"As it was: {path}")
    else:
        write_whole(path, lambda place: _write(place, made))
        tell(f"Added to: {path}")
    return True


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _give(path: Path | None, text: str, tell: Tell) -> None:
    if path is None:
        for line in text.splitlines():
            tell(line)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as out:
        out.write(text)
    tell(f"Written: {path}")
