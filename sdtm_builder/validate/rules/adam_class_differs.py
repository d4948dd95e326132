"""The class of a dataset in define.xml is not that of its structure.

PARAMCD with AVAL or AVALC makes a BDS dataset, the name ADSL a subject-level one, --TERM, --TRT or --DECOD without
PARAMCD an occurrence dataset.
Why: Tools and reviewers choose checks and displays by the class.
Remedy: Correct the class, or the structure.
Source: ADaMIG 1.3, 2.3; Define-XML 2.1, 5.3.9 (Class).

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    define ADVS klass=OCCURRENCE
    -> ADVS []

Good:
    ADSL USUBJID
         S1
    define ADSL
"""

from __future__ import annotations

from sdtm_builder.validate.adam import CLASSES, structure_of
from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    structure = structure_of(table, "")
    if defined is None or not defined.klass or structure == "OTHER":
        return
    right = CLASSES[structure]
    if defined.klass != right:
        yield about(table.name, f"define.xml says {defined.klass.title()}, the dataset is a {right.title()}")
