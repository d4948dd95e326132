"""A parameter of a dataset is not described by define.xml.

No codelist of PARAMCD has it; told is each parameter that occurs.
Why: A reviewer reads in define.xml what a dataset analyses.
Remedy: Add the parameter to the codelist of PARAMCD.
Source: Define-XML 2.1, 4.2 (parameter-level metadata); ADaMIG 1.3, 3.3.4 (PARAMCD).

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
         S1      BMI     20
         S2      BMI     20
    codelist PARAMS - HR
    define ADVS.PARAMCD codelist=PARAMS
    -> ADVS [USUBJID=S1 PARAMCD=BMI] PARAMCD

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    define ADVS
    -> ADVS PARAMCD

Good:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    codelist PARAMS - HR BMI
    define ADVS.PARAMCD codelist=PARAMS
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE"], needs=["PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    item = defined.item("PARAMCD") if defined is not None else None
    if study.define is None or item is None:
        return
    codelist = study.define.codelists.get(item.codelist)
    if codelist is None:
        yield about(table.name, "define.xml has no codelist for PARAMCD", "PARAMCD")
        return
    where = table.filled("PARAMCD") & ~table.equals("PARAMCD", *codelist.terms) & ~table.repeats(["PARAMCD"])
    message = f"PARAMCD {{PARAMCD}} is not in codelist {codelist.name} of define.xml"
    yield from records(table, where, message, "PARAMCD")
