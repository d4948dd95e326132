"""The one error handler: interrupts, faults of the machine and bugs become exit statuses, without a traceback."""

from __future__ import annotations

import errno
import os
import platform
import signal
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import NoReturn

from .. import __version__

UNUSABLE, BUG, INTERRUPTED, NO_READER = 2, 3, 130, 141
LOG_VARIABLE = "SDTM_BUILDER_LOG"
MACHINE = frozenset({
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOENT, errno.ENOTDIR, errno.EISDIR,
    errno.EEXIST, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENAMETOOLONG, errno.ELOOP, errno.ENOTEMPTY, errno.EBUSY,
    errno.EFBIG,
})  # fmt: skip
"""Errors of the file system that are no fault of this program."""


def guarded(action: Callable[[], int], arguments: Sequence[str] = ()) -> int:
    """Run a command and give its exit status, whatever happens in it.

    Parameters
    ----------
    action : the command; returns its own status
    arguments : those of the command line, for the log of a bug

    Returns
    -------
    The command's status; 2 where the file system refuses a file (full, read-only, no permission, absent); 3 for a bug,
    its traceback in a log file that is named on stderr; 130 after Ctrl-C or SIGTERM; 141 where nobody reads stdout.
    """
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        status = action()
        sys.stdout.flush()
        return status
    except KeyboardInterrupt:
        _complain("Interrupted; nothing was published, the last good output is as it was.")
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    except OSError as error:
        if error.errno not in MACHINE:
            return _bug(error, arguments)
        where = f"{error.filename}: " if error.filename else ""
        _complain(f"{where}{error.strerror}.")
        return UNUSABLE
    except Exception as error:  # the last resort: it is told, logged and ends the run
        return _bug(error, arguments)
    finally:
        signal.signal(signal.SIGTERM, before)


def leave(status: int) -> NoReturn:
    """End the process with this status at once.

    After an interrupt Python may end itself by the signal instead (it does where the interrupt met a text that was
    being executed, as the standard library does to make classes); shells see 130 then too, other callers don't.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _bug(error: Exception, arguments: Sequence[str]) -> int:
    text = "".join(traceback.format_exception(error))
    path = write_log(text, arguments, datetime.now(UTC))
    _complain(f"This is a bug of sdtm-builder ({type(error).__name__}); nothing was published.")
    _complain(f"What happened is in {path}; please send it with your report." if path else text)
    return BUG


def write_log(text: str, arguments: Sequence[str], now: datetime) -> Path | None:
    """Write the log of a bug into the first folder that takes it; None where none does."""
    head = [
        f"sdtm-builder {__version__}, Python {platform.python_version()}, {platform.platform()}",
        f"{now.isoformat(timespec='seconds')} {list(arguments)}",
    ]
    for folder in (log_folder(), Path(tempfile.gettempdir())):
        path = folder / f"error-{now:%Y%m%dT%H%M%S}-{os.getpid()}.log"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join([*head, "", text]), encoding="utf-8", errors="backslashreplace")
        except OSError:
            continue
        return path
    return None


def log_folder() -> Path:
    """Where logs of bugs go: SDTM_BUILDER_LOG, else the user's state folder (XDG)."""
    named = os.environ.get(LOG_VARIABLE)
    if named:
        return Path(named).expanduser()
    state = os.environ.get("XDG_STATE_HOME", "")
    base = Path(state) if state and Path(state).is_absolute() else Path.home() / ".local" / "state"
    return base / "sdtm-builder"


def _complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
