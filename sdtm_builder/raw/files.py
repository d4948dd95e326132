"""Raw files found and loaded: within their folders, of the kind their name says, and safe to open."""

from __future__ import annotations

import fnmatch
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path, PurePosixPath, PureWindowsPath

from ..issues import IssueLog, Location, fault
from ..model import SourceSpec

fault("file-missing", "error", "A raw file that is not there", "Look at `file` in the study file, and at --raw.")
fault(
    "path-outside",
    "error",
    "A raw file outside the folders that raw files may lie in",
    "Give its folder with --raw, or move the file.",
)
fault("file-type", "error", "A raw file whose content is not what its name says", "Export it again.")
fault("file-protected", "error", "A workbook protected by a password", "Save it without a password.")
fault("file-damaged", "error", "A workbook or file that is cut off or damaged", "Copy or export it again.")
fault("file-unreadable", "error", "A file that the system does not let read")
fault("file-unsafe", "error", "A workbook that would unpack to far more than it says, or that defines XML entities")

UNPACKED_LIMIT = 2 << 30
RATIO_LIMIT = 400
RATIO_FREE = 32 << 20
ENTRY_LIMIT = 10_000
"""A workbook may hold 10,000 parts, 2 GiB unpacked, and above 32 MiB not more than 400 times its packed size."""

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
SAS = (".sas7bdat", ".xpt")
ODM = (".xml",)
TEXTS = (".csv", ".tsv", ".txt", ".dat")
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
_SAS7BDAT = bytes(12) + bytes.fromhex("C2EA8160B31411CFBD92080009C7318C181F1011")
_DOCTYPE = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_ROOT = re.compile(rb"<[A-Za-z_]")
_PROLOG = 1 << 16


@dataclass(frozen=True, slots=True)
class Found:
    """A file: its path, and the path relative to its root, as issues and lineage show it.

    member : its name within the zip file that `path` is, empty for a file of its own
    """

    path: Path
    shown: str
    member: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """A file's bytes with their SHA-256; `workbook`, or by its ending `sas`, or else text."""

    shown: str
    data: bytes
    sha256: str
    workbook: bool
    path: Path = Path()

    @property
    def odm(self) -> bool:
        """Whether it is clinical data of ODM-XML."""
        return self.path.suffix.lower() in ODM

    @property
    def sas(self) -> bool:
        """Whether it is a SAS dataset, read from `path`."""
        return self.path.suffix.lower() in SAS


def find_files(source: SourceSpec, base: Path, roots: Sequence[Path], log: IssueLog) -> list[Found]:
    """The files that `file` of a source names, a path or a pattern, sorted by path.

    base : the folder that relative paths start from, tried first; roots : further folders. Links are followed before
    it is asked whether a file lies in one of them. `export.zip!/ae.csv` names a file within a zip file, by its path
    there or a pattern of it. Issues: `file-missing`, `path-outside`, at the YAML line; `file-damaged` of a zip file.
    """
    text, within, member = source.file.text.partition("!/")
    if within:
        outer = replace(source, file=replace(source.file, text=text))
        return [one for zipped in find_files(outer, base, roots, log) for one in _members(zipped, member, source, log)]
    folders = [base, *roots]
    allowed = [folder.resolve() for folder in folders]
    if PureWindowsPath(text).drive or "\x00" in text:
        log.add("path-outside", f"{text!r} is no path relative to the raw folder.", source.file.mark.place, value=text)
        return []
    found: list[Found] = []
    for folder, root in zip(folders, allowed, strict=True):
        found = [Found(path, _shown(path, folder)) for path in _candidates(folder, text)]
        if found:
            break
        if not any(_within((root / text).parent.resolve(), one) for one in allowed):
            log.add("path-outside", f"{text} lies outside the raw folders.", source.file.mark.place, value=text)
            return []
    if not found:
        near = _near(base, text)
        hint = f"Near: {', '.join(near)}." if near else None
        log.add("file-missing", f"no file {text} in {_names(folders)}.", source.file.mark.place, value=text, hint=hint)
    inside = []
    for item in found:
        if any(_within(item.path.resolve(), root) for root in allowed):
            inside.append(item)
        else:
            told = f"{item.shown} lies outside the raw folders."
            log.add("path-outside", told, source.file.mark.place, Location(file=item.shown), value=text)
    return inside


def _members(found: Found, wanted: str, source: SourceSpec, log: IssueLog) -> list[Found]:
    """The files of a zip file that a name or pattern means, sorted by name."""
    at, place = Location(file=found.shown), source.file.mark.place
    try:
        with zipfile.ZipFile(found.path) as archive:
            names = sorted({one.filename for one in archive.infolist() if not one.is_dir()})
    except OSError as error:
        log.add("file-unreadable", f"{found.shown}: {error.strerror or error}.", at, place)
        return []
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        log.add("file-damaged", f"{found.shown} can't be unpacked: {error}.", at, place)
        return []
    hidden = [name for name in names if PurePosixPath(name).name.startswith((".", "~$")) or name.startswith("__MACOSX")]
    listed = [name for name in names if name not in hidden]
    chosen = [wanted] if wanted in names else [name for name in listed if fnmatch.fnmatchcase(name, wanted)]
    if not chosen:
        near = get_close_matches(wanted, listed, n=3) or listed[:10]
        told = f"{found.shown} has no file {wanted}."
        log.add("file-missing", told, place, at, value=wanted, hint=f"It has: {', '.join(near)}.")
    return [Found(found.path, f"{found.shown}!/{name}", name) for name in chosen]


def _candidates(folder: Path, text: str) -> list[Path]:
    exact = folder / text
    if exact.is_file():
        return [exact]
    if not any(c in text for c in "*?[") or Path(text).is_absolute() or ".." in PurePosixPath(text).parts:
        return []
    return sorted(p for p in folder.glob(text) if p.is_file() and not p.name.startswith(("~$", ".")))


def _within(path: Path, root: Path) -> bool:
    return path == root or root in path.parents


def _shown(path: Path, folder: Path) -> str:
    try:
        return path.relative_to(folder).as_posix()
    except ValueError:
        return path.as_posix()


def _names(folders: Sequence[Path]) -> str:
    return " or ".join(dict.fromkeys(str(folder) for folder in folders))


def _near(base: Path, text: str) -> list[str]:
    folder = (base / text).parent
    if not folder.is_dir():
        return []
    names = sorted(p.name for p in folder.iterdir() if p.is_file())
    wanted = Path(text).name
    same = [name for name in names if name.lower() == wanted.lower() or fnmatch.fnmatch(name, f"{Path(text).stem}.*")]
    return list(dict.fromkeys(same + get_close_matches(wanted, names, n=3)))[:3]


def load(found: Found, log: IssueLog, place: Location) -> Content | None:
    """The bytes of a file, if it is what its name says and safe; else None and an issue at the file and at `place`."""
    at = Location(file=found.shown)
    try:
        data = found.path.read_bytes()
    except OSError as error:
        log.add("file-unreadable", f"{found.shown}: {error.strerror or error}.", at, place)
        return None
    suffix = PurePosixPath(found.member or found.path.name).suffix.lower()
    wrong, data = _member(found.member, suffix, data) if found.member else (None, data)
    wrong = wrong or _wrong(suffix, data)
    if wrong:
        rule, told = wrong
        log.add(rule, f"{found.shown} {told}.", at, place)
        return None
    workbook = suffix in WORKBOOKS
    return Content(found.shown, data, hashlib.sha256(data).hexdigest(), workbook, found.path)


def _wrong(suffix: str, data: bytes) -> tuple[str, str] | None:
    """The rule that a file breaks and why, or None. What it is, its content says."""
    workbook = suffix in WORKBOOKS
    if suffix in SAS:
        return _wrong_sas(suffix, data)
    if suffix in ODM:
        return _wrong_odm(data)
    if not workbook and suffix not in TEXTS:
        return "file-type", f"is none of {', '.join(WORKBOOKS + TEXTS + SAS + ODM)}"
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "file-protected", "is protected by a password"
        if suffix == ".xls":
            return None
        return "file-type", "is a workbook of Excel 97-2003 by its content; name it .xls, or save it as .xlsx"
    if data.startswith(b"PK"):
        if not workbook:
            return "file-type", "is a workbook or zip file by its content, not a text"
        return _wrong_zip(suffix, data)
    if workbook:
        if not data:
            return "file-damaged", "is empty"
        return "file-type", f"is no workbook by its content (it begins with {data[:16]!r})"
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "file-type", "is no text by its content (it holds zero bytes)"
    return None


def _wrong_sas(suffix: str, data: bytes) -> tuple[str, str] | None:
    if not data:
        return "file-damaged", "is empty"
    if data.startswith(b"HEADER RECORD*******LIBV8"):
        return "file-type", "is a SAS transport file of version 8; export it in version 5 or as sas7bdat"
    starts = _SAS7BDAT if suffix == ".sas7bdat" else b"HEADER RECORD*******LIBRARY"
    if not data.startswith(starts):
        return "file-type", f"is no {suffix[1:]} by its content (it begins with {data[:16]!r})"
    return None


def _wrong_odm(data: bytes) -> tuple[str, str] | None:
    if not data:
        return "file-damaged", "is empty"
    if _has_doctype(data[:_PROLOG]):
        return "file-unsafe", "has a DOCTYPE or entities"
    if _ROOT.search(data.replace(b"\x00", b"")[:_PROLOG]) is None:
        return "file-type", f"is no XML by its content (it begins with {data[:16]!r})"
    return None


def _wrong_zip(suffix: str, data: bytes) -> tuple[str, str] | None:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        return "file-damaged", f"can't be unpacked: {error}"
    kind = _kind_of_zip({entry.filename for entry in entries})
    if kind is None:
        return "file-type", "is a zip file, but no workbook"
    if kind != suffix.replace(".xlsm", ".xlsx"):
        return "file-type", f"is another spreadsheet format by its content; name it {kind}, or save it as .xlsx"
    if kind == ".ods" and b"encryption-data" in _manifest(archive):
        return "file-protected", "is protected by a password"
    unsafe = _unsafe_zip(entries, data)
    if unsafe:
        return unsafe
    for entry in entries:
        wrong = _wrong_entry(archive, entry, data)
        if wrong:
            return wrong
    return None


def _unsafe_zip(entries: Sequence[zipfile.ZipInfo], data: bytes) -> tuple[str, str] | None:
    """What the list of a zip file's parts alone says against unpacking it."""
    if len(entries) > ENTRY_LIMIT:
        return "file-unsafe", f"has {len(entries):,} parts"
    if len({entry.filename for entry in entries}) < len(entries):
        return "file-unsafe", "has two parts of one name"
    if any(entry.flag_bits & 1 for entry in entries):
        return "file-protected", "has parts protected by a password"
    packed = sum(entry.compress_size for entry in entries)
    said = sum(entry.file_size for entry in entries)
    if said > UNPACKED_LIMIT or packed > len(data) or said > max(RATIO_FREE, RATIO_LIMIT * len(data)):
        return "file-unsafe", f"would unpack to {said:,} bytes"
    return None


def _member(name: str, suffix: str, data: bytes) -> tuple[tuple[str, str] | None, bytes]:
    """What is wrong with a file of a zip file, or its bytes: a text, whatever else the zip file holds."""
    if suffix not in TEXTS:
        return ("file-type", f"is none of {', '.join(TEXTS)}, which a zip file may hold"), b""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        wrong = _unsafe_zip(archive.infolist(), data) or _wrong_entry(archive, archive.getinfo(name), data)
        return wrong, b"" if wrong else archive.read(name)
    except (zipfile.BadZipFile, zlib.error, ValueError, KeyError, NotImplementedError, EOFError) as error:
        return ("file-damaged", f"can't be unpacked: {error}"), b""


def _kind_of_zip(names: set[str]) -> str | None:
    """The ending that a workbook's parts ask for."""
    if "mimetype" in names:
        return ".ods" if "content.xml" in names else None
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/") for name in names):
        return None
    return ".xlsb" if "xl/workbook.bin" in names else ".xlsx"


def _manifest(archive: zipfile.ZipFile) -> bytes:
    """The first bytes of the list of an OpenDocument's parts, which says whether they are encrypted."""
    try:
        with archive.open("META-INF/manifest.xml") as part:
            return part.read(_PROLOG)
    except (KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return b""  # said of the part itself, below


def _wrong_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> tuple[str, str] | None:
    """Unpack one part bit by bit, whatever size it claims, and look at the head of its XML."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "file-damaged", f"packs {entry.filename} in a way that is not read"
    head = data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04":
        return "file-damaged", f"is damaged at {entry.filename}"
    start = entry.header_offset + 30 + int.from_bytes(head[26:28], "little") + int.from_bytes(head[28:30], "little")
    packed = memoryview(data)[start : start + entry.compress_size]
    prolog, size, sum32 = b"", 0, 0
    pieces = [packed] if entry.compress_type == zipfile.ZIP_STORED else _inflate(packed)
    try:
        for piece in pieces:
            size += len(piece)
            sum32 = zlib.crc32(piece, sum32)
            if size > entry.file_size:
                return "file-unsafe", f"has a part {entry.filename} that is larger than it says"
            if len(prolog) < _PROLOG:
                prolog += bytes(piece[: _PROLOG - len(prolog)])
    except zlib.error as error:
        return "file-damaged", f"is damaged at {entry.filename}: {error}"
    if size != entry.file_size or sum32 != entry.CRC:
        return "file-damaged", f"is damaged at {entry.filename}"
    if entry.filename.lower().endswith((".xml", ".rels", ".vml")) and _has_doctype(prolog):
        return "file-unsafe", f"has a part {entry.filename} with a DOCTYPE or entities"
    return None


def _inflate(packed: memoryview) -> Iterator[bytes]:
    machine = zlib.decompressobj(-15)
    rest: bytes | memoryview = packed
    while not machine.eof:
        piece = machine.decompress(rest, 1 << 20)
        rest = machine.unconsumed_tail
        if not piece and not rest:
            return
        yield piece


def _has_doctype(head: bytes) -> bool:
    """Whether a DOCTYPE or entity stands before the root element, in whatever Unicode encoding."""
    plain = head.replace(b"\x00", b"")
    root = _ROOT.search(re.sub(rb"<!--.*?-->", lambda m: b" " * len(m.group()), plain, flags=re.DOTALL))
    if root is None:
        return bool(plain.strip()) and (_DOCTYPE.search(plain) is not None or len(head) >= _PROLOG)
    return _DOCTYPE.search(plain[: root.start()]) is not None
