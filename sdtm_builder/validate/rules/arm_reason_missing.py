"""An arm is missing and ARMNRS does not say why.

Why: A subject without a planned or actual arm must be accounted for: screened, not assigned, not treated, unplanned.
Remedy: Fill ARMNRS wherever ARM, ARMCD, ACTARM or ACTARMCD is missing.
Source: IG 5.2 DM assumption 9.

Bad:
    DM USUBJID ARMCD ARM ACTARMCD ACTARM ARMNRS
       S1      .     .   .        .      .
       S2      A     Arm .        .      .
    -> DM [USUBJID=S1] ARMNRS ARMCD ARM ACTARMCD ACTARM
    -> DM [USUBJID=S2] ARMNRS ARMCD ARM ACTARMCD ACTARM

Good:
    DM USUBJID ARMCD ARM ACTARMCD ACTARM ARMNRS
       S1      .     .   .        .      "SCREEN FAILURE"
       S2      A     Arm A        Arm    .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

NAMES = ("ARMCD", "ARM", "ACTARMCD", "ACTARM")


@rule("error", cdisc=["CG0513", "CG0515", "CG0517", "CG0519"], domains=["DM"])
def check(study: Study, table: Table) -> Found:
    missing = np.logical_or.reduce([table.empty(name) for name in NAMES if table.has(name)] + [np.zeros(table.n, bool)])
    message = "ARMNRS is missing beside ARMCD '{ARMCD}', ARM '{ARM}', ACTARMCD '{ACTARMCD}', ACTARM '{ACTARM}'"
    return records(table, missing & table.empty("ARMNRS"), message, "ARMNRS", *NAMES)
