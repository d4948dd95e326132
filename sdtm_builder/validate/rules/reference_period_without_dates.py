"""--STRF or --ENRF speaks of a reference period that DM does not have.

--STRF needs RFSTDTC, --ENRF needs RFENDTC.
Why: Before and after mean nothing without the period.
Remedy: Use --STRTPT and --STTPT with a time point, or fill the dates of DM.
Source: IG 4.4.7.

Bad:
    AE USUBJID AESEQ AEENRF
       S1      1     AFTER
    DM USUBJID RFSTDTC RFENDTC
       S1      2024-01-01 .
    -> AE [USUBJID=S1 AESEQ=1] AEENRF

Good:
    AE USUBJID AESEQ AEENRF
       S1      1     AFTER
       S2      1     .
    DM USUBJID RFSTDTC RFENDTC
       S1      2024-01-01 2024-03-01
       S2      . .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0226", "CG0227"], but_not=["DM"])
def check(study: Study, table: Table) -> Found:
    for name, date in (("--STRF", "RFSTDTC"), ("--ENRF", "RFENDTC")):
        empty = study.dm_texts(table, date) == None  # noqa: E711 (an array)
        where = table.filled(name) & empty & (study.dm_rows(table) >= 0)
        own = table.named(name)
        yield from records(table, where, f"{own} is {{{own}}} but DM.{date} is missing", own)
