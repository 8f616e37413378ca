"""`observed`: ALS over the ratings that exist, with mean, biases and count-scaled ridge.

L = sum over observed (y - r)^2 + lambda_u sum n_i^p |u_i|^2 + lambda_m sum n_j^p |m_j|^2
    + lambda_bias (sum b_i^2 + sum c_j^2),    r = mu + b_i + c_j + u_i^T m_j

Row i solves (sum f f^T + Lambda) (u_i, b_i) = sum (y - mu - c_j) f with f = (m_j, 1) over its ratings. p = 1 is
ALS-WR (Zhou, Wilkinson, Schreiber and Pan 2008). Cost of an epoch: ratings x K^2 + (N + M) K^3 / 3.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from alsgui.core.errors import NumericalError
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers import kernels
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.config import ObservedConfig
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.problem import Evaluation, Problem, Rows, squared_length
from alsgui.text import counted, tr


class ObservedProblem(Problem):
    """`observed` on one set of training ratings."""

    config: ObservedConfig

    def __init__(self, ratings: Ratings, config: ObservedConfig, mu: float) -> None:
        super().__init__(ratings, config, mu)
        lambdas = dict(zip(("u", "m"), config.penalties, strict=True))
        self._ridge = {side: self._count_scaled(lambdas[side], n) for side, n in self.counts.items()}

    def solve(self, side: Side, factors: Factors, workers: Workers) -> Iterator[tuple[float, Factors | None]]:
        """Solve every row of one side over its observed ratings."""
        old, _ = factors.of(side)
        out = np.empty_like(old)
        out_bias = np.empty(len(old), old.dtype)
        other, other_bias = factors.of("m" if side == "u" else "u")

        def block(start: int, stop: int) -> int:
            failed = self._solve_rows(
                start, stop, self._rows[side], other, other_bias, self._ridge[side], out, out_bias
            )
            if failed != kernels.SOLVED:
                raise self._singular(side, failed)
            return stop

        for stop in workers.run(block, self._blocks[side]):
            yield stop / len(old), None
        yield 1.0, factors.replaced(side, out, out_bias)

    def evaluate(self, factors: Factors, workers: Workers) -> Evaluation:
        """Squared errors and the loss above."""
        rss = self._squared_errors(factors, workers)
        loss = rss
        for side, ridge in self._ridge.items():
            rows, bias = factors.of(side)
            loss += squared_length(rows, ridge)
            loss += self.config.lambda_bias * squared_length(bias[:, None])
        return Evaluation(rss, loss)

    def fold_in(self, factors: Factors, columns: Ints, values: Floats) -> tuple[Floats, float]:
        """Solve one new user's row; without ratings, zeros."""
        order = np.argsort(columns)
        row = Rows(
            np.array([0, len(columns)], np.int32),
            np.ascontiguousarray(np.asarray(columns, np.int32)[order]),
            np.ascontiguousarray(np.asarray(values, np.float32)[order]),
        )
        out = np.empty((1, factors.k), factors.users.dtype)
        out_bias = np.empty(1, factors.users.dtype)
        ridge = self._count_scaled(self.config.penalties[0], np.array([len(columns)]))
        failed = self._solve_rows(0, 1, row, factors.movies, factors.movie_bias, ridge, out, out_bias)
        if failed != kernels.SOLVED:
            raise self._not_determined(tr("this person"), len(columns), "lambda_u")
        return out[0], float(out_bias[0])

    def _solve_rows(
        self,
        start: int,
        stop: int,
        rows: Rows,
        other: Floats,
        other_bias: Floats,
        ridge: Floats,
        out: Floats,
        out_bias: Floats,
    ) -> int:
        return int(
            kernels.solve_observed_rows(
                start,
                stop,
                rows.indptr,
                rows.indices,
                rows.values,
                other,
                other_bias,
                self.mu,
                ridge,
                self.config.lambda_bias,
                self.config.biases,
                out,
                out_bias,
            )
        )

    def _count_scaled(self, penalty: float, counts: Ints) -> Floats:
        """lambda n^p, also for rows without ratings, which are never solved."""
        return penalty * np.maximum(counts, 1).astype(np.float64) ** self.config.lambda_power

    def _singular(self, side: Side, row: int) -> NumericalError:
        return self._not_determined(self._row_name(side, row), int(self.counts[side][row]), f"lambda_{side}")

    def _not_determined(self, who: str, n: int, penalty: str) -> NumericalError:
        unknowns = self.config.k + self.config.biases
        return NumericalError(
            tr("{who} has {ratings}, which do not determine its {unknowns}.",
               who=who, ratings=counted(n, "rating"), unknowns=counted(unknowns, "weight")),
            tr("Set {penalty} above 0, or K to a smaller number.", penalty=penalty),
        )  # fmt: skip
