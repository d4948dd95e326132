"""The study file of a study that begins with its raw files: every table declared, nothing mapped yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..standards import ct_versions
from .profile import TableProfile
from .tables import Table
from .write import Names, Scaffold, date_lines, source_lines
from .yamltext import comment, scalar

_UNREAD = "\ufffd"
"""Stands for bytes that are no character of the encoding."""


def register_of(profiles: Sequence[TableProfile]) -> str:
    """The table of all subjects: its subject column is unique; the one with most rows, DM before others. "": none."""
    found = [p for p in profiles if any((c,) in p.keys for c in p.role("subject")[:1])]
    found.sort(key=lambda p: (-p.rows, p.name != "DM" and p.sheet != "DM"))
    return found[0].name if found else ""


def study_file(study: str, raw: str, tables: Mapping[str, Table], profiles: Mapping[str, TableProfile]) -> str:
    """The text of a study file.

    Args:
        study: the short name; in capitals the study's identifier.
        raw: the folder of the raw files, as the commands to come name it.
        tables, profiles: by the names of the raw sources.
    """
    register = register_of(list(profiles.values()))
    parts = {name: _bare(table, profiles[name]) for name, table in tables.items()}
    lines = [
        "# yaml-language-server: $schema=../../docs/schema/study.json",
        comment(f"Made of the files in {raw}; lines with SETTLE are for a person. For each dataset:", ""),
        comment(f"  sdtm-builder scaffold {raw} --domain AE --out mappings/{study}/sdtm/ae.yaml "
                f"--study-out specs/{study}/study.yaml", ""),
        comment(f"  sdtm-builder check specs/{study} --raw {raw}", ""),
        f"study: {{id: {scalar(study.upper())}, title: {scalar(study)}}}  # SETTLE the title",
        f'standards: {{sdtmig: "3.4", define: "2.1", ct: {{sdtm: {ct_versions()["sdtm"][-1]}}}}}',
    ]  # fmt: skip
    if register:
        column = parts[register].names(parts[register].subject)
        told = f"SETTLE whether {register}, whose {column} is unique, has every subject; and how USUBJID is made"
        usubjid = f"  usubjid: \"study.id || '-' || {column}\""
        lines += [comment(told, ""), "subjects:", f"  register: raw.{register}", usubjid]
    else:
        lines.append(comment("SETTLE subjects: {register: raw.TABLE, usubjid: \"study.id || '-' || COLUMN\"}: no table "
                             "has one row for each subject", ""))  # fmt: skip
    lines.append("raw:")
    for part in parts.values():
        lines += source_lines(part) + _dates(part)
    return "\n".join(lines) + "\n"


def _bare(table: Table, profile: TableProfile) -> Scaffold:
    return Scaffold("", table, profile, (), (), None, Names.of(table.raw.columns))


def _dates(part: Scaffold) -> list[str]:
    """The columns of dates, as rules where every date of them is read in one way."""
    columns = [c for c in part.profile.columns if c.dates is not None and _UNREAD not in c.name]
    lines = [line for c in columns for line in date_lines(part.names, c, True)]
    if not lines:
        return []
    active = any(not line.lstrip().startswith("#") for line in lines)
    return ["    columns:" if active else comment("columns:", "    "), *lines]
