"""How many variables `scaffold` gets right, against mappings written by hand: SPECS RAW pairs; prints a table.

A variable counts if its rule in a block's `set`, `copy` or `transpose` reads columns of the block's own raw table;
constants, joined columns and what `derive` makes of finished records are no matter of a scaffold: apart.
right: the same columns, as a rule. settle: the same columns, as a comment for a person. part: some of the columns.
wrong: a rule with another column. missed: nothing, or another column in a comment. more: rules that the hand-written
mapping lacks. supp: variables that the standard lacks, which have no name to propose. `*` and
`chosen`: the table that `scaffold` itself takes for the dataset.

    python tools/score_scaffold.py specs/cdiscpilot01 ../shared/cases/cdiscpilot01/raw \
        specs/lstcar019 outputs/lstcar019-raw
"""

from __future__ import annotations

import fnmatch
import sys
from collections import Counter
from functools import cache
from pathlib import Path

from sdtm_builder.commands.pipeline import Prepared, prepare
from sdtm_builder.engine.refs import Field, leaves
from sdtm_builder.issues import IssueLog
from sdtm_builder.model import SourceSpec
from sdtm_builder.scaffold.profile import TableProfile, profile_table
from sdtm_builder.scaffold.propose import best_table
from sdtm_builder.scaffold.tables import Asked, Table, read_tables
from sdtm_builder.scaffold.terms import CtIndex, newest
from sdtm_builder.scaffold.write import Scaffold, scaffold
from sdtm_builder.standards import ig

KINDS = ("right", "settle", "part", "wrong", "missed", "more", "supp", "apart")
Wanted = dict[str, frozenset[str]]


@cache
def tables(file: Path, asked: Asked) -> tuple[Table, ...]:
    """The tables of a file."""
    return tuple(read_tables([file], asked, IssueLog()))


@cache
def index() -> CtIndex:
    """The terminology that the hand-written mappings use."""
    return CtIndex(newest("2025-03-28"))


@cache
def described(file: Path, asked: Asked, sheet: str) -> tuple[Table, TableProfile] | None:
    """The table of a sheet or pattern, with its profile; of several alike the one with most rows."""
    fitting = [t for t in tables(file, asked) if not t.sheet or not sheet or fnmatch.fnmatchcase(t.sheet, sheet)]
    best = max(fitting, key=lambda t: len(t.raw), default=None)
    return None if best is None else (best, profile_table(best, index()))


def wanted(prepared: Prepared, dataset: str, block: str) -> tuple[Wanted, int]:
    """Variable (`SYSBP` for a transposed test) -> header texts of its columns; how many are no such matter."""
    plan = prepared.plan.datasets[dataset]
    compiled = plan.blocks[block]
    spec = compiled.spec
    source = prepared.study.raw[spec.sources[0].text.removeprefix("raw.")]
    heads = prepared.headers[source.name].parts[0].headers
    found: Wanted = {}
    apart = 0
    rules = {name: plan.rule(block, name) for name in plan.names if name in spec.rules and name.isupper()}
    for entry in compiled.entries:
        if entry.testcd != "*" and f"{dataset}ORRES" in entry.rules:
            rules[f"test {entry.testcd}"] = entry.rules[f"{dataset}ORRES"]
    for name, rule in rules.items():
        refs = [leaves(ref) for ref in rule.refs] if rule is not None else []
        columns = {r.column for r in refs if isinstance(r, Field) and not r.via and r.column in heads}
        joined = any(isinstance(r, Field) and r.via for r in refs)
        if columns and not joined:
            found[name] = frozenset(heads[c].texts.get("name", c) for c in columns)
        else:
            apart += 1
    return found, apart


def proposed(made: Scaffold) -> tuple[Wanted, Wanted]:
    """Sure and doubtful columns by variable, as `wanted` names them."""
    sure: Wanted = {}
    doubtful: Wanted = {}
    for p in made.proposals:
        (sure if p.sure else doubtful)[p.variable.name] = frozenset(p.columns)
    for t in made.tests:
        (sure if t.sure else doubtful)[f"test {t.testcd}"] = frozenset([t.column.name])
    if made.long is not None:
        sure[f"{made.domain}TESTCD"] = frozenset([made.long[0].name])
    return sure, doubtful


def score(dataset: str, blocks: list[Wanted], sure: Wanted, doubtful: Wanted, say: list[str]) -> Counter[str]:
    """Counts by kind; a variable that several blocks of one table make is right as any of them has it."""
    counts: Counter[str] = Counter()
    known = {v.name for v in ig().permitted(dataset)}
    for name in dict.fromkeys(name for block in blocks for name in block):
        ways = [block[name] for block in blocks if name in block]
        got, maybe = sure.get(name, frozenset()), doubtful.get(name, frozenset())
        if name not in known and not name.startswith("test "):
            kind = "supp"
        elif got in ways:
            kind = "right"
        elif maybe in ways:
            kind = "settle"
        elif any(got & columns for columns in ways):
            kind = "part"
        else:
            kind = "wrong" if got else "missed"
        counts[kind] += 1
        if kind in ("part", "wrong", "missed"):
            hand = " or ".join("+".join(sorted(columns)) for columns in ways)
            say.append(f"{kind} {name}: {hand}, not {'+'.join(sorted(got or maybe)) or 'proposed'}")
    counts["more"] = len([name for name in sure if not any(name in block for block in blocks)])
    return counts


def study(specs: Path, raw: Path, verbose: bool) -> dict[str, Counter[str]]:
    """Score all datasets of a study, a line for each raw table of a dataset; sums of all, and of the tables chosen."""
    prepared = prepare(specs, raw, IssueLog())
    if prepared is None:
        raise SystemExit(f"{specs} cannot be read")
    totals: dict[str, Counter[str]] = {"all": Counter(), "chosen": Counter()}
    described_all = {name: found for name, source in prepared.study.raw.items() if (found := of_source(source, raw))}
    print(f"\n{specs.name}\n{'dataset':<8} {'table':<10}" + "".join(f"{kind:>8}" for kind in KINDS))
    for dataset, plan in prepared.plan.datasets.items():
        targets: dict[str, tuple[list[Wanted], int]] = {}
        for block in plan.blocks:
            spec = plan.blocks[block].spec
            if spec.make is not None or len(spec.sources) != 1 or not spec.sources[0].text.startswith("raw."):
                continue
            name = spec.sources[0].text.removeprefix("raw.")
            found, apart = wanted(prepared, dataset, block)
            alternatives, count = targets.get(name, ([], 0))
            targets[name] = ([*alternatives, found], count + apart)
        usable = {name: both for name, both in targets.items() if name in described_all and any(both[0])}
        if not usable or ig().dataset(dataset) is None:
            continue
        best = best_table([profile for _, profile in described_all.values()], dataset, index())[0][1]
        for name, (alternatives, apart) in usable.items():
            table, profile = described_all[name]
            say: list[str] = []
            sure, doubtful = proposed(scaffold(table, profile, dataset, index()))
            counts = score(dataset, alternatives, sure, doubtful, say) + Counter(apart=apart)
            totals["all"] += counts
            totals["chosen"] += counts if profile is best else Counter()
            mark = "*" if profile is best else ""
            print(f"{dataset:<8} {name + mark:<10}" + "".join(f"{counts[kind]:>8}" for kind in KINDS))
            for line in say if verbose else ():
                print(f"           {line}")
    for label, total in totals.items():
        print(f"{label:<19}" + "".join(f"{total[kind]:>8}" for kind in KINDS))
    return totals


def of_source(source: SourceSpec, raw: Path) -> tuple[Table, TableProfile] | None:
    """The table of a declared source, read as it declares."""
    skip = source.skip_rows.text if source.skip_rows is not None else ""
    asked = Asked(source.header, skip, source.encoding, source.delimiter)
    return described(raw / source.file.text, asked, source.sheet.text if source.sheet is not None else "")


def main(words: list[str]) -> None:
    """Score pairs of folders."""
    verbose = "-v" in words
    paths = [Path(word) for word in words if word != "-v"]
    if not paths or len(paths) % 2:
        raise SystemExit(__doc__)
    for specs, raw in zip(paths[::2], paths[1::2], strict=True):
        for label, counts in study(specs, raw, verbose).items():
            targets = sum(counts[kind] for kind in KINDS[:5])
            print(f"{specs.name}, {label} tables: of {targets} variables {counts['right']} right "
                  f"({counts['right'] / targets:.0%}), {counts['settle']} as comments to settle, "
                  f"{counts['part']} in part, {counts['wrong']} wrong, {counts['missed']} missed.")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
