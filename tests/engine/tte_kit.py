"""A study of few subjects with their responses, for the tests of time to event: ADSL and ADRS from two csv files."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.issues import IssueLog, Severity

from .support import built, checked, rows

STUDY = """\
constants: {cutoff: 2024-06-30}
raw:
  SUBJ:
    file: subj.csv
    subject: SUBJ
    columns: {START: {type: date}, DEATH: {type: date}, NEXT: {type: date}, ALIVE: {type: date}}
  RESP: {file: resp.csv, subject: SUBJ, columns: {DAY: {type: date}, LEVEL: {type: number}}}
subjects: {register: raw.SUBJ, usubjid: "SUBJ"}
"""
ADSL = """\
dataset: ADSL
records:
  all:
    from: raw.SUBJ
    set:
      SAFFL: SAFE
      TRTSDT: {to_date: START}
      DTHDT: {to_date: DEATH}
      NEXTDT: {to_date: NEXT}
      LASTDT: {to_date: ALIVE}
      ALIVEDTC: {date: ALIVE}
derive:
  WK4DT: {expr: TRTSDT + 28}
variables:
  NEXTDT: {label: Date of Next Therapy}
  LASTDT: {label: Date Last Known Alive}
  ALIVEDTC: {label: Date Last Known Alive as Collected}
  WK4DT: {label: End of Week 4}
keys: USUBJID
"""
ADRS = """\
dataset: ADRS
records:
  visits:
    from: raw.RESP
    set: {PARAMCD: {value: OVR}, PARAM: {value: Overall Response}, ADT: {to_date: DAY}, AVAL: LEVEL}
derive:
  ASEQ: {sequence: keys}
keys: [USUBJID, PARAMCD, ADT, AVAL]
"""
SUBJECTS = "SUBJ,SAFE,START,DEATH,NEXT,ALIVE\n"
RESPONSES = "SUBJ,DAY,LEVEL\n"
RECORD = ("USUBJID", "PARAMCD", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC")
SOURCE = ("USUBJID", "PARAMCD", "SRCDOM", "SRCVAR", "SRCSEQ")


def mappings(parameters: str, more: str = "") -> dict[str, str]:
    """The three datasets, ADTTE with these parameters and other keys."""
    body = "".join(f"  {line}\n" if line else "\n" for line in dedent(parameters).strip().splitlines())
    adtte = f"dataset: ADTTE\nparameters:\n{body}{dedent(more)}keys: [USUBJID, PARAMCD]\n"
    return {"adam/adsl.yaml": ADSL, "adam/adrs.yaml": ADRS, "adam/adtte.yaml": adtte}


def raw(subjects: str, responses: str = "") -> dict[str, str]:
    """The two files, without their headers."""
    return {"subj.csv": SUBJECTS + dedent(subjects), "resp.csv": RESPONSES + dedent(responses)}


def decided(
    root: Path, parameters: str, subjects: str, responses: str = "", names: tuple[str, ...] = RECORD, more: str = ""
) -> tuple[list[tuple[str, ...]], IssueLog]:
    """Records of ADTTE in the order of its keys, and the issues."""
    made, log = built(root, STUDY, mappings(parameters, more), raw(subjects, responses))
    return rows(made, "ADTTE", *names), log


def made_of(root: Path, parameters: str, subjects: str, responses: str = "") -> tuple[Made, IssueLog]:
    """The build itself."""
    return built(root, STUDY, mappings(parameters), raw(subjects, responses))


def issues(log: IssueLog, *rules: str) -> list[str]:
    """Issues of some rules, with all their places."""
    return [f"{i.rule}: {i.message} " + " ".join(f"{p.file}{p.row}{p.column}" if p.file else f"L{p.line}"
            for p in i.locations) for i in log if i.rule in rules]  # fmt: skip


def faults(root: Path, parameters: str, more: str = "") -> list[str]:
    """Errors and warnings of a specification before data, `line:column rule: message`."""
    _, log = checked(root, STUDY, mappings(parameters, more), raw(""))
    found = []
    for issue in log:
        if issue.severity is not Severity.NOTE:
            place = next((p for p in issue.locations if p.yaml), None)
            found.append(f"{place.line if place else 0} {issue.rule}: {issue.message}")
    return found
