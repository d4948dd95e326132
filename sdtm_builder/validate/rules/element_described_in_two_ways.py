"""An element of TE has several sets of rules.

One ETCD has one combination of TESTRL, TEENRL and TEDUR.
Why: An element with another start, end or length is another element; SE can't say which one was meant.
Remedy: Give elements that differ in their rules an ETCD each.
Source: IG 7.2.2 TE.

Bad:
    TE ETCD ELEMENT TESTRL  TEENRL  TEDUR
       TRT  Treat   Dose    "Day 7" .
       TRT  Treat   Dose    "Day 7" P7D
       TRT  Treat   Dose    "Day 7" P7D
    -> TE [record 2] ETCD TESTRL TEENRL TEDUR

Good:
    TE ETCD ELEMENT TESTRL  TEENRL  TEDUR
       TRT1 "Day 1" Dose    .       P1D
       TRT2 "Day 7" Dose    .       P7D
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

RULES = ("TESTRL", "TEENRL", "TEDUR")


@rule("error", cdisc=["CG0325"], domains=["TE"], needs=["ETCD"])
def check(study: Study, table: Table) -> Found:
    named = table.filled("ETCD")
    where = table.repeats(["ETCD"], named) & named & ~table.repeats(["ETCD", *RULES], named)
    return records(table, where, "element {ETCD} stands before with other rules", "ETCD", *RULES)
