"""A variable of the class is there that this domain does not take.

Why: The IG excludes it here: what it would say is said elsewhere, or can't be.
Remedy: Take the variable out.
Source: IG, assumptions of the domains.

Bad:
    AE USUBJID AESEQ AEOCCUR
       S1      1     Y
    LB USUBJID LBSEQ LBSTDTC
       S1      1     2024-01-01
    EX USUBJID EXSEQ EXMETHOD
       S1      1     X
    -> AE AEOCCUR
    -> LB LBSTDTC
    -> EX EXMETHOD

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-01
    MS USUBJID MSSEQ MSAGENT
       S1      1     X
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

IN = {
    "AE": {"AEOCCUR": "CG0040", "AESTAT": "CG0044", "AEREASND": "CG0304"},
    "TR": {"TRLOC": "CG0299", "TRLAT": "CG0300", "TRDIR": "CG0301", "TRPORTOT": "CG0302"},
    "QS": {"QSEVAL": "CG0659", "QSEVALID": "CG0660"},
    "FT": {"FTEVAL": "CG0659", "FTEVALID": "CG0660"},
}
ONLY = {
    "FINDINGS": {
        "--BEATNO": ("EG", "CG0542"), "--AGENT": ("MS", "CG0564"), "--CONC": ("MS", "CG0565"),
        "--CONCU": ("MS", "CG0566"), "--STDTC": ("", "CG0467"),
    },
    "EVENTS": {"--EVDTYP": ("MH", "CG0567")},
    "INTERVENTIONS": {"--METHOD": ("", "CG0621")},
}  # fmt: skip
NUMBERS = [n for each in IN.values() for n in each.values()] + [n for each in ONLY.values() for _, n in each.values()]


@rule("error", cdisc=dict.fromkeys(NUMBERS))
def check(study: Study, table: Table) -> Found:
    wrong = dict(IN.get(table.domain, {}))
    wrong |= {v: number for v, (only, number) in ONLY.get(table.klass, {}).items() if table.domain != only}
    for name, number in wrong.items():
        if table.has(name):
            own = table.named(name)
            yield about(table.name, f"{own} is not to be used in {table.domain} ({number})", own)
