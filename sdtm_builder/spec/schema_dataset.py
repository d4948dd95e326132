"""The description of a dataset file: every key, what it takes and what it means."""

from __future__ import annotations

from .operations import META
from .shapes import (
    BOOLEAN,
    CODE,
    CODELIST,
    DATASET,
    EXPRESSION,
    INTEGER,
    LITERAL,
    LITERALS,
    LOCAL,
    NAME,
    NAMES,
    NUMBER,
    ORDER,
    PLACE,
    RANGE,
    UPPER,
    VARIABLE,
    Either,
    Form,
    Key,
    Leaf,
    ListOf,
    RuleShape,
    choice,
    map_of,
)

RULE = RuleShape()
KEEP = choice("first", "last")
EXPECT = map_of(EXPRESSION, "a map of expectations, each a name and an expression")
PAGES = ListOf(LITERAL)
EXTENDS = Key(ListOf(LITERAL), "folders under `library/`, later over earlier, this file last")
REMOVE = Key(ListOf(LITERAL), "inherited items taken away, as dotted paths; a step with a dot in quotes")
NOT_DONE = Form(
    "a map of `result` and `when`",
    {
        "result": Key(LITERALS, "texts of the result that say so, looked at before the tokens of `missing`"),
        "when": Key(EXPRESSION, "condition that says so"),
    },
    any_of=(("result", "when"),),
)
TABLE = Form(
    "a map with `table`",
    {
        "table": Key(
            ListOf(ListOf(LITERAL, single=False), single=False), "rows written here, the first one the names", True
        )
    },
)


def join_form(of_dataset: bool) -> Form:
    """A join of a block, or of a dataset's finished records."""
    keys = {
        "with": Key(
            Either((NAME, TABLE)), "`raw.X`, a dataset, a block of this dataset, or a table written here", True
        ),
        "where": Key(EXPRESSION, "rows of it", default="all"),
        "by": Key(
            Either((NAMES, map_of(NAME, "a map of left and right names"))),
            "keys: a list if the names agree, else left: right",
            default="USUBJID if both have one",
        ),
        "between": Key(
            map_of(ListOf(NAME, single=False, length=2), "a map of left names, each with [low, high]"),
            "left value within two right columns; a blank bound is open",
        ),
        "any": Key(map_of(LITERALS, "a map of right keys with texts"), "texts on the right that fit every left value"),
        "take": Key(
            Either((NAMES, map_of(NAME, "a map of new and old names"))), "columns brought in: a list, or new: old"
        ),
        "pick": Key(
            Form(
                "a map of `order` and `keep`",
                {"order": Key(ORDER, "order of the fits", True), "keep": Key(KEEP, "which of them", True)},
            ),
            "which fit counts, when there are several",
            default="several are an issue",
        ),
        "unmatched": Key(
            choice("issue", "ok") if of_dataset else choice("issue", "ok", "leave_out"),
            "left records without a fit" + ("" if of_dataset else "; `leave_out`: they make no record, counted"),
            default="issue",
        ),
        "orphans": Key(choice("issue", "ok"), "right rows that fit no record", default="ok"),
    }
    if of_dataset:
        keys["blocks"] = Key(ListOf(NAME, single=False), "only records of these blocks", default="all")
    return Form("a join", keys)


TEST_ENTRY = Form(
    "an entry of `transpose`",
    {
        "testcd": Key(Leaf("literal", naming=CODE), "the test code, if the entry's key is another name"),
        "where": Key(EXPRESSION, "rows for this test"),
        "not_done": Key(NOT_DONE, "instead of the block's"),
    },
    RULE,
    PLACE,
)

BLOCK = Form(
    "a block",
    {
        "from": Key(NAMES, "`raw.X`, a dataset, a block, or a list of those with the same columns"),
        "make": Key(NAME, "a registered record maker; its arguments stand beside it"),
        "where": Key(EXPRESSION, "rows kept", default="all"),
        "why": Key(LITERAL, "the reason why the other rows are left out"),
        "one_per": Key(
            Form(
                "a map of `by`, `order` and `keep`",
                {
                    "by": Key(NAMES, "columns that make a group", True),
                    "order": Key(ORDER, "order within it", True),
                    "keep": Key(KEEP, "which row stays", True),
                },
            ),
            "one row of each group",
        ),
        "join": Key(map_of(join_form(False), "a map of joins", LOCAL, like=True), "tables joined to the rows"),
        "group": Key(NAMES, "columns; one record for each group"),
        "transpose": Key(
            map_of(TEST_ENTRY, "a map of tests"), "test code (or `*`) and its rules; one record for each row and test"
        ),
        "not_done": Key(NOT_DONE, "when a result was not done"),
        "copy": Key(NAMES, "`[A, B]` is `A: A`, `B: B`"),
        "set": Key(map_of(RULE, "a map of variables and rules", PLACE), "variable: rule"),
    },
    like=False,
    any_of=(("from", "make"),),
)

TEST = Form(
    "a test",
    {
        "unit": Key(LITERAL, "standard unit"),
        "digits": Key(INTEGER, "decimals of the standard result, at most"),
        "factor": Key(LITERAL, "factor of its own for the conversion into the standard unit"),
        "limits": Key(RANGE, 'standard result expected within [low, high]; `""` is open; outside is an issue'),
        "possible": Key(RANGE, "outside, the result cannot be: --STRESN is missing too"),
        "codelist": Key(CODELIST, "of the result"),
        "comment": Key(LITERAL, "comment for define.xml"),
    },
    LITERAL,
    UPPER,
)
TESTS = Form(
    "a map of tests",
    {
        "file": Key(LITERAL, "a table beside the specs (csv or xlsx): TESTCD and what is true of each test"),
        "sheet": Key(LITERAL, "sheet of an xlsx", default="the first"),
    },
    TEST,
    CODE,
)

VALUE = Form(
    "value level metadata",
    {
        "where": Key(EXPRESSION, "conjunction of VAR = , <>, IN, NOT IN, <, > literals", True),
        "type": Key(LITERAL, "data type"),
        "length": Key(INTEGER, "length"),
        "digits": Key(INTEGER, "significant digits"),
        "codelist": Key(CODELIST, "codelist"),
        "origin": META["origin"],
        "method": Key(LITERAL, "method text"),
        "comment": Key(LITERAL, "comment"),
    },
)
VARIABLE_FORM = Form(
    "a variable's metadata",
    {
        "label": Key(LITERAL, "label; needed if the standard lacks the variable", default="the standard's"),
        "type": Key(LITERAL, "data type", default="the standard's"),
        "length": Key(INTEGER, "length", default="from the data"),
        "format": Key(LITERAL, "display format"),
        "digits": Key(INTEGER, "decimals"),
        "codelist": Key(CODELIST, "name, C-code, or a list of terms", default="the standard's"),
        "evaluator": Key(LITERAL, "QEVAL of a supplemental qualifier"),
        "mandatory": Key(BOOLEAN, "mandatory in define.xml"),
        "comment": Key(LITERAL, "comment for define.xml"),
        "values": Key(ListOf(VALUE), "value level metadata added by hand"),
    },
)

_DECISION: dict[str, Key] = {
    "date": Key(NAME, "the date that becomes ADT", True),
    "CNSR": Key(NUMBER, "0 an event, else the censoring reason", True),
    "EVNTDESC": Key(LITERAL, "event or censoring description", True),
    "CNSDTDSC": Key(LITERAL, "censor date description, for censored rows"),
}
DECISION = Form("a decision", {"when": Key(EXPRESSION, "condition", True), **_DECISION})
CUT = Form(
    "a cut",
    {
        "of": Key(Leaf("name", naming=CODE), "PARAMCD of the parameter that is cut", True),
        "date": Key(NAME, "the cut date", True),
        "row": Key(Form("a decision without `when`", _DECISION), "what stands where ADT is after the date", True),
        "where": Key(EXPRESSION, "fewer records"),
    },
)
PARAMETER = Form(
    "a parameter",
    {
        "subjects": Key(
            Form(
                "a map of `from` and `where`",
                {"from": Key(NAME, "a dataset of one record a subject", True), "where": Key(EXPRESSION, "subjects")},
            ),
            "whose records; its variables are read by bare names",
        ),
        "start": Key(NAME, "the date that is STARTDT"),
        "dates": Key(map_of(RuleShape(), "a map of dates and rules", LOCAL), "temporaries: name and rule"),
        "decide": Key(ListOf(DECISION), "the table of decisions; the first row that is true decides"),
        "cut": Key(CUT, "another parameter up to a date, instead of `subjects`, `start`, `decide`"),
        "in": Key(choice("days", "weeks", "months"), "unit of AVAL"),
    },
    LITERAL,
    UPPER,
    any_of=(("subjects", "cut"), ("start", "cut"), ("decide", "cut"), ("in", "cut")),
)

DATASET_FILE = Form(
    "a dataset file",
    {
        "extends": EXTENDS,
        "remove": REMOVE,
        "dataset": Key(Leaf("name", naming=DATASET), "name of the dataset, as the file's name in upper case", True),
        "domain": Key(Leaf("name", naming=DATASET), "where it differs: a split dataset", default="the name"),
        "class": Key(LITERAL, "class, for a dataset that the IG does not have", default="the IG's"),
        "label": Key(LITERAL, "label, likewise", default="the IG's"),
        "structure": Key(LITERAL, "structure, likewise", default="the IG's"),
        "records": Key(map_of(BLOCK, "a map of blocks", LOCAL, like=True), "block: how rows become records"),
        "join": Key(map_of(join_form(True), "a map of joins", LOCAL, like=True), "joins on the finished records"),
        "tests": Key(TESTS, "test code: what the test is, whatever block it comes from"),
        "derive": Key(map_of(RuleShape(blocks=True), "a map of variables and rules", PLACE), "variable: rule"),
        "variables": Key(
            map_of(VARIABLE_FORM, "a map of variables", VARIABLE, like=True), "what is true of the variable"
        ),
        "parameters": Key(map_of(PARAMETER, "a map of parameters", CODE, like=True), "time-to-event parameters"),
        "core": Key(NAMES, "ADSL variables carried here", default="the study's"),
        "without": Key(NAMES, "default or core variables that this dataset does not have"),
        "keys": Key(ORDER, "the total order: --SEQ, sorting, key sequence of define.xml"),
        "expect": Key(EXPECT, "what holds for every record; false is an issue, unknown is none"),
        "comment": Key(LITERAL, "comment on the dataset"),
        "write": Key(choice("copy"), "write a given dataset out again"),
    },
)
