"""Settings of every algorithm by name. Light to import: no solver is loaded here."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from alsgui.core.errors import ConfigError
from alsgui.core.solvers.em import EmConfig
from alsgui.core.solvers.implicit import ImplicitConfig
from alsgui.core.solvers.nmf import NmfConfig
from alsgui.core.solvers.nonnegative import NonnegativeConfig
from alsgui.core.solvers.observed import ObservedConfig
from alsgui.core.solvers.ridge import RidgeConfig
from alsgui.core.solvers.settings import MOST_ATTRIBUTES, Config
from alsgui.text import tr

__all__ = [
    "CONFIGS",
    "MOST_ATTRIBUTES",
    "Config",
    "EmConfig",
    "ImplicitConfig",
    "NmfConfig",
    "NonnegativeConfig",
    "ObservedConfig",
    "RidgeConfig",
    "config_from_json",
    "make_config",
]

_KINDS = (ObservedConfig, RidgeConfig, NonnegativeConfig, NmfConfig, ImplicitConfig, EmConfig)

CONFIGS: dict[str, type[Config]] = {config.algorithm: config for config in _KINDS}
"""Every algorithm by name."""


def make_config(algorithm: str = "observed", **settings: Any) -> Config:
    """Settings of one algorithm by name; unknown names and settings are refused with what there is.

    Raises
    ------
    ConfigError
        When the algorithm or a setting does not exist, or a value is out of range.
    """
    if algorithm not in CONFIGS:
        raise ConfigError(
            tr("There is no algorithm {name}.", name=algorithm),
            tr("Use {names}.", names=", ".join(CONFIGS)),
        )
    kind = CONFIGS[algorithm]
    known = {field.name for field in fields(kind)}
    unknown = sorted(set(settings) - known)
    if unknown:
        raise ConfigError(
            tr("{algorithm} has no setting {names}.", algorithm=algorithm, names=", ".join(unknown)),
            tr("It has {names}.", names=", ".join(sorted(known))),
        )
    return kind(**settings)


def config_from_json(values: dict[str, Any]) -> Config:
    """Inverse of `Config.to_json`."""
    settings = dict(values)
    return make_config(settings.pop("algorithm"), **settings)
