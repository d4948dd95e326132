"""A variable's label is not that of the ADaMIG.

Variables that the guide leaves to the sponsor (*DT with a label in braces, AOCCzzFL) and copies of SDTM variables are
passed over.
Why: Labels are what a reviewer reads; another label means another variable.
Remedy: Take the label of the ADaMIG exactly.
Source: ADaMIG 1.3, 3.1.1 and 3.2, 3.3; OCCDS 1.1; ADaM for time-to-event analyses 1.0.

Bad:
    ADSL USUBJID TRT01P=Planned_Treatment
         S1      A
    -> ADSL TRT01P

Good:
    ADSL USUBJID TRT01P=Planned_Treatment_for_Period_01 LDSDT=First_Lymphodepletion
         S1      A                                      2024-01-01
    ADTTE USUBJID PARAMCD CNSR STARTDT=Time-to-Event_Origin_Date_for_Subject EVALDT=Date_of_Evaluation
          S1      OS      0    2024-01-01                                    2024-01-01

Bad:
    ADAE USUBJID AESEQ AETERM=Reported_Term_for_the_Adverse_Event AGE=Years ANL01FL=Analysis_Flag
         S1      1     Headache                                   30        Y
    -> ADAE AGE
    -> ADAE ANL01FL

Good:
    ADCM USUBJID CMSEQ CMTRT=Name_of_Drug AOCC01FL=First_Occurrence_of_Opioid
         S1      1     X                  Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("error", classes=["ADSL", "BDS", "TTE", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    structure = study.structure(table)
    homes = dict.fromkeys([structure, "BDS", "TTE"] if structure in ("BDS", "TTE") else [structure])
    copies = {table.named(one.name) for one in study.adamig.variables(structure) if "--" in one.name}
    for name, info in table.variables.items():
        if name in copies or name in ("CMTRT", "CMDECOD", "CMCLAS", "CMCLASCD"):
            continue
        found = [study.adamig.variable(home, name) for home in homes]
        labels = [one.label for one in found if one is not None] or _of_adsl(study, name)
        if labels and info.label not in labels and not any(_is_free(label) for label in labels):
            yield about(table.name, f"the label of {name} is '{info.label}', the ADaMIG has '{labels[0]}'", name)


def _of_adsl(study: AdamStudy, name: str) -> list[str]:
    """The label of a variable that comes from ADSL."""
    found = study.adamig.variable("ADSL", name)
    return [found.label] if found is not None else []


def _is_free(label: str) -> bool:
    """Whether the guide leaves a label, or a part of it, to the sponsor."""
    return "{" in label or label.endswith("...")
