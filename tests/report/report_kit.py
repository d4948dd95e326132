"""A build of four datasets with everything that a report shows, and issues of all kinds."""

from __future__ import annotations

from sdtm_builder.issues import Issue, Location, Severity
from sdtm_builder.model.summary import (
    BlockSummary,
    BuildSummary,
    ColumnFate,
    DatasetSummary,
    SourceSummary,
    StepCount,
)

E, W, N = Severity.ERROR, Severity.WARNING, Severity.NOTE
EDC = "edc.xlsx"


def ae() -> DatasetSummary:
    events = BlockSummary(
        "events",
        ("raw.AE",),
        214,
        (
            StepCount("read", 214),
            StepCount("where", 6, "No adverse event reported"),
            StepCount("in error", 2, "AETERM is missing"),
        ),
        206,
    )
    crs = BlockSummary(
        "crs", ("raw.CRS",), 40, (StepCount("one_per", 4), StepCount("transposed", 3, "No result", after=69)), 69
    )
    variables = ("STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM", "AEDECOD", "AESTDTC", "AEENDTC", "AEOUT")
    return DatasetSummary(
        "AE",
        "Adverse Events",
        "Events",
        275,
        24,
        variables,
        ("AESPEC", "AEGRADE"),
        (events, crs),
        ("ae.xpt", "ae.json"),
    )


def dm() -> DatasetSummary:
    block = BlockSummary(
        "subjects",
        ("raw.DM", "raw.ICF"),
        28,
        (StepCount("read", 28), StepCount("one_per", 2, "The last form of a subject")),
        26,
    )
    return DatasetSummary(
        "DM",
        "Demographics",
        "Special Purpose",
        26,
        26,
        ("STUDYID", "DOMAIN", "USUBJID", "ARM"),
        (),
        (block,),
        ("dm.xpt",),
    )


def raw_ae() -> SourceSummary:
    columns = (
        ColumnFate("SUBJID", "used", ("AE.USUBJID", "key"), filled=214),
        ColumnFate("AETERM_EN", "used", ("AE.AETERM",), filled=212),
        ColumnFate(
            "AETERM_ZH", "unused", why="Chinese side of a bilingual pair; the datasets hold the English one", filled=212
        ),
        ColumnFate("AEOUT", "used", ("AE.AEOUT", "DM.DTHFL"), filled=201),
        ColumnFate("严重程度备注", "unlisted", filled=3),
        ColumnFate("=cmd|' /C calc'!A0", "unlisted", filled=1),
    )
    fates = {"unplaced": 1, "used": 205, "filtered: No adverse event reported": 6, "in error": 2}
    return SourceSummary("AE", ((EDC, "AE"),), 214, fates, columns, ("AE", "DM"), ((EDC, "AE", 77),))


def raw_dm() -> SourceSummary:
    columns = (
        ColumnFate("SUBJID", "used", ("DM.USUBJID",), filled=28),
        ColumnFate("ROWNO", "unused", why="The EDC's own", filled=28),
    )
    return SourceSummary("DM", ((EDC, "DM"),), 28, {"used": 26, "duplicate": 2}, columns, ("DM",))


def raw_crs() -> SourceSummary:
    return SourceSummary("CRS", (("crs_a.csv", ""), ("crs_b.csv", "")), 40, {"used": 36, "collapsed by one_per": 3}, ())


def build() -> BuildSummary:
    return BuildSummary(
        "LSTCAR019",
        "A Phase 1 Study of LstCAR019 in relapsed or refractory B-ALL",
        "1.4",
        "2025-03-28T00:00:00",
        "final",
        (),
        (dm(), ae()),
        (raw_dm(), raw_ae(), raw_crs()),
        {"SDTMIG": "3.4", "SDTM CT": "2025-03-28"},
    )


def cell(row: int, column: str, sheet: str = "AE") -> Location:
    return Location(file=EDC, sheet=sheet, row=row, column=column)


def issues() -> list[Issue]:
    found: list[Issue] = []
    outcomes = ("Recoverd", "ongoing", "好转", "<b>dead</b>")
    for n in range(1, 31):
        value = outcomes[n % 4]
        key = f"USUBJID=LSTCAR019-{n % 5:03} AESEQ={n}"
        found.append(
            Issue(
                "ct-miss",
                E,
                f"{value} is no term of Outcome of Event (C66768), which is closed.",
                (
                    Location(yaml="mappings/LSTCAR019/sdtm/ae.yaml", line=24, char=9),
                    cell(n + 3, "AEOUT"),
                    Location(dataset="AE", key=key, variable="AEOUT"),
                ),
                value,
                "Add a synonym, a `map`, or correct the data.",
            )
        )
    found += [
        Issue(
            "date-unreadable",
            E,
            '"31-FEB-2024" fits no format of [dd-MMM-yyyy, yyyy/MM/dd].',
            (Location(yaml="mappings/LSTCAR019/sdtm/ae.yaml", line=31), cell(58, "AESTDAT")),
            "31-FEB-2024",
            "Correct it at the site, or say `unknown`.",
        ),
        Issue(
            "start-after-end",
            E,
            "AESTDTC is after AEENDTC.",
            (
                Location(dataset="AE", key="USUBJID=LSTCAR019-002 AESEQ=4", variable="AESTDTC"),
                Location(dataset="AE", key="USUBJID=LSTCAR019-002 AESEQ=4", variable="AEENDTC"),
            ),
            "2024-05-01",
            "Query the site.",
            caused_by="date-unreadable: AESTDAT",
        ),
        Issue(
            "text-not-ascii",
            W,
            "A character that the submission's encoding cannot hold.",
            tuple(cell(n, "AETERM_EN") for n in range(10, 22)),
            "Fi\u00e8vre \u202e\x00 " + "long " * 400,
            "",
        ),
        Issue("dm-no-death", W, '=HYPERLINK("http://x") in a message', (), "=1+1", "@SUM(A1)", "+cause"),
        Issue("ct-synonym", N, "yes is mapped to Y by a declared synonym.", (cell(5, "AESER"),), "yes"),
        Issue("ct-synonym", N, "no is mapped to N by a declared synonym.", (cell(6, "AESER"),), "no"),
    ]
    return found
