"""How many races SUPPDM holds for a subject."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.study import Study, rows_of
from sdtm_builder.validate.table import Table

_RACE = re.compile(r"RACE\d+", re.ASCII)


def races_of(study: Study, dm: Table) -> NDArray[np.int64]:
    """For each record of DM the number of RACE1, RACE2 ... of its subject in SUPPDM."""
    counts = np.zeros(dm.n, dtype=np.int64)
    for supp in study.tables.values():
        if supp.is_supp and supp.domain == "DM":
            at = rows_of(supp, dm)
            keep = supp.matching("QNAM", lambda name: _RACE.fullmatch(name) is not None) & (at >= 0)
            np.add.at(counts, at[keep], 1)
    return counts
