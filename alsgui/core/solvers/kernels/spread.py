"""f^T A^-1 f for rows with matrices of their own: what is not known of a row, in the direction of f."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.cholesky import factorise
from alsgui.core.solvers.kernels.compiled import compiled, compiled_fast

_SINGULAR = 1e-13


@compiled_fast
def _add_entries(A: Floats, indices: Ints, other: Floats, most: int) -> None:
    """A (lower triangle) += sum f f^T over a row's entries; of more than `most` at even steps, scaled up."""
    n = len(indices)
    step = (n + most - 1) // most
    if step == 0:
        return
    used = (n + step - 1) // step
    scale = n / used
    whole = used // 4 * 4
    # Four at a time share each load and store of a row of A.
    for q in range(0, whole, 4):
        f0, f1 = other[indices[q * step]], other[indices[(q + 1) * step]]
        f2, f3 = other[indices[(q + 2) * step]], other[indices[(q + 3) * step]]
        for a in range(len(f0)):
            s0, s1, s2, s3 = scale * f0[a], scale * f1[a], scale * f2[a], scale * f3[a]
            row = A[a]
            for d in range(a + 1):
                row[d] += s0 * f0[d] + s1 * f1[d] + s2 * f2[d] + s3 * f3[d]
    for q in range(whole, used):
        f = other[indices[q * step]]
        for a in range(len(f)):
            shared = scale * f[a]
            row = A[a]
            for d in range(a + 1):
                row[d] += shared * f[d]


@compiled
def spread_rows(
    start: int,
    stop: int,
    indptr: Ints,
    indices: Ints,
    other: Floats,
    ridge: Floats,
    plain: Floats,
    gram: Floats,
    held: Floats,
    most: int,
    asked_indptr: Ints,
    asked: Ints,
    points: Floats,
    out: Floats,
) -> None:
    """Write f^T A^-1 f of rows start..stop for the points that are asked of each; NaN where A is singular.

    Parameters
    ----------
    indptr, indices
        Compressed rows; only where entries stand counts.
    other
        f of every row of the other side (d columns), float64.
    ridge, plain
        Lambda of row i is ridge[i] on each column where plain is NaN, and plain elsewhere.
    gram
        What every row's matrix has beside its ridge instead of its entries (d x d); 0 x 0 where it has its entries.
    held
        Factors of the rows: columns at zero or below are left out; 0 x 0 leaves out none.
    most
        A row with more entries takes about so many at even steps, scaled up: its spread is next to nothing anyway.
    asked_indptr, asked
        For each row, positions in `points`.
    """
    d = other.shape[1]
    A, x = np.empty((d, d)), np.empty(d)
    for row in range(start, stop):
        A[:, :] = 0.0
        if len(gram):
            A[:, :] = gram
        else:
            _add_entries(A, indices[indptr[row] : indptr[row + 1]], other, most)
        for a in range(d):
            A[a, a] += ridge[row] if np.isnan(plain[a]) else plain[a]
        if len(held):
            for a in range(d):
                if held[row, a] <= 0:
                    A[a, :a] = 0.0
                    A[a:, a] = 0.0
                    A[a, a] = 1.0
        solvable = factorise(A, d, _SINGULAR)
        for q in range(asked_indptr[row], asked_indptr[row + 1]):
            if not solvable:
                out[q] = np.nan
                continue
            x[:] = points[asked[q]]
            if len(held):
                for a in range(d):
                    if held[row, a] <= 0:
                        x[a] = 0.0
            total = 0.0
            for a in range(d):
                value = x[a]
                for e in range(a):
                    value -= A[a, e] * x[e]
                value /= A[a, a]
                x[a] = value
                total += value * value
            out[q] = total
