"""A value is missing where define.xml says that it is mandatory.

Why: A mandatory variable has a value in every record.
Remedy: Query the value, or say Mandatory="No".
Source: Define-XML 2.1, ItemRef Mandatory.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     .
    define AE.AETERM mandatory=Yes
    -> AE [USUBJID=S1 AESEQ=1] AETERM

Good:
    AE USUBJID AESEQ AETERM AESEV
       S1      1     Pain   .
    define AE.AETERM mandatory=Yes
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    for item in defined.items if defined is not None else ():
        if item.mandatory and table.has(item.name):
            message = f"{item.name} is missing but mandatory in define.xml"
            yield from records(table, table.empty(item.name), message, item.name)
