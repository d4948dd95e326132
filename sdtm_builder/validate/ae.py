"""What several rules on adverse events share."""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.table import Mask, Table

CRITERIA = ("AESCAN", "AESCONG", "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESOD", "AESMIE", "AESINTV")
"""The seriousness criteria of AE."""


def any_criterion(table: Table) -> Mask:
    """True where at least one criterion is Y."""
    result = np.zeros(table.n, dtype=bool)
    for name in CRITERIA:
        result |= table.equals(name, "Y")
    return result
