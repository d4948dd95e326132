"""ECDOSE does not agree with what EC says of the dose.

A dose that was given is above 0, unless ECSTAT or ECDOSTXT says otherwise; one that was not given (ECOCCUR N) is
missing or above 0.
Why: Zero for a dose that was not taken is counted as a dose.
Remedy: Say ECOCCUR N and leave ECDOSE missing, or give the planned dose.
Source: IG 6.1.3 EC.

Bad:
    EC USUBJID ECSEQ ECOCCUR ECDOSE
       S1      1     Y       0
       S1      2     Y       .
       S1      3     N       0
    -> EC [USUBJID=S1 ECSEQ=1] ECDOSE ECOCCUR
    -> EC [USUBJID=S1 ECSEQ=2] ECDOSE ECOCCUR
    -> EC [USUBJID=S1 ECSEQ=3] ECDOSE ECOCCUR

Good:
    EC USUBJID ECSEQ ECOCCUR ECDOSE ECDOSTXT
       S1      1     Y       54     .
       S1      2     N       .      .
       S1      3     Y       .      20-30
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0100", "CG0101", "CG0462"], domains=["EC"], needs=["ECDOSE"])
def check(study: Study, table: Table) -> Found:
    dose, refused = table.numbers("ECDOSE"), table.equals("ECOCCUR", "N")
    said = table.filled("ECSTAT") | table.filled("ECDOSTXT")
    where = (refused & (dose <= 0)) | (~refused & ~said & ~(dose > 0))
    message = "ECDOSE is '{ECDOSE}' beside ECOCCUR '{ECOCCUR}'"
    return records(table, where, message, "ECDOSE", "ECOCCUR")
