"""A copy of an SDTM variable has another label than in SDTM.

In ADSL those of DM, elsewhere those of the domain of --SEQ.
Why: One name with two labels means two things to a reader; a copy keeps its attributes.
Remedy: Take the label of SDTM.
Source: ADaMIG 1.3, 3.1.1.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     Headache
    ADAE USUBJID AESEQ AETERM=Adverse_Event
         S1      1     Headache
    -> ADAE AETERM

Good:
    AE USUBJID AESEQ AETERM=Reported_Term
       S1      1     Headache
    DM USUBJID ETHNIC
       S1      X
    ADSL USUBJID ETHNIC
         S1      X
    ADAE USUBJID AESEQ AETERM=Reported_Term
         S1      1     Headache

Bad:
    DM USUBJID ETHNIC
       S1      X
    ADSL USUBJID ETHNIC=Ethnic_Group
         S1      X
    -> ADSL ETHNIC
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("warning", needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    if study.sdtm is None:
        return
    parts = study.sdtm.of_domain("DM" if table.klass == "ADSL" else table.letters)
    if table.klass != "ADSL" and not table.has("--SEQ"):
        return
    labels = {name: info.label for part in parts for name, info in part.variables.items()}
    for name, info in table.variables.items():
        if name in labels and info.label != labels[name]:
            yield about(table.name, f"the label of {name} is '{info.label}', in SDTM '{labels[name]}'", name)
