"""Package the published tables of SDTMIG, ADaMIG and controlled terminology into sdtm_builder/standards/data.

    python tools/package_standards.py --source ../shared/standards

Only facts are kept: names, labels, types, roles, codes, submission values, synonyms, preferred terms. The model's
general classes are the union of the IG's domains of a class, with -- for the domain's letters, and what
tools/sdtm_model_2_0.csv adds. The same tables give the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from sdtm_builder.standards.ct import DATA, file_name  # noqa: E402
from sdtm_builder.standards.store import PlainCodelist, PlainTerm, pack, write_atomically  # noqa: E402

Row = dict[str, str]
GENERAL = {"Interventions": "Interventions", "Events": "Events", "Findings": "Findings", "Findings About": "Findings"}
MODEL_ADDITIONS = Path(__file__).parent / "sdtm_model_2_0.csv"
CT_FILE = re.compile(r"(?P<package>[a-z-]+?)ct-(?P<version>\d{4}-\d{2}-\d{2})")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the tables of --source, write the packaged files to --target, list their sizes."""
    parser = argparse.ArgumentParser(description="Package the facts of the standards.")
    parser.add_argument("--source", type=Path, required=True, help="folder of the published tables")
    parser.add_argument("--target", type=Path, default=DATA, help="folder of the packaged files")
    options = parser.parse_args(arguments)
    total = 0
    for name, content in sorted(package_all(options.source).items()):
        write_atomically(options.target / name, content)
        total += len(content)
        print(f"{name:32} {len(content):>10,} bytes")
    print(f"{'total':32} {total:>10,} bytes")
    return 0


def package_all(source: Path) -> dict[str, bytes]:
    """File name to content, for every table under `source`."""
    files = {
        "sdtmig-3-4.json.z": _compressed(sdtm_ig(source, "3-4")),
        "adamig-1-3.json.z": _compressed(adam_ig(source, "1-3")),
    }
    for path in sorted((source / "ct").glob("*.csv")):
        match = CT_FILE.fullmatch(path.stem)
        if match is None:
            raise SystemExit(f"{path}: a name like sdtmct-2025-03-28.csv is expected")
        package, version = match["package"], match["version"]
        files[file_name(package, version)] = pack(package, version, ct_codelists(path))
    return files


def ct_codelists(path: Path) -> list[PlainCodelist]:
    """The codelists of one table of controlled terminology."""
    heads: dict[str, tuple[str, str, bool]] = {}
    terms: dict[str, list[PlainTerm]] = {}
    for row in read(path):
        code = row["codelist_code"]
        heads[code] = (row["codelist_submission_value"], row["codelist_name"], row["extensible"] == "Y")
        synonyms = tuple(text for text in row["synonyms"].split("; ") if text)
        term = PlainTerm(row["term_code"], row["submission_value"], synonyms, row["preferred_term"])
        terms.setdefault(code, []).append(term)
    return [PlainCodelist(code, *heads[code], tuple(terms[code])) for code in heads]


def sdtm_ig(source: Path, version: str) -> dict[str, Any]:
    """Datasets with their variables, and the general classes of the model."""
    datasets = sorted(read(source / f"sdtmig-{version}-datasets.csv"), key=lambda row: int(row["ordinal"]))
    variables = read(source / f"sdtmig-{version}-variables.csv")
    by_dataset: dict[str, list[Row]] = {row["dataset"]: [] for row in datasets}
    for row in variables:
        by_dataset[row["dataset"]].append(row)
    for rows in by_dataset.values():
        rows.sort(key=lambda row: int(row["ordinal"]))
    return {
        "version": version.replace("-", "."),
        "datasets": [[r["dataset"], r["label"], r["class"], r["structure"], int(r["ordinal"])] for r in datasets],
        "variables": {name: [_variable(row) for row in rows] for name, rows in by_dataset.items()},
        "model": model(datasets, by_dataset),
    }


def model(datasets: Sequence[Row], by_dataset: dict[str, list[Row]]) -> dict[str, list[list[Any]]]:
    """The permitted variables of each class in model order; for the general classes identifiers, qualifiers, timing.

    A class of no general observations (Special-Purpose, Trial Design, Study Reference) has the union of its datasets;
    Special-Purpose, for datasets shaped as DM, also the identifiers and timing variables of all. Variables that belong
    to one domain of the IG alone (`IG only` in the additions) are in no class, --OBJ in Findings About alone.
    """
    holders = Counter(row["variable"] for rows in by_dataset.values() for row in rows)
    rows = {
        name: [row | {"variable": stem(name, row["variable"], holders)} for row in each]
        for name, each in by_dataset.items()
    }
    classes = {row["dataset"]: row["class"] for row in datasets if row["class"] != "Relationship"}
    everyone = [rows[name] for name in classes if classes[name] in GENERAL]
    additions = read(MODEL_ADDITIONS)
    result: dict[str, list[list[Any]]] = {}
    for klass in dict.fromkeys(classes.values()):
        own = [rows[name] for name in classes if GENERAL.get(classes[name], classes[name]) == GENERAL.get(klass, klass)]
        shared = everyone if klass in GENERAL or klass == "Special-Purpose" else []
        scopes = ("All", GENERAL.get(klass, klass), klass)
        mine = {row["variable"]: row for scope in scopes for row in additions if row["class"] == scope}
        others = {row["variable"] for row in additions if row["class"] in ("IG only", "Findings About")} - set(mine)
        names = [name for name in class_order(own, shared) if name not in others]
        if klass in GENERAL:
            for row in mine.values():
                if row["after"] and row["variable"] not in names:
                    names.insert(names.index(row["after"]) + 1, row["variable"])
        result[klass] = [
            _model_variable(name, own, shared, mine.get(name), number) for number, name in enumerate(names, start=1)
        ]
    return result


def class_order(own: Sequence[Sequence[Row]], shared: Sequence[Sequence[Row]]) -> list[str]:
    """Names in order: identifiers, qualifiers (of its own datasets alone), timing variables."""
    both = [*own, *shared]
    identifiers = merge([[row["variable"] for row in rows if row["role"] == "Identifier"] for rows in both])
    timing = merge([[row["variable"] for row in rows if row["role"] == "Timing"] for rows in both])
    middle = merge([[row["variable"] for row in rows if row["role"] not in ("Identifier", "Timing")] for rows in own])
    names = [*identifiers, *(name for name in middle if name not in timing), *timing]
    return list(dict.fromkeys(names))


def stem(dataset: str, variable: str, holders: Counter[str]) -> str:
    """The model's name of a domain's variable: AESTDTC is --STDTC in AE; TAETORD, of many datasets, stays in TA."""
    if variable.startswith(dataset) and holders[variable] <= 2:  # IETESTCD is in IE and TI
        return f"--{variable.removeprefix(dataset)}"
    return variable


def merge(orders: Iterable[Sequence[str]]) -> list[str]:
    """One order of all names: a name goes before the names that most of the lists holding both put after it."""
    lists = sorted(orders, key=len, reverse=True)
    merged: list[str] = []
    for names in lists:
        for name in names:
            if name in merged:
                continue
            merged.insert(_best_place(name, merged, lists), name)
    return merged


def _best_place(name: str, merged: Sequence[str], lists: Sequence[Sequence[str]]) -> int:
    """The place in `merged` that agrees with most of `lists`; of equal ones the place nearest its neighbours."""
    before, after = Counter[str](), Counter[str]()
    near = Counter[str]()
    for names in lists:
        if name in names:
            at = names.index(name)
            before.update(names[:at])
            after.update(names[at + 1 :])
            near.update(names[max(0, at - 1) : at])
    scores = []
    for place in range(len(merged) + 1):
        agrees = sum(before[other] - after[other] for other in merged[:place])
        agrees += sum(after[other] - before[other] for other in merged[place:])
        neighbour = near[merged[place - 1]] if place else 0
        scores.append((agrees, neighbour, place))
    return max(scores)[2]


def _model_variable(
    name: str, own: Sequence[Sequence[Row]], shared: Sequence[Sequence[Row]], added: Row | None, number: int
) -> list[Any]:
    found = [row for rows in own for row in rows if row["variable"] == name]
    known = found or [row for rows in shared for row in rows if row["variable"] == name]
    known = known or ([added] if added is not None else [])
    types = {row["type"] for row in known} | ({added["type"]} if added is not None else set())
    if len(types) != 1:
        raise SystemExit(f"{name}: types {sorted(types)} in the IG and the additions")
    labels = Counter(row["label"] for row in known)
    everywhere = [row for rows in [*own, *shared] for row in rows if row["variable"] == name]
    roles = Counter(row["role"] for row in everywhere)
    label = added["label"] if added is not None else _clean(labels.most_common(1)[0][0])
    role = added["role"] if added is not None else roles.most_common(1)[0][0]
    required = len(found) >= len(own) and all(row["core"] == "Req" for row in found)
    codelists = added["codelists"] if added is not None and added["codelists"] else _majority(known, "codelists")
    described = _majority(known, "described_value_domain")
    return [name, number, label, types.pop(), role, "Req" if required else "Perm", codelists, described, ""]


def _majority(rows: Sequence[Row], column: str) -> str:
    """What more than half of the rows say."""
    value, count = Counter(row.get(column, "") for row in rows).most_common(1)[0]
    return value if 2 * count > len(rows) else ""


def _clean(label: str) -> str:
    """A label without the line break mark and the blanks that the table has at the end of one (GFSEQID)."""
    return label.replace("\\n", " ").strip()


def adam_ig(source: Path, version: str) -> dict[str, Any]:
    """The structures of ADaM with their variables, numbered through in the order of the tables."""
    structures: dict[tuple[str, str, str], list[list[Any]]] = {}
    for row in read(source / f"adamig-{version}-variables.csv"):
        rows = structures.setdefault((row["standard"], row["structure"], row["structure_label"]), [])
        rows.append([
            row["variable"], len(rows) + 1, row["label"].strip(), row["type"], row["variable_set"].strip(), row["core"],
            row["codelists"], row["described_value_domain"], row["value_list"],
        ])  # fmt: skip
    return {
        "version": version.replace("-", "."),
        "structures": [[*key, rows] for key, rows in structures.items()],
    }


def read(path: Path) -> list[Row]:
    """The rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _variable(row: Row) -> list[Any]:
    return [
        row["variable"], int(row["ordinal"]), _clean(row["label"]), row["type"], row["role"], row["core"],
        row["codelists"], row["described_value_domain"], row["value_list"],
    ]  # fmt: skip


def _compressed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8"), 9)


if __name__ == "__main__":
    raise SystemExit(main())
