"""The study's own Python: the functions that its study file lists, and no others."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

from ..issues import IssueLog, Location, fault
from ..model import StudySpec
from ..registry import Derivation

fault("function-file", "error", "A Python file of the study that is not there, or cannot be imported")
fault("function-missing", "error", "A listed function that the file has not got, or that bears no @derivation")


def function_files(study: StudySpec) -> dict[str, Path]:
    """The listed Python files, relative to mappings/STUDY, with their paths."""
    return {name: study.mappings / name for name in study.functions}


def load_functions(study: StudySpec, log: IssueLog) -> Mapping[str, Derivation]:
    """`py.NAME` -> the registered function, for each that the study file lists.

    A file runs as Python with the user's rights: it is the study's own, listed by name, its checksum in the manifest.
    """
    found: dict[str, Derivation] = {}
    for name, path in function_files(study).items():
        wanted = study.functions[name]
        place = wanted[0].mark.place if wanted else Location(yaml=name)
        inside = path.resolve().is_relative_to(study.mappings.resolve())
        if not inside or not path.is_file():
            log.add("function-file", f"{name} is no file below {study.mappings.name}/.", place)
            continue
        module = _import(path, name, log, place)
        for function in wanted if module is not None else ():
            made = getattr(getattr(module, function.text, None), "derivation", None)
            if isinstance(made, Derivation):
                found[f"py.{function.text}"] = made
            else:
                log.add(
                    "function-missing", f"{name} has no function {function.text} with @derivation.", function.mark.place
                )
    return found


def _import(path: Path, name: str, log: IssueLog, place: Location) -> object | None:
    spec = importlib.util.spec_from_file_location(f"study_functions_{path.stem}", path)
    if spec is None or spec.loader is None:
        log.add("function-file", f"{name} is no Python file.", place)
        return None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as broken:  # the study's own code may raise anything; it is told with its place
        log.add("function-file", f"{name} cannot be imported: {type(broken).__name__}: {broken}", place)
        return None
    return module
