"""A text holds a character that is not printable ASCII.

Why: Agencies take ASCII; other characters arrive as something else.
Remedy: Translate or transcribe the text; a remedy by normalising changes what was reported.
Source: FDA Study Data Technical Conformance Guide.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     Fièvre
    -> AE [USUBJID=S1 AESEQ=1] AETERM

Good:
    AE USUBJID AESEQ AETERM
       S1      1     Fever
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, records, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for name, variable in table.variables.items():
        if variable.type == "Char":
            where = table.matching(name, lambda text: not (text.isascii() and text.isprintable()))
            yield from records(table, where, f"{name} '{{{name}}}' holds other characters than printable ASCII", name)
        if not variable.label.isascii():
            yield about(table.name, f"the label of {name} holds other characters than ASCII", name)
