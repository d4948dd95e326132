"""A dataset of a general class names nobody and nothing that was observed.

Why: A record belongs to a subject, a pool, an associated person or a device.
Remedy: Add USUBJID, or one of POOLID, APID, SPDEVID, SPTOBID.
Source: IG 2.3; SDTM 2.0 identifiers.

Bad:
    LB LBSEQ LBTESTCD
       1     ALT
    -> LB

Good:
    LB USUBJID LBSEQ LBTESTCD
       S1      1     ALT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, about, rule


@rule("error", cdisc=["CG0554"], classes=GENERAL)
def check(study: Study, table: Table) -> Found:
    if not any(table.has(name) for name in ("USUBJID", "APID", "SPDEVID", "POOLID", "SPTOBID", "STOCONID")):
        yield about(table.name, "none of USUBJID, POOLID, APID, SPDEVID, SPTOBID is in the dataset")
