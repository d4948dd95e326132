"""The text of an expression as tokens; refuses what a parser would take in silence or hide."""

from __future__ import annotations

import re
from dataclasses import dataclass

from . import faults
from .functions import SIGNATURES, counterpart
from .tree import ExprFault

MAX_CHARACTERS = 2000
MAX_DEPTH = 15
MAX_HEIGHT = 120  # operators in a row; what walks a tree stays far from Python's own limit

KEYWORDS = frozenset(
    [
        "AND",
        "OR",
        "NOT",
        "IN",
        "BETWEEN",
        "LIKE",
        "IS",
        "NULL",
        "DISTINCT",
        "FROM",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
    ]
)
_NO_TRUTH = "There are no truth values here: `yes_if` gives Y or N, and a condition stands as it is."
_NO_CLOCK = "A build depends on its inputs alone: use a date of `constants`, as study.cutoff."
_NO_QUERY = "Other records are reached by joins and summaries (`first`, `min`, `count`, `exists` ...)."
REFUSED_WORDS = {
    **dict.fromkeys(["GLOB", "ESCAPE"], "Use LIKE or regexp_like(t, 'pattern')."),
    **dict.fromkeys(["REGEXP", "RLIKE", "MATCH", "SIMILAR"], "Use regexp_like(t, 'pattern')."),
    **dict.fromkeys(["ILIKE", "COLLATE"], "Compare upper(t), as upper(t) LIKE 'A%'."),
    **dict.fromkeys(["CAST", "CONVERT", "TRY_CAST"], "Use text(x), num(t) or iso_date(d)."),
    **dict.fromkeys(["TRUE", "FALSE"], _NO_TRUTH),
    **dict.fromkeys(["CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP"], _NO_CLOCK),
    **dict.fromkeys(["SELECT", "EXISTS", "UNION", "EXCEPT", "INTERSECT", "WITH", "VALUES"], _NO_QUERY),
    **dict.fromkeys(["WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "QUALIFY", "JOIN", "ON"], _NO_QUERY),
    **dict.fromkeys(["OVER", "FILTER", "WINDOW", "PARTITION"], "Use `first`, `last`, `flag_first` or `sequence`."),
    **dict.fromkeys(["ISNULL", "NOTNULL"], "Use IS NULL or IS NOT NULL."),
    **dict.fromkeys(["ALL", "ANY", "SOME"], _NO_QUERY),
    **dict.fromkeys(["DIV", "MOD"], "Use / and floor()."),
    **dict.fromkeys(["EQ", "NE", "LT", "LE", "GT", "GE"], "Use = <> < <= > >=."),
    "AS": "The name is the variable that the rule makes.",
    "XOR": "Use AND, OR and NOT.",
    "INTERVAL": "A date plus a whole number is a date so many days later.",
    "TOP": _NO_QUERY,
}

_SIGNS = [
    ("--", "comments aren't allowed, and -- would hide what follows", "Minus a negative number: write + or a - (-b)."),
    ("/*", "comments aren't allowed", "Write the comment in the YAML, after #."),
    ("==", "== isn't used", "Use =."),
    ("!=", "!= isn't used", "Use <>."),
    ("^=", "^= isn't used", "Use <>."),
    ("~=", "~= isn't used", "Use <>."),
    ("<=>", "<=> isn't used", "Use IS NOT DISTINCT FROM."),
    ("=>", "=> isn't used", "Use >=."),
    ("=<", "=< isn't used", "Use <=."),
    ("::", ":: isn't used", "Use text(x), num(t) or iso_date(d)."),
    ("->>", "->> isn't used", "A value is one column."),
    ("->", "-> isn't used", "A value is one column."),
    ("**", "** isn't used", "Multiply."),
    ("<<", "<< isn't used", ""),
    (">>", ">> isn't used", ""),
    ("&&", "&& isn't used", "Use AND."),
    (";", "a semicolon isn't part of an expression", ""),
    ('"', 'double quotes aren\'t used: "Y" is a text in SAS and a name in SQL', "Text: 'Y'. A column: Y or `Y`."),
    ("[", "square brackets aren't used", "An odd name goes in backquotes: `Y`."),
    ("]", "square brackets aren't used", "An odd name goes in backquotes: `Y`."),
    ("&", "& isn't used", "Use AND."),
    ("|", "| isn't used", "Use OR, or || to join texts."),
    ("!", "! isn't used", "Use NOT."),
    ("~", "~ isn't used", "Use NOT."),
    ("^", "^ isn't used", "Use NOT."),
    ("%", "% isn't used", "The rest of a division is a - b * floor(a / b)."),
    ("?", "parameters aren't used", "A constant of the study is study.NAME."),
    (":", "parameters aren't used", "A constant of the study is study.NAME."),
    ("@", "parameters aren't used", "A constant of the study is study.NAME."),
    ("$", "parameters aren't used", "An odd name goes in backquotes."),
    (".", "a point stands alone", "A qualified name has no blanks: DM.RFSTDTC."),
    *((q, "these quotes aren't straight", "Use ' for text.") for q in "‘’“”´"),
    *((q, "this sign is the full-width one", "Use the ASCII sign.") for q in "（），＝＜＞＋－＊／｜＇｀"),
]
_OPERATORS = ("<>", "<=", ">=", "||", "=", "<", ">", "+", "-", "*", "/", "(", ")", ",")
_NUMBER = re.compile(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_PART = r"(?:`[^`]*`|[^\W\d]\w*)"
_NAME = re.compile(rf"{_PART}(?:\.{_PART})*")
_TEXT = re.compile(r"'((?:[^']|'')*)'")


@dataclass(frozen=True, slots=True)
class Token:
    """One token. `value` is what it means, keywords in upper case.

    `kind` is name, function, keyword, text, number, sign, or refused (a word).
    """

    kind: str
    value: str
    offset: int
    parts: tuple[str, ...] = ()
    quoted: tuple[bool, ...] = ()

    @property
    def ends_value(self) -> bool:
        """Whether a value is complete after this token."""
        return self.kind in ("name", "text", "number") or (
            self.value in (")", "NULL", "END") and self.kind in ("sign", "keyword")
        )

    @property
    def begins_value(self) -> bool:
        """Whether a value begins with this token."""
        return self.kind in ("name", "text", "number", "function") or (
            self.value in ("(", "CASE", "NULL") and self.kind in ("sign", "keyword")
        )

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these keywords."""
        return self.kind == "keyword" and self.value in words


def tokens_of(text: str) -> tuple[list[Token], list[ExprFault]]:
    """The tokens of an expression, and what is refused in them.

    Parameters
    ----------
    text : the expression, `--VAR` of defaults already replaced
    """
    if len(text) > MAX_CHARACTERS:
        long = f"the expression has {len(text):,} characters; at most {MAX_CHARACTERS:,} are allowed"
        return [], [ExprFault(faults.SIZE, long, "Give parts of it names of their own.", MAX_CHARACTERS)]
    found: list[Token] = []
    wrong: list[ExprFault] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        at = _one(text, at, found, wrong)
    if not found and not wrong:
        wrong.append(ExprFault(faults.SYNTAX, "the expression is empty"))
    return found, wrong


def _one(text: str, at: int, found: list[Token], wrong: list[ExprFault]) -> int:
    """Take the token at `at`; gives where the next begins."""
    if text[at] == "'":
        match = _TEXT.match(text, at)
        if not match:
            wrong.append(ExprFault(faults.SYNTAX, "a text isn't closed", "A quote within a text is doubled: ''.", at))
            return len(text)
        found.append(Token("text", match[1].replace("''", "'"), at))
        return match.end()
    number = _NUMBER.match(text, at)
    if number:
        return _number(text, number, found, wrong)
    name = _NAME.match(text, at)
    if name:
        return _word(text, name, found, wrong)
    if text[at] == "`":
        wrong.append(ExprFault(faults.SYNTAX, "a backquote isn't closed", "", at))
        return len(text)
    for sign, message, hint in _SIGNS:
        if text.startswith(sign, at) and not (sign == "|" and text.startswith("||", at)):
            wrong.append(ExprFault(faults.TEXT, message, hint, at))
            return len(text) if sign in ("--", "/*") else at + len(sign)
    for sign in _OPERATORS:
        if text.startswith(sign, at):
            found.append(Token("sign", sign, at))
            return at + len(sign)
    odd = f"{text[at]!r} isn't part of an expression"
    wrong.append(ExprFault(faults.TEXT, odd, "A name with such a sign goes in backquotes.", at))
    return at + 1


def _number(text: str, match: re.Match[str], found: list[Token], wrong: list[ExprFault]) -> int:
    """A number; letters right after it are a fault."""
    end, offset = match.end(), match.start()
    rest = re.compile(r"[\w.]+").match(text, end)
    if rest:
        odd = f"{match[0] + rest[0]} is neither a number nor a name"
        hint = "A name that begins with a digit goes in backquotes. Text and dates stand in single quotes."
        wrong.append(ExprFault(faults.SYNTAX, odd, hint, offset))
        end = rest.end()
    elif float(match[0]) == float("inf"):
        wrong.append(ExprFault(faults.SYNTAX, f"{match[0]} is too large for a number", "", offset))
    found.append(Token("number", match[0], offset))
    return end


def _word(text: str, match: re.Match[str], found: list[Token], wrong: list[ExprFault]) -> int:
    """A name, keyword or function."""
    written, at, end = match[0], match.start(), match.end()
    segments = re.findall(_PART, written)
    quoted = tuple(s.startswith("`") for s in segments)
    parts = tuple(s.strip("`") if q else s for s, q in zip(segments, quoted, strict=True))
    plain = len(parts) == 1 and not quoted[0]
    upper = written.upper()
    if plain and upper in KEYWORDS:
        found.append(Token("keyword", upper, at))
        return end
    if not all(p.strip() for p in parts):
        wrong.append(ExprFault(faults.SYNTAX, "a name in backquotes is empty", "", at))
    if text.startswith("'", end) and plain:
        odd = f"{written} stands right before a quote; texts have no prefix"
        wrong.append(ExprFault(faults.TEXT, odd, "A date is written as '2022-10-31'.", at))
    if text[end:].lstrip().startswith("("):
        if not plain or upper.lower() not in SIGNATURES:
            hint = (
                (REFUSED_WORDS.get(upper) or counterpart(written))
                if plain
                else "Functions of Python stand in rules, not in expressions."
            )
            wrong.append(ExprFault(faults.FUNCTION, f"there is no function {written}()", hint, at))
        found.append(Token("function", written.lower(), at))
        return end
    if plain and upper in REFUSED_WORDS:
        hint = f"{REFUSED_WORDS[upper]} A column of this name goes in backquotes."
        wrong.append(ExprFault(faults.REFUSED, f"{written} isn't used in expressions", hint, at))
        found.append(Token("refused", upper, at))
        return end
    if len(parts) > 3 or (len(parts) == 3 and (parts[0] != "raw" or quoted[0])):
        hint = "At most two parts, DM.RFSTDTC, or three that begin with raw. An odd name goes in backquotes."
        wrong.append(ExprFault(faults.REFUSED, f"{written} has {len(parts)} parts", hint, at))
    found.append(Token("name", written, at, parts, quoted))
    return end
