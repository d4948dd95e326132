"""STUDYID is not the one of DM.

Why: Records of another study have slipped in.
Remedy: Take STUDYID from one place for all datasets.
Source: IG 4.1.

Bad:
    AE STUDYID USUBJID AESEQ
       X01     S1      1
    DM STUDYID USUBJID
       X02     S1
    -> AE [USUBJID=S1 AESEQ=1] STUDYID

Bad:
    DM STUDYID USUBJID
       X02     S1
       X03     S2
    -> DM [USUBJID=S2] STUDYID

Good:
    AE STUDYID USUBJID AESEQ
       X02     S1      1
    DM STUDYID USUBJID
       X02     S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0409"], needs=["STUDYID"])
def check(study: Study, table: Table) -> Found:
    dm = study.table("DM")
    if dm is None or not dm.distinct("STUDYID"):
        return []
    own = min(dm.distinct("STUDYID").items(), key=lambda item: item[1])[0]
    where = table.filled("STUDYID") & ~table.equals("STUDYID", own)
    return records(table, where, f"STUDYID {{STUDYID}} is not {own}", "STUDYID")
