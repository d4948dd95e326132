"""Whole comparisons: what is compared with what, options, the lines that are printed, exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands import compare

from .kit import write_csv, write_xpt_file, xpt_column

AE_A = [
    xpt_column("STUDYID", ["S"] * 5),
    xpt_column("USUBJID", ["1", "1", "2", "2", "3"], "Subject"),
    xpt_column("AETERM", ["Cough", "Fever", "Cough", "Rash", "Pain"], "Term", 10),
    xpt_column("AESEQ", [1, 2, 1, 2, 1]),
    xpt_column("AESEV", ["MILD", None, "MILD", "SEVERE", "MILD"], "Severity"),
    xpt_column("ADT", [22280, 22281, None, 22283, 22284], "Date", format="DATE9."),
    xpt_column("AVAL", [1.0, 2.0, 3.0, 4.0, 5.0]),
    xpt_column("OLD", ["x"] * 5),
]
AE_B = [
    xpt_column("STUDYID", ["S"] * 5),
    xpt_column("USUBJID", ["3", "1", "1", "2", "4"], "Subject Identifier"),
    xpt_column("AETERM", ["Pain", "Cough", "Fever", "Cough", "Rash"], "Term", 12),
    xpt_column("AESEV", ["MILD", "MILD", "MILD", "SEVERE", "MILD"], "Severity"),
    xpt_column("AESEQ", [1, 1, 2, 1, 1]),
    xpt_column("ADT", [22284, 22280, 22290, 22283, 22283], "Date", format="DATE9."),
    xpt_column("AVAL", [5.0, 1.0, 2.0000001, 3.5, 4.0]),
    xpt_column("NEW", ["x"] * 5),
]
LINES = """\
A: {a} (2 datasets)
B: {b} (2 datasets)
AE differs: 5 records in A, 5 in B, 4 matched by STUDYID USUBJID AETERM (declared)
  Records only in A (1)
    USUBJID=2 AETERM=Rash
  Records only in B (1)
    USUBJID=4 AETERM=Rash
  Like each other but for one key (1 pair)
    AETERM=Rash: USUBJID "2" | "4"
  Variables only in A: OLD
  Variables only in B: NEW
  Attributes (3)
    USUBJID label: "Subject" | "Subject Identifier"
    AETERM length: "10" | "12"
    AESEQ order: "4" | "5"
  Values: 5 of 16 cells in 3 variables
    AESEV (2 of 4)
      USUBJID=1 AETERM=Fever: missing | "MILD"
      USUBJID=2 AETERM=Cough: "MILD" | "SEVERE"
    ADT (2 of 4): largest difference 9
      USUBJID=1 AETERM=Fever: "2021-01-01" | "2021-01-10"
      USUBJID=2 AETERM=Cough: missing | "2021-01-03"
    AVAL (1 of 4): largest difference 0.5; 1 within 1e-6
      USUBJID=2 AETERM=Cough: "3" | "3.5"
  Note: records stand in another order
Datasets only in A: DM
Datasets only in B: VS
Different: 1 of 1 dataset, 2 datasets on one side only, 5 cells
"""


def both(tmp_path: Path) -> tuple[Path, Path]:
    a, b = tmp_path / "a", tmp_path / "b"
    write_xpt_file(a / "ae.xpt", *AE_A)
    write_xpt_file(b / "ae.xpt", *AE_B)
    write_xpt_file(a / "dm.xpt", xpt_column("USUBJID", ["1"]))
    write_xpt_file(b / "vs.xpt", xpt_column("USUBJID", ["1"]))
    return a, b


def said(a: Path, b: Path, **options: object) -> tuple[int, list[str]]:
    lines: list[str] = []
    status = compare.run(a, b, tell=lines.append, complain=lines.append, **options)  # type: ignore[arg-type]
    return status, lines


def test_all_that_differs_as_text(tmp_path: Path) -> None:
    a, b = both(tmp_path)
    status, lines = said(a, b, keys=["AE=STUDYID,USUBJID,AETERM"], tolerance=["AVAL=1e-6"])
    assert "\n".join(lines) + "\n" == LINES.format(a=a, b=b)
    assert status == 1


def test_few_are_printed_all_are_counted(tmp_path: Path) -> None:
    a, b = both(tmp_path)
    _, lines = said(a, b, keys=["USUBJID,AETERM"], only=["AE.ADT"], few=1, attributes="none")
    assert lines[3:-1] == [
        "  Records only in A (1)",
        "    USUBJID=2 AETERM=Rash",
        "  Records only in B (1)",
        "    USUBJID=4 AETERM=Rash",
        "  Like each other but for one key (1 pair)",
        '    AETERM=Rash: USUBJID "2" | "4"',
        "  Values: 2 of 4 cells in 1 variable",
        "    ADT (2 of 4): largest difference 9",
        '      USUBJID=1 AETERM=Fever: "2021-01-01" | "2021-01-10"',
        "      and 1 more",
        "  Note: records stand in another order",
    ]


def test_equal_but_for_what_is_ignored(tmp_path: Path) -> None:
    a = write_xpt_file(tmp_path / "a" / "ae.xpt", *AE_A[:4])
    changed = xpt_column("AESEQ", [9, 9, 9, 9, 9], "Number")
    b = write_xpt_file(tmp_path / "b" / "ae.xpt", *AE_A[:3], changed)
    assert said(a, b, quiet=True)[0] == 1
    assert said(a, b, ignore=["AESEQ"], quiet=True) == (0, ["Equal: 1 dataset, 5 records, 5 cells besides the keys"])
    assert said(a, b, ignore=["AE.AESEQ"])[1][-2:-1] == ["  Note: ignored: AESEQ"]
    assert said(a, b, only=["AETERM"], quiet=True)[0] == 0


def test_a_file_is_compared_with_the_dataset_of_its_name_in_a_folder(tmp_path: Path) -> None:
    a, b = both(tmp_path)
    status, lines = said(a / "ae.xpt", b, quiet=True)
    assert (status, lines) == (1, ["Different: 1 of 1 dataset, 6 cells"])
    assert said(b, a / "dm.xpt") == (2, [f"{b} has no dataset DM, which {a / 'dm.xpt'} is."])


def test_two_files_are_compared_whatever_their_names(tmp_path: Path) -> None:
    a = write_xpt_file(tmp_path / "old.xpt", *AE_A, name="AE")
    text = "USUBJID,AETERM,AVAL\n1,Cough  ,1.0\n1,Fever,2\n2,Cough,3\n2,Rash,4\n3,Pain,5.5\n"
    b = write_csv(tmp_path / "new.csv", text)
    status, lines = said(a, b, keys=["AE=USUBJID,AETERM"], only=["AVAL", "ADT"])
    assert status == 1
    assert lines[2:] == [
        "AE differs: 5 records matched by USUBJID AETERM (declared)",
        "  Variables only in A: ADT",
        "  Values: 1 of 5 cells in 1 variable",
        "    AVAL (1 of 5): largest difference 0.5; Num in A, Char in B: compared as numbers",
        '      USUBJID=3 AETERM=Pain: "5" | "5.5"',
        "  Note: trailing blanks don't count: one side is a SAS file, which can't hold them",
        "  Note: dataset AE in A, NEW in B",
        "Different: 1 of 1 dataset, 1 cell",
    ]


def test_trailing_blanks_count_between_files_that_hold_them(tmp_path: Path) -> None:
    a, b = write_csv(tmp_path / "a.csv", "K,V\n1,x\n"), write_csv(tmp_path / "b.csv", "K,V\n1,x \n")
    assert said(a, b, keys=["K"], quiet=True)[0] == 1


def test_repeated_keys_are_told_and_equal_records_among_them_matched(tmp_path: Path) -> None:
    a = write_csv(tmp_path / "a" / "t.csv", "K,V\n1,x\n1,y\n2,z\n")
    b = write_csv(tmp_path / "b" / "t.csv", "K,V\n1,y\n1,x\n2,z\n")
    status, lines = said(a, b, keys=["K"])
    assert status == 0
    assert lines[2:-1] == [
        "T equal: 3 records matched by K (declared)",
        "  Records of A whose key repeats (2)",
        "    K=1",
        "  Records of B whose key repeats (2)",
        "    K=1",
        "  Note: records stand in another order",
    ]


def test_a_file_that_cannot_be_read_leaves_the_others_compared(tmp_path: Path) -> None:
    a, b = both(tmp_path)
    write_csv(a / "lb.csv", "A\n1\n")
    (b / "lb.csv").write_bytes(b"")
    status, lines = said(a, b)
    assert status == 2
    assert f"Not compared: {b / 'lb.csv'}: it is empty" in lines
    assert lines[-1] == "Different: 1 of 1 dataset, 2 datasets on one side only, 1 dataset not compared, 6 cells"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"keys": ["AE=USUBJID,AETREM"]}, "--keys AE: AETREM is not in A"),
        ({"keys": ["AE="]}, "--keys AE=: as AE=USUBJID,AESEQ"),
        ({"keys": ["=A"]}, "--keys =A: as"),
        ({"keys": ["XX=USUBJID"]}, "--keys XX: no dataset or variable has this name."),
        ({"tolerance": ["AVAL=x"]}, "--tolerance AVAL=x: as AVAL=1e-9"),
        ({"tolerance": ["AVALL=1"]}, "--tolerance AVALL: no dataset or variable has this name. Near: AVAL"),
        ({"ignore": ["AESEX"]}, "--ignore AESEX: no dataset or variable has this name. Near: AESEV, AESEQ"),
        ({"only": ["AE.AESEX"]}, "--only AE.AESEX: no dataset or variable has this name. Near: AE.AESEV"),
        ({"attributes": "label,width"}, "--attributes width: known are label, type, length, format, order, or none."),
        ({"encoding": "ebcdix"}, "--encoding ebcdix: Python knows no such encoding"),
    ],
)
def test_arguments_that_mean_nothing(tmp_path: Path, options: dict[str, object], text: str) -> None:
    status, lines = said(*both(tmp_path), **options)
    assert status == 2
    assert len(lines) == 1
    assert lines[0].startswith(text)


def test_nothing_there(tmp_path: Path) -> None:
    a, _ = both(tmp_path)
    assert said(a, tmp_path / "c") == (2, [f"{tmp_path / 'c'}: there is no such file or folder"])
