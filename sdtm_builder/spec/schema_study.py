"""The description of the study file and its raw sources: every key, what it takes and what it means."""

from __future__ import annotations

from .schema_analyses import ANALYSIS, POPULATION
from .schema_dataset import EXPECT, EXTENDS, PAGES, REMOVE
from .shapes import (
    CODE,
    CONSTANT,
    DATASET,
    DEFAULT,
    EXPRESSION,
    INTEGER,
    LITERAL,
    LITERALS,
    NAME,
    NAMES,
    NUMBER,
    RANGE,
    SOURCE,
    Either,
    Form,
    Key,
    Leaf,
    ListOf,
    Naming,
    RuleShape,
    choice,
    map_of,
)

COUNT = Naming(r"any|[0-9]+", "a whole number, or `any`")
ARM_CODE = Naming(r"[A-Z0-9_]{1,20}", "an arm code: up to 20 upper-case letters, digits and _")
TEXTS = map_of(LITERAL, "a map of texts")
STANDARD = choice("sdtm", "adam")
ORIGIN = Form(
    "an origin",
    {
        "type": Key(
            choice("Collected", "Derived", "Assigned", "Protocol", "Predecessor", "Not Available"), "origin type", True
        ),
        "source": Key(choice("Investigator", "Sponsor", "Subject", "Vendor"), "origin source"),
    },
)

COLUMN = Form(
    "a column",
    {
        "type": Key(choice("text", "number", "date", "time"), "type of its values", default="text"),
        "formats": Key(LITERALS, "date or time formats, tried in this order", default="the source's"),
        "missing": Key(LITERALS, "tokens of no value, here only"),
        "decimal": Key(LITERAL, "decimal sign", default="a point"),
        "thousands": Key(LITERAL, "thousands sign", default="none"),
        "codelist": Key(NAME, "codelist whose terms the values are"),
        "aliases": Key(LITERALS, "other headers of the same column"),
        "limits": Key(RANGE, "[low, high]; outside is an issue, the value stays"),
    },
)

SOURCE_FORM = Form(
    "a raw source",
    {
        "file": Key(LITERAL, "path or pattern, relative to the raw folder", True),
        "sheet": Key(LITERALS, 'name, list, pattern or `"*"`', default="the first"),
        "header": Key(LITERALS, "names of the header rows; `name` gives the columns", default="`[name]`"),
        "skip_rows": Key(
            LITERAL, "rows above the header: a number, or the text its first row begins with", default="0"
        ),
        "range": Key(LITERAL, "cell range, as `B3:K`", default="all"),
        "footer": Key(EXPRESSION, "total rows at the foot: left out, listed", default="none"),
        "encoding": Key(LITERAL, "encoding of the texts of a csv, xpt or sas7bdat", default="utf-8; a sas7bdat's own"),
        "delimiter": Key(LITERAL, "delimiter of a csv", default="comma"),
        "stamp": Key(
            map_of(choice("sheet", "file"), "a map of new columns"), "columns made of where the row came from"
        ),
        "rename": Key(
            Form(
                "a map of new and old names",
                {"strip_prefix": Key(LITERAL, "prefix taken off all column names")},
                NAME,
            ),
            "new: old",
        ),
        "columns": Key(map_of(COLUMN, "a map of columns"), "typed columns"),
        "subject": Key(
            Either(
                (
                    NAME,
                    Form(
                        "a map of `column`, `pattern` and `form`",
                        {
                            "column": Key(NAME, "column", True),
                            "pattern": Key(LITERAL, "pattern of the whole text", True),
                            "form": Key(LITERAL, "form made of the pattern's groups", default="group 1"),
                        },
                    ),
                )
            ),
            "column of the register's number",
        ),
        "visit": Key(NAME, "column of the visit's raw name"),
        "date": Key(
            Either(
                (
                    NAME,
                    Form(
                        "a map of `column` and `formats`",
                        {"column": Key(NAME, "column", True), "formats": Key(LITERALS, "formats")},
                    ),
                )
            ),
            "column of the row's date, to number visits",
        ),
        "visits": Key(TEXTS, "raw name: VISIT, for this source, over the study's names"),
        "unknown_visit": Key(choice("missing", "by_date"), "for a raw name that no visit has", default="missing"),
        "where": Key(EXPRESSION, "rows that belong to this study", default="all"),
        "key": Key(NAMES, "columns that make a row unique"),
        "supersedes": Key(
            EXPRESSION, "true for a row that takes the place of the rows of its key above it", default="none"
        ),
        "one_subject": Key(NAMES, "columns whose values belong to one subject each, as sample numbers", default="none"),
        "duplicates": Key(
            Form(
                "a map of `action` and `ignore`",
                {
                    "action": Key(choice("keep", "drop"), "keep with an issue, or drop all but the first", True),
                    "ignore": Key(NAMES, "columns that do not count"),
                },
            ),
            "of whole rows",
            default="keep",
        ),
        "expect": Key(EXPECT, "what holds for every row"),
        "missing": Key(LITERALS, "tokens that mean no value", default="the study's"),
        "formats": Key(LITERALS, "date formats", default="the study's"),
        "origin": Key(ORIGIN, "origin of its columns", default="Collected, Investigator"),
        "document": Key(NAME, "id of the document that shows the form"),
        "pages": Key(
            Either((PAGES, map_of(PAGES, "a map of columns and pages"))),
            "pages of the form; or by column, `*` for the others",
        ),
        "integers": Key(
            map_of(INTEGER, "a map of columns and widths"), "integers that an export spoilt, with their width"
        ),
        "unused": Key(
            ListOf(
                Form(
                    "a map of `columns` and `why`",
                    {"columns": Key(NAMES, "columns", True), "why": Key(LITERAL, "reason", True)},
                )
            ),
            "columns that are left out, and why",
        ),
    },
)

GIVEN = Form(
    "a given input",
    {
        "file": Key(LITERAL, "one dataset's file"),
        "folder": Key(LITERAL, "a folder of datasets"),
        "datasets": Key(ListOf(Leaf("name", naming=DATASET)), "which datasets", default="all"),
        "standard": Key(STANDARD, "standard", default="sdtm"),
    },
    any_of=(("file", "folder"),),
)
VISIT = Form(
    "a visit",
    {
        "number": Key(NUMBER, "VISITNUM", True),
        "day": Key(INTEGER, "VISITDY"),
        "raw": Key(LITERALS, "names of it in raw data, beside its own"),
        "window": Key(RANGE, "days [low, high] for `unknown_visit: by_date`"),
        "earlier": Key(LITERAL, "the visit that this one is, under an earlier subject number"),
        "start_rule": Key(LITERAL, "TVSTRL"),
        "end_rule": Key(LITERAL, "TVENRL"),
    },
)
ELEMENT = Form(
    "an element",
    {
        "element": Key(LITERAL, "ELEMENT", True),
        "start_rule": Key(LITERAL, "TESTRL", True),
        "end_rule": Key(LITERAL, "TEENRL"),
        "duration": Key(LITERAL, "TEDUR, an ISO 8601 duration"),
        "begins": Key(RuleShape(meta=False), "where the data show its begin, for SE"),
    },
)
ARM = Form(
    "an arm",
    {
        "arm": Key(LITERAL, "ARM", True),
        "path": Key(
            ListOf(map_of(Leaf("literal", naming=CODE), "a pair of an epoch and an element"), single=False),
            "epoch: element, one after the other; without it the arm has no records in TA",
        ),
        "branch": Key(map_of(LITERAL, "a map of elements and branches"), "TABRANCH by element"),
        "transition": Key(map_of(LITERAL, "a map of elements and transitions"), "TATRANS by element"),
    },
)
CRITERION = Form(
    "a criterion",
    {
        "test": Key(LITERAL, "IETEST", True),
        "category": Key(choice("INCLUSION", "EXCLUSION"), "IECAT", True),
        "subcategory": Key(LITERAL, "IESCAT"),
        "rule": Key(LITERAL, "TIRL"),
        "version": Key(LITERAL, "TIVERS"),
    },
)
SUMMARY_VALUE = Form(
    "a trial summary value",
    {
        "value": Key(LITERALS, "TSVAL"),
        "rule": Key(RuleShape(meta=False), "TSVAL from the data, over all records of a dataset"),
        "null_flavor": Key(LITERAL, "TSVALNF"),
        "code": Key(LITERAL, "TSVALCD"),
        "dictionary": Key(LITERAL, "TSVCDREF"),
        "version": Key(LITERAL, "TSVCDVER"),
        "group": Key(LITERAL, "TSGRPID"),
    },
    any_of=(("value", "rule", "null_flavor"),),
)
SYNONYMS = Form(
    "a map of raw texts and terms",
    {"file": Key(LITERAL, "a table beside the specs: a column of raw texts, and `term`")},
    LITERAL,
)
CODELIST_FORM = Form(
    "a codelist",
    {
        "terms": Key(LITERALS, "the subset used in this study"),
        "add": Key(map_of(LITERAL, "a map of terms and decodes"), "extensions: term: decode"),
        "synonyms": Key(
            Either((SYNONYMS, ListOf(Either((choice("ct"), SYNONYMS))))),
            "raw text: term; `ct` lets the package's own synonyms map; a list joins both",
        ),
        "code": Key(LITERAL, "C-code or id, for a sponsor's list"),
    },
)
DEFAULTS = Form(
    "a map of `sdtm` and `adam`",
    {
        "sdtm": Key(map_of(RuleShape(), "a map of variables and rules", DEFAULT), "rules for all SDTM datasets"),
        "adam": Key(
            Form(
                "a map of variables and rules",
                {"core": Key(NAMES, "ADSL variables that every other dataset carries")},
                RuleShape(),
                DEFAULT,
            ),
            "rules for all ADaM datasets, and `core`",
        ),
    },
)

STUDY_FILE = Form(
    "the study file",
    {
        "extends": EXTENDS,
        "remove": REMOVE,
        "study": Key(
            Form(
                "a map about the study",
                {
                    "id": Key(LITERAL, "STUDYID", True),
                    "title": Key(LITERAL, "title"),
                    "protocol": Key(LITERAL, "protocol", default="the id"),
                    "phase": Key(LITERAL, "phase"),
                    "language": Key(LITERAL, "language of define.xml", default="en"),
                },
            ),
            "what the study is",
            True,
        ),
        "standards": Key(
            Form(
                "a map of standards",
                {
                    "sdtmig": Key(LITERAL, "version of SDTMIG"),
                    "sdtmig-ap": Key(choice("1.0"), "version of SDTMIG-AP, of associated persons", default="1.0"),
                    "sdtmig-md": Key(choice("1.0", "1.1"), "version of SDTMIG-MD, of devices", default="1.1"),
                    "adamig": Key(LITERAL, "version of ADaMIG"),
                    "define": Key(LITERAL, "version of Define-XML"),
                    "ct": Key(map_of(Leaf("date"), "a map of packages and dates"), "CT packages: sdtm, adam, protocol"),
                    "dictionaries": Key(TEXTS, "dictionary: version"),
                },
            ),
            "standards and their versions",
        ),
        "submission": Key(
            Form(
                "a map with `encoding`",
                {"encoding": Key(choice("ascii", "utf-8"), "what written text may hold", default="ascii")},
            ),
            "what is submitted",
        ),
        "constants": Key(map_of(LITERAL, "a map of constants", CONSTANT), "name: literal, for `study.NAME`"),
        "raw": Key(map_of(SOURCE_FORM, "a map of raw sources", SOURCE, like=True), "raw sources"),
        "given": Key(map_of(GIVEN, "a map of given inputs", SOURCE), "ready datasets as input"),
        "missing": Key(LITERALS, "tokens that mean no value in any column"),
        "date_texts": Key(
            Form(
                "a map of `formats`, `unknown` and `pivot`",
                {
                    "formats": Key(LITERALS, "date formats, tried in this order"),
                    "unknown": Key(LITERALS, "tokens of an unknown part"),
                    "pivot": Key(INTEGER, "first year that `yy` can mean", default="`yy` is an error"),
                },
            ),
            "how dates are written",
        ),
        "subjects": Key(
            Form(
                "a map about subjects",
                {
                    "register": Key(NAME, "source of all subjects", True),
                    "usubjid": Key(EXPRESSION, "USUBJID over its columns", True),
                    "same_person": Key(TEXTS, "later number: first number"),
                },
            ),
            "who the subjects are",
        ),
        "epochs": Key(LITERALS, "epochs in their order"),
        "elements": Key(map_of(ELEMENT, "a map of elements", CODE, like=True), "TE and SE, by ETCD"),
        "arms": Key(
            Form("a map of arms", {}, ARM, ARM_CODE, True),
            "TA, by ARMCD",
        ),
        "visits": Key(map_of(VISIT, "a map of visits", like=True), "TV and visit numbers, by VISIT"),
        "unscheduled": Key(
            Form(
                "a map about unscheduled visits",
                {
                    "raw": Key(LITERALS, "raw names of an unscheduled visit", True),
                    "number": Key(choice("after_previous", "in_name"), "where VISITNUM comes from", True),
                    "step": Key(NUMBER, "step after the visit before"),
                    "name": Key(LITERAL, "VISIT, with `{number}`"),
                },
            ),
            "unscheduled visits",
        ),
        "inclusion_exclusion": Key(map_of(CRITERION, "a map of criteria", CODE, like=True), "TI, by IETESTCD"),
        "summary": Key(
            map_of(
                Either((LITERAL, SUMMARY_VALUE, ListOf(Either((LITERAL, SUMMARY_VALUE))))), "a map of parameters", CODE
            ),
            "TS, by TSPARMCD: a value, a map, or a list of those",
        ),
        "without": Key(NAMES, "datasets that follow from the parts above, and are not built"),
        "codelists": Key(map_of(CODELIST_FORM, "a map of codelists"), "by short name or C-code"),
        "conversions": Key(
            ListOf(
                Form(
                    "a conversion",
                    {
                        "from": Key(LITERAL, "collected unit", True),
                        "to": Key(LITERAL, "standard unit", True),
                        "factor": Key(NUMBER, "standard = collected x factor + offset", True),
                        "offset": Key(NUMBER, "offset", default="0"),
                        "tests": Key(ListOf(Leaf("literal", naming=CODE)), "for these tests only", default="all"),
                    },
                )
            ),
            "unit conversions that the package lacks or has otherwise",
        ),
        "documents": Key(
            map_of(
                Form(
                    "a document",
                    {
                        "title": Key(LITERAL, "title", True),
                        "file": Key(LITERAL, "file", True),
                        "pages": Key(PAGES, "pages"),
                    },
                ),
                "a map of documents",
                SOURCE,
            ),
            "annotated CRF, reviewer's guides, manuals",
        ),
        "defaults": Key(DEFAULTS, "rules for all datasets of a standard"),
        "functions": Key(map_of(NAMES, "a map of Python files and functions"), "file: functions, for `py.NAME`"),
        "corrections": Key(
            ListOf(
                Form(
                    "a correction",
                    {
                        "source": Key(NAME, "`raw.X`", True),
                        "where": Key(EXPRESSION, "which rows", True),
                        "column": Key(NAME, "column", True),
                        "value": Key(LITERAL, "the right value", True),
                        "rows": Key(INTEGER, "how many rows it must hit", True),
                        "reason": Key(LITERAL, "reason", True),
                        "approved": Key(LITERAL, "when and by whom", True),
                    },
                )
            ),
            "values corrected by hand; the only hard-coding there is",
        ),
        "accepted": Key(
            ListOf(
                Form(
                    "an accepted issue",
                    {
                        "rule": Key(LITERAL, "rule id", True),
                        "dataset": Key(NAME, "dataset"),
                        "source": Key(NAME, "`raw.X`"),
                        "where": Key(EXPRESSION, "which records or rows"),
                        "count": Key(Leaf("literal", naming=COUNT), "how many; `any` where it is of no matter", True),
                        "reason": Key(LITERAL, "reason", True),
                    },
                )
            ),
            "issues that are known and explained",
        ),
        "populations": Key(
            map_of(POPULATION, "a map of populations", SOURCE, like=True), "sets of subjects, for analyses"
        ),
        "analyses": Key(
            map_of(ANALYSIS, "a map of analyses", SOURCE, like=True), "tables and plots over ADaM, by id"
        ),
        "severity": Key(
            map_of(choice("error", "warning", "note"), "a map of rule ids"),
            "rule id, or name of an expectation: severity, over the rule's own",
        ),
    },
)
