"""A flag has another value than the one it may have.

DTHFL, --LOBXFL, --BLFL, --PRESP and SVPRESP are Y or missing; the criteria of AE and AECONTRT are Y, N or missing.
Why: NY as a whole would allow U and NA, which say nothing here.
Remedy: Leave the flag missing where it does not hold.
Source: IG 4.5.9, 5.2, 6.2.1.

Bad:
    DM USUBJID DTHFL
       S1      N
    AE USUBJID AESEQ AESER
       S1      1     U
    -> DM [USUBJID=S1] DTHFL
    -> AE [USUBJID=S1 AESEQ=1] AESER

Good:
    DM USUBJID DTHFL
       S1      Y
       S2      .
    AE USUBJID AESEQ AESER
       S1      1     N
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

ONLY_Y = {"DTHFL": "CG0131", "--LOBXFL": "CG0541", "--BLFL": "", "SVPRESP": "CG0653", "--PRESP": "CG0085"}
Y_OR_N = {
    "AESER": "CG0387", "AESCAN": "CG0388", "AESCONG": "CG0389", "AESDISAB": "CG0390", "AESDTH": "CG0391",
    "AESHOSP": "CG0392", "AESLIFE": "CG0393", "AESOD": "CG0394", "AESMIE": "CG0395", "AECONTRT": "CG0396",
}  # fmt: skip


@rule("error", cdisc=[number for number in [*ONLY_Y.values(), *Y_OR_N.values()] if number])
def check(study: Study, table: Table) -> Found:
    for flags, allowed in ((ONLY_Y, ("Y",)), (Y_OR_N, ("Y", "N"))):
        for name in dict.fromkeys(map(table.named, flags)):
            where = table.filled(name) & ~table.equals(name, *allowed)
            yield from records(table, where, f"{name} is '{{{name}}}', allowed: {', '.join(allowed)}", name)
