"""The rows of `nmf`: one pass of coordinate descent or of multiplicative updates on the shared matrix."""

from __future__ import annotations

import numpy as np

from alsgui.core.errors import DataError, RowProblem
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.factors import Side, other_side
from alsgui.core.solvers.kernels.descent import descend
from alsgui.core.solvers.kernels.nnls import nonnegative_rows
from alsgui.core.solvers.nmf import NmfConfig
from alsgui.core.solvers.packed import Point
from alsgui.core.solvers.shared_rows import RowSolver, SharedProblem
from alsgui.text import count, tr

_EPSILON = float(np.finfo(np.float32).eps)
"""What scikit-learn divides by instead of zero."""


class NmfProblem(SharedProblem):
    """`nmf` on one set of training ratings."""

    config: NmfConfig
    exact = False

    def __init__(self, ratings: Ratings, config: NmfConfig) -> None:
        negative = np.flatnonzero(ratings.csr.data < 0)
        if len(negative):
            named = [
                RowProblem(0, tr("user {id}: {value}", id=ratings.user_ids[row], value=float(ratings.csr.data[at])))
                for at, row in zip(negative[:100], ratings.users_of_ratings[negative[:100]], strict=True)
            ]
            raise DataError(
                tr("{n} ratings are below zero, the first of {row}.", n=count(len(negative)), row=named[0].reason),
                tr("Add a number to all ratings, or use the observed algorithm."),
                named,
            )
        super().__init__(ratings, config, config.fill)

    def penalties_of(self, side: Side) -> tuple[float, float]:
        """scikit-learn's l1 and l2 penalty of a side: alpha times the rows of the other side."""
        alpha_h = self.config.alpha_w if self.config.alpha_h is None else self.config.alpha_h
        alpha = (self.config.alpha_w if side == "u" else alpha_h) * len(self.counts[other_side(side)])
        return alpha * self.config.l1_ratio, alpha * (1 - self.config.l1_ratio)

    def row_solver(self, side: Side, gram: Floats, other: Floats, *, exact: bool = False) -> RowSolver:
        """One pass; exactly, non-negative least squares with the same penalties."""
        del other
        l1, l2 = self.penalties_of(side)
        if self.config.method == "mu" and not exact:
            return lambda b, old: _multiplied(gram, b, old, l1, l2)
        matrix = (gram + l2 * np.eye(len(gram))).astype(gram.dtype)

        def solved(b: Floats, old: Floats) -> Floats:
            pulls, rows = np.ascontiguousarray(b - b.dtype.type(l1)), np.array(old, b.dtype)
            if exact:
                nonnegative_rows(0, len(rows), matrix, pulls, rows)
            else:
                descend(matrix, pulls, rows)
            return rows

        return solved

    def objective(self, errors: float, point: Point) -> float:
        """Half the squared errors, and the penalties."""
        total = 0.5 * errors
        for side in self.entries:
            l1, l2 = self.penalties_of(side)
            rows = point.rows(side).astype(np.float64)
            total += l1 * float(np.abs(rows).sum()) + 0.5 * l2 * float(np.square(rows).sum())
        return total


def _multiplied(gram: Floats, b: Floats, old: Floats, l1: float, l2: float) -> Floats:
    """x <- x b / (A x + penalties), each below never zero."""
    below = old @ gram
    if l1:
        below += below.dtype.type(l1)
    if l2:
        below += below.dtype.type(l2) * old
    below[below == 0] = _EPSILON
    return np.asarray(old * (b / below))
