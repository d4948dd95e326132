"""define.xml as one HTML page, by the standard stylesheet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .define_package import stylesheet_file

PARAMETERS = {"displayMethodsTable": "1", "displayCommentsTable": "1"}
"""Parameters of the stylesheet that aren't as it comes: its tables of methods and comments are shown."""


def write_define_html(define: Path, html: Path) -> None:
    """Show a valid define.xml as HTML that opens offline: script and style stand in the page.

    define : the define.xml, read without network, DTD or entities
    html : the page; its links to datasets and documents are relative, so it belongs in the same folder

    The stylesheet may neither read nor write anything. Raises lxml.etree.XMLSyntaxError where `define` is no XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    sheet = etree.parse(str(stylesheet_file()), etree.XMLParser(no_network=True))
    rights: Any = etree.XSLTAccessControl
    transform: Any = etree.XSLT(sheet, access_control=rights.DENY_ALL)
    page = transform(etree.parse(str(define), parser), **PARAMETERS)
    html.write_bytes(bytes(page))
