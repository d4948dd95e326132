"""The data type in define.xml does not fit the variable.

Numeric variables are integer or float, and integer has no fractions; character ones are text, a date or a duration.
Why: Programs that convert by define.xml lose values.
Remedy: Derive the data type from the values.
Source: Define-XML 2.1, DataType.

Bad:
    LB USUBJID LBSEQ LBORRES LBSTRESN
       S1      1     5.5     5.5
    define LB.LBORRES data_type=float
    define LB.LBSTRESN data_type=integer
    define LB.LBSEQ data_type=text
    -> LB LBORRES
    -> LB [USUBJID=S1 LBSEQ=1] LBSTRESN
    -> LB LBSEQ

Good:
    LB USUBJID LBSEQ LBORRES LBSTRESN LBDTC
       S1      1     5.5     5.5      2024-01
    define LB.LBSTRESN data_type=float
    define LB.LBSEQ data_type=integer
    define LB.LBDTC data_type=datetime
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, about, records, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    for item in defined.items if defined is not None else ():
        own = table.variables.get(item.name)
        if own is None:
            continue
        if (own.type == "Num") != (item.data_type in ("integer", "float", "decimal")):
            text = f"{item.name} is {own.type} but {item.data_type} in define.xml"
            yield about(table.name, text, item.name)
        elif item.data_type == "integer":
            numbers = table.numbers(item.name)
            where = ~np.isnan(numbers) & (numbers != np.floor(numbers))
            message = f"{item.name} is {{{item.name}}} but integer in define.xml"
            yield from records(table, where, message, item.name)
