"""ADTTE and the DLT set of LstCAR019 programmed a second time: plain pandas over the SDTM datasets alone.

Written from the analysis specification (sections 3, 4.1 and 5.2), without the tool's mapping. SDTM frames in, one
frame out; missing texts are "", dates ISO 8601. Nothing of the package is imported.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyreadstat

Frames = Mapping[str, pd.DataFrame]
DATASETS = ("dm", "ds", "ae", "suppae", "rs", "cm", "pr", "pc", "sv", "ss", "lb", "fa", "ec", "suppex", "ts")
RESPONSES, REMISSIONS, FAILURES = ("CR", "CRi", "PR"), ("CR", "CRi"), ("RELAPSED DISEASE", "PD")
WEEK24, WEEK12, INDUCTION, EARLY_DEATH, DLT_END = 168, 84, 125, 91, 28  # elapsed days from the infusion
ESCALATION = ("DL1", "DL2", "DL3")
# Dates that section 3 defines as ADSL's have ADSL as their source here, all others the SDTM domain.
ADSL = "ADSL"


class Record(NamedTuple):
    """A record of ADTTE."""

    USUBJID: str
    PARAMCD: str
    STARTDT: date
    ADT: date | None
    CNSR: int | None
    EVNTDESC: str
    CNSDTDSC: str
    SRCDOM: str


class Episode(NamedTuple):
    """CRS rows that belong together: first start, last end (None when open), whether it was fatal."""

    start: date
    end: date | None
    fatal: bool


@dataclass
class Subject:
    """What the rules ask of an infused subject."""

    name: str
    infusion: date
    death: date | None
    undated: bool  # dead, on a date that is not known
    alive: date
    reason: str
    left: date | None
    transplant: date | None
    therapy: date | None
    assessments: list[tuple[date, str]] = field(default_factory=list)
    crs: list[Episode] = field(default_factory=list)
    dlts: list[date] = field(default_factory=list)
    kinetics: list[tuple[str, date, bool]] = field(default_factory=list)

    @property
    def switch(self) -> date | None:
        """NATDT."""
        return earliest([self.transplant, self.therapy])

    def day(self, elapsed: int) -> date:
        return self.infusion + timedelta(days=elapsed)


def read(folder: Path) -> dict[str, pd.DataFrame]:
    """The SDTM transport files of a folder that the rules need; a domain without records is not written."""
    return {n: pyreadstat.read_xport(str(f))[0] for n in DATASETS if (f := folder / f"{n}.xpt").exists()}


def earliest(days: Iterable[date | None]) -> date | None:
    return min((d for d in days if d is not None), default=None)


def whole(text: str) -> date | None:
    """The date of ISO 8601 text, None unless year, month and day are there."""
    return date.fromisoformat(text[:10]) if len(text) >= 10 and "--" not in text[:10] else None


def of(frames: Frames, name: str, subject: str, **values: str) -> pd.DataFrame:
    """A subject's records of a dataset with these values."""
    if name not in frames:
        return pd.DataFrame()
    found = frames[name]
    keep = found["USUBJID"] == subject
    for variable, value in values.items():
        keep &= found[variable] == value
    return found[keep]


def days(found: pd.DataFrame, variable: str) -> list[date]:
    """The complete dates of a column."""
    return [d for t in found[variable] if (d := whole(t))] if variable in found else []


# Imputation of section 3.


def month_end(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def start_of(text: str, infusion: date, limits: Sequence[date | None]) -> date | None:
    """An AE or CM start: unknown parts by the infusion, else the first day; never after a known end or death."""
    if (known := whole(text)) or len(text) < 4 or not text[:4].isdigit():
        return known
    year, month = int(text[:4]), text[5:7]
    if month.isdigit():
        same = (infusion.year, infusion.month) == (year, int(month))
        guess = infusion if same else date(year, int(month), 1)
    else:
        guess = infusion if infusion.year == year else date(year, 1, 1)
    return min([guess, *(d for d in limits if d)])


def end_of(text: str, limits: Sequence[date | None]) -> date | None:
    """An AE end: the last day of month or year, not past the end of study or death."""
    if (known := whole(text)) or len(text) < 4 or not text[:4].isdigit():
        return known
    month = int(text[5:7]) if text[5:7].isdigit() else 12
    return min([month_end(int(text[:4]), month), *(d for d in limits if d)])


# What is known of a subject.


def last_alive(frames: Frames, subject: str, death: date | None, cutoff: date) -> date:
    """LSTALVDT; of the dead without a date the latest one known before a contact that reports the death."""
    if death:
        return death
    reported = min(days(of(frames, "ss", subject, SSSTRESC="DEAD"), "SSDTC"), default=date.max)
    seen = [
        *days(of(frames, "sv", subject), "SVSTDTC"), *days(of(frames, "sv", subject), "SVENDTC"),
        *days(of(frames, "ss", subject, SSSTRESC="ALIVE"), "SSDTC"), *days(of(frames, "lb", subject), "LBDTC"),
        *days(of(frames, "ae", subject), "AESTDTC"), *days(of(frames, "cm", subject), "CMSTDTC"),
        *days(of(frames, "rs", subject), "RSDTC"), *days(of(frames, "fa", subject), "FADTC"),
    ]  # fmt: skip
    return max(d for d in seen if d <= cutoff and d < reported)


def qualifiers(frames: Frames, subject: str, qnam: str) -> dict[float, str]:
    """A supplemental qualifier of AE by AESEQ."""
    found = of(frames, "suppae", subject, QNAM=qnam)
    return {float(k): v for k, v in zip(found["IDVARVAL"], found["QVAL"], strict=True)} if len(found) else {}


class Event(NamedTuple):
    """An AE row with imputed dates."""

    number: str
    previous: str
    start: date
    end: date | None
    fatal: bool


def episodes(rows: list[Event]) -> list[Episode]:
    """Episodes of one category: rows linked to an earlier one, or begun at most a day after the end so far."""
    groups: list[list[Event]] = []
    for row in sorted(rows, key=lambda r: (r.start, r.number)):
        linked = [g for g in groups if row.previous and row.previous in {r.number for r in g}]
        near = [g for g in groups if any(r.end and (row.start - r.end).days <= 1 for r in g)]
        into = (linked or near or [[]])[0]
        if not into:
            groups.append(into)
        into.append(row)
    made = []
    for group in groups:
        open_ = group[-1].end is None
        ends = [r.end for r in group if r.end]
        made.append(Episode(group[0].start, None if open_ else max(ends), any(r.fatal for r in group)))
    return sorted(made, key=lambda e: e.start)


def adverse(frames: Frames, subject: Subject, cutoff: date) -> tuple[list[Episode], list[date]]:
    """CRS episodes, and the starts of AE rows marked as DLT."""
    found = of(frames, "ae", subject.name)
    marked, chained = (qualifiers(frames, subject.name, q) for q in ("AEDLT", "AEPREV"))
    crs, dlts = [], []
    columns = ("AESEQ", "AESPID", "AECAT", "AESTDTC", "AEENDTC", "AEOUT")
    for seq, number, kind, first, last, outcome in zip(*(found[c] for c in columns), strict=True):
        start = start_of(first, subject.infusion, [whole(last), subject.death])
        if start is None:
            continue
        end = end_of(last, [subject.left or cutoff, subject.death])
        if kind == "CRS":
            crs.append(Event(number, chained.get(seq, ""), start, end, outcome == "FATAL"))
        if marked.get(seq) == "Y":
            dlts.append(start)
    return episodes(crs), sorted(dlts)


def samples(frames: Frames, subject: Subject, infused_at: str) -> list[tuple[str, date, bool]]:
    """qPCR samples after the infusion in order: moment, date, whether at or above the LLOQ."""
    found = of(frames, "pc", subject.name, PCTESTCD="CARTRANS")
    if "PCSTAT" in found:
        found = found[found["PCSTAT"] == ""]
    best: dict[str, tuple[float, str, bool]] = {}
    columns = ("PCDTC", "PCREPNUM", "PCTPTNUM", "PCSTRESC", "PCSTRESN", "PCLLOQ")
    for moment, replicate, nominal, text, number, limit in zip(*(found[c] for c in columns), strict=True):
        after = moment > infused_at or (moment == infused_at[:10] and nominal >= 0)  # no time: the nominal one
        if not after or not whole(moment) or not text:
            continue
        if moment not in best or replicate > best[moment][0]:
            best[moment] = (replicate, moment, text.startswith(">") or bool(number >= limit))
    return [(m, day, quantifiable) for m in sorted(best) if (day := whole(m)) for quantifiable in [best[m][2]]]


def leaving(frames: Frames, subject: str) -> tuple[str, date | None]:
    """Reason and date of the end of participation, "" and None when ongoing; an earlier failed screening is none."""
    found = of(frames, "ds", subject, DSSCAT="STUDY PARTICIPATION")
    found = found[found["DSDECOD"] != "SCREEN FAILURE"].sort_values("DSSTDTC")
    return (str(found["DSDECOD"].iloc[-1]), whole(found["DSSTDTC"].iloc[-1])) if len(found) else ("", None)


def subjects(frames: Frames) -> list[Subject]:
    """The infused subjects, SAFFL = Y."""
    ts = frames["ts"]
    cutoff = date.fromisoformat(ts.loc[ts["TSPARMCD"] == "DCUTDTC", "TSVAL"].iloc[0][:10])
    made = []
    dm = frames["dm"]
    columns = ("USUBJID", "RFSTDTC", "DTHDTC", "DTHFL")
    for name, infused_at, died, dead in zip(*(dm[v] for v in columns), strict=True):
        if not (infusion := whole(infused_at)):
            continue
        death = whole(died)
        reason, left = leaving(frames, name)
        later = of(frames, "cm", name, CMCAT="SUBSEQUENT ANTICANCER THERAPY")
        therapy = earliest(start_of(a, infusion, [whole(b), death]) for a, b in later[["CMSTDTC", "CMENDTC"]].values)
        transplant = earliest(days(of(frames, "pr", name, PRCAT="SUBSEQUENT"), "PRSTDTC"))
        alive = last_alive(frames, name, death, cutoff)
        undated = dead == "Y" and death is None
        subject = Subject(name, infusion, death, undated, alive, reason, left, transplant, therapy)
        rs = of(frames, "rs", name, RSTESTCD="OVRLRESP")
        subject.assessments = sorted(
            (day, result)
            for text, result in zip(rs["RSDTC"], rs["RSSTRESC"], strict=True)
            if (day := whole(text)) and day > infusion and result not in ("", "NE")
        )
        subject.crs, subject.dlts = adverse(frames, subject, cutoff)
        subject.kinetics = samples(frames, subject, infused_at)
        made.append(subject)
    return made


# Rules of section 5.2.


def last_assessment(s: Subject, start: date, limit: date = date.max) -> tuple[date, str]:
    """The last adequate assessment from `start` to `limit`, else `start`; with the source of the date."""
    found = [d for d, _ in s.assessments if start <= d <= limit]
    return (found[-1], "RS") if found else (start, ADSL)


def without_event(s: Subject, code: str, start: date, day: date, described: str, source: str) -> Record:
    """The record of one who has no event; the dead whose date is unknown fit no row, "alive, no event" least."""
    kinds = {"LOST TO FOLLOW-UP": (5, "LOST TO FOLLOW-UP"), "WITHDRAWAL BY SUBJECT": (6, "WITHDRAWAL")}
    if s.undated and s.reason not in kinds:
        return Record(s.name, code, start, None, None, "", "", "")
    cnsr, why = kinds.get(s.reason, (1, "NO EVENT"))
    return Record(s.name, code, start, day, cnsr, why, described, source)


def survival(s: Subject, transplant: bool = False) -> Record:
    """OS, or OSTX where it ends at a transplant."""
    code = "OSTX" if transplant else "OS"
    if transplant and s.transplant and (s.death is None or s.transplant < s.death):
        return Record(s.name, code, s.infusion, s.transplant, 4, "TRANSPLANT BEFORE EVENT", "TRANSPLANT", ADSL)
    if s.death:
        return Record(s.name, code, s.infusion, s.death, 0, "DEATH", "", ADSL)
    return without_event(s, code, s.infusion, s.alive, "LAST KNOWN ALIVE", ADSL)


def disease(s: Subject, code: str, start: date, *, therapies: bool = True, failure: bool = False) -> Record:
    """PFS, EFS and DOR: events from `start` on, and the order of decision; `failure`: induction failure."""
    relapse = earliest(d for d, r in s.assessments if r in FAILURES and d > start)
    event, why, source = None, "", ""
    if failure:
        event, why, source = start, "INDUCTION FAILURE", ADSL
    elif relapse and (s.death is None or relapse <= s.death):
        event, why, source = relapse, "RELAPSE OR PROGRESSION", "RS"
    elif s.death:
        event, why, source = s.death, "DEATH", ADSL
    early_death = s.death is not None and s.death <= s.day(EARLY_DEATH)
    if not s.assessments and not early_death:
        return Record(s.name, code, start, start, 2, "NO POST-BASELINE ASSESSMENT", "INFUSION", ADSL)
    if therapies and s.switch and (event is None or s.switch < event):
        day, source = last_assessment(s, start, s.switch)
        last = "LAST ADEQUATE ASSESSMENT BEFORE "
        if s.transplant == s.switch:
            return Record(s.name, code, start, day, 4, "TRANSPLANT BEFORE EVENT", last + "TRANSPLANT", source)
        return Record(s.name, code, start, day, 3, "NEW ANTICANCER THERAPY BEFORE EVENT", last + "NEW THERAPY", source)
    if event:
        return Record(s.name, code, start, event, 0, why, "", source)
    day, source = last_assessment(s, start)
    return without_event(s, code, start, day, "LAST ADEQUATE ASSESSMENT", source)


def induction_failure(s: Subject) -> bool:
    """An adequate assessment by the end of the week 12 window, not after other therapy, and none CR or CRi."""
    limit = min([s.day(INDUCTION), *([s.switch] if s.switch else [])])
    results = [r for d, r in s.assessments if d <= limit]
    return bool(results) and not any(r in REMISSIONS for r in results)


def response(s: Subject, results: Sequence[str]) -> date | None:
    """The first of these responses not after other therapy."""
    return earliest(d for d, r in s.assessments if r in results and (s.switch is None or d <= s.switch))


def week24(s: Subject, full: Record) -> Record:
    """The finished record cut at week 24."""
    code, limit = full.PARAMCD + "W24", s.day(WEEK24)
    if full.ADT is None or limit >= full.ADT:
        return full._replace(PARAMCD=code)
    if full.PARAMCD == "OS":
        day, source, described = limit, ADSL, "WEEK 24"
    else:
        day, source = last_assessment(s, full.STARTDT, limit)
        described = "LAST ADEQUATE ASSESSMENT BY WEEK 24"
    return full._replace(PARAMCD=code, ADT=day, CNSR=9, EVNTDESC="WEEK 24 CUT-OFF", CNSDTDSC=described, SRCDOM=source)


def toxicity(s: Subject) -> Record:
    """TTDLT."""
    end = s.day(DLT_END)
    if found := [d for d in s.dlts if s.infusion <= d <= end]:
        return Record(s.name, "TTDLT", s.infusion, found[0], 0, "DOSE-LIMITING TOXICITY", "", "AE")
    if s.alive < end:
        early = "FOLLOW-UP ENDED BEFORE DAY 29"
        return Record(s.name, "TTDLT", s.infusion, s.alive, 2, early, "LAST KNOWN ALIVE", ADSL)
    return Record(s.name, "TTDLT", s.infusion, end, 1, "NO DLT", "DLT WINDOW END", ADSL)


def first_crs(s: Subject) -> list[Record]:
    """CRSTM and, with CRS, CRSDUR."""
    limit = s.day(WEEK12)
    crs = s.crs[0] if s.crs else None
    if crs is None or not s.infusion <= crs.start <= limit:
        day = min(limit, s.alive)
        made = [Record(s.name, "CRSTM", s.infusion, day, 1, "NO CRS", "WEEK 12 OR LAST KNOWN ALIVE", ADSL)]
    else:
        made = [Record(s.name, "CRSTM", s.infusion, crs.start, 0, "FIRST CRS", "", "AE")]
    if crs is None:
        return made
    if crs.end and not crs.fatal:
        made.append(Record(s.name, "CRSDUR", crs.start, crs.end, 0, "CRS RESOLVED", "", "AE"))
    elif s.death:
        made.append(Record(s.name, "CRSDUR", crs.start, s.death, 2, "DEATH WITH CRS", "DEATH", ADSL))
    else:
        made.append(without_event(s, "CRSDUR", crs.start, s.alive, "LAST KNOWN ALIVE", ADSL))
        if made[-1].ADT:
            made[-1] = made[-1]._replace(CNSR=1, EVNTDESC="CRS ONGOING")
    return made


def persistence(s: Subject) -> Record:
    """PERS."""
    present = [(m, d) for m, d, quantifiable in s.kinetics if quantifiable]
    if not present:
        return Record(s.name, "PERS", s.infusion, s.infusion, 0, "NEVER QUANTIFIABLE", "", ADSL)
    moment, day = present[-1]
    if any(m > moment for m, _, _ in s.kinetics):
        return Record(s.name, "PERS", s.infusion, day, 0, "LAST QUANTIFIABLE QPCR", "", "PC")
    return Record(s.name, "PERS", s.infusion, day, 1, "STILL QUANTIFIABLE", "LAST QPCR SAMPLE", "PC")


def of_subject(s: Subject) -> list[Record]:
    """All parameters of a subject."""
    full = [survival(s), disease(s, "PFS", s.infusion)]
    full.append(disease(s, "EFS", s.infusion, failure=induction_failure(s)))
    first, remission = response(s, RESPONSES), response(s, REMISSIONS)
    full += [disease(s, "DOR", first)] if first else []
    cut = [week24(s, r) for r in full if s.day(WEEK24) >= r.STARTDT]
    other = [disease(s, "DORCR", remission)] if remission else []
    other += [disease(s, "PFSALL", s.infusion, therapies=False), survival(s, transplant=True)]
    return [*full, *cut, *other, toxicity(s), *first_crs(s), persistence(s)]


def possible(r: Record) -> Record:
    """By "ADT >= STARTDT": a record whose date would lie before its start keeps what it is, without a date."""
    return r._replace(ADT=None, SRCDOM="") if r.ADT and r.ADT < r.STARTDT else r


def adtte(frames: Frames) -> pd.DataFrame:
    """ADTTE by USUBJID and PARAMCD, with AVAL in days."""
    records = [possible(r) for s in subjects(frames) for r in of_subject(s)]
    made = pd.DataFrame(records, columns=list(Record._fields))
    made.insert(4, "AVAL", [(b - a).days + 1 if b else None for a, b in zip(made["STARTDT"], made["ADT"], strict=True)])
    for name in ("STARTDT", "ADT"):
        made[name] = [d.isoformat() if d else "" for d in made[name]]
    return made.sort_values(["USUBJID", "PARAMCD"], ignore_index=True)


def completed_window(frames: Frames, s: Subject) -> bool:
    """Dosed within 20 %, and alive, in the study and without new anticancer therapy through day 29."""
    end = s.day(DLT_END)
    given = float(of(frames, "ec", s.name, ECTRT="LSTCAR019")["ECDOSE"].sum())
    # EXDOSE is rounded, the rule is about the cells given; the limits belong to the band, whatever binary fractions do
    ratio = round(given / float(of(frames, "suppex", s.name, QNAM="CELLPL")["QVAL"].iloc[0]), 9)
    stayed = (s.death is None or s.death > end) and (s.left is None or s.left >= end)
    return 0.8 <= ratio <= 1.2 and stayed and (s.switch is None or s.switch > end)


def dlt_set(frames: Frames) -> pd.DataFrame:
    """DLTFL, DLTEVLFL and DLTESEXP of every subject of DM: each evaluable in its own part of the study, else N."""
    infused = {s.name: s for s in subjects(frames)}
    rows = []
    for name, arm in zip(frames["dm"]["USUBJID"], frames["dm"]["ARMCD"], strict=True):
        if name not in infused:
            rows.append((name, "", "N", "N"))
            continue
        s = infused[name]
        dlt = toxicity(s).CNSR == 0
        evaluable = "Y" if dlt or completed_window(frames, s) else "N"
        escalation = arm in ESCALATION
        rows.append((name, "Y" if dlt else "N", evaluable if escalation else "N", "N" if escalation else evaluable))
    return pd.DataFrame(rows, columns=["USUBJID", "DLTFL", "DLTEVLFL", "DLTESEXP"])
