"""A value is not in the codelist that define.xml has for the variable.

Why: define.xml lists the terms of the study; one that occurs in the data is among them.
Remedy: Add the term to the codelist, or correct the value.
Source: Define-XML 2.1, CodeList.

Bad:
    AE USUBJID AESEQ AESEV
       S1      1     SEVERE
    codelist AESEV C66769 MILD MODERATE
    define AE.AESEV codelist=AESEV
    -> AE [USUBJID=S1 AESEQ=1] AESEV

Bad:
    VS USUBJID VSSEQ VISITNUM
       S1      1     3
    codelist VISITS - 1 2
    define VS.VISITNUM codelist=VISITS
    -> VS [USUBJID=S1 VSSEQ=1] VISITNUM

Good:
    AE USUBJID AESEQ AESEV
       S1      1     MILD
       S1      2     .
    codelist AESEV C66769 MILD MODERATE
    define AE.AESEV codelist=AESEV
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.listed import not_listed


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    for item in defined.items if defined is not None else ():
        own = study.define.codelists.get(item.codelist) if study.define is not None else None
        if own is not None and own.terms and table.has(item.name):
            message = f"{item.name} '{{{item.name}}}' is not in codelist {own.name} of define.xml"
            yield from records(table, not_listed(table, item.name, own), message, item.name)
