"""define.xml names a predecessor that is not there.

The origin is Predecessor, and its description is no DATASET.VARIABLE of the SDTM or analysis datasets; several may be
named.
Why: The trace from the analysis to the collected value ends in nothing.
Remedy: Name the dataset and variable that the value was copied from.
Source: Define-XML 2.1, 5.3.12 (Origin Predecessor); ADaMIG 1.3, 2.2.

Bad:
    DM USUBJID AGE
       S1      30
    ADSL USUBJID AGE SEX
         S1      30  M
    define ADSL.AGE origin=Predecessor predecessor=DM.AGEX
    define ADSL.SEX origin=Predecessor
    -> ADSL AGE
    -> ADSL SEX

Good:
    DM USUBJID AGE
       S1      30
    ADSL USUBJID AGE
         S1      30
    ADVS USUBJID PARAMCD AVAL AGE
         S1      HR      70   30
    define ADSL.AGE origin=Predecessor predecessor=DM.AGE
    define ADVS.AGE origin=Predecessor predecessor=ADSL.AGE
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule
from sdtm_builder.validate.named import named_parts, qualifiers_of

_NAME = re.compile(r"\b([A-Z][A-Z0-9]{1,7})\.([A-Z_][A-Z0-9_]{0,7})\b")


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    for item in defined.items if defined is not None else ():
        if item.origin != "Predecessor":
            continue
        named = _NAME.findall(item.predecessor)
        if not named:
            yield about(table.name, f"the predecessor of {item.name} is '{item.predecessor}', no variable", item.name)
        for dataset, variable in named:
            if study.sdtm is not None and not is_there(study, dataset, variable):
                text = f"{dataset}.{variable}, the predecessor of {item.name}, is not there"
                yield about(table.name, text, item.name)


def is_there(study: AdamStudy, dataset: str, variable: str) -> bool:
    """Whether a dataset, or a part of a domain, or its supplemental qualifiers, have a variable."""
    domain = dataset.removeprefix("SUPP")
    parts = named_parts(study, dataset)
    return any(part.has(variable) for part in parts) or variable in qualifiers_of(study, domain)
