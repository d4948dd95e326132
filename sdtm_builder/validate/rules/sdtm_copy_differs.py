"""A variable of the SDTM domain that a record comes from has another value than the SDTM record.

The SDTM record is that of USUBJID and --SEQ, or of SRCDOM and SRCSEQ; looked at is each variable of its name (AETERM,
LBSTRESN, VISITNUM). A derived record that refers to its source by SRCDOM may leave such a variable empty.
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

Bad:
    PC USUBJID PCSEQ VISITNUM
       S1      1     3
    CP USUBJID CPSEQ VISITNUM
       S1      1     4
    ADPC USUBJID PARAMCD SRCDOM SRCSEQ AVAL VISITNUM
         S1      A       PC     1      5    3
         S1      B       CP     1      5    3
    -> ADPC [USUBJID=S1 PARAMCD=B] VISITNUM

Good:
    AE USUBJID AESEQ AETERM
       S1      1     Headache
    ADAE USUBJID AESEQ AETERM   TRTEMFL AREL
         S1      1     Headache Y       RELATED

Good:
    RS USUBJID RSSEQ VISITNUM
       S1      1     3
    ADRS USUBJID PARAMCD SRCDOM SRCSEQ AVAL VISITNUM
         S1      BOR     RS     1      5    .
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS", "OTHER"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    adsl = study.adsl
    passed = {"USUBJID", table.named("--SEQ"), *(adsl.variables if adsl is not None else ())}
    for source in study.sources(table):
        for name in table.variables:
            if name in passed or not source.has(name):
                continue
            theirs = source.column(name)
            differs = source.found & ~same(table.columns[name], theirs)
            if not table.has("--SEQ"):
                differs &= table.filled(name)
            if differs.any():
                message = f"{name} is '{{{name}}}', the record of {source.letters} has '{{theirs}}'"
                yield from records(table, differs, message, name, extra={"theirs": shown(theirs)})
