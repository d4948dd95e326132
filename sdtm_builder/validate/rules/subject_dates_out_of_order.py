"""Two dates of a subject stand in an order that can't be.

Consent, enrolment, randomisation before or on the start of treatment and the end of study; the start of treatment
before or on the end of study, death and the last date known alive; the last date known alive and the end of treatment
before or on death.
Why: A survival time comes out too long or negative.
Remedy: Query the two dates, or bound the derivation by the death.
Source: ADaMIG 1.3, 3.2.6 to 3.2.8 (subject-level dates).

Bad:
    ADSL USUBJID RFICDT     TRTSDT     LSTALVDT   DTHDT      EOSDT
         S1      2024-01-02 2024-01-01 2024-03-02 2024-03-01 2023-12-31
    -> ADSL [USUBJID=S1] RFICDT TRTSDT
    -> ADSL [USUBJID=S1] RFICDT EOSDT
    -> ADSL [USUBJID=S1] TRTSDT EOSDT
    -> ADSL [USUBJID=S1] LSTALVDT DTHDT

Good:
    ADSL USUBJID RFICDT     TRTSDT     LSTALVDT   DTHDT
         S1      2024-01-01 2024-01-01 2024-03-01 2024-03-01
         S2      2024-01-01 .          2024-03-01 .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

ORDERS = (
    *((first, then) for first in ("RFICDT", "ENRLDT", "RANDDT") for then in ("TRTSDT", "EOSDT")),
    *(("TRTSDT", then) for then in ("EOSDT", "DTHDT", "LSTALVDT")),
    *((first, "DTHDT") for first in ("LSTALVDT", "TRTEDT")),
)
"""(earlier, later)."""


@adam_rule("error", classes=["ADSL"])
def check(study: AdamStudy, table: Table) -> Found:
    for first, then in ORDERS:
        if table.has(first, then):
            where = table.numbers(first) > table.numbers(then)
            yield from records(table, where, f"{first} {{{first}}} is after {then} {{{then}}}", first, then)
