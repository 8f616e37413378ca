"""The two row steps of `nmf`, many rows side by side: a pass of coordinate descent, and a multiplicative update.

As scikit-learn takes them (`_update_cdnmf_fast` without shuffling, `_multiplicative_update_w` with the Frobenius norm).
Rows stand in the processor's lanes, so that no step waits for a sum over attributes. `b` is K x rows, `rows` is
rows x K, both in the precision of the matrix.
"""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats
from alsgui.core.solvers.kernels.compiled import compiled_fast
from alsgui.core.solvers.kernels.complete import LANES, add_product, lanes_of

_TINY = float(np.finfo(np.float32).eps)
"""What stands for a denominator of zero in either precision, as in scikit-learn."""


@compiled_fast
def descend(A: Floats, b: Floats, rows: Floats) -> float:
    """One cyclic pass over the K entries of each row x of min x^T A x / 2 - b^T x with x >= 0.

    Parameters
    ----------
    A
        K x K, penalties on its diagonal included.
    b
        Right-hand sides less the penalty on absolute values.
    rows
        The rows before, 0 or above; overwritten.

    Returns
    -------
    float
        Sum of the absolute projected gradients that each entry had when its turn came, float64.
    """
    K, zero = len(A), A.dtype.type(0)
    x, slope = np.empty((K, LANES), A.dtype), np.empty(LANES, A.dtype)
    violation = 0.0
    for first in range(0, len(rows), LANES):
        n = min(LANES, len(rows) - first)
        lanes_of(rows, first, n, x)
        for a in range(K):
            own = x[a]
            for c in range(n):
                slope[c] = -b[a, first + c]
            add_product(A[a], x, n, slope)
            for c in range(n):
                violation += np.float64(abs(slope[c] if own[c] != zero else min(slope[c], zero)))
            curvature = A[a, a]
            if curvature != zero:
                for c in range(n):
                    own[c] = max(own[c] - slope[c] / curvature, zero)
        for c in range(n):
            for a in range(K):
                rows[first + c, a] = x[a, c]
    return violation


@compiled_fast
def multiply(gram: Floats, b: Floats, l1: float, l2: float, rows: Floats) -> None:
    """Multiply each row x by b / (G x + l1 + l2 x), all entries at once."""
    K, zero = len(gram), gram.dtype.type(0)
    tiny = gram.dtype.type(_TINY)
    x, new = np.empty((K, LANES), gram.dtype), np.empty((K, LANES), gram.dtype)
    for first in range(0, len(rows), LANES):
        n = min(LANES, len(rows) - first)
        lanes_of(rows, first, n, x)
        for a in range(K):
            below, own = new[a], x[a]
            for c in range(n):
                below[c] = l1 + l2 * own[c]
            add_product(gram[a], x, n, below)
            for c in range(n):
                share = max(b[a, first + c], zero) / (below[c] if below[c] != zero else tiny)
                below[c] = own[c] * share
        for c in range(n):
            for a in range(K):
                rows[first + c, a] = new[a, c]
