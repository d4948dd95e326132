"""Escalation by a table of rules: what each level's subjects say, step by step, and the dose that follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from ...model import ListNode, MapNode, Mark, Node, Scalar
from ..numbers import clopper_pearson, interval_text, percent_text
from ..registry import Argument, Take, method
from ..result import Made, Part, cell, column, row, table
from ..setting import Rows, Setting, label_array, range_of

DECISIONS = ("ESCALATE", "EXPAND", "STOP")
ONGOING = "ONGOING"
PASSED = "PASSED"
"""What is said of the highest level instead of ESCALATE."""
ARGUMENTS = (
    Argument("level", Take.VARIABLE, "variable of the planned level, one record a subject", True),
    Argument("levels", Take.TEXTS, "its values, the lowest dose first, each with how it is called", True),
    Argument("treated", Take.CONDITION, "subjects who were given the dose", True),
    Argument("evaluable", Take.CONDITION, "subjects who count in a decision", True),
    Argument("event", Take.CONDITION, "subjects with the toxicity that limits the dose", True),
    Argument("sequence", Take.VARIABLES, "variables by which subjects of a level follow one another", True),
    Argument("rules", Take.RULES, "for a number of evaluable subjects and [low, high] events the decision: ESCALATE, "
             "EXPAND (as many again at this level) or STOP", True),
    Argument("event_name", Take.TEXT, "the event in words", True),
    Argument("apart", Take.CONDITIONS, "label: subjects who are told apart, as those of an expansion"),
    Argument("dose", Take.VARIABLE, "planned dose, the same for `at_recommended` and the recommended level"),
    Argument("at_recommended", Take.CONDITION, "subjects treated at the recommended dose"),
    Argument("confidence", Take.NUMBER, "confidence level, 0.95 if not said"),
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """With so many evaluable subjects and `low` to `high` events: the decision."""

    evaluable: int
    low: float
    high: float
    decision: str


@dataclass(frozen=True)
class Taken:
    """A decision taken: how many were evaluable and how many of them had the event."""

    evaluable: int
    events: int
    decision: str


def rules_of(node: Node | None) -> list[Rule]:
    """The rules as the YAML has them."""
    assert isinstance(node, ListNode)
    found = []
    for item in node.items:
        assert isinstance(item, MapNode)
        low, high = range_of(item.items["events"])
        evaluable, decision = (cast(Scalar, item.items[k]).text for k in ("evaluable", "decision"))
        found.append(Rule(int(evaluable), low, high, decision))
    return found


def _check(arguments: Mapping[str, Node]) -> Iterable[tuple[Mark, str]]:
    """Words of decisions, and that no two rules meet and every number of events has one."""
    node = arguments.get("rules")
    if not isinstance(node, ListNode):
        return
    try:
        rules = rules_of(node)
    except (AssertionError, KeyError, ValueError, AttributeError):
        return
    for item, rule in zip(node.items, rules, strict=True):
        if rule.decision not in DECISIONS:
            yield item.mark, f"`{rule.decision}` is no decision: {', '.join(DECISIONS)}."
    for size in sorted({r.evaluable for r in rules}):
        for events in range(size + 1):
            fits = [r for r in rules if r.evaluable == size and r.low <= events <= r.high]
            if len(fits) != 1:
                yield node.mark, f"{events} of {size} evaluable subjects have {len(fits)} decisions, one is needed."


def decide(events: Sequence[bool], rules: Sequence[Rule]) -> list[Taken]:
    """The decisions of a level whose evaluable subjects had the event or not, in their order.

    Each number of subjects for which there is a rule is a decision, as long as the one before says EXPAND.
    """
    taken: list[Taken] = []
    for size in sorted({r.evaluable for r in rules}):
        if size > len(events) or (taken and taken[-1].decision != "EXPAND"):
            break
        happened = sum(events[:size])
        rule = next(r for r in rules if r.evaluable == size and r.low <= happened <= r.high)
        taken.append(Taken(size, happened, rule.decision))
    return taken


def recommended(decisions: Sequence[str]) -> int | None:
    """Place of the recommended level, -1 for none (the lowest stopped), None while it is open.

    Of a level that stops the one below; of the highest one passed, that one.
    """
    for place, decision in enumerate(decisions):
        if decision == "STOP":
            return place - 1
        if decision != "ESCALATE":
            return None
    return len(decisions) - 1


@dataclass(frozen=True, eq=False)
class _Level:
    code: str
    label: str
    assigned: Rows
    treated: Rows
    evaluable: Rows
    events: Rows
    taken: list[Taken]
    highest: bool

    def said(self, decision: str) -> str:
        """A decision as it is shown."""
        return PASSED if self.highest and decision == "ESCALATE" else decision

    @property
    def decision(self) -> str:
        """The last decision, ONGOING while more subjects are needed."""
        last = self.taken[-1].decision if self.taken else ONGOING
        return ONGOING if last == "EXPAND" else last


@method("dose_escalation", *ARGUMENTS, check=_check)
def dose_escalation(s: Setting) -> Made:
    """Evaluable subjects and dose-limiting events of each planned level, the decisions by rule, the recommended dose.

    Subjects of a level who were treated or not and are not evaluable were replaced. The rules are applied to the
    evaluable subjects in their order: at each number for which there is a rule, as long as the last decision is to
    expand. A level that stops recommends the one below; the highest level, when passed, recommends itself. Each rate
    has its exact (Clopper-Pearson) interval.
    """
    rules = rules_of(s.said.items.get("rules"))
    everyone = s.one_each(np.ones(s.table.n, dtype=bool))
    levels = [_level(s, code, everyone, rules) for code in s.texts("levels")]
    begun = [one for one in levels if len(one.assigned)]
    made = Made()
    _check_course(s, levels)
    place = recommended([one.decision for one in levels])
    made.conclusion = _conclusion(s, levels, place)
    rows = [_row(s, one) for one in begun]
    for label, mask in s.truths("apart").items():
        mine = everyone[mask[everyone]]
        rows.append(_apart(s, label, mine))
    word = s.text("event_name")
    columns = [column(n) for n in ("Assigned", "Treated", "Replaced", "Evaluable", f"{word}, n/N (%)",
                                   f"{100 * s.number('confidence', 0.95):g} % confidence interval")]  # fmt: skip
    columns += [column("Decision", align="left")]
    made.parts = [table(columns, rows, head="Planned level"), _course(s, begun)]
    _check_dose(s, levels, place, everyone)
    return made


def _level(s: Setting, code: str, everyone: Rows, rules: Sequence[Rule]) -> _Level:
    names = s.texts("levels")
    codes = label_array(s.vector("level"))
    assigned = everyone[codes[everyone] == code]
    keys = [s.table.columns[n].ranks()[assigned] for n in reversed(s.said.texts("sequence"))]
    assigned = assigned[np.lexsort(keys)] if len(assigned) else assigned
    treated = assigned[s.truth("treated")[assigned]]
    evaluable = assigned[s.truth("evaluable")[assigned]]
    unknown = evaluable[s.unknown("event")[evaluable]]
    if len(unknown):
        s.fault("analysis-data", "evaluable, and whether the event happened is unknown: it counts as not.", unknown)
    happened = s.truth("event")[evaluable]
    taken = decide([bool(h) for h in happened], rules)
    highest = code == list(names)[-1]
    return _Level(code, names[code], assigned, treated, evaluable, evaluable[happened], taken, highest)


def _counted(s: Setting, rows: Rows) -> Part:
    return cell(str(len(rows)), s.rest(rows, s.table.owner[rows]), n=len(rows))


def _rate(s: Setting, events: Rows, of: int) -> list[Part]:
    level = s.number("confidence", 0.95)
    n, behind = len(events), s.rest(events, s.table.owner[events])
    percent = f" ({percent_text(n, of)})" if of else ""
    limits = clopper_pearson(n, of, level)
    shown = cell(f"{n}/{of}{percent}", behind, n=n, N=of, percent=100 * n / of if of else None)
    if limits is None:
        return [shown, cell("NE", behind, estimate=None, lower=None, upper=None, level=level)]
    return [shown, cell(interval_text(*limits), behind, estimate=n / of, lower=limits[0], upper=limits[1], level=level)]


def _row(s: Setting, one: _Level) -> Part:
    replaced = one.assigned[~np.isin(one.assigned, one.evaluable)]
    cells = [_counted(s, rows) for rows in (one.assigned, one.treated, replaced, one.evaluable)]
    behind = s.rest(one.evaluable, s.table.owner[one.evaluable])
    return row(f"{one.code}: {one.label}", [*cells, *_rate(s, one.events, len(one.evaluable)),
                                            cell(one.said(one.decision), behind)])  # fmt: skip


def _apart(s: Setting, label: str, assigned: Rows) -> Part:
    treated = assigned[s.truth("treated")[assigned]]
    events = treated[s.truth("event")[treated]]
    cells = [_counted(s, assigned), _counted(s, treated), None, None]
    return row(label, [*cells, *_rate(s, events, len(treated)), None])


def _course(s: Setting, levels: Sequence[_Level]) -> Part:
    """Each decision on a row."""
    rows = []
    for one in levels:
        for step in one.taken:
            mine = one.evaluable[: step.evaluable]
            happened = mine[np.isin(mine, one.events)]
            rows.append(row(f"{one.code}: {one.label}", [
                cell(str(step.evaluable), s.rest(mine, s.table.owner[mine]), n=step.evaluable),
                cell(str(step.events), s.rest(happened, s.table.owner[happened]), n=step.events),
                cell(one.said(step.decision), s.rest(mine, s.table.owner[mine])),
            ]))  # fmt: skip
    columns = [column("Evaluable"), column(s.text("event_name")), column("Decision", align="left")]
    return table(columns, rows, head="Planned level", title="Decisions in their order")


def _conclusion(s: Setting, levels: Sequence[_Level], place: int | None) -> str:
    word = s.text("event_name")
    if place is None:
        return "No dose is recommended yet: the escalation is not finished."
    counts = []
    for one in levels:
        if len(one.assigned):
            decision = one.said(one.decision).lower()
            counts.append(f"{len(one.events)} of {len(one.evaluable)} at {one.code} ({decision})")
    told = f"{word} in evaluable subjects: {', '.join(counts)}"
    if place < 0:
        return f"No dose is recommended: the lowest level stopped. {told}."
    return f"Recommended dose: {levels[place].label} ({levels[place].code}). {told}."


def _check_course(s: Setting, levels: Sequence[_Level]) -> None:
    """Subjects at a level that the decisions did not reach, or more of them than its decision rests on."""
    reached = True
    for one in levels:
        if not reached and len(one.assigned):
            message = f"subjects at {one.code}, though the level before it was not passed."
            s.fault("analysis-differs", message, one.assigned)
        reached = reached and one.decision == "ESCALATE"
        counted = one.taken[-1].evaluable if one.taken else 0
        if one.taken and one.decision != ONGOING and len(one.evaluable) > counted:
            s.fault("analysis-differs", f"{len(one.evaluable)} evaluable subjects at {one.code}, the decision "
                    f"{one.decision} was taken with {counted}.", one.evaluable[counted:])  # fmt: skip


def _check_dose(s: Setting, levels: Sequence[_Level], place: int | None, everyone: Rows) -> None:
    """Subjects treated at the recommended dose have the dose that the decisions recommend."""
    if not s.has("dose") or not s.has("at_recommended"):
        return
    doses = label_array(s.vector("dose"))
    there = everyone[s.truth("at_recommended")[everyone]]
    if place is None or place < 0:
        if len(there):
            s.fault("analysis-differs", "subjects at a recommended dose, and none is recommended.", there)
        return
    wanted = {doses[r] for r in levels[place].assigned}
    wrong = there[[doses[r] not in wanted for r in there]]
    if len(wrong):
        s.fault("analysis-differs", f"the decisions recommend {levels[place].code}, these have another dose.", wrong)
