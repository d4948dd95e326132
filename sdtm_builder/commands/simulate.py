"""`simulate`: raw files of the reference study, from a seed, with flaws whose cells are known."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from ..simulate import DEFAULT_SEED, SimulationResult, flaw_ids, simulate
from .status import CLEAN, UNUSABLE

STUDY = "lstcar019"
Tell = Callable[[str], None]


def run(
    study: str = STUDY,
    *,
    seed: int = DEFAULT_SEED,
    flaws: str = "all",
    cohorts: int = 1,
    out: Path | None = None,
    sheets: Sequence[str] = (),
    tell: Tell = print,
) -> int:
    """Write the raw files and their answer key, truth.json; equal arguments give equal bytes.

    Parameters
    ----------
    study : lstcar019
    flaws : all, none, or ids with commas between (F02,F05)
    cohorts : copies of all cohorts, 1 or more
    out : folder; None: outputs/lstcar019-raw
    sheets : sheets to write; none: all

    Returns
    -------
    0 written, 2 unknown study, flaw or sheet.
    """
    if study != STUDY:
        tell(f"{study}: there is no model of this study; there is {STUDY}.")
        return UNUSABLE
    chosen: str | list[str] = flaws if flaws in ("all", "none") else [f.strip() for f in flaws.split(",") if f.strip()]
    folder = out if out is not None else Path("outputs") / f"{STUDY}-raw"
    try:
        flaw_ids(chosen)
        result = _into(folder, seed, chosen, cohorts, sheets)
    except ValueError as wrong:
        tell(str(wrong))
        return UNUSABLE
    records = sum(after for _, after in result.rows.values())
    tell(f"{folder}: {len(result.files)} files, {len(result.persons)} subjects, {records:,} records, seed {seed}.")
    planted = len({flaw["id"] for flaw in result.flaws})
    tell(f"{len(result.flaws)} flaws of {planted} kinds planted; truth.json names their cells.")
    return CLEAN


def _into(folder: Path, seed: int, flaws: str | list[str], cohorts: int, sheets: Sequence[str]) -> SimulationResult:
    """Simulate beside the folder, then put each file in its place when all are complete; the answer key last."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        result = simulate(seed, flaws, cohorts, out=making, forms=list(sheets) or None)
        folder.mkdir(exist_ok=True)
        for path in result.files:
            os.replace(path, folder / path.name)
        result.files = [folder / path.name for path in result.files]
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return result
