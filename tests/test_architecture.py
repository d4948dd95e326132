"""The arrows between rooms: which room may import which."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sdtm_builder"
ALLOWED = {
    "issues": set(),
    "model": {"issues"},
    "registry": {"issues", "model"},
    "values": {"issues", "model"},
    "standards": {"issues", "model"},
    "expr": {"issues", "model", "values"},
    "xpt": {"issues", "model"},
    "raw": {"issues", "model", "values", "xpt"},
    "spec": {"issues", "model", "registry", "values"},
    "sdtm": {"issues", "model", "registry", "standards", "values"},
    "adam": {"issues", "model", "registry", "standards", "values"},
    "engine": {"issues", "model", "registry", "values", "expr", "standards", "spec", "raw"},
    "analysis": {"issues", "model", "values", "xpt", "expr"},
    "write": {"issues", "model", "xpt"},
    "validate": {"issues", "model", "standards", "xpt"},
    "report": {"issues", "model"},
    "lineage": {"issues", "model"},
    "compare": {"issues", "model", "values", "xpt", "write", "lineage", "report"},
    "scaffold": {"issues", "model", "values", "raw", "standards", "report"},
    "transfer": {"issues", "model", "values", "compare", "lineage", "report"},
    "simulate": {"model"},
}


def rooms() -> list[str]:
    """Every room of the package: folders and single modules, `cli`, `commands` and entry points apart."""
    found = {
        p.name if p.is_dir() else p.stem for p in PACKAGE.iterdir() if p.name not in ("__pycache__", "__init__.py")
    }
    return sorted(n for n in found if n != "commands" and not n.startswith(("cli", "py", "__")))


def imported(room: str) -> set[str]:
    """Other rooms of the package that a room imports, wherever in its files."""
    files = list((PACKAGE / room).rglob("*.py")) if (PACKAGE / room).is_dir() else [PACKAGE / f"{room}.py"]
    found = set()
    for file in files:
        depth = len(file.relative_to(PACKAGE).parts)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level and node.level >= depth:
                names = [node.module] if node.module else [a.name for a in node.names]
                found |= {str(n).split(".")[0] for n in names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sdtm_builder"):
                parts = node.module.split(".")
                found |= {parts[1]} if len(parts) > 1 else {a.name for a in node.names}
            elif isinstance(node, ast.Import):
                found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("sdtm_builder.")}
    return {n for n in found if n != room and not n.startswith("__")}


@pytest.mark.parametrize("room", rooms())
def test_room_imports_only_what_it_may(room: str) -> None:
    assert imported(room) <= ALLOWED[room]


def test_the_judge_shares_nothing_with_the_accused() -> None:
    assert not imported("validate") & {"engine", "sdtm", "adam", "write", "spec", "raw"}


def test_no_domain_name_stands_in_the_engine() -> None:
    domains = {"AE", "CM", "DM", "DS", "EX", "LB", "MH", "RS", "VS", "SE", "SV", "ADSL", "ADAE", "ADTTE", "LstCAR019"}
    for room in ("analysis", "engine", "expr", "spec", "raw", "values", "write"):
        for file in (PACKAGE / room).rglob("*.py"):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            documents = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
            words = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and id(n) not in documents]
            assert not [n.value for n in words if n.value in domains], file
