"""TS gives an indication though the subjects are healthy.

Where HLTSUBJI is Y, INDIC has no value and TSVALNF is NA.
Why: Healthy subjects have no disease that is treated; one of the two parameters is wrong.
Remedy: Leave TSVAL of INDIC empty and set TSVALNF to NA, or correct HLTSUBJI.
Source: FDA validator rules; IG 7.4.2.

Bad:
    TS TSSEQ TSPARMCD TSVAL  TSVALNF
       1     HLTSUBJI Y      .
       1     INDIC    Asthma .
    -> TS [TSPARMCD=INDIC TSSEQ=1] TSVALNF TSVAL

Bad:
    TS TSSEQ TSPARMCD TSVAL  TSVALNF
       1     HLTSUBJI Y      .
    -> TS

Good:
    TS TSSEQ TSPARMCD TSVAL  TSVALNF
       1     HLTSUBJI Y      .
       1     INDIC    .      NA

Good:
    TS TSSEQ TSPARMCD TSVAL  TSVALNF
       1     HLTSUBJI N      .
       1     INDIC    Asthma .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, records, rule


@rule("warning", fda=["FB1110"], domains=["TS"], needs=["TSPARMCD", "TSVAL"])
def check(study: Study, table: Table) -> Found:
    if not (table.equals("TSPARMCD", "HLTSUBJI") & table.equals("TSVAL", "Y")).any():
        return
    indication = table.equals("TSPARMCD", "INDIC")
    message = "INDIC is '{TSVAL}' but HLTSUBJI is Y"
    yield from records(table, indication & ~table.equals("TSVALNF", "NA"), message, "TSVALNF", "TSVAL")
    if not indication.any():
        yield about(table.name, "HLTSUBJI is Y but there is no INDIC with TSVALNF NA")
