"""A time imputation flag does not say what of the time was imputed.

By the --DTC: H where it has no hour, M where it has no minute; where it has no second S or nothing; else nothing.
Looked at where *TM or *DTM is filled.
Why: A time that was made up is taken for one that was collected, or the reverse.
Remedy: Fill the flag with the highest part that was imputed.
Source: ADaMIG 1.3, 3.1.2 (*TMF).

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-01
       S1      2     2024-01-01T10:30
       S1      3     2024-01-01T10
    ADAE USUBJID AESEQ ASTDTM           ASTTMF
         S1      1     2024-01-01T00:00 .
         S1      2     2024-01-01T10:30 M
         S1      3     2024-01-01T10:00 H
    -> ADAE [USUBJID=S1 AESEQ=1] ASTTMF ASTDTM
    -> ADAE [USUBJID=S1 AESEQ=2] ASTTMF ASTDTM
    -> ADAE [USUBJID=S1 AESEQ=3] ASTTMF ASTDTM

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-01
       S1      2     2024-01-01T10:30
       S1      3     2024-01-01T10:30:05
       S1      4     2024-01-01T10
       S1      5     2024-01-01
    ADAE USUBJID AESEQ ASTDTM           ASTTMF
         S1      1     2024-01-01T00:00 H
         S1      2     2024-01-01T10:30 .
         S1      3     2024-01-01T10:30 .
         S1      4     2024-01-01T10:00 M
         S1      5     .                .

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-01
       S1      2     2024-01-01T10:30
    ADAE USUBJID AESEQ ASTDTM           AESTDTC
         S1      1     2024-01-01T00:00 2024-01-01
         S1      2     2024-01-01T10:30 2024-01-01T10:30
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDTM
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.analysis import same, shown
from sdtm_builder.validate.families import families, source_texts
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_TIME = re.compile(r"[\d-]*(?:T(\d\d|-)?(?::(\d\d|-)(?::(\d\d(?:\.\d+)?|-))?)?.*)?")


@adam_rule("error", classes=["BDS", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for names in families(table):
        found = source_texts(study, table, names.date)
        if found is None or not (table.has(names.time) or table.has(names.datetime)):
            continue
        source, texts = found
        right, own = texts.map_texts(missing_part), table.column(names.time_flag)
        there = (table.filled(names.time) | table.filled(names.datetime)) & texts.present() & table.empty("DTYPE")
        only_seconds = np.append(right.distinct() == "S", False)[right.data] & ~own.present()
        where = there & ~same(right, own) & ~only_seconds
        message = f"{names.time_flag} is '{{{names.time_flag}}}'" if table.has(names.time_flag) else "no flag is there"
        message += f", but of the time of {source} is missing: {{right}}"
        extra = {"right": shown(right)}
        yield from records(table, where, message, names.time_flag, names.datetime, names.time, extra=extra)


def missing_part(text: str) -> str | None:
    """H, M or S: the highest part of a time that is missing; None where none is."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    return next((flag for flag, part in zip("HMS", match.groups(), strict=True) if part in (None, "-")), None)
