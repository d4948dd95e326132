"""A baseline record has no result.

--LOBXFL or --BLFL is Y but --STRESC is missing.
Why: Change from baseline can't be counted from nothing.
Remedy: Flag the last record with a result.
Source: IG 4.5.9.

Bad:
    LB USUBJID LBSEQ LBSTRESC LBLOBXFL
       S1      1     .        Y
    -> LB [USUBJID=S1 LBSEQ=1] LBLOBXFL LBSTRESC

Good:
    LB USUBJID LBSEQ LBSTRESC LBLOBXFL
       S1      1     5        Y
       S1      2     .        .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0569"], fda=["FB2601", "FB2602"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--STRESC"])
def check(study: Study, table: Table) -> Found:
    for name in ("--LOBXFL", "--BLFL"):
        where = table.equals(name, "Y") & table.empty("--STRESC")
        yield from records(table, where, f"{table.named(name)} is Y but --STRESC is missing", name, "--STRESC")
