"""Coded exports: SAS data with a catalogue of formats, EDC exports in several encodings; built, and traced to cells."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from sdtm_builder.commands.pipeline import Made, make, prepare
from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.issues import IssueLog, Severity
from sdtm_builder.lineage import Lineage
from sdtm_builder.lineage.trace import Tracer
from sdtm_builder.write.xpt import write_xpt
from sdtm_builder.xpt.layout import XptColumn

from .support import rows, told, write_study

DAY = 23407.0  # 2024-02-01
SUBJECTS = "SUBJID\n01\n02\n"
STUDY = """\
raw:
  SUBJ: {{file: subj.csv, subject: SUBJID}}
  AE: {{{ae}}}
  CODES: {{{codes}}}
subjects: {{register: raw.SUBJ, usubjid: "SUBJID"}}
codelists: {{AESEV: {{synonyms: {synonyms}}}}}
submission: {{encoding: utf-8}}
"""
MAPPING = """\
dataset: AE
records:
  events:
    from: raw.AE
    join:
      severity: {{with: raw.CODES, where: "{which}", by: {{{code}: {start}}}, take: {{severity: {label}}}}}
    set:
      AETERM: AETERM
      AESEV: severity
      AESTDTC: {{date: AESTDT}}
keys: [USUBJID, AETERM]
"""


def built(root: Path, study: str, mapping: str, files: Mapping[str, bytes]) -> tuple[Made, IssueLog]:
    """The datasets of a study whose raw files are bytes."""
    folder = write_study(root, study, {"sdtm/ae.yaml": mapping}, {"subj.csv": SUBJECTS})
    for name, data in files.items():
        path = root / "raw" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    log = IssueLog()
    prepared = prepare(folder, root / "raw", log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    return make(prepared), log


def serious(log: IssueLog) -> list[str]:
    """Errors and warnings."""
    return [str(issue) for issue in log if issue.severity is not Severity.NOTE]


def cells(root: Path, made: Made, row: int, variable: str) -> list[tuple[str, int, str, str]]:
    """The raw cells behind a value of AE: file, row, column, value."""
    write_lineage(made.run, made.built, root / "lineage")
    node = Tracer(Lineage(root / "lineage")).variable("AE", row, variable)
    return sorted((c.file, c.row, c.name, c.value) for c in node.cells())


def test_a_transport_file_with_a_catalogue_of_formats(tmp_path: Path) -> None:
    def text(name: str, values: list[str]) -> XptColumn:
        return XptColumn(name, "", "Char", 20, "", codes=np.arange(len(values), dtype=np.int32), texts=values)

    columns = [
        text("SUBJID", ["01", "02", "02 "]),
        text("AETERM", ["fever", "cold", "rash"]),
        XptColumn("SEV", "Severity", "Num", 8, "SEVF.", numbers=np.array([1.0, 3.0, 4.0])),
        XptColumn("AESTDT", "Start", "Num", 8, "DATE9.", numbers=np.array([DAY, DAY + 1, np.nan])),
    ]
    raw = tmp_path / "raw"
    raw.mkdir()
    assert write_xpt(raw / "ae.xpt", "AE", "", columns, dt.datetime(2024, 3, 1), encoding="utf-8") == []
    catalogue = b"FMTNAME,START,END,LABEL\nSEVF,1,1,Mild\nOUTF,1,1,Recovered\nOUTF,4,4,Fatal\nSEVF,3,3,Severe\n"
    study = STUDY.format(
        ae="file: ae.xpt, subject: SUBJID", codes="file: formats.csv", synonyms="{Mild: MILD, Severe: SEVERE}"
    )
    mapping = MAPPING.format(which="FMTNAME = 'SEVF'", code="SEV", start="START", label="LABEL")
    made, log = built(tmp_path, study, mapping, {"formats.csv": catalogue})
    assert rows(made, "AE", "USUBJID", "AETERM", "AESEV", "AESTDTC") == [
        ("01", "fever", "MILD", "2024-02-01"),
        ("02", "cold", "SEVERE", "2024-02-02"),
        ("02", "rash", "", ""),
    ]
    assert told(log, "join-missing", "ct-miss") == ["join-missing SEV:3"]
    assert cells(tmp_path, made, 1, "AESEV") == [("formats.csv", 5, "LABEL", "Severe")]


@pytest.mark.parametrize("packed", [True, False], ids=["zip", "folder"])
@pytest.mark.parametrize(
    ("encoding", "label", "terms", "mild"),
    [
        ("gb18030", "不良事件", ("发热", "头痛"), "轻度"),
        ("shift_jis", "有害事象", ("発熱", "頭痛"), "軽度"),
        ("latin-1", "Événement", ("Fièvre", "Maux de tête"), "Légère"),
    ],
)
def test_an_edc_export_in_any_encoding(
    tmp_path: Path, packed: bool, encoding: str, label: str, terms: tuple[str, str], mild: str
) -> None:
    form = (
        f"Subject,{label},Severity,Start\nSUBJECT,AETERM,AESEV_C,AESTDT\n"
        f"02,{terms[0]},1,2024-02-01\n02,{terms[1]},1,2024-02\n"
    )
    files = {"AE.csv": form.encode(encoding), "CodeLists.csv": f"LIST,CODE,DECODE\nSEV,1,{mild}\n".encode(encoding)}
    if packed:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        given, at = {"edc.zip": out.getvalue()}, "edc.zip!/"
    else:
        given, at = {f"edc/{name}": data for name, data in files.items()}, "edc/"
    study = STUDY.format(
        ae=f"file: {at}AE.csv, header: [label, name], subject: SUBJECT, encoding: {encoding}",
        codes=f"file: {at}CodeLists.csv, encoding: {encoding}",
        synonyms=f"{{{mild}: MILD}}",
    )
    mapping = MAPPING.format(which="LIST = 'SEV'", code="AESEV_C", start="CODE", label="DECODE")
    made, log = built(tmp_path, study, mapping, given)
    assert serious(log) == []
    found = rows(made, "AE", "USUBJID", "AETERM", "AESEV", "AESTDTC")
    assert sorted(found) == sorted([("02", terms[0], "MILD", "2024-02-01"), ("02", terms[1], "MILD", "2024-02")])
    row = [record[1] for record in found].index(terms[1])
    assert cells(tmp_path, made, row, "AETERM") == [(f"{at}AE.csv", 4, "AETERM", terms[1])]
    assert cells(tmp_path, made, row, "AESEV") == [(f"{at}CodeLists.csv", 2, "DECODE", mild)]
    assert made.run.raw["AE"].rows.parts[0].headers["AETERM"].texts["label"] == label
