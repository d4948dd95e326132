"""AVAL and AVALC do not pair one to one within a parameter.

Where both are filled.
Why: AVALC is then no form of AVAL; a frequency by the one differs from that by the other.
Remedy: Leave AVALC null for numeric parameters; `<5` belongs in --STRESC, not in AVALC.
Source: ADaMIG 1.3, 3.3.4 (AVALC).

Bad:
    ADRS USUBJID PARAMCD AVISIT AVAL AVALC
         S1      OVR     V1     1    CR
         S1      OVR     V2     1    CRi
         S1      OVR     V3     2    CR
    -> ADRS [USUBJID=S1 PARAMCD=OVR AVISIT=V2] AVAL AVALC
    -> ADRS [USUBJID=S1 PARAMCD=OVR AVISIT=V3] AVALC AVAL

Good:
    ADRS USUBJID PARAMCD AVISIT AVAL AVALC
         S1      OVR     V1     1    CR
         S1      OVR     V2     2    PR
         S1      RSP     V2     2    Y
         S1      RSP     V3     .    Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing


@adam_rule("error", classes=["BDS", "TTE"], needs=["PARAMCD", "AVAL", "AVALC"])
def check(study: AdamStudy, table: Table) -> Found:
    for one, other in (("AVAL", "AVALC"), ("AVALC", "AVAL")):
        where = differing(table, one, other, None, ["PARAMCD"])
        message = f"{one} {{{one}}} has another {other} than '{{{other}}}' elsewhere in {{PARAMCD}}"
        yield from records(table, where, message, one, other)
