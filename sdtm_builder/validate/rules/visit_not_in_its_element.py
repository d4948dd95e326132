"""A visit in SV is given another element or epoch than SE has on its day.

The visit's TAETORD and EPOCH are those of an element of the subject that SVSTDTC may lie in, where there is one;
partial dates leave it open, and the day on which one element ends and the next begins belongs to both.
Why: By one dataset the visit is in treatment, by the other before it.
Remedy: Derive TAETORD and EPOCH of SV from SE.
Source: IG 5.3 SE, 5.5 SV.

Bad:
    SE USUBJID SESEQ SESTDTC    SEENDTC    TAETORD EPOCH
       S1      1     2024-01-01 2024-01-10 1       SCREENING
       S1      2     2024-01-10 2024-02-10 2       TREATMENT
    SV USUBJID VISITNUM SVSTDTC    TAETORD EPOCH
       S1      1        2024-01-05 2       SCREENING
       S1      2        2024-01-20 2       SCREENING
    -> SV [USUBJID=S1 VISITNUM=1] TAETORD SVSTDTC
    -> SV [USUBJID=S1 VISITNUM=2] EPOCH SVSTDTC

Good:
    SE USUBJID SESEQ SESTDTC    SEENDTC    TAETORD EPOCH
       S1      1     2024-01-01 2024-01-10 1       SCREENING
       S1      2     2024-01-10 2024-02-10 2       TREATMENT
    SV USUBJID VISITNUM SVSTDTC    TAETORD EPOCH
       S1      1        2024-01-05 1       SCREENING
       S1      2        2024-01-10 1       SCREENING
       S1      3        2024-01    2       TREATMENT
       S1      4        2024-03-01 3       FOLLOW-UP
       S2      1        2024-01-05 2       TREATMENT
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.kit import Found, Mask, Study, Table, records, rule
from sdtm_builder.validate.table import codes_of


@rule("error", cdisc=["CG0217", "CG0218"], domains=["SV"], needs=["SVSTDTC"])
def check(study: Study, table: Table) -> Found:
    for name in ("TAETORD", "EPOCH"):
        inside, agrees = np.zeros(table.n, dtype=bool), np.zeros(table.n, dtype=bool)
        for other in study.of_domain("SE"):
            if table.has(name) and other.has(name) and table.column(name).is_text == other.column(name).is_text:
                visits, elements = _pairs(study, table, other)
                inside[visits[other.filled(name)[elements]]] = True
                agrees[visits[_same(table, other, name, visits, elements)]] = True
        message = f"{name} is {{{name}}} on {{SVSTDTC}}, SE has another"
        yield from records(table, inside & ~agrees & table.filled(name), message, name, "SVSTDTC")


def _pairs(study: Study, visits: Table, elements: Table) -> tuple[np.ndarray, np.ndarray]:
    """Rows of visits and of elements, for each visit that may lie in an element of its subject."""
    both = codes_of(Vector.concat([visits.column("USUBJID"), elements.column("USUBJID")]))
    mine, theirs = both[: visits.n], both[visits.n :]
    order = np.argsort(theirs, kind="stable")
    low, high = (np.searchsorted(theirs[order], mine, side=side) for side in ("left", "right"))
    counts = np.where(mine > 0, high - low, 0)
    left = np.repeat(np.arange(visits.n), counts)
    starts = np.cumsum(counts) - counts
    right = order[np.arange(len(left)) - starts[left] + low[left]]
    day, begin = study.dates(visits, "SVSTDTC"), study.dates(elements, "SESTDTC")
    end = study.dates(elements, "SEENDTC")
    may = day.known[left] & ~(day.high[left] < begin.low[right]) & ~(day.low[left] > end.high[right])
    return left[may], right[may]


def _same(table: Table, other: Table, name: str, rows: np.ndarray, others: np.ndarray) -> Mask:
    codes = codes_of(Vector.concat([table.column(name), other.column(name)]))
    return np.asarray(codes[rows] == codes[table.n + others])
