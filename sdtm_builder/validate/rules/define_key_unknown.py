"""define.xml names no keys for a dataset, or a key that the dataset does not have.

Why: Without keys nobody knows what makes a record.
Remedy: Give KeySequence to the variables that make a record unique.
Source: Define-XML 2.1, ItemRef KeySequence.

Bad:
    AE USUBJID AESEQ
       S1      1
    define + AE.AESPID
    define AE keys=USUBJID,AESPID
    -> AE AESPID

Bad:
    AE USUBJID AESEQ
       S1      1
    define
    -> AE

Good:
    AE USUBJID AESEQ
       S1      1
    define AE keys=USUBJID,AESEQ
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    if defined is None:
        return
    if not defined.keys:
        yield about(table.name, "define.xml names no key variables")
    for name in defined.keys:
        if name not in table.variables:
            yield about(table.name, f"define.xml names {name} as a key, which the dataset does not have", name)
