"""Products of a complete y with a few columns, and the quadratic form of the rows that share one matrix.

BLAS copies y before it multiplies, which costs as much as the K products of each cell. Here 6 rows of y meet 4
attributes at a time in the processor's registers; y stays in float32, and is widened as it is read where the factors
are float64. Attributes come first in every array ("tall": K x rows), so that rows fill the processor's lanes; K is
padded with zeros to whole fours.

The inner loops take flat arrays and unsigned offsets: a slice would cost its count of references, a signed offset the
question whether it counts from the end.
"""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.compiled import compiled_fast, inlined_fast

ROWS, ATTRIBUTES = 6, 4
"""Rows of y and attributes that are multiplied at a time: 24 sums, 6 values and a spare register or two."""

_PANEL = 1024
"""Columns of y at a time: 6 rows of them and 4 attributes stay in the nearest cache."""

LANES = 64
"""Rows that are solved side by side."""


@inlined_fast
def _place(i: int, stop: int, j: int, M: int, at: Ints) -> None:
    """Offsets in y of column j of the six rows from i on, the last one repeated where there are fewer."""
    for c in range(ROWS):
        at[c] = min(i + c, stop - 1) * M + j


@inlined_fast
def _dots(y: Floats, at: Ints, tall: Floats, first: int, M: int, n: int, a: int, i: int, out: Floats) -> None:
    """Add to out[a.., i..] the products of 6 rows of y and 4 of `tall`, n columns each."""
    zero = tall.dtype.type(0)
    r0, r1, r2 = np.uint64(at[0]), np.uint64(at[1]), np.uint64(at[2])
    r3, r4, r5 = np.uint64(at[3]), np.uint64(at[4]), np.uint64(at[5])
    q0, q1 = np.uint64(first), np.uint64(first + M)
    q2, q3 = np.uint64(first + 2 * M), np.uint64(first + 3 * M)
    s00, s01, s02, s03, s04, s05 = zero, zero, zero, zero, zero, zero
    s10, s11, s12, s13, s14, s15 = zero, zero, zero, zero, zero, zero
    s20, s21, s22, s23, s24, s25 = zero, zero, zero, zero, zero, zero
    s30, s31, s32, s33, s34, s35 = zero, zero, zero, zero, zero, zero
    for j in range(np.uint64(n)):
        z0, z1, z2, z3, z4, z5 = y[r0 + j], y[r1 + j], y[r2 + j], y[r3 + j], y[r4 + j], y[r5 + j]
        f0, f1, f2, f3 = tall[q0 + j], tall[q1 + j], tall[q2 + j], tall[q3 + j]
        s00 += z0 * f0
        s01 += z1 * f0
        s02 += z2 * f0
        s03 += z3 * f0
        s04 += z4 * f0
        s05 += z5 * f0
        s10 += z0 * f1
        s11 += z1 * f1
        s12 += z2 * f1
        s13 += z3 * f1
        s14 += z4 * f1
        s15 += z5 * f1
        s20 += z0 * f2
        s21 += z1 * f2
        s22 += z2 * f2
        s23 += z3 * f2
        s24 += z4 * f2
        s25 += z5 * f2
        s30 += z0 * f3
        s31 += z1 * f3
        s32 += z2 * f3
        s33 += z3 * f3
        s34 += z4 * f3
        s35 += z5 * f3
    sums = (
        (s00, s01, s02, s03, s04, s05),
        (s10, s11, s12, s13, s14, s15),
        (s20, s21, s22, s23, s24, s25),
        (s30, s31, s32, s33, s34, s35),
    )
    for d in range(ATTRIBUTES):
        for c in range(ROWS):
            out[a + d, i + c] += sums[d][c]


@compiled_fast
def user_sums(start: int, stop: int, y: Floats, tall: Floats, out: Floats) -> None:
    """Write sum_j y_ij f_j of rows start..stop into `out`.

    Parameters
    ----------
    y
        N x M.
    tall
        The other side, K x M, K whole fours.
    out
        K x rows, the rows rounded up to whole sixes; the surplus columns hold nothing of use.
    """
    K, M = tall.shape
    cells, f, at = y.reshape(-1), tall.reshape(-1), np.empty(ROWS, np.int64)
    out[:, :] = 0
    for i in range(start, stop, ROWS):
        for j in range(0, M, _PANEL):
            _place(i, stop, j, M, at)
            for a in range(0, K, ATTRIBUTES):
                _dots(cells, at, f, a * M + j, M, min(_PANEL, M - j), a, i - start, out)


@inlined_fast
def _spread(y: Floats, at: Ints, u: Floats, a: int, out: Floats, first: int, M: int, n: int) -> None:
    """Add 6 rows of y, n columns each, times their rows of u (6 x K) to attributes a.. a + 3 of `out`."""
    r0, r1, r2 = np.uint64(at[0]), np.uint64(at[1]), np.uint64(at[2])
    r3, r4, r5 = np.uint64(at[3]), np.uint64(at[4]), np.uint64(at[5])
    q0, q1 = np.uint64(first), np.uint64(first + M)
    q2, q3 = np.uint64(first + 2 * M), np.uint64(first + 3 * M)
    w00, w01, w02, w03, w04, w05 = u[0, a], u[1, a], u[2, a], u[3, a], u[4, a], u[5, a]
    a += 1
    w10, w11, w12, w13, w14, w15 = u[0, a], u[1, a], u[2, a], u[3, a], u[4, a], u[5, a]
    a += 1
    w20, w21, w22, w23, w24, w25 = u[0, a], u[1, a], u[2, a], u[3, a], u[4, a], u[5, a]
    a += 1
    w30, w31, w32, w33, w34, w35 = u[0, a], u[1, a], u[2, a], u[3, a], u[4, a], u[5, a]
    for j in range(np.uint64(n)):
        z0, z1, z2, z3, z4, z5 = y[r0 + j], y[r1 + j], y[r2 + j], y[r3 + j], y[r4 + j], y[r5 + j]
        out[q0 + j] += ((w00 * z0 + w01 * z1) + (w02 * z2 + w03 * z3)) + (w04 * z4 + w05 * z5)
        out[q1 + j] += ((w10 * z0 + w11 * z1) + (w12 * z2 + w13 * z3)) + (w14 * z4 + w15 * z5)
        out[q2 + j] += ((w20 * z0 + w21 * z1) + (w22 * z2 + w23 * z3)) + (w24 * z4 + w25 * z5)
        out[q3 + j] += ((w30 * z0 + w31 * z1) + (w32 * z2 + w33 * z3)) + (w34 * z4 + w35 * z5)


@compiled_fast
def movie_shares(start: int, stop: int, y: Floats, users: Floats, k: int, out: Floats) -> None:
    """Add sum_i y_ij u_i over rows start..stop to `out` (K x M, K whole fours); `users` (N x W) holds k attributes."""
    K, M = out.shape
    cells, sums, at = y.reshape(-1), out.reshape(-1), np.empty(ROWS, np.int64)
    u = np.zeros((ROWS, K), out.dtype)
    for j in range(0, M, _PANEL):
        for i in range(start, stop, ROWS):
            _place(i, stop, j, M, at)
            for c in range(ROWS):
                for a in range(k):
                    u[c, a] = users[i + c, a] if i + c < stop else 0
            for a in range(0, K, ATTRIBUTES):
                _spread(cells, at, u, a, sums, a * M + j, M, min(_PANEL, M - j))


@compiled_fast
def lanes_of(rows: Floats, first: int, n: int, x: Floats) -> None:
    """Copy n rows (rows x K) from `first` on into the lanes of x (K x `LANES`)."""
    for c in range(n):
        for a in range(len(x)):
            x[a, c] = rows[first + c, a]


@compiled_fast
def add_product(weights: Floats, x: Floats, n: int, out: Floats) -> None:
    """Add sum_a weights[a] x[a] to the first n lanes of `out`."""
    K = len(weights)
    whole = K // 4 * 4
    for a in range(0, whole, 4):
        w0, w1, w2, w3 = weights[a], weights[a + 1], weights[a + 2], weights[a + 3]
        x0, x1, x2, x3 = x[a], x[a + 1], x[a + 2], x[a + 3]
        for c in range(n):
            out[c] += (w0 * x0[c] + w1 * x1[c]) + (w2 * x2[c] + w3 * x3[c])
    for a in range(whole, K):
        w0, x0 = weights[a], x[a]
        for c in range(n):
            out[c] += w0 * x0[c]


@compiled_fast
def quadratic(gram: Floats, b: Floats, rows: Floats) -> float:
    """Sum over rows of x^T G x - 2 b^T x, in float64: G (K x K) is float64, b is K x rows, `rows` rows x K."""
    K = len(gram)
    x, slope = np.empty((K, LANES)), np.empty(LANES)
    total = 0.0
    for first in range(0, len(rows), LANES):
        n = min(LANES, len(rows) - first)
        lanes_of(rows, first, n, x)
        for a in range(K):
            for c in range(n):
                slope[c] = -2 * np.float64(b[a, first + c])
            add_product(gram[a], x, n, slope)
            for c in range(n):
                total += slope[c] * x[a, c]
    return total
