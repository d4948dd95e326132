"""define.xml declares a term as an extension that the codelist has, or has as a synonym of a term.

Why: Two names of one thing are counted as two.
Remedy: Map the value to the term of the codelist; it needs no extension.
Source: IG 4.3.

Bad:
    LB USUBJID LBSEQ LBORRESU
       S1      1     mg%
       S1      2     g/L
    codelist UNIT C71620 g/L+ mg%+ clicks+
    define LB.LBORRESU codelist=UNIT
    -> LB LBORRESU
    -> LB LBORRESU

Good:
    LB USUBJID LBSEQ LBORRESU
       S1      1     g/L
       S1      2     clicks
    codelist UNIT C71620 g/L clicks+
    define LB.LBORRESU codelist=UNIT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule
from sdtm_builder.validate.terms import synonyms_of


@study_rule("warning", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    if study.define is None:
        return
    told: set[str] = set()
    for dataset in study.define.datasets.values():
        for item in dataset.items:
            own = study.define.codelists.get(item.codelist)
            published = study.codelist(own.code) if own is not None and own.code else None
            if own is None or published is None or own.oid in told:
                continue
            told.add(own.oid)
            synonyms = synonyms_of(published)
            for term, extended in own.terms.items():
                meant = synonyms.get(term)
                if extended and (term in published.terms or meant is not None):
                    what = f"a synonym of '{meant}'" if term not in published.terms else "a term"
                    text = f"the extension '{term}' is {what} in {published.submission_value}"
                    yield about(dataset.name, text, item.name)
