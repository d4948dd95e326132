"""A subject with an actual arm has no record in DS.

Why: Whether the subject completed, and why not, is known from DS alone.
Remedy: Add the disposition; in an ongoing study as of the cut-off.
Source: IG 6.2.4 DS.

Bad:
    DM USUBJID ACTARMCD
       S1      A
    DS USUBJID DSSEQ
       S2      1
    -> DM [USUBJID=S1] ACTARMCD

Good:
    DM USUBJID ACTARMCD
       S1      .
       S2      A
    DS USUBJID DSSEQ
       S2      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0540"], domains=["DM"], needs=["ACTARMCD"], draft="warning")
def check(study: Study, table: Table) -> Found:
    where = table.filled("ACTARMCD") & ~study.subjects("DS", table)
    return records(table, where, "ACTARMCD is {ACTARMCD} but DS has no record of this subject", "ACTARMCD")
