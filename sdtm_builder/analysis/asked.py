"""Parameters that the conditions of an analysis ask for and that no record of the dataset has."""

from __future__ import annotations

from collections.abc import Iterator

from ..model import Scalar
from .conditions import literals_of
from .registry import Method, Take
from .spec import Said, entries
from .table import Table

PARAMETER = "PARAMCD"
"""ADaMIG section 3.3.4: the code of what a record is about; no condition asks for a code in vain."""


def conditions_in(said: Said, method: Method) -> Iterator[tuple[str, Scalar]]:
    """Dataset and condition of each place where an analysis chooses among records.

    said : the analysis. method : which tells what its arguments take.
    """
    own = said.text("dataset")
    where = said.scalar("where")
    if where is not None:
        yield own, where
    for name, argument in method.arguments.items():
        node = said.items.get(name)
        if argument.take is Take.CONDITION and isinstance(node, Scalar):
            yield own, node
        elif argument.take is Take.CONDITIONS:
            yield from ((own, one) for one in entries(node).values() if isinstance(one, Scalar))
        elif argument.take is Take.MARKS:
            for one in entries(node).values():
                dataset, chosen = (entries(one).get(key) for key in ("dataset", "where"))
                if isinstance(dataset, Scalar) and isinstance(chosen, Scalar):
                    yield dataset.text, chosen


def unknown_parameters(condition: Scalar, table: Table) -> list[str]:
    """Codes that a condition compares PARAMCD with, by `=` or `IN`, and that no record of the dataset has."""
    if PARAMETER not in table.columns or not table.columns[PARAMETER].is_text:
        return []
    column = table.columns[PARAMETER].strings()
    there = {str(one) for one in column if one is not None}
    return [code for code in dict.fromkeys(literals_of(condition.text, PARAMETER)) if code not in there]
