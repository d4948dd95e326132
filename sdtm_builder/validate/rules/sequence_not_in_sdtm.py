"""The --SEQ that a record carries is not that of an SDTM record of the subject.

Why: The number is there to find the source record; this one leads nowhere, or SDTM was numbered again since.
Remedy: Build the analysis dataset from the SDTM that is submitted; leave --SEQ null on derived records.
Source: ADaMIG 1.3, 3.3.9 (traceability by --SEQ); OCCDS 1.1, 3.2.1.

Bad:
    AE USUBJID AESEQ
       S1      1
    ADAE USUBJID AESEQ TRTEMFL
         S1      1     Y
         S1      2     Y
    -> ADAE [USUBJID=S1 AESEQ=2] AESEQ USUBJID

Good:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    FAEX DOMAIN USUBJID FASEQ
         FA     S1      2
    ADFA USUBJID FASEQ PARAMCD AVAL
         S1      1     X       1
         S1      2     X       1
         S1      .     X       1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS", "OTHER"], needs=["USUBJID", "--SEQ"])
def check(study: AdamStudy, table: Table) -> Found:
    source = study.source(table)
    if source is None:
        return []
    message = f"{table.letters} has no record of {{USUBJID}} with --SEQ {{--SEQ}}"
    return records(table, table.filled("--SEQ") & ~source.found, message, "--SEQ", "USUBJID")
