"""Arguments of the commands that only look: show, explain, peek, trace, compare, diff; as `cli`, nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .cli_options import FORM, CtFolder, OfStudy, Raw, end, warn

app = typer.Typer(**FORM)


@app.command("show")
def show_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A mapping, a file of specs/STUDY, or that folder.")],
) -> None:
    """Print a merged mapping, with the origin of each line.

    As it stands after `extends`, `like` and `remove`, of a dataset or of the study.

    \b
    sdtm-builder show mappings/STUDY/sdtm/ae.yaml
    sdtm-builder show specs/STUDY
    """

    def action() -> int:
        from .commands import show

        return show.run(file)

    end(action)


@app.command("trace")
def trace_command(
    outputs: Annotated[Path, typer.Argument(metavar="outputs/STUDY", help="Folder of a build.")],
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="AE, SUPPAE ...")],
    words: Annotated[list[str], typer.Argument(metavar="VARIABLE=VALUE... VARIABLE",
                     help="Values that find the record, then the one variable to trace.")],
    json: Annotated[bool, typer.Option("--json", help="The tree as JSON.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="Members of a group that are followed.")] = 10,
) -> None:  # fmt: skip
    """Show where a value comes from, down to the raw cells.

    Only the written files of the build are read.

    \b
    sdtm-builder trace outputs/STUDY DM USUBJID=S1-001 RFXSTDTC
    sdtm-builder trace outputs/STUDY AE USUBJID=S1-001 AESEQ=2 AESTDY --json
    """

    def action() -> int:
        from .commands import trace

        return trace.run(outputs, dataset, words, json=json, terminal=sys.stdout.isatty(), limit=limit, complain=warn)

    end(action)


@app.command("explain")
def explain_command(
    target: Annotated[str, typer.Argument(show_default=False,
                      help="AE.AESTDY, AE, an operation, a rule of issues, `operations` or `rules`.")] = "",
    study: OfStudy = None,
    raw: Raw = None,
    order: Annotated[Path | None, typer.Option(metavar="specs/STUDY", help="The order of work of that study.")] = None,
    ct_folder: CtFolder = None,
) -> None:  # fmt: skip
    """Explain a variable, a dataset, an operation or a rule.

    Of a variable its rule, sources, method text and YAML line.

    \b
    sdtm-builder explain AE.AESTDY --study specs/STUDY
    sdtm-builder explain study_day
    sdtm-builder explain rules
    sdtm-builder explain --order specs/STUDY
    """

    def action() -> int:
        from .commands import explain
        from .commands.places import imported_ct

        if not target and order is None:
            warn("Name what to explain, as AE.AESTDY, or --order specs/STUDY.")
            return 2
        return explain.run(target, study=study, raw=raw, order=order, ct_folder=imported_ct(ct_folder))

    end(action)


@app.command("peek")
def peek_command(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="AE, DM ...")],
    block: Annotated[str, typer.Option(show_default=False, help="One of its blocks, where there are several.")] = "",
    subject: Annotated[str, typer.Option(show_default=False, help="USUBJID, its end, or the raw number.")] = "",
    columns: Annotated[str, typer.Option(show_default=False, help="Only these, with commas between: raw.NAME, "
                                         "JOIN.NAME, variables, temporaries.")] = "",
    rows: Annotated[int, typer.Option(min=1, help="At most so many records.")] = 20,
    study: OfStudy = None,
    raw: Raw = None,
    ct_folder: CtFolder = None,
) -> None:  # fmt: skip
    """Print the records of a block while they are made.

    With the columns of their raw rows, those of joins, and the variables set, as PROC PRINT would.

    \b
    sdtm-builder peek AE --block events --subject S001
    sdtm-builder peek AE --columns raw.TERM,AETERM --rows 5 --study specs/STUDY
    """

    def action() -> int:
        from .commands import peek
        from .commands.places import imported_ct

        chosen = [name.strip() for name in columns.split(",") if name.strip()]
        return peek.run(dataset, block=block, subject=subject, study=study, raw=raw, columns=chosen, rows=rows,
                        ct_folder=imported_ct(ct_folder))  # fmt: skip

    end(action)


@app.command("compare")
def compare_command(
    a: Annotated[Path, typer.Argument(metavar="A", help="A file or folder of datasets.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The other one.")],
    keys: Annotated[list[str] | None, typer.Option(metavar="[AE=]USUBJID,AESEQ", show_default=False,
                    help="Of one dataset or of all.  [default: those of define.xml, else found]")] = None,
    tolerance: Annotated[list[str] | None, typer.Option(metavar="[AVAL=]1e-9", show_default=False,
                         help="Of one variable or of all numbers; also 0.01%.  [default: exact]")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="VARIABLE", show_default=False,
                      help="Leave it out.")] = None,
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", show_default=False,
                    help="This dataset or variable alone.")] = None,
    attributes: Annotated[str, typer.Option(show_default=False, help="label,type,length,format,order or none.  "
                                            "[default: all]")] = "",
    encoding: Annotated[str, typer.Option(help="Of texts in transport, csv and SAS files.")] = "utf-8",
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page.")] = None,
    xlsx: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a workbook.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all as JSON.")] = None,
    few: Annotated[int, typer.Option(min=0, help="Records, and cells of a variable, that are printed.")] = 5,
    traced: Annotated[int, typer.Option(min=0, help="Cells of a variable traced to rule and raw cell.")] = 20,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The verdict alone.")] = False,
) -> None:  # fmt: skip
    """Compare datasets, record by record.

    Transport files, Dataset-JSON, Parquet, csv or sas7bdat; exit status 1 where they differ. Options with NAME may
    be repeated.

    \b
    sdtm-builder compare outputs/STUDY/sdtm delivery/sdtm
    sdtm-builder compare old/ae.xpt new/ae.xpt --keys USUBJID,AETERM,AESTDTC --ignore AESEQ --html ae.html
    """

    def action() -> int:
        from .commands import compare

        return compare.run(a, b, keys=keys or (), tolerance=tolerance or (), ignore=ignore or (), only=only or (),
                           attributes=attributes, encoding=encoding, few=few, traced=traced, html=html, xlsx=xlsx,
                           json=json, quiet=quiet, complain=warn)  # fmt: skip

    end(action)


@app.command("diff")
def diff_command(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="Folder of a build.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="Folder of a later build of the study.")],
    only: Annotated[list[str] | None, typer.Option(metavar="DATASET", show_default=False,
                    help="Tell this dataset alone.")] = None,
    ignore: Annotated[list[str] | None, typer.Option(metavar="VARIABLE", show_default=False,
                      help="Leave it out, as AESEQ.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page.")] = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write all as JSON.")] = None,
    few: Annotated[int, typer.Option(min=0, help="Of each kind how many are printed.")] = 5,
    traced: Annotated[int, typer.Option(min=0, help="Values of a variable traced to raw cells.")] = 20,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="The verdict alone.")] = False,
) -> None:  # fmt: skip
    """What changed from one build to another.

    Subjects, records and values that appeared, went or changed between two data cuts or two specifications, each with
    its cause: raw cells, rules, or other records. Exit status 1 where a dataset changed.

    \b
    sdtm-builder diff outputs/STUDY-2025-03 outputs/STUDY-2025-06
    sdtm-builder diff old new --only AE --ignore AESEQ --html changes.html
    """

    def action() -> int:
        from .commands import diff

        return diff.run(old, new, only=only or (), ignore=ignore or (), few=few, traced=traced, html=html, json=json,
                        quiet=quiet, complain=warn)  # fmt: skip

    end(action)
