"""Sums over stored cells: predictions, squared errors, right-hand sides."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.compiled import compiled_fast
from alsgui.core.solvers.packed import Entries


@compiled_fast
def products(start: int, stop: int, users: Ints, movies: Ints, left: Floats, right: Floats, out: Floats) -> None:
    """Write left[users[q]] . right[movies[q]] into out[q] (float64) for cells start..stop, summed in float64."""
    K = left.shape[1]
    for q in range(start, stop):
        one, other = left[users[q]], right[movies[q]]
        total = 0.0
        for a in range(K):
            total += np.float64(one[a]) * np.float64(other[a])
        out[q] = total


@compiled_fast
def squared_errors(start: int, stop: int, entries: Entries, own: Floats, other: Floats, mu: float) -> float:
    """Sum of (y - mu - own_i . other_j)^2 over the entries of rows start..stop, in float64."""
    W = own.shape[1]
    total = 0.0
    for row in range(start, stop):
        one = own[row]
        for q in range(entries.indptr[row], entries.indptr[row + 1]):
            f = other[entries.indices[q]]
            error = np.float64(entries.values[q]) - mu
            for a in range(W):
                error -= np.float64(one[a]) * np.float64(f[a])
            total += error * error
    return total


@compiled_fast
def weighted_sums(start: int, stop: int, entries: Entries, other: Floats, out: Floats) -> None:
    """Write sum_l v_l f_l over the stored entries of rows start..stop into `out` (rows x W)."""
    W = other.shape[1]
    for row in range(start, stop):
        total = out[row]
        total[:] = 0
        for q in range(entries.indptr[row], entries.indptr[row + 1]):
            value = entries.values[q]
            f = other[entries.indices[q]]
            for a in range(W):
                total[a] += value * f[a]


@compiled_fast
def error_sums(start: int, stop: int, entries: Entries, own: Floats, other: Floats, mu: float, out: Floats) -> float:
    """Write sum_l e_l f_l, e = y - mu - own_i . f, over the entries of rows start..stop into `out` (rows x W).

    Returns the sum of e^2, in float64.
    """
    W = other.shape[1]
    squares = 0.0
    for row in range(start, stop):
        one, total = own[row], out[row]
        total[:] = 0
        for q in range(entries.indptr[row], entries.indptr[row + 1]):
            f = other[entries.indices[q]]
            error = entries.values[q] - mu
            for a in range(W):
                error -= one[a] * f[a]
            squares += np.float64(error) * np.float64(error)
            for a in range(W):
                total[a] += error * f[a]
    return squares
