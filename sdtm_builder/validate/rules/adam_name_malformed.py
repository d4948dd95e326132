"""The name of an analysis dataset does not begin with AD, or is longer than 8 characters.

Why: The prefix tells analysis data from tabulations; tools look for it.
Remedy: Rename the dataset.
Source: ADaMIG 1.3, 3.1.1 (dataset names); FDA Study Data Technical Conformance Guide 4.1.4.

Bad:
    ADSL USUBJID
         S1
    ADRESPONSE USUBJID
               S1
    -> ADRESPONSE []

Good:
    ADSL USUBJID
         S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule
from sdtm_builder.validate.texts import is_name


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    if not is_name(table.name) or not table.name.startswith("AD"):
        yield about(table.name, f"{table.name} is no name of an analysis dataset: AD and up to 6 of A-Z, 0-9, _")
