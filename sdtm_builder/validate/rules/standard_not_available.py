"""define.xml names a version of a standard that is not at hand; another one stood in.

Why: Findings on terminology may be those of another release.
Remedy: Import the release of terminology, or correct define.xml.
Source: Define-XML 2.1, def:Standard.

Bad:
    DM USUBJID
       S1
    define standard ig=9.9
    -> define.xml

Good:
    DM USUBJID
       S1
    define standard ig=3.4
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("warning", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    for note in study.standards_replaced():
        yield about("define.xml", note)
