"""The elements of an arm in TA are not numbered.

TAETORD is a whole number, and occurs once in an arm.
Why: The order of an arm's elements can't be told.
Remedy: Number the elements of each arm 1, 2, 3 in TAETORD.
Source: IG 7.2.1 TA.

Bad:
    TA ARMCD ARM      TAETORD ETCD
       A     "Dose 1" 1       SCRN
       A     "Dose 1" 1.5     TRT
       B     "Dose 2" 1       SCRN
       B     "Dose 2" 1       TRT
    -> TA [record 2] TAETORD
    -> TA [record 4] TAETORD ARMCD

Good:
    TA ARMCD ARM      TAETORD ETCD
       A     "Dose 1" 1       SCRN
       A     "Dose 1" 2       TRT
       B     "Dose 2" 1       SCRN
       B     "Dose 2" .       TRT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import numbers_of


@rule("error", cdisc=["CG0247", "CG0248"], domains=["TA"], needs=["TAETORD"])
def check(study: Study, table: Table) -> Found:
    numbers = numbers_of(table.column("TAETORD"))
    where = table.filled("TAETORD") & ~(numbers == numbers.round())
    yield from records(table, where, "TAETORD {TAETORD} is no whole number", "TAETORD")
    where = table.repeats(["ARMCD" if table.has("ARMCD") else "ARM", "TAETORD"], table.filled("TAETORD"))
    yield from records(table, where, "TAETORD {TAETORD} occurs before in arm {ARMCD}", "TAETORD", "ARMCD")
