"""The date of an event is not the date of the record and variable that SRCDOM, SRCVAR and SRCSEQ name.

Looked at where SRCVAR is a date: a --DTC that is complete to the day, or a numeric date of an analysis dataset; and
where the subject has one such record. The date of a censoring may be computed from its source (treatment start + 84).
Why: The reference claims a source that the date was not taken from.
Remedy: Correct the reference, or the date.
Source: ADaMIG 1.3, 3.3.9; ADaM for time-to-event analyses 1.0, 4.

Bad:
    RS USUBJID RSSEQ RSDTC
       S1      1     2024-01-01
    ADSL USUBJID DTHDT
         S1      2024-02-01
    ADTTE USUBJID PARAMCD ADT        SRCDOM SRCVAR SRCSEQ CNSR
          S1      PFS     2024-01-02 RS     RSDTC  1      0
          S1      OS      2024-02-02 ADSL   DTHDT  .      0
          S1      EFS     2024-02-01 ADSL   DTHDT  .      0
    -> ADTTE [USUBJID=S1 PARAMCD=PFS ADT=2024-01-02] ADT SRCDOM SRCVAR SRCSEQ
    -> ADTTE [USUBJID=S1 PARAMCD=OS ADT=2024-02-02] ADT SRCDOM SRCVAR SRCSEQ

Good:
    RS USUBJID RSSEQ RSDTC            RSORRES
       S1      1     2024-01-01T10:00 CR
       S1      2     2024-01          CR
    ADTTE USUBJID PARAMCD ADT        SRCDOM SRCVAR  SRCSEQ CNSR
          S1      PFS     2024-01-01 RS     RSDTC   1      0
          S1      EFS     2024-02-01 RS     RSDTC   2      0
          S1      OS      2024-02-02 RS     RSORRES 1      0
          S1      TTDLT   2024-01-29 RS     RSDTC   1      1

Bad:
    ADRS USUBJID ASEQ PARAMCD ADTM             EVALDY
         S1      1    OVR     2024-01-05T10:00 5
         S1      2    OVR     2024-02-05T10:00 6
    ADTTE USUBJID PARAMCD ADT        SRCDOM SRCVAR SRCSEQ CNSR
          S1      PFS     2024-01-05 ADRS   ADTM   1      0
          S1      EFS     2024-01-05 ADRS   ADTM   2      0
          S1      DOR     2024-01-05 ADRS   ADTM   .      0
          S1      OS      2024-01-05 ADRS   EVALDY 1      0
    -> ADTTE [USUBJID=S1 PARAMCD=EFS ADT=2024-01-05] ADT SRCDOM SRCVAR SRCSEQ
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.analysis import shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.named import dates_referred_to


@adam_rule("error", classes=["TTE"], needs=["USUBJID", "SRCDOM", "SRCVAR", "ADT"])
def check(study: AdamStudy, table: Table) -> Found:
    theirs = dates_referred_to(study, table)
    own = table.numbers("ADT")
    where = (table.numbers("CNSR") == 0) & ~np.isnan(own) & ~np.isnan(theirs) & (own != theirs)
    if not where.any():
        return []
    message = "ADT is {ADT}, {SRCDOM}.{SRCVAR} is {theirs}"
    extra = {"theirs": shown(theirs, "DATE9.")}
    return records(table, where, message, "ADT", "SRCDOM", "SRCVAR", "SRCSEQ", extra=extra)
