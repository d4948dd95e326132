"""A study of any datasets, written as texts, then built, written, validated and read back."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from pathlib import Path

from sdtm_builder.commands.output import Options, write_build
from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import Issue, IssueLog
from sdtm_builder.validate.load import load_study
from sdtm_builder.validate.study import Study

AS_OF = datetime(2025, 4, 1)
STUDY = """\
study: {id: S1, title: A study}
standards: {STANDARDSsdtmig: "3.4", define: "2.1", ct: {sdtm: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd]}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || NO"}
visits:
  VISIT 1: {number: 1, day: 1}
  VISIT 2: {number: 2, day: 8}
  VISIT 3: {number: 3, day: 15}
"""


@dataclass
class Files:
    """Mappings and raw files of a study: file name -> text; sources, other lines and other standards of the study."""

    mappings: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    study: str = ""
    standards: str = ""

    def __post_init__(self) -> None:
        self.source("SUBJ", [{"NO": "01"}, {"NO": "02"}], ", subject: NO")

    def source(self, name: str, rows: Sequence[Mapping[str, str]], options: str = "") -> None:
        """Add a raw table."""
        self.sources.append(f"  {name}: {{file: {name.lower()}.csv{options}}}")
        text = StringIO()
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        self.raw[f"{name.lower()}.csv"] = text.getvalue()

    def mapping(self, dataset: str, rules: Mapping[str, str], keys: Iterable[str], head: str = "") -> None:
        """Add a mapping of the raw table of the dataset's name; `head` are further keys of the file."""
        lines = [
            f"dataset: {dataset}",
            *head.splitlines(),
            "records:",
            "  all:",
            f"    from: raw.{dataset}",
            "    set:",
        ]
        lines += [f"      {name}: {rule}" for name, rule in rules.items()]
        self.mappings[f"sdtm/{dataset.lower()}.yaml"] = "\n".join([*lines, f"keys: [{', '.join(keys)}]"]) + "\n"

    def write(self, root: Path) -> Path:
        """Write all; the folder of the study file."""
        head = STUDY.replace("STANDARDS", self.standards)
        files = {"specs/S1/study.yaml": head + self.study + "raw:\n" + "\n".join(self.sources) + "\n"}
        files |= {f"mappings/S1/{name}": text for name, text in self.mappings.items()}
        files |= {f"raw/{name}": text for name, text in self.raw.items()}
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        return root / "specs" / "S1"


@dataclass
class Outcome:
    """A study as it was written and read back, and all issues, those of the validator among them."""

    study: Study
    issues: list[Issue]
    folder: Path

    def told(self, *datasets: str, leave: Iterable[str] = ()) -> list[str]:
        """Issues about datasets (and about nothing in particular) as texts, without those of some rules."""
        found = []
        for one in self.issues:
            about = {place.dataset for place in one.locations if place.dataset}
            if one.rule not in set(leave) and (not about or about & set(datasets)):
                found.append(str(one))
        return found

    def values(self, dataset: str, *names: str) -> list[tuple[str, ...]]:
        """Values of variables as they were read back, one tuple a record."""
        table = self.study.tables[dataset]
        return [tuple(table.text_at(name, row) for name in names) for row in range(table.n)]


def outcome(root: Path, files: Files) -> Outcome:
    """Check, build, write and validate a study."""
    log = IssueLog()
    prepared = prepare(files.write(root), root / "raw", log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    made = make(prepared)
    folder = root / "out"
    folder.mkdir()
    write_build(made, folder, Options(AS_OF, html=False), None, lambda text: None)
    return Outcome(load_study(folder / "sdtm"), list(log), folder / "sdtm")
