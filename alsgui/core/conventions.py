"""Presets as the window and the command line offer them: the peers' names, what differs, and settings made of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from alsgui.core.errors import ConfigError
from alsgui.text import tr

Preset = tuple[Callable[..., dict[str, Any]], str]
"""A function that returns keyword arguments of `fit`, and one line that says what differs."""

_NOT_SETTINGS = ("holdout", "split_seed")


def presets() -> Mapping[str, Preset]:
    """Every preset by name."""
    found: Mapping[str, Preset] = import_module("alsgui.presets").PRESETS
    return found


def preset_settings(name: str) -> tuple[str, dict[str, Any]]:
    """The algorithm of a preset and its settings, without those that a person can only give in Python (arrays).

    Raises
    ------
    ConfigError
        When there is no preset of that name.
    """
    known = presets()
    if name not in known:
        raise ConfigError(tr("There is no preset {name}.", name=name), tr("Use {names}.", names=", ".join(known)))
    arguments = known[name][0]()
    algorithm = str(arguments.pop("algorithm", "observed"))
    settings = {key: value for key, value in arguments.items() if key not in _NOT_SETTINGS}
    if not isinstance(settings.get("init", ""), str):
        del settings["init"]
    if settings.get("restarts") == "average":
        from alsgui.core.fitting import AVERAGED

        settings |= {"restarts": AVERAGED, "combine": "average"}
    return algorithm, settings
