"""Reads the examples out of a Markdown page and runs them: the files of each, and what it says that they give."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
import pandas as pd

from sdtm_builder.commands.pipeline import Made, make, prepare
from sdtm_builder.issues import Issue, IssueLog, Severity

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#{1,6}) +(.+)$", re.MULTILINE)
FILE = re.compile(r"# ((?:specs|mappings|library|raw|given)/\S+?)(?:, sheet (.+))?")
GIVES = re.compile(r"# gives (\w+)")
SAID = re.compile(r"# (check|build) says(, with notes)?")
BASE = "base"


@dataclass
class Example:
    """What stands between two headings: its files, the records and messages that it promises.

    says : `check` or `build` -> messages; a step without an entry must have no error and no warning
    notes : the steps whose messages include notes; books : workbook -> sheet -> rows
    """

    title: str
    line: int
    files: dict[str, str] = field(default_factory=dict)
    books: dict[str, dict[str, list[list[str]]]] = field(default_factory=dict)
    gives: dict[str, list[list[str]]] = field(default_factory=dict)
    says: dict[str, list[str]] = field(default_factory=dict)
    notes: set[str] = field(default_factory=set)

    @property
    def promises(self) -> bool:
        """Whether it says what comes of it."""
        return bool(self.gives or self.says)


def examples(text: str) -> list[Example]:
    """All examples of a page, in order; a fence that is none of an example's parts is an error of the page."""
    found = []
    for title, line, body in _sections(text):
        one = Example(title, line)
        for match in FENCE.finditer(body):
            _add(one, match[1], match[2])
        if one.files or one.books or one.promises:
            found.append(one)
    return found


def _sections(text: str) -> Iterator[tuple[str, int, str]]:
    """(title, line, text) between headings; a `#` within a fence is no heading."""
    fences = [m.span() for m in FENCE.finditer(text)]
    heads = [m for m in HEADING.finditer(text) if not any(a <= m.start() < b for a, b in fences)]
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        end = after.start() if after is not None else len(text)
        yield head[2], text.count("\n", 0, head.start()) + 1, text[head.end() : end]


def _add(one: Example, language: str, body: str) -> None:
    first, _, rest = body.partition("\n")
    if (file := FILE.fullmatch(first)) and file[2] and language == "csv":
        one.books.setdefault(file[1], {})[file[2]] = list(csv.reader(io.StringIO(rest)))
    elif file and language in ("yaml", "csv", "python", "xml"):
        assert file[1] not in one.files, f"{one.title}: {file[1]} stands twice"
        one.files[file[1]] = body if language not in ("csv", "xml") else rest
    elif (gives := GIVES.fullmatch(first)) and language == "csv":
        one.gives[gives[1]] = list(csv.reader(io.StringIO(rest)))
    elif (said := SAID.fullmatch(first)) and language == "text":
        one.says[said[1]] = rest.splitlines()
        one.notes |= {said[1]} if said[2] else set()
    else:
        raise AssertionError(f"{one.title}: a fence of {language or 'nothing'} that begins with {first!r}")


def write(root: Path, base: Example, one: Example) -> None:
    """Write an example's files over those of the base, which it extends."""
    files = {**base.files, **one.files}
    files.setdefault("specs/S1/study.yaml", f"extends: {BASE}\n")
    for name, text in files.items():
        path = root / name.partition("!/")[0]
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".parquet":
            pd.read_csv(io.StringIO(text), dtype=str).to_parquet(path)
        elif "!/" in name:
            with zipfile.ZipFile(path, "a") as archive:
                archive.writestr(name.partition("!/")[2], text)
        else:
            path.write_text(text, encoding="utf-8")
    for name, sheets in one.books.items():
        _write_book(root / name, sheets)


def _write_book(path: Path, sheets: Mapping[str, list[list[str]]]) -> None:
    """A workbook whose cells are texts, dates where the text is `date:2024-01-31`, numbers where it is `number:5`."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append([_cell(text) for text in row])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def _cell(text: str) -> object:
    kind, _, rest = text.partition(":")
    if kind == "date":
        return datetime.date.fromisoformat(rest)
    return float(rest) if kind == "number" else text or None


@dataclass
class Outcome:
    """What came of an example: messages of each step, and the datasets if they were built."""

    says: dict[str, list[Issue]]
    made: Made | None
    root: Path

    def messages(self, step: str, notes: bool) -> list[str]:
        """Errors and warnings, or all, sorted; paths as from the folder of the study."""
        said = [str(i) for i in self.says.get(step, []) if notes or i.severity is not Severity.NOTE]
        return sorted(text.replace(f"{self.root}/", "") for text in said)

    def records(self, dataset: str, names: Iterable[str]) -> list[list[str]]:
        """Values of some variables, a list a record, as texts in written order; temporaries too, by lower case."""
        assert self.made is not None
        found = {b.name: b for b in self.made.built}
        assert dataset in found, f"{dataset} was not built; there are {', '.join(found)}"
        built, run = found[dataset], self.made.run
        columns = [run.variable(dataset, "", n).take(built.rows) if n[:1].islower() else built.column(n) for n in names]
        return [[c.text_at(i) for c in columns] for i in range(built.n)]


def run(root: Path) -> Outcome:
    """`check`, and if it finds no error, `build`."""
    log = IssueLog()
    prepared = prepare(root / "specs" / "S1", root / "raw", log)
    said = {"check": list(log)}
    if prepared is None or prepared.unusable:
        return Outcome(said, None, root)
    made = make(prepared)
    made.accept()
    said["build"] = list(log)[len(said["check"]) :]
    return Outcome(said, made, root)
