"""The judge shares no code with the accused: no module of this room imports a builder."""

from __future__ import annotations

import ast
from pathlib import Path

import sdtm_builder.validate

ALLOWED = {"issues", "model", "standards", "validate", "xpt"}


def test_validation_imports_no_builder() -> None:
    folder = Path(sdtm_builder.validate.__file__).parent
    rooms: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{path}: a relative import"
                module = node.module or ""
                names = [f"{module}.{alias.name}" for alias in node.names] if module == "sdtm_builder" else [module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            rooms.update(name.split(".")[1] for name in names if name.startswith("sdtm_builder."))
    assert rooms
    assert rooms <= ALLOWED
