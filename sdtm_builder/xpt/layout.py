"""What a SAS version 5 transport file is made of: its columns, header records and variable descriptors (TS-140)."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

ENCODINGS = ("ascii", "utf-8")
RECORD = 80
NAMESTR_SIZE = 140
MAX_NAME, MAX_LABEL, MAX_CHAR, MAX_VARIABLES = 8, 40, 200, 9999

SAS_VERSION = "9.4"
SAS_OS = "PYTHON"

LIBRARY_HEADER = b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!"
LIBRARY_HEADER_V8 = b"HEADER RECORD*******LIBV8   HEADER RECORD!!!!!!!"
MEMBER_HEADER = b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!"
DSCRPTR_HEADER = b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!"
NAMESTR_HEADER = b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!"
OBS_HEADER = b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!"

NAMESTR = np.dtype([
    ("ntype", ">i2"), ("nhfun", ">i2"), ("nlng", ">i2"), ("nvar0", ">i2"), ("nname", "V8"), ("nlabel", "V40"),
    ("nform", "V8"), ("nfl", ">i2"), ("nfd", ">i2"), ("nfj", ">i2"), ("nfill", "V2"), ("niform", "V8"),
    ("nifl", ">i2"), ("nifd", ">i2"), ("npos", ">i4"), ("rest", "V52"),
])

_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}", re.ASCII)
_FORMAT = re.compile(r"(?P<name>\$?(?:[A-Z_][A-Z0-9_]*)?(?<![0-9]))(?P<width>[0-9]{1,5})?\.(?P<decimals>[0-9]{1,2})?",
                     re.ASCII)
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_TIMESTAMP = re.compile(rb"(\d\d)([A-Z]{3})(\d\d):(\d\d):(\d\d):(\d\d)")


@dataclass(frozen=True, eq=False)
class XptColumn:
    """One variable of a transport file, whole.

    name: 1 to 8 of A-Z, 0-9, _, no leading digit.  label: at most 40 bytes.  type: `Char` or `Num`.
    length: bytes, 1 to 200 for Char; 8 for Num (the reader also meets 2 to 7).
    format: a SAS format with its full stop, as `DATE9.`, `E8601DA.`, `8.2`, `$CHAR20.`; empty for none.
    numbers: float64, NaN = missing (Num).
    codes: int32 places in `texts`, -1 = missing; texts: the distinct values (Char).
    """

    name: str
    label: str
    type: Literal["Char", "Num"]
    length: int
    format: str = ""
    numbers: npt.NDArray[np.float64] | None = None
    codes: npt.NDArray[np.int32] | None = None
    texts: npt.NDArray[Any] | Sequence[str] | None = None

    @property
    def records(self) -> int:
        """The number of records."""
        values = self.numbers if self.type == "Num" else self.codes
        if values is None:
            raise ValueError(f"variable {self.name}: a {self.type} column came without its values")
        return len(values)

    def values(self) -> list[Any]:
        """The values one by one, None where missing; for small data and tests."""
        if self.type == "Num":
            assert self.numbers is not None
            return [None if value != value else value for value in self.numbers.tolist()]
        assert self.codes is not None
        assert self.texts is not None
        return [None if code < 0 else self.texts[code] for code in self.codes.tolist()]


def is_xpt_name(name: str) -> bool:
    """Whether a dataset or variable name keeps the version 5 rule."""
    return _NAME.fullmatch(name) is not None


@dataclass(frozen=True)
class SasFormat:
    """A SAS format taken apart: `DATE9.` is DATE, 9, 0; `8.2` has an empty name."""

    name: str
    width: int
    decimals: int

    def __str__(self) -> str:
        if not self.name and not self.width:
            return ""
        return f"{self.name}{self.width or ''}.{self.decimals or ''}"


def parse_format(text: str) -> SasFormat | None:
    """Take a SAS format apart.  Returns None where the text is no format that a version 5 file can hold.

    A format's name has at most 8 characters (`$` counted) and never ends in a digit, so trailing digits are the
    width; widths end at 32767, decimals at 31 and never reach the width.
    """
    if not text:
        return SasFormat("", 0, 0)
    match = _FORMAT.fullmatch(text)
    if match is None:
        return None
    name, width, decimals = match["name"], int(match["width"] or 0), int(match["decimals"] or 0)
    if (not name and not width) or len(name) > MAX_NAME or width > 32767 or decimals > 31:
        return None
    if decimals and decimals >= width:
        return None
    return SasFormat(name, width, decimals)


def format_timestamp(moment: datetime) -> bytes:
    """A moment as ddMMMyy:hh:mm:ss, with English months whatever the locale."""
    return (f"{moment.day:02d}{_MONTHS[moment.month - 1]}{moment.year % 100:02d}"
            f":{moment.hour:02d}:{moment.minute:02d}:{moment.second:02d}").encode("ascii")


def parse_timestamp(text: bytes) -> datetime | None:
    """A header's moment; its two-digit year lies in 1960 to 2059.  None where it is blank or no moment."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None or match[2].decode("ascii") not in _MONTHS:
        return None
    year = int(match[3])
    try:
        return datetime(year + (1900 if year >= 60 else 2000), _MONTHS.index(match[2].decode("ascii")) + 1,
                        int(match[1]), int(match[4]), int(match[5]), int(match[6]))
    except ValueError:
        return None
