"""Lists of formats: what is refused, with its YAML line."""

import pytest

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import DateTexts, Mark, Scalar
from sdtm_builder.values.formats import compile_dates, compile_times


def faults_of(formats, pivot=None):
    log = IssueLog()
    compile_dates(DateTexts(tuple(Scalar(f, Mark("study.yaml", 3 + i)) for i, f in enumerate(formats)), (), pivot), log)
    return [(issue.rule, issue.locations[0].line) for issue in log]


@pytest.mark.parametrize(
    ("formats", "faults"),
    [
        (["yyyy-MM-dd", "dd-MMM-yyyy", "yyyy/M/d", "excel", "yyyy-MM", "yyyy"], []),
        (["dd/MM/yyyy", "yyyyMMdd", "ddMMyyyy"], []),
        (["dd/MM/yyyy", "MM/dd/yyyy"], [("format-order", 4)]),
        (["M/d/yyyy", "yyyy-MM-dd", "dd/MM/yyyy"], [("format-order", 5)]),
        (["ddMMyyyy", "MMddyyyy"], [("format-order", 4)]),
        (["yyyy-MM-dd", "yyyy-dd-MM"], [("format-order", 4)]),
        (["dd/MM/yyyy HH:mm", "MM/dd/yyyy HH:mm"], [("format-order", 4)]),
        (["yy-MM-dd"], [("format-pivot", 3)]),
        (["YYYY-MM-DD"], [("format-token", 3)]),
        (["yyyy-MM-dd z"], [("format-token", 3)]),
        (["dMyyyy"], [("format-token", 3)]),
        (["yyyy-MM-dd yyyy"], [("format-token", 3)]),
        (["HH:mm"], [("format-token", 3)]),
        (["yyyy-MM-dd h:mm"], [("format-token", 3)]),
        ([""], [("format-token", 3)]),
    ],
)
def test_date_formats(formats, faults):
    assert faults_of(formats) == faults


def test_pivot_settles_two_digits_but_not_order():
    assert faults_of(["dd/MM/yy"], pivot=1930) == []
    assert faults_of(["dd/MM/yy", "yy/MM/dd"], pivot=1930) == [("format-order", 4)]
    assert faults_of(["yyyyMM", "yyMMdd"], pivot=1930) == [("format-order", 4)]


@pytest.mark.parametrize(
    ("fmt", "rules"),
    [("H:mm", []), ("ah:mm", []), ("HHmm", []), ("h:mm", ["format-token"]), ("yyyy", ["format-token"]),
     ("mm:ss", ["format-token"]), ("Hmm", ["format-token"])],
)  # fmt: skip
def test_time_formats(fmt, rules):
    log = IssueLog()
    compile_times([Scalar(fmt)], (), log)
    assert [issue.rule for issue in log] == rules
