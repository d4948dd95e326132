"""The number of a toxicity grade is not the grade.

ATOXGRN, ATOXGRLN, ATOXGRHN, their baselines and --TOXGRN against the text without N.
Why: Maximum grades come from the number, listings from the text.
Remedy: Derive the number from the text.
Source: ADaMIG 1.3, 3.3.6; OCCDS 1.1, 3.2.8.

Bad:
    ADAE USUBJID AESEQ AETOXGR AETOXGRN TRTEMFL
         S1      1     3       2        Y
         S1      2     2       2        Y
    -> ADAE [USUBJID=S1 AESEQ=1] AETOXGRN AETOXGR

Good:
    ADLB USUBJID PARAMCD AVAL ATOXGR ATOXGRN ATOXGRL ATOXGRLN
         S1      ALT     5    3      3       .       .

Good:
    ADLB USUBJID PARAMCD AVAL ATOXGR ATOXGRN
         S1      ALT     5    3      .
         S1      AST     5    .      3
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.texts import numbers_of

_NAMES = re.compile(r"([AB]TOXGR[LH]?|[A-Z]{2}TOXGR)N")


@adam_rule("error", classes=["BDS", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        match = _NAMES.fullmatch(name)
        if match and table.has(match[1]):
            said, grade = table.numbers(name), numbers_of(table.column(match[1]))
            where = ~np.isnan(said) & ~np.isnan(grade) & (said != grade)
            message = f"{name} is {{{name}}}, {match[1]} is {{{match[1]}}}"
            yield from records(table, where, message, name, match[1])
