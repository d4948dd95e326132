"""Rules: the decorator that declares one, and their discovery in the folder of rules."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from sdtm_builder.issues import Fault, fault
from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.finding import Finding
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table

Found = Iterable[Finding]
_SECTION = re.compile(r"^(Why|Remedy|Source|Bad|Good):[ \t]*(.*?)(?=^(?:Why|Remedy|Source|Bad|Good):|\Z)", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Page:
    """The parts of a rule's docstring; `bad` and `good` are the examples as they stand there, dedented."""

    title: str
    text: str
    why: str
    remedy: str
    source: str
    bad: tuple[str, ...]
    good: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its fault, the numbers of CDISC and FDA that it carries out, its scope, its page, its check.

    `standards` are those whose datasets it looks at: sdtm, adam.
    """

    fault: Fault
    cdisc: tuple[str, ...]
    fda: tuple[str, ...]
    classes: tuple[str, ...]
    domains: tuple[str, ...]
    but_not: tuple[str, ...]
    needs: tuple[str, ...]
    page: Page
    check: Callable[[Study], Found]
    standards: tuple[str, ...] = ("sdtm",)

    @property
    def id(self) -> str:
        """The rule's name: that of its file with hyphens."""
        return self.fault.id


_RULES: dict[str, Rule] = {}


def rule(
    severity: str,
    cdisc: Iterable[str] = (),
    fda: Iterable[str] = (),
    classes: Iterable[str] = (),
    domains: Iterable[str] = (),
    but_not: Iterable[str] = (),
    needs: Iterable[str] = (),
    draft: str | None = None,
    standards: Iterable[str] = ("sdtm",),
) -> Callable[[Callable[[Study, Table], Found]], Rule]:
    """Declare a rule that looks at one dataset after the other; its id is the name of its file, its page the docstring.

    severity: error, warning or note; draft: that of an unfinished study, where it differs.
    cdisc, fda: numbers of the conformance rules that it carries out (CG0041, FB0601).
    classes, domains: where it holds (upper case; ``SUPP--`` for all of those); none: everywhere.
    but_not: domains where it doesn't hold. needs: variables (``--`` the prefix) without which it has nothing to say.
    standards: sdtm, adam or both.
    """
    scope = (tuple(classes), tuple(domains), tuple(but_not), tuple(needs))
    both = tuple(standards)

    def declare(check: Callable[[Study, Table], Found]) -> Rule:
        def over_tables(study: Study) -> Iterator[Finding]:
            for table in study.tables.values():
                if applies(table, *scope):
                    yield from check(study, table)

        return _declare(over_tables, check.__module__, severity, draft, tuple(cdisc), tuple(fda), *scope, both)

    return declare


def adam_rule(
    severity: str, classes: Iterable[str] = (), needs: Iterable[str] = (), draft: str | None = None
) -> Callable[[Callable[[AdamStudy, Table], Found]], Rule]:
    """Declare a rule that looks at one ADaM dataset after the other; severity, needs and draft as for `rule`.

    classes: ADSL, BDS, TTE (time-to-event, a BDS), OCCDS, OTHER; none: everywhere.
    """
    scope = (tuple(classes), (), (), tuple(needs))

    def declare(check: Callable[[AdamStudy, Table], Found]) -> Rule:
        def over_tables(study: Study) -> Iterator[Finding]:
            assert isinstance(study, AdamStudy)
            for table in study.tables.values():
                if applies(table, *scope):
                    yield from check(study, table)

        return _declare(over_tables, check.__module__, severity, draft, (), (), *scope, ("adam",))

    return declare


def adam_study_rule(severity: str, draft: str | None = None) -> Callable[[Callable[[AdamStudy], Found]], Rule]:
    """Declare a rule that looks at the ADaM datasets as a whole; arguments as for `rule`."""

    def declare(check: Callable[[AdamStudy], Found]) -> Rule:
        def whole(study: Study) -> Found:
            assert isinstance(study, AdamStudy)
            return check(study)

        return _declare(whole, check.__module__, severity, draft, (), (), (), (), (), (), ("adam",))

    return declare


def study_rule(
    severity: str,
    cdisc: Iterable[str] = (),
    fda: Iterable[str] = (),
    draft: str | None = None,
    standards: Iterable[str] = ("sdtm",),
) -> Callable[[Callable[[Study], Found]], Rule]:
    """Declare a rule that looks at the study as a whole; arguments as for `rule`."""

    def declare(check: Callable[[Study], Found]) -> Rule:
        numbers = (tuple(cdisc), tuple(fda))
        return _declare(check, check.__module__, severity, draft, *numbers, (), (), (), (), tuple(standards))

    return declare


def applies(
    table: Table, classes: tuple[str, ...], domains: tuple[str, ...], but_not: tuple[str, ...], needs: tuple[str, ...]
) -> bool:
    """Whether a dataset is in a rule's scope; SUPP-- datasets are in none that doesn't name ``SUPP--`` or nothing."""
    if table.is_supp:
        named = "SUPP--" in domains or not (domains or classes)
        return named and "SUPP--" not in but_not and table.has(*needs)
    if domains and table.domain not in domains:
        return False
    if classes and table.klass not in classes:
        return False
    return table.domain not in but_not and table.has(*needs)


def rules() -> dict[str, Rule]:
    """All rules by id."""
    _load()
    return dict(sorted(_RULES.items()))


@cache
def _load() -> None:
    folder = importlib.import_module("sdtm_builder.validate.rules")
    for module in pkgutil.iter_modules(folder.__path__):
        importlib.import_module(f"{folder.__name__}.{module.name}")


def _declare(
    check: Callable[[Study], Found],
    module: str,
    severity: str,
    draft: str | None,
    cdisc: tuple[str, ...],
    fda: tuple[str, ...],
    classes: tuple[str, ...],
    domains: tuple[str, ...],
    but_not: tuple[str, ...],
    needs: tuple[str, ...],
    standards: tuple[str, ...],
) -> Rule:
    name = module.rpartition(".")[2].replace("_", "-")
    if name in _RULES:
        raise ValueError(f"rule {name}: a file holds one rule")
    page = read_page(sys.modules[module].__doc__ or "")
    made = fault(name, severity, page.title, page.remedy, draft)
    _RULES[name] = Rule(made, cdisc, fda, classes, domains, but_not, needs, page, check, standards)
    return _RULES[name]


def read_page(doc: str) -> Page:
    """The sections of a docstring: the title in the first line, then text, Why, Remedy, Source, Bad and Good."""
    head, *_ = re.split(r"^(?:Why|Remedy|Source|Bad|Good):", doc, maxsplit=1, flags=re.M)
    title, _, text = head.strip().partition("\n")
    sections: dict[str, list[str]] = {}
    for name, body in _SECTION.findall(doc):
        sections.setdefault(name, []).append(body)
    prose = {name: " ".join(" ".join(bodies).split()) for name, bodies in sections.items()}
    return Page(
        title.strip().removesuffix("."),
        " ".join(text.split()),
        prose.get("Why", ""),
        prose.get("Remedy", ""),
        prose.get("Source", ""),
        tuple(_dedent(b) for b in sections.get("Bad", [])),
        tuple(_dedent(b) for b in sections.get("Good", [])),
    )


def _dedent(text: str) -> str:
    return "\n".join(line.removeprefix("    ").rstrip() for line in text.strip("\n").splitlines()).strip("\n")
