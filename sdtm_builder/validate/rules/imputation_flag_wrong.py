"""A date imputation flag names another part than the one that is missing.

Y where the year is missing, M where the month is missing, D where only the day is.
Why: A reader takes a month that was made up for one that was collected.
Remedy: Fill the flag with the highest part that was imputed.
Source: ADaMIG 1.3, 3.1.2 (*DTF).

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024
       S1      2     2024-03
       S1      3     2024---05
    ADAE USUBJID AESEQ ASTDT      ASTDTF
         S1      1     2024-01-01 D
         S1      2     2024-03-01 M
         S1      3     2024-01-05 D
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDTF
    -> ADAE [USUBJID=S1 AESEQ=2] ASTDTF
    -> ADAE [USUBJID=S1 AESEQ=3] ASTDTF

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024
       S1      2     2024-03
       S1      3     --03-05
    ADAE USUBJID AESEQ ASTDT      ASTDTF
         S1      1     2024-01-01 M
         S1      2     2024-03-01 D
         S1      3     2024-03-05 Y
"""

from __future__ import annotations

import re

from sdtm_builder.validate.analysis import same, shown
from sdtm_builder.validate.families import families, source_texts
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_PARTS = re.compile(r"(\d{4}|-)(?:-(\d\d|-)(?:-(\d\d|-))?)?(?:T.*)?")


@adam_rule("error", classes=["ADSL", "BDS", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for names in families(table):
        found = source_texts(study, table, names.date) if table.has(names.date_flag) else None
        if found is None:
            continue
        source, texts = found
        right = texts.map_texts(missing_part)
        where = table.filled(names.date_flag) & right.present() & ~same(right, table.column(names.date_flag))
        message = f"{names.date_flag} is {{{names.date_flag}}}, but by {source} it is {{right}}"
        yield from records(table, where, message, names.date_flag, extra={"right": shown(right)})


def missing_part(text: str) -> str | None:
    """Y, M or D: the highest part of a date that is missing; None where none is, or the text is no date."""
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    return next((flag for flag, part in zip("YMD", match.groups(), strict=True) if part in (None, "-")), None)
