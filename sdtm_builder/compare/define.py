"""The keys that a define.xml declares, of whichever version."""

from __future__ import annotations

from pathlib import Path


class DefineKeysError(Exception):
    """A define.xml that can't be read; the text says why."""


def define_keys(path: Path) -> dict[str, tuple[str, ...]]:
    """Dataset -> its key variables in key sequence (ItemRef/@KeySequence); datasets without keys are left out.

    The parser expands no entity and opens no other file. Raises DefineKeysError where the file is no XML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.parse(str(path), parser).getroot()
    except (etree.XMLSyntaxError, OSError) as fault:
        raise DefineKeysError(f"no XML: {fault}") from fault
    names = {e.get("OID"): e.get("Name", "") for e in root.iter("{*}ItemDef")}
    found: dict[str, tuple[str, ...]] = {}
    for group in root.iter("{*}ItemGroupDef"):
        keyed = []
        for ref in group.iterchildren("{*}ItemRef"):
            number = ref.get("KeySequence", "")
            if number.isdigit():
                keyed.append((int(number), str(names.get(ref.get("ItemOID"), ""))))
        if keyed:
            found[str(group.get("Name", "")).upper()] = tuple(name for _, name in sorted(keyed) if name)
    return found
