"""Checks of the study design in the study file: arms, elements, epochs, visits, criteria, trial summary."""

from __future__ import annotations

import re

from ..issues import IssueLog, fault
from ..model import ListNode, MapNode, Mark, Node, Scalar
from .arguments import child, entries, texts
from .faults import near_hint, report

fault("design-epoch", "error", "An epoch on the path of an arm that `epochs` does not list")
fault("design-element", "error", "An element that the study file does not describe, or that cannot be where it is")
fault("design-duration", "error", "A duration that is not ISO 8601", "As P28D, P6M, PT2H.")
fault("design-text", "error", "A text of trial design longer than its 200 bytes")

LIMIT = 200
_DURATION = re.compile(
    r"-?P(?=.)(\d+(\.\d+)?W|(\d+(\.\d+)?Y)?(\d+(\.\d+)?M)?(\d+(\.\d+)?D)?(T(?=\d)(\d+H)?(\d+M)?(\d+S)?)?)"
)


def check_design(tree: MapNode, log: IssueLog) -> None:
    """Names that lead from one part of the design to another, and what its datasets require.

    Parameters
    ----------
    tree : the merged study map
    log : takes the faults
    """
    for arm in entries(tree.get("arms")).values():
        _check_arm(arm, tree, log)
    for element in entries(tree.get("elements")).values():
        duration = child(element, "duration")
        if isinstance(duration, Scalar) and not _DURATION.fullmatch(duration.text):
            report(log, "design-duration", duration.mark, f"`{duration.text}` is no duration of ISO 8601.")
    for code, criterion in entries(tree.get("inclusion_exclusion")).items():
        hint = "Shorten it; the whole text belongs into a document of the study."
        _short(child(criterion, "test"), f"The criterion {code}", hint, log)
    for key, names in (("elements", ("start_rule", "end_rule")), ("visits", ("start_rule", "end_rule"))):
        for one in entries(tree.get(key)).values():
            for name in names:
                _short(child(one, name), f"`{name}`", "Shorten it.", log)


def _check_arm(arm: Node, tree: MapNode, log: IssueLog) -> None:
    epochs, elements = texts(tree.get("epochs")), entries(tree.get("elements"))
    path = child(arm, "path")
    seen: dict[str, Mark] = {}
    for pair in path.items if isinstance(path, ListNode) else ():
        for epoch, element in entries(pair).items():
            if epochs and isinstance(pair, MapNode) and epoch not in epochs:
                report(
                    log, "design-epoch", pair.keys[epoch], f"`{epoch}` is not in `epochs`.", near_hint(epoch, epochs)
                )
            if not isinstance(element, Scalar):
                continue
            if elements and element.text not in elements:
                hint = near_hint(element.text, elements)
                report(log, "design-element", element.mark, f"`{element.text}` is no element of the study.", hint)
            elif element.text in seen and child(elements.get(element.text), "begins") is not None:
                message = f"{element.text} stands twice on this path, and its `begins` can show one begin."
                report(log, "design-element", element.mark, message, "Give the second one a code of its own.")
            seen[element.text] = element.mark
    for key in ("branch", "transition"):
        node = child(arm, key)
        for name in entries(node) if path is not None else ():
            if name not in seen and isinstance(node, MapNode):
                hint = near_hint(name, seen)
                report(log, "design-element", node.keys[name], f"`{name}` is not on the path of this arm.", hint)


def _short(node: Node | None, said: str, hint: str, log: IssueLog) -> None:
    if isinstance(node, Scalar) and len(node.text.encode()) > LIMIT:
        report(log, "design-text", node.mark, f"{said} has more than {LIMIT} bytes.", hint)
