"""A variable has another label or type in one analysis dataset than in another.

Told of the later dataset, ADSL counts first; a copy of an SDTM variable is compared with that, by a rule of its own.
Why: Setting datasets together loses a label or fails, and a reviewer takes the two for different things.
Remedy: Give the variable the same label and type everywhere.
Source: ADaMIG 1.3, 3.1.1 (the same name has the same attributes).

Bad:
    ADSL USUBJID COHORT=Dose_Cohort
         S1      A
    ADVS USUBJID PARAMCD COHORT=Cohort AVALU=Unit
         S1      HR      A             bpm
    ADXX USUBJID PARAMCD AVALU#=Unit
         S1      X       1
    -> ADVS COHORT
    -> ADXX AVALU

Good:
    ADSL USUBJID COHORT=Cohort
         S1      A
    ADVS USUBJID PARAMCD COHORT=Cohort
         S1      HR      A
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, about, adam_study_rule
from sdtm_builder.validate.table import VariableInfo


@adam_study_rule("warning")
def check(study: AdamStudy) -> Found:
    first: dict[str, tuple[str, VariableInfo]] = {}
    for table in sorted(study.tables.values(), key=lambda one: one.klass != "ADSL"):
        for name, here in table.variables.items():
            dataset, there = first.setdefault(name, (table.name, here))
            if here.type != there.type:
                yield about(table.name, f"{name} is {here.type}, in {dataset} it is {there.type}", name)
            elif here.label != there.label:
                yield about(table.name, f"the label of {name} is '{here.label}', in {dataset} '{there.label}'", name)
