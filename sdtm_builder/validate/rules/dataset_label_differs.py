"""A dataset's label is not the IG's.

Why: The label tells a reviewer what the dataset is.
Remedy: Take the label of the IG; for SUPP-- it names the domain.
Source: IG 3.2.

Bad:
    AE=Events USUBJID AESEQ
       S1      1
    SUPPAE=Qualifiers RDOMAIN USUBJID IDVAR IDVARVAL QNAM
           AE      S1      AESEQ 1        X
    -> AE
    -> SUPPAE

Good:
    AE USUBJID AESEQ
       S1      1
    SUPPAE=Supplemental_Qualifiers_for_AE RDOMAIN USUBJID IDVAR IDVARVAL QNAM
           AE      S1      AESEQ 1        X
    FACM=Findings_About_Concomitant_Medications USUBJID FASEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.model import domain_letters
from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("warning")
def check(study: Study, table: Table) -> Found:
    described = study.ig.dataset(study.ig_name(table))
    own = domain_letters(table.domain) != table.domain  # the tables have no labels of associated persons' datasets
    if described is None or own or (table.name != table.domain and not table.is_supp):
        return
    label = f"Supplemental Qualifiers for {table.domain}" if table.is_supp else described.label
    if table.label != label and not (table.is_supp and len(table.name) > 6):
        yield about(table.name, f"the label of {table.name} is '{table.label}', the standard has '{label}'")
