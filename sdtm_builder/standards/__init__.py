"""Packaged facts of SDTMIG, ADaMIG and controlled terminology; look-ups, import and comparison of releases."""

from sdtm_builder.standards.adam import ADAM_CLASSES, AdamIg, AdamStructure, adam_ig
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
from sdtm_builder.standards.ct_diff import CodelistChange, CtDiff, TermChange, diff_ct
from sdtm_builder.standards.ct_import import ImportedCt, import_ct
from sdtm_builder.standards.errors import StandardsError
from sdtm_builder.standards.guides import guide_of, guide_versions
from sdtm_builder.standards.ig import Ig, IgDataset, IgVariable, ig

__all__ = [
    "ADAM_CLASSES",
    "AdamIg",
    "AdamStructure",
    "Codelist",
    "CodelistChange",
    "CodelistHead",
    "CtDiff",
    "CtPackage",
    "Ig",
    "IgDataset",
    "IgVariable",
    "ImportedCt",
    "Match",
    "StandardsError",
    "Term",
    "TermChange",
    "adam_ig",
    "ct",
    "ct_folder",
    "ct_versions",
    "diff_ct",
    "guide_of",
    "guide_versions",
    "ig",
    "import_ct",
    "open_package",
]
