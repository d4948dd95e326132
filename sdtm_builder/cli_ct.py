"""Arguments of `ct`, the commands on controlled terminology; as `cli`, nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .cli_options import FORM, CtFolder, Package, Release, end

app = typer.Typer(help="Controlled terminology: list, show, search, import, diff.", **FORM)


@app.command("list")
def ct_list_command(
    package: Annotated[str | None, typer.Argument(help="A package: its codelists.  [default: all releases]",
                                                  show_default=False)] = None,
    ct_folder: CtFolder = None,
) -> None:  # fmt: skip
    """List releases, or the codelists of a package.

    \b
    sdtm-builder ct list
    sdtm-builder ct list sdtm
    """

    def action() -> int:
        from .commands import ct
        from .commands.places import imported_ct

        return ct.list_releases(package, ct_folder=imported_ct(ct_folder))

    end(action)


@app.command("show")
def ct_show_command(
    name: Annotated[str, typer.Argument(help="Short name or C-code of a codelist.")],
    package: Package = None,
    version: Release = None,
    ct_folder: CtFolder = None,
) -> None:
    """Show a codelist with its terms.

    Submission value, C-code, decode, synonyms.

    \b
    sdtm-builder ct show OUT
    sdtm-builder ct show C66768 --version 2025-03-28
    """

    def action() -> int:
        from .commands import ct
        from .commands.places import imported_ct

        return ct.show_codelist(name, package=package, version=version, ct_folder=imported_ct(ct_folder))

    end(action)


@app.command("search")
def ct_search_command(
    text: Annotated[str, typer.Argument(help="A text, in any case.")],
    package: Package = None,
    version: Release = None,
    ct_folder: CtFolder = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="All finds, not the first hundred.")] = False,
) -> None:
    """Search names, codes, terms and synonyms.

    \b
    sdtm-builder ct search "not recovered"
    """

    def action() -> int:
        from .commands import ct
        from .commands.places import imported_ct

        folder = imported_ct(ct_folder)
        return ct.search_terms(text, package=package, version=version, ct_folder=folder, verbose=verbose)

    end(action)


@app.command("import")
def ct_import_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="As NCI or CDISC publish it.")],
    package: Package = None,
    version: Release = None,
    replace: Annotated[bool, typer.Option("--replace", help="Also over another content of that release.")] = False,
    ct_folder: CtFolder = None,
) -> None:
    """Import a published release.

    NCI EVS text, xls, xlsx, ODM-XML or CDISC Library JSON, recognised by content.

    \b
    sdtm-builder ct import "SDTM Terminology 2025-09-26.txt"
    sdtm-builder ct import terms.txt --package sdtm --version 2025-09-26
    """

    def action() -> int:
        from .commands import ct
        from .commands.places import imported_ct

        folder = imported_ct(ct_folder)
        return ct.import_release(file, package=package, version=version, replace=replace, ct_folder=folder)

    end(action)


@app.command("diff")
def ct_diff_command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="Date of a release.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="Date of a release.")],
    package: Annotated[str, typer.Option(help="sdtm, adam, cdash, define-xml or an imported one.")] = "sdtm",
    study: Annotated[Path | None, typer.Option(metavar="specs/STUDY", help="Only what it names.")] = None,
    data: Annotated[Path | None, typer.Option(metavar="DIR", help="Only what stands in these datasets.")] = None,
    ct_folder: CtFolder = None,
) -> None:
    """Compare two releases.

    Without options all changes; with --study and --data what touches that study.

    \b
    sdtm-builder ct diff 2025-03-28 2025-09-26
    sdtm-builder ct diff 2025-03-28 2025-09-26 --study specs/STUDY --data outputs/STUDY
    """

    def action() -> int:
        from .commands import ct_diff
        from .commands.places import imported_ct

        folder = imported_ct(ct_folder)
        return ct_diff.run(old, new, package=package, study=study, data=data, ct_folder=folder)

    end(action)
