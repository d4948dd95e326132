"""A dataset is missing that another one needs.

PP needs PC, MS needs MB; MIDS and RELMIDS need TM.
Why: Parameters without concentrations, susceptibilities without organisms, milestones without their definition.
Remedy: Add the dataset.
Source: IG 5.4, 6.3, 7.3.

Bad:
    PP USUBJID PPSEQ
       S1      1
    VS USUBJID VSSEQ MIDS
       S1      1     HYPO1
    -> PP
    -> VS MIDS

Good:
    PP USUBJID PPSEQ
       S1      1
    PC USUBJID PCSEQ
       S1      1
    VS USUBJID VSSEQ MIDS
       S1      1     HYPO1
    TM MIDSTYPE
       HYPOGLYCEMIA
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", cdisc=["CG0191", "CG0318", "CG0501", "CG0502"])
def check(study: Study) -> Found:
    for domain, needed in (("PP", "PC"), ("MS", "MB")):
        if study.of_domain(domain) and not study.of_domain(needed):
            yield about(domain, f"dataset {needed} is missing beside {domain}")
    for table in study.tables.values():
        for name in ("MIDS", "RELMIDS"):
            if table.has(name) and not study.of_domain("TM"):
                yield about(table.name, f"dataset TM is missing, which defines the milestones of {name}", name)
