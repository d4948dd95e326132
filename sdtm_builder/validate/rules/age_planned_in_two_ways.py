"""TS plans the subjects' age both as a number and as a text.

AGE and AGETXT do not both have a value.
Why: Two plans of one age leave open which of them holds.
Remedy: Keep AGE for one age, AGETXT for a range.
Source: FDA validator rules.

Bad:
    TS TSSEQ TSPARMCD TSVAL
       1     AGE      12
       1     AGETXT   10-14
    -> TS [TSPARMCD=AGETXT TSSEQ=1] TSPARMCD TSVAL

Good:
    TS TSSEQ TSPARMCD TSVAL
       1     AGE      12
       1     AGETXT   .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB1116"], domains=["TS"], needs=["TSPARMCD", "TSVAL"])
def check(study: Study, table: Table) -> Found:
    filled = table.filled("TSVAL")
    if not (table.equals("TSPARMCD", "AGE") & filled).any():
        return []
    where = table.equals("TSPARMCD", "AGETXT") & filled
    return records(table, where, "AGETXT is '{TSVAL}' beside AGE", "TSPARMCD", "TSVAL")
