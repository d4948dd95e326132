"""An analysis date lies outside what its --DTC leaves open.

ASTDT against --STDTC, AENDT against --ENDTC, ADT against --DTC: of the dataset, else of the SDTM record of its --SEQ;
in ADSL DTHDT, RFICDT, BRTHDT against DM. A complete --DTC leaves open one day, a partial one its month or year.
Records with DTYPE are left out.
Why: A date that was collected is not changed in ADaM; an imputed one keeps what was collected.
Remedy: Derive the date from the --DTC again.
Source: ADaMIG 1.3, 3.1.2 (imputation flags) and 3.3.3.

Bad:
    AE USUBJID AESEQ AESTDTC    AEENDTC
       S1      1     2024-01-02 2024-02
    ADAE USUBJID AESEQ ASTDT      AENDT
         S1      1     2024-01-03 2024-03-01
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDT
    -> ADAE [USUBJID=S1 AESEQ=1] AENDT

Bad:
    DM USUBJID DTHDTC
       S1      2024-05-02
    ADSL USUBJID DTHDT
         S1      2024-05-01
    -> ADSL [USUBJID=S1] DTHDT

Bad:
    PC USUBJID PCSEQ PCDTC
       S1      1     2024-01-02
    CP USUBJID CPSEQ CPDTC
       S1      1     2024-01-03
    ADPC USUBJID PARAMCD SRCDOM SRCSEQ ADT
         S1      A       PC     1      2024-01-03
         S1      B       CP     1      2024-01-03
         S1      C       ADPC   1      2024-01-04
    -> ADPC [USUBJID=S1 PARAMCD=A ADT=2024-01-03] ADT

Good:
    AE USUBJID AESEQ AESTDTC          AEENDTC
       S1      1     2024-01-02T23:59 2024
    ADAE USUBJID AESEQ ASTDT      AENDT
         S1      1     2024-01-02 2024-03-01

Bad:
    LB USUBJID LBSEQ LBDTC
       S1      1     2024-01-02
    ADLB USUBJID LBSEQ PARAMCD ADTM             AVAL
         S1      1     ALT     2024-01-03T00:00 5
         S1      1     AST     2024-01-02T23:59 5
    -> ADLB [USUBJID=S1 PARAMCD=ALT LBSEQ=1] ADTM

Good:
    EX USUBJID EXSEQ EXSTDTC    EXENDTC
       S1      1     2024-01-01 2024-01-31
    ADPC USUBJID PARAMCD SRCDOM SRCSEQ ASTDT      AENDT
         S1      DOSE    EX     1      2024-01-02 2024-01-02
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import day_bounds, days_of, sourced
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL", "BDS", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for names, source, dates in sourced(study, table):
        low, high = day_bounds(dates)
        own = days_of(table, names)
        where = ~np.isnan(own) & ((own < low) | (own > high)) & table.empty("DTYPE")
        shown = names.date if table.has(names.date) else names.datetime
        yield from records(table, where, f"{shown} is {{{shown}}}, which is not what {source} says", shown)
