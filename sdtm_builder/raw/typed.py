"""Typed columns of a source: numbers, dates, times, terms; a text that can't be read so is an issue at the cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, fault
from ..model import DateTexts, RawTable, Rows, SourceColumn, SourceSpec, Vector
from ..values.cells import log_cells
from ..values.columns import Reading, date_column, number_column, time_column
from ..values.fold import fold, has_wide
from ..values.formats import compile_dates, compile_times

fault(
    "codelist-unread",
    "error",
    "A text of a column with a codelist that is none of its terms or synonyms: missing in comparisons",
    "Add a synonym.",
)

CodelistOf = Callable[[str, NDArray[np.object_]], list[str | None]]
"""A codelist's name and distinct texts -> the term of each, None for none."""

MESSAGES: Mapping[str, str] = {
    "number-unreadable": "{!r} is no number.",
    "number-format": "{!r} is read as a number.",
    "date-invalid": "there is no date {!r}.",
    "date-ambiguous": "{!r} is one date with the day first, another with the month first.",
    "date-unreadable": "{!r} fits no format of [FORMATS].",
    "date-partial": "{!r} has unknown parts.",
    "date-unknown": "{!r} has no known part.",
    "date-format": "{!r} has another format than most dates of its column.",
    "date-serial": "{!r} is read as a serial number of Excel.",
    "time-invalid": "there is no time {!r}.",
    "time-unreadable": "{!r} fits no format of [FORMATS].",
    "time-unknown": "{!r} has unknown parts.",
    "time-format": "{!r} has another format than most times of its column.",
}
"""What to say of a text under each rule of a reading."""


def date_texts_of(source: SourceSpec, column: str, study: DateTexts) -> DateTexts:
    """How dates of a column are written: by its own formats, else those of `date`, of the source, of the study."""
    own = source.columns.get(column)
    formats = own.formats if own else ()
    if not formats and source.date is not None and source.date.text == column:
        formats = source.date_formats
    return DateTexts(
        formats or source.date_texts.formats or study.formats,
        source.date_texts.unknown or study.unknown,
        source.date_texts.pivot if source.date_texts.pivot is not None else study.pivot,
    )


def serial_epochs(table: RawTable) -> NDArray[np.int16] | None:
    """The date system of each row's workbook, 1900 or 1904; None if all are 1900. For `date_column`."""
    epochs = np.asarray(table.facts.get("epochs", ()), dtype=np.int16)
    if not len(epochs) or (epochs == 1900).all():
        return None
    return np.asarray(epochs[table.rows.part])


def typed_column(
    table: RawTable,
    column: SourceColumn,
    source: SourceSpec,
    study: DateTexts,
    codelist_of: CodelistOf | None,
    log: IssueLog,
) -> Vector:
    """What expressions see of a declared column.

    number: NUMBER. date: DTC, partial ones and times kept. time: TEXT `HH:mm`. With a codelist, its term: TEXT.
    Issues at the cells, with the column's YAML line.
    """
    texts = table.texts[column.name]
    place = (column.mark.place,) if column.mark.line else ()
    _log_wide(table, column, log, place)
    if column.codelist is not None and codelist_of is not None:
        return _terms(table, column, column.codelist.text, codelist_of, log, place)
    if column.type == "number":
        reading = number_column(texts, column.decimal, column.thousands)
        log_reading(log, table.rows, column.name, texts, reading, "", place)
        _log_limits(table, column, reading.values, log, place)
        return reading.values
    if column.type == "date":
        dates = compile_dates(date_texts_of(source, column.name, study), IssueLog())
        reading = date_column(texts, dates, table.cells.get(column.name), serial_epochs(table))
        log_reading(log, table.rows, column.name, texts, reading, ", ".join(dates.texts), place)
        return reading.values
    if column.type == "time":
        unknown = source.date_texts.unknown or study.unknown
        times = compile_times(column.formats, unknown, IssueLog())
        reading = time_column(texts, times, table.cells.get(column.name))
        log_reading(log, table.rows, column.name, texts, reading, ", ".join(times.texts), place)
        return reading.values
    return texts


def log_reading(
    log: IssueLog,
    rows: Rows,
    name: str,
    texts: Vector,
    reading: Reading,
    formats: str = "",
    places: tuple[Location, ...] = (),
) -> None:
    """The issues of a column read. formats : the list of formats, for messages; places : added to each issue."""
    for rule in reading.rules:
        message = MESSAGES[rule].replace("FORMATS", formats.replace("{", "{{").replace("}", "}}"))
        log_cells(log, rule, rows, name, reading.rows(rule), texts, message.format, places)


def check_formats(source: SourceSpec, study: DateTexts, log: IssueLog) -> None:
    """The faults of the formats that a source itself declares, at their YAML lines; `check` calls it once a source."""
    texts = source.date_texts
    base = DateTexts((), texts.unknown or study.unknown, texts.pivot if texts.pivot is not None else study.pivot)
    lists = [texts.formats, source.date_formats]
    lists += [c.formats for c in source.columns.values() if c.type != "time"]
    for formats in lists:
        if formats:
            compile_dates(DateTexts(formats, base.unknown, base.pivot), log)
    for column in source.columns.values():
        if column.type == "time" and column.formats:
            compile_times(column.formats, base.unknown, log)


def _terms(
    table: RawTable, column: SourceColumn, codelist: str, codelist_of: CodelistOf, log: IssueLog,
    place: tuple[Location, ...],
) -> Vector:  # fmt: skip
    texts = table.texts[column.name]
    terms = codelist_of(codelist, texts.distinct())
    pairs = zip(texts.distinct(), terms, strict=True)
    unread = [term is None and fold(text) not in column.free for text, term in pairs]
    missed = np.array([*unread, False], dtype=bool)[texts.data]
    told = f"{{!r}} is no term or synonym of {codelist}."
    log_cells(log, "codelist-unread", table.rows, column.name, missed, texts, told.format, place)
    return Vector.of_codes(texts.data, terms)


def _log_wide(table: RawTable, column: SourceColumn, log: IssueLog, place: tuple[Location, ...]) -> None:
    if column.type not in ("number", "date", "time") and column.codelist is None:
        return
    texts = table.texts[column.name]
    wide = np.array([has_wide(text) for text in texts.distinct()] + [False], dtype=bool)[texts.data]
    told = "{!r} has full-width characters, read as the ordinary ones."
    log_cells(log, "width-folded", table.rows, column.name, wide, texts, told.format, place)


def _log_limits(
    table: RawTable, column: SourceColumn, numbers: Vector, log: IssueLog, place: tuple[Location, ...]
) -> None:
    if column.limits is None:
        return
    low, high = column.limits
    with np.errstate(invalid="ignore"):
        outside = np.zeros(len(numbers), dtype=bool)
        outside |= numbers.data < low if low is not None else False
        outside |= numbers.data > high if high is not None else False
    told = f"{{}} lies outside [{'' if low is None else f'{low:g}'}, {'' if high is None else f'{high:g}'}]."
    texts = table.texts[column.name]
    log_cells(log, "value-implausible", table.rows, column.name, outside, texts, told.format, place)
