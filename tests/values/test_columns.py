"""Whole columns: each distinct cell once, unusual formats by the whole column."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import CELL_KINDS, DateTexts, Kind, Scalar, Vector
from sdtm_builder.values.columns import combine_columns, date_column, number_column, time_column
from sdtm_builder.values.dates import combine
from sdtm_builder.values.formats import compile_dates, compile_times

FORMATS = compile_dates(
    DateTexts(tuple(Scalar(f) for f in ("yyyy-MM-dd", "dd-MMM-yyyy", "excel")), ("UN",)), IssueLog()
)


def told(reading):
    return [reading.rules[code] if code >= 0 else "" for code in reading.rule]


def test_unusual_is_what_most_are_not():
    column = Vector.of_texts(["05-Mar-2021", "06-Mar-2021", None, "2021-03-07", "UN-Mar-2021", "x"])
    reading = date_column(column, FORMATS)
    assert reading.values.kind is Kind.DTC
    assert reading.values.strings().tolist() == ["2021-03-05", "2021-03-06", None, "2021-03-07", "2021-03", None]
    assert told(reading) == ["", "", "", "date-format", "date-partial", "date-unreadable"]
    assert reading.rows("date-format").tolist() == [3]
    assert reading.rows("date-invalid").tolist() == []


def test_one_text_in_cells_of_two_kinds():
    column = Vector.of_texts(["44293", "44293", "44293", None])
    cells = np.array([CELL_KINDS.index("number"), 0, CELL_KINDS.index("number"), 0], dtype=np.int8)
    reading = date_column(column, FORMATS, cells, np.array([1900, 1900, 1904, 1900], dtype=np.int16))
    assert reading.values.strings().tolist() == ["2021-04-07", None, "2025-04-08", None]
    assert told(reading) == ["date-serial", "date-unreadable", "date-serial", ""]


def test_unused_texts_are_not_read():
    column = Vector(Kind.TEXT, np.array([1, -1], dtype=np.int32), Vector.of_texts(["x", "2021-03-07"]).texts)
    assert date_column(column, FORMATS).rules == ()


def test_times_and_numbers():
    formats = compile_times([Scalar("HH:mm"), Scalar("H:m")], (), IssueLog())
    times = time_column(Vector.of_texts(["10:30", "11:30", "8:5", "25:10", None]), formats)
    assert times.values.strings().tolist() == ["10:30", "11:30", "08:05", None, None]
    assert told(times) == ["", "", "time-format", "time-invalid", ""]
    numbers = number_column(Vector.of_texts(["1.5", "x", None, "1e3"]))
    assert numbers.values.data.tolist()[::3] == [1.5, 1000.0]
    assert told(numbers) == ["", "number-unreadable", "", "number-format"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "2003", "2003-12-15", "2003-12-15T07:15"]), st.sampled_from([None, "07:15", "8"])
        )
    )
)
def test_combine_columns_is_combine_of_each_row(rows):
    reading = combine_columns(Vector.of_texts(d for d, _ in rows), Vector.of_texts(t for _, t in rows))
    expected = [combine(*row) for row in rows]
    assert reading.values.strings().tolist() == [value for value, _ in expected]
    assert told(reading) == [rule for _, rule in expected]
