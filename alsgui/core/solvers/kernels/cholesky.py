"""Cholesky in place, with a pivot check: LAPACK through numba raises a bare error on a singular matrix."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats
from alsgui.core.solvers.kernels.compiled import compiled_fast


@compiled_fast
def factorise(A: Floats, P: int, floor: float) -> bool:
    """Overwrite the lower triangle of the leading P x P block of A by its Cholesky factor.

    Returns False when a pivot falls to `floor` times its diagonal or below: A is singular in this precision.
    """
    for a in range(P):
        pivot_row = A[a]
        pivot = pivot_row[a]
        least = floor * pivot
        for d in range(a):
            pivot -= pivot_row[d] * pivot_row[d]
        if not pivot > least:
            return False
        root = np.sqrt(pivot)
        inverse = 1 / root
        pivot_row[a] = root
        whole = a + 1 + (P - a - 1) // 4 * 4
        # Four rows at a time share each load of the pivot row.
        for e in range(a + 1, whole, 4):
            r0, r1, r2, r3 = A[e], A[e + 1], A[e + 2], A[e + 3]
            v0, v1, v2, v3 = r0[a], r1[a], r2[a], r3[a]
            for d in range(a):
                shared = pivot_row[d]
                v0 -= r0[d] * shared
                v1 -= r1[d] * shared
                v2 -= r2[d] * shared
                v3 -= r3[d] * shared
            r0[a], r1[a], r2[a], r3[a] = v0 * inverse, v1 * inverse, v2 * inverse, v3 * inverse
        for e in range(whole, P):
            row = A[e]
            value = row[a]
            for d in range(a):
                value -= row[d] * pivot_row[d]
            row[a] = value * inverse
    return True


@compiled_fast
def substitute(A: Floats, b: Floats, P: int) -> None:
    """Solve L L^T x = b in place of b (first P), L the lower triangle of A."""
    for a in range(P):
        row = A[a]
        value = b[a]
        for d in range(a):
            value -= row[d] * b[d]
        b[a] = value / row[a]
    for a in range(P - 1, -1, -1):
        row = A[a]
        value = b[a] / row[a]
        b[a] = value
        for d in range(a):
            b[d] -= row[d] * value
