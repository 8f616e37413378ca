"""Ratings of MovieLens shape for the programs: power-law activity and popularity, low rank, noise, half stars."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Ints, Ratings, Scale, numbered

SHAPES: dict[str, tuple[int, int, int]] = {
    "100k": (943, 1_682, 100_000),
    "1m": (6_040, 3_706, 1_000_000),
    "25m": (162_541, 59_047, 25_000_000),
}
"""Users, movies and ratings of the MovieLens sets."""

_RANK = 24


def movielens_like(shape: str, seed: int = 0) -> Ratings:
    """Made-up ratings with the size of a MovieLens set; every user and movie has at least one."""
    n_users, n_movies, n_ratings = SHAPES[shape]
    rng = np.random.default_rng(seed)
    users, movies = _cells(rng, n_users, n_movies, n_ratings)
    level = 3.5 + 0.4 * rng.standard_normal(n_users)[users] + 0.45 * rng.standard_normal(n_movies)[movies]
    size = np.sqrt(0.3 * 0.8 ** np.arange(_RANK) / np.sum(0.8 ** np.arange(_RANK)))
    left = (size * rng.standard_normal((n_users, _RANK))).astype(np.float32)
    right = rng.standard_normal((n_movies, _RANK)).astype(np.float32)
    for start in range(0, len(users), 1 << 20):
        part = slice(start, start + (1 << 20))
        level[part] += np.einsum("ij,ij->i", left[users[part]], right[movies[part]])
    level += 0.75 * rng.standard_normal(len(users))
    values = np.clip(np.round(2 * level) / 2, 0.5, 5).astype(np.float32)
    return Ratings.from_indices(
        users, movies, values, numbered(n_users), numbered(n_movies), scale=Scale(0.5, 5, 0.5), name=f"like {shape}"
    )


def _cells(rng: np.random.Generator, n_users: int, n_movies: int, n_ratings: int) -> tuple[Ints, Ints]:
    """Distinct cells, drawn by activity and popularity."""
    activity = np.cumsum(rng.permutation((0.002 * n_users + np.arange(n_users)) ** -0.8))
    popularity = np.cumsum(rng.permutation((0.003 * n_movies + np.arange(n_movies)) ** -1.1))
    keys = np.concatenate(
        [
            np.arange(n_users, dtype=np.int64) * n_movies + rng.integers(n_movies, size=n_users),
            rng.integers(n_users, size=n_movies) * n_movies + np.arange(n_movies, dtype=np.int64),
        ]
    )
    while len(keys) < n_ratings:
        missing = int(1.5 * (n_ratings - len(keys))) + 1000
        row = np.searchsorted(activity, rng.random(missing) * activity[-1])
        column = np.searchsorted(popularity, rng.random(missing) * popularity[-1])
        keys = np.unique(np.concatenate([keys, row.astype(np.int64) * n_movies + column]))
    surplus = len(keys) - n_ratings
    keys = np.delete(keys, rng.choice(len(keys), surplus, replace=False))
    return (keys // n_movies).astype(np.int32), (keys % n_movies).astype(np.int32)
