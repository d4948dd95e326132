"""Two age groups have an age in common, or lie within each other.

The ages from the lowest to the highest of an AGEGRy against those of the others; told at the record of the lowest age.
Why: A subject is in the wrong group.
Remedy: Derive the group from AGE by one set of limits.
Source: ADaMIG 1.3, 3.2.2 (AGEGRy).

Bad:
    ADSL USUBJID AGE AGEGR1
         S1      30  <40
         S2      45  <40
         S3      41  ">= 40"
         S4      80  ">= 40"
    -> ADSL [USUBJID=S3] AGEGR1 AGE

Good:
    ADSL USUBJID AGE AGEGR1
         S1      30  <40
         S2      39  <40
         S3      40  ">= 40"
         S4      .   .

Bad:
    ADSL USUBJID AGE AGEGR1
         S1      30  A
         S2      40  A
         S3      40  B
    -> ADSL [USUBJID=S3] AGEGR1 AGE
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_GROUP = re.compile(r"AGEGR\d{1,2}")


@adam_rule("error", classes=["ADSL"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        if not _GROUP.fullmatch(name) or not table.column(name).is_text:
            continue
        age = table.numbers("AAGE" if table.has("AAGE") else "AGE")
        spans = []
        for group in table.distinct(name):
            rows = np.flatnonzero(table.equals(name, group) & ~np.isnan(age))
            if len(rows):
                spans.append((age[rows].min(), age[rows].max(), int(rows[np.argmin(age[rows])])))
        where = np.zeros(table.n, dtype=bool)
        highest = -np.inf
        for low, high, row in sorted(spans):
            where[row] = low <= highest
            highest = max(highest, high)
        message = f"the ages of {name} '{{{name}}}' begin at {{AGE}}, within those of another group"
        yield from records(table, where, message, name, "AGE")
