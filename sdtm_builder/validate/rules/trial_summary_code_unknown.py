"""TSVALCD is no code of the CDISC terminology of the version in TSVCDVER.

Where that release is not at hand, the release itself is told, not the codes.
Why: A code is looked up in the release that stands beside it, not in the study's.
Remedy: Correct the code or the version, or import the release.
Source: IG 7.4 TS.

Bad:
    TS TSSEQ TSPARMCD TSVAL TSVALCD TSVCDREF TSVCDVER
       1     ADDON    N     C9      CDISC    2025-03-28
       1     RANDOM   Y     C49488  CDISC    1999-01-01
    -> TS [TSPARMCD=ADDON TSSEQ=1] TSVALCD TSVCDVER
    -> TS [TSPARMCD=RANDOM TSSEQ=1] TSVCDVER

Good:
    TS TSSEQ TSPARMCD TSVAL TSVALCD TSVCDREF TSVCDVER
       1     ADDON    N     C49487  CDISC    2025-03-28
       1     INDIC    X     123     SNOMED   2020-01-01
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.terms import codes_of_release


@rule("warning", cdisc=["CG0288", "CG0289"], domains=["TS"], needs=["TSVALCD", "TSVCDREF", "TSVCDVER"])
def check(study: Study, table: Table) -> Found:
    cdisc = table.matching("TSVCDREF", lambda text: text.startswith("CDISC")) & table.filled("TSVCDVER")
    for version in table.distinct("TSVCDVER"):
        here = cdisc & table.equals("TSVCDVER", version)
        if not here.any():
            continue
        codes = codes_of_release(study, version)
        if codes is None:
            message = "terminology of version {TSVCDVER} is not at hand"
            yield from records(table, here, message, "TSVCDVER")
        else:
            where = here & table.filled("TSVALCD") & ~table.equals("TSVALCD", *codes)
            message = "TSVALCD {TSVALCD} is no code of CDISC's terminology {TSVCDVER}"
            yield from records(table, where, message, "TSVALCD", "TSVCDVER")
