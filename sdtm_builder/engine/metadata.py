"""The metadata of a build as define.xml takes it: datasets, variables, values, codelists, methods, comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..model.metadata import (
    DatasetMeta,
    DocumentMeta,
    MethodMeta,
    OriginMeta,
    StandardMeta,
    StudyMeta,
    ValueMeta,
    VariableMeta,
)
from ..standards import ADAM_CLASSES, IgVariable, guide_of, guide_versions
from .codepairs import code_pairs
from .datatypes import Texts, fitted, measure
from .desk import Desk
from .finish import Built, BuiltVariable
from .origins import common, is_annotated_crf, origin
from .pieces import Group, group_records, planned_groups
from .run import Run
from .termlists import ct_standards, declared_texts
from .valuelevel import Level, Part, added, by_category, by_qualifier, by_test, covers, is_result, results_of, topic_of
from .variables import DatasetPlan

NO_RULE = "No data: the specification of the study has no rule for it."
NO_VALUES = "No data: no record of the study has a value."
NO_RECORDS = "No data: the study has no records for it."
ARMS = ("ARMCD", "ACTARMCD")


def study_meta(run: Run, built: Sequence[Built], standard: str) -> StudyMeta:
    """Everything that the define.xml of one standard holds.

    Parameters
    ----------
    run : the build
    built : the finished datasets, in the order in which they are to stand; those of another standard are left out
    standard : sdtm or adam

    Source: Define-XML 2.1, section 5.3; language, section 9. Origins are explained in `Desk.told`.
    """
    study = run.study
    desk = Desk(run, standard)
    mine = [b for b in built if b.standard == standard]
    if standard == "adam":  # the others lean on ADSL, so it is read first
        mine.sort(key=lambda b: not run.plan.datasets[b.name].has_one_per_subject())
    parts = {b.name: _part(run, b) for b in mine if not b.parent and b.name in run.plan.datasets}
    datasets = []
    for one in mine:
        if one.parent and one.parent in parts:
            datasets.append(_supplemental(desk, one, parts[one.parent]))
        elif one.name in parts:
            datasets.append(_dataset(desk, parts[one.name]))
    lists = desk.lists.metas()
    return StudyMeta(
        study.id, study.study.get("title", ""), study.study.get("protocol", study.id), standard,
        _standards(desk, datasets, [c.standard for c in lists]), tuple(datasets), lists, _methods(desk, datasets),
        desk.comments.comments(), _documents(run), study.study.get("language", "en"),
    )  # fmt: skip


def _methods(desk: Desk, datasets: Sequence[DatasetMeta]) -> tuple[MethodMeta, ...]:
    """The methods that a variable or a value has; those that a said one took the place of are left out."""
    variables = [v for d in datasets for v in d.variables]
    used = {v.method for v in variables} | {value.method for v in variables for value in v.values}
    return tuple(m for m in desk.methods.methods() if m.id in used)


def _standards(desk: Desk, datasets: Sequence[DatasetMeta], used: Sequence[str]) -> tuple[StandardMeta, ...]:
    """The guide of the standard, the guides of persons and devices that a dataset names, the terminology."""
    key, guide = ("ADaMIG", desk.plan.adamig) if desk.standard == "adam" else ("SDTMIG", desk.plan.sdtmig)
    named = {d.standard for d in datasets}
    said = desk.plan.study.standards
    guides = [StandardMeta(key, key, "IG", guide.version)]
    for name, version in guide_versions().items():
        if name in named:
            guides.append(StandardMeta(name, name, "IG", said.get(name.lower(), version)))
    return (*guides, *ct_standards(desk.plan.study.ct, used, desk.standard))


def _documents(run: Run) -> tuple[DocumentMeta, ...]:
    return tuple(
        DocumentMeta(d.id, d.title.text, d.file.text,
                     "acrf" if is_annotated_crf(d.id, d.title.text) else "supplemental")
        for d in run.study.documents.values()
    )  # fmt: skip


def _part(run: Run, built: Built) -> Part:
    made = run.plan.datasets[built.name]
    return Part(made, built, group_records(run, made, built.rows))


# datasets


def _dataset(desk: Desk, part: Part) -> DatasetMeta:
    made, built = part.made, part.built
    spec, known = made.spec, desk.plan.sdtmig.dataset(made.spec.domain)
    adam = spec.standard == "adam"
    keys = _keys(built)
    klass = _class(desk, made)
    reference = klass in ("TRIAL DESIGN", "STUDY REFERENCE")
    comment = [spec.comment, NO_RECORDS if not built.n else ""]
    structure = spec.structure or (known.structure.rstrip(".") if known is not None and not adam else "")
    return DatasetMeta(
        built.name, built.domain, built.label, klass, structure or _structure(keys),
        tuple(_variable(desk, part, v, keys) for v in built.variables),
        subclass=_subclass(made, klass),
        standard="ADaMIG" if adam else guide_of(desk.plan.sdtmig, spec.domain),
        purpose="Analysis" if adam else "Tabulation",
        repeating=not reference and not made.has_one_per_subject(),
        reference_data=reference,
        comment=desk.comments.id_of(comment, built.name),
        file=f"{built.name.lower()}.xpt",
        records=built.n,
        has_no_data=not built.n,
        domain_label=known.label if known is not None and built.name != built.domain and not adam else "",
    )  # fmt: skip


def _class(desk: Desk, made: DatasetPlan) -> str:
    """The class as the codelist GNRLOBSC of Define-XML has it."""
    if made.spec.standard == "adam":
        structure = desk.plan.structure(made.spec)
        return ADAM_CLASSES.get(structure.upper(), "ADAM OTHER")
    known = desk.plan.sdtmig.dataset(made.spec.domain)
    return (made.spec.klass or (known.klass if known is not None else "")).upper().replace("-", " ")


def _subclass(made: DatasetPlan, klass: str) -> str:
    if made.spec.parameters is not None and klass == "BASIC DATA STRUCTURE":
        return "TIME-TO-EVENT"
    events = klass == "OCCURRENCE DATA STRUCTURE" and "AETERM" in made.names
    return "ADVERSE EVENT" if events else ""


def _keys(built: Built) -> list[str]:
    """Key variables in their sequence: those of the specification that are written, STUDYID before them."""
    names = [v.name for v in built.variables]
    keys = [k for k in built.keys if k in names]
    return keys if "STUDYID" in keys or "STUDYID" not in names else ["STUDYID", *keys]


def _structure(keys: Sequence[str]) -> str:
    parts = ["subject" if k == "USUBJID" else k for k in reversed(keys) if k != "STUDYID"]
    return f"One record per {' per '.join(parts)}" if parts else "One record per record"


# variables


def _variable(desk: Desk, part: Part, variable: BuiltVariable, keys: Sequence[str]) -> VariableMeta:
    made, built, name = part.made, part.built, variable.continues or variable.name
    said, known = made.said(name), desk.plan.variable(made.spec, name)
    texts = Texts(variable.values)
    values = texts.all()
    how = desk.how(known, variable.values.kind)
    size = fitted(measure(values, how), said.type.lower() if said is not None else "", said.digits if said else None)
    length = variable.length if size.data_type == "text" else size.length
    present = texts.codes >= 0
    empty = not bool(present.any())
    groups = part.grouping.of_rows(present)
    told = desk.told(made, name, groups, f"{built.name}.{variable.name}")
    ruled = name in made.names
    comments = [said.comment if said is not None else "", *told.comments]
    choice = _choice(desk, part, variable, texts)
    if empty and built.n:
        comments.append(NO_VALUES if ruled else NO_RULE)
    meta = VariableMeta(
        variable.name, variable.label, variable.type, size.data_type, length, size.digits, variable.format,
        role=known.role if known is not None and made.spec.standard == "sdtm" else "",
        core="Perm" if variable.continues else known.core if known is not None else "",
        mandatory=not variable.continues and _mandatory(part, variable.name, known, keys),
        codelist="" if choice or variable.continues else _codelist(desk, part, variable, known, values, size.data_type),
        origin=None if empty else told.origin,
        method="" if empty else told.method,
        key=keys.index(variable.name) + 1 if variable.name in keys else 0,
        standard=known is not None or name in made.built_in,
        has_no_data=empty and bool(built.n),
    )  # fmt: skip
    return _with_values(desk, part, variable, meta, texts, told.agreed, comments, told.note)


def _with_values(
    desk: Desk, part: Part, variable: BuiltVariable, meta: VariableMeta, texts: Texts, agreed: bool,
    comments: list[str], note: str,
) -> VariableMeta:  # fmt: skip
    """The variable with its value level; an origin that its tests tell apart stands with them alone."""
    values: tuple[ValueMeta, ...] = ()
    level: Level | None = None
    if variable.name in results_of(part) and topic_of(part):
        level = by_test(desk, part, variable, texts)
    elif codes := _choice(desk, part, variable, texts):
        level = by_category(desk, part, variable, codes, texts)
        if not level.values:
            known = desk.plan.variable(part.made.spec, variable.name)
            meta = replace(meta, codelist=_codelist(desk, part, variable, known, texts.all(), "text"))
    if level is not None:
        values = level.values
        if not agreed and level.settled:
            meta, note = replace(meta, origin=None, method=""), ""
        elif any(v.method for v in values) and {v.method for v in values} != {meta.method}:
            meta = replace(meta, method="")
    values = added(desk, part, variable, meta, texts, values)
    comment = desk.comments.id_of([*comments, "" if meta.has_no_data else note], f"{part.built.name}.{variable.name}")
    return replace(meta, values=values, comment=comment)


def _choice(desk: Desk, part: Part, variable: BuiltVariable, texts: Texts) -> tuple[str, ...]:
    """The codelists of a variable that has a choice of them, of which none alone has all its terms."""
    said, known = part.made.said(variable.name), desk.plan.variable(part.made.spec, variable.name)
    codes = known.codelists if known is not None and (said is None or said.codelist is None) else ()
    if len(codes) < 2 or topic_of(part) == variable.name:
        return ()
    return () if desk.lists.one_of(part.made.spec, codes, texts.all()) else codes


def _mandatory(part: Part, name: str, known: IgVariable | None, keys: Sequence[str]) -> bool:
    """Whether a value must be there: as said, else where the standard requires it.

    ADaM's "required" asks for the variable, not for values (ADaMIG 1.3, 3): there only keys and identifiers have them.
    """
    said = part.made.said(name)
    if said is not None and said.mandatory is not None:
        return said.mandatory
    if part.made.spec.standard == "adam" and name not in (*keys, "STUDYID", "USUBJID"):
        return False
    return known is not None and known.core == "Req"


def _codelist(
    desk: Desk, part: Part, variable: BuiltVariable, known: IgVariable | None, values: Sequence[str], data_type: str
) -> str:
    made, name = part.made, variable.name
    said = made.said(name)
    dictionary = desk.dictionary(known, said)
    if dictionary:
        return desk.lists.of_dictionary(dictionary, data_type)
    pairs = code_pairs(part.built, name)
    decodes = pairs.names if name.endswith("CD") else {}
    own = said.codelist if said is not None else None
    codes = known.codelists if known is not None else ()
    listed = made.target(name).codelist
    if own is None and listed is not None and is_result(name) and topic_of(part):
        codes = codes if covers(listed, variable.values) else ()
    if own is not None or codes:
        return desk.lists.of_variable(made.spec, name, codes, own, values, data_type, decodes)
    study = desk.plan.study
    if name in ARMS:
        return desk.lists.of_codes("ARMCD", "Arm", values, declared_texts(study.arms, "arm"), decodes)
    if name == "ETCD":
        return desk.lists.of_codes("ETCD", "Element", values, declared_texts(study.elements, "element"), decodes)
    if name == topic_of(part):
        return desk.lists.of_codes(name, variable.label, values, {}, decodes, part.built.name)
    if pairs.single and not variable.values.is_text:
        return desk.lists.of_codes(name, variable.label, values, {}, pairs.names, part.built.name, data_type)
    return ""


# supplemental qualifiers


def _supplemental(desk: Desk, built: Built, parent: Part) -> DatasetMeta:
    known = desk.plan.sdtmig.dataset(built.name)
    values, _ = by_qualifier(desk, built, parent)
    keys = _keys(built)
    return DatasetMeta(
        built.name, built.domain, built.label, "RELATIONSHIP",
        known.structure if known is not None else _structure(keys),
        tuple(_supplemental_variable(desk, built, parent, v, keys, values) for v in built.variables),
        standard=guide_of(desk.plan.sdtmig, parent.made.spec.domain) or ("SDTMIG" if known is not None else ""),
        file=f"{built.name.lower()}.xpt",
        records=built.n,
        domain_label=_domain_label(desk, parent),
    )  # fmt: skip


def _domain_label(desk: Desk, parent: Part) -> str:
    known = desk.plan.sdtmig.dataset(parent.made.spec.domain)
    return known.label if known is not None else parent.built.label


def _supplemental_variable(
    desk: Desk, built: Built, parent: Part, variable: BuiltVariable, keys: Sequence[str], values: tuple[ValueMeta, ...]
) -> VariableMeta:
    name = variable.name
    known = desk.plan.sdtmig.variable(built.name, name)
    texts = Texts(variable.values).all()
    found, method = _supplemental_origin(desk, parent, variable, values)
    codes = known.codelists if known is not None else ()
    codelist = desk.lists.of_variable(parent.made.spec, name, codes, None, texts, "text", {})
    comment = desk.comments.id_of([] if texts else [NO_VALUES], f"{built.name}.{name}")
    return VariableMeta(
        name, variable.label, "Char", "text", variable.length,
        role=known.role if known is not None else "",
        core=known.core if known is not None else "",
        mandatory=known is not None and known.core == "Req",
        codelist=codelist,
        origin=found if texts else None,
        method=method if texts else "",
        comment=comment,
        key=keys.index(name) + 1 if name in keys else 0,
        values=values if name == "QVAL" else (),
        has_no_data=not texts,
    )  # fmt: skip


def _supplemental_origin(
    desk: Desk, parent: Part, variable: BuiltVariable, values: tuple[ValueMeta, ...]
) -> tuple[OriginMeta | None, str]:
    """Origin and method of a column of SUPP--: QVAL what its values have in common, the rest by what the IG wants."""
    name = variable.name
    if name == "QVAL":
        return common(v.origin for v in values), ""
    if name in ("STUDYID", "USUBJID", "APID"):
        groups: Sequence[Group] = parent.grouping.groups or planned_groups(parent.made)
        told = desk.told(parent.made, name, groups, f"{parent.built.name}.{name}")
        return told.origin, told.method
    if name == "IDVARVAL":
        return OriginMeta("Predecessor", description=f"{parent.built.name}.{parent.made.spec.letters}SEQ"), ""
    return origin("Assigned"), ""
