"""The label of a variable that the standard lacks is not in title case.

Words begin with a capital letter or a digit, but for articles, conjunctions and prepositions after the first word.
Labels of the standard's own variables are compared with the standard instead.
Why: Labels of one dataset are read side by side; the standard's are in title case.
Remedy: Write the label's words with a capital.
Source: IG 4.1.4.

Bad:
    XX USUBJID XXSEQ XXTRT XXOWN=Dose_of_own_choice XXNEW=the_Choice
       S1      1     a     b     c
    -> XX XXOWN
    -> XX XXNEW

Good:
    XX USUBJID XXSEQ XXTRT XXOWN=Dose_of_the_Choice XXNEW=mRNA_Copies_per_mL
       S1      1     a     b     c
    AE USUBJID AESEQ
       S1      1
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

_SMALL = re.compile(
    r"an?|and|as|at|but|by|for|from|if|in|into|is|nor|of|off|on|onto|or|out|over|per|so|than|the|to|up|via|vs|when|"
    r"with|within|without|after|before|between|during|since|until"
)
_LOWER = re.compile(r"[a-z]+", re.ASCII)


@rule("note", cdisc=["CG0359"])
def check(study: Study, table: Table) -> Found:
    known = study.permitted(table)
    for name, variable in table.variables.items():
        if name not in known and not study.continues(table, name) and not _is_title(variable.label):
            yield about(table.name, f"the label of {name} is not in title case: {variable.label}", name)


def _is_title(label: str) -> bool:
    """Whether no word is of small letters alone, but for the small words after the first."""
    first, *others = re.split(r"[\s/()]+", label)
    return not any(_LOWER.fullmatch(word) for word in (first, *(w for w in others if not _SMALL.fullmatch(w))))
