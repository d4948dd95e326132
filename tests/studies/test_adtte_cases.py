"""ADTTE of LstCAR019 on courses written by hand, at every bound of the plan; and what a change of the mapping does."""

from __future__ import annotations

import pytest

from .tte import MAPPING, Bench, Course, Found, given_of

CR, CRI, PR, NR, RELAPSE, PD, NE, MISSING = range(1, 9)
LOST, WITHDRAWN = "LOST TO FOLLOW-UP", "WITHDRAWAL BY SUBJECT"

# A course in days after the infusion (day d is AVAL d + 1), and of some parameters CNSR and AVAL, with the first
# words of EVNTDESC where two rows give the same; None: no record, "-": a record that no row decides.
CASES: list[tuple[Course, dict[str, str | None]]] = [
    (Course("relapse", death=150, rs=[(28, CR), (56, CR), (100, RELAPSE)]),
     {"OS": "0 151", "OSW24": "0 151", "OSTX": "0 151", "PFS": "0 101 RELAPSE", "PFSW24": "0 101", "PFSALL": "0 101",
      "EFS": "0 101 RELAPSE", "EFSW24": "0 101", "DOR": "0 73", "DORW24": "0 73", "DORCR": "0 73"}),
    (Course("death", death=150, rs=[(28, CR)]), {"PFS": "0 151 DEATH", "EFS": "0 151 DEATH", "PFSALL": "0 151 DEATH"}),
    (Course("relapse-twice", rs=[(28, CR), (50, RELAPSE), (80, PD)]), {"PFS": "0 51", "DOR": "0 23", "EFS": "0 51"}),
    (Course("relapse-after-death", death=50, rs=[(28, CR), (60, PD)]), {"PFS": "0 51 DEATH", "DOR": "0 23 DEATH"}),
    (Course("progression-only", rs=[(28, PD)]), {"PFS": "0 29", "PFSALL": "0 29", "EFS": "0 1 INDUCTION"}),
    # no assessment: a death up to day 92 is an event
    (Course("death-day-92", death=91), {"PFS": "0 92 DEATH", "EFS": "0 92 DEATH", "PFSALL": "0 92 DEATH"}),
    (Course("death-day-93", death=92), {"PFS": "2 1", "EFS": "2 1", "PFSALL": "2 1", "OS": "0 93"}),
    (Course("not-evaluable", rs=[(30, NE)]), {"PFS": "2 1", "EFS": "2 1", "DOR": None}),
    (Course("no-result", rs=[(30, MISSING)]), {"PFS": "2 1", "EFS": "2 1"}),
    (Course("only-before", rs=[(-3, CR), (0, CR)]), {"PFS": "2 1", "EFS": "2 1", "DOR": None, "DORCR": None}),
    (Course("unassessed-therapy", nth=20), {"PFS": "2 1 NO POST", "PFSALL": "2 1 NO POST"}),
    # transplant and therapy
    (Course("transplant", death=200, hsct=60, rs=[(28, CR), (56, CRI), (60, CR), (90, RELAPSE)]),
     {"PFS": "4 61", "EFS": "4 61", "DOR": "4 33", "PFSALL": "0 91", "OSTX": "4 61", "OS": "0 201", "OSW24": "9 169"}),
    (Course("transplant-on-relapse", hsct=90, rs=[(28, CR), (90, RELAPSE)]), {"PFS": "0 91", "EFS": "0 91"}),
    (Course("therapy-on-relapse", nth=90, rs=[(28, CR), (90, RELAPSE)]), {"PFS": "0 91", "EFS": "0 91"}),
    (Course("transplant-after", hsct=55, rs=[(28, CR), (50, PD)]), {"PFS": "0 51", "OSTX": "4 56"}),
    (Course("transplant-no-event", hsct=100, rs=[(28, CR), (90, CR), (120, CR)]), {"PFS": "4 91", "PFSALL": "1 121"}),
    (Course("therapy-no-event", nth=100, rs=[(28, CR), (90, CR), (120, CR)]), {"PFS": "3 91", "PFSALL": "1 121"}),
    (Course("therapy-unassessed-before", nth=10, rs=[(28, NR), (60, RELAPSE)]),
     {"PFS": "3 1", "EFS": "3 1", "PFSALL": "0 61"}),
    (Course("transplant-unassessed-before", hsct=10, rs=[(28, NR)]), {"PFS": "4 1 TRANS", "EFS": "4 1 TRANS"}),
    (Course("both-one-day", hsct=50, nth=50, rs=[(28, CR)]), {"PFS": "4 29", "EFS": "4 29", "DOR": "4 1"}),
    (Course("therapy-first", hsct=50, nth=40, rs=[(28, CR), (45, CR)]), {"PFS": "3 29", "DOR": "3 1"}),
    (Course("transplant-first", hsct=40, nth=50, rs=[(28, CR), (45, CR)]), {"PFS": "4 29", "DOR": "4 1"}),
    (Course("transplant-on-death", death=60, hsct=60), {"OSTX": "0 61"}),
    (Course("one-day", death=70, rs=[(28, CR), (70, PD)]), {"PFS": "0 71 RELAPSE", "EFS": "0 71 RELAPSE"}),
    # followed, lost, withdrawn, dead on an unknown day
    (Course("lost", reason=LOST, last=200, rs=[(28, CR), (80, CR)]),
     {"OS": "5 201", "OSTX": "5 201", "OSW24": "9 169", "PFS": "5 81", "PFSALL": "5 81", "EFS": "5 81"}),
    (Course("withdrawn", reason=WITHDRAWN, last=100, rs=[(28, CR), (80, NR)]),
     {"OS": "6 101", "OSTX": "6 101", "OSW24": "6 101", "PFS": "6 81", "PFSALL": "6 81", "EFS": "6 81"}),
    (Course("relapsed-lost", reason=LOST, last=200, rs=[(28, CR), (80, RELAPSE)]), {"PFS": "0 81", "PFSALL": "0 81"}),
    (Course("followed", rs=[(28, CR), (80, NE)]), {"OS": "1 301", "OSTX": "1 301", "PFS": "1 29", "EFS": "1 29"}),
    (Course("dead-unknown", dead=True, last=120, rs=[(28, CR)]), {"OS": "-", "OSTX": "-", "PFS": "-", "PFSALL": "-"}),
    (Course("dead-unknown-unassessed", dead=True, last=91), {"PFS": "-", "EFS": "-", "PFSALL": "-"}),
    (Course("dead-unknown-late", dead=True, last=92), {"PFS": "2 1 NO POST", "EFS": "2 1 NO POST", "PFSALL": "2 1"}),
    (Course("dead-unknown-relapsed", dead=True, rs=[(28, CR), (60, RELAPSE)]), {"OS": "-", "PFS": "0 61"}),
    (Course("dead-unknown-lost", dead=True, reason=LOST, rs=[(28, CR)]), {"OS": "-", "OSTX": "-", "PFS": "5 29"}),
    (Course("dead-unknown-left", dead=True, reason=WITHDRAWN, rs=[(28, CR)]), {"OS": "-", "OSTX": "-", "PFS": "6 29"}),
    # week 24 is day 169
    (Course("day-169", rs=[(28, CR), (168, PD)]), {"PFSW24": "0 169", "EFSW24": "0 169", "DORW24": "0 141"}),
    (Course("day-170", rs=[(28, CR), (169, PD)]),
     {"PFS": "0 170", "PFSW24": "9 29", "EFSW24": "9 29", "DOR": "0 142", "DORW24": "9 1"}),
    (Course("last-day-169", rs=[(28, CR), (168, CR), (200, CR)]), {"PFSW24": "9 169", "DORW24": "9 141"}),
    (Course("first-day-170", rs=[(169, CR), (200, CR)]), {"PFSW24": "9 1", "DOR": "1 32", "DORW24": None}),
    (Course("response-day-169", rs=[(168, PR)]), {"DOR": "1 1", "DORW24": "1 1", "DORCR": None}),
    (Course("death-day-169", death=168), {"OSW24": "0 169"}),
    (Course("death-day-170", death=169), {"OSW24": "9 169"}),
    # induction: remission by day 126 and not after the next therapy
    (Course("remission-day-126", rs=[(28, NR), (125, CRI)]), {"EFS": "1 126"}),
    (Course("remission-day-127", rs=[(28, NR), (126, CR)]), {"EFS": "0 1 INDUCTION", "EFSW24": "0 1 INDUCTION"}),
    (Course("assessed-day-126", rs=[(125, NR), (160, CR)]), {"EFS": "0 1 INDUCTION"}),
    (Course("assessed-day-127", rs=[(126, NR), (160, CR)]), {"EFS": "1 161"}),
    (Course("partial", rs=[(28, PR), (80, PR)]), {"EFS": "0 1 INDUCTION", "DOR": "1 53", "DORCR": None}),
    (Course("remission-after-therapy", nth=50, rs=[(28, NR), (56, CR)]), {"EFS": "0 1 INDUCTION", "DOR": None}),
    (Course("remission-on-therapy", nth=56, rs=[(28, NR), (56, CR), (80, PD)]), {"EFS": "3 57", "DOR": "3 1"}),
    (Course("failure-not-evaluable", rs=[(28, NE), (160, CR)]), {"EFS": "1 161"}),
    (Course("partial-first", rs=[(28, PR), (56, CR), (90, PD)]), {"DOR": "0 63", "DORCR": "0 35"}),
    # dose-limiting toxicity: day 29 is the last of the window
    (Course("dlt", dlt=10, last=20), {"TTDLT": "0 11"}),
    (Course("dlt-last-day", dlt=28, death=28), {"TTDLT": "0 29"}),
    (Course("dlt-none"), {"TTDLT": "1 29"}),
    (Course("followed-day-29", last=28), {"TTDLT": "1 29"}),
    (Course("followed-day-28", last=27), {"TTDLT": "2 28", "CRSTM": "1 28"}),
    # cytokine release syndrome
    (Course("crs", crs=(3, 9, False)), {"CRSTM": "0 4", "CRSDUR": "0 7"}),
    (Course("crs-day-85", crs=(84, None, False)), {"CRSTM": "0 85", "CRSDUR": "1 217"}),
    (Course("crs-day-86", crs=(85, 90, False)), {"CRSTM": "1 85", "CRSDUR": "0 6"}),
    (Course("crs-none", last=50), {"CRSTM": "1 51", "CRSDUR": None}),
    (Course("crs-fatal", crs=(3, 8, True), death=8), {"CRSDUR": "2 6"}),
    (Course("crs-open-dead", crs=(3, None, False), death=20), {"CRSDUR": "2 18"}),
    (Course("crs-open-dead-unknown", crs=(3, None, False), dead=True), {"CRSDUR": "-"}),
    # persistence
    (Course("gone", qpcr=[(1, False), (7, True), (14, True), (28, False)]), {"PERS": "0 15 LAST"}),
    (Course("still", qpcr=[(7, True), (14, False), (28, True)]), {"PERS": "1 29"}),
    (Course("back-and-gone", qpcr=[(7, True), (14, False), (28, True), (56, False)]), {"PERS": "0 29 LAST"}),
    (Course("never", qpcr=[(-1, True), (7, False)]), {"PERS": "0 1 NEVER"}),
    (Course("last-undated", qpcr=[(7, True), (14, True), (28, False)], undated=[2]), {"PERS": "-"}),
    (Course("first-undated", qpcr=[(7, True), (14, True), (28, False)], undated=[1]), {"PERS": "0 15 LAST"}),
    (Course("not-sampled"), {"PERS": None}),
]  # fmt: skip

# A change of the mapping: what stands there, and what instead, wherever it stands.
CHANGES = [
    ("TRTSDT + 91", "TRTSDT + 90"), ("TRTSDT + 91", "TRTSDT + 92"),
    ("LSTALVDT > TRTSDT + 91", "LSTALVDT >= TRTSDT + 91"),
    ("TRTSDT + 125", "TRTSDT + 124"), ("TRTSDT + 125", "TRTSDT + 126"),
    ("TRTSDT + 84", "TRTSDT + 83"), ("TRTSDT + 84", "TRTSDT + 85"), ("crs <= TRTSDT", "crs < TRTSDT"),
    ("LSTALVDT < DLTWEDT", "LSTALVDT <= DLTWEDT"), ("LSTALVDT >= DLTWEDT", "LSTALVDT > DLTWEDT"),
    ("HSCTDT < event", "HSCTDT <= event"), ("NTHDT < event", "NTHDT <= event"), ("HSCTDT < DTHDT", "HSCTDT <= DTHDT"),
    ("HSCTDT = NATDT AND ", ""), ("NTHDT = NATDT AND ", "NTHDT IS NOT NULL AND HSCTDT IS NULL AND "),
    ("event IS NULL OR HSCTDT", "event IS NOT NULL AND HSCTDT"),
    ("event IS NULL OR NTHDT", "event IS NOT NULL AND NTHDT"),
    ("ADT <= this.HSCTDT", "ADT < this.HSCTDT"), ("ADT <= this.NTHDT", "ADT < this.NTHDT"),
    ("ADT <= this.WK24DT", "ADT < this.WK24DT"), ("ADT <= this.by_w12", "ADT < this.by_w12"),
    ("ADT <= coalesce(this.NATDT, ADT)", "ADT < coalesce(this.NATDT, ADT + 1)"),
    (" AND ADT <= coalesce(this.NATDT, ADT)", ""),
    ("STARTDT <= WK24DT", "STARTDT < WK24DT"), (", where: STARTDT <= WK24DT", ""),
    ("relapse:  {min:", "relapse:  {max:"), ("adequate: {max:", "adequate: {min:"),
    ("to_hsct:  {max:", "to_hsct:  {min:"),
    ("to_nth:   {max:", "to_nth:   {min:"), ("to_w24: {max:", "to_w24: {min:"), ("response: {min:", "response: {max:"),
    ("{last: ADPC.ADT", "{first: ADPC.ADT"), ("at:         {max:", "at:         {min:"),
    ("AVAL IN (5, 6)", "AVAL IN (5)"), ("AVAL IN (5, 6)", "AVAL IN (6)"), ("AVAL <= 6", "AVAL <= 7"),
    ("AVAL <= 6", "AVAL <= 8"), ("AVAL <= 6", "AVAL <= 5"), ("AVAL <= 3", "AVAL <= 2"), ("AVAL <= 3", "AVAL <= 4"),
    ("AVAL <= 2", "AVAL <= 1"), ("AVAL <= 2", "AVAL <= 3"),
    ("ADT > this.TRTSDT", "ADT >= this.TRTSDT"), ("ARELTM > 0", "ARELTM > -9"),
    ("ARELTM > this.at", "ARELTM >= this.at - 30"),
    ("coalesce(to_hsct, STARTDT)", "to_hsct"), ("coalesce(to_nth, STARTDT)", "to_nth"),
    ("coalesce(to_w24, STARTDT)", "to_w24"), ("least(relapse, DTHDT)", "coalesce(relapse, DTHDT)"),
    ("least(relapse, DTHDT)", "coalesce(DTHDT, relapse)"), ("least(TRTSDT + 125, NATDT)", "TRTSDT + 125"),
    ("least(TRTSDT + 84, LSTALVDT)", "TRTSDT + 84"),
    (" AND fatal IS NULL", ""), ("DTHFL IS NULL AND ", ""), ('"DTHFL IS NULL"', '"TRTSDT IS NOT NULL"'),
    ("assessed = 'Y' AND ", ""), ("adequate IS NULL AND (", "(adequate IS NULL OR "),
    ("start: response", "start: TRTSDT"),
    ("start: crs", "start: TRTSDT"), (" AND PKFL = 'Y'", ""), ("date: WK24DT, row", "date: DLTWEDT, row"),
    ("row: {date: WK24DT", "row: {date: LSTALVDT"), ("in: days", "in: weeks"),
]  # fmt: skip
ROWS = [number for number, line in enumerate(MAPPING.splitlines()) if line.lstrip().startswith("- {when:")]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    made = Bench(tmp_path_factory.mktemp("adtte"))
    made.lay([given_of(course for course, _ in CASES)])
    return made


def differences(found: Found) -> list[tuple[str, str, str, str | None]]:
    """(course, PARAMCD, found, wanted) of what is not as written above."""
    wrong = []
    for course, wanted in CASES:
        for code, said in wanted.items():
            told = as_written(found.get((course.name, code)))
            same = told is said is None or (told is not None and said is not None and f"{told} ".startswith(f"{said} "))
            shortened = said is not None and len(said.split()) > 2 and told is not None and told.startswith(said)
            if not same and not shortened:
                wrong.append((course.name, code, told or "no record", said))
    return wrong


def as_written(record: tuple[str, str, str] | None) -> str | None:
    """A record as the cases have it."""
    if record is None:
        return None
    cnsr, aval, described = record
    return f"{cnsr} {aval} {described}" if aval else "-"


def test_every_bound_of_the_plan(bench: Bench) -> None:
    assert differences(bench.run("as-it-is")) == []


@pytest.mark.parametrize(("old", "new"), CHANGES)
def test_a_change_is_seen(bench: Bench, old: str, new: str) -> None:
    assert old in MAPPING
    changed = bench.run(f"change-{CHANGES.index((old, new))}", MAPPING.replace(old, new))
    assert differences(changed) != []


@pytest.mark.parametrize("number", ROWS)
def test_a_row_that_is_dropped_is_seen(bench: Bench, number: int) -> None:
    lines = MAPPING.splitlines()
    assert differences(bench.run(f"row-{number}", "\n".join([*lines[:number], *lines[number + 1 :]]) + "\n")) != []
