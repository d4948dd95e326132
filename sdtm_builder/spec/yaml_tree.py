"""YAML as maps, lists and texts that know their places; what YAML would change or hide in silence is a fault."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from ..issues import IssueLog
from ..model import ListNode, MapNode, Mark, Node, Scalar
from .faults import report

MAX_BYTES = 5_000_000
MAX_DEPTH = 50
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Stop(Exception):
    """Reading of this text ends here; the fault is recorded."""


@dataclass(slots=True)
class _Open:
    """A map or list that is being read; `key` waits for its value."""

    mark: Mark
    is_map: bool
    items: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Mark] = field(default_factory=dict)
    values: list[Node] = field(default_factory=list)
    key: Scalar | None = None
    wants_key: bool = True
    keyless: bool = False


def read_yaml(path: Path, name: str, log: IssueLog) -> MapNode | None:
    """The one map that a file holds, or None with a fault recorded.

    Parameters
    ----------
    path : the file
    name : how messages call it, relative to the project
    log : takes the faults; other files can still be read after any of them
    """
    text = read_text(path, name, log)
    if text is None:
        return None
    documents = parse_documents(text, name, log)
    if documents is None:
        return None
    if not documents:
        report(log, "empty-file", Mark(name), "the file says nothing.")
        return None
    if len(documents) > 1:
        report(log, "yaml-documents", documents[1].mark, "a second document begins with `---`.")
    first = documents[0]
    if not isinstance(first, MapNode):
        report(log, "wrong-kind", first.mark, f"a file holds a map of keys, not {kind_of(first)}.")
        return None
    return first


def read_text(path: Path, name: str, log: IssueLog) -> str | None:
    """The text of a UTF-8 file of a sensible size, or None with a fault recorded."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        report(log, "yaml-unreadable", Mark(name), f"the file cannot be read: {error.strerror or error}.")
        return None
    if len(content) > MAX_BYTES:
        report(log, "yaml-too-large", Mark(name), f"the file has more than {MAX_BYTES // 1_000_000} MB.")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        begin = content.rfind(b"\n", 0, error.start) + 1
        column = len(content[begin : error.start].decode("utf-8", "replace")) + 1
        byte = content[error.start]
        report(log, "yaml-encoding", Mark(name, line, column), f"the byte {byte:02X} is no UTF-8.")
        return None


def parse_documents(text: str, name: str, log: IssueLog) -> list[Node] | None:
    """The documents of a text that `---` divides (for documentation; a file holds one); None after a syntax fault."""
    return _Reader(text, name, log).read()


class _Reader:
    """Builds nodes from the parser's events, so that nothing is resolved, expanded or merged."""

    def __init__(self, text: str, name: str, log: IssueLog) -> None:
        self.text = text
        self.lines = text.splitlines()
        self.name = name
        self.log = log
        self.stack: list[_Open] = []
        self.documents: list[Node] = []

    def read(self) -> list[Node] | None:
        try:
            for event in yaml.parse(self.text, Loader=_LOADER):
                self.take(event)
        except _Stop:
            return None
        except yaml.YAMLError as error:
            mark, message, hint = _plain_message(error, self.text, self.name)
            report(self.log, "yaml-syntax", mark, message, hint)
            return None
        return self.documents

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.DocumentStartEvent):
            if event.version or event.tags:
                report(self.log, "yaml-tag", self.mark(event), "a line that begins with `%` is a directive.")
        elif isinstance(event, yaml.AliasEvent):
            message = f"`*{event.anchor}` repeats another place of the file."
            report(self.log, "yaml-anchor", self.mark(event), message)
            self.put(None)
        elif isinstance(event, yaml.ScalarEvent):
            self.refuse(event)
            node = Scalar(event.value, self.mark(event), plain=not event.style)
            self.comment(node, event)
            self.put(node)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self.refuse(event)
            self.open(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.close()

    def mark(self, event: Any) -> Mark:
        return Mark(self.name, event.start_mark.line + 1, event.start_mark.column + 1)

    def refuse(self, event: Any) -> None:
        if event.anchor:
            report(self.log, "yaml-anchor", self.mark(event), f"`&{event.anchor}` names this place.")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            report(self.log, "yaml-tag", self.mark(event), f"`{tag}` is a tag.", "Take it away.")

    def open(self, event: yaml.Event) -> None:
        if len(self.stack) >= MAX_DEPTH:
            report(self.log, "yaml-too-deep", self.mark(event), f"more than {MAX_DEPTH} levels of maps and lists.")
            raise _Stop
        self.stack.append(_Open(self.mark(event), isinstance(event, yaml.MappingStartEvent)))

    def close(self) -> None:
        done = self.stack.pop()
        if done.is_map:
            self.put(MapNode(done.items, done.keys, done.mark))
        else:
            self.put(ListNode(tuple(done.values), done.mark))

    def put(self, node: Node | None) -> None:
        """Place a finished node in the map or list that is open; None stands for what was refused."""
        if not self.stack:
            if node is not None:
                self.documents.append(node)
            return
        top = self.stack[-1]
        if not top.is_map:
            if node is not None:
                top.values.append(node)
        elif top.wants_key:
            top.wants_key = False
            top.key = self.key(node, top)
        else:
            top.wants_key = True
            if top.key is not None and node is not None:
                top.items[top.key.text] = node
                top.keys[top.key.text] = top.key.mark

    def key(self, node: Node | None, top: _Open) -> Scalar | None:
        """The key if it can be one; its value is read all the same."""
        if node is None:
            return None
        if not isinstance(node, Scalar):
            report(self.log, "yaml-key", node.mark, f"{kind_of(node)} stands where a key must.", "Quote it.")
            return None
        if node.plain and not node.text:
            report(self.log, "yaml-key", node.mark, "there is no key before this `:`.", "")
            return None
        if node.plain and node.text == "<<":
            report(self.log, "yaml-anchor", node.mark, "`<<` merges another map.")
            return None
        if node.text in top.keys:
            line = top.keys[node.text].line
            report(
                self.log, "yaml-duplicate-key", node.mark, f"`{node.text}` stands already in line {line}.", "Keep one."
            )
            return None
        return node

    def comment(self, node: Scalar, event: Any) -> None:
        """Note a text that a comment cuts short: one blank, `#`, and the rest of the line."""
        if not node.plain or not node.text or event.end_mark.line >= len(self.lines):
            return
        rest = self.lines[event.end_mark.line][event.end_mark.column :]
        if rest.startswith(" #") and not node.text.startswith("#"):
            line, column = event.end_mark.line + 1, event.end_mark.column + 2
            message = f"the text `{node.text}` ends here; `{rest.strip()}` is a comment."
            report(self.log, "yaml-comment", Mark(self.name, line, column), message)


def kind_of(node: Node) -> str:
    """What a node is, in words: a text, a list, a map, or nothing."""
    if isinstance(node, MapNode):
        return "a map"
    if isinstance(node, ListNode):
        return "a list"
    return "nothing" if is_empty(node) else "a text"


def is_empty(node: Node) -> bool:
    """Whether nothing was written: `key:` and no more (`""` is a text, the missing one)."""
    return isinstance(node, Scalar) and node.plain and not node.text


def marks_of(node: Node) -> Iterator[Mark]:
    """The places of a node and of all within it, keys included."""
    yield node.mark
    if isinstance(node, ListNode):
        for item in node:
            yield from marks_of(item)
    elif isinstance(node, MapNode):
        for key, value in node.items.items():
            yield node.keys[key]
            yield from marks_of(value)


_INDENT = "Lines of one map begin in one column; what belongs to a key stands further right."
_PLAIN = (
    (r"mapping values are not allowed", "a second `: ` on this line, or a wrong indent.", "Quote a text with `: `."),
    (r"could not find expected ':'", "a key without `: `, or a text that goes on in the wrong column.", _INDENT),
    (r"escape", "a backslash within double quotes begins an escape.", "Double it, or use single quotes."),
    (r"quoted scalar", "a quote is not closed.", "Close it; within single quotes write a quote twice."),
    (r"flow mapping|',' or '}'", "a `{` is not closed, or a comma is missing.", "Quote a text with , : { } [ ] or #."),
    (r"flow sequence|',' or ']'", "a `[` is not closed, or a comma is missing.", "Quote a text with , : { } [ ] or #."),
    (r"block end|block mapping|block collection", "this line fits none of the maps or lists above it.", _INDENT),
    (r"block scalar", "a text after `|` or `>` is not indented.", _INDENT),
    (r"alias|anchor", "`&` and `*` begin an anchor or alias.", "Quote the text that begins so."),
    (r"tag", "`!` begins a tag.", "Quote the text that begins so."),
    (r"directive|document start", "more text stands where the file must end, or a `%` begins a line.", _INDENT),
    (r"node content", "a value is missing here, or a bracket or comma is one too many.", ""),
)


def _plain_message(error: yaml.YAMLError, text: str, name: str) -> tuple[Mark, str, str]:
    """Place, message and hint of a syntax error, without the parser's vocabulary."""
    if isinstance(error, yaml.reader.ReaderError):
        position = error.position if isinstance(error.position, int) else 0
        found = re.search("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
        position = found.start() if found else position
        begin = text.rfind("\n", 0, position) + 1
        mark = Mark(name, text.count("\n", 0, position) + 1, position - begin + 1)
        code = f"U+{ord(text[position]):04X}" if position < len(text) else "a control character"
        return mark, f"the character {code} cannot stand in YAML.", "Take it away."
    problem_mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if problem_mark is None:
        return Mark(name), "this file is not YAML.", ""
    line, column = problem_mark.line, problem_mark.column
    mark = Mark(name, line + 1, column + 1)
    lines = text.splitlines()
    written = lines[line] if line < len(lines) else ""
    problem = f"{getattr(error, 'problem', '') or ''} {getattr(error, 'context', '') or ''}"
    if "\t" in written[: len(written) - len(written.lstrip())] or written[column : column + 1] == "\t":
        return mark, "a tab stands where YAML wants blanks.", "Indent with blanks."
    if "cannot start any token" in problem and column < len(written):
        return mark, f"a text cannot begin with `{written[column]}`.", "Quote it."
    opened = getattr(error, "context_mark", None)
    for pattern, message, hint in _PLAIN:
        if re.search(pattern, problem):
            if opened is not None and opened.line != line and re.search(r"closed", message):
                message = f"{message[:-1]} (it was opened in line {opened.line + 1})."
            return mark, message, hint
    return mark, "this is not YAML.", _INDENT
