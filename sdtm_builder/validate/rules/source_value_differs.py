"""AVAL is not the result of the SDTM record, and no DTYPE says why.

Looked at where PARAMCD is the --TESTCD of the record of --SEQ, or of SRCDOM and SRCSEQ: AVAL against --STRESN. A
parameter whose values are all the same multiple of the results was converted to another unit; there the multiple is
right.
Why: A value that a rule made (LLOQ/2 for `<LLOQ`) is taken for a measured one.
Remedy: Take the result, or fill DTYPE (HALFLLOQ, ULOQ, LOCF ...).
Source: ADaMIG 1.3, 3.3.5 (DTYPE) and 3.3.4 (AVAL).

Bad:
    LB USUBJID LBSEQ LBTESTCD LBSTRESC LBSTRESN
       S1      1     ALT      5        5
       S1      2     ALT      <5       .
       S1      3     ALT      7        7
    ADLB USUBJID LBSEQ PARAMCD AVAL DTYPE
         S1      1     ALT     6    .
         S1      2     ALT     2.5  .
         S1      3     ALT     .    .
    -> ADLB [USUBJID=S1 PARAMCD=ALT LBSEQ=1] AVAL DTYPE
    -> ADLB [USUBJID=S1 PARAMCD=ALT LBSEQ=2] AVAL DTYPE
    -> ADLB [USUBJID=S1 PARAMCD=ALT LBSEQ=3] AVAL DTYPE

Bad:
    PP USUBJID PPSEQ PPTESTCD PPSTRESN
       S1      1     CMAX     5
    ADPP USUBJID PARAMCD SRCDOM SRCSEQ AVAL
         S1      CMAX    PP     1      6
    -> ADPP [USUBJID=S1 PARAMCD=CMAX] AVAL

Good:
    LB USUBJID LBSEQ LBTESTCD LBSTRESC LBSTRESN
       S1      1     ALT      5        5
       S1      2     ALT      <5       .
       S1      3     GLUC     5        5
       S1      4     GLUC     6        6
       S1      5     HGB      6        6
    ADLB USUBJID LBSEQ PARAMCD AVAL DTYPE
         S1      1     ALT     5    .
         S1      2     ALT     2.5  HALFLLOQ
         S1      3     GLUC    90   .
         S1      4     GLUC    108  .
         S1      5     HGBX    7    .

Bad:
    LB USUBJID LBSEQ LBTESTCD LBSTRESN
       S1      1     GLUC     5
       S1      2     GLUC     6
       S1      3     GLUC     0
       S1      4     ALT      5
       S1      5     AST      5
       S1      6     AST      6
       S1      7     AST      .
    ADLB USUBJID LBSEQ PARAMCD AVAL
         S1      1     GLUC    90
         S1      2     GLUC    109.5
         S1      3     GLUC    0
         S1      4     ALT     90
         S1      5     AST     50
         S1      6     AST     60
         S1      7     AST     60
    -> ADLB [USUBJID=S1 PARAMCD=GLUC LBSEQ=1] AVAL
    -> ADLB [USUBJID=S1 PARAMCD=GLUC LBSEQ=2] AVAL
    -> ADLB [USUBJID=S1 PARAMCD=ALT LBSEQ=4] AVAL
    -> ADLB [USUBJID=S1 PARAMCD=AST LBSEQ=7] AVAL
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.analysis import agree, same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Mask, Table, adam_rule, records
from sdtm_builder.validate.sources import SourceRecords
from sdtm_builder.validate.table import Codes

Numbers = NDArray[np.float64]


@adam_rule("error", classes=["BDS"], needs=["USUBJID", "PARAMCD", "AVAL"])
def check(study: AdamStudy, table: Table) -> Found:
    for source in study.sources(table):
        yield from _differing(table, source)


def _differing(table: Table, source: SourceRecords) -> Found:
    """The records of one domain whose value is another."""
    test, result = f"{source.letters}TESTCD", f"{source.letters}STRESN"
    if not source.has(test) or not source.has(result) or source.column(result).is_text:
        return []
    value, theirs = table.numbers("AVAL"), np.asarray(source.column(result).data, dtype=np.float64)
    own = source.found & same(source.column(test), table.column("PARAMCD")) & table.empty("DTYPE")
    where = own & ~agree(value, theirs)
    if not where.any():
        return []
    where &= ~_converted(table.groups(["PARAMCD"]), value, theirs, own)
    message = f"AVAL is '{{AVAL}}', {result} of the record is {{theirs}}, and DTYPE is empty"
    return records(table, where, message, "AVAL", "DTYPE", extra={"theirs": shown(theirs)})


def _converted(groups: Codes, value: Numbers, theirs: Numbers, own: Mask) -> Mask:
    """Records that are a multiple of their result, the same for all results of the parameter, two or more of them."""
    usable = own & np.isfinite(value) & np.isfinite(theirs) & (theirs != 0) & (value != 0)
    size = int(groups.max()) + 1
    factor, count = np.full(size, np.nan), np.bincount(groups[usable], minlength=size)
    factor[groups[usable]] = (value / np.where(theirs == 0, 1, theirs))[usable]
    near = np.abs(value - factor[groups] * theirs) <= 0.01 * np.abs(value)
    odd = np.bincount(groups[own & np.isfinite(theirs) & ~near], minlength=size)
    return np.asarray(((odd == 0) & (count > 1))[groups] & near)
