"""A dataset has no records.

Why: An empty dataset is not submitted.
Remedy: Leave it out, and out of define.xml (or declare it there as without data).
Source: FDA Study Data Technical Conformance Guide.

Bad:
    AE USUBJID AESEQ
    -> AE

Good:
    AE USUBJID AESEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0408"], draft="warning", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    if not table.n:
        yield about(table.name, "the dataset has no records")
