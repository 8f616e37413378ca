"""Where `nmf` starts, as scikit-learn does: random numbers of the same seed, or non-negative parts of an SVD.

NNDSVD (Boutsidis and Gallopoulos 2008): of each pair of singular vectors, their positive or their negative parts,
whichever pair is the larger. Its zeros stay zeros ("nndsvd"), or become the mean of y ("nndsvda").
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg

from alsgui.core.ratings import Floats
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.factors import Factors

if TYPE_CHECKING:
    from alsgui.core.solvers.shared_rows import SharedProblem

_SURPLUS, _POWERS = 10, 6
"""Directions beside K, and power iterations, of the randomised SVD (Halko, Martinsson and Tropp 2011)."""

_ZERO = 1e-6
"""Numbers below this are zero in NNDSVD."""


def random(problem: SharedProblem, seed: int, workers: Workers) -> Factors:
    """Absolute normal numbers of the size that makes r about the mean of y: scikit-learn's own draws."""
    del workers
    ratings, k = problem.ratings, problem.config.k
    draw = np.random.RandomState(seed % 2**32).standard_normal
    size = np.sqrt(problem.filled_mean / max(k, 1))
    movies = size * draw((k, ratings.n_movies)).T
    return _factors(problem, size * draw((ratings.n_users, k)), movies)


def nndsvd(problem: SharedProblem, seed: int, workers: Workers) -> Factors:
    """Parts of singular vectors; attributes beyond the rank of y are random."""
    return _parts_of_svd(problem, seed, workers, 0.0)


def nndsvda(problem: SharedProblem, seed: int, workers: Workers) -> Factors:
    """The same with zeros filled by the mean of y."""
    return _parts_of_svd(problem, seed, workers, problem.filled_mean)


STARTS: dict[str, Callable[[SharedProblem, int, Workers], Factors]] = {
    "random": random,
    "nndsvd": nndsvd,
    "nndsvda": nndsvda,
}


def _parts_of_svd(problem: SharedProblem, seed: int, workers: Workers, filling: float) -> Factors:
    users, sizes, movies = _svd(problem, seed, workers)
    beyond = random(problem, seed, workers)
    starts = [np.array(rows, np.float64) for rows in (beyond.users, beyond.movies)]
    for a, size in enumerate(sizes):
        parts = _larger_parts(users[:, a], movies[a])
        for rows, part, own in zip(starts, parts, map(np.linalg.norm, parts), strict=True):
            rows[:, a] = np.sqrt(size * np.prod([np.linalg.norm(each) for each in parts])) * part / (own or 1.0)
            rows[rows[:, a] < _ZERO, a] = filling
    return _factors(problem, *starts)


def _larger_parts(u: Floats, m: Floats) -> tuple[Floats, Floats]:
    """The positive parts of a pair of vectors, or the absolute negative ones where these are the larger."""
    up, down = ((np.maximum(sign * u, 0), np.maximum(sign * m, 0)) for sign in (1, -1))
    sizes = [np.linalg.norm(one) * np.linalg.norm(other) for one, other in (up, down)]
    return up if sizes[0] > sizes[1] else down


def _svd(problem: SharedProblem, seed: int, workers: Workers) -> tuple[Floats, Floats, Floats]:
    """The K largest singular triplets of y, holes filled, or as many as it can have."""
    ratings = problem.ratings
    width = min(problem.config.k + _SURPLUS, ratings.n_users, ratings.n_movies)
    sketch: Floats = np.random.default_rng(seed).standard_normal((ratings.n_movies, width))
    for _ in range(_POWERS):
        axes = _orthonormal(problem.times("u", sketch, workers))
        sketch = _orthonormal(problem.times("m", axes, workers))
    axes = _orthonormal(problem.times("u", sketch, workers))
    turn, sizes, movies = linalg.svd(problem.times("m", axes, workers).T, full_matrices=False)
    k = min(problem.config.k, width)
    return axes @ turn[:, :k], sizes[:k], movies[:k]


def _orthonormal(columns: Floats) -> Floats:
    axes, _ = linalg.qr(columns, mode="economic", check_finite=False)
    return np.ascontiguousarray(axes)


def _factors(problem: SharedProblem, users: Floats, movies: Floats) -> Factors:
    dtype, ratings = problem.config.dtype, problem.ratings
    return Factors(
        np.ascontiguousarray(np.abs(users), dtype),
        np.ascontiguousarray(np.abs(movies), dtype),
        np.zeros(ratings.n_users, dtype),
        np.zeros(ratings.n_movies, dtype),
    )
