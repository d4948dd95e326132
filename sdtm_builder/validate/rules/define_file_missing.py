"""The file that define.xml names for a dataset is not there, or is not the dataset's.

Why: The links of define.xml lead nowhere.
Remedy: Name the file as it is written, in lower case.
Source: Define-XML 2.1, def:leaf.

Bad:
    AE USUBJID AESEQ
       S1      1
    file AE1.xpt ae.xpt
    define AE href=ae1.xpt
    -> AE

Bad:
    AE USUBJID AESEQ
       S1      1
    file ae.xpt
    define AE href=
    -> AE

Good:
    AE USUBJID AESEQ
       S1      1
    file ae.xpt
    define
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    for name, defined in study.define.datasets.items() if study.define is not None else ():
        table = study.table(name)
        if not defined.href:
            if not defined.has_no_data:
                yield about(name, "define.xml names no file for the dataset")
        elif defined.href.removeprefix("./") not in study.files:
            yield about(name, f"define.xml names the file {defined.href}, which is not there")
        elif table is not None and table.file != defined.href.removeprefix("./"):
            yield about(name, f"define.xml names the file {defined.href}, but the dataset is in {table.file}")
