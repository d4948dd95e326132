"""A variable is in define.xml and not in the dataset, or the reverse.

Why: A variable without metadata has no origin and no meaning; metadata without a variable describes nothing.
Remedy: Write define.xml from the datasets that are written.
Source: Define-XML 2.1, ItemRef.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     Pain
    define - AE.AETERM
    define + AE.AEDECOD
    -> AE AETERM
    -> AE AEDECOD

Good:
    AE USUBJID AESEQ AETERM
       S1      1     Pain
    define
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    if defined is None:
        return
    names = {item.name for item in defined.items}
    for name in table.variables:
        if name not in names:
            yield about(table.name, f"{name} is not in define.xml", name)
    for name in sorted(names - set(table.variables)):
        yield about(table.name, f"{name} is in define.xml but not in the dataset", name)
