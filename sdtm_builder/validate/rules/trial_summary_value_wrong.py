"""A record of TS has no value and no reason, or one that belongs elsewhere.

TSVAL or TSVALNF is filled; TSSEQ is unique within TSPARMCD; TSVAL is no null flavor.
Why: A parameter without a value and without a reason says nothing.
Remedy: Fill TSVAL, or say in TSVALNF why it is missing.
Source: IG 7.4 TS.

Bad:
    TS TSSEQ TSPARMCD TSVAL TSVALNF
       1     AGEMIN   .     .
       1     SSTDTC   2024  .
       1     SSTDTC   2025  .
       1     TBLIND   NASK  .
    -> TS [TSPARMCD=AGEMIN TSSEQ=1] TSVAL TSVALNF
    -> TS [TSPARMCD=SSTDTC TSSEQ=1] TSSEQ TSPARMCD
    -> TS [TSPARMCD=TBLIND TSSEQ=1] TSVAL

Good:
    TS TSSEQ TSPARMCD TSVAL TSVALNF
       1     AGEMIN   P18Y  .
       1     AGEMAX   .     PINF
       1     SSTDTC   2024-01-01  .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

FLAVORS = ("NI", "INV", "OTH", "NINF", "PINF", "UNC", "DER", "UNK", "ASKU", "NAV", "NASK", "QS", "TRC", "MSK", "NA")


@rule("error", cdisc=["CG0259", "CG0268", "CG0291"], domains=["TS"], needs=["TSVAL"])
def check(study: Study, table: Table) -> Found:
    where = table.empty("TSVAL") & table.empty("TSVALNF")
    yield from records(table, where, "TSVAL and TSVALNF are missing for {TSPARMCD}", "TSVAL", "TSVALNF")
    where = table.repeats(["TSPARMCD", "TSSEQ"], table.filled("TSSEQ"))
    yield from records(table, where, "TSSEQ {TSSEQ} occurs before in {TSPARMCD}", "TSSEQ", "TSPARMCD")
    where = table.equals("TSVAL", *FLAVORS) & table.empty("TSVALNF")
    yield from records(table, where, "TSVAL '{TSVAL}' is a null flavor, which belongs in TSVALNF", "TSVAL")
