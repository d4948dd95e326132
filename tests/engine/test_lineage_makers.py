"""Lineage and accounts of records that a record maker gives."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sdtm_builder import registry
from sdtm_builder.engine.accounts import summarise
from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.lineage import trace
from sdtm_builder.model import Kind, Vector
from sdtm_builder.model.summary import StepCount
from sdtm_builder.registry import MadeRecords, MakerContext, records

from .lineage_kit import MAPPINGS, RAW, build

CE = """
dataset: CE
records:
  worst:
    make: latest_rows
    from: raw.AE
    where: "CODED = 'yes' AND SUBJ <> '09'"
    why: Not coded yet
derive: {CEPRESP: {value: Y}}
keys: [USUBJID, CETERM]
"""

AE = """\
SUBJ,NO,TERM,START,SER,CODED,PAGE
01,1,Fever,2024-01-03,no,yes,1
01,2,Cough,2024-01-04,no,yes,1
02,1,Rash,2024-01-05,no,no,1
02,2,Pain,2024-01-06,no,yes,1
"""


@records("latest_rows", columns={"USUBJID": Kind.TEXT, "--TERM": Kind.TEXT})
def latest_rows(ctx: MakerContext) -> MadeRecords:
    """The last row of each subject, in the order of the file."""
    assert ctx.source is not None
    subjects, terms = ctx.source.usubjid(), ctx.source.vector("TERM")
    last = np.array(sorted({int(code): row for row, code in enumerate(subjects.data)}.values()))
    columns = {"USUBJID": subjects.take(last), "CETERM": terms.take(last)}
    return MadeRecords(columns, len(last), {"row": (ctx.source_key, ctx.source_rows[last])})


def test_records_of_a_maker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry.load_all()
    monkeypatch.setitem(registry._MAKERS, "latest_rows", latest_rows.derivation)  # type: ignore[attr-defined]
    raw = {**RAW, "ae.csv": AE}
    mappings = {**{k: v for k, v in MAPPINGS.items() if k in ("dm", "ex", "vs")}, "ae": MAPPINGS["ae"], "ce": CE}
    mappings["ae"] = mappings["ae"].replace("[raw.AE, raw.OLD]", "raw.OLD")
    made = build(tmp_path, mappings, raw)
    assert isinstance(made.run.variable("CE", "", "CETERM"), Vector)
    summary = summarise(made.run, made.built, version="1", as_of="")
    source = next(s for s in summary.sources if s.name == "AE")
    assert dict(source.fates) == {"used": 2, "read by a record maker": 1, "filtered: Not coded yet": 1}
    assert {c.column: c.used_by for c in source.columns}["TERM"] == ("CE make",)
    block = next(d for d in summary.datasets if d.name == "CE").blocks[0]
    assert block.steps == (
        StepCount("read", 4),
        StepCount("where", 1, "Not coded yet"),
        StepCount("make", 0, "latest_rows", 2),
    )
    write_lineage(made.run, made.built, tmp_path / "lineage")
    for variable in ("CETERM", "USUBJID"):
        node = trace(tmp_path, "CE", {"CETERM": "Pain"}, variable)
        assert [(c.file, c.row) for c in node.cells()] == [("ae.csv", 5)], variable
