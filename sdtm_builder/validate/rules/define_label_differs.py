"""A label in define.xml is not the dataset's or the variable's own.

Why: The two are read as one.
Remedy: Write both from one source.
Source: Define-XML 2.1, Description.

Bad:
    AE USUBJID AESEQ
       S1      1
    define AE label=Events
    define AE.AESEQ label=Number
    -> AE
    -> AE AESEQ

Good:
    AE USUBJID AESEQ
       S1      1
    define
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    if defined is None:
        return
    if defined.label != table.label:
        yield about(table.name, f"the label is '{table.label}', in define.xml '{defined.label}'")
    for item in defined.items:
        own = table.variables.get(item.name)
        if own is not None and own.label != item.label:
            text = f"the label of {item.name} is '{own.label}', in define.xml '{item.label}'"
            yield about(table.name, text, item.name)
