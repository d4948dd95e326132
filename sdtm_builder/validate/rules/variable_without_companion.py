"""A variable is there without another that it needs.

Why: The first says nothing without the second: a time point without its number, a subcategory without a category.
Remedy: Add the other variable, or take this one out.
Source: IG 4.1, 4.4; FDA validator rules.

Bad:
    LB USUBJID LBSEQ LBTPT LBSCAT LBDTC
       S1      1     X     Y      2024-01-01
    -> LB LBTPT
    -> LB LBSCAT
    -> LB LBDTC

Good:
    LB USUBJID LBSEQ LBTPT LBTPTNUM LBCAT LBSCAT LBDTC      LBDY
       S1      1     X     1        Z     Y      2024-01-01 1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

PAIRS = (
    ("--TPT", ("--TPTNUM",), "CG0468"), ("--TPTNUM", ("--TPT",), "CG0661"), ("--TOX", ("--TOXGR",), "CG0084"),
    ("--ENTPT", ("--ENRTPT",), "CG0057"), ("--ENRTPT", ("--ENTPT",), "CG0058"), ("--STTPT", ("--STRTPT",), "CG0060"),
    ("--STRTPT", ("--STTPT",), "CG0062"), ("--RFTDTC", ("--TPTREF",), "CG0090"), ("--ELTM", ("--TPTREF",), "CG0092"),
    ("--TPTREF", ("--ELTM", "--TPTNUM", "--TPT"), "CG0093"), ("--LAT", ("--LOC",), "CG0095"),
    ("--PORTOT", ("--LOC",), "CG0115"), ("--DIR", ("--LOC",), "CG0116"), ("--SCAT", ("--CAT",), "CG0430"),
    ("IESCAT", ("IECAT",), "CG0430"), ("MIDSDTC", ("MIDS",), "CG0503"), ("--DTC", ("--DY",), "FB3201"),
    ("--STDTC", ("--STDY",), "FB3202"), ("--ENDTC", ("--ENDY",), "FB3203"), ("--DY", ("--DTC",), "FB3204"),
    ("--STDY", ("--STDTC",), "FB3205"), ("--ENDY", ("--ENDTC",), "FB3206"),
)  # fmt: skip
PRESPECIFIED = (
    ("--REASND", ("--PRESP",), "CG0053"), ("--STAT", ("--PRESP",), "CG0056"), ("--OCCUR", ("--PRESP",), "CG0088"),
)  # fmt: skip
NUMBERS = [number for _, _, number in PAIRS + PRESPECIFIED]


@rule(
    "warning",
    cdisc=["CG0091", *dict.fromkeys(n for n in NUMBERS if n.startswith("CG"))],
    fda=["FB1601", "FB3701", *(n for n in NUMBERS if n.startswith("FB"))],
)
def check(study: Study, table: Table) -> Found:
    presp = table.klass in ("EVENTS", "INTERVENTIONS") and table.domain not in ("AE", "DS", "DV", "EX")
    told: set[tuple[str, str]] = set()
    for name, needed, number in PAIRS + (PRESPECIFIED if presp else ()):
        own = table.named(name)
        if number == "FB3201" and (table.domain == "DM" or table.klass in ("TRIAL DESIGN", "RELATIONSHIP")):
            continue
        if number.startswith("FB32") and not (table.has("USUBJID") or table.has("RSUBJID")):
            continue  # study days are of subjects
        if table.has(name) and not any(table.has(other) for other in needed) and (own, number) not in told:
            told.add((own, number))
            text = f"{own} needs {' or '.join(map(table.named, needed))}, which is not there ({number})"
            yield about(table.name, text, own)
