"""The description of populations and analyses in the study file; arguments of a method are declared by the method."""

from __future__ import annotations

from .shapes import DATASET, EXPRESSION, LITERAL, LITERALS, NAME, NAMES, Anything, Form, Key, Leaf, Naming

POPULATION = Form(
    "a population",
    {
        "title": Key(LITERAL, "what it is called", True),
        "dataset": Key(Leaf("name", naming=DATASET), "ADaM dataset with one record a subject", True),
        "where": Key(EXPRESSION, "its subjects", default="all"),
    },
)
ANALYSIS = Form(
    "an analysis",
    {
        "title": Key(LITERAL, "heading", True),
        "method": Key(NAME, "how it is computed; the other keys are its arguments", True),
        "dataset": Key(Leaf("name", naming=DATASET), "ADaM dataset whose records are analysed", True),
        "where": Key(EXPRESSION, "which records", default="all"),
        "population": Key(NAME, "id of a population: the denominators; records of others are not looked at", True),
        "by": Key(EXPRESSION, "what its subjects fall into columns by, over its dataset"),
        "order": Key(NAME, "variable of its dataset that orders the columns", default="the texts of `by`"),
        "split": Key(EXPRESSION, "parts of a column, beside it"),
        "total": Key(LITERAL, "heading of the column of all; `false` for none", default="Total"),
        "reason": Key(LITERAL, "AnalysisReason of the metadata, as SPECIFIED IN SAP"),
        "purpose": Key(LITERAL, "AnalysisPurpose, as PRIMARY OUTCOME MEASURE"),
        "footnotes": Key(LITERALS, "texts under the display"),
        "documents": Key(NAMES, "ids of documents of the study"),
        "comment": Key(LITERAL, "what the metadata say of it besides"),
    },
    Anything(),
    Naming(r"[a-z][a-z_]*", "an argument of the method: lower-case letters and _"),
)
