"""How each file was opened last, remembered between sessions: the options that a person set, and nothing secret."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alsgui.core.errors import AlsguiError, ExportError
from alsgui.io.atomic import atomic_text
from alsgui.io.options import as_given, given_as_json
from alsgui.io.recent import config_folder
from alsgui.io.sources.postgres import address_of, without_password
from alsgui.io.sources.rows import is_connection
from alsgui.text import tr

FORMAT = 1
MOST_FILES = 200


def remembered_options(path: str | Path, folder: Path | None = None) -> dict[str, Any]:
    """What a person set when this file was opened last: `given` for `look`; {} where nothing is known."""
    found = _stored(folder).get(_key(path), {})
    try:
        return as_given(found)
    except (AlsguiError, TypeError, ValueError):
        return {}


def remember_options(path: str | Path, given: Mapping[str, Any], folder: Path | None = None) -> None:
    """Remember what a person set for a file, newest first.

    Raises
    ------
    ExportError
        When it cannot be saved.
    """
    target = (folder or config_folder()) / "imports.json"
    others = {name: options for name, options in _stored(folder).items() if name != _key(path)}
    files = dict(list({_key(path): given_as_json(given), **others}.items())[:MOST_FILES])
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            tr("{path} cannot be made: {reason}.", path=target.parent, reason=error.strerror),
            tr("Settings of imports are not remembered until it can."),
        ) from error
    with atomic_text(target) as stream:
        json.dump({"format": FORMAT, "files": files}, stream, indent=1)


def _key(path: str | Path) -> str:
    text = str(path)
    return without_password(address_of(text)) if is_connection(text) else str(Path(path).absolute())


def _stored(folder: Path | None) -> dict[str, Any]:
    try:
        stored = json.loads(((folder or config_folder()) / "imports.json").read_text(encoding="utf-8"))
        if stored["format"] != FORMAT:
            return {}
        return {name: dict(options) for name, options in stored["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
