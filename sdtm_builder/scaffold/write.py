"""Proposals as YAML: a dataset file, and what the study file needs for it; doubtful lines are comments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from ..standards import Codelist, ig
from .columns import ColumnProfile
from .findings import TestColumn, long_column, wide_tests
from .profile import TableProfile, is_unique
from .propose import SURE, Proposal, codelist_of, propose
from .tables import Table
from .terms import TERM, CtIndex, match_in
from .yamltext import comment, scalar, sequence

_PREFIX = re.compile(r"^(\w{1,8}\.)(?=\w)")


@dataclass(frozen=True)
class Scaffold:
    """What is proposed of one table for one domain."""

    domain: str
    table: Table
    profile: TableProfile
    proposals: tuple[Proposal, ...]
    tests: tuple[TestColumn, ...]
    long: tuple[ColumnProfile, Codelist, float] | None
    names: Names

    @property
    def subject(self) -> str:
        """The subject's column, "" if none looks like it."""
        return next(iter(self.profile.role("subject")), "")

    @property
    def wide(self) -> bool:
        """Whether the tests are columns."""
        return bool(self.tests) and self.long is None

    def placed(self) -> set[str]:
        """Columns that a proposal reads, sure or not."""
        found = {c for p in self.proposals for c in p.columns} | {t.column.name for t in self.tests}
        found |= {t.unit_column for t in self.tests if t.unit_column}
        return found | ({self.long[0].name} if self.long is not None else set()) | {self.subject}


@dataclass(frozen=True, slots=True)
class Names:
    """Names of columns in a mapping: a prefix before a point is taken off, any other point has a name of its own."""

    prefix: str
    renamed: Mapping[str, str]
    _shown: Mapping[str, str]

    @staticmethod
    def of(columns: Sequence[str]) -> Names:
        """For the columns of a table."""
        heads = [m[1] for c in columns if (m := _PREFIX.match(c))]
        prefix = max(set(heads), key=lambda h: (heads.count(h), h), default="")
        bare = [c.removeprefix(prefix) if prefix else c for c in columns]
        if len({b.casefold() for b in bare}) < len(bare):
            prefix, bare = "", list(columns)
        renamed = {b.replace(".", "_"): c for b, c in zip(bare, columns, strict=True) if "." in b}
        shown = {c: b.replace(".", "_") for b, c in zip(bare, columns, strict=True)}
        return Names(prefix, renamed, shown)

    def __call__(self, column: str) -> str:
        return self._shown[column]


def scaffold(table: Table, profile: TableProfile, domain: str, index: CtIndex) -> Scaffold:
    """All that is proposed of a table for a domain."""
    proposals = propose(profile, domain, index)
    long = long_column(profile, domain, index)
    tests = wide_tests(profile, domain, index) if long is None else []
    columns = {name for t in tests for name in (t.column.name, t.unit_column)}
    if long is not None:
        columns = {long[0].name}
    kept = [p for p in proposals if p.column.name not in columns and not p.variable.name.endswith(("TESTCD", "TEST"))]
    return Scaffold(domain, table, profile, tuple(kept), tuple(tests), long, Names.of(table.raw.columns))


def mapping_text(s: Scaffold, index: CtIndex, rivals: Sequence[str] = ()) -> str:
    """The dataset's file. rivals : tables that fit less."""
    where = f"{s.profile.file}, sheet {s.profile.sheet}" if s.profile.sheet else s.profile.file
    lines = [
        comment(f"Proposed from {where}; nothing here is settled. Above each rule", ""),
        comment(
            "stand its confidence, 0 to 1, and the evidence. What is below "
            f"{SURE:.2f} is a comment that begins with SETTLE, for a person to decide.",
            "",
        ),
    ]
    lines += [comment(f"Other tables that fit less: {', '.join(rivals)}.", "")] if rivals else []
    lines += [f"dataset: {s.domain}", "records:", "  rows:", f"    from: raw.{s.table.name}"]
    lines += _transposed(s) + _set_lines(s)
    lines += _keys_lines(s) + _rest_lines(s)
    return "\n".join(lines) + "\n"


def _transposed(s: Scaffold) -> list[str]:
    if not s.wide:
        return []
    lines = ["    transpose:"] if any(t.sure for t in s.tests) else [comment("transpose:", "    ")]
    for t in s.tests:
        said = scalar(s.names(t.column.name))
        unit = scalar(s.names(t.unit_column)) if t.unit_column else f"{{value: {scalar(t.unit)}}}" if t.unit else ""
        unit = f", {s.domain}ORRESU: {unit}" if unit else ""
        rule = f"{t.testcd}: {{{s.domain}ORRES: {said}{unit}}}"
        lines.append(comment(f"{t.confidence:.2f} {t.test}: {'; '.join(t.evidence)}", "      "))
        lines += [f"      {rule}"] if t.sure else [comment(f"SETTLE {rule}", "      ")]
        if not unit and t.column.type in ("integer", "number"):
            lines.append(comment(f"SETTLE the unit of {t.testcd}: no header says it", "      "))
    return lines


def _set_lines(s: Scaffold) -> list[str]:
    lines: list[str] = []
    if s.long is not None:
        column, codes, share = s.long
        told = f"{share:.2f} of the distinct texts are terms or synonyms of {codes.submission_value}"
        lines.append(comment(told, "      "))
        lines.append(f"      {s.domain}TESTCD: {scalar(s.names(column.name))}")
    for p in s.proposals:
        lines.append(comment(f"{p.confidence:.2f} {p.variable.label}: {'; '.join(p.evidence)}", "      "))
        rule = f"{p.variable.name}: {_rule(p, s.names)}"
        if p.others:
            lines.append(comment(f"{', '.join(map(s.names, p.others))} would do nearly as well", "      "))
        lines.append(f"      {rule}" if p.sure else comment(f"SETTLE {rule}", "      "))
    active = [line for line in lines if not line.lstrip().startswith("#")]
    return [("    set:" if active else comment("set:", "    ")), *lines] if lines else []


def _rule(p: Proposal, names: Names) -> str:
    column = scalar(names(p.column.name))
    if not p.is_date:
        return column
    return f"{{date: {column}, time: {scalar(names(p.time))}}}" if p.time else f"{{date: {column}}}"


def _keys_lines(s: Scaffold) -> list[str]:
    """USUBJID and, of what is proposed, so much as makes each row unique."""
    order = [v.name for v in ig().permitted(s.domain)]
    sure = {p.variable.name: p for p in s.proposals if p.sure}
    if s.domain == "DM":
        return ["keys: USUBJID"]
    chosen, columns = ["USUBJID"], [s.subject] if s.subject else []
    if s.wide or s.long is not None:
        chosen.append(f"{s.domain}TESTCD")
        columns += [s.long[0].name] if s.long is not None else []
    topic = next((v.name for v in ig().variables(s.domain) if v.role == "Topic"), "")
    wanted = [topic, *(n for n in order if n.endswith("DTC")), *(n for n in order if n.endswith(("SPID", "REFID"))),
              *(n for n in order if n.endswith(("DECOD", "CAT", "LOC", "OUT")))]  # fmt: skip
    unique = is_unique(s.table.raw, columns) if columns else False
    for name in (n for n in wanted if n in sure and n not in chosen):
        if unique:
            break
        chosen.append(name)
        columns += sure[name].columns
        unique = is_unique(s.table.raw, columns)
    told = "unique on every row of the table" if unique else "SETTLE the keys: these are not unique on every row"
    return [comment(told, ""), f"keys: {sequence(chosen)}"]


def _rest_lines(s: Scaffold) -> list[str]:
    said = {p.variable.name for p in s.proposals}
    lines = []
    needed = [v for v in ig().variables(s.domain) if v.core in ("Req", "Exp") and v.name not in said]
    needed = [v for v in needed if v.name not in ("STUDYID", "DOMAIN", "USUBJID", f"{s.domain}SEQ")]
    if s.wide or s.long is not None:
        needed = [v for v in needed if not v.name.endswith(("TESTCD", "TEST", "ORRES", "STRESC", "STRESN", "STRESU"))]
    if needed:
        lines.append(comment("Required or expected, without a proposal (some follow by themselves): "
                             + ", ".join(f"{v.name} ({v.core})" for v in needed), ""))  # fmt: skip
    rest = [c for c in s.profile.columns if c.name not in s.placed()]
    for c in rest:
        label = f", {c.label}" if c.label else ""
        lines.append(comment(f"Without a proposal: {s.names(c.name)} ({c.type}, {c.filled:,} filled, "
                             f"{c.distinct:,} distinct{label})", ""))  # fmt: skip
    return lines


def source_lines(s: Scaffold) -> list[str]:
    """The table under `raw` of the study file."""
    source, names = s.table.source, s.names
    lines = [f"  {s.table.name}:", f"    file: {scalar(s.table.file)}"]
    lines += [f"    sheet: {scalar(s.table.sheet)}"] if s.table.sheet else []
    lines += [comment(note, "    ") for note in s.profile.notes]
    lines += [f"    header: {sequence(source.header)}"] if source.header != ("name",) else []
    lines += [f"    skip_rows: {scalar(source.skip_rows.text)}"] if source.skip_rows is not None else []
    lines += [f"    encoding: {scalar(source.encoding)}"] if source.encoding not in ("", "utf-8") else []
    if source.delimiter != ",":
        lines.append(f"    delimiter: {'tab' if source.delimiter == chr(9) else scalar(source.delimiter)}")
    renames = [f"strip_prefix: {scalar(names.prefix)}"] if names.prefix else []
    renames += [f"{scalar(new)}: {scalar(old)}" for new, old in names.renamed.items()]
    lines += [f"    rename: {{{', '.join(renames)}}}"] if renames else []
    roles = {c.name: c.roles for c in s.profile.columns}
    if s.subject:
        lines += [comment(f"by {roles[s.subject]['subject']}", "    "), f"    subject: {scalar(names(s.subject))}"]
    else:
        lines.append(comment("SETTLE subject: no column looks like it", "    "))
    for visit in s.profile.role("visit"):
        lines.append(comment(f"SETTLE visit: {names(visit)}   by {roles[visit]['visit']}; needs `visits` in the study "
                             "file", "    "))  # fmt: skip
    return lines + _column_lines(s)


def _column_lines(s: Scaffold) -> list[str]:
    lines: list[str] = []
    for p in s.proposals:
        if p.column.dates is not None and p.is_date:
            lines += date_lines(s.names, p.column, p.sure)
        elif p.sure and p.variable.type == "Num" and p.column.filled:
            lines.append(f"      {scalar(s.names(p.column.name))}: {{type: number}}")
    active = any(not line.lstrip().startswith("#") for line in lines)
    return [("    columns:" if active else comment("columns:", "    ")), *lines] if lines else []


def date_lines(names: Names, column: ColumnProfile, sure: bool) -> list[str]:
    """A column of dates as a raw source has it: its formats, or what a person must settle before they are known."""
    facts = column.dates
    assert facts is not None
    counts = ", ".join(f"{f.format} reads {f.values:,}" for f in facts.formats)
    order = f"; {facts.order}: {facts.day_first or facts.month_first:,} values can be read in no other order" \
        if facts.order in ("day first", "month first") else ""  # fmt: skip
    lines = [comment(f"{counts}; {facts.unread:,} unread{order}", "      ")]
    if facts.doubtful:
        lines.append(comment(f"SETTLE day or month first ({facts.either:,} values fit both): add one of "
                             f"{' or '.join(facts.rivals)} to the formats", "      "))  # fmt: skip
    settled = [f for f in facts.settled() if not re.search("(?<!y)yy(?!y)", f)]
    if facts.pivot:
        lines.append(comment("SETTLE years of two digits: a format with yy needs `pivot` in date_texts", "      "))
    formats = f", formats: [{', '.join(json_text(f) for f in settled)}]" if settled else ""
    rule = f"{scalar(names(column.name))}: {{type: date{formats}}}"
    lines.append(f"      {rule}" if sure and settled else comment(f"SETTLE {rule}", "      "))
    if facts.unknown:
        lines.append(comment(f"SETTLE date_texts of the study file: unknown: [{', '.join(facts.unknown)}]", "      "))
    return lines


def json_text(text: str) -> str:
    """A format between quotes."""
    return '"' + text.replace('"', '\\"') + '"'


def codelist_lines(parts: Sequence[Scaffold], index: CtIndex) -> list[str]:
    """`codelists` of the study file: synonyms on evidence, and what a person must say."""
    wanted: dict[str, tuple[Codelist, dict[str, list[str]]]] = {}
    for s in parts:
        pairs = [(p.variable.name, codelist_of(p.variable, index), p.column) for p in s.proposals]
        if s.long is not None:
            pairs.append((f"{s.domain}TESTCD", s.long[1], s.long[0]))
        for variable, codelist, column in pairs:
            if codelist is None or column.distinct > len(column.values):
                continue
            texts = wanted.setdefault(codelist.submission_value, (codelist, {}))[1]
            for text, _ in column.values:
                texts.setdefault(text, []).append(variable)
    lines: list[str] = []
    for name, (codelist, texts) in sorted(wanted.items()):
        lines += _synonym_lines(name, codelist, texts)
    active = any(not line.lstrip().startswith("#") for line in lines)
    return [("codelists:" if active else "# codelists:"), *lines] if lines else []


def _synonym_lines(name: str, codelist: Codelist, texts: Mapping[str, Sequence[str]]) -> list[str]:
    lines: list[str] = []
    for text, variables in texts.items():
        found = match_in(codelist, text)
        of = ", ".join(dict.fromkeys(variables))
        if found is not None and found.evidence == TERM:
            continue
        if found is not None and found.term:
            lines.append(f"      {scalar(text)}: {scalar(found.term)}  # {found.evidence}; {of}")
        else:
            near = found.terms if found is not None else _near(codelist, text)
            hint = f"perhaps {' or '.join(near)}" if near else "no term is near"
            closed = "" if not codelist.extensible else "; or `add` it"
            lines.append(comment(f"SETTLE {scalar(text)}: ?   {of}; {hint}{closed}", "      "))
    if not lines:
        return []
    if any(not line.lstrip().startswith("#") for line in lines):
        return [f"  {name}:", "    synonyms:", *lines]
    return [comment(f"{name}:", "  "), comment("synonyms:", "    "), *lines]


def _near(codelist: Codelist, text: str) -> list[str]:
    found = process.extract(text.upper(), list(codelist.terms), scorer=fuzz.WRatio, limit=6, score_cutoff=75)
    return sorted((term for term, _, _ in found), key=lambda term: (-fuzz.ratio(text.upper(), term), term))[:2]


def study_text(main: Scaffold, register: Scaffold | None, index: CtIndex) -> str:
    """What the study file needs for the mapping: `raw` and `codelists`. register : the table of all subjects."""
    parts = [main] if register is None or register.table.name == main.table.name else [main, register]
    told = "Proposed with the mapping: copy it into the study's files; lines with SETTLE are for a person."
    lines = [comment(told, ""), "raw:"]
    for part in parts:
        lines += source_lines(part)
    last = register or main
    if last.subject:
        column = last.names(last.subject)
        rule = f"\"study.id || '-' || {column}\""
        lines.append(comment(f"SETTLE subjects: {{register: raw.{last.table.name}, usubjid: {rule}}}", ""))
    return "\n".join([*lines, *codelist_lines([main], index)]) + "\n"
