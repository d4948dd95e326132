"""`schema`: JSON Schemas of study and dataset files, with which editors complete and check YAML."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

from ..registry import derivations
from ..spec.json_schema import json_schema
from ..spec.registered import operation_forms
from ..standards import ig
from .places import write_whole
from .status import CLEAN

FOLDER = Path("docs") / "schema"
PLACES = {"study.json": Path("specs") / "STUDY", "dataset.json": Path("mappings") / "STUDY" / "sdtm"}


def schema_texts() -> dict[str, str]:
    """File name -> JSON text of both schemas."""
    forms = operation_forms(derivations())
    guide = ig("3.4")
    variables = {name: [v.name for v in guide.variables(name)] for name in guide.datasets}
    schemas = {"study.json": json_schema("study", forms), "dataset.json": json_schema("dataset", forms, variables)}
    short = (",", ":")
    return {name: json.dumps(one, ensure_ascii=False, separators=short) + "\n" for name, one in schemas.items()}


def run(out: Path = FOLDER, *, tell: Callable[[str], None] = print) -> int:
    """Write study.json and dataset.json into a folder, and tell how a YAML file names them.

    Returns
    -------
    0.
    """
    for name, text in schema_texts().items():
        write_whole(out / name, lambda path, text=text: _write(path, text))  # type: ignore[misc]
        tell(f"{out / name}")
    for name, place in PLACES.items():
        path = Path(os.path.relpath(out / name, place)).as_posix()
        tell(f"First line of {place.as_posix()}/*.yaml, for editors: # yaml-language-server: $schema={path}")
    return CLEAN


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
