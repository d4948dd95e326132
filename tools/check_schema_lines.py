"""Fails where a shipped YAML file does not name its JSON Schema in its first line, so that editors complete it.

Run: python tools/check_schema_lines.py; with --write it puts the line there.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MARK = "# yaml-language-server: $schema="


def shipped(root: Path) -> dict[Path, str]:
    """Each YAML file of specs/ and mappings/ with the first line that it must have."""
    wanted = dict.fromkeys(root.glob("specs/*/*.yaml"), "study")
    wanted |= dict.fromkeys(root.glob("mappings/*/*/*.yaml"), "dataset")
    schema = root / "docs" / "schema"
    return {path: f"{MARK}{Path(os.path.relpath(schema / f'{kind}.json', path.parent)).as_posix()}"
            for path, kind in sorted(wanted.items())}  # fmt: skip


def main() -> int:
    """Tell, or with --write mend, the files without their line; 1 if any was found."""
    write, found = "--write" in sys.argv[1:], 0
    for path, line in shipped(ROOT).items():
        text = path.read_text(encoding="utf-8")
        if text.partition("\n")[0] == line:
            continue
        found += 1
        if write:
            rest = text.partition("\n")[2] if text.startswith(MARK) else text
            path.write_text(f"{line}\n{rest}", encoding="utf-8", newline="\n")
        print(f"{path.relative_to(ROOT)}: the first line must be {line}")
    return 1 if found and not write else 0


if __name__ == "__main__":
    sys.exit(main())
