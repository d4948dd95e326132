"""How well a raw column's name and label fit a variable of the standard: by name, by CDASH's name, by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from ..standards import IgVariable, ig
from ..values.fold import fold

COLLECTED = (
    ("STDTC", ("STDAT", "STDT", "STARTDAT", "STARTDT", "START", "STARTDATE", "BEGDAT")),
    ("ENDTC", ("ENDAT", "ENDT", "ENDDAT", "ENDDT", "END", "ENDDATE", "STOPDAT", "STOPDT")),
    ("DTC", ("DAT", "DT", "DATE", "DTCOL", "DATCOL")),
    ("TRT", ("TRT", "DRUG", "MED")),
    ("DOSE", ("DOSE", "DSTXT", "DOSTXT")),
    ("DOSU", ("DOSU", "DOSEU", "DOSEUNIT", "DOSEUNITS", "DOSUNIT")),
    ("DOSFRQ", ("DOSFRQ", "FRQ", "FREQ")),
    ("DOSFRM", ("DOSFRM", "DOSFM", "FRM")),
    ("TOXGR", ("TOXGR", "GR", "GRADE", "TOXGRADE")),
    ("DECOD", ("DECOD", "PT", "PTNAME")),
    ("SPID", ("SPID", "NO", "SPNO", "NUM")),
    ("INDC", ("INDC", "INDIC", "INDICATION")),
    ("REASND", ("REASND", "NDREAS")),
    ("STAT", ("STAT", "ND", "NOTDONE")),
    ("ORRES", ("ORRES", "RESULT", "RES", "VALUE", "ORESULT")),
    ("ORRESU", ("ORRESU", "UNIT", "UNITS", "U", "RESULTUNIT", "RESULTU", "RESUNIT", "RESU", "VALUEUNIT")),
    ("ORNRLO", ("ORNRLO", "LLN", "LOW", "REFLO", "NRLO", "RANGELO")),
    ("ORNRHI", ("ORNRHI", "ULN", "HIGH", "REFHI", "NRHI", "RANGEHI")),
    ("REFID", ("REFID", "SPECID", "SAMPLEID", "ACCESSION", "ACCSNUM")),
)
"""Ends of names as CDASH and EDC systems collect them, by the end of the variable's name."""
WHOLE = {
    "BRTHDTC": ("BRTHDAT", "DOB", "BIRTHDATE", "BIRTHDAT", "BRTHDT"),
    "RFICDTC": ("RFICDAT", "ICDAT", "ICFDAT", "ICDT", "ICDATE", "CONSENTDATE", "CONSENT"),
    "DTHDTC": ("DTHDAT", "DEATHDT", "DEATHDAT", "DEATHDATE", "DTHDT"),
    "SITEID": ("SITE", "SITENO", "SITENUM", "CENTER", "CENTRE"),
    "SUBJID": ("SUBJECT", "SUBJNO", "PATNUM", "PATIENT", "SUBJECTID"),
    "ARM": ("PLANNEDARM",),
    "ARMCD": ("PLANNEDARMCD",),
    "ACTARM": ("ACTUALARM",),
    "ACTARMCD": ("ACTUALARMCD",),
    "ETHNIC": ("ETHN", "ETHNICITY"),
}
"""Names of DM's variables as they are collected."""
WEAK = {
    "SPID": ("ROWNO", "RECNO", "RECORDNO", "LINENO", "ROWNUM"),
    "ENRTPT": ("ONG", "ONGO", "ONGOING"),
    "STDTC": ("DAT", "DT", "ONSETDT", "ONSETDAT", "ONSETDATE", "ONSDT", "ONSDAT"),
    "ENDTC": ("RESOLDT", "RESOLDAT", "RESOLUTIONDATE"),
}
"""Names that often are a variable, for a person to settle."""
GIVEN = ("DOSE", "DOSING", "ADMIN", "ADM", "TRT", "DRUG", "MED", "INF", "INFUSION")
"""What begins the name of a date on which something was given: DOSEDT, INFSTDAT."""
TOPICS = ("TERM", "TRT", "NAME", "DRUG", "MED")
_LANGUAGE = re.compile(r"_(EN|ENG|ZH|CN|JA|JP|DE|FR)$")
_PREFIX = re.compile(r"^\w{1,8}\.(?=\w)")
_LIKE = 80
_LABEL_LEAST = 80


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a head fits, 0 to 1, and why."""

    score: float
    evidence: str


def stem(column: str) -> str:
    """A name for matching: capitals and digits alone, without the prefix before a point and the mark of a language."""
    plain = _PREFIX.sub("", fold(column)).upper()
    return re.sub(r"[^A-Z0-9]", "", _LANGUAGE.sub("", plain))


def language(column: str) -> str:
    """The mark of a language at the end of a name, "" without one."""
    found = _LANGUAGE.search(fold(column).upper())
    return found[1] if found else ""


def form_prefix(columns: Iterable[str], domain: str, domains: Iterable[str]) -> str:
    """Two letters of another domain that most prefixed names of a form begin with (EC of an exposure form), else ""."""
    known = set(domains)
    counts: dict[str, int] = {}
    for column in columns:
        head = stem(column)[:2]
        if len(stem(column)) > 3 and head in known:
            counts[head] = counts.get(head, 0) + 1
    best = max(counts, key=lambda head: counts[head], default="")
    return best if best and best != domain and counts[best] >= 2 and counts[best] > counts.get(domain, 0) else ""


@lru_cache(maxsize=65536)
def by_name(column: str, variable: str, domain: str, other: str) -> Fit:
    """The fit of a column's name. other: the form's own prefix, as `form_prefix` gives it."""
    own = stem(column)
    if not own:
        return Fit(0.0, "")
    if own == variable:
        return Fit(1.0, "the column has the variable's name")
    bare = variable.removeprefix(domain)
    ends = _ends(bare) if bare != variable else ()
    if own in WHOLE.get(variable, ()) or any(own == domain + end for end in ends):
        return Fit(0.95, f"{own} is a usual name for {variable} as collected")
    if other and own.startswith(other) and own[2:] in (bare, *ends):
        return Fit(0.92, f"{own} is {variable} by the form's own letters {other}")
    if bare != variable and len(bare) > 2 and own in (bare, *ends):
        return Fit(0.9, f"{own} is {variable} without the domain's letters")
    if bare != variable and own in WEAK.get(bare, ()):
        return Fit(0.7, f"{own} often is {variable}")
    if bare != variable and any(own == domain + end for end in WEAK.get(bare, ())):
        return Fit(0.75, f"{own} often is {variable}")
    if bare != variable and len(bare) >= 3 and own.startswith(bare) and len(own) <= len(bare) + 3:
        return Fit(0.7, f"{own} begins with {bare}, which is {variable} without the domain's letters")
    if variable in _of_doses() and any(own == word + end for word in GIVEN for end in (*ends, *WEAK.get(bare, ()))):
        return Fit(0.75, f"{own} is a date on which something was given")
    if other and bare in TOPICS and own.startswith(other) and own[2:] in TOPICS:
        return Fit(0.7, f"{own} is what the form's rows are about")
    return _alike(own, variable, bare, ends)


@lru_cache(maxsize=1)
def _of_doses() -> frozenset[str]:
    """The start and end of what is given, in the domains that have a dose."""
    of_doses = [name for name in ig().datasets if any(v.name == f"{name}DOSE" for v in ig().variables(name))]
    return frozenset(f"{name}{end}" for name in of_doses for end in ("STDTC", "ENDTC"))


def _ends(bare: str) -> tuple[str, ...]:
    return next((ends for end, ends in COLLECTED if bare == end), ())


def _alike(own: str, variable: str, bare: str, ends: tuple[str, ...]) -> Fit:
    rivals = [variable, *WHOLE.get(variable, ())] + ([bare] if len(bare) >= 4 else []) + [e for e in ends if len(e) > 3]
    ratio, name = max((fuzz.ratio(own, rival), rival) for rival in rivals)
    if len(own) > len(variable) >= 5 and own.startswith(variable):
        ratio, name = max(ratio, 92.0), variable
    if ratio < _LIKE or len(own) < 4:
        return Fit(0.0, "")
    return Fit(round(0.8 * ratio / 100, 2), f"{own} is like {name} ({ratio:.0f} of 100)")


def by_label(label: str, variable: IgVariable) -> Fit:
    """The fit of a column's label, or of a name in words."""
    best = max((_label_score(part, variable.label) for part in _parts(label)), default=0.0)
    if best < _LABEL_LEAST:
        return Fit(0.0, "")
    return Fit(round(0.84 * best / 100, 2), f"label {label!r} is like {variable.label!r} ({best:.0f} of 100)")


def _label_score(part: str, label: str) -> float:
    one, other = (re.sub("[^a-z0-9]+", " ", text.lower()).strip() for text in (part, label))
    return 0.7 * fuzz.token_set_ratio(one, other) + 0.3 * fuzz.token_sort_ratio(one, other)


@lru_cache(maxsize=4096)
def _parts(label: str) -> tuple[str, ...]:
    """The sides of a bilingual label in Latin letters, without what stands in brackets."""
    sides = [re.sub(r"\([^)]*\)", " ", side).strip().lower() for side in re.split(r"\s/\s", label)]
    return tuple(side for side in sides if side.isascii() and len(side) > 2)


def words(column: str) -> str:
    """A name that is written in words (`Start Date`, `startDate`, `SEVERITY`) as a label; "" of an abbreviation."""
    plain = _PREFIX.sub("", column)
    if " " in plain.strip() or re.search("[a-z]", plain) or re.fullmatch("[A-Z]{5,}", plain):
        return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", plain)
    return ""
