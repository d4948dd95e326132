"""SRCVAR or SRCSEQ is filled where SRCDOM is not.

Why: A variable or a number without its dataset is no reference.
Remedy: Fill SRCDOM, or leave all three empty.
Source: ADaMIG 1.3, 3.3.9.

Bad:
    ADTTE USUBJID PARAMCD AVAL SRCDOM SRCVAR SRCSEQ
          S1      PFS     5    .      RSDTC  .
          S1      OS      5    .      .      2
    -> ADTTE [USUBJID=S1 PARAMCD=PFS] SRCDOM SRCVAR SRCSEQ
    -> ADTTE [USUBJID=S1 PARAMCD=OS] SRCDOM SRCVAR SRCSEQ

Good:
    ADTTE USUBJID PARAMCD AVAL SRCDOM SRCVAR SRCSEQ
          S1      PFS     5    RS     RSDTC  1
          S1      OS      5    .      .      .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    where = table.empty("SRCDOM") & (table.filled("SRCVAR") | table.filled("SRCSEQ"))
    return records(table, where, "SRCVAR '{SRCVAR}', SRCSEQ '{SRCSEQ}', but no SRCDOM", "SRCDOM", "SRCVAR", "SRCSEQ")
