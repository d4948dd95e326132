"""A category says what another variable says already.

--SCAT is not --CAT, neither is the domain's name or label, nor in Events --DECOD or --BODSYS.
Why: A category that groups nothing is no category.
Remedy: Leave it out, or categorise.
Source: IG 4.2.6.

Bad:
    AE USUBJID AESEQ AECAT AESCAT AEDECOD AEBODSYS
       S1      1     A     A      B       C
       S1      2     B     .      B       C
       S1      3     "Adverse Events" .   B       C
    -> AE [USUBJID=S1 AESEQ=1] AESCAT AECAT
    -> AE [USUBJID=S1 AESEQ=2] AECAT AEDECOD
    -> AE [USUBJID=S1 AESEQ=3] AECAT

Good:
    AE USUBJID AESEQ AECAT AESCAT AEDECOD AEBODSYS
       S1      1     A     D      B       C
       S1      2     .     .      .       .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, records, rule

EQUAL = (
    ("--SCAT", "--CAT", "CG0027"),
    ("--CAT", "--DECOD", "CG0337"),
    ("--SCAT", "--DECOD", "CG0338"),
    ("--CAT", "--BODSYS", "CG0339"),
    ("--SCAT", "--BODSYS", "CG0340"),
)


@rule("error", cdisc=["CG0336", "CG0350", *(number for _, _, number in EQUAL)], classes=GENERAL)
def check(study: Study, table: Table) -> Found:
    for one, other, number in EQUAL:
        if table.klass == "EVENTS" or number == "CG0027":
            where = table.filled(one) & (table.strings(one) == table.strings(other))
            left, right = table.named(one), table.named(other)
            yield from records(table, where, f"{left} is {right}: '{{{left}}}' ({number})", one, other)
    known = study.ig.dataset(table.domain)
    names = {table.domain, known.label.upper() if known else table.label.upper()}
    for name, number in (("--CAT", "CG0336"), ("--SCAT", "CG0350")):
        own = table.named(name)
        where = table.matching(name, lambda text: text.upper() in names)
        yield from records(table, where, f"{own} is the domain's name: '{{{own}}}' ({number})", own)
