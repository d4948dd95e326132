"""Regular expressions as a study may write them: what is allowed, and which could run for ever."""

from __future__ import annotations

import functools
import math
import re
from dataclasses import dataclass
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

MAX_PATTERN = 200
MAX_SEARCHED = 2000
MAX_STEPS = 1e8  # about a second
_MAX_WAYS = 64
# characters beyond ASCII are four kinds, each one number above 127
_DIGIT, _SPACE, _WORD, _OTHER = 128, 129, 130, 131
_BEYOND = frozenset([_DIGIT, _SPACE, _WORD, _OTHER])
_EVERY = frozenset(range(128)) | _BEYOND

_REFUSED = {
    "GROUPREF": "a back reference",
    "GROUPREF_EXISTS": "a condition on a group",
    "ASSERT": "a look-ahead or look-behind",
    "ASSERT_NOT": "a look-ahead or look-behind",
    "ATOMIC_GROUP": "an atomic group",
    "POSSESSIVE_REPEAT": "a possessive repeat",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """One item of a pattern laid flat: its characters, how many lengths it can take, whether it can be empty."""

    characters: frozenset[int]
    choices: float
    empty: bool


class _Refused(ValueError):
    """Why a pattern isn't taken."""


@functools.lru_cache(maxsize=1024)
def pattern_fault(pattern: str, whole: bool = False) -> str:
    """Why a pattern is refused, or "".

    Refused are patterns of more than 200 characters, that `re` can't read, with back references, look-arounds,
    flags, a repeat or an alternative inside a repeat; and those whose neighbouring repeats can share the same
    characters in so many ways that a text of 2,000 characters takes more than some 10^8 steps.

    Parameters
    ----------
    pattern : Python `re` syntax
    whole : it is matched with the whole text (as `subject` is), not searched for
    """
    if len(pattern) > MAX_PATTERN:
        return f"it has {len(pattern)} characters; at most {MAX_PATTERN} are allowed"
    try:
        tree = sre_parser.parse(pattern)
    except (re.error, OverflowError) as error:
        return f"it can't be read: {error}"
    except RecursionError:
        return "it is too deeply nested"
    if tree.state.flags & ~re.UNICODE:
        return "it sets flags; for either case use upper(t)"
    try:
        _allowed(tree, False)
        ways = _ways(tree)
    except _Refused as refused:
        return str(refused)
    anchored = whole or _is_anchored(tree)
    for steps in ways:
        if _effort(steps) * (1 if anchored else MAX_SEARCHED) > MAX_STEPS:
            return "repeats beside each other share characters, so that it could run for ever"
    return ""


def pattern_hint(reason: str) -> str:
    """What to do about a refused pattern."""
    if "share" in reason:
        return "Begin with ^, leave out .* at the ends, or narrow the repeats, as [^-]* instead of .*"
    if "inside a repeat" in reason:
        return "Split it into two patterns, or write the alternatives as a set, as [AB]."
    return ""


@functools.lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern ready for use; it has been checked."""
    return re.compile(pattern)


def _is_anchored(tree: Any) -> bool:
    first = tree[0] if len(tree) else (None, None)
    return first[0] is sre.AT and first[1] in (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)


def _allowed(tree: Any, repeated: bool) -> None:
    """Refuse items that aren't on the list; `repeated` inside a repeat."""
    for op, argument in tree:
        name = str(op)
        if name in _REFUSED:
            raise _Refused(f"it has {_REFUSED[name]}")
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            _, high, inner = argument
            if repeated:
                raise _Refused("it has a repeat inside a repeat")
            _allowed(inner, high > 1)
        elif op is sre.BRANCH:
            if repeated:
                raise _Refused("it has an alternative inside a repeat")
            for inner in argument[1]:
                _allowed(inner, False)
        elif op is sre.SUBPATTERN:
            if argument[1] or argument[2]:
                raise _Refused("it sets flags; for either case use upper(t)")
            _allowed(argument[3], repeated)
        elif op not in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN, sre.AT):
            raise _Refused(f"it has {name}")


def _ways(tree: Any) -> list[list[_Step]]:
    """All sequences that a pattern can take, without its alternatives and optional groups."""
    ways: list[list[_Step]] = [[]]
    for op, argument in tree:
        ways = [before + after for before in ways for after in _item(op, argument)]
        if len(ways) > _MAX_WAYS:
            raise _Refused("it has too many alternatives and optional groups")
    return ways


def _item(op: Any, argument: Any) -> list[list[_Step]]:
    if op is sre.AT:
        return [[]]
    if op is sre.BRANCH:
        return [way for inner in argument[1] for way in _ways(inner)]
    if op is sre.SUBPATTERN:
        return _ways(argument[3])
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
        low, high, inner = argument
        high = min(int(high), MAX_SEARCHED) if high is not sre.MAXREPEAT else MAX_SEARCHED
        if high == 1 and low == 0 and not _is_one(inner):
            return [[], *_ways(inner)]
        characters = frozenset().union(*(step.characters for way in _ways(inner) for step in way))
        return [[_Step(characters, max(1, high - int(low) + 1), int(low) == 0)]]
    return [[_Step(_characters(op, argument), 1, False)]]


def _is_one(tree: Any) -> bool:
    return len(tree) == 1 and tree[0][0] in (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)


def _characters(op: Any, argument: Any) -> frozenset[int]:
    """The characters that an item takes, those beyond ASCII by their kind."""
    if op is sre.LITERAL:
        return frozenset([_code(argument)])
    if op is sre.NOT_LITERAL:
        return _EVERY - {argument}
    if op is sre.IN:
        return _set(argument)
    return _EVERY


def _code(character: int) -> int:
    if character < 128:
        return character
    text = chr(character)
    if text.isdecimal():
        return _DIGIT
    return _SPACE if text.isspace() else _WORD if text.isalnum() else _OTHER


def _set(items: Any) -> frozenset[int]:
    negated = bool(items) and items[0][0] is sre.NEGATE
    taken: set[int] = set()
    whole: set[int] = set()  # kinds taken altogether, which a negated set leaves out
    for op, argument in items:
        if op is sre.LITERAL:
            taken.add(_code(argument))
        elif op is sre.RANGE:
            low, high = argument
            taken.update(range(min(low, 128), min(high, 127) + 1))
            taken |= _BEYOND if high > 127 else set()
        elif op is sre.CATEGORY:
            taken |= _category(argument)
            whole |= _category(argument)
    if not negated:
        return frozenset(taken)
    return (_EVERY - taken) | (_BEYOND - whole)


def _category(name: Any) -> frozenset[int]:
    plain = {
        sre.CATEGORY_DIGIT: (r"\d", {_DIGIT}),
        sre.CATEGORY_SPACE: (r"\s", {_SPACE}),
        sre.CATEGORY_WORD: (r"\w", {_DIGIT, _WORD}),
    }
    if name in plain:
        pattern, beyond = plain[name]
        return frozenset(c for c in range(128) if re.match(pattern, chr(c))) | beyond
    opposite = {
        sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
        sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
        sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
    }
    return _EVERY - _category(opposite[name])


def _effort(steps: list[_Step]) -> float:
    """An upper bound of the ways to share 2,000 characters between repeats that can take each other's."""
    best: list[float] = []
    for i, step in enumerate(steps):
        own = math.log(min(step.choices, MAX_SEARCHED))
        most = 0.0
        if step.choices > 1:
            for j in range(i):
                if steps[j].choices > 1 and best[j] > most and _share(steps, j, i):
                    most = best[j]
        best.append(own + most if step.choices > 1 else 0.0)
    return math.exp(min(max(best, default=0.0), 300.0))


def _share(steps: list[_Step], first: int, last: int) -> bool:
    """Whether two repeats, and all that stands between, can take the same characters."""
    both = steps[first].characters & steps[last].characters
    return bool(both) and all(s.empty or s.characters & both for s in steps[first + 1 : last])
