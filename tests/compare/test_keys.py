"""Keys: declared, of define.xml, of the file, found."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.compare.define import DefineKeysError, define_keys
from sdtm_builder.compare.keys import choose_keys, find_keys

from .kit import table

DEFINE = """<?xml version="1.0"?>
<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:def="http://www.cdisc.org/ns/def/v2.0"><Study><MetaDataVersion>
<ItemGroupDef OID="IG.AE" Name="AE">
 <ItemRef ItemOID="IT.D" KeySequence="3"/><ItemRef ItemOID="IT.U" KeySequence="1"/>
 <ItemRef ItemOID="IT.T" KeySequence="2"/>
 <ItemRef ItemOID="IT.O"/>
</ItemGroupDef>
<ItemGroupDef OID="IG.TI" Name="TI"><ItemRef ItemOID="IT.O"/></ItemGroupDef>
<ItemDef OID="IT.U" Name="USUBJID"/><ItemDef OID="IT.T" Name="AETERM"/><ItemDef OID="IT.D" Name="AESTDTC"/>
<ItemDef OID="IT.O" Name="AEOUT"/>
</MetaDataVersion></Study></ODM>
"""


def test_the_smallest_natural_key_is_found() -> None:
    a = table(
        "AE", STUDYID=["S"] * 4, AESEQ=[1, 2, 1, 2], USUBJID=["1", "1", "2", "2"], AETERM=["a", "a", "a", "b"],
        AEOUT=["x", "x", "x", "x"], AESTDTC=["d1", "d2", "d1", "d1"], AEENDTC=["e", "f", "g", "h"],
    )  # fmt: skip
    found = find_keys(a, a, list(a.columns))
    assert (found.names, found.origin, found.notes) == (("USUBJID", "AETERM", "AESTDTC"), "found", ())


def test_both_sides_must_be_unique() -> None:
    a = table("AE", USUBJID=["1", "2"], AETERM=["a", "a"], AESTDTC=["d", "d"])
    b = table("AE", USUBJID=["1", "1"], AETERM=["a", "b"], AESTDTC=["d", "d"])
    assert find_keys(a, b, list(a.columns)).names == ("USUBJID", "AETERM")


def test_a_number_given_to_records_is_taken_where_nothing_natural_will_do() -> None:
    a = table("AE", USUBJID=["1", "1"], AESEQ=[1, 2], AETERM=["a", "a"])
    assert find_keys(a, a, list(a.columns)).names == ("USUBJID", "AESEQ")


def test_other_variables_where_there_is_nothing_else() -> None:
    a = table("T", SITE=["1", "1", "2"], CODE=["x", "y", "x"], NOTE=["n", "n", "n"])
    assert find_keys(a, a, list(a.columns)).names == ("SITE", "CODE")


def test_records_that_nothing_tells_apart() -> None:
    a = table("T", SITE=["1", "1", "2"], NOTE=["n", "n", "n"])
    found = find_keys(a, a, list(a.columns))
    assert found.names == ("SITE",)
    assert found.notes == ("nothing makes every record unique; these variables come nearest",)
    same = table("T", SITE=["1", "1"])
    assert find_keys(same, same, ["SITE"]).origin == "record number"


def test_declared_keys_weigh_more_than_define_and_that_more_than_found_ones() -> None:
    a = table("AE", USUBJID=["1", "2"], AETERM=["a", "b"], AESEQ=[1, 1])
    usable = list(a.columns)
    defined = [("define.xml of A", ("USUBJID", "AETERM", "GONE")), ("define.xml of B", ("USUBJID", "AETERM"))]
    assert choose_keys(a, a, ["AESEQ"], defined, usable).names == ("AESEQ",)
    found = choose_keys(a, a, [], defined, usable)
    assert (found.names, found.origin) == (("USUBJID", "AETERM"), "define.xml of B")
    assert found.notes == ("keys of define.xml of A not taken: GONE not on both sides or ignored",)
    assert choose_keys(a, a, [], [("define.xml of A", ())], usable).names == ("USUBJID",)


def test_keys_of_define_xml_in_key_sequence(tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    path.write_text(DEFINE)
    assert define_keys(path) == {"AE": ("USUBJID", "AETERM", "AESTDTC")}


def test_a_define_xml_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "define.xml"
    path.write_text("<ODM>")
    with pytest.raises(DefineKeysError, match="no XML"):
        define_keys(path)
