"""RELREC: records and whole datasets that belong together, checked from both sides."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.issues import IssueLog, Severity
from sdtm_builder.lineage import trace

from .support import built, checked, rows

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  AE: {file: ae.csv, subject: SUBJID}
  CM: {file: cm.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
"""
AE = """\
dataset: AE
records: {events: {from: raw.AE, set: {AETERM: TERM, AESPID: NO, AELNKID: {expr: "'AE-' || NO"}, AEGRPID: GROUP}}}
keys: [USUBJID, AESPID]
"""
CM = """\
dataset: CM
records: {courses: {from: raw.CM, set: {CMTRT: DRUG, CMSPID: NO, CMLNKID: {expr: "'AE-' || AENO"}, CMGRPID: GROUP,
                                        number: AENO}}}
keys: [USUBJID, CMSPID]
"""
RAW = {
    "subj.csv": "SUBJID\n01\n02\n",
    "ae.csv": "SUBJID,NO,TERM,GROUP\n01,2,Fever,A\n01,1,Rash,A\n02,1,Cough,B\n02,2,Pain,\n",
    "cm.csv": (
        "SUBJID,NO,DRUG,AENO,GROUP\n02,1,Codeine,1,B\n01,1,Paracetamol,2,A\n01,2,Ibuprofen,2,A\n01,3,Cream,1,A\n"
        "01,4,Vitamin,,\n"
    ),
}
COLUMNS = ("USUBJID", "RDOMAIN", "IDVAR", "IDVARVAL", "RELTYPE", "RELID")
KEYS = "keys: [USUBJID, RELID, RDOMAIN, IDVAR, IDVARVAL]\n"


def related(root: Path, blocks: str, **raw: str) -> tuple[Made, IssueLog]:
    files = {k: raw.get(k.removesuffix(".csv"), v) for k, v in RAW.items()}
    text = f"dataset: RELREC\nrecords:\n{blocks}{KEYS}"
    return built(root, STUDY, {"sdtm/ae.yaml": AE, "sdtm/cm.yaml": CM, "sdtm/relrec.yaml": text}, files)


TREATED = "  treated: {make: relation, left: AE, right: CM, by: {AELNKID: CMLNKID}, kind: records%s}\n"
DAILY = "  daily: {make: relation, left: AE, right: CM, by: %s, kind: datasets, relation: [ONE, MANY]%s}\n"


def test_each_group_of_records_has_an_id(tmp_path: Path) -> None:
    made, log = related(tmp_path, TREATED % "")
    assert rows(made, "RELREC", *COLUMNS) == [
        ("01", "AE", "AESEQ", "1", "", "TREATED-1"),
        ("01", "CM", "CMSEQ", "3", "", "TREATED-1"),
        ("01", "AE", "AESEQ", "2", "", "TREATED-2"),
        ("01", "CM", "CMSEQ", "1", "", "TREATED-2"),
        ("01", "CM", "CMSEQ", "2", "", "TREATED-2"),
        ("02", "AE", "AESEQ", "1", "", "TREATED-1"),
        ("02", "CM", "CMSEQ", "1", "", "TREATED-1"),
    ]
    assert [str(i) for i in log if i.severity is Severity.ERROR] == []


def test_the_named_variable_identifies_records_and_groups_of_them(tmp_path: Path) -> None:
    """AE 1 and 2 of subject 01 share AEGRPID A: one line for both."""
    block = TREATED.replace("treated", "grouped") % ", idvar: [AEGRPID, CMSPID]"
    block = block.replace("AELNKID: CMLNKID", "AEGRPID: CMGRPID")
    made, _ = related(tmp_path, block)
    assert rows(made, "RELREC", *COLUMNS) == [
        ("01", "AE", "AEGRPID", "A", "", "GROUPED-1"),
        ("01", "CM", "CMSPID", "1", "", "GROUPED-1"),
        ("01", "CM", "CMSPID", "2", "", "GROUPED-1"),
        ("01", "CM", "CMSPID", "3", "", "GROUPED-1"),
        ("02", "AE", "AEGRPID", "B", "", "GROUPED-1"),
        ("02", "CM", "CMSPID", "1", "", "GROUPED-1"),
    ]


def test_by_temporaries_and_several_pairs(tmp_path: Path) -> None:
    """A lower-case name relates records too; all pairs must agree."""
    block = "  both: {make: relation, left: AE, right: CM, by: {AESPID: number, AEGRPID: CMGRPID}, kind: records}\n"
    made, _ = related(tmp_path, block, cm="SUBJID,NO,DRUG,AENO,GROUP\n01,1,Paracetamol,2,A\n01,2,Cream,1,B\n")
    assert rows(made, "RELREC", "USUBJID", "RDOMAIN", "IDVARVAL", "RELID") == [
        ("01", "AE", "2", "BOTH-1"),
        ("01", "CM", "1", "BOTH-1"),
    ]


def test_whole_datasets_are_two_records_of_no_subject(tmp_path: Path) -> None:
    block = DAILY % ("{AELNKID: CMLNKID}", "")
    made, log = related(tmp_path, block + TREATED % "")
    found = rows(made, "RELREC", *COLUMNS)
    assert [r for r in found if r[0] == ""] == [
        ("", "AE", "AELNKID", "", "ONE", "DAILY"),
        ("", "CM", "CMLNKID", "", "MANY", "DAILY"),
    ]
    assert len(found) == 9
    assert [str(i) for i in log if i.severity is not Severity.NOTE] == []


def _told(log: IssueLog, rule: str) -> list[tuple[str, list[tuple[str, int]]]]:
    return [(i.message, [(p.column, p.row) for p in i.locations if p.file]) for i in log if i.rule == rule]


def test_a_reference_to_a_record_that_is_not_there(tmp_path: Path) -> None:
    raw = RAW["cm.csv"] + "02,2,Aspirin,9,\n"
    made, log = related(tmp_path, TREATED % "", cm=raw)
    message = "CM.CMLNKID has a value that AE.AELNKID of the subject has not got."
    assert _told(log, "relation-unmatched") == [(message, [("AENO", 7)])]
    assert len(rows(made, "RELREC", "RELID")) == 7


def test_the_other_side_is_checked_where_asked(tmp_path: Path) -> None:
    """Pain has no course; with orphans: ok a course may name what is not there."""
    _, log = related(tmp_path, TREATED % ", unmatched: issue, orphans: ok", cm=RAW["cm.csv"] + "02,2,Aspirin,9,\n")
    message = "AE.AELNKID has a value that CM.CMLNKID of the subject has not got."
    assert _told(log, "relation-unmatched") == [(message, [("NO", 5)])]


def test_one_must_be_one(tmp_path: Path) -> None:
    block = DAILY % ("{AEGRPID: CMGRPID}", "")
    _, log = related(tmp_path, block)
    told = _told(log, "relation-not-one")
    assert [cells for _, cells in told] == [[("GROUP", 2)], [("GROUP", 3)]]
    assert told[0][0] == "Several records of the subject share this value of AE.AEGRPID, which is said to be ONE."


def test_nothing_in_common_is_no_relation(tmp_path: Path) -> None:
    block = DAILY % ("{AESPID: CMLNKID}", ", orphans: ok")
    made, log = related(tmp_path, block)
    assert rows(made, "RELREC", "RELID") == []
    told = _told(log, "relation-empty")
    assert told == [("AE.AESPID and CM.CMLNKID have no value in common: daily is no relation.", [])]


def test_a_side_without_any_value_is_a_note(tmp_path: Path) -> None:
    block = DAILY % ("{AEGRPID: CMGRPID}", "")
    made, log = related(tmp_path, block, cm="SUBJID,NO,DRUG,AENO,GROUP\n01,1,Cream,,\n")
    assert rows(made, "RELREC", "RELID") == []
    assert _told(log, "relation-without-records") == [("CM.CMGRPID has no value: daily is no relation.", [])]
    assert _told(log, "relation-empty") == []


def test_an_identifier_that_is_missing(tmp_path: Path) -> None:
    """Pain has no AEGRPID; it shares AESPID 2 with nobody, Fever of 01 has one."""
    block = (
        "  odd: {make: relation, left: AE, right: CM, by: {AESPID: CMSPID}, kind: records, idvar: [AEGRPID, CMSPID]}\n"
    )
    made, log = related(tmp_path, block, cm="SUBJID,NO,DRUG,AENO,GROUP\n02,2,Aspirin,,\n01,1,Cream,,\n")
    assert rows(made, "RELREC", "USUBJID", "RDOMAIN", "IDVARVAL") == [("01", "AE", "A"), ("01", "CM", "1")]
    assert _told(log, "relation-no-identifier") == [
        ("AE.AEGRPID is missing: the record is in no relation.", [("NO", 5)])
    ]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("left: EX, right: CM, by: {AELNKID: CMLNKID}, kind: records", "`left`: there is no dataset EX."),
        ("left: AE, right: CM, by: {AELNK: CMLNKID}, kind: records", "`by`: AE has no AELNK."),
        ("left: AE, right: CM, by: {AESPID: number}, kind: datasets, relation: [ONE, ONE]",
         "`by`: number is not written in CM itself, so that it identifies no record."),
        ("left: AE, right: CM, by: {AESPID: CMSPID}, kind: datasets",
         "`relation`: whole datasets need two words of ONE and MANY, for the left and the right."),
        ("left: AE, right: CM, by: {AESPID: CMSPID}, kind: datasets, relation: [ONE, FEW]",
         "`relation`: whole datasets need two words of ONE and MANY, for the left and the right."),
        ("left: AE, right: CM, by: {AESPID: CMSPID}, kind: records, relation: [ONE, MANY]",
         "`relation`: only whole datasets have ONE and MANY."),
        ("left: AE, right: CM, by: {AESPID: CMSPID, AELNKID: CMLNKID}, kind: datasets, relation: [ONE, ONE]",
         "`by`: whole datasets are related by one variable of each."),
        ("left: AE, right: CM, by: {AESPID: CMSPID}, kind: records, idvar: [AESPID, number]",
         "`idvar`: CM has no number of its own."),
        ("left: AE, right: AE, by: AESPID, kind: records", "`right`: each record would be related to itself."),
    ],
)  # fmt: skip
def test_arguments_are_checked_before_data(tmp_path: Path, arguments: str, message: str) -> None:
    text = f"dataset: RELREC\nrecords: {{odd: {{make: relation, {arguments}}}}}\n{KEYS}"
    _, log = checked(tmp_path, STUDY, {"sdtm/ae.yaml": AE, "sdtm/cm.yaml": CM, "sdtm/relrec.yaml": text}, RAW)
    assert [i.message for i in log if i.rule == "bad-argument"] == [message]


def test_origin_and_trace(tmp_path: Path) -> None:
    made, _ = related(tmp_path, TREATED % "")
    meta = next(d for d in study_meta(made.run, made.built, "sdtm").datasets if d.name == "RELREC")
    origins = {v.name: v.origin.type for v in meta.variables if v.origin is not None}
    assert origins == {
        "STUDYID": "Protocol", "USUBJID": "Derived", "RDOMAIN": "Assigned", "IDVAR": "Assigned",
        "IDVARVAL": "Assigned", "RELID": "Assigned",
    }  # fmt: skip
    write_lineage(made.run, made.built, tmp_path / "lineage")
    node = trace(tmp_path, "RELREC", {"USUBJID": "02", "RDOMAIN": "CM"}, "IDVARVAL")
    assert ("cm.csv", 2, "AENO") in [(c.file, c.row, c.name) for c in node.cells()]
    assert "ae.csv" not in {c.file for c in node.cells()}
