"""Faults that follow from a source that there is not are counted in one line; an own one beside them stays."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.commands import check

FILES = {
    "specs/S/study.yaml": """\
study: {id: S, title: t}
standards: {sdtmig: "3.4", define: "2.1", ct: {sdtm: 2025-03-28}}
subjects: {register: raw.DM, usubjid: SUBJID}
raw:
  DM: {file: dm.csv, subject: SUBJID}
""",
    "specs/S/dm.csv": "SUBJID\n1\n",
    "mappings/S/sdtm/ae.yaml": """\
dataset: AE
records:
  a: {from: raw.AEX, set: {AETERM: T, AESTDTC: {date: D}, AESEV: S}}
keys: [USUBJID, AETERM]
""",
    "mappings/S/sdtm/dm.yaml": """\
dataset: DM
records:
  a: {from: raw.DM, set: {SUBJID: SUBJID, SEX: study.X}}
keys: USUBJID
""",
}


def test_a_source_that_there_is_not(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines: list[str] = []
    assert check.run(tmp_path / "specs" / "S", tell=lines.append) == 2
    assert [line.partition("mappings/S/sdtm/")[2] or line for line in lines[:-1]] == [
        "ae.yaml:3:13 unknown-table: There is no table raw.AEX. Near: raw.DM.",
        "dm.yaml:3:48 unknown-column: the study file's `constants` has no column study.X. Near: study.id.",
        "raw.AEX was not read: 3 more faults follow from it.",
    ]
    assert lines[-1].endswith("2 errors, it can't be built.")
