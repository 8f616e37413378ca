"""Where a fit starts, by name. The order of the draws and the generator (PCG64) are part of the format of a seed.

normal
    Factors of variance 1/K, so that a first prediction has variance 1.
uniform
    Non-negative, uniform, sized so that a first prediction has the mean of the ratings.
small
    Uniform on 0 to 0.01, as the `implicit` package begins.
unit
    Rows of length 1 in random directions, as Spark begins.
means
    The first attribute of every movie is its mean rating, the others are small (Zhou et al. 2008).
svd
    Singular vectors of the ratings less mean and damped biases, holes as zero, by a randomised range finder with half
    a power iteration (Halko, Martinsson and Tropp 2011); singular values to the power 1/4 on each side.
orthonormal
    u orthonormal, m zero, as softImpute begins.

`nmf` has starts of its own (`nmf_starts`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.entry_rows import damped_biases
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.kernels.cells import weighted_sums
from alsgui.core.solvers.packed import Entries
from alsgui.core.solvers.problem import Problem
from alsgui.core.solvers.settings import Config

_DAMPING = 5.0
"""Ratings of zero that a row's bias is averaged with in the svd start."""

_SURPLUS = 8
"""Directions that the range finder takes beside K."""


def start(problem: Problem, seed: int, workers: Workers) -> Factors:
    """The start that the problem's settings name, from a seed."""
    own = problem.own_start(seed, workers)
    return _STARTS[problem.config.init](problem, np.random.default_rng(seed), workers) if own is None else own


def _normal(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    del workers
    size = 1.0 / np.sqrt(max(problem.config.k, 1))
    return _drawn(problem.ratings, problem.config, lambda shape: size * rng.standard_normal(shape))


def _uniform(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    del workers
    top = 2 * np.sqrt(max(problem.ratings.mean, 0.0) / max(problem.config.k, 1)) or 1.0
    return _drawn(problem.ratings, problem.config, lambda shape: top * rng.random(shape))


def _small(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    del workers
    return _drawn(problem.ratings, problem.config, lambda shape: 0.01 * rng.random(shape))


def _unit(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    del workers

    def rows(shape: tuple[int, int]) -> Floats:
        drawn = rng.standard_normal(shape)
        return np.asarray(drawn / np.maximum(np.linalg.norm(drawn, axis=1, keepdims=True), 1e-12))

    return _drawn(problem.ratings, problem.config, rows)


def _means(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    del workers
    factors = _drawn(problem.ratings, problem.config, lambda shape: 0.1 * rng.random(shape))
    movies = factors.movies.copy()
    movies[:, :1] = (np.nan_to_num(problem.ratings.movie_means) - problem.mu)[:, None]
    return replace(factors, movies=movies)


def _orthonormal(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    del workers
    ratings, k = problem.ratings, problem.config.k
    axes = np.zeros((ratings.n_users, k))
    rank = min(k, ratings.n_users)
    axes[:, :rank] = linalg.qr(rng.standard_normal((ratings.n_users, rank)), mode="economic")[0]
    return _factors(problem.config, axes, np.zeros((ratings.n_movies, k)))


def _svd(problem: Problem, rng: np.random.Generator, workers: Workers) -> Factors:
    errors, b, c = _centred(problem)
    left, values, right = _singular(problem, errors, rng, workers)
    size = np.sqrt(np.sqrt(values))
    factors = _factors(problem.config, left * size, right * size)
    return replace(factors, user_bias=b.astype(problem.config.dtype), movie_bias=c.astype(problem.config.dtype))


_STARTS: dict[str, Callable[[Problem, np.random.Generator, Workers], Factors]] = {
    "normal": _normal,
    "uniform": _uniform,
    "small": _small,
    "unit": _unit,
    "means": _means,
    "svd": _svd,
    "orthonormal": _orthonormal,
}


def _drawn(ratings: Ratings, config: Config, draw: Callable[[tuple[int, int]], Floats]) -> Factors:
    movies = draw((ratings.n_movies, config.k))
    return _factors(config, draw((ratings.n_users, config.k)), movies)


def _factors(config: Config, users: Floats, movies: Floats) -> Factors:
    dtype = config.dtype
    return Factors(users.astype(dtype), movies.astype(dtype), np.zeros(len(users), dtype), np.zeros(len(movies), dtype))


def _centred(problem: Problem) -> tuple[Floats, Floats, Floats]:
    """The signal (in the order of `csr.data`, float32) less damped biases, and these: b (N), c (M)."""
    ratings, errors = problem.ratings, problem.signal()
    if not problem.layout.biases:
        return errors, np.zeros(ratings.n_users), np.zeros(ratings.n_movies)
    b, c = damped_biases(ratings, problem.mu, _DAMPING)
    errors -= c.astype(np.float32)[ratings.csr.indices]
    errors -= np.repeat(b.astype(np.float32), ratings.user_counts)
    return errors, b, c


def _singular(
    problem: Problem, values: Floats, rng: np.random.Generator, workers: Workers
) -> tuple[Floats, Floats, Floats]:
    """Leading singular vectors (N x K and M x K) and values (K) of a matrix given in the order of `csr.data`.

    Where it has less than K, the rest is zero.
    """
    ratings, k = problem.ratings, problem.config.k
    by_movie = sparse.csr_array((values, ratings.csr.indices, ratings.csr.indptr), ratings.csr.shape).tocsc().data
    width = min(k + _SURPLUS, ratings.n_users, ratings.n_movies)
    drawn = rng.standard_normal((ratings.n_users, width)).astype(np.float32)
    sketch = _times(problem, "m", by_movie, drawn, workers)
    axes, _ = linalg.qr(_times(problem, "u", values, sketch, workers), mode="economic", check_finite=False)
    across = _times(problem, "m", by_movie, np.ascontiguousarray(axes), workers)
    turn, found, vectors = linalg.svd(across.T, full_matrices=False, check_finite=False)
    rank = min(k, width)
    left, size, right = np.zeros((ratings.n_users, k)), np.zeros(k), np.zeros((ratings.n_movies, k))
    left[:, :rank], size[:rank], right[:, :rank] = axes @ turn[:, :rank], found[:rank], vectors[:rank].T
    return left, size, right


def _times(problem: Problem, side: Side, values: npt.NDArray[Any], rows: Floats, workers: Workers) -> Floats:
    """Sum over each row's entries of value times a row of the other side (rows x width)."""
    indptr, indices, _ = problem.entries[side]
    if not problem.compiled:
        return np.asarray(sparse.csr_array((values, indices, indptr), (len(indptr) - 1, len(rows))) @ rows)
    values.setflags(write=False)
    rows.setflags(write=False)
    entries = Entries(indptr, indices, values)
    out = np.empty((len(indptr) - 1, rows.shape[1]), rows.dtype)

    def block(start: int, stop: int) -> None:
        weighted_sums(start, stop, entries, rows, out)

    for _ in workers.run(block, problem.blocks(side, rows.shape[1] + 4.0, rows.shape[1])):
        pass
    return out
