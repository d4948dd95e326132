"""`trace`: where one value of a build comes from, down to file, sheet, row, column and raw text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ..lineage import TraceError, trace
from ..lineage.show import as_json, lines, rich_tree
from ..lineage.trace import LIMIT

CLEAN, UNUSABLE = 0, 2
Print = Callable[[str], None]


def run(
    outputs: Path,
    dataset: str,
    words: Sequence[str],
    *,
    json: bool = False,
    terminal: bool = False,
    limit: int = LIMIT,
    tell: Print = print,
    complain: Print = print,
) -> int:
    """Print the tree of a value.

    Parameters
    ----------
    outputs : folder of a build; only its written files are read
    dataset : AE, SUPPAE ...
    words : `USUBJID=01-701-1015 AESEQ=1 AESTDTC`: values that find the record, and the one variable to trace
    json : as JSON; terminal : as a coloured tree; else plain lines
    limit : how many members of a group are followed
    tell, complain : take the result, and what is wrong

    Returns
    -------
    0 done, 2 arguments unusable (unknown folder, dataset, variable, record; several records).
    """
    key = dict(w.split("=", 1) for w in words if "=" in w)
    wanted = [w for w in words if "=" not in w]
    if len(wanted) != 1:
        said = f"{len(wanted)} ({', '.join(wanted)})" if wanted else "none"
        complain(f"Name one variable to trace, beside VARIABLE=VALUE of the record; there are {said}.")
        return UNUSABLE
    try:
        found = trace(outputs, dataset, key, wanted[0], limit)
    except TraceError as wrong:
        complain(str(wrong))
        return UNUSABLE
    if json:
        tell(as_json(found))
    elif terminal:
        from rich.console import Console

        Console().print(rich_tree(found))
    else:
        for line in lines(found):
            tell(line)
    return CLEAN
