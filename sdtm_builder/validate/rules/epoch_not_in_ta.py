"""EPOCH is none of TA.

Why: Epochs are planned in TA; another one is not of this study.
Remedy: Derive EPOCH from SE, or add the epoch to TA.
Source: IG 4.1.3.1, 7.2.1 TA.

Bad:
    AE USUBJID AESEQ EPOCH
       S1      1     WASHOUT
    TA ARMCD TAETORD EPOCH
       A     1       TREATMENT
    -> AE [USUBJID=S1 AESEQ=1] EPOCH

Good:
    AE USUBJID AESEQ EPOCH
       S1      1     TREATMENT
       S1      2     .
    TA ARMCD TAETORD EPOCH
       A     1       TREATMENT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0009"], needs=["EPOCH"], but_not=["TA"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("TA"):
        return []
    where = table.filled("EPOCH") & ~table.equals("EPOCH", *study.values_of("TA", "EPOCH"))
    return records(table, where, "EPOCH {EPOCH} is not in TA", "EPOCH")
