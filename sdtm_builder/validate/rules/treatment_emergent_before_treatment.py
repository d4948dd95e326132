"""A treatment-emergent event began before the start of treatment.

TRTEMFL is Y and ASTDT is before TRTSDT of ADSL, or ASTDTM before TRTSDTM. An event that worsened under treatment can be
one: then the record says so in its own way, and the finding is accepted with that reason.
Why: Events that were there before are counted as caused by treatment.
Remedy: Correct the flag, or say in the reviewer's guide which events count that began earlier.
Source: OCCDS 1.1, 3.2.5 (TRTEMFL).

Bad:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
    ADAE USUBJID AESEQ ASTDT      TRTEMFL
         S1      1     2024-01-09 Y
    -> ADAE [USUBJID=S1 AESEQ=1] TRTEMFL ASTDT

Bad:
    ADSL USUBJID TRTSDTM
         S1      2024-01-10T09:00
    ADAE USUBJID AESEQ ASTDTM           TRTEMFL
         S1      1     2024-01-10T08:59 Y
    -> ADAE [USUBJID=S1 AESEQ=1] TRTEMFL ASTDTM

Good:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
    ADAE USUBJID AESEQ ASTDT      TRTEMFL
         S1      1     2024-01-10 Y
         S1      2     2024-01-09 .
         S1      3     .          Y

Bad:
    ADSL USUBJID TRTSDT     TRTSDTM
         S1      2024-01-10 2024-01-10T09:00
    ADAE USUBJID AESEQ ASTDT      ASTDTM           TRTEMFL
         S1      1     2024-01-09 2024-01-09T10:00 Y
         S1      2     2024-01-09 2024-01-09T10:00 .
    -> ADAE [USUBJID=S1 AESEQ=1] TRTEMFL ASTDT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["OCCDS"], needs=["USUBJID", "TRTEMFL"])
def check(study: AdamStudy, table: Table) -> Found:
    flagged = table.equals("TRTEMFL", "Y")
    for own, start in (("ASTDT", "TRTSDT"), ("ASTDTM", "TRTSDTM")):
        if table.has(own):
            before = flagged & (table.numbers(own) < study.of_subject(table, start))
            yield from records(table, before, f"TRTEMFL is Y, but {own} {{{own}}} is before {start}", "TRTEMFL", own)
            flagged &= ~before
