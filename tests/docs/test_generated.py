"""The pages made from the code: the same bytes each time, and a stale one is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).parents[2] / "tools" / "generate_docs.py"
PAGES = [
    "coverage.md",
    "derivations.md",
    "faults.md",
    "keys.md",
    "methods.md",
    "rules.md",
    "schema/dataset.json",
    "schema/study.json",
]


def run(docs: Path, *arguments: str) -> tuple[int, list[str]]:
    done = subprocess.run(
        [sys.executable, str(TOOL), "--docs", str(docs), *arguments], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, sorted(done.stdout.splitlines())


def contents(docs: Path) -> dict[str, bytes]:
    return {str(p.relative_to(docs)): p.read_bytes() for p in sorted(docs.rglob("*")) if p.is_file()}


def test_pages_are_written_told_stale_and_the_same_each_time(tmp_path: Path) -> None:
    assert run(tmp_path, "--check") == (1, [f"{p} is stale: run python tools/generate_docs.py" for p in PAGES])
    assert contents(tmp_path) == {}
    assert run(tmp_path) == (0, [f"wrote {p}" for p in PAGES])
    first = contents(tmp_path)
    assert sorted(first) == PAGES
    assert run(tmp_path, "--check") == (0, [])
    (tmp_path / "faults.md").write_text("old", encoding="utf-8")
    assert run(tmp_path, "--check") == (1, ["faults.md is stale: run python tools/generate_docs.py"])
    assert run(tmp_path) == (0, ["wrote faults.md"])
    assert contents(tmp_path) == first
