"""Arguments of the commands that begin a study: init, profile, scaffold; as `cli`, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import FORM, end, warn

app = typer.Typer(**FORM)

RawFiles = Annotated[list[Path], typer.Argument(metavar="RAW...", help="Raw files, or folders of them.")]
Header = Annotated[str, typer.Option(metavar="name,label", show_default=False,
                   help="What the header rows are: name, label, unit.  [default: found out, and said]")]  # fmt: skip
Skip = Annotated[str, typer.Option("--skip-rows", show_default=False,
                 help="Rows above the header, or the header's first text.")]  # fmt: skip
Encoding = Annotated[str, typer.Option(show_default=False, help="Of texts.  [default: utf-8; a sas7bdat's own]")]
Delimiter = Annotated[str, typer.Option(show_default=False, help="Of text files.  [default: the sign that line 1 has "
                                        "most of]")]  # fmt: skip
Sheets = Annotated[list[str] | None, typer.Option("--sheet", metavar="NAME", show_default=False,
                   help="This table alone; may be repeated.")]  # fmt: skip
Ct = Annotated[str, typer.Option("--ct", metavar="YYYY-MM-DD", show_default=False,
               help="Release of SDTM terminology.  [default: the newest]")]  # fmt: skip


@app.command("init")
def init_command(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="Short name of the study; its folders' name.")],
    project: Annotated[Path, typer.Option(metavar="DIR", help="Folder with specs/ and mappings/.")] = Path(),
    raw: Annotated[Path | None, typer.Option(metavar="DIR", show_default=False,
                   help="Begin with these raw files: a study file that declares every table.")] = None,
) -> None:  # fmt: skip
    """Make a new study that builds at once, or one of raw files.

    A tiny example of each thing, with remarks; with --raw a study file that declares the tables of a folder, for
    `scaffold` to go on with. Nothing that is there is overwritten.

    \b
    sdtm-builder init ABC123
    sdtm-builder init ABC123 --raw transfers/2025-06
    """

    def action() -> int:
        from .commands import init

        return init.run(study, project=project, raw=raw, complain=warn)

    end(action)


@app.command("profile")
def profile_command(
    raw: RawFiles,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all as JSON.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page.")] = None,
    sheet: Sheets = None,
    header: Header = "",
    skip_rows: Skip = "",
    encoding: Encoding = "",
    delimiter: Delimiter = "",
    ct: Ct = "",
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Heads of tables alone.")] = False,
) -> None:
    """Describe raw tables.

    Keys, types, missing cells, values, ranges, which date formats would read how many, odd characters, codelists
    that would fit, likely subject and visit. No study file is needed. Exit status 2 if a file cannot be read.

    \b
    sdtm-builder profile transfers/2025-06/*.csv
    sdtm-builder profile edc.xlsx --html profile.html --json profile.json
    """

    def action() -> int:
        from .commands import profile

        return profile.run(raw, json=json, html=html, sheets=sheet or (), header=header, skip_rows=skip_rows,
                           encoding=encoding, delimiter=delimiter, ct=ct, quiet=quiet, complain=warn)  # fmt: skip

    end(action)


@app.command("scaffold")
def scaffold_command(
    raw: RawFiles,
    domain: Annotated[str, typer.Option(metavar="AE", help="The dataset to propose.")],
    source: Annotated[str, typer.Option("--from", metavar="TABLE", show_default=False,
                      help="The raw table to take.  [default: the one that fits best]")] = "",
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the mapping.")] = None,
    study_out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the part of the study file, or put it "
                         "into the one that is there.")] = None,
    header: Header = "",
    skip_rows: Skip = "",
    encoding: Encoding = "",
    delimiter: Delimiter = "",
    ct: Ct = "",
) -> None:  # fmt: skip
    """Propose a mapping from raw tables.

    From names, labels, content and terminology. Each rule has its evidence and confidence as a comment; doubtful ones
    are comments that begin with SETTLE. No order of day and month is guessed, no term without evidence. Nothing is
    overwritten: a study file that is there keeps what it says and gets what it lacks.

    \b
    sdtm-builder scaffold edc.xlsx --domain AE
    sdtm-builder scaffold transfers/2025-06 --domain VS --out mappings/ABC/sdtm/vs.yaml --study-out specs/ABC/study.yaml
    """

    def action() -> int:
        from .commands import scaffold

        return scaffold.run(raw, domain=domain, source=source, out=out, study_out=study_out, header=header,
                            skip_rows=skip_rows, encoding=encoding, delimiter=delimiter, ct=ct,
                            complain=warn)  # fmt: skip

    end(action)
