"""The date and the status of the end of study contradict each other.

EOSDT is filled where EOSSTT is ONGOING, or missing where it is COMPLETED or DISCONTINUED.
Why: Follow-up is cut at a date that does not exist, or not at all.
Remedy: Derive both from the same disposition record.
Source: ADaMIG 1.3, 3.2.7 (EOSSTT, EOSDT).

Bad:
    ADSL USUBJID EOSSTT    EOSDT
         S1      ONGOING   2024-01-01
         S2      COMPLETED .
    -> ADSL [USUBJID=S1] EOSDT EOSSTT
    -> ADSL [USUBJID=S2] EOSDT EOSSTT

Good:
    ADSL USUBJID EOSSTT    EOSDT
         S1      ONGOING   .
         S2      COMPLETED 2024-01-01
         S3      .         .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["ADSL"], needs=["EOSSTT", "EOSDT"])
def check(study: AdamStudy, table: Table) -> Found:
    filled = table.filled("EOSDT")
    where = filled & table.equals("EOSSTT", "ONGOING")
    where |= ~filled & table.equals("EOSSTT", "COMPLETED", "DISCONTINUED")
    return records(table, where, "EOSSTT is {EOSSTT}, EOSDT is '{EOSDT}'", "EOSDT", "EOSSTT")
