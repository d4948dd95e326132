"""The faults of YAML files: each declared once, and the one way to record them with their place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..issues import IssueLog, fault
from ..model import Mark

YAML_SYNTAX = fault("yaml-syntax", "error", "The file is not YAML from this place on; nothing of it was used.")
YAML_UNREADABLE = fault("yaml-unreadable", "error", "The file cannot be read.")
YAML_ENCODING = fault("yaml-encoding", "error", "The file is not UTF-8.", "Save it as UTF-8.")
YAML_TOO_LARGE = fault("yaml-too-large", "error", "The file is larger than a specification can be.")
YAML_TOO_DEEP = fault("yaml-too-deep", "error", "Maps and lists are nested deeper than a specification can be.")
YAML_DUPLICATE_KEY = fault("yaml-duplicate-key", "error", "A key stands twice in one map; the first one was used.")
YAML_KEY = fault("yaml-key", "error", "A key is not a text.")
YAML_TAG = fault("yaml-tag", "error", "Tags and directives have no place here: every value is a text.")
YAML_ANCHOR = fault(
    "yaml-anchor",
    "error",
    "Anchors, aliases and `<<` have no place here.",
    "Use `like` within a file, `extends` between files.",
)
YAML_DOCUMENTS = fault(
    "yaml-documents", "error", "A file holds more than one document.", "Give each dataset a file of its own."
)
YAML_COMMENT = fault(
    "yaml-comment",
    "note",
    "A text without quotes ends where a comment begins, one blank before it.",
    "Quote the text if this belongs to it; else put two blanks before the `#`.",
)
EMPTY_FILE = fault("empty-file", "error", "The file says nothing.")
UNKNOWN_KEY = fault("unknown-key", "error", "A key that has no meaning in this place.")
MISSING_KEY = fault("missing-key", "error", "A key that must be there is not.")
WRONG_KIND = fault("wrong-kind", "error", "A text, a list or a map stands where another of them must.")
EMPTY_VALUE = fault("empty-value", "error", "A key has no value.", 'Write `""` for missing, or leave the key out.')
BAD_NAME = fault("bad-name", "error", "A name is not of the form that names have in this place.")
BAD_VALUE = fault("bad-value", "error", "A value is not one of those allowed in this place.")
TWO_OPERATIONS = fault("two-operations", "error", "A rule has more than one operation.")
NO_OPERATION = fault("no-operation", "error", "A rule has no operation.")
EMPTY_OPERATION = fault(
    "empty-operation",
    "error",
    "A rule or an operation says nothing.",
    "To take an inherited rule away, name it under `remove`; to drop a default, under `without`.",
)
BRANCH_WITHOUT_WHEN = fault(
    "branch-without-when", "error", "A branch without `when` is not the last one; those below it are never reached."
)
TWO_RULES = fault("two-rules", "error", "Two rules of one rank for one variable", "Keep one.")
CENSOR_SHARED = fault(
    "censor-shared",
    "warning",
    "One number of CNSR for two reasons of censoring in a parameter",
    "Give each reason a number of its own.",
)
KEY_IN_TWO_FILES = fault(
    "key-in-two-files", "error", "A key of the study stands in two files.", "Keep it in one of them."
)
FILE_NAME = fault("file-name", "error", "The file's name or folder does not fit what it holds.")
DATASET_TWICE = fault("dataset-twice", "error", "Two files make the same dataset.")
NO_STUDY = fault("no-study", "error", "The folder holds no study file.")
UNKNOWN_BLOCK = fault("unknown-block", "error", "A block is named that this dataset does not have.")
UNKNOWN_DOCUMENT = fault("unknown-document", "error", "A document is named that the study file does not list.")
UNKNOWN_SOURCE = fault("unknown-source", "error", "A raw source is named that the study file does not describe.")
GIVEN_AND_MAPPED = fault(
    "given-and-mapped", "error", "A dataset is given as input and has a mapping.", "Keep one, or say `write: copy`."
)
EXTENDS_MISSING = fault("extends-missing", "error", "An inherited folder or file is not in the library.")
EXTENDS_CYCLE = fault("extends-cycle", "error", "A file inherits from itself.")
LIKE_UNKNOWN = fault("like-unknown", "error", "`like` names a sibling that does not exist.")
LIKE_CYCLE = fault("like-cycle", "error", "`like` leads back to where it began.")
REMOVE_MISSING = fault("remove-missing", "error", "`remove` names what is not inherited.")
REMOVE_ALONE = fault(
    "remove-alone",
    "error",
    "`remove` inside an item goes with `like`.",
    "At the top of the file `remove` takes away what `extends` brings.",
)
PATH_OUTSIDE = fault("spec-path-outside", "error", "A path leaves the folder that it must stay in.")
TABLE_UNREADABLE = fault("table-unreadable", "error", "A table beside the specs cannot be read.")
TABLE_HEADER = fault("table-header", "error", "A table beside the specs has a column too many or too few.")
TABLE_ROW = fault("table-row", "error", "A row of a table beside the specs cannot be used.")


def report(log: IssueLog, rule: str, mark: Mark, message: str, hint: str | None = None, value: str = "") -> None:
    """Record a fault of the YAML at its place; where it overrides an inherited line, that is said too."""
    if mark.overrides:
        message = f"{message} It overrides {mark.overrides}."
    log.add(rule, message, mark.place, hint=hint, value=value)


def near(name: str, known: Iterable[str], limit: int = 3) -> list[str]:
    """Up to three known names that look most like this one, the nearest first."""
    from rapidfuzz import fuzz, process

    names = sorted(set(known))
    folded = [n.casefold() for n in names]
    found = process.extract(name.casefold(), folded, scorer=fuzz.ratio, limit=limit, score_cutoff=50)
    return [names[index] for _, _, index in found]


def near_hint(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """`Near: A, B.`, or all of a few known names, or the text given for none."""
    known = list(known)
    found = near(name, known)
    if found:
        return f"Near: {', '.join(found)}."
    if known and len(known) <= 8:
        return f"Known: {', '.join(known)}."
    return otherwise


def listed(names: Sequence[str], word: str = "and") -> str:
    """Names in backquotes: `a`, `b` and `c`."""
    quoted = [f"`{n}`" for n in names]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {word} {quoted[-1]}"
