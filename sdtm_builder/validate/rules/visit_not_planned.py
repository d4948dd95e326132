"""A planned visit of SV is not in TV, or an unplanned one is.

SVPRESP is Y for planned visits, whose VISITNUM and VISIT are in TV; an unplanned visit has a number that TV lacks and
no planned study day.
Why: Planned and unplanned visits are summarised apart.
Remedy: Correct VISITNUM, SVPRESP or TV.
Source: IG 5.5 SV.

Bad:
    SV USUBJID VISITNUM VISIT     SVPRESP VISITDY SVOCCUR
       S1      9        "Visit 9" Y       .       Y
       S1      1        "Visit 1" .       .       .
       S1      1.1      Unplanned .       8       Y
    TV VISITNUM VISIT
       1        "Visit 1"
    -> SV [USUBJID=S1 VISITNUM=9] VISITNUM SVPRESP
    -> SV [USUBJID=S1 VISITNUM=1.1] SVOCCUR SVPRESP
    -> SV [USUBJID=S1 VISITNUM=9] VISIT SVPRESP
    -> SV [USUBJID=S1 VISITNUM=1] VISITNUM SVPRESP
    -> SV [USUBJID=S1 VISITNUM=1.1] VISITDY SVPRESP

Good:
    SV USUBJID VISITNUM VISIT     SVPRESP VISITDY
       S1      1        "Visit 1" Y       1
       S1      1.1      Unplanned .       .
    TV VISITNUM VISIT
       1        "Visit 1"
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0654", "CG0655", "CG0656", "CG0657", "CG0658"], domains=["SV"], needs=["SVPRESP"])
def check(study: Study, table: Table) -> Found:
    planned, unplanned = table.equals("SVPRESP", "Y"), table.empty("SVPRESP")
    message = "SVOCCUR is {SVOCCUR} but SVPRESP is '{SVPRESP}'"
    yield from records(table, ~planned & table.filled("SVOCCUR"), message, "SVOCCUR", "SVPRESP")
    if study.of_domain("TV"):
        numbers = [float(text) for text in study.values_of("TV", "VISITNUM")]
        known = np.isin(table.numbers("VISITNUM"), numbers)
        named = table.equals("VISIT", *study.values_of("TV", "VISIT"))
        message = "SVPRESP is Y but VISITNUM {VISITNUM} is not in TV"
        yield from records(table, planned & ~known & table.filled("VISITNUM"), message, "VISITNUM", "SVPRESP")
        message = "SVPRESP is Y but VISIT '{VISIT}' is not in TV"
        yield from records(table, planned & ~named & table.filled("VISIT"), message, "VISIT", "SVPRESP")
        message = "SVPRESP is missing but VISITNUM {VISITNUM} is planned in TV"
        yield from records(table, unplanned & known, message, "VISITNUM", "SVPRESP")
    message = "VISITDY is {VISITDY} for an unplanned visit"
    yield from records(table, unplanned & table.filled("VISITDY"), message, "VISITDY", "SVPRESP")
