"""Write the pages of docs/ that are made from the code: keys, derivations, rules, coverage, faults, schemas.

    python tools/generate_docs.py           write what differs
    python tools/generate_docs.py --check   write nothing; end with 1 and name what is stale

The same code gives the same bytes: no time, no path, no order of a folder enters.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sdtm_builder.analysis.registry import methods  # noqa: E402
from sdtm_builder.commands.pages import all_faults, operation_page  # noqa: E402
from sdtm_builder.commands.schema import schema_texts  # noqa: E402
from sdtm_builder.registry import Derivation, derivations, makers  # noqa: E402
from sdtm_builder.spec.reference import key_reference  # noqa: E402
from sdtm_builder.spec.registered import operation_forms  # noqa: E402
from sdtm_builder.validate.reference import CatalogueRule, coverage_table, rule_reference  # noqa: E402

DOCS = ROOT / "docs"
MADE = "<!-- Made by tools/generate_docs.py; change the code, not this page. -->"


def pages() -> dict[str, str]:
    """Path below docs/ -> text, of every page made from the code."""
    return {
        "keys.md": f"{MADE}\n\n{key_reference(operation_forms(derivations()))}",
        "derivations.md": "\n".join(derivation_page()) + "\n",
        "rules.md": rule_reference(),
        "coverage.md": coverage_page(),
        "faults.md": "\n".join(fault_page()) + "\n",
        "methods.md": "\n".join(method_page()) + "\n",
        **{f"schema/{name}": text for name, text in schema_texts().items()},
    }


def coverage_page() -> str:
    """Which rules of CDISC's catalogue validation carries out, from the facts beside this tool."""
    catalogue = [
        CatalogueRule(row["rule"], row["executable"] == "full", tuple(row["numbers"].split()), row["domains"])
        for row in _rows("core_catalogue.csv")
    ]
    reasons = {row["rule"]: row["why"] for row in _rows("core_not_covered.csv")}
    return f"{MADE}\n\n{coverage_table(catalogue, reasons)}"


def _rows(name: str) -> list[dict[str, str]]:
    with (ROOT / "tools" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def derivation_page() -> Iterator[str]:
    """All registered derivations and record makers: what each takes, and its own text."""
    yield from (MADE, "", "# Derivations and record makers", "")
    yield "A derivation is an operation of a rule; a record maker stands after `make:` in a block."
    for title, found in (("Derivations", derivations()), ("Record makers", makers())):
        yield from ("", f"## {title}")
        for name in sorted(found):
            yield from ("", f"### {name}", "", *_one(found[name]))


def _one(made: Derivation) -> Iterator[str]:
    yield "```text"
    yield from (line.rstrip() for line in operation_page(made.name))
    yield "```"


def method_page() -> Iterator[str]:
    """Every method of analysis: what it does and its arguments."""
    yield from (MADE, "", "# Methods of analysis", "")
    yield "A method stands after `method` in an analysis, its arguments are keys beside it: [analyses.md](analyses.md)."
    for name, one in methods().items():
        yield from ("", f"## {name}", "", *one.doc.splitlines())
        yield from ("", "| argument | takes | |", "| --- | --- | --- |")
        for argument in one.arguments.values():
            takes = f"one of {', '.join(f'`{w}`' for w in argument.words)}" if argument.words else argument.take.value
            needed = "; required" if argument.required else ""
            yield f"| `{argument.name}` | {takes}{needed} | {argument.about} |"


def fault_page() -> Iterator[str]:
    """Every kind of issue: id, severity, meaning, what to do."""
    known = all_faults()
    yield from (MADE, "", "# Kinds of issues", "")
    yield f"{len(known)} kinds. The severity is the rule's own; `severity` in the study file changes it."
    yield "Those of validation have a page each in [rules.md](rules.md)."
    yield from ("", "| id | severity | in a draft | means | what to do |", "| --- | --- | --- | --- | --- |")
    for fault in known.values():
        cells = (fault.id, fault.severity, fault.draft or "", fault.title, fault.hint)
        yield "| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the pages, or with --check tell which differ; 1 if one does."""
    parser = argparse.ArgumentParser(description="Make the pages of docs/ that come from the code.")
    parser.add_argument("--check", action="store_true", help="write nothing, end with 1 if a page is stale")
    parser.add_argument("--docs", type=Path, default=DOCS, help="folder of the pages")
    options = parser.parse_args(arguments)
    stale = []
    for name, text in pages().items():
        path = options.docs / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        stale.append(name)
        if not options.check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    for name in stale:
        print(f"{name} is stale: run python tools/generate_docs.py" if options.check else f"wrote {name}")
    return 1 if stale and options.check else 0


if __name__ == "__main__":
    raise SystemExit(main())
