"""Which implementation guide has a dataset of SDTM: the SDTMIG, or one of its companions for persons and devices."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from sdtm_builder.standards.ig import Ig, domain_letters

SDTMIG = "SDTMIG"


def guide_of(guide: Ig, domain: str) -> str:
    """The guide that has a domain, by its name in Define-XML: `SDTMIG`, `SDTMIG-AP`, `SDTMIG-MD`; "" for none.

    Args:
        guide: the SDTMIG of the study.
        domain: letters of a domain; `AP` before those that the SDTMIG has make it one of associated persons (their
            datasets are the SDTMIG-AP's), the domains of devices are the SDTMIG-MD's.

    Source: SDTMIG-AP 1.0; SDTMIG-MD 1.1, section 3; names: codelist C170452.
    """
    known = guide.dataset(domain) is not None
    for name, _, pattern in _rows():
        if known and pattern.endswith("*") and domain_letters(domain) != domain:
            return name
        if not known and pattern == domain:
            return name
    return SDTMIG if known else ""


def guide_versions() -> dict[str, str]:
    """The companions of the SDTMIG with the version that counts where a study says none, in a fixed order."""
    return {name: version for name, version, _ in _rows()}


@lru_cache(maxsize=1)
def _rows() -> tuple[tuple[str, str, str], ...]:
    text = files(__package__).joinpath("data/guides.csv").read_text(encoding="utf-8")
    return tuple((name, version, dataset) for name, version, dataset in list(csv.reader(text.splitlines()))[1:])
