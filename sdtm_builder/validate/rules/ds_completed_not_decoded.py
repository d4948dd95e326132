"""DSTERM is COMPLETED but DSDECOD is not.

Why: The count of completers is taken from DSDECOD.
Remedy: Map the term to COMPLETED of NCOMPLT.
Source: IG 6.2.4 DS.

Bad:
    DS USUBJID DSSEQ DSTERM    DSDECOD
       S1      1     COMPLETED OTHER
    -> DS [USUBJID=S1 DSSEQ=1] DSDECOD DSTERM

Good:
    DS USUBJID DSSEQ DSTERM    DSDECOD
       S1      1     COMPLETED COMPLETED
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0065"], domains=["DS"], needs=["DSTERM", "DSDECOD"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("DSTERM", "COMPLETED") & ~table.equals("DSDECOD", "COMPLETED")
    return records(table, where, "DSTERM is COMPLETED but DSDECOD is '{DSDECOD}'", "DSDECOD", "DSTERM")
