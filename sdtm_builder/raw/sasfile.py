"""SAS datasets (sas7bdat, transport version 5) as raw tables: labels and formats are header rows, dates are cells."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, fault
from ..model import Part, SourceSpec, Vector
from ..values.encodings import iconv_name
from ..values.numbers import number_text
from .cellforms import DATE, DATETIME, TEXT, TIME
from .files import Content
from .layout import Region, layout
from .part import RawPart

fault("key-unfit", "error", "A key of a source that files of this kind know nothing of", "Take it out.")

HEADER = ("name", "label", "format")
_NAME = re.compile(r"\$?([A-Z][A-Z0-9]*[A-Z]|[A-Z])?([0-9]*)\.?[0-9]*")
_ISO = r"(?:E8601|IS8601|B8601|\$N8601)"
_MONTH = re.compile(r"(?:DT)?MONYY|YYMM[CDNPS]?|MMYY[CDNPS]?|NLDATEYM|EURDFMY|(?:DT)?YYQ.*")
_YEAR = re.compile(r"(?:DT)?YEAR")
_DAY = re.compile(
    rf"DATE|(?:DDMMYY|MMDDYY|YYMMDD)[BCDNPS]?|{_ISO}DA|WEEKDAT[EX]|WORDDAT[EX]|JULIAN|NLDATE[LMSW]?|EURDF(?:DD|DE|WDX|WKX)"
)
_MOMENT = re.compile(rf"DATETIME|DATEAMPM|MDYAMPM|NLDATM(?:[LMSWZ]|AP)?|EURDFDT|{_ISO}D[TXZ]|YMDDTTM")
_DAY_OF_MOMENT = re.compile(rf"DTDATE|DTWKDATX|{_ISO}DN")
_CLOCK = re.compile(rf"TIME|HHMM|TOD|TIMEAMPM|NLTIME|NLTIMAP|{_ISO}T[MXZ]")
_START = datetime(1960, 1, 1)
_DAYS = (-137_774, 2_936_547)
"""Days since 1960 that are dates: from 1582-10-15, where those of SAS begin, to 9999-12-31."""


@dataclass(frozen=True, slots=True)
class SasColumn:
    """A variable: `numbers` of a numeric one, NaN for missing, `letters` its special missing values by record."""

    name: str
    label: str
    format: str
    numbers: NDArray[np.float64] | None = None
    texts: Vector | None = None
    letters: Sequence[tuple[int, str]] = ()


def part_of_sas(content: Content, source: SourceSpec, log: IssueLog, headers_only: bool = False) -> RawPart | None:
    """The table of a SAS dataset; a row's number is that of its record.

    A number by a format of dates or times is an ISO date or clock, one by a format of months or years as much as that
    shows; any other is the number itself, with the 15 digits that SAS keeps. A special missing value
    is its text (`.A`). Issues: `file-damaged`, `encoding-error`, `encoding-unknown`, `key-unfit`, those of the layout.
    """
    at = Location(file=content.shown)
    if not _fits(source, at, log):
        return None
    columns = _columns(content, source, at, log, headers_only)
    if columns is None:
        return None
    header = [[getattr(column, kind) for column in columns] for kind in HEADER]
    made = layout(header, -1, replace(source, header=HEADER), Region(), at, log)
    part = Part(content.shown, "", content.sha256, {column.name: column.header for column in made.columns})
    if headers_only:
        return RawPart(part, {}, {}, np.empty(0, np.int32))
    vectors, cells, count = {}, {}, 0
    for column in made.columns:
        vector, kinds = _vector(columns[column.index])
        vectors[column.name], count = vector, len(vector)
        if kinds is not None:
            cells[column.name] = kinds
    return RawPart(part, vectors, cells, np.arange(1, count + 1, dtype=np.int32))


def _fits(source: SourceSpec, at: Location, log: IssueLog) -> bool:
    """Whether the source asks for nothing that a SAS dataset lacks."""
    unfit = [key for key in ("skip_rows", "range", "sheet") if getattr(source, key) is not None]
    unfit += [f"header: {kind}" for kind in source.header if kind not in HEADER]
    for key in unfit:
        told = f"raw.{source.name}: a SAS dataset has no {key}; its header rows are {', '.join(HEADER)}."
        log.add("key-unfit", told, at, source.mark.place, value=key)
    return not unfit


def _columns(
    content: Content, source: SourceSpec, at: Location, log: IssueLog, headers_only: bool
) -> list[SasColumn] | None:
    from ..xpt.reader import XptError

    try:
        codecs.lookup(source.encoding or "utf-8")
    except LookupError:
        told = f"there is no encoding {source.encoding!r}."
        log.add("encoding-unknown", told, source.mark.place, at, value=source.encoding)
        return None
    try:
        if content.shown.lower().endswith(".xpt"):
            return _of_xpt(content, source.encoding or "utf-8")
        return _of_sas7bdat(content, source.encoding, headers_only)
    except XptError as error:
        rule = "encoding-error" if "no text of encoding" in error.reason else "file-damaged"
        log.add(rule, f"{content.shown}: byte {error.offset}: {error.reason}.", at, source.file.mark.place)
    except (OSError, _Broken) as error:
        log.add("file-damaged", f"{content.shown} can't be read: {error}.", at, source.file.mark.place)
    return None


class _Broken(ValueError):
    """A sas7bdat that its reader refuses."""


def _of_xpt(content: Content, encoding: str) -> list[SasColumn]:
    from ..xpt.reader import read_xpt

    read = read_xpt(content.path, encoding=encoding)
    columns = []
    for one in read.columns:
        if one.numbers is not None:
            letters = [(s.record, s.letter) for s in read.special_missing if s.variable == one.name]
            columns.append(SasColumn(one.name, one.label, one.format, one.numbers, letters=letters))
        else:
            assert one.codes is not None
            assert one.texts is not None
            columns.append(SasColumn(one.name, one.label, one.format, texts=Vector.of_codes(one.codes, one.texts)))
    return columns


def _of_sas7bdat(content: Content, encoding: str, headers_only: bool) -> list[SasColumn]:
    import pandas as pd
    import pyreadstat

    try:
        frame, meta = pyreadstat.read_sas7bdat(
            str(content.path), metadataonly=headers_only, disable_datetime_conversion=True, user_missing=True,
            encoding=iconv_name(encoding),
        )  # fmt: skip
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, UnicodeDecodeError) as error:
        raise _Broken(str(error)) from error
    if not headers_only and meta.number_rows is not None and meta.number_rows != len(frame):
        raise _Broken(f"it should have {meta.number_rows} records and has {len(frame)}")
    columns = []
    for name in meta.column_names:
        label = meta.column_names_to_labels.get(name) or ""
        told = meta.original_variable_types.get(name) or ""
        form = "" if told == "NULL" else told
        numeric = meta.readstat_variable_types.get(name) != "string"
        values = frame[name] if name in frame else pd.Series([], dtype=float if numeric else object)
        if not numeric:
            codes, texts = pd.factorize(values)
            listed = [str(text).rstrip() for text in texts]
            columns.append(SasColumn(name, label, form, texts=Vector.of_codes(codes.astype(np.int64), listed)))
            continue
        letters = []
        if values.dtype == object:
            letters = [(i, value) for i, value in enumerate(values) if isinstance(value, str)]
            values = pd.to_numeric(values, errors="coerce")
        columns.append(SasColumn(name, label, form, values.to_numpy(dtype=np.float64, na_value=np.nan), None, letters))
    return columns


def _vector(column: SasColumn) -> tuple[Vector, NDArray[np.int8] | None]:
    """A column's texts and the kinds of its cells; each distinct number is turned once."""
    if column.texts is not None:
        return column.texts, None
    assert column.numbers is not None
    distinct, codes = np.unique(column.numbers, return_inverse=True)
    turn = teller(column.format)
    told = [("", TEXT) if number != number else turn(number) for number in distinct.tolist()]
    texts = [text for text, _ in told]
    kinds = np.array([kind for _, kind in told], dtype=np.int8)[codes] if told else np.empty(0, np.int8)
    for record, letter in column.letters:
        text = f".{letter.removeprefix('.').upper()}"
        if text not in texts[len(distinct) :]:
            texts.append(text)
        codes[record] = len(distinct) + texts[len(distinct) :].index(text)
    return Vector.of_codes(codes, texts), kinds if kinds.any() else None


def teller(form: str) -> Callable[[float], tuple[str, int]]:
    """What turns a number into its text and kind of cell, by its format (`DATE9.`, `DATETIME20`, `8.2`)."""
    match = _NAME.fullmatch(form.upper())
    name, width = (match[1] or "", int(match[2] or 0)) if match else ("", 0)
    if form.upper().startswith(("E8601", "IS8601", "B8601")):
        name = form.upper().rstrip("0123456789.")
        width = 0
    if _MONTH.fullmatch(name) or _YEAR.fullmatch(name):
        size = 4 if _YEAR.fullmatch(name) or "YYQ" in name else 7
        return lambda number: _moment(number, 1 if name.startswith("DT") else 86_400, size, TEXT)
    if _DAY.fullmatch(name):
        return lambda number: _moment(number, 86_400, 10, DATE)
    if _DAY_OF_MOMENT.fullmatch(name):
        return lambda number: _moment(number, 1, 10, DATE)
    if _MOMENT.fullmatch(name):
        return lambda number: _moment(number, 1, 19 if not width or width >= 16 else 16, DATETIME)
    if _CLOCK.fullmatch(name):
        return lambda number: _clock(number, name != "HHMM" and not 0 < width < 8)
    return lambda number: (number_text(float(f"{number:.15g}")), TEXT)


def _moment(number: float, unit: int, size: int, kind: int) -> tuple[str, int]:
    """A count of days (unit 86,400) or seconds (1) since 1960 as ISO 8601; a count beyond all dates stays a number."""
    seconds = number * unit
    if not _DAYS[0] * 86_400 <= seconds < _DAYS[1] * 86_400 - 1:
        return number_text(float(f"{number:.15g}")), TEXT
    whole = round(seconds) if size > 10 else int(np.floor(seconds))
    moment = (_START + timedelta(seconds=whole)).isoformat()
    if size == 16 and not moment.endswith(":00"):
        size = 19
    return moment[:size], kind


def _clock(number: float, seconds: bool) -> tuple[str, int]:
    whole = round(abs(number))
    text = f"{'-' if number < 0 else ''}{whole // 3600:02}:{whole // 60 % 60:02}"
    return (f"{text}:{whole % 60:02}" if seconds or whole % 60 else text), TIME
