"""`verify`: the files of a build against its manifest."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ..write.manifest import ManifestError, read_manifest, verify_manifest
from .status import CLEAN, FOUND, UNUSABLE


def run(
    folder: Path,
    *,
    project: Path | None = None,
    raw: Path | None = None,
    tell: Callable[[str], None] = print,
) -> int:
    """Compare checksums; tell every file that is missing, changed or unlisted.

    Parameters
    ----------
    folder : of a build, as outputs/STUDY
    project : folder of specs/ and mappings/, to compare the specification too
    raw : folder of the raw files, to compare them too

    Returns
    -------
    0 all is as built, 1 something differs, 2 no manifest that can be read.
    """
    try:
        manifest = read_manifest(folder)
        problems = verify_manifest(folder, specs=project, inputs=raw)
    except ManifestError as none:
        tell(str(none))
        return UNUSABLE
    for problem in problems:
        tell(f"{problem.group}: {problem.message}")
    files = len(manifest.outputs)
    files += len(manifest.specs) if project is not None else 0
    files += len(manifest.inputs) if raw is not None else 0
    built = f"{manifest.study}, as of {manifest.as_of}, profile {manifest.profile}"
    partial = f", partial ({', '.join(manifest.partial)} anew)" if manifest.partial else ""
    if problems:
        tell(f"{folder}: {len(problems)} of {files} files differ from the build of {built}{partial}.")
        return FOUND
    tell(f"{folder}: {files} files as built: {built}{partial}.")
    return CLEAN
