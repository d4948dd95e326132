"""Dataset-JSON 1.1: literal files, the type combinations of the specification, faults, and reading back."""
from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdtm_builder.write import dataset_json
from sdtm_builder.write.dataset_json import (
    DatasetJsonColumn,
    DatasetJsonMetadata,
    check_dataset_json,
    format_sas_moment,
    write_dataset_json,
)
from sdtm_builder.write.dataset_json_reader import DatasetJsonError, read_dataset_json

METADATA = DatasetJsonMetadata(created=datetime(2025, 3, 9, 4, 5, 6), item_group_oid="IG.AE", name="AE", label="Events")


def text(name: str, values: list[str | None], data_type: str = "string", **attributes: Any) -> DatasetJsonColumn:
    texts = sorted({value for value in values if value is not None})
    codes = np.array([-1 if value is None else texts.index(value) for value in values], dtype=np.int32)
    return DatasetJsonColumn(f"IT.AE.{name}", name, "", data_type, codes=codes, texts=texts, **attributes)


def num(name: str, values: list[float | None], data_type: str = "double", target: str | None = None,
        **attributes: Any) -> DatasetJsonColumn:
    numbers = np.array([math.nan if value is None else value for value in values], dtype=float)
    return DatasetJsonColumn(f"IT.AE.{name}", name, "", data_type, target, numbers=numbers, **attributes)


def rules(*columns: DatasetJsonColumn, metadata: DatasetJsonMetadata = METADATA) -> list[str]:
    return [fault.rule for fault in check_dataset_json(metadata, columns)]


def test_a_whole_file(tmp_path: Path) -> None:
    metadata = DatasetJsonMetadata(
        created=datetime(2025, 3, 9, 4, 5, 6, tzinfo=UTC), item_group_oid="IG.AE", name="AE", label="Adverse Events",
        file_oid="F.1", db_last_modified=datetime(2025, 3, 1, tzinfo=UTC), originator="Sponsor",
        source_system=("sdtm_builder", "1.0"), study_oid="ST.1", meta_data_version_oid="MDV.1",
        meta_data_ref="define.xml")
    columns = [text("USUBJID", ["S-1", "Zoë \"x\"\n"], length=12, key_sequence=1), num("AESEQ", [1, 2], "integer"),
               num("ASTDT", [23000, None], "date", "integer", display_format="E8601DA."),
               num("AVAL", [0.1, 5], "decimal", "decimal"), text("AETERM", ["", None])]
    assert write_dataset_json(tmp_path / "ae.json", metadata, columns) == []
    assert (tmp_path / "ae.json").read_bytes().decode("utf-8") == """{
"datasetJSONCreationDateTime": "2025-03-09T04:05:06Z",
"datasetJSONVersion": "1.1.0",
"fileOID": "F.1",
"dbLastModifiedDateTime": "2025-03-01T00:00:00Z",
"originator": "Sponsor",
"sourceSystem": {"name": "sdtm_builder", "version": "1.0"},
"studyOID": "ST.1",
"metaDataVersionOID": "MDV.1",
"metaDataRef": "define.xml",
"itemGroupOID": "IG.AE",
"records": 2,
"name": "AE",
"label": "Adverse Events",
"columns": [
{"itemOID": "IT.AE.USUBJID", "name": "USUBJID", "label": "", "dataType": "string", "length": 12, "keySequence": 1},
{"itemOID": "IT.AE.AESEQ", "name": "AESEQ", "label": "", "dataType": "integer"},
{"itemOID": "IT.AE.ASTDT", "name": "ASTDT", "label": "", "dataType": "date", "targetDataType": "integer", \
"displayFormat": "E8601DA."},
{"itemOID": "IT.AE.AVAL", "name": "AVAL", "label": "", "dataType": "decimal", "targetDataType": "decimal"},
{"itemOID": "IT.AE.AETERM", "name": "AETERM", "label": "", "dataType": "string"}
],
"rows": [
["S-1",1,"2022-12-21","0.1",""],
["Zoë \\"x\\"\\n",2,null,"5",null]
]
}
"""


def test_optional_attributes_are_left_out_and_no_rows_keep_columns(tmp_path: Path) -> None:
    path = tmp_path / "ae.json"
    assert write_dataset_json(path, METADATA, [text("A", []), num("B", [], "date", "integer")]) == []
    content = json.loads(path.read_text("utf-8"))
    assert list(content) == ["datasetJSONCreationDateTime", "datasetJSONVersion", "itemGroupOID", "records", "name",
                             "label", "columns", "rows"]
    assert (content["records"], content["rows"]) == (0, [])
    assert [(column.data_type, column.values()) for column in read_dataset_json(path).columns] == [
        ("string", []), ("date", [])]


@pytest.mark.parametrize(("kind", "number", "shown"), [
    ("date", 0, "1960-01-01"), ("date", -1, "1959-12-31"), ("date", 21244, "2018-03-01"),
    ("datetime", 0, "1960-01-01T00:00:00"), ("datetime", -1, "1959-12-31T23:59:59"),
    ("time", 0, "00:00:00"), ("time", 86399, "23:59:59"),
])
def test_sas_moments(kind: str, number: float, shown: str) -> None:
    assert format_sas_moment(kind, number) == shown


@pytest.mark.parametrize(("kind", "target", "number", "shown"), [
    ("double", None, 0.1, "0.1"), ("double", None, 5.0, "5"), ("double", None, -0.0, "0"),
    ("float", None, 1e300, "1e+300"), ("integer", None, 1e15, "1000000000000000"),
    ("decimal", "decimal", 1e-7, '"0.0000001"'),
    ("decimal", "decimal", 30.8983333232059, '"30.8983333232059"'), ("boolean", None, 1, "true"),
    ("boolean", None, 0, "false"), ("double", None, None, "null"), ("decimal", "decimal", None, "null"),
])
def test_numbers(tmp_path: Path, kind: str, target: str | None, number: float | None, shown: str) -> None:
    path = tmp_path / "a.json"
    assert write_dataset_json(path, METADATA, [num("A", [number], kind, target)]) == []
    assert path.read_text("utf-8").splitlines()[-3] == f"[{shown}]"
    assert read_dataset_json(path).columns[0].values() == [number]


@pytest.mark.parametrize(("number", "kind", "target"), [
    (0.5, "integer", None), (math.inf, "double", None), (-math.inf, "decimal", "decimal"), (0.5, "date", "integer"),
    (1e9, "date", "integer"), (0.25, "datetime", "integer"), (86400, "time", "integer"), (-1, "time", "integer"),
    (2, "boolean", None),
])
def test_number_faults(number: float, kind: str, target: str | None) -> None:
    faults = check_dataset_json(METADATA, [num("A", [None, number, 1, number], kind, target)])
    assert [(f.rule, f.variable, f.records, f.value) for f in faults] == [("DSJ_NUMBER", "A", (1, 3), number)]


def test_type_combinations() -> None:
    for kind in ("string", "date", "datetime", "time", "URI"):
        assert rules(text("A", ["x"], kind)) == []
        assert rules(num("A", [1], kind)) == ["DSJ_TYPE"]
    for kind in ("integer", "float", "double", "boolean"):
        assert rules(num("A", [1], kind)) == []
        assert rules(text("A", ["x"], kind)) == ["DSJ_TYPE"]
    assert rules(num("A", [1], "decimal")) == ["DSJ_TYPE"]
    assert rules(num("A", [1], "integer", "integer")) == ["DSJ_TYPE"]
    assert rules(text("A", ["2020-01-01"], "date", target_data_type="integer")) == ["DSJ_TYPE"]
    assert rules(num("A", [1], "text")) == ["DSJ_TYPE"]
    assert rules(text("A", ["1.10", "-3"], "decimal", target_data_type="decimal")) == []
    assert rules(text("A", ["1,5"], "decimal", target_data_type="decimal")) == ["DSJ_NUMBER"]


def test_text_and_metadata_faults(tmp_path: Path) -> None:
    assert rules(text("A", ["ééé"], length=3)) == []
    faults = check_dataset_json(METADATA, [text("A", ["ok", "four", None, "four"], length=3)])
    assert [(f.rule, f.records, f.value) for f in faults] == [("DSJ_TOO_LONG", (1, 3), "four")]
    assert rules(text("A", ["\ud800"])) == ["DSJ_SURROGATE"]
    assert rules() == ["DSJ_COLUMNS"]
    assert rules(num("A", [1]), num("A", [1])) == ["DSJ_DUPLICATE_NAME"]
    assert rules(num("A", [1], key_sequence=0)) == ["DSJ_ATTRIBUTE"]
    assert rules(replace(num("A", [1]), item_oid="")) == ["DSJ_ATTRIBUTE"]
    assert rules(num("A", [1]), metadata=replace(METADATA, item_group_oid="")) == ["DSJ_ATTRIBUTE"]
    assert rules(num("A", [1]), metadata=replace(METADATA, db_last_modified=datetime(2025, 3, 10))) == ["DSJ_MODIFIED"]
    assert rules(num("A", [1]), metadata=replace(METADATA, db_last_modified=datetime(2025, 3, 1, tzinfo=UTC))) == [
        "DSJ_MODIFIED"]
    assert len(write_dataset_json(tmp_path / "a.json", METADATA, [num("A", [math.inf])])) == 1
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="different lengths"):
        check_dataset_json(METADATA, [num("A", [1]), num("B", [])])


cells = st.tuples(st.none() | st.text(st.characters(codec="utf-8"), max_size=10),
                  st.none() | st.floats(allow_nan=False, allow_infinity=False),
                  st.none() | st.integers(-2**53, 2**53), st.none() | st.integers(-715000, 2_900_000))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(rows=st.lists(cells, max_size=12))
def test_read_back_is_equal(tmp_path: Path, rows: list[tuple[Any, ...]]) -> None:
    path = tmp_path / "p.json"
    parts: list[list[Any]] = [[row[place] for row in rows] for place in range(4)]
    columns = [text("A", parts[0]), num("B", parts[1], "double"), num("C", parts[1], "decimal", "decimal"),
               num("D", parts[2], "integer"), num("E", parts[3], "date", "integer"),
               num("F", [None if v is None else v * 20000 for v in parts[3]], "datetime", "integer")]
    assert write_dataset_json(path, METADATA, columns) == []
    back = read_dataset_json(path)
    assert back.metadata == METADATA
    assert [column.values() for column in back.columns] == [column.values() for column in columns]


def test_chunks_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [text("A", ["x", None, "y"]), num("B", [1, None, 2.5])]
    write_dataset_json(tmp_path / "one.json", METADATA, columns)
    monkeypatch.setattr(dataset_json, "CHUNK_ROWS", 2)
    write_dataset_json(tmp_path / "two.json", METADATA, columns)
    assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()


def good() -> dict[str, Any]:
    return {"datasetJSONCreationDateTime": "2025-03-09T04:05:06", "datasetJSONVersion": "1.1.0", "records": 1,
            "itemGroupOID": "IG.AE", "name": "AE", "label": "", "rows": [["x", 1]],
            "columns": [{"itemOID": "I.A", "name": "A", "label": "", "dataType": "string"},
                        {"itemOID": "I.B", "name": "B", "label": "", "dataType": "integer"}]}


@pytest.mark.parametrize(("change", "message"), [
    ({"records": 2}, "2 records are announced, 1 rows"), ({"rows": [["x"]]}, "row 1: an array of 2 values"),
    ({"rows": [["x", 1.5]]}, "row 1, column B: 1.5 is no integer"), ({"rows": [["x", True]]}, "True is no integer"),
    ({"rows": [["x", "1"]]}, "'1' is no integer"), ({"rows": [[1, 1]]}, "row 1, column A: 1 is no string"),
    ({"datasetJSONVersion": "1.0.0"}, "1.1 is wanted"), ({"studyOid": "x"}, "attribute studyOid is unknown"),
    ({"itemGroupOID": None}, "itemGroupOID: a string"), ({"records": True}, "records: an integer"),
    ({"columns": [{"itemOID": "I.A"}], "rows": [["x"]]}, "column 1: attribute name is absent"),
    ({"datasetJSONCreationDateTime": "9 March"}, "is no date and time"),
    ({"sourceSystem": {"name": "x"}}, "sourceSystem: attribute version is absent"),
])
def test_what_breaks_the_specification_is_located(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({**good(), **change}), "utf-8")
    with pytest.raises(DatasetJsonError, match=message):
        read_dataset_json(path)


@pytest.mark.parametrize(("raw", "message"), [
    (b"{", "line 1, column 2: no JSON"), (b"[]", "an object is wanted"), (b"\xff", "byte 0: no UTF-8"),
    (b'{"records": NaN}', "NaN is no JSON value"), (b'{"name": "A", "name": "B"}', "name stands twice"),
])
def test_no_json(tmp_path: Path, raw: bytes, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(raw)
    with pytest.raises(DatasetJsonError, match=message):
        read_dataset_json(path)


def test_thousands_and_rows_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    content = good()
    content["columns"][1].update(dataType="decimal", targetDataType="decimal")
    path.write_text(json.dumps({**content, "rows": [["x", "-1,234.50"]]}), "utf-8")
    assert read_dataset_json(path).columns[1].values() == [-1234.5]
    del content["rows"]
    path.write_text(json.dumps({**content, "records": 0}), "utf-8")
    assert read_dataset_json(path).records == 0
