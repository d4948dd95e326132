"""A comment does not say what it belongs to, or says it in part.

IDVAR and IDVARVAL need RDOMAIN, and a comment on a domain other than DM names IDVAR; a comment that belongs to a record
has no date of its own.
Why: The comment can't be set beside its record.
Remedy: Fill RDOMAIN, IDVAR and IDVARVAL, or none of them.
Source: IG 5.1 CO.

Bad:
    CO USUBJID COSEQ RDOMAIN IDVAR IDVARVAL CODTC
       S1      1     .       AESEQ 1        .
       S1      2     AE      .     .        .
       S1      3     AE      AESEQ 1        2024-01-01
       S1      4     DM      .     1        .
       S1      5     .       AESEQ .        .
    -> CO [USUBJID=S1 COSEQ=1] RDOMAIN IDVAR IDVARVAL
    -> CO [USUBJID=S1 COSEQ=5] RDOMAIN IDVAR IDVARVAL
    -> CO [USUBJID=S1 COSEQ=2] IDVAR RDOMAIN
    -> CO [USUBJID=S1 COSEQ=3] CODTC IDVAR
    -> CO [USUBJID=S1 COSEQ=4] IDVAR IDVARVAL

Good:
    CO USUBJID COSEQ RDOMAIN IDVAR IDVARVAL CODTC
       S1      1     AE      AESEQ 1        .
       S1      2     .       .     .        2024-01-01
       S1      3     DM      .     .        2024-01-01
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0163", "CG0164", "CG0166", "CG0168"], domains=["CO"], needs=["RDOMAIN", "IDVAR", "IDVARVAL"])
def check(study: Study, table: Table) -> Found:
    domain, variable, value = (table.filled(name) for name in ("RDOMAIN", "IDVAR", "IDVARVAL"))
    where = ~domain & (variable | value)
    message = "RDOMAIN is missing beside IDVAR '{IDVAR}', IDVARVAL '{IDVARVAL}'"
    yield from records(table, where, message, "RDOMAIN", "IDVAR", "IDVARVAL")
    where = domain & ~table.equals("RDOMAIN", "DM") & ~variable
    yield from records(table, where, "IDVAR is missing beside RDOMAIN {RDOMAIN}", "IDVAR", "RDOMAIN")
    dated = variable & table.filled("CODTC")
    yield from records(table, dated, "CODTC is {CODTC} beside IDVAR {IDVAR}", "CODTC", "IDVAR")
    where = value & ~variable & table.equals("RDOMAIN", "DM")
    yield from records(table, where, "IDVARVAL is '{IDVARVAL}' but IDVAR is missing", "IDVAR", "IDVARVAL")
