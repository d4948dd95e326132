"""Fails where tests on real cases were skipped, or never ran, although the cases are there.

Run: python tools/check_skips.py JUNIT_XML SHARED_FOLDER
"""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def faults(report: Path, shared: Path) -> list[str]:
    """What is wrong with the cases' tests of a run; nothing where there is no folder of cases.

    report : pytest's --junitxml
    shared : folder with `cases` in it
    """
    if not (shared / "cases").is_dir():
        return []
    if not report.is_file():
        return [f"{report} is not there: the tests did not run to their end"]
    tests = [t for t in ElementTree.parse(report).iter("testcase") if _is_case(t)]
    skipped = [t for t in tests if t.find("skipped") is not None]
    if not tests:
        return [f"no test of tests/cases ran, although {shared / 'cases'} is there"]
    return [f"skipped although {shared / 'cases'} is there: {t.get('classname')}.{t.get('name')}: {_why(t)}"
            for t in skipped]  # fmt: skip


def _is_case(test: ElementTree.Element) -> bool:
    return f"{test.get('classname')}.{test.get('name')}".lstrip(".").startswith("tests.cases.")


def _why(test: ElementTree.Element) -> str:
    found = test.find("skipped")
    return found.get("message", "") if found is not None else ""


def main() -> int:
    """Print the faults; 1 if there are any."""
    found = faults(Path(sys.argv[1]), Path(sys.argv[2]))
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
