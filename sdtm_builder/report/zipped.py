"""A zip file whose bytes depend on its members alone: no clock, no user, no order but that of writing."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class StableZip(ZipFile):
    """A zip for writing, each member dated 1980-01-01 (the first date that a zip can hold), mode 0644, deflated."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, "w", ZIP_DEFLATED, allowZip64=True)

    def member(self, name: str) -> IO[bytes]:
        """A member to write bytes into, of any size."""
        return self.open(_info(name), "w", force_zip64=True)

    def writestr(self, zinfo_or_arcname: str | ZipInfo, data: Any, *args: Any, **more: Any) -> None:
        """Add a member from text or bytes."""
        name = zinfo_or_arcname.filename if isinstance(zinfo_or_arcname, ZipInfo) else zinfo_or_arcname
        super().writestr(_info(name), data)

    def write(self, filename: Any, arcname: Any = None, *args: Any, **more: Any) -> None:
        """Add a member from a file, whatever that file's own date and mode."""
        with Path(filename).open("rb") as source, self.member(os.fspath(arcname or filename)) as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _info(name: str) -> ZipInfo:
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
    return info
