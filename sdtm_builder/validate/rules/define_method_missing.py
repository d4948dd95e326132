"""define.xml says that a variable is derived, and has no method for it.

Its origin is Derived, and neither the variable nor each item of its value level has a method.
Why: How the value came about is the first thing that a reviewer of analysis data looks up.
Remedy: Describe the derivation by a method.
Source: Define-XML 2.1, 4.3.4 and 5.3.11 (MethodDef with origin Derived).

Bad:
    ADSL USUBJID TRTSDT
         S1      2024-01-01
    define ADSL.TRTSDT origin=Derived
    -> ADSL TRTSDT

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    define ADVS.AVAL origin=Derived
    value ADVS.AVAL PARAMCD EQ HR
    -> ADVS AVAL

Good:
    ADSL USUBJID TRTSDT     AGE
         S1      2024-01-01 30
    define ADSL.TRTSDT origin=Derived method=MT.1
    define ADSL.AGE origin=Predecessor
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    define ADVS.AVAL origin=Derived
    value ADVS.AVAL PARAMCD EQ HR method=MT.2
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    if study.define is None or defined is None:
        return
    for item in defined.items:
        levels = study.define.value_lists.get(item.values, ())
        by_level = bool(levels) and all(one.method or one.origin not in ("", "Derived") for one in levels)
        if item.origin == "Derived" and not (item.method or by_level):
            yield about(table.name, f"{item.name} is derived, but define.xml has no method for it", item.name)
