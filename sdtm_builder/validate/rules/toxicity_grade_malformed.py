"""An analysis toxicity grade is no grade.

ATOXGR, ATOXGRL, ATOXGRH and their baselines are 0 to 5, with a minus for the low direction or missing.
Why: Worst grades are found by comparing numbers.
Remedy: Use the grade's number alone.
Source: ADaMIG 1.3, 3.3.6 (ATOXGR, ATOXGRL, ATOXGRH); NCI CTCAE 5.0.

Bad:
    ADLB USUBJID PARAMCD AVAL ATOXGR
         S1      ALT     5    "Grade 1"
         S1      AST     5    6
    -> ADLB [USUBJID=S1 PARAMCD=ALT] ATOXGR
    -> ADLB [USUBJID=S1 PARAMCD=AST] ATOXGR

Good:
    ADLB USUBJID PARAMCD AVAL ATOXGR ATOXGRL
         S1      ALT     5    0      4
         S1      AST     5    -2     .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_NAMES = re.compile(r"[AB]TOXGR[LH]?")
_GRADE = re.compile(r"-?[0-5]")


@adam_rule("error", classes=["BDS", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        if _NAMES.fullmatch(name):
            where = table.matching(name, lambda text: _GRADE.fullmatch(text) is None)
            yield from records(table, where, f"{name} is '{{{name}}}', not a grade from 0 to 5", name)
