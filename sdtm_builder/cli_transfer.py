"""Arguments of the commands around a transfer: accept, queries; as `cli`, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import FORM, CtFolder, FailOn, end, warn

app = typer.Typer(**FORM)


@app.command("accept")
def accept_command(
    old: Annotated[Path, typer.Argument(metavar="OLD_RAW", help="The last transfer: a folder, or a file.")],
    new: Annotated[Path, typer.Argument(metavar="NEW_RAW", help="The new one.")],
    study: Annotated[Path | None, typer.Option(metavar="specs/STUDY", show_default=False,
                     help="Its sources, keys, types and codelists.  [default: all tables as text]")] = None,
    fail_on: Annotated[FailOn, typer.Option(help="Exit status 1 where a finding weighs this or more.")
                       ] = FailOn.WARNING,
    encoding: Annotated[str, typer.Option(show_default=False, help="Of texts, without a study.  [default: utf-8; a "
                                          "sas7bdat's own]")] = "",
    delimiter: Annotated[str, typer.Option(show_default=False, help="Of text files, without a study.")] = "",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a workbook.")] = None,
    few: Annotated[int, typer.Option(min=0, help="Of each kind how many are printed.")] = 5,
    ct_folder: CtFolder = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The verdict alone.")] = False,
) -> None:  # fmt: skip
    """Look at a new transfer before it is built.

    Files, sheets, columns, headers, types, keys, rows, subjects, values and cells against the last transfer. Exit
    status 0 nothing of weight, 1 findings at or above --fail-on, 2 unusable.

    \b
    sdtm-builder accept raw/2025-03 raw/2025-06 --study specs/STUDY --html accept.html
    sdtm-builder accept labs_2025-03.xlsx labs_2025-06.xlsx --xlsx accept.xlsx
    """

    def action() -> int:
        from .commands import accept
        from .commands.places import imported_ct

        return accept.run(old, new, study=study, fail_on=fail_on.value, encoding=encoding, delimiter=delimiter,
                          ct_folder=imported_ct(ct_folder), few=few, html=html, xlsx=xlsx, quiet=quiet,
                          complain=warn)  # fmt: skip

    end(action)


@app.command("queries")
def queries_command(
    builds: Annotated[list[Path], typer.Argument(metavar="BUILD...", help="Folders of builds.")],
    out: Annotated[list[Path], typer.Option(metavar="FILE", help="Sheet to write, .xlsx or .csv; may be repeated.")],
    previous: Annotated[Path | None, typer.Option(metavar="SHEET", help="The last sheet: answers and owners are kept."
                                                  )] = None,
    severity: Annotated[str, typer.Option(metavar="error|warning|note", help="The least weight that is asked about.")
                        ] = "warning",
    ignore: Annotated[list[str] | None, typer.Option(metavar="RULE", show_default=False,
                      help="Do not ask about it; may be repeated.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing.")] = False,
) -> None:  # fmt: skip
    """Write the queries that data management must answer.

    Issues at raw cells, with the run that saw them first and last; new, open or closed since the last sheet.

    \b
    sdtm-builder queries outputs/STUDY --out queries.xlsx
    sdtm-builder queries outputs/STUDY --previous queries-1.xlsx --out queries-2.xlsx --out queries-2.csv
    """

    def action() -> int:
        from .commands import queries

        if severity not in ("error", "warning", "note"):
            warn(f"--severity {severity}: error, warning or note.")
            return 2
        return queries.run(builds, out=out, previous=previous, severity=severity, ignore=ignore or (), quiet=quiet,
                           complain=warn)  # fmt: skip

    end(action)
