"""The files that were opened last, remembered between sessions."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from alsgui.core.errors import ExportError
from alsgui.io.atomic import atomic_text
from alsgui.text import tr

MOST_RECENT = 10
FORMAT = 1


@dataclass(frozen=True)
class RecentFile:
    """One file that was opened.

    Parameters
    ----------
    name
        What its data are called.
    path
        Where it is, absolute.
    n_users, n_movies, n_ratings
        What it held.
    opened
        Seconds since 1970.
    """

    name: str
    path: str
    n_users: int
    n_movies: int
    n_ratings: int
    opened: float


def config_folder() -> Path:
    """The user's folder for our settings: XDG, APPDATA or Library; not made yet."""
    if sys.platform == "win32":
        base = os.environ.get("APPDATA") or str(Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Application Support")
    else:
        base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "alsgui"


def load_recent(folder: Path | None = None) -> tuple[RecentFile, ...]:
    """The list, newest first; empty when there is none or it cannot be understood."""
    try:
        stored = json.loads(_list_file(folder).read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            return ()
        return tuple(_entry(entry) for entry in stored["files"][:MOST_RECENT])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ()


def remember(
    name: str,
    path: str | Path,
    n_users: int,
    n_movies: int,
    n_ratings: int,
    *,
    folder: Path | None = None,
    opened: float | None = None,
) -> tuple[RecentFile, ...]:
    """Put a file on top of the list and save it.

    Parameters
    ----------
    name, path, n_users, n_movies, n_ratings
        As in `RecentFile`.
    folder
        Where the list is kept; the user's folder for settings by default.
    opened
        Seconds since 1970; now by default.

    Returns
    -------
    tuple of RecentFile
        The new list.

    Raises
    ------
    ExportError
        When it cannot be saved.
    """
    where = str(Path(path).absolute())
    entry = RecentFile(name, where, n_users, n_movies, n_ratings, time.time() if opened is None else opened)
    others = (known for known in load_recent(folder) if known.path != where)
    return _save((entry, *others), folder)


def forget(path: str | Path, folder: Path | None = None) -> tuple[RecentFile, ...]:
    """Take a file off the list, for instance because it is gone.

    Raises
    ------
    ExportError
        When the list cannot be saved.
    """
    where = str(Path(path).absolute())
    return _save([known for known in load_recent(folder) if known.path != where], folder)


def _save(files: Sequence[RecentFile], folder: Path | None) -> tuple[RecentFile, ...]:
    kept = tuple(files)[:MOST_RECENT]
    target = _list_file(folder)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            tr("{path} cannot be made: {reason}.", path=target.parent, reason=error.strerror),
            tr("Recent files are not remembered until it can."),
        ) from error
    with atomic_text(target) as stream:
        json.dump({"format": FORMAT, "files": [asdict(file) for file in kept]}, stream, indent=1)
    return kept


def _list_file(folder: Path | None) -> Path:
    return (folder or config_folder()) / "recent.json"


def _entry(stored: dict[str, object]) -> RecentFile:
    numbers = {name: int(str(stored[name])) for name in ("n_users", "n_movies", "n_ratings")}
    return RecentFile(
        name=str(stored["name"]), path=str(stored["path"]), opened=float(str(stored["opened"])), **numbers
    )
