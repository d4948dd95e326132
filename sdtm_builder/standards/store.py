"""The packaged file: an index of codelists and one compressed slice for each, so that one codelist is read alone."""

from __future__ import annotations

import hashlib
import json
import os
import struct
import tempfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sdtm_builder.standards.errors import StandardsError

MAGIC = b"SDTMBCT1"
SUFFIX = ".ctp"
_HEAD = struct.Struct(">8sI")


@dataclass(frozen=True, slots=True)
class PlainTerm:
    """A term as it is stored: its C-code, submission value, synonyms and NCI preferred term."""

    code: str
    submission_value: str
    synonyms: tuple[str, ...]
    preferred_term: str


@dataclass(frozen=True, slots=True)
class PlainCodelist:
    """A codelist as it is stored; `extensible` is CDISC's Yes or No."""

    code: str
    submission_value: str
    name: str
    extensible: bool
    terms: tuple[PlainTerm, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the index: the codelist, its number of terms, the short name of its paired list, its slice."""

    code: str
    submission_value: str
    name: str
    extensible: bool
    size: int
    pair: str
    offset: int
    length: int


@dataclass(frozen=True, slots=True)
class PackedCt:
    """An opened package: its identity, its index and its slices, still compressed."""

    package: str
    version: str
    sha256: str
    entries: tuple[Entry, ...]
    slices: bytes
    path: Path

    def terms(self, entry: Entry) -> list[list[Any]]:
        """The stored rows of one codelist: [submission value, C-code, synonyms, preferred term]."""
        part = self.slices[entry.offset : entry.offset + entry.length]
        try:
            rows: list[list[Any]] = json.loads(zlib.decompress(part))
        except (zlib.error, ValueError) as fault:
            raise _damaged(self.path, f"codelist {entry.submission_value}: {fault}") from fault
        return rows


def pack(package: str, version: str, codelists: Iterable[PlainCodelist]) -> bytes:
    """The bytes of a package: codelists and terms by submission value, so that the order of the source is gone.

    Args:
        package: `sdtm`, `adam`, `cdash`, `define-xml`, ...
        version: release date, `yyyy-mm-dd`.
        codelists: checked codelists, each submission value and C-code once.
    """
    ordered = sorted(codelists, key=lambda codelist: codelist.submission_value)
    pairs = find_pairs(ordered)
    digest = hashlib.sha256()
    slices: list[bytes] = []
    lines: list[list[Any]] = []
    offset = 0
    for codelist in ordered:
        terms = sorted(codelist.terms, key=lambda term: term.submission_value)
        rows = [[term.submission_value, term.code, list(term.synonyms), term.preferred_term] for term in terms]
        text = _json(rows)
        head = [codelist.code, codelist.submission_value, codelist.name, codelist.extensible, len(rows)]
        digest.update(_json(head) + text)
        part = zlib.compress(text, 9)
        lines.append([*head, pairs.get(codelist.submission_value, ""), offset, len(part)])
        slices.append(part)
        offset += len(part)
    index = {"package": package, "version": version, "sha256": digest.hexdigest(), "size": offset, "codelists": lines}
    packed_index = zlib.compress(_json(index), 9)
    return _HEAD.pack(MAGIC, len(packed_index)) + packed_index + b"".join(slices)


def unpack(path: Path) -> PackedCt:
    """Open a packaged file.

    Raises:
        StandardsError: the file cannot be read, is no package, or is damaged.
    """
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise StandardsError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    return unpack_bytes(content, path)


def unpack_bytes(content: bytes, path: Path) -> PackedCt:
    """Open the bytes of a package; `path` names it in messages."""
    if len(content) < _HEAD.size or not content.startswith(MAGIC):
        raise _damaged(path, "it does not begin as a package of terminology")
    length = _HEAD.unpack_from(content)[1]
    start = _HEAD.size + length
    try:
        index = json.loads(zlib.decompress(content[_HEAD.size : start]))
        entries = tuple(Entry(*line) for line in index["codelists"])
        size = int(index["size"])
        packed = PackedCt(index["package"], index["version"], index["sha256"], entries, content[start:], path)
    except (zlib.error, ValueError, KeyError, TypeError) as fault:
        raise _damaged(path, f"its index cannot be read ({fault})") from fault
    if size != len(packed.slices):
        raise _damaged(path, f"{size} bytes of codelists are expected, {len(packed.slices)} are there")
    return packed


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file as a whole or not at all: a temporary file beside it takes its place when complete."""
    handle = -1
    name = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except OSError as fault:
        if name and os.path.exists(name):
            os.unlink(name)
        raise StandardsError(f"{path}: cannot be written: {fault.strerror or fault}") from fault


def find_pairs(codelists: Iterable[PlainCodelist]) -> Mapping[str, str]:
    """Codelists of codes and of names that hold the same concepts, both ways: LBTESTCD and LBTEST.

    Two lists are paired when the same C-codes stand in both and either their names differ as `... Code` and
    `... Name` (10-Meter Walk/Run Functional Test Test Code) or their short names by a final CD (PKPARMCD, PKPARM).
    A list in which one C-code has two submission values is never paired.
    """
    lists = list(codelists)
    by_codes: dict[frozenset[str], list[PlainCodelist]] = {}
    for codelist in lists:
        codes = frozenset(term.code for term in codelist.terms)
        if len(codes) == len(codelist.terms):
            by_codes.setdefault(codes, []).append(codelist)
    pairs: dict[str, str] = {}
    for group in by_codes.values():
        for short in group:
            for long in group:
                if _is_pair(short, long):
                    pairs[short.submission_value] = long.submission_value
                    pairs[long.submission_value] = short.submission_value
    return pairs


def _is_pair(short: PlainCodelist, long: PlainCodelist) -> bool:
    if short.submission_value == f"{long.submission_value}CD":
        return True
    return short.name.endswith(" Code") and long.name == f"{short.name.removesuffix(' Code')} Name"


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _damaged(path: Path, why: str) -> StandardsError:
    return StandardsError(f"{path}: damaged package of terminology: {why}. Import the release again.")
