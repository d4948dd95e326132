"""define.xml does not say where the values of a variable come from.

Neither the variable nor each item of its value level has an origin; variables without values are passed over.
Why: Whether a value was copied, derived or assigned is the first step of the trace.
Remedy: Give the variable an origin, or its value level where it differs by parameter.
Source: Define-XML 2.1, 5.3.12 (Origin is required for variables of analysis datasets).

Bad:
    ADSL USUBJID TRTSDT     DTHDT
         S1      2024-01-01 .
    define ADSL.USUBJID origin=Predecessor
    -> ADSL TRTSDT

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    define ADVS.USUBJID origin=Predecessor
    define ADVS.PARAMCD origin=Assigned
    value ADVS.AVAL PARAMCD EQ HR origin=Derived
    value ADVS.AVAL PARAMCD EQ WT
    -> ADVS AVAL

Good:
    ADVS USUBJID PARAMCD AVAL AVALC
         S1      HR      70   .
    define ADVS.USUBJID origin=Predecessor
    define ADVS.PARAMCD origin=Assigned
    value ADVS.AVAL PARAMCD EQ HR origin=Derived
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("warning")
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    if study.define is None or defined is None:
        return
    for item in defined.items:
        levels = study.define.value_lists.get(item.values, ())
        told = bool(item.origin) or (bool(levels) and all(level.origin for level in levels))
        if not told and table.filled(item.name).any():
            yield about(table.name, f"define.xml names no origin of {item.name}", item.name)
