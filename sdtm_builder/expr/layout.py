"""Checks on the sequence of tokens: nesting, IS, operands side by side, lists of values."""

from __future__ import annotations

from . import faults
from .lexer import MAX_DEPTH, Token
from .tree import ExprFault

_NOTHING = Token("", "", 0)


def refusals(tokens: list[Token]) -> list[ExprFault]:
    """What is wrong with tokens that are each allowed."""
    wrong = _nesting(tokens)
    for i, token in enumerate(tokens):
        before = tokens[i - 1] if i else _NOTHING
        after = tokens[i + 1] if i + 1 < len(tokens) else _NOTHING
        wrong += _side_by_side(before, token)
        if token.is_word("IS"):
            wrong += _after_is(tokens[i + 1 : i + 4], token)
        elif token.is_word("DISTINCT"):
            if not (before.is_word("IS") or (before.is_word("NOT") and i > 1 and tokens[i - 2].is_word("IS"))):
                hint = "It stands in IS DISTINCT FROM alone."
                wrong.append(ExprFault(faults.REFUSED, "DISTINCT isn't used so", hint, token.offset))
        elif token.is_word("FROM") and not before.is_word("DISTINCT"):
            hint = "It stands in IS DISTINCT FROM alone; other records are reached by joins and summaries."
            wrong.append(ExprFault(faults.REFUSED, "FROM isn't used so", hint, token.offset))
        elif token.is_word("NULL") and before.is_word("NOT") and not (i > 1 and tokens[i - 2].is_word("IS")):
            wrong.append(ExprFault(faults.REFUSED, "NOT NULL isn't used alone", "Use IS NOT NULL.", token.offset))
        elif token.is_word("IN") and after.value != "(":
            hint = "IN takes a list of literals: IN ('A', 'B'). With another column use =, or a join."
            wrong.append(ExprFault(faults.REFUSED, "IN isn't followed by a list", hint, token.offset))
        elif token.is_word("NOT") and before.kind == "sign" and before.value not in ("(", ")", ","):
            hint = "NOT stands before a whole condition: NOT a = b, NOT (a = b OR c = d)."
            wrong.append(ExprFault(faults.REFUSED, "NOT stands within a condition", hint, token.offset))
        elif token.is_word("CASE") and after != _NOTHING and not after.is_word("WHEN"):
            hint = "Write CASE WHEN x = 'A' THEN ... END."
            wrong.append(ExprFault(faults.REFUSED, "CASE isn't followed by WHEN", hint, token.offset))
        elif token.kind == "sign":
            wrong += _sign(before, token, after)
    return wrong


def _sign(before: Token, token: Token, after: Token) -> list[ExprFault]:
    if token.value == "*" and not (before.ends_value and (after.begins_value or after.value in ("+", "-"))):
        return [ExprFault(faults.REFUSED, "a star isn't a value", "Name the columns.", token.offset)]
    if token.value == "+" and not before.ends_value:
        return [ExprFault(faults.REFUSED, "+ before a value says nothing", "Leave it out.", token.offset)]
    return []


def _side_by_side(before: Token, token: Token) -> list[ExprFault]:
    """Two values without an operator between: the parser would take the second as the name of the first."""
    if not (before.ends_value and token.begins_value):
        return []
    if before.kind == token.kind == "text":
        return [
            ExprFault(
                faults.TEXT, "two texts stand side by side", "Join them by ||; double a quote within.", token.offset
            )
        ]
    if before.kind == token.kind == "name":
        hint = f"A name with blanks goes in backquotes: `{before.value} {token.value}`."
    elif before.kind == "name" and token.kind == "text":
        hint = "Write =, || or another operator; a date is '2022-10-31' alone."
    else:
        hint = "Write AND, OR, =, || or another operator."
    return [ExprFault(faults.SYNTAX, f"an operator is missing before {token.value}", hint, token.offset)]


def _after_is(rest: list[Token], token: Token) -> list[ExprFault]:
    words = [t.value if t.kind == "keyword" else "" for t in rest] + ["", "", ""]
    if words[0] == "NOT":
        words = words[1:]
    if words[0] == "NULL" or words[:2] == ["DISTINCT", "FROM"]:
        return []
    hint = "Use = or <>; IS stands in IS [NOT] NULL and IS [NOT] DISTINCT FROM."
    return [ExprFault(faults.REFUSED, "IS compares with NULL alone", hint, token.offset)]


def _nesting(tokens: list[Token]) -> list[ExprFault]:
    """Parentheses and CASE balanced, lists of values only after IN and in functions, not too deep.

    A level is a parenthesis, a CASE, a NOT or a minus before a value; `levels` holds (token, prefixes before it).
    """
    wrong: list[ExprFault] = []
    levels: list[tuple[Token, int, bool]] = []
    depth = prefixes = 0
    before = _NOTHING
    too_deep = False
    for token in tokens:
        prefix = (token.value == "-" and token.kind == "sign" and not before.ends_value) or (
            token.is_word("NOT") and not before.ends_value and not before.is_word("IS")
        )
        if prefix:
            prefixes += 1
        elif (token.kind == "sign" and token.value == "(") or token.is_word("CASE"):
            takes_list = token.value == "(" and (before.kind == "function" or before.is_word("IN"))
            levels.append((token, prefixes + 1, takes_list))
            depth += prefixes + 1
            prefixes = 0
        elif (token.kind == "sign" and token.value == ")") or token.is_word("END"):
            wants = "(" if token.value == ")" else "CASE"
            if not levels or levels[-1][0].value != wants:
                missing = f"{token.value} without its {wants}"
                return [*wrong, ExprFault(faults.SYNTAX, missing, "", token.offset)]
            depth -= levels.pop()[1]
        elif token.kind == "sign" and token.value == "," and not (levels and levels[-1][2]):
            hint = "Lists stand after IN and in functions alone."
            wrong.append(ExprFault(faults.REFUSED, "a comma stands between two expressions", hint, token.offset))
        if not too_deep and depth + prefixes > MAX_DEPTH:
            too_deep = True
            deep = f"more than {MAX_DEPTH} levels of parentheses, CASE and NOT"
            wrong.append(ExprFault(faults.SIZE, deep, "Give parts of it names of their own.", token.offset))
        if not prefix and token.kind != "function":
            prefixes = 0
        before = token
    if levels:
        opened = levels[-1][0]
        closing = ")" if opened.value == "(" else "END"
        wrong.append(ExprFault(faults.SYNTAX, f"{opened.value} without its {closing}", "", opened.offset))
    return wrong
