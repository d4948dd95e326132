"""ASEQ is missing, or occurs twice within a subject and dataset.

Why: SRCSEQ of another dataset finds the wrong record, or two.
Remedy: Number the records of a subject through.
Source: ADaMIG 1.3, 3.3.1 (ASEQ).

Bad:
    ADVS USUBJID ASEQ PARAMCD AVAL
         S1      1    HR      70
         S1      1    BMI     20
         S2      .    HR      70
    -> ADVS [USUBJID=S1 PARAMCD=BMI ASEQ=1] ASEQ
    -> ADVS [USUBJID=S2 PARAMCD=HR] ASEQ

Good:
    ADVS USUBJID ASEQ PARAMCD AVAL
         S1      1    HR      70
         S1      2    HR      70
         S2      1    HR      70
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", needs=["USUBJID", "ASEQ"])
def check(study: AdamStudy, table: Table) -> Found:
    yield from records(table, table.empty("ASEQ"), "ASEQ is missing", "ASEQ")
    where = table.repeats(["USUBJID", "ASEQ"], table.filled("ASEQ"))
    yield from records(table, where, "ASEQ {ASEQ} occurs in an earlier record of the subject", "ASEQ")
