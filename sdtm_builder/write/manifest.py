"""The manifest of a build: what made it, from what, and the checksum of every file; written, read and verified."""
from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

__all__ = ["MANIFEST_NAME", "FileEntry", "Manifest", "ManifestError", "ManifestProblem", "build_manifest", "hash_file",
           "is_manifest", "list_files", "package_versions", "read_manifest", "verify_manifest", "write_manifest"]

MANIFEST_NAME = "manifest.json"
FORMAT = "sdtm_builder manifest 1"
PROFILES = ("draft", "final")
_SHA256 = re.compile(r"[0-9a-f]{64}")


class ManifestError(ValueError):
    """A manifest that is absent or that this tool cannot have written."""


@dataclass(frozen=True, order=True)
class FileEntry:
    """A file: its relative POSIX path, its SHA-256 in hexadecimal, its size in bytes."""

    path: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Manifest:
    """What is known of a build.

    study: its id.  as_of: the build's clock, ISO 8601.  profile: `draft` or `final`.  tool_version: of this package.
    packages: version of Python and of each package that shaped the output.
    ct_packages: CT packages, as `SDTM CT 2025-03-28`.
    specs, inputs, outputs: files, sorted by path.
    partial: datasets that a later `--only` run built anew on top of an earlier build; empty after a full build.
    """

    study: str
    as_of: str
    profile: str
    tool_version: str
    packages: Mapping[str, str]
    ct_packages: tuple[str, ...]
    specs: tuple[FileEntry, ...]
    inputs: tuple[FileEntry, ...]
    outputs: tuple[FileEntry, ...]
    partial: tuple[str, ...] = ()


@dataclass(frozen=True, order=True)
class ManifestProblem:
    """A file that is not as the manifest has it.

    group: `outputs`, `specs` or `inputs`.  kind: `missing`, `changed`, `unlisted` or `irregular` (no ordinary file).
    """

    group: str
    path: str
    kind: str
    message: str


def hash_file(path: Path, name: str) -> FileEntry:
    """The entry of one file under the relative POSIX path `name`.  Raises ValueError where it leaves its folder."""
    if not _is_inside(name):
        raise ValueError(f"{name!r} is no relative POSIX path within its folder")
    with open(path, "rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return FileEntry(name, digest.hexdigest(), file.tell())


def list_files(directory: Path) -> list[str]:
    """Relative POSIX paths of all files, links and others under a folder, sorted; folders themselves are left out."""
    found: list[str] = []
    for folder, folders, files in os.walk(directory, onerror=_raise):
        links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
        found.extend(Path(folder, name).relative_to(directory).as_posix() for name in [*files, *links])
    return sorted(found)


def _raise(error: OSError) -> None:
    raise error


def package_versions(names: Iterable[str]) -> dict[str, str]:
    """Versions of Python and of the named packages that are installed."""
    versions = {"python": ".".join(map(str, sys.version_info[:3]))}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return versions


def build_manifest(directory: Path, *, study: str, as_of: str, profile: str, tool_version: str,
                   packages: Mapping[str, str], ct_packages: Sequence[str], specs: Mapping[str, Path],
                   inputs: Mapping[str, Path], only: Sequence[str] = (), previous: Manifest | None = None) -> Manifest:
    """The manifest of the files now in `directory`.

    directory: the folder about to be published; all its files are outputs.
    specs, inputs: relative POSIX path, as it shall stand in the manifest, to the file itself.
    only: the datasets of a partial run, empty for a full one; previous: the manifest of the build it stands on, whose
    own partial datasets stay listed.  Raises ValueError on a profile that is neither `draft` nor `final`.
    """
    if profile not in PROFILES:
        raise ValueError(f"profile {profile!r}: allowed are draft, final")
    partial = {*only, *(previous.partial if previous is not None and only else ())}
    outputs = [name for name in list_files(directory) if name != MANIFEST_NAME]
    return Manifest(study, as_of, profile, tool_version, dict(sorted(packages.items())), tuple(sorted(ct_packages)),
                    _hash_all(specs), _hash_all(inputs), tuple(hash_file(directory / name, name) for name in outputs),
                    tuple(sorted(partial)))


def _hash_all(files: Mapping[str, Path]) -> tuple[FileEntry, ...]:
    return tuple(hash_file(files[name], name) for name in sorted(files))


def write_manifest(directory: Path, manifest: Manifest) -> Path:
    """Write `manifest.json` into a folder: sorted keys, two blanks of indent, a newline at the end."""
    content = {
        "format": FORMAT, "study": manifest.study, "as_of": manifest.as_of, "profile": manifest.profile,
        "tool": {"name": "sdtm_builder", "version": manifest.tool_version}, "packages": dict(manifest.packages),
        "ct_packages": list(manifest.ct_packages),
        "partial": {"is_partial": bool(manifest.partial), "datasets": list(manifest.partial)},
        **{group: {entry.path: {"sha256": entry.sha256, "size": entry.size} for entry in getattr(manifest, group)}
           for group in ("specs", "inputs", "outputs")},
    }
    path = directory / MANIFEST_NAME
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def is_manifest(path: Path) -> bool:
    """Whether a file is a manifest of this tool: its JSON says so, whatever else may be wrong with it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(content, dict) and str(content.get("format", "")).startswith("sdtm_builder manifest ")


def read_manifest(directory: Path) -> Manifest:
    """Read the manifest of a build.  Raises ManifestError where there is none or it is damaged."""
    path = directory / MANIFEST_NAME
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ManifestError(f"{path}: absent; this folder is no build of sdtm_builder") from None
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ManifestError(f"{path}: no JSON: {error}") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        found = content.get("format") if isinstance(content, dict) else None
        raise ManifestError(f"{path}: format {found!r}, {FORMAT!r} is wanted")
    try:
        return Manifest(
            _text(content["study"]), _text(content["as_of"]), _text(content["profile"]),
            _text(content["tool"]["version"]),
            {_text(name): _text(version) for name, version in content["packages"].items()},
            tuple(map(_text, content["ct_packages"])), _read_entries(content["specs"]),
            _read_entries(content["inputs"]), _read_entries(content["outputs"]),
            tuple(map(_text, content["partial"]["datasets"])))
    except KeyError as error:
        raise ManifestError(f"{path}: attribute {error} is absent") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise ManifestError(f"{path}: damaged: {error}") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _read_entries(content: Mapping[str, Any]) -> tuple[FileEntry, ...]:
    entries = []
    for name, entry in content.items():
        if not _is_inside(name):
            raise ValueError(f"{name!r} leaves its folder")
        if not _SHA256.fullmatch(_text(entry["sha256"])) or type(entry["size"]) is not int:
            raise ValueError(f"{name}: checksum or size is none")
        entries.append(FileEntry(name, entry["sha256"], entry["size"]))
    return tuple(sorted(entries))


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return bool(name) and "\\" not in name and not path.is_absolute() and ".." not in path.parts and str(path) == name


def verify_manifest(directory: Path, *, specs: Path | None = None, inputs: Path | None = None) -> list[ManifestProblem]:
    """Compare the files of a build with its manifest.

    directory: the published folder.  specs, inputs: folders that the paths of these groups start from; None leaves the
    group alone.  Returns the problems, sorted; a file added to `directory` is one too.  Raises ManifestError as
    `read_manifest` does.
    """
    manifest = read_manifest(directory)
    problems = list(_compare("outputs", directory, manifest.outputs))
    listed = {entry.path for entry in manifest.outputs} | {MANIFEST_NAME}
    problems.extend(ManifestProblem("outputs", name, "unlisted", f"{name}: not in the manifest")
                    for name in list_files(directory) if name not in listed)
    for group, root, entries in (("specs", specs, manifest.specs), ("inputs", inputs, manifest.inputs)):
        if root is not None:
            problems.extend(_compare(group, root, entries))
    return sorted(problems)


def _compare(group: str, root: Path, entries: Sequence[FileEntry]) -> Iterator[ManifestProblem]:
    for entry in entries:
        path = root / entry.path
        if group == "outputs" and path.is_symlink():
            yield ManifestProblem(group, entry.path, "irregular", f"{entry.path}: a link stands in the file's place")
        elif not path.exists():
            yield ManifestProblem(group, entry.path, "missing", f"{entry.path}: absent")
        elif not path.is_file():
            yield ManifestProblem(group, entry.path, "irregular", f"{entry.path}: no ordinary file")
        else:
            found = hash_file(path, entry.path)
            if found.size != entry.size:
                yield ManifestProblem(group, entry.path, "changed", f"{entry.path}: {found.size} bytes, the manifest "
                                      f"has {entry.size}")
            elif found.sha256 != entry.sha256:
                yield ManifestProblem(group, entry.path, "changed", f"{entry.path}: not the content of the build")
