"""The answer key shares no code with what it judges."""

import ast
from pathlib import Path

ROOM = Path(__file__).parents[2] / "sdtm_builder" / "simulate"
ALLOWED_OUTSIDE = {"model"}


def test_simulate_imports_only_model_of_the_package():
    for path in ROOM.rglob("*.py"):
        depth = len(path.relative_to(ROOM).parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                name, level = node.module or "", node.level
                if level > depth:
                    assert name.split(".")[0] in ALLOWED_OUTSIDE, f"{path}: {name}"
                names = [name] if level == 0 else []
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                room = name.split(".")
                assert room[0] != "sdtm_builder" or room[1:2] == ["model"], f"{path}: {name}"


def test_modules_are_short():
    for path in ROOM.rglob("*.py"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path
