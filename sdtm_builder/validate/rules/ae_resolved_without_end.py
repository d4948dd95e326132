"""AEENDTC is missing although the event is resolved.

Why: The duration of a resolved event can't be told without its end.
Remedy: Query the end date, or the outcome.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AEENDTC AEOUT
       S1      1     .       RECOVERED/RESOLVED
    -> AE [USUBJID=S1 AESEQ=1] AEENDTC AEOUT

Good:
    AE USUBJID AESEQ AEENDTC AEOUT
       S1      1     2024-02 RECOVERED/RESOLVED
       S1      2     .       UNKNOWN
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB3410"], domains=["AE"], needs=["AEENDTC", "AEOUT"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("AEOUT", "RECOVERED/RESOLVED") & table.empty("AEENDTC")
    return records(table, where, "AEOUT is {AEOUT} but AEENDTC is missing", "AEENDTC", "AEOUT")
