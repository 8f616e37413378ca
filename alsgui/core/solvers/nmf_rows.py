"""The rows of `nmf`: one pass of coordinate descent or of multiplicative updates on the shared matrix."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from alsgui.core.errors import DataError, RowProblem
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.kernels.complete import quadratic
from alsgui.core.solvers.kernels.descent import descend, multiply
from alsgui.core.solvers.kernels.nnls import nonnegative_rows
from alsgui.core.solvers.nmf import NmfConfig
from alsgui.core.solvers.nmf_starts import STARTS
from alsgui.core.solvers.packed import Point
from alsgui.core.solvers.problem import squared_length
from alsgui.core.solvers.shared_rows import Precision, RowSolver, SharedProblem
from alsgui.text import count, tr

if TYPE_CHECKING:
    from alsgui.core.model import HalfStepRecord

_EPOCHS_BETWEEN_LOOKS = 10
"""How often scikit-learn looks at the error of multiplicative updates."""


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

    def prepared(self, factors: Factors) -> Factors:
        """A start at 0 or above: what is below becomes 0."""
        return replace(factors, users=np.maximum(factors.users, 0), movies=np.maximum(factors.movies, 0))

    def own_start(self, seed: int, workers: Workers) -> Factors | None:
        """scikit-learn's starts."""
        start = STARTS.get(self.config.init)
        return start(self, seed, workers) if start else None

    def penalties_of(self, side: Side) -> tuple[float, float]:
        """scikit-learn's l1 and l2 penalty of a side: alpha times the rows of the other side."""
        alpha_h = self.config.alpha_w if self.config.alpha_h is None else self.config.alpha_h
        alpha = (self.config.alpha_w if side == "u" else alpha_h) * len(self.counts[other_side(side)])
        return alpha * self.config.l1_ratio, alpha * (1 - self.config.l1_ratio)

    def precision(self, stored: Precision, *, exact: bool) -> Precision:
        """That of the factors, as scikit-learn; exactly, float64."""
        return np.dtype(np.float64) if exact else stored

    def row_solver(self, side: Side, gram: Floats, other: Floats, *, exact: bool) -> RowSolver:
        """One pass; exactly, non-negative least squares with the same penalties, from the row before."""
        del other
        l1, l2 = self.penalties_of(side)
        penalised = gram + l2 * np.eye(len(gram))

        def solved(b: Floats, old: Floats) -> tuple[Floats, float]:
            nonnegative_rows(0, len(old), penalised, np.ascontiguousarray(b.T) - l1, old)
            return old, 0.0

        def descended(b: Floats, old: Floats) -> tuple[Floats, float]:
            return old, descend(penalised.astype(b.dtype), b - b.dtype.type(l1) if l1 else b, old)

        def multiplied(b: Floats, old: Floats) -> tuple[Floats, float]:
            before = quadratic(gram, b, old)
            multiply(gram.astype(b.dtype), b, b.dtype.type(l1), b.dtype.type(l2), old)
            return old, before

        return solved if exact else descended if self.config.method == "cd" else multiplied

    def watched(self, side: Side, total: float, errors: float) -> float | None:
        """Of "cd" the sum of projected gradients; of "mu" |y - u^T m|: before an epoch, and after it."""
        if self.config.method == "cd":
            return total
        return math.sqrt(max(self._squares + total, 0.0) if side == self.config.sides[0] else errors)

    def ends(self, half_steps: Sequence[HalfStepRecord]) -> str | None:
        """scikit-learn's rule, after whole epochs; closing half-steps do not count."""
        tol = self.config.sklearn_tol
        if tol is None or half_steps[-1].side != self.config.sides[1]:
            return None
        watched = [record.watched for record in half_steps if record.watched is not None]
        ended = _stands_still(watched, tol) if self.config.method == "cd" else _falls_too_little(watched, tol)
        return "tolerance" if ended else None

    def objective(self, errors: float, point: Point) -> float:
        """Half the squared errors, and the penalties."""
        total = 0.5 * errors
        for side in self.entries:
            (l1, l2), rows = self.penalties_of(side), point.rows(side)
            total += l1 * float(np.sum(rows, dtype=np.float64)) if l1 else 0.0
            total += 0.5 * l2 * squared_length(rows) if l2 else 0.0
        return total


def _stands_still(violations: Sequence[float], tol: float) -> bool:
    """Two for each epoch, which are added."""
    return sum(violations[-2:]) <= tol * sum(violations[:2])


def _falls_too_little(errors: Sequence[float], tol: float) -> bool:
    """Two for each epoch: before it and after it."""
    n_epochs = len(errors) // 2
    if n_epochs % _EPOCHS_BETWEEN_LOOKS or tol == 0:
        return False
    before = errors[0] if n_epochs == _EPOCHS_BETWEEN_LOOKS else errors[-1 - 2 * _EPOCHS_BETWEEN_LOOKS]
    return before - errors[-1] < tol * errors[0]
