"""A variable that the ADaMIG requires in the structure is not there.

ADSL wants at least one planned treatment (TRT01P). A variable of the ADAE table is asked only where AE has it.
Why: The structure can't be recognised, and standard programs stop.
Remedy: Add the variable.
Source: ADaMIG 1.3, 3.2 and 3.3 (core Req); OCCDS 1.1, 3.2; ADaM for time-to-event analyses 1.0, 4.

Bad:
    ADSL STUDYID USUBJID SUBJID SITEID AGE AGEU SEX RACE
         X       S1      S1     1      30  YEARS M  ASIAN
    -> ADSL ARM
    -> ADSL TRT01P

Bad:
    ADVS STUDYID USUBJID PARAMCD AVAL
         X       S1      HR      70
    -> ADVS PARAM

Good:
    ADVS STUDYID USUBJID PARAMCD PARAM AVAL
         X       S1      HR      HR    70
    ADSL STUDYID USUBJID SUBJID SITEID AGE AGEU  SEX RACE  ARM TRT01P
         X       S1      S1     1      30  YEARS M   ASIAN A   A

Bad:
    AE USUBJID AESEQ AETERM AEDECOD AESER
       S1      1     X      X       N
    ADAE STUDYID USUBJID AESEQ AETERM ASTDT      ASTDY AENDT      AENDY TRTEMFL AESER AEBODSYS
         X       S1      1     X      2024-01-01 1     2024-01-01 1     Y       N     X
    -> ADAE AEDECOD

Bad:
    ADCM STUDYID USUBJID CMSEQ CMDECOD
         X       S1      1     X
    -> ADCM CMTRT

Bad:
    ADTTE STUDYID USUBJID PARAMCD PARAM AVAL CNSR
          X       S1      OS      OS    5    0
    -> ADTTE TRTP

Good:
    ADMH STUDYID USUBJID MHSEQ MHTERM
         X       S1      1     X
    ADCM STUDYID USUBJID CMSEQ CMTRT
         X       S1      1     X
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("error", classes=["ADSL", "BDS", "TTE", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    structure = study.structure(table)
    source = study.sdtm.of_domain(table.letters) if study.sdtm is not None else []
    for variable in study.adamig.variables(structure):
        name = table.named(variable.name).replace("xx", "01")
        if variable.core != "Req" or name in table.variables:
            continue
        if structure == "OCCDS" and table.letters == "CM" and name.endswith("TERM"):
            continue
        if structure == "OCCDS" and name == "CMTRT" and table.letters != "CM":
            continue
        if structure == "ADAE" and name.startswith("AE") and source and not any(part.has(name) for part in source):
            continue
        yield about(table.name, f"{name} is required in {variable_place(structure)}, but not there", name)


def variable_place(structure: str) -> str:
    """A structure as the message names it."""
    return "a time-to-event dataset" if structure == "TTE" else structure
