"""The study of the ADaM benchmark: its given SDTM as Parquet, from a fixed seed, and the YAML that makes ADaM of it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from bench import write_texts
from numpy.typing import NDArray

# Code, unit, lower and upper limit, digits.
TESTS = [
    ("HGB", "g/L", 120, 160, 0), ("WBC", "10^9/L", 4, 10, 2), ("NEUT", "10^9/L", 1.8, 7.5, 3),
    ("LYM", "10^9/L", 1.1, 4, 3),
    ("PLAT", "10^9/L", 125, 350, 0), ("ALT", "U/L", 7, 50, 0), ("AST", "U/L", 10, 40, 0), ("ALP", "U/L", 45, 125, 0),
    ("GGT", "U/L", 10, 60, 0), ("BILI", "umol/L", 3, 21, 1), ("CREAT", "umol/L", 50, 105, 1), ("ALB", "g/L", 40, 55, 0),
    ("K", "mmol/L", 3.5, 5.3, 2), ("SODIUM", "mmol/L", 137, 147, 0), ("MG", "mmol/L", 0.75, 1.02, 2),
    ("GLUC", "mmol/L", 3.9, 6.1, 2), ("URATE", "umol/L", 208, 428, 0), ("LDH", "U/L", 120, 250, 0),
    ("FIBRINO", "g/L", 2, 4, 2), ("PHOS", "mmol/L", 0.85, 1.51, 2),
]  # fmt: skip
VISITS = {"BASELINE": -1, "WEEK 2": 15, "WEEK 4": 29, "WEEK 8": 57, "WEEK 12": 85, "WEEK 16": 113, "WEEK 20": 141,
          "WEEK 24": 169, "WEEK 36": 253, "WEEK 48": 337}  # fmt: skip
TERMS = ["HEADACHE", "NAUSEA", "COUGH", "RASH", "FATIGUE", "PYREXIA", "VOMITING", "ANAEMIA"]
GIVEN = ("dm", "ex", "ae", "lb", "rs", "cm", "sv", "ds")
DATASETS = ("ADSL", "ADAE", "ADLB", "ADTTE")
STUDY = """\
study: {id: BENCH, title: Twelve thousand subjects}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
constants: {cutoff: 2024-12-31}
given: {sdtm: {folder: ../../given, datasets: [DM, EX, AE, LB, RS, CM, SV, DS], standard: sdtm}}
visits: {VISITS}
defaults: {adam: {core: [AGE, SEX, RACE, TRT01A, TRTSDT, SAFFL]}}
"""
ADSL = """\
dataset: ADSL
records:
  subjects: {from: DM, copy: [SUBJID, SITEID, AGE, AGEU, SEX, RACE, ARM, ARMCD, DTHFL, DTHDTC]}
derive:
  first:    {min: EX.EXSTDTC}
  last:     {max: EX.EXENDTC}
  TRTSDT:   {to_date: first}
  TRTSDTM:  {to_datetime: first}
  TRTEDT:   {to_date: last}
  TRT01P:   ARM
  TRT01A:   ARM
  SAFFL:    {yes_if: TRTSDT IS NOT NULL}
  AGEGR1:   {case: [{when: AGE <= 39, value: "<=39"}, {when: AGE <= 59, value: 40-59}, {value: ">=60"}]}
  DTHDT:    {to_date: DTHDTC}
  latest:   {expr: "least(DTHDT, study.cutoff)"}
  seen:
    max: [SV.SVENDTC, LB.LBDTC, AE.AESTDTC, AE.AEENDTC, CM.CMSTDTC, RS.RSDTC]
    at_most: latest
    partial: ignored
  LSTALVDT: {case: [{when: "DTHDT IS NOT NULL", from: DTHDT}, {expr: iso_date(seen)}]}
  ended:    {last: DS.DSDECOD, where: "DSCAT = 'DISPOSITION EVENT'", order: [DSSTDTC, DSSEQ]}
  EOSSTT:   {from: ended, map: {COMPLETED: COMPLETED}, unmapped: DISCONTINUED}
  HGBBL:    {last: LB.LBSTRESN, where: "LBTESTCD = 'HGB' AND LBDTC < this.first", order: [LBDTC, LBSEQ]}
variables: {HGBBL: {label: Baseline Haemoglobin (g/L)}}
keys: USUBJID
"""
ADAE = """\
dataset: ADAE
records:
  events: {from: AE, copy: [AESEQ, AETERM, AEDECOD, AEBODSYS, AESTDTC, AEENDTC, AESER, AEREL, AETOXGR]}
derive:
  AENDT:    {to_date: AEENDTC, impute: {month: latest, day: latest}, not_after: ADSL.LSTALVDT}
  ASTDT:    {to_date: AESTDTC, impute: {month: earliest, day: earliest}, not_before: TRTSDT, not_after: AENDT}
  ASTDTF:   {imputation_of: ASTDT}
  AENDTF:   {imputation_of: AENDT}
  until:    {expr: ADSL.TRTEDT + 30}
  TRTEMFL:  {treatment_emergent: ASTDT, clock: AESTDTC, ending: AEENDTC, treated: ADSL.TRTSDTM, until: until}
  ATOXGR:   AETOXGR
  AOCCFL:   {flag_first: USUBJID, where: "TRTEMFL = 'Y'", order: [ASTDT, AESEQ]}
  AOCCPFL:  {flag_first: [USUBJID, AEDECOD], where: "TRTEMFL = 'Y'", order: [ASTDT, AESEQ]}
  AOCCIFL:  {flag_first: USUBJID, where: "TRTEMFL = 'Y'", order: [ATOXGR desc, ASTDT, AESEQ]}
keys: [USUBJID, AESEQ]
"""
ADLB = """\
dataset: ADLB
class: BDS
label: Laboratory Analysis Dataset
records:
  results:
    from: LB
    where: LBSTRESN IS NOT NULL
    why: No numeric result
    copy: [LBSEQ, LBDTC, VISITNUM, VISIT]
    set:
      PARAMCD: LBTESTCD
      PARAM:   {expr: "LBTEST || ' (' || LBSTRESU || ')'"}
      AVAL:    LBSTRESN
      ANRLO:   LBSTNRLO
      ANRHI:   LBSTNRHI
      ANRIND:  LBNRIND
derive:
  ADT:      {to_date: LBDTC}
  ADTM:     {to_datetime: LBDTC}
  ABLFL:    {flag_last: [USUBJID, PARAMCD], where: ADTM < ADSL.TRTSDTM, order: [ADTM, LBSEQ]}
  AVISIT:   {analysis_visit: ADY, targets: visits, ties: later}
  AVISITN:  {analysis_visit: ADY, targets: visits, ties: later, take: AVISITN}
  AWTDIFF:  {analysis_visit: ADY, targets: visits, ties: later, take: AWTDIFF}
  ANL01FL:
    {flag_first: [USUBJID, PARAMCD, AVISITN], where: AVISITN IS NOT NULL, order: [AWTDIFF, ADTM desc, LBSEQ desc]}
  ATOXGRL:  {toxicity: AVAL, criteria: CTCAE-5.0, direction: low, baseline: BASE, baseline_range: BNRIND}
  ATOXGRH:  {toxicity: AVAL, criteria: CTCAE-5.0, direction: high, baseline: BASE, baseline_range: BNRIND}
  after:    {yes_if: "ADTM > ADSL.TRTSDTM AND ADT <= ADSL.TRTEDT + 30", unknown: N}
  low:      {yes_if: "after = 'Y' AND ATOXGRL IS NOT NULL"}
  high:     {yes_if: "after = 'Y' AND ATOXGRH IS NOT NULL"}
  ANL02FL:  {flag_first: [USUBJID, PARAMCD], where: low = 'Y', order: [ATOXGRL desc, ADTM, LBSEQ]}
  ANL03FL:  {flag_first: [USUBJID, PARAMCD], where: high = 'Y', order: [ATOXGRH desc, ADTM, LBSEQ]}
  SHIFT1:   {shift: [BNRIND, ANRIND]}
keys: [USUBJID, PARAMCD, ADT, LBSEQ]
"""
ADTTE = """\
dataset: ADTTE
class: TTE
label: Time-to-Event Analysis Dataset
parameters:
  OS:
    PARAM: Overall Survival (days)
    subjects: {from: ADSL, where: "SAFFL = 'Y'"}
    start: TRTSDT
    decide:
      - {when: "DTHDT IS NOT NULL", date: DTHDT, CNSR: 0, EVNTDESC: DEATH}
      - {when: "DTHDT IS NULL", date: LSTALVDT, CNSR: 1, EVNTDESC: ALIVE, CNSDTDSC: LAST KNOWN ALIVE}
    in: days
  PFS:
    PARAM: Progression-Free Survival (days)
    subjects: {from: ADSL, where: "SAFFL = 'Y'"}
    start: TRTSDT
    dates:
      worse:    {min: RS.RSDTC, where: "RSSTRESC = 'PD' AND RSDTC > this.STARTDT"}
      relapse:  {to_date: worse}
      assessed: {max: RS.RSDTC, where: RSDTC > this.STARTDT}
      adequate: {to_date: assessed}
      event:    {expr: "least(relapse, DTHDT)"}
    decide:
      - {when: relapse = event, date: event, CNSR: 0, EVNTDESC: PROGRESSION}
      - {when: DTHDT = event, date: event, CNSR: 0, EVNTDESC: DEATH}
      - {when: adequate IS NULL, date: STARTDT, CNSR: 2, EVNTDESC: NO ASSESSMENT, CNSDTDSC: FIRST DOSE}
      - {when: event IS NULL, date: adequate, CNSR: 1, EVNTDESC: NO EVENT, CNSDTDSC: LAST ASSESSMENT}
    in: days
keys: [USUBJID, PARAMCD]
"""
Column = list[str] | NDArray[np.float64] | tuple[NDArray[np.int64], list[str]]


def write_specs(folder: Path) -> None:
    """The study that makes ADSL, ADAE, ADLB and ADTTE of the given datasets."""
    listed = ", ".join(f"{name}: {{number: {at}, day: {day}}}" for at, (name, day) in enumerate(VISITS.items(), 1))
    texts = {"specs/BENCH/study.yaml": STUDY.replace("VISITS", listed)}
    for name, text in zip(DATASETS, (ADSL, ADAE, ADLB, ADTTE), strict=True):
        texts[f"mappings/BENCH/adam/{name.lower()}.yaml"] = text
    write_texts(folder, texts)


def write_given(folder: Path, subjects: int, rows: int) -> None:
    """The given datasets: `subjects` subjects, about `rows` laboratory results of theirs, 20 tests at 10 visits."""
    random = np.random.Generator(np.random.PCG64(4))
    (folder / "given").mkdir(exist_ok=True)
    who = [f"BENCH-{s:05d}" for s in range(subjects)]
    start = (
        np.datetime64("2023-01-02T08:00", "m")
        + random.integers(0, 365, subjects) * 1440
        + random.integers(0, 600, subjects)
    )
    dead = start.astype("M8[D]") + random.integers(30, 700, subjects)
    dies = random.random(subjects) < 0.2
    every = np.arange(subjects)
    _write(folder, "dm", every, who, {
        "SUBJID": [one[6:] for one in who], "SITEID": (every % 40, [f"{n:03d}" for n in range(40)]),
        "AGE": random.integers(18, 90, subjects).astype(float), "AGEU": (every * 0, ["YEARS"]),
        "SEX": (every % 2, ["M", "F"]), "RACE": (every % 3, ["WHITE", "ASIAN", "BLACK OR AFRICAN AMERICAN"]),
        "ARM": (every % 2, ["ACTIVE", "PLACEBO"]), "ARMCD": (every % 2, ["A", "P"]),
        "DTHFL": (np.where(dies, 0, -1), ["Y"]), "DTHDTC": _dates(np.where(dies, dead, np.datetime64("NaT"))),
    })  # fmt: skip
    twice = np.repeat(every, 2)
    doses = np.repeat(start, 2) + np.tile([0, 200 * 1440], subjects)
    _write(folder, "ex", twice, who, {"EXTRT": (twice * 0, ["DRUG"]), "EXDOSE": np.ones(len(twice)),
                                      "EXSTDTC": _dates(doses), "EXENDTC": _dates(doses)})  # fmt: skip
    events = np.sort(random.integers(0, subjects, subjects * 10))
    onset = start[events].astype("M8[D]") + random.integers(-20, 300, len(events))
    term = random.integers(0, len(TERMS), len(events))
    partial = random.random(len(events)) < 0.05
    begin = _dates(onset)
    _write(folder, "ae", events, who, {
        "AETERM": (term, TERMS), "AEDECOD": (term, TERMS), "AEBODSYS": (term % 3, ["ONE", "TWO", "THREE"]),
        "AESTDTC": [text[:7] if cut else text for text, cut in zip(begin, partial, strict=True)],
        "AEENDTC": _dates(onset + random.integers(0, 40, len(events))), "AESER": (term % 2, ["N", "Y"]),
        "AEREL": (term % 2, ["NOT RELATED", "POSSIBLY RELATED"]), "AETOXGR": (term % 4, ["1", "2", "3", "4"]),
    })  # fmt: skip
    days = np.array([day - (day > 0) for day in VISITS.values()])
    per = -(-rows // (subjects * len(TESTS)))
    seen = np.resize(np.arange(len(days)), per)
    whose, visit = np.repeat(every, per), np.tile(seen, subjects)
    on = (
        start[whose]
        + days[visit] * 1440
        + random.integers(-3, 4, len(whose)) * 1440
        - 90
        + (visit > 0) * random.integers(0, 400, len(whose))
    )
    _laboratory(folder, random, who, whose, visit, on, rows)
    _write(
        folder,
        "sv",
        whose,
        who,
        {
            "VISITNUM": visit + 1.0,
            "VISIT": (visit, list(VISITS)),
            "SVSTDTC": _dates(on.astype("M8[D]")),
            "SVENDTC": _dates(on.astype("M8[D]")),
        },
    )
    six = np.repeat(every, 6)
    _write(folder, "rs", six, who, {
        "RSTESTCD": (six * 0, ["OVRLRESP"]),
        "RSSTRESC": (random.integers(0, 20, len(six)), ["PD", *["PR"] * 6, *["SD"] * 13]),
        "RSDTC": _dates(start[six].astype("M8[D]") + np.tile(np.arange(6) * 56 + 28, subjects)),
    })  # fmt: skip
    five = np.repeat(every, 5)
    _write(
        folder,
        "cm",
        five,
        who,
        {
            "CMTRT": (five % 7, [f"DRUG {n}" for n in range(7)]),
            "CMSTDTC": _dates(start[five].astype("M8[D]") + random.integers(-50, 300, len(five))),
        },
    )
    _write(folder, "ds", every, who, {
        "DSCAT": (every * 0, ["DISPOSITION EVENT"]), "DSDECOD": (np.where(dies, 1, 0), ["COMPLETED", "DEATH"]),
        "DSSTDTC": _dates(np.where(dies, dead, start.astype("M8[D]") + 365)),
    })  # fmt: skip


def _laboratory(
    folder: Path,
    random: np.random.Generator,
    who: list[str],
    whose: NDArray[np.int64],
    visit: NDArray[np.int64],
    on: NDArray[np.datetime64],
    rows: int,
) -> None:
    """LB: each visit's sample through all tests."""
    many = len(TESTS)
    test = np.tile(np.arange(many), len(whose))[:rows]
    row = np.repeat(np.arange(len(whose)), many)[:rows]
    low, high = (np.array([one[at] for one in TESTS], dtype=float)[test] for at in (2, 3))
    digits = np.array([10.0 ** one[4] for one in TESTS])[test]
    value = (low + high) / 2 * np.exp(0.45 * random.standard_normal(rows))
    value = np.where(random.random(rows) < 0.01, np.nan, np.rint(value * digits) / digits)
    moments, of_sample = np.unique(on, return_inverse=True)
    _write(folder, "lb", whose[row], who, {
        "LBTESTCD": (test, [one[0] for one in TESTS]), "LBTEST": (test, [f"Test {one[0]}" for one in TESTS]),
        "LBCAT": (test * 0, ["CHEMISTRY"]), "LBSTRESN": value, "LBSTRESU": (test, [one[1] for one in TESTS]),
        "LBSTNRLO": low, "LBSTNRHI": high,
        "LBNRIND": (np.select([np.isnan(value), value < low, value > high], [-1, 0, 2], 1), ["LOW", "NORMAL", "HIGH"]),
        "VISITNUM": visit[row] + 1.0, "VISIT": (visit[row], list(VISITS)), "LBDTC": (of_sample[row], _dates(moments)),
    })  # fmt: skip


def _dates(moments: NDArray[np.datetime64]) -> list[str]:
    """ISO texts, blank for no date."""
    return np.where(np.isnat(moments), "", moments.astype(str)).tolist()


def _write(folder: Path, name: str, whose: NDArray[np.int64], who: list[str], columns: dict[str, Column]) -> None:
    """A dataset as Parquet; texts given as codes stand as texts in the file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    count = np.bincount(whose, minlength=len(who))
    number = np.arange(len(whose)) - np.repeat(np.cumsum(count) - count, count) + 1.0
    first: dict[str, Column] = {
        "STUDYID": (whose * 0, ["BENCH"]),
        "DOMAIN": (whose * 0, [name.upper()]),
        "USUBJID": (whose, who),
    }
    if name != "dm":
        first[f"{name.upper()}SEQ"] = number
    made = {}
    for key, column in {**first, **columns}.items():
        if isinstance(column, tuple):
            codes, texts = column
            index = pa.array(codes, mask=codes < 0)
            made[key] = pa.DictionaryArray.from_arrays(index, pa.array(texts)).cast(pa.string())
        elif isinstance(column, list):
            made[key] = pa.array([text or None for text in column], pa.string())
        else:
            made[key] = pa.array(column, mask=np.isnan(column))
    pq.write_table(pa.table(made), folder / "given" / f"{name}.parquet")
