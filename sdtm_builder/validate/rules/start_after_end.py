"""A start is after its end.

Compared as intervals: a partial date that can still lie before the end is no finding.
Why: Durations come out negative and the record falls out of every window.
Remedy: Query the two dates.
Source: IG 4.4; FDA validator rules.

Bad:
    AE USUBJID AESEQ AESTDTC    AEENDTC
       S1      1     2024-01-10 2024-01-09
       S1      2     2024-02    2024-01-31
    -> AE [USUBJID=S1 AESEQ=1] AESTDTC AEENDTC
    -> AE [USUBJID=S1 AESEQ=2] AESTDTC AEENDTC

Bad:
    DM USUBJID RFICDTC    RFSTDTC    RFXSTDTC
       S1      2024-01-10 2024-01-09 2024-01-11
    -> DM [USUBJID=S1] RFICDTC RFSTDTC

Bad:
    LB USUBJID LBSEQ LBDTC      LBENDTC
       S1      1     2024-01-10 2024-01-09
    -> LB [USUBJID=S1 LBSEQ=1] LBDTC LBENDTC

Good:
    AE USUBJID AESEQ AESTDTC    AEENDTC
       S1      1     2024-01-10 2024-01-10
       S1      2     2024-01    2024-01-05
       S1      3     2024-01-10 .
       S1      4     2024-01-10T10:00 2024-01-10
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

ANY = (("--STDTC", "--ENDTC"),)
FINDINGS = (("--DTC", "--ENDTC"),)
DM = (
    ("RFSTDTC", "RFENDTC"),
    ("RFXSTDTC", "RFXENDTC"),
    ("RFCSTDTC", "RFCENDTC"),
    ("RFICDTC", "RFSTDTC"),
    ("RFICDTC", "RFXSTDTC"),
    ("BRTHDTC", "RFICDTC"),
)


@rule("error", fda=["FB3209", "FB3210", "FB3404", "FB3408", "FB3411", "FB3412", "FB3413"])
def check(study: Study, table: Table) -> Found:
    pairs = DM if table.domain == "DM" else FINDINGS if table.klass.startswith("FINDINGS") else ANY
    for start, end in pairs:
        if table.has(start, end):
            first, last = table.named(start), table.named(end)
            where = study.dates(table, start).surely_after(study.dates(table, end))
            yield from records(table, where, f"{first} {{{first}}} is after {last} {{{last}}}", first, last)
