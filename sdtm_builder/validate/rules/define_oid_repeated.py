"""Two elements of define.xml have one OID.

Why: References to it lead to either.
Remedy: Give each element its own OID.
Source: Define-XML 2.1, OID.

Bad:
    AE USUBJID AESEQ
       S1      1
    define repeated IT.AE.AESEQ
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
    for oid in study.define.repeated if study.define is not None else ():
        yield about("define.xml", f"OID {oid} stands more than once")
