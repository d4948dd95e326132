"""odmlib as a second opinion on a define.xml: conformance, OIDs, order of elements, nothing defined in vain."""

from __future__ import annotations

from pathlib import Path

from odmlib.define_2_1.rules.metadata_schema import MetadataSchema
from odmlib.define_loader import XMLDefineLoader
from odmlib.loader import ODMLoader
from odmlib.ns_registry import NamespaceRegistry
from odmlib.oid_generator import create_oid_checker

XLINK = "http://www.w3.org/1999/xlink"


def problems(path: Path) -> list[str]:
    """Everything odmlib has to say against a define.xml, one text for each."""
    NamespaceRegistry(prefix="xlink", uri=XLINK)
    loader = ODMLoader(XMLDefineLoader(model_package="define_2_1"))
    loader.open_odm_document(str(path))
    odm = loader.root()
    checker = create_oid_checker("define_2_1")
    found = odm.validate(collect_errors=True, oid_checker=checker, conformance_checker=MetadataSchema())
    if found:
        return [str(error) for error in found]
    # a standard may be named without a dataset or codelist that uses it (the package of Define-XML's own terms)
    unused = checker.check_unreferenced_oids()
    return [f"{oid} is never referenced ({kind})" for oid, kind in unused.items() if kind != "StandardOID"]


def assert_clean(path: Path) -> None:
    """Fail with odmlib's findings."""
    assert problems(path) == []
