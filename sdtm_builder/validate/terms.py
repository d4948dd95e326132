"""Values against codelists: define.xml's subset and extensions where it has them, CDISC's terminology behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.standards import Codelist, StandardsError, ct
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Mask, Table
from sdtm_builder.validate.texts import is_measured


@dataclass(frozen=True, eq=False, slots=True)
class Miss:
    """A variable with values that are no terms: `cased` but for upper and lower case (`meant` has the term), `unknown`
    otherwise; `names` of the codelists that it may have, `extensible` if any of them is."""

    variable: str
    names: str
    extensible: bool
    unknown: Mask
    cased: Mask
    meant: NDArray[np.object_]


def misses(study: Study, table: Table) -> Iterator[Miss]:
    """The variables of a dataset whose values are no terms of CDISC's codelists nor extensions of define.xml.

    A codelist of define.xml with an NCI code takes the place of the IG's. A variable with several codelists may hold
    terms of any. A number, also with < or >, is passed over in a list of results. External dictionaries and a
    sponsor's own lists are not looked at here.
    """
    for name in table.variables:
        lists = list(codelists_of(study, table, name))
        values = table.distinct(name)
        if not lists or not values:
            continue
        allowed = {term for each in lists for term in each.terms} | _extensions(study, table, name)
        folded = {term.casefold(): term for term in allowed}
        result = name in (table.named("--STRESC"), table.named("--ORRES"))
        wrong = {text for text in values if text not in allowed and not (result and is_measured(text))}
        cased = {text: folded[text.casefold()] for text in wrong if text.casefold() in folded}
        if wrong:
            strings = table.strings(name)
            where = table.equals(name, *cased)
            meant = np.array([cased.get(t) if t else None for t in strings], dtype=object) if cased else strings
            unknown = table.equals(name, *(wrong - set(cased)))
            names = ", ".join(each.submission_value for each in lists)
            yield Miss(name, names, any(each.extensible for each in lists), unknown, where, meant)


def codelists_of(study: Study, table: Table, name: str) -> Iterable[Codelist]:
    """CDISC's codelists of a variable: the one that define.xml names, else the IG's; none for an external dictionary.

    Where the IG gives a choice of lists (DSDECOD), the one that define.xml names does not shut out the others.
    """
    known = study.permitted(table).get(name)
    codes = known.codelists if known is not None else ()
    defined = study.defined(table)
    item = defined.item(name) if defined is not None else None
    if study.define is not None and item is not None and item.codelist in study.define.codelists:
        own = study.define.codelists[item.codelist]
        found = study.codelist(own.code) if own.code else None
        if found is not None and (len(codes) < 2 or found.code not in codes):
            return [found]
        if own.external:
            return []
    lists = [study.codelist(code) for code in codes]
    return [each for each in lists if each is not None]


def _extensions(study: Study, table: Table, name: str) -> set[str]:
    defined = study.defined(table)
    item = defined.item(name) if defined is not None else None
    if study.define is None or item is None:
        return set()
    lists = {item.codelist} | {each.codelist for each in study.define.value_lists.get(item.values, ())}
    found = [study.define.codelists[oid] for oid in lists if oid in study.define.codelists]
    return {term for each in found for term, extended in each.terms.items() if extended}


def synonyms_of(codelist: Codelist) -> dict[str, str]:
    """Synonym -> submission value of a codelist."""
    return {synonym: value for value, term in codelist.terms.items() for synonym in term.synonyms}


def codes_of_release(study: Study, version: str) -> set[str] | None:
    """All C-codes of a release of SDTM terminology, of terms and codelists; None where the release is not at hand."""
    try:
        package = ct("sdtm", version, study.ct_folder)
    except StandardsError:
        return None
    codes = {head.code for head in package.codelists()}
    for head in package.codelists():
        codelist = package.codelist(head.code)
        if codelist is not None:
            codes.update(term.code for term in codelist.terms.values())
    return codes
