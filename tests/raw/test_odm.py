"""ODM-XML 1.3 clinical data as raw tables, and what is refused."""

import pytest

from .conftest import texts

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
META = """<Study OID="S"><MetaDataVersion OID="1" Name="v">
<ItemGroupDef OID="AE" Name="AE" Repeating="Yes"><ItemRef ItemOID="AE.TERM"/><ItemRef ItemOID="AE.SEV"/>
<ItemRef ItemOID="AE.NONE"/></ItemGroupDef>
<ItemDef OID="AE.TERM" Name="TERM"><Question><TranslatedText>What was  it?</TranslatedText></Question></ItemDef>
<ItemDef OID="AE.SEV" Name="Severity"><CodeListRef CodeListOID="C"/></ItemDef>
<ItemDef OID="AE.NONE" Name="Never"/>
<CodeList OID="C"><CodeListItem CodedValue="1"><Decode><TranslatedText>Mild</TranslatedText></Decode></CodeListItem>
</CodeList></MetaDataVersion></Study>"""
DATA = """<ClinicalData StudyOID="S" MetaDataVersionOID="1"><SubjectData SubjectKey="001"><SiteRef LocationOID="L1"/>
<StudyEventData StudyEventOID="V1"><FormData FormOID="F" FormRepeatKey="1">
<ItemGroupData ItemGroupOID="AE" ItemGroupRepeatKey="1"><ItemData ItemOID="AE.TERM" Value="发热 &amp; x">
<AuditRecord><UserRef UserOID="u"/><LocationRef LocationOID="L9"/><DateTimeStamp>2021-01-01T00:00:00</DateTimeStamp>
</AuditRecord></ItemData><ItemData ItemOID="AE.SEV" Value="1"/></ItemGroupData>
<ItemGroupData ItemGroupOID="AE" ItemGroupRepeatKey="2"><ItemDataString ItemOID="AE.TERM">b</ItemDataString>
<ItemData ItemOID="AE.SEV" IsNull="Yes"/><ItemData ItemOID="AE.NEW" Value="n"/></ItemGroupData></FormData>
</StudyEventData></SubjectData><SubjectData SubjectKey="002"><StudyEventData StudyEventOID="V1" StudyEventRepeatKey="2">
<FormData FormOID="F"><ItemGroupData ItemGroupOID="AE"><ItemData ItemOID="AE.SEV" Value="9"/></ItemGroupData>
<ItemGroupData ItemGroupOID="VS"><ItemData ItemOID="VS.X" Value="5"/></ItemGroupData>
</FormData></StudyEventData></SubjectData></ClinicalData>"""


def odm(data=DATA, version="1.3.2", namespace="http://www.cdisc.org/ns/odm/v1.3", head=HEAD):
    return f'{head}<ODM xmlns="{namespace}" ODMVersion="{version}" FileType="Snapshot">{META}{data}</ODM>'


def test_a_group_is_a_table(raw):
    table = raw.read(raw.csv(odm(), "t.xml"), sheet="AE")
    assert raw.issues == []
    assert {name: texts(table, name) for name in table.texts} == {
        "StudyOID": ["S", "S", "S"],
        "SubjectKey": ["001", "001", "002"],
        "LocationOID": ["L1", "L1", None],
        "StudyEventOID": ["V1", "V1", "V1"],
        "StudyEventRepeatKey": [None, None, "2"],
        "FormOID": ["F", "F", "F"],
        "FormRepeatKey": ["1", "1", None],
        "ItemGroupRepeatKey": ["1", "2", None],
        "AE.TERM": ["发热 & x", "b", None],
        "AE.SEV": ["1", None, "9"],
        "AE.SEV_DECODE": ["Mild", None, None],
        "AE.NONE": [None, None, None],
        "AE.NEW": [None, "n", None],
    }
    assert table.rows.number.tolist() == [1, 2, 3]
    headers = table.rows.parts[0].headers
    assert [headers[c].texts["label"] for c in ("AE.TERM", "AE.SEV", "AE.NEW")] == ["What was it?", "Severity", ""]


def test_groups_are_sheets(raw):
    file = raw.csv(odm(), "t.xml")
    assert texts(raw.read(file, sheet="VS", strip_prefix="VS."), "X") == ["5"]
    assert raw.read(file, sheet="DM") is None
    assert raw.rules == ["sheet-missing"]
    assert raw.headers(file, sheet="VS").columns[-1] == "VS.X"
    assert raw.read(file, sheet="VS", range="A1:B") is None
    assert raw.rules == ["key-unfit"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        ("", "file-damaged"),
        ("A,B\n1,2\n", "file-type"),
        ("<html/>", "file-type"),
        (odm(version="2.0"), "file-type"),
        (odm(namespace="http://www.cdisc.org/ns/odm/v1.2", version="1.2"), "file-type"),
        (odm(namespace="http://www.cdisc.org/ns/odm/v2.0"), "file-type"),
        (odm()[:-300], "file-damaged"),
        (odm(head=HEAD + '<!DOCTYPE ODM [<!ENTITY lol "lol">]>'), "file-unsafe"),
        (odm(DATA.replace("发热 &amp; x", "&lol;")), "file-damaged"),
        (odm(DATA.replace('FormOID="F" FormRepeatKey="1"', 'FormOID="F" TransactionType="Remove"')), "file-type"),
        (odm(DATA.replace('ItemOID="AE.SEV" Value="1"', 'ItemOID="AE.TERM" Value="1"')), "file-type"),
        (odm(DATA.replace('ItemOID="AE.SEV" Value="9"', 'ItemOID="AE.SEV" TransactionType="Remove"')), "file-type"),
    ],
)
def test_what_is_refused(raw, data, rule):
    assert raw.read(raw.csv(data, "t.xml")) is None
    assert raw.rules == [rule]
    assert next(iter(raw.log)).locations[0].file == "t.xml"
