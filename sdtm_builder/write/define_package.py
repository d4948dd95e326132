"""Where the installed defineutils package keeps the Define-XML schemas and the standard stylesheet."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

STYLESHEET = "define2-1.xsl"
LICENSE = "define2-1.xsl.LICENSE"


def package_folder() -> Path:
    """The folder of defineutils, found without importing it (its import loads an XSD library that isn't needed).

    Raises ModuleNotFoundError where it isn't installed.
    """
    spec = find_spec("defineutils")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("defineutils is not installed: define.xml is checked and shown by its files")
    return Path(next(iter(spec.submodule_search_locations)))


def schema_file(arm: bool = False) -> Path:
    """The XSD of Define-XML 2.1; with `arm` the one that has Analysis Results Metadata 1.0 too."""
    folder = package_folder() / "validate" / "schema"
    return folder / ("cdisc-arm-1.0/arm1-0-0.xsd" if arm else "cdisc-define-2.1/define2-1-0.xsd")


def stylesheet_file() -> Path:
    """The standard stylesheet of Define-XML 2.1."""
    return package_folder() / "definehtml" / STYLESHEET


def copy_stylesheet(folder: Path) -> tuple[Path, Path]:
    """Put the stylesheet that define.xml names, and its license, beside it; gives both paths.

    folder : an existing folder, the one of define.xml
    """
    source = stylesheet_file()
    sheet, license_ = folder / STYLESHEET, folder / LICENSE
    shutil.copyfile(source, sheet)
    shutil.copyfile(source.with_name(LICENSE), license_)
    return sheet, license_
