"""`ridge`: the text-book's ALS over all cells of y.

L = sum_ij (y_ij - u_i^T m_j)^2 + lambda_u sum |u_i|^2 + lambda_m sum |m_j|^2
u_i = (lambda_u I + m m^T)^-1 m y_i for every user, then m_j = (lambda_m I + u u^T)^-1 u y_j for every movie

Where y has holes, each is filled with 0 or its movie's mean. The filled matrix is never built: with fill g_j,
m y_i = sum over observed (y_ij - g_j) m_j + sum_j g_j m_j, and L comes from Gram matrices. A row without ratings is
not filled: it has no equation, zero factors, and no part in L. One Cholesky serves all rows of a side; cost of an
epoch: ratings x K + (N + M) K^2.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import linalg

from alsgui.core.errors import DataError, NumericalError
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers import kernels
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.config import RidgeConfig
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.problem import Evaluation, Problem, Rows, squared_length
from alsgui.text import count, tr

_SINGULAR = 1e-11


class RidgeProblem(Problem):
    """`ridge` on one set of training ratings."""

    config: RidgeConfig

    def __init__(self, ratings: Ratings, config: RidgeConfig) -> None:
        if config.fill == "refuse" and not ratings.complete:
            missing = ratings.n_users * ratings.n_movies - ratings.n_ratings
            raise DataError(
                tr("y has {n} missing ratings, and the text-book's loss needs every cell.", n=count(missing)),
                tr("Fill them with 0 or the {noun}'s mean, or use the observed algorithm.", noun=ratings.noun),
            )
        super().__init__(ratings, config, 0.0)
        self.fill = np.zeros(ratings.n_movies)
        if config.fill == "mean":
            self.fill = np.nan_to_num(ratings.movie_means)
        self._known = {side: counts > 0 for side, counts in self.counts.items()}
        self._filled = config.fill != "refuse" and not ratings.complete
        if self._filled:
            users, movies = self._rows["u"], self._rows["m"]
            self._centred: dict[Side, Rows] = {
                "u": Rows(users.indptr, users.indices, users.values - self.fill[users.indices]),
                "m": Rows(movies.indptr, movies.indices, movies.values - np.repeat(self.fill, self.counts["m"])),
            }
        else:
            self._centred = self._rows

    def solve(self, side: Side, factors: Factors, workers: Workers) -> Iterator[tuple[float, Factors | None]]:
        """Solve every row of one side with one Cholesky factor."""
        old, bias = factors.of(side)
        other, _ = factors.of("m" if side == "u" else "u")
        rows = self._centred[side]
        cholesky = self._cholesky(side, other)
        constant = self._fill_part(side, other)
        sums = np.empty((len(old), factors.k))
        out = np.empty_like(old)

        def block(start: int, stop: int) -> int:
            kernels.weighted_sums(start, stop, rows.indptr, rows.indices, rows.values, other, sums)
            part = sums[start:stop] + constant[start:stop]
            out[start:stop] = linalg.cho_solve(cholesky, part.T, check_finite=False).T
            return stop

        for stop in workers.run(block, self._blocks[side]):
            yield stop / len(old), None
        out[~self._known[side]] = 0
        yield 1.0, factors.replaced(side, out, np.zeros_like(bias))

    def evaluate(self, factors: Factors, workers: Workers) -> Evaluation:
        """Squared errors over the observed ratings, and the loss over all cells of known rows."""
        rss = self._squared_errors(factors, workers)
        lambda_u, lambda_m = self.config.penalties
        penalty = lambda_u * squared_length(factors.users) + lambda_m * squared_length(factors.movies)
        return Evaluation(rss, rss + self._errors_of_holes(factors, workers) + penalty)

    def fold_in(self, factors: Factors, columns: Ints, values: Floats) -> tuple[Floats, float]:
        """Solve one new user's row over all movies; what is not rated is filled as in training."""
        if self.config.fill == "refuse" and len(columns) < len(factors.movies):
            raise DataError(
                tr("This person rated {n} of {all}.", n=count(len(columns)), all=count(len(factors.movies))),
                tr("The text-book's loss needs every rating: fill missing ones with 0 or the mean."),
            )
        if not len(columns):
            return np.zeros(factors.k, factors.users.dtype), 0.0
        movies = factors.movies.astype(np.float64)
        right = movies[columns].T @ (np.asarray(values, np.float64) - self.fill[columns]) + self.fill @ movies
        weights = linalg.cho_solve(self._cholesky("u", factors.movies), right)
        return weights.astype(factors.users.dtype), 0.0

    def _cholesky(self, side: Side, other: Floats) -> tuple[Floats, bool]:
        """Factor of lambda I + F F^T, shared by all rows of the side."""
        penalty = self.config.penalties[0 if side == "u" else 1]
        exact = other.astype(np.float64)
        gram = exact.T @ exact
        largest = float(np.max(np.diag(gram), initial=0.0)) + penalty
        gram[np.diag_indices_from(gram)] += penalty
        try:
            factor, lower = linalg.cho_factor(gram, lower=True, check_finite=False)
            singular = bool(np.any(np.diag(factor) ** 2 <= _SINGULAR * largest))
        except linalg.LinAlgError:
            singular = True
        if singular:
            letter, solved = ("m", "user") if side == "u" else ("u", self.ratings.noun)
            raise NumericalError(
                tr("{letter} has less than K = {k} independent attributes: no {who}'s weights are determined.",
                   letter=letter, k=self.config.k, who=solved),
                tr("Set lambda_{side} above 0, or K to at most {rank}.",
                   side=side, rank=max(int(np.linalg.matrix_rank(exact)), 1)),
            )  # fmt: skip
        return factor, lower

    def _fill_part(self, side: Side, other: Floats) -> Floats:
        """What filled cells add to the right-hand side of each row (rows x K)."""
        n_rows = len(self.counts[side])
        if not self._filled:
            return np.zeros((n_rows, other.shape[1]))
        exact = other.astype(np.float64)
        if side == "u":
            return np.broadcast_to(self.fill @ exact, (n_rows, other.shape[1]))
        return np.outer(self.fill, exact.sum(axis=0))

    def _errors_of_holes(self, factors: Factors, workers: Workers) -> float:
        """Sum of (g_j - r_ij)^2 over the holes between known rows: all such cells less the observed ones."""
        if not self._filled:
            return 0.0
        users, movies = factors.users.astype(np.float64), factors.movies.astype(np.float64)
        known_fill = self.fill * self._known["m"]
        all_cells = (
            np.count_nonzero(self._known["u"]) * float(known_fill @ known_fill)
            - 2 * float(known_fill @ (movies @ users.sum(axis=0)))
            + float(np.sum((users.T @ users) * (movies.T @ movies)))
        )
        observed = self._squared_errors(factors, workers, self.fill[self._rows["u"].indices])
        return all_cells - observed
