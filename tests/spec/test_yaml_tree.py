"""YAML read as texts with places: what plain YAML changes, keeps or hides in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import ListNode, MapNode, Mark, Scalar
from sdtm_builder.spec.yaml_tree import MAX_BYTES, parse_documents, read_yaml


def parse(text: str) -> tuple[MapNode | None, list[str]]:
    log = IssueLog()
    documents = parse_documents(text, "f.yaml", log)
    node = documents[0] if documents else None
    assert node is None or isinstance(node, MapNode)
    return node, [str(issue) for issue in log]


def faults(text: str) -> list[str]:
    return parse(text)[1]


@pytest.mark.parametrize("text", ["NO", "1.10", "on", "null", "~", "0x1F", "2021-06-04", "1e3", "012", ".5", "yes"])
def test_scalars_stay_texts(text: str) -> None:
    node, issues = parse(f"a: {text}\n")
    assert issues == []
    assert node is not None
    assert node.get("a") == Scalar(text, Mark("f.yaml", 1, 4))


def test_quotes_are_known_and_places_count_characters() -> None:
    node, _ = parse("男: {b: \"NO\", c: [x, 'y']}\n")
    assert node is not None
    inner = node.get("男")
    assert isinstance(inner, MapNode)
    assert inner.get("b") == Scalar("NO", Mark("f.yaml", 1, 8), plain=False)
    assert inner.keys["c"] == Mark("f.yaml", 1, 14)
    items = inner.get("c")
    assert isinstance(items, ListNode)
    assert [i.plain for i in items if isinstance(i, Scalar)] == [True, False]


def test_a_duplicate_key_is_a_fault_and_the_first_one_counts() -> None:
    node, issues = parse("a: 1\nb: 2\na: 3\n")
    assert issues == ["f.yaml:3:1 yaml-duplicate-key: `a` stands already in line 1. Keep one."]
    assert node is not None
    assert str(node.get("a")) == "1"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: &x {b: 1}\nc: *x\n", ["f.yaml:1:4 yaml-anchor", "f.yaml:2:4 yaml-anchor"]),
        ("a: {b: 1}\nc:\n  <<: {d: 2}\n", ["f.yaml:3:3 yaml-anchor"]),
        ("a: !!str 1\n", ["f.yaml:1:4 yaml-tag"]),
        ("a: !py x\n", ["f.yaml:1:4 yaml-tag"]),
        ("? [a, b]\n: c\n", ["f.yaml:1:3 yaml-key"]),
        ("%YAML 1.1\n---\na: 1\n", ["f.yaml:1:1 yaml-tag"]),
    ],
)
def test_what_has_no_place_in_a_specification(text: str, place: list[str]) -> None:
    assert [issue.split(": ")[0] for issue in faults(text)] == place


def test_a_quoted_merge_sign_is_a_text() -> None:
    assert faults('a: {"<<": b}\n') == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a:\n\tb: 1\n", "f.yaml:2:1 yaml-syntax: a tab stands where YAML wants blanks."),
        ("a: b: c\n", "f.yaml:1:5 yaml-syntax: a second `: ` on this line, or a wrong indent."),
        ("a: {b: 1\nc: 2\n", "yaml-syntax: a `{` is not closed, or a comma is missing"),
        ("a: [1, 2\nc: 2\n", "yaml-syntax: a `[` is not closed, or a comma is missing"),
        ('a: "x\nb: 1\n', "yaml-syntax: a quote is not closed"),
        ("a: %\n", "f.yaml:1:4 yaml-syntax: a text cannot begin with `%`. Quote it."),
        ("a: @x\n", "f.yaml:1:4 yaml-syntax: a text cannot begin with `@`. Quote it."),
        ('a: "\\d"\n', "yaml-syntax: a backslash within double quotes begins an escape."),
        ("a: 1\n  b: 2\n", "yaml-syntax: a second `: ` on this line, or a wrong indent."),
        ("a:\n  b: 1\n c: 2\n", "f.yaml:3:2 yaml-syntax: this line fits none of the maps or lists above it."),
        ("a: 1\nb\nc: 2\n", "yaml-syntax: a key without `: `, or a text that goes on in the wrong column."),
        ("a: x\x01y\n", "f.yaml:1:5 yaml-syntax: the character U+0001 cannot stand in YAML."),
    ],
)
def test_syntax_faults_are_one_each_and_speak_plainly(text: str, message: str) -> None:
    issues = faults(text)
    assert len(issues) == 1
    assert message in issues[0]


@pytest.mark.parametrize(
    ("text", "issues"),
    [
        (
            "why: grade # 3\n",
            [
                "f.yaml:1:12 yaml-comment: the text `grade` ends here; `# 3` is a comment. Quote the text if this "
                "belongs to it; else put two blanks before the `#`."
            ],
        ),
        ("why: grade  # 3\n", []),
        ('why: "grade # 3"\n', []),
        ("why: grade#3\n", []),
        ("a: {b: 1} # c\n", []),
    ],
)
def test_a_text_that_a_comment_cuts_is_noted(text: str, issues: list[str]) -> None:
    assert faults(text) == issues


def test_depth_is_limited() -> None:
    assert faults("a: " + "[" * 49 + "]" * 49) == []
    assert faults("a: " + "[" * 60 + "]" * 60) == ["f.yaml:1:53 yaml-too-deep: more than 50 levels of maps and lists."]
    assert len(faults("a: " + "[" * 100_000)) == 1


def test_several_documents_are_for_documentation_only(tmp_path: Path) -> None:
    log = IssueLog()
    documents = parse_documents("a: 1\n---\nb: 2\n", "doc", log)
    assert documents is not None
    assert len(documents) == 2
    assert len(log) == 0
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n---\nb: 2\n")
    assert read_yaml(path, "x.yaml", log) is not None
    assert [i.rule for i in log] == ["yaml-documents"]
    path.write_text("---\na: 1\n")
    log = IssueLog()
    assert read_yaml(path, "x.yaml", log) is not None
    assert len(log) == 0


@pytest.mark.parametrize(
    ("content", "issue"),
    [
        (b"a: 1\nb: \xd6\n", "x.yaml:2:4 yaml-encoding: the byte D6 is no UTF-8. Save it as UTF-8."),
        (b"", "x.yaml empty-file: the file says nothing."),
        (b"# only a comment\n", "x.yaml empty-file: the file says nothing."),
        (b"- a\n", "x.yaml:1:1 wrong-kind: a file holds a map of keys, not a list."),
        (b"#" * (MAX_BYTES + 1), "x.yaml yaml-too-large: the file has more than 5 MB."),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, content: bytes, issue: str) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(content)
    log = IssueLog()
    assert read_yaml(path, "x.yaml", log) is None
    assert [str(i) for i in log] == [issue]


def test_a_byte_order_mark_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    log = IssueLog()
    node = read_yaml(path, "x.yaml", log)
    assert node is not None
    assert list(node) == ["a"]
    assert len(log) == 0
