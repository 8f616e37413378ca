"""One cyclic pass of coordinate descent over non-negative rows that share a matrix, many rows in the lanes at once."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats
from alsgui.core.solvers.kernels.compiled import compiled_fast

_LANES = 64


@compiled_fast
def descend(A: Floats, b: Floats, rows: Floats) -> None:
    """Go once through the K coordinates of every row of min x^T A x / 2 - b^T x, x >= 0.

    Coordinate t becomes max(x_t - (A x - b)_t / A_tt, 0), with what the coordinates before it have become
    (Cichocki and Phan 2009; Hsieh and Dhillon 2011). `rows` (rows x K) are overwritten; all are of one precision.
    """
    n, K = rows.shape
    X, slope = np.empty((K, _LANES), rows.dtype), np.empty(_LANES, rows.dtype)
    for first in range(0, n, _LANES):
        width = min(_LANES, n - first)
        for i in range(width):
            for t in range(K):
                X[t, i] = rows[first + i, t]
        for t in range(K):
            if A[t, t] == 0:
                continue
            for i in range(width):
                slope[i] = -b[first + i, t]
            for r in range(K):
                value, lane = A[t, r], X[r]
                for i in range(width):
                    slope[i] += value * lane[i]
            step, lane = 1 / A[t, t], X[t]
            for i in range(width):
                lane[i] = max(lane[i] - slope[i] * step, rows.dtype.type(0))
        for i in range(width):
            for t in range(K):
                rows[first + i, t] = X[t, i]
