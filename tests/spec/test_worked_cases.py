"""The worked cases of the language's reference load without a fault, where that document is at hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sdtm_builder.issues import IssueLog
from sdtm_builder.spec.load import load_study
from sdtm_builder.spec.show import show
from sdtm_builder.spec.yaml_tree import parse_documents

from .spec_kit import REGISTERED, write

DOCUMENT = Path(__file__).parents[3] / "shared" / "language.md"


@pytest.fixture(scope="module")
def blocks() -> list[str]:
    if not DOCUMENT.is_file():
        pytest.skip(f"no reference of the language at {DOCUMENT}")
    part = DOCUMENT.read_text(encoding="utf-8").split("# B. Worked cases")[1]
    return re.findall(r"^```yaml\n(.*?)^```", part, re.MULTILINE | re.DOTALL)


def test_every_worked_case_loads(tmp_path: Path, blocks: list[str]) -> None:
    files = {"specs/LSTCAR019/study.yaml": blocks[0], "library/company/oncology/specs/study.yaml": "missing: [x]\n"}
    files["specs/LSTCAR019/lb_tests.csv"] = (
        "TESTCD,LBCAT,LBSPEC,unit,digits,limit_low,limit_high\nALT,C,SERUM,U/L,0,1,\n"
    )
    cases = []
    for block in blocks[1:]:
        for part in re.split(r"^---\n", block, flags=re.MULTILINE):
            name = re.search(r"^dataset: (\w+)", part)
            assert name, part[:60]
            cases.append((name[1], part))
    assert len(cases) > 15
    seen: dict[str, int] = {}
    for name, part in cases:
        seen[name] = seen.get(name, 0) + 1
        folder = "adam" if name.startswith("AD") else "sdtm"
        where = tmp_path / str(seen[name])
        write(where, {**files, f"mappings/LSTCAR019/{folder}/{name.lower()}.yaml": part})
    loaded = 0
    for where in sorted(tmp_path.iterdir()):
        log = IssueLog()
        study = load_study(where / "specs" / "LSTCAR019", operations=REGISTERED, log=log)
        assert [str(issue) for issue in log] == []
        assert study is not None
        loaded += len(study.datasets)
        for dataset in study.datasets.values():
            again = parse_documents(show(dataset), "shown", log)
            assert again is not None
            assert len(log) == 0
    assert loaded == len(cases)
