"""Kinds of issues that expressions raise: at check, and on data."""

from __future__ import annotations

from ..issues import fault

TEXT = fault(
    "expression-text", "error", "An expression holds a sign or word that isn't part of the language, or hides something"
).id
SYNTAX = fault("expression-syntax", "error", "An expression isn't complete or not well formed").id
SIZE = fault("expression-size", "error", "An expression is too long or too deeply nested").id
REFUSED = fault("expression-refused", "error", "An expression uses a part of SQL that the language leaves out").id
FUNCTION = fault(
    "expression-function", "error", "An expression calls a function that the language lacks, or calls it wrongly"
).id
KIND = fault("expression-kind", "error", "Values of these kinds don't go together, or not here").id
PATTERN = fault("expression-pattern", "error", "A pattern is not valid, or could run for ever").id

DIVISION = fault(
    "division-by-zero", "warning", "A number is divided by 0; the result is missing", "Guard it with CASE WHEN."
).id
OVERFLOW = fault("number-too-large", "error", "A result is beyond what a number or a date can hold; it is missing").id
FRACTION = fault(
    "date-plus-fraction", "error", "A number added to a date isn't whole; the result is missing", "Use floor()."
).id
ARGUMENT = fault(
    "function-argument", "error", "A function got a value that it can't work with; the result is missing"
).id
TOO_LONG = fault(
    "text-too-long-for-pattern", "error", "A text above 2,000 characters isn't searched; the result is missing"
).id

# declared where texts are read (values.numbers, values.partial)
NUMBER = "number-unreadable"
NOT_ISO = "dtc-invalid"
