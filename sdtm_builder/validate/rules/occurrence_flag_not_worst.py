"""A flag of the most severe occurrence stands on a record that is not the most severe.

AOCCIFL, AOCCPIFL, AOCCSIFL: another record of the group, with the same TRTEMFL and ANL01FL, has a higher grade
(ATOXGRN, ATOXGR, --TOXGR) or severity (ASEVN, --SEV). A flag is wrong where it is by each of these that the dataset
has.
Why: Tables by maximum grade show too low a grade.
Remedy: Flag the record with the highest grade.
Source: OCCDS 1.1, 3.2.6 (1st maximum severity/intensity).

Bad:
    ADAE USUBJID AESEQ AEDECOD ATOXGR TRTEMFL AOCCIFL
         S1      1     Nausea  2      Y       Y
         S1      2     Nausea  3      Y       .
    -> ADAE [USUBJID=S1 AESEQ=1] AOCCIFL ATOXGR

Bad:
    ADAE USUBJID AESEQ AEDECOD AESEV    TRTEMFL AOCCPIFL
         S1      1     Nausea  MODERATE Y       Y
         S1      2     Nausea  SEVERE   Y       .
    -> ADAE [USUBJID=S1 AESEQ=1] AOCCPIFL AESEV

Good:
    ADAE USUBJID AESEQ AEDECOD ATOXGR TRTEMFL AOCCIFL
         S1      1     Nausea  2      Y       .
         S1      2     Nausea  3      Y       Y
         S1      3     Nausea  4      .       .
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.analysis import lowest
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.occurrence import POOL, within
from sdtm_builder.validate.texts import numbers_of

SCALES = ("ATOXGRN", "ATOXGR", "--TOXGR", "ASEVN", "ASEV", "--SEV")
SEVERITY = {"MILD": 1.0, "MODERATE": 2.0, "SEVERE": 3.0}


@adam_rule("warning", classes=["OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    scales = [table.named(name) for name in SCALES if table.has(name)]
    for flag in ("AOCCIFL", "AOCCPIFL", "AOCCSIFL"):
        names = within(table, flag)
        if not table.has(flag) or not names or not scales:
            continue
        groups = table.groups([*names, *POOL])
        where = table.equals(flag, "Y")
        for scale in scales:
            height = heights(table, scale)
            where &= height < -lowest(groups, -height, ~np.isnan(height))
        yield from records(table, where, f"{flag} is Y, but another record of the group is worse", flag, *scales[:1])


def heights(table: Table, scale: str) -> NDArray[np.float64]:
    """A grade or severity as a number, NaN where it is none."""
    column = table.column(scale)
    if column.is_text and any(text in SEVERITY for text in table.distinct(scale)):
        words = np.array([SEVERITY.get(text, np.nan) for text in column.distinct()] + [np.nan])
        return np.asarray(words[column.data])
    return numbers_of(column)
