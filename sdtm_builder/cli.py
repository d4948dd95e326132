"""Arguments to one command to an exit status; nothing else. Commands are imported when they are called."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from . import __version__
from .cli_ct import app as ct_app
from .cli_look import app as look_app
from .cli_options import (
    FORM,
    AsOf,
    CtFolder,
    Fail,
    FailOn,
    Prof,
    Profile,
    Quiet,
    Raw,
    Study,
    Verbose,
    end,
)
from .cli_start import app as start_app
from .cli_transfer import app as transfer_app
from .commands.guard import INTERRUPTED, leave

ABOUT = """Raw clinical spreadsheets to SDTM and ADaM by YAML specifications.

\b
A first look:  sdtm-builder demo
A study:       sdtm-builder check specs/STUDY
               sdtm-builder build specs/STUDY
               sdtm-builder trace outputs/STUDY DM USUBJID=... RFXSTDTC

\b
Exit status: 0 clean; 1 issues at or above --fail-on; 2 specification or
arguments unusable; 3 a bug, its traceback in a log file; 130 interrupted."""

app = typer.Typer(name="sdtm-builder", help=ABOUT, **FORM)
app.add_typer(look_app)
app.add_typer(start_app)
app.add_typer(transfer_app)
app.add_typer(ct_app, name="ct")


def main() -> None:
    """The entry point of `sdtm-builder`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        app(prog_name="sdtm-builder")
    except SystemExit as done:
        if done.code == INTERRUPTED:
            leave(INTERRUPTED)
        raise


def _version(wanted: bool) -> None:
    if wanted:
        print(f"sdtm-builder {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell it.")] = False,
) -> None:
    """Options before the command; the text of the help is that of the app."""


options.__doc__ = ABOUT


@app.command("build")
def build_command(
    study: Study,
    raw: Raw = None,
    out: Annotated[Path | None, typer.Option(help="Target.  [default: outputs/STUDY]", show_default=False)] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="DATASET", show_default=False,
                    help="Publish this dataset alone into the last build; may be repeated.")] = None,
    jobs: Annotated[int, typer.Option(min=1, help="Datasets written at a time; the bytes stay the same.")] = 1,
    fail_on: Fail = FailOn.ERROR,
    profile: Prof = Profile.FINAL,
    as_of: AsOf = None,
    ct_folder: CtFolder = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:  # fmt: skip
    """Build, validate and publish a study's datasets.

    The last good build stays where anything stops this one.

    \b
    sdtm-builder build specs/cdiscpilot01 --raw ../shared/cases/cdiscpilot01/raw
    sdtm-builder build specs/STUDY --only DM --only AE --profile draft --fail-on never
    """

    def action() -> int:
        from .commands import build
        from .commands.places import imported_ct
        from .commands.progress import progress

        with progress(quiet) as steps:
            return build.run(study, raw=raw, out=out, only=only or (), jobs=jobs, fail_on=fail_on.value,
                             profile=profile.value, as_of=as_of, verbose=verbose, quiet=quiet,
                             ct_folder=imported_ct(ct_folder), say=steps.say, tell=steps.tell)  # fmt: skip

    end(action)


@app.command("check")
def check_command(
    study: Study, raw: Raw = None, profile: Prof = Profile.FINAL, ct_folder: CtFolder = None, quiet: Quiet = False
) -> None:
    """Check a specification and the raw files' headers.

    No row of data is read. Tells every fault as `file:line:column rule: message`; exit status 2 if one is an
    error, else 0.

    \b
    sdtm-builder check specs/STUDY
    sdtm-builder check specs/STUDY --raw transfers/2025-06
    """

    def action() -> int:
        from .commands import check
        from .commands.places import imported_ct

        return check.run(study, raw=raw, profile=profile.value, ct_folder=imported_ct(ct_folder), quiet=quiet)

    end(action)


@app.command("validate")
def validate_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of transport files, or of a build.")],
    sdtm: Annotated[
        Path | None, typer.Option(metavar="DIR", help="SDTM behind ADaM, where it lies elsewhere than beside it.")
    ] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all findings to this file.")] = None,
    fail_on: Fail = FailOn.ERROR,
    profile: Prof = Profile.FINAL,
    ct_folder: CtFolder = None,
    quiet: Quiet = False,
    verbose: Verbose = False,
) -> None:
    """Validate written datasets and define.xml.

    Whoever wrote them: only these files are read, the build that made them is not.

    \b
    sdtm-builder validate outputs/STUDY
    sdtm-builder validate delivery/sdtm --json findings.json --fail-on warning
    sdtm-builder validate delivery/adam --sdtm delivery/sdtm
    """

    def action() -> int:
        from .commands import validate
        from .commands.places import imported_ct

        return validate.run(folder, sdtm=sdtm, json=json, fail_on=fail_on.value, profile=profile.value,
                            ct_folder=imported_ct(ct_folder), verbose=verbose, quiet=quiet)  # fmt: skip

    end(action)


@app.command("schema")
def schema_command(
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to.")] = Path("docs") / "schema",
) -> None:
    """Write JSON Schemas, for completion in editors.

    \b
    sdtm-builder schema --out docs/schema
    """

    def action() -> int:
        from .commands import schema

        return schema.run(out)

    end(action)


@app.command("simulate")
def simulate_command(
    study: Annotated[str, typer.Argument(metavar="STUDY", help="The study: lstcar019.")] = "lstcar019",
    seed: Annotated[int, typer.Option(help="Root of all random numbers.")] = 68,
    flaws: Annotated[str, typer.Option(help="all, none, or ids with commas between.")] = "all",
    cohorts: Annotated[int, typer.Option(min=1, help="Copies of all cohorts.")] = 1,
    out: Annotated[Path | None, typer.Option(metavar="DIR", show_default=False,
                   help="Folder to write to.  [default: outputs/lstcar019-raw]")] = None,
    sheets: Annotated[str, typer.Option(show_default=False, help="Only these, with commas between.  [default: all]"
                                        )] = "",
) -> None:  # fmt: skip
    """Write the raw files of the reference study.

    With flaws whose cells stand in truth.json; equal options give equal bytes.

    \b
    sdtm-builder simulate lstcar019 --flaws none --out /tmp/clean
    sdtm-builder simulate lstcar019 --seed 7 --flaws F02,F05 --cohorts 3
    """

    def action() -> int:
        from .commands import simulate

        chosen = [name.strip() for name in sheets.split(",") if name.strip()]
        return simulate.run(study, seed=seed, flaws=flaws, cohorts=cohorts, out=out, sheets=chosen)

    end(action)


@app.command("demo")
def demo_command(
    project: Annotated[Path, typer.Option(metavar="DIR", help="Folder with specs/ and mappings/.")] = Path(),
    as_of: AsOf = None,
    quiet: Quiet = False,
) -> None:
    """Simulate, build and validate the reference study.

    Makes outputs/lstcar019-raw and outputs/lstcar019, and says what was found and where to look.

    \b
    sdtm-builder demo
    """

    def action() -> int:
        from .commands import demo
        from .commands.places import imported_ct
        from .commands.progress import progress

        with progress(quiet) as steps:
            return demo.run(project, as_of=as_of, ct_folder=imported_ct(None), say=steps.say, tell=steps.tell)

    end(action)


@app.command("verify")
def verify_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a build.")],
    project: Annotated[Path | None, typer.Option(metavar="DIR", help="Compare the specification in it too.")] = None,
    raw: Annotated[Path | None, typer.Option(metavar="DIR", help="Compare the raw files in it too.")] = None,
) -> None:
    """Compare the files of a build with its manifest.

    Exit status 1 if one is missing, changed or unlisted.

    \b
    sdtm-builder verify outputs/STUDY
    sdtm-builder verify outputs/STUDY --project . --raw outputs/STUDY-raw
    """

    def action() -> int:
        from .commands import verify

        return verify.run(folder, project=project, raw=raw)

    end(action)


if __name__ == "__main__":
    main()
