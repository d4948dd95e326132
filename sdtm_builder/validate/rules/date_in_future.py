"""A date of the study is later than the day on which its files were made.

That day is what define.xml states: AsOfDateTime, or CreationDateTime where it has none. A partial date is told where
even its earliest reading is later; times within the day are not compared, since the sites' zones are not known.
Without define.xml nothing can be compared.
Why: What has not happened yet can't have been collected; most often the year was mistyped.
Remedy: Query the date; for a build as of an earlier day, take the transfer of that day.
Source: IG 4.4.1; define.xml 2.1, ODM/@CreationDateTime.

Bad:
    AE USUBJID AESEQ AESTDTC    AEENDTC
       S1      1     2024-03-02 2042-03-04
       S2      1     2025       .
    DM USUBJID BRTHDTC
       S1      2091-05
    define standard made=2024-03-02T12:00:00
    -> AE [USUBJID=S1 AESEQ=1] AEENDTC
    -> AE [USUBJID=S2 AESEQ=1] AESTDTC
    -> DM [USUBJID=S1] BRTHDTC

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-03-02T23:59
       S2      1     2024
       S3      1     2024-03
       S4      1     --12-24
       S5      1     .
    define standard made=2024-03-02T12:00:00

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2042-03-04
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.dates import read_moment
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning")
def check(study: Study, table: Table) -> Found:
    made = study.define.made if study.define else ""
    day = read_moment(made[:10])
    if day is None:
        return
    extra = {"made": np.full(table.n, made, dtype=object)}
    for name, variable in table.variables.items():
        if name.endswith("DTC") and variable.type == "Char":
            dates = study.dates(table, name)
            text = f"{name} {{{name}}} is later than the data, which are of {{made}}"
            yield from records(table, dates.known & (dates.low > day.high), text, name, extra=extra)
