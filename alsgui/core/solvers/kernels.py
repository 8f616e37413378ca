"""Compiled row solvers. All release the GIL, write only their own rows, and add up in one fixed order.

Arithmetic is in float64 whatever the factors are stored in, so that a row of 60,000 float32 ratings loses
nothing.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba import njit

from alsgui.core.ratings import Floats, Ints

SOLVED = -1
"""What a kernel returns when every row of the block has an answer; else the row that has none."""

_UNROLL = 4
_SINGULAR = 1e-11


def _compiled(kernel: Callable[..., Any]) -> Any:
    """Compile with the code kept on disk: beside the source, in the person's own cache, or for this run only."""
    try:
        return njit(nogil=True, cache=True)(kernel)
    except RuntimeError:
        # Neither folder can be written, which numba takes for an error. Children of this process look here, too.
        folder = tempfile.mkdtemp(prefix="alsgui-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ["NUMBA_CACHE_DIR"] = folder
        numba.config.reload_config()  # type: ignore[no-untyped-call]
        return njit(nogil=True, cache=True)(kernel)


@_compiled
def cholesky_solve(A: Floats, b: Floats) -> bool:
    """Solve A x = b in place of `b` by Cholesky, using and overwriting the lower triangle of A (P x P).

    Returns False, leaving `b` undefined, when a pivot vanishes beside its diagonal: A is singular.
    """
    P = b.shape[0]
    for a in range(P):
        pivot = A[a, a]
        floor = _SINGULAR * pivot
        for d in range(a):
            pivot -= A[a, d] * A[a, d]
        if not pivot > floor:
            return False
        root = np.sqrt(pivot)
        A[a, a] = root
        for e in range(a + 1, P):
            value = A[e, a]
            for d in range(a):
                value -= A[e, d] * A[a, d]
            A[e, a] = value / root
    for a in range(P):
        value = b[a]
        for d in range(a):
            value -= A[a, d] * b[d]
        b[a] = value / A[a, a]
    for a in range(P - 1, -1, -1):
        value = b[a]
        for d in range(a + 1, P):
            value -= A[d, a] * b[d]
        b[a] = value / A[a, a]
    return True


@_compiled
def _add_ratings(
    A: Floats,
    b: Floats,
    F: Floats,
    columns: Ints,
    values: Floats,
    other: Floats,
    other_bias: Floats,
    mu: float,
) -> None:
    """Add f f^T to the lower triangle of A and e f to b for every rating of one row.

    Four ratings share each pass over A, which is what the row costs.
    """
    K = other.shape[1]
    P = b.shape[0]
    for chunk in range(0, len(columns), _UNROLL):
        n = min(_UNROLL, len(columns) - chunk)
        for q in range(n):
            column = columns[chunk + q]
            error = np.float64(values[chunk + q]) - mu - other_bias[column]
            for a in range(K):
                F[q, a] = other[column, a]
            if P > K:
                F[q, K] = 1.0
            for a in range(P):
                b[a] += error * F[q, a]
        for q in range(n, _UNROLL):
            F[q, :] = 0.0
        for a in range(P):
            f0, f1, f2, f3 = F[0, a], F[1, a], F[2, a], F[3, a]
            for d in range(a + 1):
                A[a, d] += (f0 * F[0, d] + f1 * F[1, d]) + (f2 * F[2, d] + f3 * F[3, d])


@_compiled
def solve_observed_rows(
    start: int,
    stop: int,
    indptr: Ints,
    indices: Ints,
    values: Floats,
    other: Floats,
    other_bias: Floats,
    mu: float,
    ridge: Floats,
    lambda_bias: float,
    with_bias: bool,
    out: Floats,
    out_bias: Floats,
) -> int:
    """Solve rows start..stop over their observed entries: A x = b, A = sum f f^T + Lambda, b = sum e f.

    f is a column of the other side with a 1 for the row's own bias; e = y - mu - the other side's bias.

    Parameters
    ----------
    indptr, indices, values
        Compressed rows of y: ratings in stars.
    other, other_bias
        Factors (rows x K) and biases of the other side.
    ridge
        lambda n^p of every row (n its count), float64.
    out, out_bias
        Receive the rows' factors and biases. A row without ratings gets zeros.

    Returns
    -------
    int
        `SOLVED`, or the first row whose equations are singular.
    """
    K = other.shape[1]
    P = K + 1 if with_bias else K
    A = np.empty((P, P))
    b = np.empty(P)
    F = np.zeros((_UNROLL, P))
    for row in range(start, stop):
        first, last = indptr[row], indptr[row + 1]
        if first == last:
            out[row, :] = 0
            out_bias[row] = 0
            continue
        A[:, :] = 0.0
        b[:] = 0.0
        _add_ratings(A, b, F, indices[first:last], values[first:last], other, other_bias, mu)
        for a in range(K):
            A[a, a] += ridge[row]
        if with_bias:
            A[K, K] += lambda_bias
        if not cholesky_solve(A, b):
            return row
        for a in range(K):
            out[row, a] = b[a]
        out_bias[row] = b[K] if with_bias else 0.0
    return SOLVED


@_compiled
def weighted_sums(
    start: int, stop: int, indptr: Ints, indices: Ints, values: Floats, other: Floats, out: Floats
) -> int:
    """Write sum_l v_l f_l over the stored entries of rows start..stop into `out` (rows x K, float64)."""
    K = other.shape[1]
    for row in range(start, stop):
        for a in range(K):
            out[row, a] = 0.0
        for entry in range(indptr[row], indptr[row + 1]):
            value = np.float64(values[entry])
            column = indices[entry]
            for a in range(K):
                out[row, a] += value * other[column, a]
    return SOLVED


@_compiled
def squared_errors(
    start: int,
    stop: int,
    indptr: Ints,
    indices: Ints,
    values: Floats,
    users: Floats,
    user_bias: Floats,
    movies: Floats,
    movie_bias: Floats,
    mu: float,
) -> float:
    """Sum of (y - mu - b_i - c_j - u_i^T m_j)^2 over the ratings of users start..stop, in float64."""
    K = users.shape[1]
    total = 0.0
    for row in range(start, stop):
        level = mu + np.float64(user_bias[row])
        for entry in range(indptr[row], indptr[row + 1]):
            column = indices[entry]
            predicted = level + movie_bias[column]
            for a in range(K):
                predicted += np.float64(users[row, a]) * movies[column, a]
            error = values[entry] - predicted
            total += error * error
    return total
