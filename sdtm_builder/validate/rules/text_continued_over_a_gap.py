"""A long text goes on in a variable though the one before it is empty.

TSVAL, TSVAL1, TSVAL2 and COVAL, COVAL1, COVAL2 are filled from the first on.
Why: The parts are put together in order; a gap means that one was lost.
Remedy: Split the text again, from the first variable on.
Source: IG 4.5.3.1, 7.4.2.

Bad:
    TS TSSEQ TSPARMCD TSVAL TSVAL1 TSVAL2
       1     TITLE    A     .      study
       1     OBJPRIM  .     safety .
    CO USUBJID COSEQ COVAL COVAL1
       S1      1     .     text
    -> TS [TSPARMCD=TITLE TSSEQ=1] TSVAL1 TSVAL2
    -> TS [TSPARMCD=OBJPRIM TSSEQ=1] TSVAL TSVAL1
    -> CO [USUBJID=S1 COSEQ=1] COVAL COVAL1

Good:
    TS TSSEQ TSPARMCD TSVAL TSVAL1 TSVAL2
       1     TITLE    A     study  .
       1     OBJPRIM  .     .      .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0262"], domains=["TS", "CO"])
def check(study: Study, table: Table) -> Found:
    first = "TSVAL" if table.domain == "TS" else "COVAL"
    after = (name.removeprefix(first) for name in table.variables if name.startswith(first))
    for number in sorted(int(text) for text in after if text.isdecimal()):
        name, before = f"{first}{number}", f"{first}{number - 1}" if number > 1 else first
        where = table.filled(name) & table.empty(before)
        yield from records(table, where, f"{name} is filled but {before} is missing", before, name)
