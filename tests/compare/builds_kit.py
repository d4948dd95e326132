"""Builds of a small study, of its raw files and mappings as they are or changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from engine.lineage_kit import MAPPINGS, RAW, STUDY

from sdtm_builder.commands import build

AS_OF = datetime(2026, 1, 1)


def built(
    root: Path, raw: Mapping[str, str] | None = None, mappings: Mapping[str, str] | None = None, study: str = STUDY
) -> Path:
    """The outputs of a build; raw and mappings replace files of the same name."""
    files = {"specs/S1/study.yaml": study}
    files |= {f"mappings/S1/sdtm/{name}.yaml": text for name, text in {**MAPPINGS, **(mappings or {})}.items()}
    files |= {f"raw/{name}": text for name, text in {**RAW, **(raw or {})}.items()}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    said: list[str] = []
    status = build.run(
        root / "specs" / "S1", raw=root / "raw", out=root / "out", as_of=AS_OF, fail_on="never", quiet=True,
        tell=said.append,
    )  # fmt: skip
    assert status == 0, said
    return root / "out"


def changed(name: str, *replaced: tuple[str, str]) -> dict[str, str]:
    """A raw file with texts replaced."""
    text = RAW[name]
    for old, new in replaced:
        assert old in text
        text = text.replace(old, new)
    return {name: text}
