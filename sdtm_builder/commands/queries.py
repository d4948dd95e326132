"""`queries`: what data management must answer, as a sheet that is carried on from build to build."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from ..issues import Severity
from ..report.texts import counted
from ..transfer.harvest import Harvest, harvest
from ..transfer.queries import Query, QueryError, counts, rolled
from ..transfer.querysheet import read_queries, write_queries
from .places import write_whole

WRITTEN, UNUSABLE = 0, 2
ENDINGS = (".xlsx", ".csv")
Print = Callable[[str], None]


def run(
    builds: Sequence[Path],
    *,
    out: Sequence[Path],
    previous: Path | None = None,
    severity: str = "warning",
    ignore: Sequence[str] = (),
    quiet: bool = False,
    tell: Print = print,
    complain: Print = print,
) -> int:
    """Write the sheet of queries.

    Parameters
    ----------
    builds : folders of builds; several of one study are taken in the order of their moments
    out : files to write, .xlsx or .csv; previous : the last sheet, whose answers and owners are kept
    severity : error, warning or note: the least weight of an issue that is asked about
    ignore : rules that are not asked about

    Returns
    -------
    0 written, 2 a build, the last sheet or an argument is unusable.
    """
    wrong = [p for p in (*out, *([previous] if previous else [])) if p.suffix.lower() not in ENDINGS]
    if wrong or not out:
        complain(f"{wrong[0] if wrong else '--out'}: a sheet of queries is a file .xlsx or .csv.")
        return UNUSABLE
    try:
        found = sorted((harvest(b, Severity(severity), frozenset(ignore)) for b in builds), key=lambda h: h.as_of)
        queries = read_queries(previous) if previous is not None else []
        for one in found:
            _check_whole(one)
            queries = rolled(queries, one.queries, one.study, one.as_of)
    except QueryError as told:
        complain(str(told))
        return UNUSABLE
    for path in out:
        write_whole(path, partial(write_queries, queries=queries, ending=path.suffix.lower()))
    for line in _lines(found, queries) if not quiet else ():
        tell(line)
    for path in out if not quiet else ():
        tell(f"Written: {path}")
    return WRITTEN


def _check_whole(one: Harvest) -> None:
    if one.partial:
        raise QueryError(f"The build of {one.study} of {one.as_of} has only some datasets anew: build all of them, "
                         "else queries would be closed that were not looked at.")  # fmt: skip


def _lines(found: Sequence[Harvest], queries: Sequence[Query]) -> list[str]:
    lines = [f"{one.study} of {one.as_of}: {len(one.queries):,} queries found" for one in found]
    lines += [f"{counted(one.unlisted, 'cell')} of {one.study} more than issues name places of: see the report."
              for one in found if one.unlisted]  # fmt: skip
    return [*lines, ", ".join(f"{count:,} {status.value}" for status, count in counts(queries).items())]
