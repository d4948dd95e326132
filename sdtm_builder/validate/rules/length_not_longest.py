"""The length of a character variable is not that of its longest value in the study.

One length for one variable over all datasets; in SUPP-- that of the dataset alone. A variable without values has 1 or
the length of the others.
Why: Wider variables waste space that agencies ask to save; unequal ones are cut when datasets are set together.
Remedy: Set the length to the longest value.
Source: FDA Study Data Technical Conformance Guide 3.3.2.

Bad:
    AE USUBJID:8 AESEQ AETERM:40
       S1        1     Pain
    DM USUBJID:8
       SUBJECT1
    -> AE AETERM

Bad:
    AE USUBJID:2 AESEQ
       S1        1
    DM USUBJID:8
       SUBJECT1
    -> AE USUBJID

Good:
    AE USUBJID:8 AESEQ AETERM:4
       S1        1     Pain
    DM USUBJID:8
       SUBJECT1
    SUPPAE RDOMAIN USUBJID:2 IDVAR IDVARVAL QNAM
           AE      S1        AESEQ 1        X
"""

from __future__ import annotations

from collections import defaultdict

from sdtm_builder.validate.kit import Found, Study, about, study_rule
from sdtm_builder.validate.texts import longest


@study_rule("warning", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    own: dict[tuple[str, str], int] = {}
    overall: dict[str, int] = defaultdict(lambda: 1)
    for table in study.tables.values():
        for name, variable in table.variables.items():
            if variable.type == "Char":
                own[table.name, name] = longest(table.column(name))
                if not table.is_supp:
                    overall[name] = max(overall[name], own[table.name, name])
    for (dataset, name), size in own.items():
        table = study.tables[dataset]
        right = max(size, 1) if table.is_supp else overall[name]
        if table.variables[name].length != right:
            text = f"the length of {name} is {table.variables[name].length}, its longest value has {right} bytes"
            yield about(dataset, text, name)
