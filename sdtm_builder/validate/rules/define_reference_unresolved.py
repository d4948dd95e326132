"""A reference in define.xml leads to no element.

Why: What it refers to - a codelist, a method, a document - can't be shown.
Remedy: Define the element, or take the reference out.
Source: Define-XML 2.1.

Bad:
    AE USUBJID AESEQ
       S1      1
    define unresolved ItemRef MethodOID MT.X
    -> define.xml

Good:
    AE USUBJID AESEQ
       S1      1
    define
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    for element, attribute, oid in study.define.unresolved if study.define is not None else ():
        yield about("define.xml", f"{attribute} {oid} of an {element} leads to no element")
