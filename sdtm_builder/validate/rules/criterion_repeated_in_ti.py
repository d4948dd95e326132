"""A criterion is in TI several times.

IETESTCD occurs once in a version of the protocol (TIVERS), or in the dataset where TI has no versions.
Why: IE names criteria by IETESTCD; a code that stands twice names two texts.
Remedy: Number each criterion once in a version, a changed text in a new one.
Source: IG 7.4.1 TI.

Bad:
    TI IETESTCD IETEST  TIVERS
       INCL01   Adult   1
       INCL01   Adults  1
    -> TI [record 2] IETESTCD TIVERS

Bad:
    TI IETESTCD IETEST
       INCL01   Adult
       INCL01   Adults
    -> TI [record 2] IETESTCD

Good:
    TI IETESTCD IETEST  TIVERS
       INCL01   Adult   1
       INCL01   Adult   2
       INCL02   Consent 2
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0255", "CG0256"], domains=["TI"], needs=["IETESTCD"])
def check(study: Study, table: Table) -> Found:
    where = table.repeats(["IETESTCD", "TIVERS"], table.filled("IETESTCD"))
    version = " in version {TIVERS}" if table.has("TIVERS") else ""
    return records(table, where, "criterion {IETESTCD} occurs before" + version, "IETESTCD", "TIVERS")
