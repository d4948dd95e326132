"""define.xml names no keys for an analysis dataset.

Why: What one record stands for is not said, and nobody can sort or merge by it.
Remedy: Give the variables that make a record unique a key sequence.
Source: Define-XML 2.1, 4.3.2 (KeySequence); ADaMIG 1.3, 3.1.1 (each dataset has a structure).

Bad:
    ADSL USUBJID
         S1
    define ADSL
    -> ADSL []

Good:
    ADSL USUBJID
         S1
    define ADSL keys=USUBJID
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("warning")
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    if defined is not None and defined.items and not defined.keys:
        yield about(table.name, "define.xml names no keys")
