"""Rows with a matrix of their own: min x^T A x - 2 b^T x with A = G + sum w f f^T + Lambda and b = sum v f.

Sums go over the entries of the row. Rows are packed (see `packed`): f and x hold K factors, the two bias columns, and
zeros up to the width W, so that one product of rows is the whole prediction less mu. Columns that a side does not solve
for are held by `Ridge.free`. The objective costs nothing: the first residual gives it at the old x, and each step says
by how much it falls.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.cholesky import factorise, substitute
from alsgui.core.solvers.kernels.compiled import SOLVED, compiled_fast
from alsgui.core.solvers.packed import Entries

_PANEL = 256
"""Rows of the other side that are multiplied at a time: they stay in the cache."""


class Law(NamedTuple):
    """What a value z says: weight w = slope |z| + base; pull v = up z + lift, or below z + sink where z < 0."""

    slope: Any
    base: Any
    up: Any
    lift: Any
    below: Any
    sink: Any


class Ridge(NamedTuple):
    """Row i pays rows[i] scaled[a] + plain[a] on column a; free is 1 where a column is solved for, else 0."""

    rows: Floats
    scaled: Floats
    plain: Floats
    free: Floats


@compiled_fast
def _gather(first: int, n: int, entries: Entries, law: Law, other: Floats, F: Floats, v: Floats, w: Floats) -> None:
    """Copy the n rows of the other side behind a row's entries, with their pulls and weights; zeros up to four more."""
    W = other.shape[1]
    for q in range(n):
        f, source = F[q], other[entries.indices[first + q]]
        for a in range(W):
            f[a] = source[a]
        z = entries.values[first + q]
        v[q] = law.up * z + law.lift if z >= 0 else law.below * z + law.sink
        w[q] = law.slope * abs(z) + law.base
    for q in range(n, (n + 3) // 4 * 4):
        F[q, :] = 0
        v[q] = 0
        w[q] = 0


@compiled_fast
def _pull(F: Floats, n: int, x: Floats, v: Floats, w: Floats, g: Floats) -> float:
    """g = sum (v - w f.x) f over n gathered rows; returns sum (w (f.x)^2 - 2 v f.x) in float64."""
    W = len(x)
    zero = x.dtype.type(0)
    total = 0.0
    g[:] = 0
    for q in range(0, n, 4):
        f0, f1, f2, f3 = F[q], F[q + 1], F[q + 2], F[q + 3]
        d0, d1, d2, d3 = zero, zero, zero, zero
        for a in range(W):
            d0 += f0[a] * x[a]
            d1 += f1[a] * x[a]
            d2 += f2[a] * x[a]
            d3 += f3[a] * x[a]
        e0, e1 = v[q] - w[q] * d0, v[q + 1] - w[q + 1] * d1
        e2, e3 = v[q + 2] - w[q + 2] * d2, v[q + 3] - w[q + 3] * d3
        total -= (np.float64(d0) * (v[q] + e0) + np.float64(d1) * (v[q + 1] + e1)) + (
            np.float64(d2) * (v[q + 2] + e2) + np.float64(d3) * (v[q + 3] + e3)
        )
        for a in range(W):
            g[a] += (e0 * f0[a] + e1 * f1[a]) + (e2 * f2[a] + e3 * f3[a])
    return total


@compiled_fast
def _times(F: Floats, n: int, p: Floats, w: Floats, out: Floats) -> None:
    """out += sum w (f.p) f over n gathered rows."""
    W = len(p)
    zero = p.dtype.type(0)
    for q in range(0, n, 4):
        f0, f1, f2, f3 = F[q], F[q + 1], F[q + 2], F[q + 3]
        d0, d1, d2, d3 = zero, zero, zero, zero
        for a in range(W):
            d0 += f0[a] * p[a]
            d1 += f1[a] * p[a]
            d2 += f2[a] * p[a]
            d3 += f3[a] * p[a]
        d0, d1, d2, d3 = w[q] * d0, w[q + 1] * d1, w[q + 2] * d2, w[q + 3] * d3
        for a in range(W):
            out[a] += (d0 * f0[a] + d1 * f1[a]) + (d2 * f2[a] + d3 * f3[a])


@compiled_fast
def _gram_times(gram: Floats, x: Floats, out: Floats) -> None:
    """out = G x; zeros where there is no G (a 0 x 0 array)."""
    out[:] = 0
    for a in range(len(gram)):
        row, value = gram[a], x[a]
        for d in range(len(x)):
            out[d] += value * row[d]


@compiled_fast
def _dot(one: Floats, other: Floats) -> Any:
    total = one.dtype.type(0)
    for a in range(len(one)):
        total += one[a] * other[a]
    return total


@compiled_fast
def _most(start: int, stop: int, indptr: Ints) -> int:
    """Entries of the longest row, rounded up to four."""
    most = 0
    for row in range(start, stop):
        most = max(most, indptr[row + 1] - indptr[row])
    return (most + 3) // 4 * 4


@compiled_fast
def relax_rows(
    start: int,
    stop: int,
    entries: Entries,
    law: Law,
    ridge: Ridge,
    gram: Floats,
    moment: Floats,
    other: Floats,
    own: Floats,
    steps: int,
    out: Floats,
    totals: Floats,
) -> int:
    """Some steps of preconditioned conjugate gradients for rows start..stop, from `own`.

    The preconditioner is the diagonal n_i moment + diag G + Lambda_i.

    Parameters
    ----------
    entries, law
        The rows of y and what a value says.
    ridge
        Penalties.
    gram
        G (W x W) of all cells, or 0 x 0.
    moment
        Mean of w f^2 over all entries, by column (W).
    other, own
        Packed rows of the other side, and of this side before.
    steps
        Steps for each row, 1 or more.
    out
        Receives the rows. One without entries keeps its fixed columns and zeros.
    totals
        Receives, added, the objective before (less its constant) and by how much it fell, float64.

    Returns
    -------
    int
        `SOLVED`, or the first row in which a number is not finite.
    """
    W = other.shape[1]
    F = np.empty((_most(start, stop, entries.indptr), W), other.dtype)
    v, w = np.empty(len(F), other.dtype), np.empty(len(F), other.dtype)
    x, r, z = np.empty(W, other.dtype), np.empty(W, other.dtype), np.empty(W, other.dtype)
    p, Ap, penalty = np.empty(W, other.dtype), np.empty(W, other.dtype), np.empty(W, other.dtype)
    inverse = np.empty(W, other.dtype)
    for row in range(start, stop):
        first = entries.indptr[row]
        n = entries.indptr[row + 1] - first
        for a in range(W):
            x[a] = own[row, a]
            penalty[a] = ridge.rows[row] * ridge.scaled[a] + ridge.plain[a]
            inverse[a] = n * moment[a] + penalty[a]
        for a in range(len(gram)):
            inverse[a] += gram[a, a]
        if n == 0:
            for a in range(W):
                out[row, a] = x[a] * (1 - ridge.free[a])
            continue
        _gather(first, n, entries, law, other, F, v, w)
        before = _pull(F, n, x, v, w, r)
        _gram_times(gram, x, Ap)
        for a in range(W):
            slope = Ap[a] + ridge.free[a] * penalty[a] * x[a]
            before += np.float64(x[a]) * slope
            r[a] = ridge.free[a] * (r[a] - slope)
            inverse[a] = 1 / inverse[a] if inverse[a] > 0 else inverse[a]
            z[a] = inverse[a] * r[a]
            p[a] = z[a]
        rz = _dot(r, z)
        gain = 0.0
        for step in range(steps):
            _gram_times(gram, p, Ap)
            _times(F, n, p, w, Ap)
            for a in range(W):
                Ap[a] = ridge.free[a] * (Ap[a] + penalty[a] * p[a])
            curvature = _dot(p, Ap)
            if curvature <= 0 or rz <= 0:  # solved, or so near that squares are no numbers any more
                break
            alpha = rz / curvature
            gain += np.float64(alpha) * rz
            for a in range(W):
                x[a] += alpha * p[a]
                r[a] -= alpha * Ap[a]
                z[a] = inverse[a] * r[a]
            if step + 1 < steps:
                rz_new = _dot(r, z)
                beta = rz_new / rz
                rz = rz_new
                for a in range(W):
                    p[a] = z[a] + beta * p[a]
        if not np.isfinite(before + gain):
            return row
        for a in range(W):
            out[row, a] = x[a]
        totals[0] += before
        totals[1] += gain
    return SOLVED


@compiled_fast
def solve_rows(
    start: int,
    stop: int,
    entries: Entries,
    law: Law,
    ridge: Ridge,
    gram: Floats,
    n_columns: int,
    dual: bool,
    floor: float,
    other: Floats,
    own: Floats,
    out: Floats,
    totals: Floats,
) -> int:
    """Solve rows start..stop exactly: A (x - own) = b - A own by Cholesky. See `relax_rows` for what is shared.

    Parameters
    ----------
    n_columns
        Columns before the padding: K, or K + 2 with biases.
    dual
        Whether rows with fewer entries than columns may be solved by the n x n system
        x = Lambda^-1 F (I + F^T Lambda^-1 F)^-1 e: every penalty is above 0, there is no G, and weights are 1.
    floor
        Share of its diagonal at which a pivot counts as zero.

    Returns
    -------
    int
        `SOLVED`, or the first row whose equations are singular or not finite.
    """
    W = other.shape[1]
    F = np.empty((_most(start, stop, entries.indptr), W), other.dtype)
    v, w = np.empty(len(F), other.dtype), np.empty(len(F), other.dtype)
    x, g, slope = np.empty(W, other.dtype), np.empty(W, other.dtype), np.empty(W, other.dtype)
    penalty = np.empty(W, other.dtype)
    A, product, scaled = np.empty((W, W), other.dtype), np.empty((W, W), other.dtype), np.empty((W, W), other.dtype)
    small = np.empty(W * W, other.dtype)
    weighted = law.slope != 0 or law.base != 1
    for row in range(start, stop):
        first = entries.indptr[row]
        n = entries.indptr[row + 1] - first
        for a in range(W):
            x[a] = own[row, a]
            penalty[a] = ridge.rows[row] * ridge.scaled[a] + ridge.plain[a]
        if n == 0:
            for a in range(W):
                out[row, a] = x[a] * (1 - ridge.free[a])
            continue
        _gather(first, n, entries, law, other, F, v, w)
        before = _pull(F, n, x, v, w, g)
        _gram_times(gram, x, slope)
        for a in range(W):
            slope[a] += ridge.free[a] * penalty[a] * x[a]
            before += np.float64(x[a]) * slope[a]
            g[a] = ridge.free[a] * (g[a] - slope[a])
        if dual and n < n_columns:
            determined = _solve_dual(F, n, v, x, penalty, ridge.free, floor, scaled, small)
        else:
            determined = _solve_normal(F, n, w, weighted, gram, penalty, ridge.free, n_columns, floor, A, product, g, x)
        gain = 0.0
        for a in range(W):
            gain += np.float64(x[a] - own[row, a]) * g[a]
        if not determined or not np.isfinite(before + gain):
            return row
        totals[0] += before
        totals[1] += gain
        for a in range(W):
            out[row, a] = x[a]
    return SOLVED


@compiled_fast
def _solve_normal(
    F: Floats,
    n: int,
    w: Floats,
    weighted: bool,
    gram: Floats,
    penalty: Floats,
    free: Floats,
    n_columns: int,
    floor: float,
    A: Floats,
    product: Floats,
    g: Floats,
    x: Floats,
) -> bool:
    """x += A^-1 g. A and `product` (W x W) are overwritten, and F where entries have weights."""
    W = len(x)
    for begin in range(0, n, _PANEL):
        panel = F[begin : min(begin + _PANEL, n)]
        target = product if begin else A
        if weighted:
            np.dot((panel * w[begin : begin + len(panel)].reshape(-1, 1)).T, panel, target)
        else:
            np.dot(panel.T, panel, target)
        if begin:
            for a in range(W):
                for d in range(a + 1):
                    A[a, d] += product[a, d]
    for a in range(len(gram)):
        for d in range(a + 1):
            A[a, d] += gram[a, d]
    for a in range(W):
        if free[a] == 0:
            A[a, :] = 0
            A[:, a] = 0
            A[a, a] = 1
        else:
            A[a, a] += penalty[a]
    if not factorise(A, n_columns, floor):
        return False
    step = product[0]
    for a in range(n_columns):
        step[a] = g[a]
    substitute(A, step, n_columns)
    for a in range(n_columns):
        x[a] += step[a]
    return True


@compiled_fast
def _solve_dual(
    F: Floats, n: int, v: Floats, x: Floats, penalty: Floats, free: Floats, floor: float, scaled: Floats, small: Floats
) -> bool:
    """x = Lambda^-1 F^T (I + F Lambda^-1 F^T)^-1 (v - the fixed columns' part); `small` holds W^2 numbers."""
    W = len(x)
    B = small[: n * n].reshape(n, n)
    for q in range(n):
        fixed = x.dtype.type(0)
        for a in range(W):
            scaled[q, a] = free[a] * F[q, a] / np.sqrt(penalty[a])
            fixed += (1 - free[a]) * F[q, a] * x[a]
        v[q] -= fixed
    part = scaled[:n]
    np.dot(part, part.T, B)
    for q in range(n):
        B[q, q] += 1
    if not factorise(B, n, floor):
        return False
    substitute(B, v, n)
    for a in range(W):
        x[a] *= 1 - free[a]
    for q in range(n):
        for a in range(W):
            x[a] += v[q] * free[a] * F[q, a] / penalty[a]
    return True
