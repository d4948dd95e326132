"""The object of a finding about an event or intervention is not that of the record it is related to.

Where RELREC relates a record of FA to one of an event or intervention, FAOBJ is that record's --DECOD, or its --TERM or
--TRT if --DECOD is missing.
Why: The finding is told of something else than the record that it belongs to.
Remedy: Take FAOBJ from the record, or correct the relationship.
Source: IG 6.4 FA.

Bad:
    FA USUBJID FASEQ FATESTCD FAOBJ
       S1      1     SEV      Headache
       S1      2     SEV      Rash
    AE USUBJID AESEQ AETERM   AEDECOD
       S1      1     Headache "HEAD PAIN"
    CM USUBJID CMSEQ CMTRT    CMDECOD
       S1      1     Cream    .
    RELREC RDOMAIN USUBJID IDVAR IDVARVAL RELID
           FA      S1      FASEQ 1        R1
           AE      S1      AESEQ 1        R1
           CM      S1      CMSEQ 1        R2
           FA      S1      FASEQ 2        R2
    -> FA [USUBJID=S1 FASEQ=1] FAOBJ
    -> FA [USUBJID=S1 FASEQ=2] FAOBJ

Good:
    FA USUBJID FASEQ FATESTCD FAOBJ
       S1      1     SEV      "HEAD PAIN"
       S1      2     SEV      Cream
       S1      3     SEV      Other
    AE USUBJID AESEQ AETERM   AEDECOD
       S1      1     Headache "HEAD PAIN"
    CM USUBJID CMSEQ CMTRT    CMDECOD
       S1      1     Cream    .
    RELREC RDOMAIN USUBJID IDVAR IDVARVAL RELID
           FA      S1      FASEQ 1        R1
           AE      S1      AESEQ 1        R1
           CM      S1      CMSEQ 1        R2
           FA      S1      FASEQ 2        R2
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.kit import Found, Mask, Study, Table, records, rule
from sdtm_builder.validate.supp import parents_of


@rule("error", cdisc=["CG0174", "CG0601", "CG0602", "CG0603"], domains=["FA"], needs=["FAOBJ", "FASEQ"])
def check(study: Study, table: Table) -> Found:
    for relations in study.of_domain("RELREC"):
        groups = relations.groups(["USUBJID", "RELID"])
        objects = _objects(study, relations)
        named = np.flatnonzero(_given(objects))
        found, first = np.unique(groups[named], return_index=True)
        expected = np.full(table.n, None, dtype=object)
        own = relations.equals("RDOMAIN", table.domain) & relations.equals("IDVAR", "FASEQ")
        for _, rows, at in parents_of(relations, table, own):
            place = np.minimum(np.searchsorted(found, groups[rows]), max(len(found) - 1, 0))
            if len(found):
                hit = (found[place] == groups[rows]) & (at >= 0)
                expected[at[hit]] = objects[named[first[place[hit]]]]
        where = _given(expected) & np.asarray(table.strings("FAOBJ") != expected, dtype=bool)
        message = "FAOBJ is '{FAOBJ}', the related record has '{expected}'"
        yield from records(table, where, message, "FAOBJ", extra={"expected": expected})


def _objects(study: Study, relations: Table) -> NDArray[np.object_]:
    """For each record of RELREC what its event or intervention is called; None where it is none or not there."""
    objects = np.full(relations.n, None, dtype=object)
    for parent in study.each("EVENTS", "INTERVENTIONS"):
        decoded = parent.strings("--DECOD")
        reported = parent.strings("--TERM" if parent.klass == "EVENTS" else "--TRT")
        named = np.where(parent.filled("--DECOD"), decoded, reported)
        own = relations.equals("RDOMAIN", parent.domain) & relations.equals("IDVAR", parent.named("--SEQ"))
        for _, rows, at in parents_of(relations, parent, own):
            objects[rows[at >= 0]] = named[at[at >= 0]]
    return objects


def _given(texts: NDArray[np.object_]) -> Mask:
    return Vector.of_texts(texts.tolist()).present()
