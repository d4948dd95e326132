"""A result of LB that is no measurement has a normal range of numbers.

Numbers, also after <, >, <= or >=, are measurements; a result such as POSITIVE or 1+ is none.
Why: A text can't lie between two limits; the range belongs to another test or the result was misread.
Remedy: Leave LBORNRLO, LBORNRHI, LBSTNRLO and LBSTNRHI empty and give the normal values in LBSTNRC.
Source: IG 6.3.5.6 LB.

Bad:
    LB USUBJID LBSEQ LBORRES  LBORNRLO LBORNRHI LBSTNRLO LBSTNRHI
       S1      1     POSITIVE 1        2        1        2
    -> LB [USUBJID=S1 LBSEQ=1] LBORNRLO LBORRES
    -> LB [USUBJID=S1 LBSEQ=1] LBORNRHI LBORRES
    -> LB [USUBJID=S1 LBSEQ=1] LBSTNRLO LBORRES
    -> LB [USUBJID=S1 LBSEQ=1] LBSTNRHI LBORRES

Good:
    LB USUBJID LBSEQ LBORRES  LBORNRLO LBORNRHI LBSTNRLO LBSTNRHI
       S1      1     1.5      1        2        1        2
       S1      2     <0.5     1        2        1        2
       S1      3     NEGATIVE .        .        .        .
       S1      4     .        1        2        1        2
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import is_measured

LIMITS = ("LBORNRLO", "LBORNRHI", "LBSTNRLO", "LBSTNRHI")


@rule("warning", cdisc=["CG0180", "CG0181", "CG0182", "CG0183"], domains=["LB"], needs=["LBORRES"])
def check(study: Study, table: Table) -> Found:
    text = table.filled("LBORRES") & ~table.matching("LBORRES", is_measured)
    for name in LIMITS:
        message = f"{name} is '{{{name}}}' but LBORRES is '{{LBORRES}}'"
        yield from records(table, text & table.filled(name), message, name, "LBORRES")
