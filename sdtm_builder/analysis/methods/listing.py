"""A listing: records as they are."""

from __future__ import annotations

import numpy as np

from ..registry import Argument, Take, method
from ..result import Made, cell, column, row, table
from ..setting import Setting

ARGUMENTS = (
    Argument("columns", Take.TEXTS, "heading: variable", True),
    Argument("sort", Take.VARIABLES, "variables by which the records are sorted; as in the file if not said"),
)


@method("listing", *ARGUMENTS)
def listing(s: Setting) -> Made:
    """The records that fulfil the condition, each on a row under its subject."""
    at = np.arange(s.table.n)
    if s.has("sort"):
        at = np.lexsort([s.table.columns[v].ranks() for v in reversed(s.said.texts("sort"))])
    variables = s.texts("columns")
    rows = []
    for place in at:
        owner = s.table.owner[[place]]
        behind = s.rest(np.array([place]), owner)
        texts = [s.table.columns[v].text_at(int(place)) for v in variables.values()]
        rows.append(row(str(s.names[owner[0]]), [cell(t, behind) if t else None for t in texts]))
    numeric = {h: not s.table.columns[v].is_text for h, v in variables.items()}
    columns = [column(h, align="right" if numeric[h] else "left") for h in variables]
    notes = [] if rows else ["No records fulfil the condition."]
    return Made([table(columns, rows, head="Subject")], notes)
