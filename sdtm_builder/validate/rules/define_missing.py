"""There is no define.xml.

Why: Reviewers and programs read the datasets through it.
Remedy: Write define.xml beside the datasets.
Source: FDA Study Data Technical Conformance Guide.

Bad:
    DM USUBJID
       S1
    -> define.xml

Good:
    DM USUBJID
       S1
    define
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("warning", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    unreadable = {file for file, _ in study.broken}
    if study.define is None and "define.xml" not in unreadable:
        yield about("define.xml", "there is no readable define.xml beside the datasets")
