"""Codes of trial summary values: which terminology the value of a parameter is taken from, and its code there."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Annotated

import numpy as np

from ..model import Kind, Vector
from ..registry import Column, Context, OneOf, OptionalColumn, Take, derivation

CDISC = "CDISC CT"
_WORDS = ("code", "dictionary", "version")


@cache
def terminologies() -> dict[str, tuple[str, str]]:
    """TSPARMCD -> (short name of the codelist of its values, else ""; name of another terminology, else "")."""
    text = (files(__package__) / "data" / "trial_summary.csv").read_text(encoding="utf-8")
    return {row["TSPARMCD"]: (row["codelist"], row["dictionary"]) for row in csv.DictReader(text.splitlines())}


@derivation(
    "trial_summary_term",
    kind=Kind.TEXT,
    origin="Assigned",
    method="{what} of the value's term in the terminology of its parameter.",
)
def trial_summary_term(
    ctx: Context,
    what: Annotated[str, Take.TEXT, OneOf(_WORDS)],
    parameter: Column = "TSPARMCD",  # type: ignore[assignment]
    value: Column = "TSVAL",  # type: ignore[assignment]
    code: OptionalColumn = "code",  # type: ignore[assignment]
    dictionary: OptionalColumn = "dictionary",  # type: ignore[assignment]
    version: OptionalColumn = "version",  # type: ignore[assignment]
) -> Vector:
    """Code, terminology or version of a trial summary value.

    Arguments
    ---------
    what : `code` (TSVALCD), `dictionary` (TSVCDREF) or `version` (TSVCDVER).
    parameter, value : TSPARMCD and TSVAL, by default the variables of these names.
    code, dictionary, version : what the study says beside a value; default the temporaries of these names, if any.

    Derivation, the first case that fits:
    1. The value is missing: missing.
    2. The study says it beside the value: that.
    3. The parameter's values come from a codelist of CDISC, and the value is one of its terms: the term's C-code,
       `CDISC CT`, and the version of the study's SDTM terminology. If the study says a terminology of its own, missing.
    4. `dictionary`, and either the study gives a code or the terminology has no codes: the terminology that the IG
       names for the parameter.
    5. Missing.

    Issues: `ct-miss` (closed codelist) and `ct-extension` (extensible) for a value that is no term, told once, with
    `code`.

    Example: `TSVALCD: {trial_summary_term: code}`. For TPHASE, PHASE I TRIAL gives C15600.

    Source: SDTMIG 3.4 section 7.4.2 and its list of trial summary codes; CG0288, CG0289.
    """
    said = {"code": code, "dictionary": dictionary, "version": version}
    own, own_code, own_reference = said[what], code, dictionary
    out: list[str | None] = []
    missed: list[int] = []
    for row in range(ctx.n):
        term = value.text_at(row)
        given = own.text_at(row) if own is not None else ""
        elsewhere = own_reference is not None and own_reference.text_at(row) not in ("", CDISC)
        name, other = terminologies().get(parameter.text_at(row), ("", ""))
        found = ""
        if term and not given and not elsewhere:
            coded = own_code is not None and bool(own_code.text_at(row))
            if name:
                found = _of_codelist(ctx, name, term, what, coded)
                if not found and not coded:
                    missed.append(row)
            elif what == "dictionary" and (coded or other.startswith("ISO")):
                found = other
        out.append((given or found or None) if term else None)
    if what == "code":
        _say(ctx, parameter, value, missed)
    return Vector.of_texts(out)


def _of_codelist(ctx: Context, name: str, term: str, what: str, coded: bool) -> str:
    codelist = ctx.codelist(name)
    code = codelist.terms.get(term, "") if codelist is not None else ""
    if not code and not coded:
        return ""
    return {"code": code, "dictionary": CDISC, "version": ctx.study.ct.get("sdtm", "")}[what]


def _say(ctx: Context, parameter: Vector, value: Vector, missed: list[int]) -> None:
    for row in missed:
        name = terminologies()[parameter.text_at(row)][0]
        codelist = ctx.codelist(name)
        if codelist is not None and value.text_at(row) not in codelist.terms:
            rule = "ct-extension" if codelist.extensible else "ct-miss"
            message = f'"{{value}}" of {parameter.text_at(row)} is no term of {name}.'
            ctx.issue(rule, np.array([row]), message, value)
