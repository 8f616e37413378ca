"""Exact non-negative least squares, min x^T A x - 2 b^T x with x >= 0, row by row (Lawson and Hanson 1974, chapter 23).

The active-set method works on A and b, and starts from the old row: its positive entries are usually right already.
An attribute that would make the passive set's matrix singular stays at zero.
"""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.cholesky import factorise, substitute
from alsgui.core.solvers.kernels.compiled import SOLVED, compiled
from alsgui.core.solvers.packed import Entries

_SINGULAR = 1e-13
_SLACK = 1e-12
"""Share of |b| below which a gradient counts as zero."""

_MOST_STEPS = 10
"""Attributes taken in, for each there is, before a row is left as good as it is; a handful is usual."""


@compiled
def _solve_passive(A: Floats, b: Floats, passive: Ints, n: int, M: Floats, s: Floats) -> bool:
    """Unconstrained s over the first n of `passive`; False where their matrix is singular."""
    for a in range(n):
        for d in range(a + 1):
            M[a, d] = A[passive[a], passive[d]]
        s[a] = b[passive[a]]
    if not factorise(M, n, _SINGULAR):
        return False
    substitute(M, s, n)
    return True


@compiled
def _without_zeros(x: Floats, passive: Ints, n: int) -> int:
    """Take attributes at zero out of the passive set."""
    kept = 0
    for a in range(n):
        if x[passive[a]] > 0:
            passive[kept] = passive[a]
            kept += 1
    return kept


@compiled
def _to_the_solution(A: Floats, b: Floats, x: Floats, passive: Ints, n: int, M: Floats, s: Floats) -> int:
    """From feasible x, which is positive on the passive set, to the best x of that set or a smaller one.

    Returns the size of the set, or -1 where its matrix is singular.
    """
    while n:
        if not _solve_passive(A, b, passive, n, M, s):
            return -1
        share, limiting = 1.0, -1
        for a in range(n):
            if s[a] <= 0:
                at = x[passive[a]]
                reach = at / (at - s[a]) if at > s[a] else 0.0
                if limiting < 0 or reach < share:
                    share, limiting = reach, a
        for a in range(n):
            k = passive[a]
            x[k] = s[a] if limiting < 0 else max(x[k] + share * (s[a] - x[k]), 0.0)
        if limiting < 0:
            return n
        # Exactly zero, not what rounding leaves of it: else the set would not shrink and this would not end.
        x[passive[limiting]] = 0.0
        n = _without_zeros(x, passive, n)
    return 0


@compiled
def nonnegative_row(A: Floats, b: Floats, x: Floats, passive: Ints, M: Floats, s: Floats) -> None:
    """Overwrite x (K), the row before, by the solution; `passive`, M and s are scratch."""
    K = len(b)
    size = 0.0
    for a in range(K):
        size = max(size, abs(b[a]))
        x[a] = max(x[a], 0.0)
    n = 0
    for a in range(K):
        if x[a] > 0 and A[a, a] > 0:
            passive[n] = a
            n += 1
        else:
            x[a] = 0.0
    n = _to_the_solution(A, b, x, passive, n, M, s)
    if n < 0:  # the old attributes depend on one another: begin with none
        x[:] = 0.0
        n = 0
    blocked = np.zeros(K, np.bool_)
    for _ in range(_MOST_STEPS * (K + 1)):
        steepest, found = _SLACK * size, -1
        for a in range(K):
            if x[a] == 0 and not blocked[a] and A[a, a] > 0:
                slope = b[a]
                for d in range(n):
                    slope -= A[a, passive[d]] * x[passive[d]]
                if slope > steepest:
                    steepest, found = slope, a
        if found < 0:
            return
        passive[n] = found
        if not _solve_passive(A, b, passive, n + 1, M, s) or s[n] <= 0:
            blocked[found] = True
            continue
        n = _to_the_solution(A, b, x, passive, n + 1, M, s)
        if n < 0:  # nearly dependent, as it turned out on the way
            x[:] = 0.0
            n = 0
        if x[found] > 0:
            blocked[:] = False
        else:  # its slope was rounding: once more would go round in a circle
            blocked[found] = True


@compiled
def nonnegative_rows(start: int, stop: int, A: Floats, b: Floats, rows: Floats) -> None:
    """Solve rows start..stop, which share A; `b` and `rows` (rows x K, the old ones, overwritten) are float64."""
    K = A.shape[0]
    M, s, passive = np.empty((K, K)), np.empty(K), np.empty(K, np.int64)
    for row in range(start, stop):
        nonnegative_row(A, b[row], rows[row], passive, M, s)


@compiled
def observed_rows(
    start: int, stop: int, entries: Entries, other: Floats, ridge: Floats, nonnegative: bool, rows: Floats
) -> int:
    """Solve rows start..stop over their own entries, each with A = sum f f^T + ridge I and b = sum y f.

    Without `nonnegative` by Cholesky; returns `SOLVED`, or the first row that this does not determine.
    """
    K = other.shape[1]
    A, M, b, s, passive = np.empty((K, K)), np.empty((K, K)), np.empty(K), np.empty(K), np.empty(K, np.int64)
    for row in range(start, stop):
        if entries.indptr[row] == entries.indptr[row + 1]:
            rows[row, :] = 0
            continue
        A[:, :] = 0.0
        b[:] = 0.0
        for q in range(entries.indptr[row], entries.indptr[row + 1]):
            f = other[entries.indices[q]]
            for a in range(K):
                b[a] += entries.values[q] * f[a]
                for d in range(a + 1):
                    A[a, d] += f[a] * f[d]
        for a in range(K):
            A[a, a] += ridge[row]
            for d in range(a):
                A[d, a] = A[a, d]
        if nonnegative:
            nonnegative_row(A, b, rows[row], passive, M, s)
        elif factorise(A, K, _SINGULAR):
            substitute(A, b, K)
            rows[row, :] = b
        else:
            return row
    return SOLVED
