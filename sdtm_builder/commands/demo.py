"""`demo`: the reference study simulated, built (which validates what was written) and verified, in one go."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ..xpt.reader import read_xpt
from . import build, simulate, verify
from .status import CLEAN, UNUSABLE

Tell = Callable[[str], None]


def run(
    project: Path,
    *,
    as_of: datetime | None = None,
    ct_folder: Path | None = None,
    say: Tell = lambda text: None,
    tell: Tell = print,
) -> int:
    """Simulate LstCAR019 with all flaws, build its datasets, verify the manifest; a build validates what it wrote.

    The flaws are there to be found, so findings are no failure here.

    Parameters
    ----------
    project : folder with specs/lstcar019 and mappings/lstcar019; outputs/ is made in it
    as_of : the moment written into files; None: now

    Returns
    -------
    0 built, 2 no such study in the project, or the build could not be made.
    """
    specs, outputs = project / "specs" / simulate.STUDY, project / "outputs"
    raw, out = outputs / f"{simulate.STUDY}-raw", outputs / simulate.STUDY
    if not specs.is_dir():
        tell(f"{specs} is not there; run the demo in a clone of sdtm_builder, or name one with --project.")
        return UNUSABLE
    say("simulating")
    steps: list[Callable[[], int]] = [
        lambda: simulate.run(out=raw, tell=tell),
        lambda: build.run(specs, raw=raw, out=out, fail_on="never", as_of=as_of, ct_folder=ct_folder,
                          say=say, tell=tell),
        lambda: verify.run(out, project=project, raw=raw, tell=tell),
    ]  # fmt: skip
    for step in steps:
        status = step()
        if status != CLEAN:
            return status
    tell(f"Datasets, define.xml: {out / 'sdtm'}, {out / 'adam'}")
    tell(f"Tables and figures: {out / 'report' / 'analyses.html'}")
    tell(f"Raw files: {raw}; the flaws planted in them: {raw / 'truth.json'}")
    tell(f"Where a value comes from: sdtm-builder trace {out} DM USUBJID={_treated(out)} RFXSTDTC")
    return CLEAN


def _treated(out: Path) -> str:
    """A subject with a first dose, for the example."""
    columns = {column.name: column for column in read_xpt(out / "sdtm" / "dm.xpt").columns}
    subject, first = columns["USUBJID"], columns["RFXSTDTC"]
    assert subject.codes is not None
    assert subject.texts is not None
    assert first.codes is not None
    row = int((first.codes >= 0).argmax())
    return str(subject.texts[subject.codes[row]])
