"""A population flag of ADSL is neither Y nor N.

FASFL, SAFFL, ITTFL, PPROTFL, COMPLFL, RANDFL, ENRLFL; they are never null.
Why: Whether the subject is in the population is unknown; N and missing are counted in two ways.
Remedy: Write N for who is not in it.
Source: ADaMIG 1.3, 3.2.4 (population indicator variables).

Bad:
    ADSL USUBJID SAFFL ITTFL
         S1      Y     .
    -> ADSL [USUBJID=S1] ITTFL

Good:
    ADSL USUBJID SAFFL ITTFL DLTFL
         S1      Y     N     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

FLAGS = ("FASFL", "SAFFL", "ITTFL", "PPROTFL", "COMPLFL", "RANDFL", "ENRLFL")


@adam_rule("error", classes=["ADSL"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in FLAGS:
        if table.has(name):
            yield from records(table, ~table.equals(name, "Y", "N"), f"{name} is '{{{name}}}', not Y or N", name)
