"""A criterion of IE is not in TI.

IETESTCD and IETEST of IE are those of TI.
Why: The text of the criterion that was not met can't be looked up.
Remedy: Take IETESTCD and IETEST from TI, or add the criterion to TI.
Source: IG 6.3.4 IE, 7.4.1 TI.

Bad:
    IE USUBJID IESEQ IETESTCD IETEST
       S1      1     INCL09   Adults
    TI IETESTCD IETEST
       INCL01   Adult
    -> IE [USUBJID=S1 IESEQ=1] IETESTCD
    -> IE [USUBJID=S1 IESEQ=1] IETEST

Good:
    IE USUBJID IESEQ IETESTCD IETEST
       S1      1     INCL01   Adult
    TI IETESTCD IETEST
       INCL01   Adult
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0178", "CG0179"], domains=["IE"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("TI"):
        return
    for name in ("IETESTCD", "IETEST"):
        where = table.filled(name) & ~table.equals(name, *study.values_of("TI", name))
        yield from records(table, where, f"{name} '{{{name}}}' is not in TI", name)
