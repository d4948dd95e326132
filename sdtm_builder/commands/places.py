"""Where things lie that several commands look for: a study's raw files, imported terminology, written datasets."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

STANDARDS = ("sdtm", "adam")


def raw_folder(study: Path, raw: Path | None) -> Path | None:
    """The folder of the raw files: as said, else `outputs/STUDY-raw` if it is there, else None (the study's own)."""
    if raw is not None:
        return raw
    usual = project_of(study) / "outputs" / f"{study.absolute().name}-raw"
    return usual if usual.is_dir() else None


def project_of(study: Path) -> Path:
    """The folder that holds specs/, mappings/ and outputs/, from specs/STUDY."""
    return study.absolute().parent.parent


def imported_ct(option: Path | None) -> Path:
    """The folder of imported terminology: as said, else SDTM_BUILDER_CT, else the user's data folder."""
    from ..standards import ct_folder

    return ct_folder(option)


def written_folders(folder: Path) -> list[Path]:
    """The folders of datasets in a build's folder: itself if it holds some, else its `sdtm` and `adam`."""
    return [one for one in (folder, *(folder / name for name in STANDARDS)) if _holds_datasets(one)]


def _holds_datasets(folder: Path) -> bool:
    if not folder.is_dir():
        return False
    return any(p.suffix.lower() == ".xpt" or p.name == "define.xml" for p in folder.iterdir() if p.is_file())


def write_whole(path: Path, write: Callable[[Path], None]) -> None:
    """Have a file written beside its place and put there when it is complete; OSError where it can't be.

    write : takes the path to write to
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    try:
        write(Path(name))
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def write_reports(reports: Iterable[tuple[Path | None, Callable[[Path], None]]]) -> list[str]:
    """Have those reports written, each whole, that a path is given for; the lines that name them."""
    written = []
    for path, write in reports:
        if path is not None:
            write_whole(path, write)
            written.append(f"Written: {path}")
    return written
