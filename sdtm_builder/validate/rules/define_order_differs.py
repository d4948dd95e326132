"""The variables of define.xml are in another order than those of the dataset.

Why: The two are read side by side.
Remedy: Number the ItemRefs as the variables are written.
Source: Define-XML 2.1, ItemRef OrderNumber.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     Pain
    define AE order=USUBJID,AETERM,AESEQ
    -> AE AETERM

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
    there = [item.name for item in defined.items if item.name in table.variables]
    written = [name for name in table.variables if name in set(there)]
    for name, own in zip(there, written, strict=False):
        if name != own:
            yield about(table.name, f"define.xml has {name} where the dataset has {own}", name)
            return
