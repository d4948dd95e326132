"""Proposals for the variables of a dataset from one raw table: which column, how sure, on what evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ..standards import Codelist, IgVariable, ig
from .columns import ColumnProfile
from .names import Fit, by_label, by_name, form_prefix, language, words
from .profile import TableProfile
from .terms import CtIndex, match_in

SURE, SHOWN = 0.85, 0.55
"""A proposal of at least SURE is a rule, one of at least SHOWN a comment for a person to settle."""
CLOSE = 0.03
"""Two columns that fit a variable so much alike are both left to a person."""
_GIVEN = re.compile(r"^(STUDYID|DOMAIN|USUBJID|..SEQ|..STDY|..ENDY|..DY|VISIT|VISITNUM|VISITDY|EPOCH|TAETORD|..LOBXFL|"
                    r"..BLFL|..STRESC|..STRESN|..STRESU|..STNRLO|..STNRHI|..DUR|RFSTDTC|RFENDTC|RFXSTDTC|RFXENDTC|"
                    r"RFPENDTC|AGEU|..DRVFL|SPDEVID|..ELTM|INVID|INVNAM|..ORREF)$")  # fmt: skip
"""Variables that follow, are derived from finished records, or are no matter of a column."""
_AUDIT = re.compile(r"(?i)last_?up|upd(at|t)|modif|creat|entered|entry|export|extract|更新|录入|修改")
_CLOCKS = (("DAT", "TIM"), ("DTC", "TMC"), ("DT", "TM"), ("DATE", "TIME"), ("日期", "时间"))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule for a variable. `others`: columns that fit it nearly as well; `time`: the column of the time of day.
    `unmatched`: texts of the column that are no terms of its codelist, where it has one."""

    variable: IgVariable
    column: ColumnProfile
    confidence: float
    evidence: tuple[str, ...]
    others: tuple[str, ...] = ()
    time: str = ""
    unmatched: tuple[str, ...] = ()

    @property
    def sure(self) -> bool:
        """Whether it stands as a rule."""
        return self.confidence >= SURE and not self.others

    @property
    def is_date(self) -> bool:
        """Whether the rule reads a date."""
        return self.variable.name.endswith("DTC")

    @property
    def columns(self) -> tuple[str, ...]:
        """The raw columns that it reads."""
        return (self.column.name, self.time) if self.time else (self.column.name,)


def propose(table: TableProfile, domain: str, index: CtIndex) -> list[Proposal]:
    """The best column of each variable, sure or for a person to settle, in the order of the standard.

    A column serves one variable. Nothing is proposed whose content cannot be the variable's.
    """
    variables = [v for v in ig().permitted(domain) if _GIVEN.match(v.name) is None]
    clocks = {clock.name for c in table.columns if c.dates is not None and (clock := clock_of(c, table.columns))}
    own = {v.name for v in ig().variables(domain)}
    subjects = set(table.role("subject")) - {"SUBJID"} if domain != "DM" else set()
    columns = [c for c in table.columns if c.name not in subjects and c.name not in clocks]
    other = form_prefix([c.name for c in table.columns], domain, ig().datasets)
    scored = _only_date(columns, variables, domain)
    scored += [_score(v, c, domain, other, v.name in own, index) for v in variables for c in columns]
    found = sorted((p for p in scored if p.confidence >= SHOWN),
                   key=lambda p: (-p.confidence, p.variable.ordinal, p.column.name))  # fmt: skip
    taken: dict[str, Proposal] = {}
    used: set[str] = set()
    for proposal in found:
        name, column = proposal.variable.name, proposal.column.name
        if name in taken or column in used:
            continue
        rivals = [p.column.name for p in found if p.variable.name == name and p.column.name != column
                  and p.column.name not in used and p.confidence >= proposal.confidence - CLOSE
                  and p.confidence < 0.99]  # fmt: skip
        taken[name] = replace(proposal, others=tuple(rivals) if proposal.confidence < 0.99 else ())
        used.add(column)
    _without_start(taken, domain)
    timed = [_with_time(p, table.columns) if p.is_date else p for p in taken.values()]
    return sorted(timed, key=lambda p: p.variable.ordinal)


def _without_start(taken: dict[str, Proposal], domain: str) -> None:
    """Of an event or intervention without a date of its start, the date collected may be that: not sure."""
    described = ig().dataset(domain)
    date = taken.get(f"{domain}DTC")
    if date is None or described is None or described.klass not in ("Events", "Interventions"):
        return
    if f"{domain}STDTC" not in taken:
        told = f"the form has no date of the start: it may be {domain}STDTC"
        taken[date.variable.name] = replace(date, confidence=min(date.confidence, SURE - 0.05),
                                            evidence=(*date.evidence, told))  # fmt: skip


def _only_date(columns: Sequence[ColumnProfile], variables: Sequence[IgVariable], domain: str) -> list[Proposal]:
    """In a domain of findings, the one date of the form is that of the finding; an audit trail's stamp is none."""
    described = ig().dataset(domain)
    dates = [c for c in columns if c.dates is not None and not any(_AUDIT.search(t) for t in (c.name, c.label) if t)]
    variable = next((v for v in variables if v.name == f"{domain}DTC"), None)
    if described is None or not described.klass.startswith("Findings") or len(dates) != 1 or variable is None:
        return []
    facts = dates[0].dates
    told = f"the form has no other date; {facts.read if facts else 0:,} of {dates[0].filled:,} values are dates"
    return [Proposal(variable, dates[0], 0.88, (told,))]


def _score(v: IgVariable, c: ColumnProfile, domain: str, other: str, own: bool, index: CtIndex) -> Proposal:
    heads = [by_name(c.name, v.name, domain, other)]
    heads += [by_label(text, v) for text in (c.label, words(c.name)) if text]
    first = max(heads, key=lambda fit: fit.score)
    best = first
    nothing = Proposal(v, c, 0.0, ())
    if best.score < SHOWN - 0.1:
        return nothing
    if not own and best.score < 0.99:
        best = Fit(best.score - 0.15, f"{best.evidence}; the class permits {v.name}, the domain does not list it")
    confidence, evidence, unmatched = _content(v, c, index)
    agree = [fit.evidence for fit in heads if fit.score >= SHOWN and fit is not first]
    more = 0.08 if len([f for f in heads if f.score >= SHOWN]) > 1 else 0.0
    tongue = language(c.name)
    verbatim = (tongue or not v.codelists) and not v.name.endswith("DTC")
    if verbatim and c.characters.beyond_ascii > 0.1 * c.filled:
        more -= 0.2
        beyond = f"{c.characters.beyond_ascii:,} of {c.filled:,} values have characters beyond ASCII"
        evidence = (*evidence, beyond)
    elif c.filled and unmatched and len(unmatched) == len(c.values) and not more and best.score < 0.99:
        more -= 0.2  # the name alone speaks for it, and no value of it
    total = 0.0 if confidence is None else max(0.0, min(1.0, best.score + more + confidence))
    return Proposal(v, c, round(total, 2), (best.evidence, *agree, *evidence), unmatched=unmatched)


def _content(v: IgVariable, c: ColumnProfile, index: CtIndex) -> tuple[float | None, tuple[str, ...], tuple[str, ...]]:
    """What the content adds to the confidence, None if it cannot be the variable's; why; texts without a term."""
    if not c.filled:
        return 0.0, ("the column is empty",), ()
    if v.name.endswith("DTC"):
        if c.dates is None:
            return None, (), ()
        return (0.05, (f"{c.dates.read:,} of {c.filled:,} values are dates",), ())
    if c.type in ("date", "datetime", "time"):
        return None, (), ()
    if v.type == "Num":
        return (0.05, ("numbers",), ()) if c.type in ("integer", "number") else (None, (), ())
    codelist = codelist_of(v, index)
    if codelist is None or c.distinct > len(c.values):
        return 0.0, (), ()
    missed = tuple(t for t, _ in c.values if not _one(codelist, t))
    share = 1 - len(missed) / len(c.values)
    count = f"{len(c.values) - len(missed)} of {len(c.values)}"
    told = f"{count} values are terms or synonyms of {codelist.submission_value}"
    closed = not codelist.extensible
    return (0.08 * share - (0.05 if closed and not share else 0.0), (told,), missed)


def _one(codelist: Codelist, text: str) -> bool:
    found = match_in(codelist, text)
    return found is not None and bool(found.term)


def codelist_of(v: IgVariable, index: CtIndex) -> Codelist | None:
    """The variable's codelist, if it has one and one only."""
    return index.package.codelist(v.codelists[0]) if len(v.codelists) == 1 else None


def clock_of(date: ColumnProfile, columns: Sequence[ColumnProfile]) -> ColumnProfile | None:
    """The column of times whose name is that of a date's column but for its last letters; it may be empty."""
    by_upper: Mapping[str, ColumnProfile] = {c.name.upper(): c for c in columns}
    name = date.name.upper()
    for day, time in _CLOCKS:
        at = name.rfind(day)
        other = by_upper.get(f"{name[:at]}{time}{name[at + len(day) :]}") if at >= 0 else None
        if other is not None and other.type in ("time", "empty"):
            return other
    return None


def _with_time(p: Proposal, columns: Sequence[ColumnProfile]) -> Proposal:
    other = clock_of(p.column, columns)
    if other is None:
        return p
    told = f"{other.name} is called alike and holds {other.filled:,} times of day"
    return replace(p, time=other.name, evidence=(*p.evidence, told))


def best_table(tables: Sequence[TableProfile], domain: str, index: CtIndex) -> list[tuple[float, TableProfile]]:
    """The tables by how much of the domain they hold, best first: a name, and the confidence of sure proposals."""
    scored = []
    for table in tables:
        sure = sum(p.confidence for p in propose(table, domain, index) if p.sure)
        named = 100.0 if table.name == domain or table.sheet.upper() == domain else 0.0
        scored.append((named + sure, table))
    return sorted(scored, key=lambda pair: -pair[0])
