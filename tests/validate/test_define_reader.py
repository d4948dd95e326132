"""define.xml read from text: what is taken from it, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.validate.define import Check, DefineError, read_define

HEAD = (
    '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.1" '
    'xmlns:xlink="http://www.w3.org/1999/xlink"><Study OID="S"><MetaDataVersion OID="MDV">'
)
TAIL = "</MetaDataVersion></Study></ODM>"
STANDARDS = """<def:Standards>
 <def:Standard OID="STD.1" Name="SDTMIG" Type="IG" Version="3.4" Status="Final"/>
 <def:Standard OID="STD.2" Name="CDISC/NCI" Type="CT" PublishingSet="SDTM" Version="2025-03-28" Status="Final"/>
</def:Standards>"""
DATASET = """
<def:ValueListDef OID="VL.LB.LBORRES"><ItemRef ItemOID="IT.LB.LBORRES.ALT" Mandatory="No">
  <def:WhereClauseRef WhereClauseOID="WC.ALT"/></ItemRef></def:ValueListDef>
<def:WhereClauseDef OID="WC.ALT"><RangeCheck SoftHard="Soft" def:ItemOID="IT.LB.LBTESTCD" Comparator="IN">
  <CheckValue>ALT</CheckValue><CheckValue>AST</CheckValue></RangeCheck></def:WhereClauseDef>
<ItemGroupDef OID="IG.LB" Name="LB" Domain="LB" Repeating="Yes" def:ArchiveLocationID="LF.LB">
  <Description><TranslatedText xml:lang="en">Laboratory Test Results</TranslatedText></Description>
  <ItemRef ItemOID="IT.LB.LBORRES" OrderNumber="2" Mandatory="No" Role="Result Qualifier"/>
  <ItemRef ItemOID="IT.LB.LBTESTCD" OrderNumber="1" Mandatory="Yes" KeySequence="1"/>
  <def:Class Name="FINDINGS"/>
  <def:leaf ID="LF.LB" xlink:href="lb.xpt"><def:title>lb.xpt</def:title></def:leaf>
</ItemGroupDef>
<ItemDef OID="IT.LB.LBTESTCD" Name="LBTESTCD" DataType="text" Length="8">
  <Description><TranslatedText xml:lang="en">Lab Test or Examination Short Name</TranslatedText></Description>
  <CodeListRef CodeListOID="CL.LBTESTCD"/></ItemDef>
<ItemDef OID="IT.LB.LBORRES" Name="LBORRES" DataType="text" Length="20">
  <def:ValueListRef ValueListOID="VL.LB.LBORRES"/></ItemDef>
<ItemDef OID="IT.LB.LBORRES.ALT" Name="LBORRES" DataType="integer" Length="3"/>
<CodeList OID="CL.LBTESTCD" Name="Tests" DataType="text">
  <CodeListItem CodedValue="ALT"><Decode><TranslatedText>x</TranslatedText></Decode></CodeListItem>
  <EnumeratedItem CodedValue="MINE" def:ExtendedValue="Yes"/>
  <Alias Context="nci:ExtCodeID" Name="C65047"/></CodeList>
"""


def _write(tmp_path: Path, body: str) -> Path:
    path = tmp_path / "define.xml"
    path.write_text('<?xml version="1.0" encoding="UTF-8"?>\n' + body, encoding="utf-8")
    return path


def test_what_is_read(tmp_path: Path) -> None:
    doc = read_define(_write(tmp_path, HEAD + STANDARDS + DATASET + TAIL))
    dataset = doc.datasets["LB"]
    assert (dataset.label, dataset.klass, dataset.href) == ("Laboratory Test Results", "FINDINGS", "lb.xpt")
    assert [item.name for item in dataset.items] == ["LBTESTCD", "LBORRES"]
    assert dataset.keys == ("LBTESTCD",)
    test = dataset.items[0]
    assert (test.label, test.length, test.mandatory) == ("Lab Test or Examination Short Name", 8, True)
    codelist = doc.codelists[test.codelist]
    assert (codelist.code, dict(codelist.terms)) == ("C65047", {"ALT": False, "MINE": True})
    assert dataset.items[1].role == "Result Qualifier"
    level = doc.value_lists[dataset.items[1].values][0]
    assert (level.data_type, level.length, level.where) == ("integer", 3, ("WC.ALT",))
    assert doc.wheres["WC.ALT"] == (Check("IT.LB.LBTESTCD", "IN", ("ALT", "AST")),)
    assert (doc.ig, dict(doc.ct)) == ("3.4", {"SDTM": "2025-03-28"})
    assert doc.repeated == ()
    assert doc.unresolved == ()


def test_references_and_repeats(tmp_path: Path) -> None:
    body = DATASET.replace('CodeListOID="CL.LBTESTCD"', 'CodeListOID="CL.GONE"')
    body = body.replace("IT.LB.LBORRES.ALT", "IT.LB.LBTESTCD")
    doc = read_define(_write(tmp_path, HEAD + body + TAIL))
    assert doc.unresolved == (("CodeListRef", "CodeListOID", "CL.GONE"),)
    assert doc.repeated == ("IT.LB.LBTESTCD",)


def test_an_entity_is_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    entity = f'<!DOCTYPE ODM [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    body = entity + HEAD + DATASET.replace("Laboratory Test Results", "&x;") + TAIL
    with pytest.raises(DefineError, match="document type"):
        read_define(_write(tmp_path, body))


def test_a_billion_laughs_are_refused(tmp_path: Path) -> None:
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    body = f"<!DOCTYPE ODM [{entities}]>" + HEAD + DATASET.replace("Laboratory", "&j;") + TAIL
    with pytest.raises(DefineError):
        read_define(_write(tmp_path, body))


@pytest.mark.parametrize("body", ["", "<ODM>", "<html/>", HEAD + DATASET])
def test_what_is_no_define(tmp_path: Path, body: str) -> None:
    with pytest.raises(DefineError):
        read_define(_write(tmp_path, body))


@pytest.mark.parametrize(
    ("attributes", "made"),
    [
        ("", ""),
        ('CreationDateTime="2025-06-30T12:00:00"', "2025-06-30T12:00:00"),
        ('CreationDateTime="2025-06-30T12:00:00" AsOfDateTime="2025-05-31T00:00:00"', "2025-05-31T00:00:00"),
    ],
)
def test_moment_of_the_data(tmp_path: Path, attributes: str, made: str) -> None:
    body = HEAD.replace("<ODM ", f"<ODM {attributes} ") + STANDARDS + DATASET + TAIL
    assert read_define(_write(tmp_path, body)).made == made
