"""Codes and the names beside them in a dataset: --TESTCD and --TEST, PARAMCD and PARAM, AGEGR1N and AGEGR1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .datatypes import value_texts
from .finish import Built

PAIRS = {"ETCD": "ELEMENT"}


@dataclass(frozen=True)
class CodePairs:
    """Names by code, as the records have them; `single` where each code has one name and each name one code."""

    names: Mapping[str, str]
    single: bool


def code_pairs(built: Built, name: str) -> CodePairs:
    """The names of a variable's codes: of a text variable that ends in CD, in ADaM also of a number that ends in N.

    The number has the name of its text with an N at its end (ADaMIG 1.3, section 3.1.1). Codes without a name in any
    record have none; without such a pair of variables there are no names.
    """
    columns = {v.name: v.values for v in built.variables}
    number = name.endswith("N") and built.standard == "adam" and name in columns and not columns[name].is_text
    other = name[:-1] if number else PAIRS.get(name, name.removesuffix("CD"))
    if other == name or other not in columns or name not in columns or not columns[other].is_text:
        return CodePairs({}, False)
    if not number and not columns[name].is_text:
        return CodePairs({}, False)
    codes, texts = value_texts(columns[name])
    names, words = value_texts(columns[other])
    both = (codes >= 0) & (names >= 0)
    pairs = np.unique(np.column_stack([codes[both], names[both]]), axis=0)
    alone = not ((codes >= 0) != (names >= 0)).any()
    single = alone and len(np.unique(pairs[:, 0])) == len(pairs) == len(np.unique(pairs[:, 1]))
    return CodePairs({texts[c]: words[n] for c, n in pairs[::-1]}, bool(single and len(pairs)))
