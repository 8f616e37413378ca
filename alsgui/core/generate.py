"""Ratings made up for learning and testing: the chapter's, low rank with known factors, and movie-like."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from inspect import signature
from typing import Any

import numpy as np

from alsgui.core.errors import ConfigError
from alsgui.core.invented import CHARACTERISTIC_MISSING, invented_titles, invented_users
from alsgui.core.ratings import Floats, Ratings, Scale, numbered
from alsgui.text import tr

CHAPTER_USERS, CHAPTER_MOVIES, CHAPTER_K = 50, 200, 2

GENRES = ("Drama", "Comedy", "Thriller", "Action", "Romance", "Sci-Fi", "Horror", "Animation")


def chapter(n_users: int = CHAPTER_USERS, n_movies: int = CHAPTER_MOVIES, seed: int = 0) -> Ratings:
    """The text-book's example: integers 1 to 5, uniform and independent, in every cell."""
    y = np.random.default_rng(seed).integers(1, 6, size=(n_users, n_movies))
    return Ratings.from_dense(y, scale=Scale(1, 5, 1, "given"), name=tr("chapter's example"))


def low_rank(
    n_users: int = 200,
    n_movies: int = 300,
    k: int = 3,
    observed: float = 0.3,
    noise: float = 0.3,
    seed: int = 0,
    scale: Scale | None = None,
) -> Ratings:
    """Low rank plus noise: y = 3.5 + u^T m + noise, a random share observed, clipped and rounded to the scale.

    `low_rank_factors` with the same sizes and seed gives the u and m behind it.

    Parameters
    ----------
    k
        Number of attributes of the truth.
    observed
        Share of the cells that is observed, above 0 to 1. Every user and movie keeps at least one rating.
    noise
        Standard deviation of the noise, in stars.
    scale
        Clips and rounds; None leaves exact values.
    """
    u, m = low_rank_factors(n_users, n_movies, k, seed)
    rng = np.random.default_rng([seed, 1])
    y: Floats = 3.5 + u.T @ m + noise * rng.standard_normal((n_users, n_movies))
    if scale is not None:
        y = _on_scale(y, scale)
    seen = rng.random(y.shape) < observed
    users, movies = np.arange(n_users), np.arange(n_movies)
    seen[users, rng.integers(n_movies, size=n_users)] = True
    seen[rng.integers(n_users, size=n_movies), movies] = True
    return Ratings.from_dense(np.where(seen, y, np.nan), scale=scale, name=tr("low rank, K = {k}", k=k))


def low_rank_factors(n_users: int, n_movies: int, k: int, seed: int = 0) -> tuple[Floats, Floats]:
    """The known u (k x n_users) and m (k x n_movies) behind `low_rank`; u^T m has variance 1."""
    rng = np.random.default_rng([seed, 0])
    size = max(k, 1) ** -0.25
    return size * rng.standard_normal((k, n_users)), size * rng.standard_normal((k, n_movies))


def movies(n_users: int = 400, n_movies: int = 600, density: float = 0.05, seed: int = 0) -> Ratings:
    """A movie-like set: power-law popularity and activity, genres as tastes, readable titles, a table of users.

    Parameters
    ----------
    n_users, n_movies
        Size.
    density
        Share of the cells that is observed, about.
    seed
        Of everything in it.

    Returns
    -------
    Ratings
        On 0.5 to 5 in halves, with titles, genres and `characteristics` (age, region, favourite genre, device: they go
        with taste; 5 % are missing).
    """
    rng = np.random.default_rng(seed)
    n_genres = len(GENRES)
    belongs = rng.dirichlet(np.full(n_genres, 0.25), size=n_movies)
    taste = 1.6 * rng.dirichlet(np.full(n_genres, 0.4), size=n_users) - 0.2
    quality = 0.35 * rng.standard_normal(n_movies)
    kindness = 0.35 * rng.standard_normal(n_users)
    y = 3.0 + kindness[:, None] + quality + 1.6 * taste @ belongs.T + 0.6 * rng.standard_normal((n_users, n_movies))
    interest = _popularity(rng, n_movies, quality) * (0.3 + 2 * taste.clip(0) @ belongs.T)
    activity = rng.permutation((1.0 + np.arange(n_users)) ** -0.6)
    chance = activity[:, None] * interest
    seen = rng.random(y.shape) < np.minimum(chance * (density * y.size / chance.sum()), 0.95)
    users = np.arange(n_users)
    seen[users, rng.integers(n_movies, size=n_users)] = True
    seen[rng.integers(n_users, size=n_movies), np.arange(n_movies)] = True
    genres = ["|".join(GENRES[g] for g in np.argsort(-row)[: 1 + (row.max() < 0.7)]) for row in belongs]
    return Ratings.from_dense(
        np.where(seen, _on_scale(y, Scale(0.5, 5, 0.5)), np.nan),
        user_ids=numbered(n_users),
        scale=Scale(0.5, 5, 0.5, "given"),
        titles=tuple(invented_titles(rng, [genre.split("|")[0] for genre in genres])),
        genres=tuple(genres),
        characteristics=invented_users(rng, taste, GENRES, CHARACTERISTIC_MISSING),
        name=tr("invented movies"),
    )


def exercise(y: Sequence[Sequence[float | None]] = ((5, 4, 1), (4, 5, 1), (1, 2, 5), (2, 1, 4))) -> Ratings:
    """The chapter's exercise by hand, or another small matrix written out by rows; None is a hole."""
    cells = np.array([[np.nan if cell is None else cell for cell in row] for row in y], dtype=float)
    return Ratings.from_dense(cells, name=tr("exercise"))


KINDS: dict[str, Callable[..., Ratings]] = {
    "chapter": chapter,
    "low_rank": low_rank,
    "movies": movies,
    "exercise": exercise,
}

RANGES: dict[str, tuple[float, float]] = {
    "n_users": (1, 1_000_000),
    "n_movies": (1, 1_000_000),
    "k": (0, 512),
    "observed": (1e-6, 1),
    "density": (1e-6, 0.5),
    "noise": (0, 1e6),
    "seed": (0, 2**63 - 1),
}
"""What settings of every kind may be."""


def generate(kind: str = "chapter", **settings: Any) -> Ratings:
    """Make up ratings: `kind` is "chapter", "low_rank", "movies" or "exercise"; see its function for settings.

    Raises
    ------
    ConfigError
        When the kind or a setting does not exist, or a setting is out of range.
    """
    if kind not in KINDS:
        raise ConfigError(tr("There is no kind {kind}.", kind=kind), tr("Use {kinds}.", kinds=", ".join(KINDS)))
    known = signature(KINDS[kind]).parameters
    for name, value in settings.items():
        if name not in known:
            raise ConfigError(
                tr("{kind} has no setting {name}.", kind=kind, name=name), tr("It has {names}.", names=", ".join(known))
            )
        if name in RANGES:
            _refuse_outside(name, value, *RANGES[name])
    return KINDS[kind](**settings)


def _refuse_outside(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ConfigError(
            tr("{name} is {value}.", name=name, value=value), tr("Use {low:g} to {high:g}.", low=low, high=high)
        )


def _on_scale(y: Floats, scale: Scale) -> Floats:
    steps = np.round((y - scale.minimum) / scale.step)
    return np.clip(scale.minimum + scale.step * steps, scale.minimum, scale.maximum)


def _popularity(rng: np.random.Generator, n_movies: int, quality: Floats) -> Floats:
    """Power law over rank; better movies tend to be seen more."""
    order = np.argsort(-(quality + 0.5 * rng.standard_normal(n_movies)))
    popularity = np.empty(n_movies)
    popularity[order] = (1.0 + np.arange(n_movies)) ** -0.8
    return popularity
