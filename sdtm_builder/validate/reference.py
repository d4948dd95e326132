"""The reference of the rules as a page, and the list of CDISC's and FDA's numbers that they carry out."""

from __future__ import annotations

from sdtm_builder.validate.registry import Rule, rules


def covered() -> list[tuple[str, str]]:
    """(number of CDISC or FDA, rule id), by number."""
    return sorted((number, rule.id) for rule in rules().values() for number in (*rule.cdisc, *rule.fda))


def rule_reference() -> str:
    """All rules as Markdown, made from their docstrings."""
    parts = ["# Validation rules", "", f"{len(rules())} rules. Made from the rules' docstrings.", ""]
    parts += ["| rule | severity | fault | CDISC, FDA |", "| --- | --- | --- | --- |"]
    for rule in rules().values():
        numbers = ", ".join((*rule.cdisc, *rule.fda))
        parts.append(f"| [{rule.id}](#{rule.id}) | {rule.fault.severity} | {rule.fault.title} | {numbers} |")
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


def _scope(rule: Rule) -> str:
    where = ", ".join((*rule.domains, *(klass.title() for klass in rule.classes))) or "all datasets"
    where += f" but {', '.join(rule.but_not)}" if rule.but_not else ""
    return where + (f", with {', '.join(rule.needs)}" if rule.needs else "")


if __name__ == "__main__":
    print(rule_reference(), end="")
