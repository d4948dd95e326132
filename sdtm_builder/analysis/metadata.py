"""Analysis Results Metadata of the study's analyses: displays, datasets with conditions, variables, statements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..model import ListNode, Node, Scalar, StudySpec
from ..model.metadata import AnalysisDataMeta, AnalysisMeta, CommentMeta, ConditionMeta
from .conditions import conditions_of
from .registry import Take, methods
from .spec import Said, analyses_of, entries, names_in, populations_of, scalars

PARAMETER = "PARAMCD"
"""The variable that tells parameters apart (ADaMIG 1.3, section 3.3.4)."""
EXPRESSIONS = (Take.VARIABLE, Take.VARIABLES, Take.CONDITION, Take.VALUE)
MAPS = (Take.CONDITIONS, Take.VALUES)


@dataclass(frozen=True)
class Described:
    """The analyses that have a reason and a purpose, and the comments that they refer to."""

    analyses: tuple[AnalysisMeta, ...]
    comments: tuple[CommentMeta, ...]


def describe(study: StudySpec, variables: Mapping[str, Sequence[str]], context: str) -> Described:
    """The metadata of a study's analyses.

    Parameters
    ----------
    study : with analyses that `check_analyses` has passed
    variables : dataset -> its written variables in their order; analyses of other datasets are left out
    context : what the statements are written in

    An analysis without `reason` or `purpose` is no analysis result in the sense of the standard, and left out.
    Source: Analysis Results Metadata 1.0 for Define-XML 2.
    """
    analyses, comments = [], []
    populations = populations_of(study)
    for said in analyses_of(study):
        population = populations[said.text("population")]
        if not said.text("reason") or not said.text("purpose"):
            continue
        used = _used(said, population)
        if any(name not in variables for name in used):
            continue
        data, told = _data(said, population, used, variables)
        comment = CommentMeta(f"ANALYSIS.{said.id}", " ".join(told)) if told else None
        comments += [comment] if comment is not None else []
        analyses.append(_analysis(study, said, population, data, comment, variables, context))
    return Described(tuple(analyses), tuple(comments))


def _analysis(
    study: StudySpec, said: Said, population: Said, data: tuple[AnalysisDataMeta, ...], comment: CommentMeta | None,
    variables: Mapping[str, Sequence[str]], context: str,
) -> AnalysisMeta:  # fmt: skip
    method = methods()[said.text("method")]
    told = [method.about, *said.texts("footnotes"), said.text("comment")]
    documents = [study.documents[d] for d in said.texts("documents")]
    first = data[0].dataset
    return AnalysisMeta(
        id=said.id, title=said.text("title"), result=f"{said.text('title')}, {population.text('title')}",
        reason=said.text("reason"), purpose=said.text("purpose"), data=data,
        parameter=PARAMETER if PARAMETER in variables[first] else "",
        comment=comment.id if comment is not None else "",
        text=" ".join(_sentence(t) for t in told if t),
        documents=tuple((d.id, tuple(p.text for p in d.pages)) for d in documents),
        code=f"{said.id}:\n" + "\n".join(yaml_lines(said.items, "  ")), context=context,
    )  # fmt: skip


def _used(said: Said, population: Said) -> dict[str, list[str]]:
    """Dataset -> variables analysed, the analysis' own dataset first; the population's by what makes its columns."""
    own, subjects = said.text("dataset"), population.text("dataset")
    used: dict[str, list[str]] = {own: []}
    arguments = methods()[said.text("method")].arguments
    for key, node in said.arguments.items():
        take = arguments[key].take
        if take in EXPRESSIONS:
            used[own] += [n for one in scalars(node) for n in names_in(one.text)]
        elif take in MAPS:
            used[own] += [n for one in entries(node).values() for s in scalars(one) for n in names_in(s.text)]
        elif take is Take.SUBJECT:
            used.setdefault(subjects, []).extend(n for one in scalars(node) for n in names_in(one.text))
        elif take is Take.MARKS:
            for one in entries(node).values():
                parts = {k: v.text for k, v in entries(one).items() if isinstance(v, Scalar)}
                names = [n for k in ("where", "time", "end", "text") for n in names_in(parts.get(k, ""))]
                used.setdefault(parts["dataset"], []).extend(names)
    columns = [n for key in ("by", "split") for n in names_in(said.text(key))]
    used.setdefault(subjects, []).extend(columns)
    return used


def _data(
    said: Said, population: Said, used: Mapping[str, list[str]], variables: Mapping[str, Sequence[str]]
) -> tuple[tuple[AnalysisDataMeta, ...], list[str]]:
    """The datasets with their conditions, and what these cannot say, in sentences."""
    own, subjects = said.text("dataset"), population.text("dataset")
    texts: dict[str, list[str]] = {own: [said.text("where")]}
    texts.setdefault(subjects, []).append(population.text("where"))
    told, out = [], []
    for dataset, names in used.items():
        parts = [conditions_of(t) for t in texts.get(dataset, []) if t]
        if any(one is None for one in parts):
            told += [f"Records of {dataset}: {t}." for t in texts[dataset] if t]
            parts = []
        where: tuple[ConditionMeta, ...] = tuple(dict.fromkeys(c for one in parts if one is not None for c in one))
        ordered = tuple(v for v in variables[dataset] if v in set(names))
        out.append(AnalysisDataMeta(dataset, where, ordered))
    if len(out) > 1:
        others = [one.dataset for one in out if one.dataset != subjects]
        told.append(f"Subjects: those of {subjects} ({population.text('title')}); records of {' and '.join(others)} "
                    "are joined to them by USUBJID.")  # fmt: skip
    return tuple(out), told


def yaml_lines(items: Mapping[str, Node], indent: str) -> Iterable[str]:
    """A map as YAML, a key a line; texts that need it in quotes."""
    for key, node in items.items():
        name = _quoted(key)
        if isinstance(node, Scalar):
            yield f"{indent}{name}: {_quoted(node.text, node.plain)}"
        elif isinstance(node, ListNode) and all(isinstance(n, Scalar) for n in node.items):
            yield f"{indent}{name}: [{', '.join(_quoted(s.text, s.plain, True) for s in scalars(node))}]"
        elif isinstance(node, ListNode):
            yield f"{indent}{name}:"
            for item in node.items:
                lines = list(yaml_lines(entries(item), indent + "    "))
                yield f"{indent}  - {lines[0].strip()}"
                yield from lines[1:]
        else:
            yield f"{indent}{name}:"
            yield from yaml_lines(node.items, indent + "  ")


def _quoted(text: str, plain: bool = True, flow: bool = False) -> str:
    risky = not text or text != text.strip() or text[0] in "!&*?|>%@`\"'#[]{},-:" or ": " in text or " #" in text
    if flow:
        risky = risky or any(sign in text for sign in ",[]{}")
    if plain and not risky and not text.endswith(":"):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
