"""An unplanned element is described as a planned one, or the reverse.

ETCD UNPLAN has SEUPDES and neither ELEMENT nor TAETORD; SEUPDES belongs to UNPLAN alone; any other ETCD is in TE.
Why: What is not in the plan must be told, and can't be looked up.
Remedy: Describe the element in SEUPDES; take ETCD and ELEMENT of planned elements from TE.
Source: IG 5.3 SE.

Bad:
    SE USUBJID SESEQ ETCD   ELEMENT SEUPDES TAETORD
       S1      1     UNPLAN Odd     .       3
       S1      2     TRT    Treat   Odd     1
    -> SE [USUBJID=S1 SESEQ=1] ELEMENT
    -> SE [USUBJID=S1 SESEQ=1] TAETORD
    -> SE [USUBJID=S1 SESEQ=1] SEUPDES
    -> SE [USUBJID=S1 SESEQ=2] SEUPDES

Bad:
    SE USUBJID SESEQ ETCD
       S1      1     TRX
    TE ETCD
       TRT
    -> SE [USUBJID=S1 SESEQ=1] ETCD

Good:
    SE USUBJID SESEQ ETCD   ELEMENT SEUPDES TAETORD
       S1      1     UNPLAN .       Odd     .
       S1      2     TRT    Treat   .       1
    TE ETCD ELEMENT
       TRT  Treat
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule(
    "error", cdisc=["CG0152", "CG0206", "CG0210", "CG0211", "CG0414"], domains=["SE", "TA"], needs=["ETCD"]
)
def check(study: Study, table: Table) -> Found:
    unplanned = table.equals("ETCD", "UNPLAN")
    if table.domain == "SE":
        for name in ("ELEMENT", "TAETORD"):
            message = f"{name} is '{{{name}}}' but ETCD is UNPLAN"
            yield from records(table, unplanned & table.filled(name), message, name)
        message = "SEUPDES is '{SEUPDES}' but ETCD is '{ETCD}'"
        yield from records(table, unplanned != table.filled("SEUPDES"), message, "SEUPDES")
    if study.of_domain("TE"):
        where = table.filled("ETCD") & ~unplanned & ~table.equals("ETCD", *study.values_of("TE", "ETCD"))
        yield from records(table, where, "ETCD {ETCD} is not in TE", "ETCD")
