"""A dataset is in define.xml and not among the files, or the reverse, or twice.

A dataset that define.xml declares as without data needs no file.
Why: Each dataset is described once, and each description has its dataset.
Remedy: Write define.xml from the datasets that are written.
Source: Define-XML 2.1, ItemGroupDef.

Bad:
    DM USUBJID
       S1
    AE USUBJID AESEQ
       S1      1
    define - AE
    define + CM
    -> AE
    -> CM

Good:
    DM USUBJID
       S1
    define DM
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    if study.define is None:
        return
    for name, defined in study.define.datasets.items():
        if name not in study.tables and not defined.has_no_data:
            yield about(name, "define.xml describes the dataset, but it is not among the files that were read")
    for name in study.tables:
        if name not in study.define.datasets:
            yield about(name, "define.xml does not describe the dataset")
    for name in study.define.repeated_datasets:
        yield about(name, "define.xml describes the dataset more than once")
