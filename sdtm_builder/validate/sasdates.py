"""SAS dates, times and datetimes: which of them a format shows, and their values as ISO 8601."""

from __future__ import annotations

import re

import numpy as np

EPOCH = 3653
"""SAS date of 1970-01-01."""
DAY = 86_400
_KINDS = (
    ("datetime", re.compile(r"(DATETIME|E8601DT|E8601DZ|B8601DT|DATEAMPM|MDYAMPM|IS8601DT)")),
    ("time", re.compile(r"(TIME|E8601TM|B8601TM|HHMM|HOUR|TOD|MMSS|IS8601TM)")),
    ("date", re.compile(
        r"(DATE|E8601DA|B8601DA|YYMMDD|DDMMYY|MMDDYY|JULIAN|JULDAY|WORDDAT|WEEKDAT|MONYY|YYMON|IS8601DA|NLDATE)")),
)  # fmt: skip


def date_kind(format: str) -> str:
    """What a SAS format shows: date, time, datetime, or "" for anything else."""
    name = format.upper().lstrip("$")
    return next((kind for kind, pattern in _KINDS if pattern.match(name)), "")


def iso_text(value: float, kind: str) -> str:
    """A SAS date (days), datetime or time (seconds) as ISO 8601; "" if missing, the number if it is out of range."""
    if np.isnan(value):
        return ""
    if kind == "time":
        seconds = int(value)
        return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    days = value if kind == "date" else value / DAY
    if not -138_061 <= days < 6_589_336:  # 1582 to 20000, what SAS itself takes as dates
        return f"{value:g}"
    if kind == "date":
        return str(np.datetime64(int(np.floor(value)) - EPOCH, "D"))
    return str(np.datetime64(int(value) - EPOCH * DAY, "s"))
