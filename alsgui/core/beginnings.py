"""Where a fit begins, what it may go on from, and with which versions of everything."""

from __future__ import annotations

import platform
from dataclasses import replace
from functools import cache
from typing import Any

from alsgui.core.errors import ConfigError
from alsgui.core.model import Model
from alsgui.core.ratings import Floats
from alsgui.core.solvers.factors import Factors, given_start
from alsgui.core.solvers.settings import Config
from alsgui.core.split import Split
from alsgui.text import tr

Start = Factors | Model | tuple[Floats, Floats]
"""Where a fit begins: factors, a model to go on from, or arrays u (K x N) and m (K x M)."""


def checked_start(split: Split, config: Config, start: Start | None) -> Factors | Model | None:
    """The start, refused where it does not fit the ratings or K; None where it is still to be drawn."""
    ratings = split.training
    if start is None:
        return None
    if isinstance(start, tuple):
        return given_start(*start, ratings.n_users, ratings.n_movies, config)
    if isinstance(start, Model) and (start.user_ids, start.movie_ids) != (ratings.user_ids, ratings.movie_ids):
        raise ConfigError(
            tr("The model to go on from has other users or {nouns}.", nouns=ratings.nouns),
            tr("Open the ratings it was fitted to, or start anew."),
        )
    factors = start.factors if isinstance(start, Model) else start
    expected = ((ratings.n_users, config.k), (ratings.n_movies, config.k))
    if (factors.users.shape, factors.movies.shape) != expected:
        raise ConfigError(
            tr("The start has u {a} and m {b}, not K = {k}.", a=factors.users.shape[::-1],
               b=factors.movies.shape[::-1], k=config.k),
            tr("Start from factors of the same users, {nouns} and K.", nouns=ratings.nouns),
        )  # fmt: skip
    return start


def same_loss(one: Config, other: Config) -> bool:
    """Whether two configs minimise the same, however long and from wherever."""
    drivers = (
        "epochs", "tolerance", "patience", "seed", "init", "restarts", "combine", "order", "dtype", "closing",
        "threads", "accelerate", "solver", "cg_steps", "method", "sklearn_tol",
    )  # fmt: skip
    if type(one) is not type(other):
        return False
    return replace(one, **{name: getattr(other, name) for name in drivers if hasattr(other, name)}) == other


def versions() -> dict[str, Any]:
    """Versions of all that decides a fit's bits."""
    return dict(_installed())


@cache
def _installed() -> dict[str, Any]:
    """Read once: every fit asks, and the metadata of each library is a text file of thousands of lines."""
    from importlib.metadata import version

    libraries = {name: version(name) for name in ("alsgui", "numpy", "scipy", "numba")}
    return libraries | {"python": platform.python_version(), "machine": platform.machine()}
