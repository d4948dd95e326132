"""A text begins with a blank.

Trailing blanks are padding in a transport file and can't be told.
Why: The value is equal to none of its kind.
Remedy: Trim the text.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     " Pain"
    -> AE [USUBJID=S1 AESEQ=1] AETERM

Good:
    AE USUBJID AESEQ AETERM
       S1      1     "Back pain"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB1501"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for name in table.variables:
        where = table.matching(name, lambda text: text[0] == " ")
        yield from records(table, where, f"{name} begins with a blank", name)
