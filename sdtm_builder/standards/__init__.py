"""Packaged facts of SDTMIG, ADaMIG and controlled terminology; look-ups, import and comparison of releases."""

from sdtm_builder.standards.adam import AdamIg, AdamStructure, adam_ig
from sdtm_builder.standards.ct import (
    Codelist,
    CodelistHead,
    CtPackage,
    Match,
    Term,
    ct,
    ct_folder,
    ct_versions,
    open_package,
)
from sdtm_builder.standards.errors import StandardsError
from sdtm_builder.standards.ig import Ig, IgDataset, IgVariable, ig

__all__ = [
    "AdamIg",
    "AdamStructure",
    "Codelist",
    "CodelistHead",
    "CtPackage",
    "Ig",
    "IgDataset",
    "IgVariable",
    "Match",
    "StandardsError",
    "Term",
    "adam_ig",
    "ct",
    "ct_folder",
    "ct_versions",
    "ig",
    "open_package",
]
