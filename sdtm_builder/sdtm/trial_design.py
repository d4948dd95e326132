"""Trial design from the study file: makers of TA, TE, TV, TI and TS."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from ..issues import fault
from ..model import Kind, ListNode, MapNode, Node, Scalar, StudySpec, Vector
from ..registry import MadeRecords, MakerContext, Text, records

fault("visit-start-rule", "error", "A planned visit without a rule of its start, which TV requires")

Row = Mapping[str, str | float]


@records(
    "trial_arms",
    columns={
        "ARMCD": Kind.TEXT, "ARM": Kind.TEXT, "TAETORD": Kind.NUMBER, "ETCD": Kind.TEXT, "ELEMENT": Kind.TEXT,
        "TABRANCH": Kind.TEXT, "TATRANS": Kind.TEXT, "EPOCH": Kind.TEXT,
    },
    origin="Protocol",
)  # fmt: skip
def trial_arms(ctx: MakerContext) -> MadeRecords:
    """The elements on the path of each arm, in their order, as the study file has them under `arms`.

    Derivation: for each arm that says `path`, and each pair of an epoch and an element on it: ARMCD and ARM of the
    arm, TAETORD 1, 2, ... along the path, ETCD, ELEMENT as `elements` has it, EPOCH of the pair, TABRANCH and TATRANS
    of the arm's `branch` and `transition` for that element.

    Issues: none here; a path with an unknown epoch or element is a fault of the study file.

    Example: `TA` needs no mapping file; one would say `records: {all: {make: trial_arms}}`.

    Source: SDTMIG 3.4 section 7.2.1.
    """
    rows: list[Row] = []
    for code, arm in maps(ctx.study.arms):
        branch, transition = texts(arm.get("branch")), texts(arm.get("transition"))
        for order, (epoch, element) in enumerate(path_of(arm), 1):
            row: dict[str, str | float] = {"ARMCD": code, "ARM": text(arm, "arm"), "TAETORD": order, "EPOCH": epoch}
            row |= {"ETCD": element, "ELEMENT": element_name(ctx.study, element)}
            rows.append(row | {"TABRANCH": branch.get(element, ""), "TATRANS": transition.get(element, "")})
    return made(rows, trial_arms)


@records(
    "trial_elements",
    columns=dict.fromkeys(("ETCD", "ELEMENT", "TESTRL", "TEENRL", "TEDUR"), Kind.TEXT),
    origin="Protocol",
)
def trial_elements(ctx: MakerContext) -> MadeRecords:
    """The elements of the study, as the study file has them under `elements`.

    Derivation: one record an element: ETCD, ELEMENT (`element`), TESTRL (`start_rule`), TEENRL (`end_rule`), TEDUR
    (`duration`, an ISO 8601 duration).

    Issues: none here; a duration that is not ISO 8601 is a fault of the study file.

    Example: `TE` needs no mapping file; one would say `records: {all: {make: trial_elements}}`.

    Source: SDTMIG 3.4 section 7.2.2.
    """
    rows = [
        {
            "ETCD": code, "ELEMENT": text(element, "element"), "TESTRL": text(element, "start_rule"),
            "TEENRL": text(element, "end_rule"), "TEDUR": text(element, "duration"),
        }
        for code, element in maps(ctx.study.elements)
    ]  # fmt: skip
    return made(rows, trial_elements)


@records(
    "trial_visits",
    columns={
        "VISITNUM": Kind.NUMBER, "VISIT": Kind.TEXT, "VISITDY": Kind.NUMBER, "ARMCD": Kind.TEXT, "TVSTRL": Kind.TEXT,
        "TVENRL": Kind.TEXT,
    },
    origin="Protocol",
)  # fmt: skip
def trial_visits(ctx: MakerContext) -> MadeRecords:
    """The planned visits, as the study file has them under `visits`; ARMCD is missing: they are those of all arms.

    Derivation: one record a planned visit: VISITNUM (`number`), VISIT (the entry's name), VISITDY (`day`), TVSTRL
    (`start_rule`), TVENRL (`end_rule`). An entry that says `earlier` only numbers a visit under an earlier subject
    number: nobody planned it, so it is left out. Unscheduled visits are no entries.

    Issues: `visit-start-rule`, a visit without `start_rule`, which TV requires.

    Example: `TV` needs no mapping file; one would say `records: {all: {make: trial_visits}}`.

    Source: SDTMIG 3.4 section 7.3.1; CG0207.
    """
    rows: list[Row] = []
    for name, visit in planned_visits(ctx.study):
        row: dict[str, str | float] = {"VISITNUM": float(text(visit, "number")), "VISIT": name}
        if text(visit, "day"):
            row["VISITDY"] = float(text(visit, "day"))
        rows.append(row | {"TVSTRL": text(visit, "start_rule"), "TVENRL": text(visit, "end_rule")})
        if not text(visit, "start_rule"):
            ctx.issue("visit-start-rule", "", np.zeros(0, np.int64), f"{name} has no `start_rule` in the study file.")
    return made(rows, trial_visits)


@records(
    "trial_inclusion",
    columns=dict.fromkeys(("IETESTCD", "IETEST", "IECAT", "IESCAT", "TIRL", "TIVERS"), Kind.TEXT),
    origin="Protocol",
)
def trial_inclusion(ctx: MakerContext) -> MadeRecords:
    """The inclusion and exclusion criteria, as the study file has them under `inclusion_exclusion`.

    Derivation: one record a criterion: IETESTCD (the entry's code), IETEST (`test`), IECAT (`category`), IESCAT
    (`subcategory`), TIRL (`rule`), TIVERS (`version`).

    Issues: none here; a criterion of more than 200 characters is a fault of the study file, since IETEST has no
    place for the rest: the whole text belongs into a document.

    Example: `TI` needs no mapping file; one would say `records: {all: {make: trial_inclusion}}`.

    Source: SDTMIG 3.4 section 7.4.1.
    """
    listed = ctx.study.inclusion_exclusion
    rows = [
        {
            "IETESTCD": code, "IETEST": text(one, "test"), "IECAT": text(one, "category"),
            "IESCAT": text(one, "subcategory"), "TIRL": text(one, "rule"), "TIVERS": text(one, "version"),
        }
        for code, one in maps(listed if isinstance(listed, MapNode) else None)
    ]  # fmt: skip
    return made(rows, trial_inclusion)


@records(
    "trial_summary",
    columns={
        "TSSEQ": Kind.NUMBER, "TSGRPID": Kind.TEXT, "TSPARMCD": Kind.TEXT, "TSVAL": Kind.TEXT, "null_flavor": Kind.TEXT,
        "code": Kind.TEXT, "dictionary": Kind.TEXT, "version": Kind.TEXT,
    },
    origin="Protocol",
)  # fmt: skip
def trial_summary(ctx: MakerContext, parameter: Text = "") -> MadeRecords:
    """The parameters of the trial summary, as the study file has them under `summary`.

    Arguments
    ---------
    parameter : TSPARMCD whose record is made, the one value of which is a rule; default: all parameters whose values
        are literals.

    Derivation: one record a value. TSSEQ is 1, 2, ... among the values of a parameter, TSGRPID its `group`. `code`,
    `dictionary`, `version` and `null_flavor` are what the study file says beside a value, for the rules of TSVALCD,
    TSVCDREF, TSVCDVER and TSVALNF. The value of a rule is set in the block that names its `parameter`.

    Issues: none.

    Example: `TS` needs no mapping file; one would say `records: {all: {make: trial_summary}}`.

    Source: SDTMIG 3.4 section 7.4.2; CG0268.
    """
    rows: list[Row] = []
    for code, node in (ctx.study.summary.items if ctx.study.summary is not None else {}).items():
        by_rule = isinstance(node, MapNode) and "rule" in node
        if by_rule == (code == parameter) and (by_rule or not parameter):
            values = summary_values(node) if not by_rule else [("", node)]
            rows += [_summary_row(code, at, value, said) for at, (value, said) in enumerate(values, 1)]
    return made(rows, trial_summary)


def _summary_row(code: str, at: int, value: str, said: Node | None) -> Row:
    entry = said if isinstance(said, MapNode) else MapNode({}, {})
    row: dict[str, str | float] = {"TSPARMCD": code, "TSSEQ": at, "TSVAL": value, "TSGRPID": text(entry, "group")}
    return row | {key: text(entry, key) for key in ("null_flavor", "code", "dictionary", "version")}


# reading of the study file


def summary_values(node: Node) -> Iterator[tuple[str, Node | None]]:
    """The values of a parameter in their order, each with the map in which it stands; "" for a null flavor alone."""
    for one in node.items if isinstance(node, ListNode) else (node,):
        if isinstance(one, Scalar):
            yield one.text, None
        elif isinstance(one, MapNode):
            value = one.get("value")
            listed = value.items if isinstance(value, ListNode) else (value,)
            for each in listed:
                yield each.text if isinstance(each, Scalar) else "", one


def maps(node: MapNode | None) -> list[tuple[str, MapNode]]:
    """The entries of a map that are maps themselves."""
    return [(k, v) for k, v in node.items.items() if isinstance(v, MapNode)] if node is not None else []


def text(node: MapNode, key: str) -> str:
    """The text under a key, "" if there is none."""
    found = node.get(key)
    return found.text if isinstance(found, Scalar) else ""


def texts(node: Node | None) -> dict[str, str]:
    """Key -> text of a map."""
    return {k: v.text for k, v in node.items.items() if isinstance(v, Scalar)} if isinstance(node, MapNode) else {}


def path_of(arm: MapNode) -> list[tuple[str, str]]:
    """(epoch, element) along the path of an arm."""
    path = arm.get("path")
    pairs = path.items if isinstance(path, ListNode) else ()
    return [(epoch, element) for pair in pairs for epoch, element in texts(pair).items()]


def element_name(study: StudySpec, code: str) -> str:
    """ELEMENT of an ETCD."""
    return next((text(element, "element") for etcd, element in maps(study.elements) if etcd == code), "")


def planned_visits(study: StudySpec) -> list[tuple[str, MapNode]]:
    """The visits of the protocol; one under an earlier subject number is none."""
    return [(name, visit) for name, visit in maps(study.visits) if not text(visit, "earlier")]


def made(rows: Sequence[Row], maker: object) -> MadeRecords:
    """Rows as columns, of the kinds that the maker declares; what a row does not say, or says as "", is missing."""
    columns = {}
    for name, kind in maker.derivation.columns.items():  # type: ignore[attr-defined]
        if kind is Kind.NUMBER:
            columns[name] = Vector.of_numbers([float(row.get(name, "nan")) for row in rows])
        else:
            columns[name] = Vector.of_texts([str(row.get(name) or "") or None for row in rows])
    return MadeRecords(columns, len(rows))
