"""A race or an ethnicity as it was collected does not fit RACE or ETHNIC.

SUPPDM keeps the collected terms as CRACE and CETHNIC: Haitian and Negro are BLACK OR AFRICAN AMERICAN, Spanish
origin is HISPANIC OR LATINO.
Why: The subject is counted in another group than the one that was collected.
Remedy: Map the collected term to the term of FDA's guidance.
Source: FDA validator rules; FDA guidance on collection of race and ethnicity data.

Bad:
    DM USUBJID RACE  ETHNIC
       S1      WHITE "NOT HISPANIC OR LATINO"
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM    QVAL
           DM      S1      .     .        CRACE   Haitian
           DM      S1      .     .        CETHNIC "Spanish origin"
    -> DM [USUBJID=S1] RACE
    -> DM [USUBJID=S1] ETHNIC

Good:
    DM USUBJID RACE                        ETHNIC
       S1      "BLACK OR AFRICAN AMERICAN" "HISPANIC OR LATINO"
       S2      WHITE                       .
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM    QVAL
           DM      S1      .     .        CRACE   HAITIAN
           DM      S1      .     .        CETHNIC "Spanish Origin"
           DM      S2      .     .        CRACE   German
"""

from __future__ import annotations

from functools import partial

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rows_of, rule

TERMS = (
    ("RACE", "CRACE", ("haitian", "negro"), "BLACK OR AFRICAN AMERICAN"),
    ("ETHNIC", "CETHNIC", ("spanish origin",), "HISPANIC OR LATINO"),
)


@rule("error", fda=["FB5801", "FB6001"], domains=["DM"])
def check(study: Study, table: Table) -> Found:
    for name, qualifier, collected, wanted in TERMS:
        asked = np.zeros(table.n, dtype=bool)
        for supp in study.tables.values():
            if supp.is_supp and supp.domain == "DM":
                keep = supp.equals("QNAM", qualifier) & supp.matching("QVAL", partial(_is_one_of, collected))
                at = rows_of(supp, table)
                asked[at[keep & (at >= 0)]] = True
        where = asked & ~table.equals(name, wanted)
        yield from records(table, where, f"{name} is '{{{name}}}' but {qualifier} in SUPPDM asks for {wanted}", name)


def _is_one_of(terms: tuple[str, ...], text: str) -> bool:
    return text.strip().lower() in terms
