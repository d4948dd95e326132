"""--STRF or --ENRF is filled for what did not occur.

Why: What did not happen has no time.
Remedy: Empty the variable, or query --OCCUR.
Source: IG 4.4.7.

Bad:
    CM USUBJID CMSEQ CMOCCUR CMSTRF
       S1      1     N       BEFORE
    -> CM [USUBJID=S1 CMSEQ=1] CMSTRF CMOCCUR

Good:
    CM USUBJID CMSEQ CMOCCUR CMSTRF
       S1      1     Y       BEFORE
       S1      2     N       .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0420", "CG0421"], classes=["EVENTS", "INTERVENTIONS"], needs=["--OCCUR"])
def check(study: Study, table: Table) -> Found:
    for name in ("--STRF", "--ENRF"):
        where = table.equals("--OCCUR", "N") & table.filled(name)
        own = table.named(name)
        yield from records(table, where, f"{own} is {{{own}}} but --OCCUR is N", name, "--OCCUR")
