"""Turning values into the kind a variable has, and texts into terms; what does not fit is an issue at its cell."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from ..model import Kind, Mark, Vector
from ..model.column import number_text
from ..values.fold import fold, has_wide
from ..values.numbers import read_number
from ..values.partial import is_valid_dtc
from .codelists import StudyCodelist
from .frames import Scene
from .refs import Ref


def fit(scene: Scene, vector: Vector, kind: Kind | None, refs: Iterable[Ref], mark: Mark) -> Vector:
    """The same values in a kind; None leaves them as they are."""
    if kind is None or vector.kind is kind:
        return vector
    if kind is Kind.TEXT or (kind is Kind.DTC and not vector.is_text):
        return as_text(vector).as_kind(kind)
    if kind is Kind.DTC:
        bad_text = np.array([not is_valid_dtc(t) for t in vector.distinct()] + [False])
        bad = bad_text[vector.data]
        scene.run.issue(scene, "not-iso", bad, '"{value}" is no ISO 8601 date.', refs, mark, vector)
        return vector.where(~bad).as_kind(Kind.DTC)
    if kind is Kind.NUMBER and vector.is_text:
        numbers = np.array([read(t) for t in vector.distinct()] + [np.nan])
        out = numbers[vector.data]
        bad = np.isnan(out) & vector.present()
        scene.run.issue(scene, "number-unreadable", bad, '"{value}" is no number.', refs, mark, vector)
        return Vector(Kind.NUMBER, out)
    if kind is Kind.NUMBER:
        return Vector(Kind.NUMBER, np.where(vector.present(), vector.data.astype(np.float64), np.nan))
    if kind in (Kind.DATE, Kind.DATETIME) and vector.is_text:
        return read_iso(vector, kind)
    raise TypeError(f"{vector.kind} does not become {kind}")


def read(text: str) -> float:
    """A number, NaN if the text is none."""
    value = read_number(text)
    return np.nan if value is None else value


def as_text(vector: Vector) -> Vector:
    """Numbers and dates as text, each distinct value once."""
    if vector.is_text:
        return vector
    present = vector.present()
    distinct, inverse = np.unique(vector.data[present], return_inverse=True)
    if vector.kind is Kind.NUMBER:
        texts = [number_text(float(v)) for v in distinct]
    else:
        days = vector.kind is Kind.DATE
        texts = [str(np.datetime64(int(v), "D") if days else np.datetime64(int(v), "s")) for v in distinct]
    codes = np.full(len(vector), -1, dtype=np.int64)
    codes[present] = inverse
    return Vector.of_codes(codes, texts)


def read_iso(vector: Vector, kind: Kind) -> Vector:
    """Full ISO dates or datetimes of a text column; others are missing."""
    out = []
    empty = Vector.missing_of(kind, 1).data[0]
    for text in vector.distinct():
        whole = len(text) >= 10 and is_valid_dtc(text) and text[4] == "-" and text[5] != "-" and text[8] != "-"
        if kind is Kind.DATE:
            out.append(int(np.datetime64(text[:10], "D").astype(np.int64)) if whole else empty)
        else:
            timed = whole and len(text) >= 16 and "-" not in text[11:16]
            out.append(int(np.datetime64(text[:19], "s").astype(np.int64)) if timed else empty)
    dtype = np.int32 if kind is Kind.DATE else np.int64
    return Vector(kind, np.array([*out, empty], dtype=dtype)[vector.data])


def apply_codelist(
    scene: Scene, vector: Vector, codelist: StudyCodelist, refs: Iterable[Ref], mark: Mark, target: str
) -> Vector:
    """Each text as its term: exact, folded, by declared synonym; a miss is missing (closed) or kept (extensible)."""
    vector = as_text(vector)
    how = []
    new: list[str | None] = []
    for text in vector.distinct():
        term, way = codelist.find(text)
        how.append("folded" if way == "synonym" and has_wide(text) else way)
        new.append(text if way == "miss" and codelist.extensible else term)
    case = _differ_in_case(vector, how, codelist)
    how = ["case" if str(t) in case else h for t, h in zip(vector.distinct(), how, strict=True)]
    found = np.array([*how, "none"], dtype=object)[vector.data]
    refs = list(refs)
    message = f'"{{value}}" is no term of {codelist.name} ({target}).'
    said = f'"{{value}}" is read as a term of {codelist.name} ({target}).'
    rule, synonym, known = "ct-extension" if codelist.extensible else "ct-miss", "ct-synonym", "ct-not-the-term"
    if target.endswith("ORRESU"):  # a unit that is not known has no standard result: it weighs more than a text
        rule, synonym, known = "unit-unknown", "unit-synonym", "unit-unknown"
    for text, term in case.items():
        at = vector.data == list(vector.distinct()).index(text)
        why = "differs in letter case alone" if term.casefold() == fold(text).casefold() else "is the term of that name"
        told = f'"{{value}}" is no term of {codelist.name} ({target}); {term} {why}.'
        scene.run.issue(scene, known if codelist.extensible else rule, np.asarray(at), told, refs, mark, vector)
    for way, name, text in (("miss", rule, message), ("synonym", synonym, said), ("folded", "width-folded", said)):
        scene.run.issue(scene, name, np.asarray(found == way), text, refs, mark, vector)
    return Vector.of_codes(vector.data, new)


def _differ_in_case(vector: Vector, how: Iterable[str], codelist: StudyCodelist) -> dict[str, str]:
    """Texts that name a term but for their letter case, or by a synonym of CT: neither ever maps, it is said."""
    missed = [str(t) for t, h in zip(vector.distinct(), how, strict=True) if h == "miss"]
    if not missed:
        return {}
    terms = {t.casefold(): t for t in codelist.terms}
    used = {str(vector.distinct()[i]) for i in np.unique(vector.data[vector.data >= 0])}
    found = {t: terms.get(fold(t).casefold()) or codelist.known_as.get(fold(t)) for t in missed if t in used}
    return {text: term for text, term in found.items() if term is not None}
