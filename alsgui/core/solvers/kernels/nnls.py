"""Exact non-negative least squares, min x^T A x - 2 b^T x with x >= 0, row by row (Lawson and Hanson 1974, chapter 23).

The active-set method works on A and b, and starts from the old row: its positive entries are usually right already.
Attributes are measured by the length of their column, sqrt(A_aa), so that their scale changes no choice.
An attribute that would make the passive set's matrix singular stays at zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.cholesky import factorise, substitute
from alsgui.core.solvers.kernels.compiled import SOLVED, compiled
from alsgui.core.solvers.packed import Entries

_SINGULAR = 1e-13
_SLACK = 1e-12
"""Share of the terms of a gradient below which it counts as zero: some thousand times what rounding makes of them."""


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
def _positive(x: Floats, passive: Ints) -> int:
    """Make the attributes above zero the passive set; returns its size."""
    n = 0
    for a in range(len(x)):
        if x[a] > 0:
            passive[n] = a
            n += 1
    return n


@compiled
def _to_the_solution(A: Floats, b: Floats, x: Floats, passive: Ints, n: int, M: Floats, s: Floats) -> int:
    """From x >= 0, which is zero off the passive set, to the best x of that set or, where it is not >= 0, of a part.

    Returns the size of the part, or -1 where its matrix is singular.
    """
    while n:
        if not _solve_passive(A, b, passive, n, M, s):
            return -1
        share, limiting = 1.0, -1
        for a in range(n):
            if s[a] <= 0:
                at = x[passive[a]]
                reach = at / (at - s[a]) if at > 0 else 0.0
                if reach < share or limiting < 0:
                    share, limiting = reach, a
        if limiting < 0:
            for a in range(n):
                x[passive[a]] = s[a]
            return n
        kept = 0
        for a in range(n):
            k = passive[a]
            # Rounding would leave the limiting attribute beside zero: the set has to shrink every time.
            x[k] = 0.0 if a == limiting else max(x[k] + share * (s[a] - x[k]), 0.0)
            if x[k] > 0:
                passive[kept] = k
                kept += 1
        n = kept
    return 0


@compiled
def _gain(b: Floats, x: Floats) -> float:
    """b^T x: by how much the best x of a set lowers the loss of x = 0."""
    gain = 0.0
    for a in range(len(b)):
        gain += b[a] * x[a]
    return gain


@compiled
def _steepest(
    A: Floats, b: Floats, x: Floats, passive: Ints, n: int, lengths: Floats, blocked: npt.NDArray[np.bool_]
) -> int:
    """The attribute at zero along which the loss falls fastest; -1 where it falls along none."""
    size = 0.0
    for a in range(len(b)):
        if lengths[a] > 0:
            size = max(size, abs(b[a]) / lengths[a])
    for d in range(n):
        size += lengths[passive[d]] * x[passive[d]]
    steepest, found = _SLACK * size, -1
    for a in range(len(b)):
        if x[a] == 0 and lengths[a] > 0 and not blocked[a]:
            slope = b[a]
            for d in range(n):
                slope -= A[a, passive[d]] * x[passive[d]]
            if slope > steepest * lengths[a]:
                steepest, found = slope / lengths[a], a
    return found


@compiled
def nonnegative_row(A: Floats, b: Floats, x: Floats, passive: Ints, M: Floats, s: Floats) -> None:
    """Overwrite x (K), the row before, by the solution; `passive`, M and s are scratch.

    Without rounding each step lowers the loss, so that no passive set comes twice. With it one could, and therefore
    every step after the first 3 K has to be seen to lower it: there are finitely many such steps.
    """
    K = len(b)
    lengths, blocked = np.empty(K), np.zeros(K, np.bool_)
    for a in range(K):
        lengths[a] = np.sqrt(A[a, a]) if A[a, a] > 0 else 0.0
        x[a] = max(x[a], 0.0) if A[a, a] > 0 else 0.0
    n = _to_the_solution(A, b, x, passive, _positive(x, passive), M, s)
    if n < 0:  # the old attributes depend on one another: begin with none
        x[:] = 0.0
        n = 0
    best, gain, steps = x.copy(), _gain(b, x), 0
    while True:
        found = _steepest(A, b, x, passive, n, lengths, blocked)
        if found < 0:
            return
        passive[n] = found
        n = _to_the_solution(A, b, x, passive, n + 1, M, s)
        now = _gain(b, x)
        steps += 1
        if n >= 0 and x[found] > 0 and (steps <= 3 * K or now > gain):
            best[:] = x
            gain = now
            blocked[:] = False
        else:
            x[:] = best
            n = _positive(x, passive)
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
