"""The length in define.xml is not that of the character variable.

Dates, times and durations have no length in define.xml.
Why: The two are read as one.
Remedy: Write the file's length into define.xml.
Source: FDA Study Data Technical Conformance Guide; Define-XML 2.1, Length.

Bad:
    AE USUBJID AESEQ AETERM:10 AESTDTC
       S1      1     Pain      2024
    define AE.AETERM length=8
    define AE.AESTDTC data_type=date length=10
    -> AE AETERM
    -> AE AESTDTC

Good:
    AE USUBJID AESEQ AETERM:10 AESTDTC
       S1      1     Pain      2024
    define AE.AESTDTC data_type=date length=
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    for item in defined.items if defined is not None else ():
        own = table.variables.get(item.name)
        if own is None or own.type == "Num":
            continue
        if item.data_type == "text" and item.length != own.length:
            text = f"the length of {item.name} is {own.length}, in define.xml {item.length or 'missing'}"
            yield about(table.name, text, item.name)
        elif item.data_type not in ("text", "integer", "float") and item.length is not None:
            text = f"{item.name} is {item.data_type} in define.xml, which has no length, but {item.length} is given"
            yield about(table.name, text, item.name)
