"""A dataset is larger than 5 gigabytes.

Counted are the records of the transport file: the lengths of all variables times the number of records.
Why: FDA takes no file above that size.
Remedy: Split the dataset, and lower lengths to the longest value.
Source: Study Data Technical Conformance Guide 3.3.2.

Bad:
    LB USUBJID LBSEQ LBORRES:2600000000
       S1      1     a
       S1      2     b
    -> LB

Good:
    LB USUBJID LBSEQ LBORRES:2000000000
       S1      1     a
       S1      2     b
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

LIMIT = 5 * 10**9


@rule("error", fda=["FB2401"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    size = table.n * sum(variable.length for variable in table.variables.values())
    if size > LIMIT:
        yield about(table.name, f"the records take {size / 10**9:.1f} GB")
