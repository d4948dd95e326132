"""`compare`: two files or folders of datasets, record by record and value by value."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from pathlib import Path

from ..compare.cells import ATTRIBUTES, Tolerance
from ..compare.result import Comparison
from ..compare.run import TRACED, CompareError, Request, compare_paths
from ..compare.texts import FEW, comparison_lines, verdict
from .places import write_reports

EQUAL, DIFFERENT, UNUSABLE = 0, 1, 2
Print = Callable[[str], None]


def run(
    a: Path,
    b: Path,
    *,
    keys: Sequence[str] = (),
    tolerance: Sequence[str] = (),
    ignore: Sequence[str] = (),
    only: Sequence[str] = (),
    attributes: str = "",
    encoding: str = "utf-8",
    few: int = FEW,
    traced: int = TRACED,
    html: Path | None = None,
    xlsx: Path | None = None,
    json: Path | None = None,
    quiet: bool = False,
    tell: Print = print,
    complain: Print = print,
) -> int:
    """Compare and print what differs.

    Parameters
    ----------
    a, b : files (xpt, Dataset-JSON, Parquet, csv, sas7bdat), or folders of them, as that of a build
    keys : `AE=USUBJID,AESEQ`, or `USUBJID,AESEQ` for every dataset; else those of define.xml or of the file, else found
    tolerance : `AVAL=1e-9`, `ADLB.AVAL=0.01%` (of the larger number) or `1e-9` for every number; else exact
    ignore, only : variables, `AE.AETERM`; `only` also datasets
    attributes : of label, type, length, format, order, with commas between; `none`; "" for all
    encoding : of the texts of transport, csv and SAS files
    few : records, and cells of a variable, that are printed; traced : cells of a variable whose rule and raw cells are
        told where a side is a build
    html, xlsx, json : files to write
    tell, complain : take the result, and what is wrong

    Returns
    -------
    0 equal, 1 different, 2 unusable: a side or an argument, or a file could not be read.
    """
    try:
        request = Request(
            dict(map(_keys, keys)), dict(map(_tolerance, tolerance)), frozenset(ignore), frozenset(only),
            _attributes(attributes), _encoding(encoding), traced,
        )  # fmt: skip
        found = compare_paths(a, b, request)
    except CompareError as wrong:
        complain(str(wrong))
        return UNUSABLE
    written = write_reports(
        [(html, lambda path: _page(path, found)), (xlsx, lambda path: _book(path, found)),
         (json, lambda path: _data(path, found))]
    )  # fmt: skip
    for line in [verdict(found)] if quiet else [*comparison_lines(found, few), *written]:
        tell(line)
    if found.faults:
        return UNUSABLE
    return EQUAL if found.equal else DIFFERENT


def _page(path: Path, found: Comparison) -> None:
    from ..compare.page import write_page

    write_page(path, found)


def _book(path: Path, found: Comparison) -> None:
    from ..compare.book import write_workbook

    write_workbook(path, found)


def _data(path: Path, found: Comparison) -> None:
    from ..compare.data import write_json

    write_json(path, found)


def _keys(text: str) -> tuple[str, tuple[str, ...]]:
    dataset, equals, names = text.rpartition("=")
    found = tuple(name.strip() for name in names.split(","))
    if not all(found) or (equals and not dataset.strip()) or len(set(found)) < len(found):
        raise CompareError(f"--keys {text}: as AE=USUBJID,AESEQ, or USUBJID,AESEQ for every dataset.")
    return dataset.strip() or "*", found


def _tolerance(text: str) -> tuple[str, Tolerance]:
    variable, _, amount = text.rpartition("=")
    name = variable.strip() or "*"
    try:
        return name, Tolerance.of(amount.strip(), name == "*")
    except ValueError:
        raise CompareError(
            f"--tolerance {text}: as AVAL=1e-9, ADLB.AVAL=0.01%, or 1e-9 for every number; the number is 0 or more."
        ) from None


def _attributes(text: str) -> frozenset[str]:
    if text == "none":
        return frozenset()
    names = frozenset(name.strip() for name in text.split(",")) if text else frozenset(ATTRIBUTES)
    unknown = sorted(names - set(ATTRIBUTES))
    if unknown:
        raise CompareError(f"--attributes {', '.join(unknown)}: known are {', '.join(ATTRIBUTES)}, or none.")
    return names


def _encoding(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise CompareError(f"--encoding {name}: Python knows no such encoding; as utf-8, cp1252, gb18030.") from None
