"""The rows of `em`: one Cholesky factor for all, and a right-hand side of errors."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import linalg

from alsgui.core.errors import NumericalError
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.dense import factor_of
from alsgui.core.solvers.em import EmConfig
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.kernels.cells import error_sums, squared_errors
from alsgui.core.solvers.observed import ObservedConfig
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved, squared_length
from alsgui.text import tr


class EmProblem(Problem):
    """`em` on one set of training ratings."""

    config: EmConfig
    exact = False

    def __init__(self, ratings: Ratings, config: EmConfig) -> None:
        super().__init__(ratings, config, ratings.mean if config.biases else 0.0, biases=config.biases)
        width = self.layout.width
        self._blocks = {side: self.blocks(side, 2.0 * width, 2.0 * width**2) for side in self.entries}
        # Over the observed ratings alone: the closing half-step, and newcomers.
        self._observed = ObservedConfig(
            k=config.k, lambda_u=config.lambda_u, lambda_m=config.lambda_m, lambda_bias=config.lambda_bias,
            lambda_power=0.0, biases=config.biases, solver="exact", dtype=config.dtype, threads=config.threads,
        ).problem(ratings)  # fmt: skip

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Fill and refit every row of one side; exactly, solve it over its observed ratings."""
        if exact:
            yield from self._observed.solve(side, point, workers, exact=True)
            return
        own, other = (point.rows(which).astype(np.float64) for which in (side, other_side(side)))
        for rows in (own, other):
            rows.setflags(write=False)
        free = np.flatnonzero(self.layout.free(side))
        penalty = np.where(free < self.layout.k, self.config.penalty(side), self.config.lambda_bias)
        factor = self._cholesky(side, other[self.known[other_side(side)]][:, free], penalty)
        out, sums = np.array(point.rows(side)), np.empty_like(own)

        def block(start: int, stop: int) -> int:
            error_sums(start, stop, self.entries[side], own, other, self.mu, sums)
            slope = sums[start:stop][:, free] - penalty * own[start:stop][:, free]
            step = linalg.cho_solve(factor, slope.T, check_finite=False).T
            step[~self.known[side][start:stop]] = 0
            out[start:stop, free] = own[start:stop][:, free] + step
            return stop

        for stop in workers.run(block, self._blocks[side]):
            yield stop / len(own)
        solved = point.replaced(side, out)
        rss = self._errors(solved, workers)
        yield Solved(out, rss, rss + sum(self._penalty(each, solved.rows(each)) for each in self.entries))

    def fold_in_all(self, factors: Factors, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """Solve newcomers' rows over what they rated."""
        return self._observed.fold_in_all(factors, newcomers, side)

    def _cholesky(self, side: Side, other: Floats, penalty: Floats) -> tuple[Floats, bool]:
        """Factor of F F^T + Lambda over the columns that a side solves for."""
        factor = factor_of(other.T @ other + np.diag(penalty))
        if factor is None:
            raise NumericalError(
                tr("{letter} has less than K = {k} independent attributes.",
                   letter=other_side(side), k=self.config.k),
                tr("Set lambda_{side} above 0, or K to a smaller number.", side=side),
            )  # fmt: skip
        return factor

    def _penalty(self, side: Side, rows: Floats) -> float:
        total = self.config.penalty(side) * squared_length(rows[:, : self.layout.k])
        if self.layout.biases:
            bias = rows[:, self.layout.bias_column(side)].astype(np.float64)
            total += self.config.lambda_bias * float(bias @ bias)
        return total

    def _errors(self, point: Point, workers: Workers) -> float:
        left, right = point.left, point.right

        def block(start: int, stop: int) -> float:
            return float(squared_errors(start, stop, self.entries["u"], left, right, self.mu))

        return float(sum(workers.run(block, self._blocks["u"])))
