"""A duration is not in ISO 8601.

Looks at --DUR, --ELTM, --EVLINT, --STINT, --ENINT and whatever the IG describes as an ISO 8601 duration.
Why: Durations can't be compared or summed otherwise.
Remedy: Write P1Y2M10DT2H30M, P2W, -PT30M.
Source: IG 4.4.3.

Bad:
    AE USUBJID AESEQ AEDUR
       S1      1     "3 DAYS"
       S1      2     P
       S1      3     P3
    QS USUBJID QSSEQ QSEVLINT
       S1      1     "LAST WEEK"
    -> QS [USUBJID=S1 QSSEQ=1] QSEVLINT
    -> AE [USUBJID=S1 AESEQ=1] AEDUR
    -> AE [USUBJID=S1 AESEQ=2] AEDUR
    -> AE [USUBJID=S1 AESEQ=3] AEDUR

Good:
    AE USUBJID AESEQ AEDUR
       S1      1     P3D
       S1      2     PT30M
       S1      3     P2W
    VS USUBJID VSSEQ VSELTM
       S1      1     -PT15M
    QS USUBJID QSSEQ QSEVLINT
       S1      1     -P7D
       S1      2     2024-01-01/2024-01-07
"""

from __future__ import annotations

from sdtm_builder.validate.dates import is_duration, read_moment
from sdtm_builder.validate.kit import Found, Study, Table, records, rule

ENDS = ("--DUR", "--ELTM", "--EVLINT", "--STINT", "--ENINT", "--PDUR")


@rule("error")
def check(study: Study, table: Table) -> Found:
    described = {v.name: v.described for v in study.ig.variables(study.ig_name(table))}
    named = [name for name, text in described.items() if text.startswith("ISO 8601 duration")]
    for name in dict.fromkeys([*map(table.named, ENDS), *named]):
        if table.has(name):
            where = table.filled(name) & ~table.matching(name, is_duration)
            if described.get(name) == "ISO 8601 duration or interval":
                where &= ~table.matching(name, lambda text: read_moment(text) is not None)
            yield from records(table, where, f"{name} '{{{name}}}' is no ISO 8601 duration", name)
