"""An arm is none of TA.

In a study where subjects are assigned in stages an incomplete arm need not be in TA: say so in the reviewer's guide.
Why: TA is where a reviewer reads what an arm was to be given.
Remedy: Add the arm to TA, or correct the arm; the text must agree exactly.
Source: IG 5.2 DM, 7.2.1 TA.

Bad:
    DM USUBJID ARMCD ARM  ACTARMCD ACTARM
       S1      B     "Dose 1" A    "Dose 2"
    TA ARMCD ARM      TAETORD
       A     "Dose 1" 1
    -> DM [USUBJID=S1] ARMCD
    -> DM [USUBJID=S1] ACTARM

Good:
    DM USUBJID ARMCD ARM      ACTARMCD ACTARM
       S1      A     "Dose 1" A        "Dose 1"
       S2      .     .        .        .
    TA ARMCD ARM      TAETORD
       A     "Dose 1" 1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

NAMES = (("ARMCD", "ARMCD"), ("ARM", "ARM"), ("ACTARMCD", "ARMCD"), ("ACTARM", "ARM"))


@rule("warning", cdisc=["CG0293", "CG0294", "CG0512", "CG0514", "CG0516", "CG0518"], domains=["DM", "TV"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("TA"):
        return
    for name, other in NAMES:
        known = study.values_of("TA", other)
        where = table.filled(name) & ~table.equals(name, *known)
        yield from records(table, where, f"{name} {{{name}}} is not in TA.{other}", name)
