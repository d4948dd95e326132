"""The reference of the rules as a page, and which of CDISC's and FDA's numbers they carry out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sdtm_builder.validate.finding import ADAM
from sdtm_builder.validate.registry import Rule, rules


@dataclass(frozen=True, slots=True)
class CatalogueRule:
    """A rule of CDISC's catalogue (CORE) as facts: its id, whether it can be carried out wholly, numbers, domains."""

    id: str
    fully: bool
    numbers: tuple[str, ...]
    domains: str


def covered() -> list[tuple[str, str]]:
    """(number of CDISC or FDA, rule id), by number."""
    return sorted((number, rule.id) for rule in rules().values() for number in (*rule.cdisc, *rule.fda))


def coverage_table(catalogue: Iterable[CatalogueRule], reasons: Mapping[str, str]) -> str:
    """Which rules of CDISC's catalogue are carried out here, by which rules, and which are not and why, as Markdown.

    A rule of the catalogue is carried out where a rule here declares one of its numbers of CDISC or, where it has none,
    of FDA. reasons: catalogue id -> why it is not carried out.
    Raises ValueError for a rule that is neither carried out nor has a reason, and for a reason that is not needed.
    """
    by_number: dict[str, list[str]] = {}
    for number, name in covered():
        by_number.setdefault(number, []).append(name)
    lines, done, counts = [], set(reasons), {True: [0, 0], False: [0, 0]}
    for entry in catalogue:
        asked = [n for n in entry.numbers if n.startswith("CG")] or list(entry.numbers)
        found = sorted({name for number in asked for name in by_number.get(number, ())})
        if bool(found) == (entry.id in reasons):
            raise ValueError(f"{entry.id}: {'carried out, but a reason is given' if found else 'no reason is given'}")
        done.discard(entry.id)
        counts[entry.fully][0] += bool(found)
        counts[entry.fully][1] += 1
        cell = ", ".join(f"[{name}](rules.md#{name})" for name in found) or f"no: {reasons[entry.id]}"
        lines.append(f"| {entry.id} | {' '.join(entry.numbers)} | {entry.domains} | {cell} |")
    if done:
        raise ValueError(f"reasons for what is not in the catalogue: {', '.join(sorted(done))}")
    (full, of_full), (part, of_part) = counts[True], counts[False]
    head = [
        "# Rules of CDISC's catalogue",
        "",
        f"Carried out: {full} of {of_full} rules that the catalogue calls fully executable for SDTMIG 3.4, and",
        f"{part} of {of_part} that it calls partially executable. A rule counts where one here names its number; what",
        "that one looks at, in which datasets and with which examples, is on its page in [rules.md](rules.md).",
        "",
        "| catalogue | numbers | domains | carried out by |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*head, *lines]) + "\n"


def rule_reference() -> str:
    """All rules as Markdown, made from their docstrings."""
    counts = Counter(_standards(rule) for rule in rules().values())
    told = ", ".join(f"{counts[name]} of {name}" for name in ("SDTM", "ADaM", "SDTM and ADaM") if counts[name])
    parts = ["# Validation rules", "", f"{len(rules())} rules: {told}. Made from the rules' docstrings.", ""]
    parts += ["| rule | standard | severity | fault | CDISC, FDA |", "| --- | --- | --- | --- | --- |"]
    for rule in rules().values():
        cells = (_standards(rule), rule.fault.severity, rule.fault.title, ", ".join((*rule.cdisc, *rule.fda)))
        parts.append(f"| [{rule.id}](#{rule.id}) | {' | '.join(cells)} |")
    for rule in rules().values():
        parts += ["", *_page(rule)]
    return "\n".join(parts) + "\n"


def _page(rule: Rule) -> list[str]:
    page = rule.page
    lines = [f"## {rule.id}", "", f"**{page.title}.** {page.text}".rstrip(), ""]
    lines += [f"*Why it is bad:* {page.why}", ""]
    lines += [f"*Remedy:* {page.remedy}", ""]
    lines += [f"*Where:* {_scope(rule)}. *Severity:* {_severity(rule)}.", ""]
    numbers = ", ".join((*rule.cdisc, *rule.fda))
    lines.append("*Source:* " + "; ".join(part for part in (numbers, page.source.removesuffix(".")) if part) + ".")
    for name, examples in (("Bad", page.bad), ("Good", page.good)):
        for example in examples:
            lines += ["", f"{name}:", "```text", example, "```"]
    return lines


def _severity(rule: Rule) -> str:
    draft = f", {rule.fault.draft} in a draft" if rule.fault.draft else ""
    return f"{rule.fault.severity}{draft}"


def _standards(rule: Rule) -> str:
    return " and ".join({"sdtm": "SDTM", "adam": "ADaM"}[name] for name in rule.standards)


def _scope(rule: Rule) -> str:
    classes = (klass if klass in ADAM else klass.title() for klass in rule.classes)
    where = f"{_standards(rule)}: " + (", ".join((*rule.domains, *classes)) or "all datasets")
    where += f" but {', '.join(rule.but_not)}" if rule.but_not else ""
    return where + (f", with {', '.join(rule.needs)}" if rule.needs else "")


if __name__ == "__main__":
    print(rule_reference(), end="")
