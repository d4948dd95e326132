"""A variable of the SDTM domain that a record comes from has another value than the SDTM record.

The SDTM record is that of USUBJID and --SEQ; looked at is each variable of its name (AETERM, LBSTRESN, VISITNUM).
Why: A copy that differs from its source breaks the trace from result to collected data.
Remedy: Copy the value as it is, and derive under a name of ADaM.
Source: ADaMIG 1.3, 3.1.1 (names of SDTM variables are for unchanged copies).

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     Headache
       S1      2     Nausea
    ADAE USUBJID AESEQ AETERM   TRTEMFL
         S1      1     HEADACHE Y
         S1      2     Nausea   Y
    -> ADAE [USUBJID=S1 AESEQ=1] AETERM

Bad:
    LB USUBJID LBSEQ LBSTRESN
       S1      1     5
    ADLB USUBJID LBSEQ PARAMCD AVAL LBSTRESN
         S1      1     ALT     5    6
         S1      .     ALT     5.5  7
         S1      9     ALT     5.5  7
    -> ADLB [USUBJID=S1 PARAMCD=ALT LBSEQ=1] LBSTRESN

Good:
    AE USUBJID AESEQ AETERM
       S1      1     Headache
    ADAE USUBJID AESEQ AETERM   TRTEMFL AREL
         S1      1     Headache Y       RELATED
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS", "OTHER"], needs=["USUBJID", "--SEQ"])
def check(study: AdamStudy, table: Table) -> Found:
    source = study.source(table)
    if source is None:
        return
    adsl = study.adsl
    for name in table.variables:
        if name in ("USUBJID", table.named("--SEQ")) or not source.has(name) or (adsl is not None and adsl.has(name)):
            continue
        theirs = source.column(name)
        differs = source.found & ~same(table.columns[name], theirs)
        if differs.any():
            message = f"{name} is '{{{name}}}', the record of {table.letters} has '{{theirs}}'"
            yield from records(table, differs, message, name, extra={"theirs": shown(theirs)})
