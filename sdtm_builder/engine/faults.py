"""The kinds of issues that the engine raises: in specs (before data is read) and at records."""

from __future__ import annotations

from ..issues import fault

for _id, _title, _hint in (
    ("unknown-column", "A name that is no column, variable, table or constant here", ""),
    ("unknown-table", "A table that is neither a raw source, a dataset nor a block", ""),
    ("unknown-operation", "An operation that is not registered", "`explain operations` lists them."),
    ("unknown-codelist", "A codelist that is neither in the CT package nor in the study file", ""),
    ("name-on-both-sides", "A bare name that exists in both tables", ""),
    ("two-readings", "A name that can be read in two ways", "Rename the column in the source (`rename`)."),
    ("many-per-subject", "A dataset with several records a subject where one value is wanted", ""),
    ("not-a-group-column", "A bare column that is not one of the group's", "Summarise it (first, min, sum ...)."),
    ("undeclared-variable", "A variable that the standard lacks, without a label", ""),
    ("unknown-maker", "A record maker that is not registered", ""),
    ("maker-needs", "A table or column that a record maker reads is not there", ""),
    ("cycle", "Rules that need each other in a circle", "Break it with a temporary of lower case."),
    ("date-needs-date", "A column put into a --DTC without saying `date`", "Write {date: COLUMN}."),
    ("kind-mismatch", "A rule that gives another kind of value than its place takes", ""),
    ("order-needed", "first or last over several records without an order", "Say `order`."),
    ("bad-argument", "An argument that its operation does not take", ""),
    ("date-format-fault", "A date format that can't be used", ""),
    ("keys-missing", "A dataset without keys", "Say `keys`: they order, number and identify its records."),
    (
        "default-replaced-in-part",
        "A default that one transposed column replaces: the others would have no value",
        "Write the rule in every column of the block.",
    ),
    ("no-subject", "A source without `subject` in a dataset of subjects", "Say `subject` at the source."),
    ("no-register", "Raw sources with subjects, and no register of subjects", "Say `subjects` in the study file."),
):
    fault(_id, "error", _title, _hint)

fault(
    "can-be-missing",
    "warning",
    "<> or NOT IN on a value that can be missing",
    "IS DISTINCT FROM counts missing as different.",
)
fault("date-order", "error", "A format of dates that the data contradict: day and month stand the other way round",
      "Correct `formats`: dates that both orders read are wrong in silence.")  # fmt: skip
fault("no-rule", "note", "A required or expected variable without a rule: an empty column")
fault(
    "ct-miss",
    "error",
    "A value that is no term of its closed codelist",
    "Add a synonym, a `map`, or correct the data.",
    "warning",
)
fault(
    "date-missing",
    "warning",
    "The earliest or latest of dates of which one is missing",
    "Complete the date by a query, or say `partial: ignored` if records without it may be passed over.",
)
fault(
    "sum-incomplete",
    "error",
    "A sum over records of which one has no number: the sum is missing",
    "Complete the number by a query, or say `missing: ignored` if records without it add nothing.",
    "warning",
)
fault(
    "ct-not-the-term",
    "error",
    "A text that is a term in other letter case, or another name of a term: no new term",
    "Declare it as a synonym of the term.",
    "warning",
)
fault(
    "ct-extension",
    "warning",
    "A value that is no term of its extensible codelist",
    "Declare it with `add`, or as a synonym.",
)
fault("ct-synonym", "note", "A value mapped to its term by a declared synonym")
fault("unit-synonym", "note", "A unit mapped to its term by a declared synonym")
fault(
    "unit-unknown",
    "error",
    "A unit that is no term or synonym of its codelist, or does not convert to the test's standard unit",
    "Add a synonym of the unit, or a conversion.",
)
fault("number-needed", "error", "A text where a number is wanted")
fault(
    "join-missing",
    "error",
    "A record without a fit in the joined table",
    "Say `unmatched: ok` if that may be.",
    "warning",
)
fault("join-duplicate", "error", "Several different fits in the joined table: none is taken", "Say `pick`.")
fault("join-orphan", "error", "A row of the joined table that fits no record")
fault("range-invalid", "error", "An interval whose low is above its high: it fits nothing")
fault("where-unknown", "warning", "A condition that is unknown for a row: the row is left out")
fault("where-undecided", "note", "A condition of a join, summary, flag or transposed column, unknown for some rows")
fault("order-open", "error", "An order that leaves rows with different values open", "Add a name to `order`.")
fault(
    "date-open", "error", "A partial date that leaves the earliest or latest open", "Say `partial: ignored` if it may."
)
fault("several-per-subject", "error", "Several records of a subject where one is wanted: the value is missing")
fault("key-missing", "error", "A row without its required key variable: it makes no record")
fault("keys-not-unique", "error", "Records that agree in all keys", "Add a variable to `keys`, or look at the data.")
fault("group-differs", "error", "A column that differs within its group")
fault("rescreened", "note", "A person with several subject numbers in the register")
fault("expect-failed", "error", "A record for which an expectation is false")
fault("checked-unknown", "error", "A text in a tick box that is neither ticked nor unticked")
fault("several-ticked", "error", "Several boxes ticked where one is expected", "Say `many`.")
fault("not-done-with-result", "warning", "A result beside 'not done'")
fault("not-done", "note", "A result that says it was not done")
fault("subject-unknown", "error", "A row of a subject who is not in the register: it makes no record")
fault("subject-missing", "error", "A row without a subject: it makes no record")
fault("visit-undated", "warning", "An unscheduled visit without a full date: it has no number")
fault("visit-unknown", "warning", "A visit that is not in `visits`")
fault("constant-date", "error", "A constant that is no date beside dates")
fault("correction-count", "error", "A correction that hits another number of rows than declared")
fault("accepted-count", "error", "An accepted issue that occurs another number of times")
fault("text-not-ascii", "error", "A character that the submission's encoding cannot hold: the value is left out",
      "Take the column of the other language, give its translation with `map`, correct the cell by `corrections`, or "
      "say `submission: {encoding: utf-8}` where the receiver takes it.")  # fmt: skip
fault("text-split", "note", "A text above 200 bytes, continued in the supplemental qualifiers")
fault("not-iso", "error", "A text that is no ISO 8601 date: the value is missing")
fault("punctuation-mapped", "note", "Typographic quotation marks, dashes or blanks written as ASCII signs")
