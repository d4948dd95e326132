"""Names of encodings for the reader of SAS datasets, wherever one is opened."""

from pathlib import Path

import pyreadstat
import pytest

from sdtm_builder.commands import accept
from sdtm_builder.compare.files import TableError, read_table
from sdtm_builder.values.encodings import iconv_name

HEAD = bytes(12) + bytes.fromhex("C2EA8160B31411CFBD92080009C7318C181F1011") + bytes(100)


@pytest.mark.parametrize(
    ("said", "name"),
    [("", None), ("utf-8", "UTF-8"), ("latin-1", "ISO8859-1"), ("euc_jp", "EUC-JP"), ("mac-roman", "MACINTOSH"),
     ("iso2022_jp", "ISO-2022-JP"), ("gb18030", "GB18030")],
)  # fmt: skip
def test_names(said: str, name: str | None) -> None:
    assert iconv_name(said) == name


def test_an_unknown_name_is_told() -> None:
    with pytest.raises(LookupError):
        iconv_name("klingon")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """The encodings that the library is asked for; it refuses the file, as its bytes deserve."""
    found: list[object] = []

    def read(path: str, encoding: object = None, **more: object) -> None:
        found.append(encoding)
        raise pyreadstat.ReadstatError("no dataset")

    monkeypatch.setattr("pyreadstat.read_sas7bdat", read)
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.sas7bdat").write_bytes(HEAD)
    return found


@pytest.mark.parametrize(("said", "name"), [("utf-8", None), ("latin-1", "ISO8859-1")])
def test_a_comparison(asked: list[object], tmp_path: Path, said: str, name: str | None) -> None:
    with pytest.raises(TableError, match="no dataset"):
        read_table(tmp_path / "old" / "a.sas7bdat", said)
    assert asked == [name]
    with pytest.raises(TableError, match="klingon"):
        read_table(tmp_path / "old" / "a.sas7bdat", "klingon")


def test_a_transfer_leaves_the_encoding_to_the_file(asked: list[object], tmp_path: Path) -> None:
    accept.run(tmp_path / "old", tmp_path / "new", tell=lambda text: None, complain=lambda text: None)
    assert set(asked) == {None}
