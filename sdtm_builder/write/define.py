"""define.xml 2.1: one template filled from StudyMeta, refused while the metadata contradicts the specification."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from .. import __version__
from ..issues import Issue, Severity
from ..model.metadata import StudyMeta
from . import define_analyses, define_oids, define_view
from .define_faults import faults_of
from .define_package import STYLESHEET, copy_stylesheet

__all__ = ["DEFINE_VERSION", "copy_stylesheet", "define_bytes", "write_define"]

DEFINE_VERSION = "2.1.0"
SYSTEM = "sdtm-builder"
TEMPLATES = Path(__file__).with_name("templates")


def write_define(
    meta: StudyMeta, path: Path, created: datetime, originator: str = "", as_of: datetime | None = None
) -> list[Issue]:
    """Write define.xml and give what is wrong with the metadata; with an error among it nothing is written.

    Parameters
    ----------
    meta : what to say; everything stands in its order
    path : the file, in the folder that the datasets' files are relative to
    created : CreationDateTime, to the second; also part of FileOID
    originator : the organisation, "" to leave it out
    as_of : AsOfDateTime, when the data were cut

    Source: Define-XML 2.1, section 5.3. The stylesheet that the file names comes by `copy_stylesheet`.
    """
    issues = faults_of(meta)
    if not any(issue.severity is Severity.ERROR for issue in issues):
        path.write_bytes(define_bytes(meta, created, originator, as_of))
    return issues


def define_bytes(meta: StudyMeta, created: datetime, originator: str = "", as_of: datetime | None = None) -> bytes:
    """define.xml as bytes, for metadata without faults; equal arguments give equal bytes."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from lxml import etree

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, keep_trailing_newline=True,
    )  # fmt: skip
    text = environment.get_template("define.xml.j2").render(_context(meta, created, originator, as_of))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    root = etree.fromstring(text.encode("utf-8"), parser)
    etree.indent(root, space="  ")
    before = [etree.tostring(node, with_tail=False) for node in root.itersiblings(preceding=True)]
    body = etree.tostring(root, encoding="UTF-8", xml_declaration=False)
    return b"\n".join([b'<?xml version="1.0" encoding="UTF-8"?>', *reversed(before), body, b""])


def _context(meta: StudyMeta, created: datetime, originator: str, as_of: datetime | None) -> dict[str, Any]:
    standard = {"sdtm": "SDTM", "adam": "ADaM"}[meta.standard]
    codelists, methods, comments = (
        define_view.used_codelists(meta), define_view.used_methods(meta), define_view.used_comments(meta)
    )  # fmt: skip
    stamp = created.isoformat(timespec="seconds")
    return {
        "meta": meta,
        "view": define_view.view_of(meta),
        "results": define_analyses.results_of(meta),
        "codelists": [item for item in meta.codelists if item.id in codelists],
        "methods": [item for item in meta.methods if item.id in methods],
        "comments": [item for item in meta.comments if item.id in comments],
        "stylesheet": STYLESHEET,
        "created": stamp,
        "as_of": as_of.isoformat(timespec="seconds") if as_of else "",
        "originator": originator,
        "system": SYSTEM,
        "version": __version__,
        "define_version": DEFINE_VERSION,
        "file_oid": f"DEF.{define_oids.safe(meta.study)}.{standard}.{stamp}",
        "study_oid": f"STDY.{define_oids.safe(meta.study)}",
        "version_oid": f"MDV.{define_oids.safe(meta.study)}.{standard}",
        "version_name": f"Study {meta.study}, {standard} Data Definitions",
        "standard_oid": define_oids.standard_oid,
        "codelist_oid": define_oids.codelist_oid,
        "method_oid": define_oids.method_oid,
        "comment_oid": define_oids.comment_oid,
        "document_leaf": define_oids.document_leaf,
        "documents_of": define_view.documents_of,
        "page_refs": define_view.page_refs,
        "decoded": define_view.decoded,
        "href_of": define_view.href_of,
    }
