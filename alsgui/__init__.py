"""alsgui: explore recommenders by matrix factorisation.

>>> import alsgui
>>> ratings = alsgui.generate("chapter")
>>> model = alsgui.fit(ratings, "ridge", k=2)
>>> model.recommend(ratings.user_ids[0], n_top=6).titles

Names are loaded when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Ratings": "alsgui.core.ratings",
    "Model": "alsgui.core.model",
    "Split": "alsgui.core.split",
    "split": "alsgui.core.split",
    "given_holdout": "alsgui.core.given_holdout",
    "known_after": "alsgui.core.known_after",
    "ObservedConfig": "alsgui.core.solvers.config",
    "NonnegativeConfig": "alsgui.core.solvers.config",
    "ImplicitConfig": "alsgui.core.solvers.config",
    "RidgeConfig": "alsgui.core.solvers.config",
    "generate": "alsgui.core.generate",
    "fit": "alsgui.core.fitting",
    "iter_fit": "alsgui.core.training",
    "AlsguiError": "alsgui.core.errors",
    "DataError": "alsgui.core.errors",
    "ConfigError": "alsgui.core.errors",
    "NumericalError": "alsgui.core.errors",
    "ExportError": "alsgui.core.errors",
    "read_ratings": "alsgui.io.reading",
    "swapped": "alsgui.io.reading",
    "open_sample": "alsgui.io.samples",
    "save_model": "alsgui.io.model_file",
    "load_model": "alsgui.io.model_file",
    "Person": "alsgui.core.people",
    "Filters": "alsgui.core.recommend",
    "for_person": "alsgui.core.recommend",
    "explain": "alsgui.core.explain",
    "export_lists": "alsgui.io.export_lists",
    "export_split": "alsgui.io.export_split",
}

__all__ = [  # noqa: RUF022 - in the order of _HOMES
    "__version__",
    "Ratings",
    "Model",
    "Split",
    "split",
    "given_holdout",
    "known_after",
    "ObservedConfig",
    "NonnegativeConfig",
    "ImplicitConfig",
    "RidgeConfig",
    "presets",
    "generate",
    "fit",
    "iter_fit",
    "AlsguiError",
    "DataError",
    "ConfigError",
    "NumericalError",
    "ExportError",
    "read_ratings",
    "swapped",
    "open_sample",
    "save_model",
    "load_model",
    "Person",
    "Filters",
    "for_person",
    "explain",
    "export_lists",
    "export_split",
]

if TYPE_CHECKING:
    from alsgui import presets
    from alsgui.core.errors import AlsguiError, ConfigError, DataError, ExportError, NumericalError
    from alsgui.core.explain import explain
    from alsgui.core.fitting import fit
    from alsgui.core.generate import generate
    from alsgui.core.given_holdout import given_holdout
    from alsgui.core.known_after import known_after
    from alsgui.core.model import Model
    from alsgui.core.people import Person
    from alsgui.core.ratings import Ratings
    from alsgui.core.recommend import Filters, for_person
    from alsgui.core.solvers.config import ImplicitConfig, NonnegativeConfig, ObservedConfig, RidgeConfig
    from alsgui.core.split import Split, split
    from alsgui.core.training import iter_fit
    from alsgui.io.export_lists import export_lists
    from alsgui.io.export_split import export_split
    from alsgui.io.model_file import load_model, save_model
    from alsgui.io.reading import read_ratings
    from alsgui.io.samples import open_sample


def __getattr__(name: str) -> Any:
    if name == "presets":
        return import_module("alsgui.presets")
    if name not in _HOMES:
        raise AttributeError(f"module 'alsgui' has no attribute {name!r}")
    value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
