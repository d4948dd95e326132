"""A transport file or define.xml can't be read.

The other files are checked all the same.
Why: What can't be read can't be reviewed.
Remedy: Write the file again; it may be cut short, of another version, or changed in transfer.
Source: SAS TS-140; Define-XML 2.1.

Bad:
    DM USUBJID
       S1
    broken ae.xpt the file ends within a record of 80 bytes
    -> ae.xpt

Good:
    DM USUBJID
       S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", standards=("sdtm", "adam"))
def check(study: Study) -> Found:
    for file, why in study.broken:
        yield about(file, f"{file} can't be read: {why}")
