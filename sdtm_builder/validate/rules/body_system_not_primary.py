"""--BODSYS or --BDSYCD differs from the primary system organ class.

Why: Where the primary path of MedDRA is used for analysis, --BODSYS is --SOC; where another is, a reviewer must know.
Remedy: Take --BODSYS from the primary path, or say in the reviewer's guide which path the analysis uses.
Source: IG 6.2.1 AE.

Bad:
    AE USUBJID AESEQ AEBODSYS             AESOC                AEBDSYCD AESOCCD
       S1      1     "Cardiac disorders"  "Vascular disorders" 10007541 10047065
       S1      2     .                    .                    10007541 10047065
       S1      3     "Cardiac disorders"  "Vascular disorders" .        .
    -> AE [USUBJID=S1 AESEQ=2] AEBODSYS AESOC AEBDSYCD AESOCCD
    -> AE [USUBJID=S1 AESEQ=3] AEBODSYS AESOC AEBDSYCD AESOCCD
    -> AE [USUBJID=S1 AESEQ=1] AEBODSYS AESOC AEBDSYCD AESOCCD

Good:
    AE USUBJID AESEQ AEBODSYS             AESOC                AEBDSYCD AESOCCD
       S1      1     "Cardiac disorders"  "Cardiac disorders"  10007541 10007541
       S1      2     .                    .                    .        .
       S1      3     .                    "Cardiac disorders"  .        10007541
       S1      4     "Cardiac disorders"  .                    10007541 .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("note", cdisc=["CG0037", "CG0039"], classes=["EVENTS"], but_not=["DS", "DV", "HO"])
def check(study: Study, table: Table) -> Found:
    both = table.filled("--BODSYS") & table.filled("--SOC")
    where = both & (table.strings("--BODSYS") != table.strings("--SOC"))
    code, primary = table.numbers("--BDSYCD"), table.numbers("--SOCCD")
    where |= ~np.isnan(code) & ~np.isnan(primary) & (code != primary)
    message = "--BODSYS {--BODSYS} ({--BDSYCD}) is not --SOC {--SOC} ({--SOCCD})"
    return records(table, where, message, "--BODSYS", "--SOC", "--BDSYCD", "--SOCCD")
