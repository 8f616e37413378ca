"""Problems over all cells of y, in which one matrix serves all rows of a side: `ridge`, `nonnegative`, `nmf`.

Row x minimises x^T (F F^T + lambda I) x - 2 b^T x with b = F y. Where y has holes each is filled with 0 or its movie's
mean g_j, and the filled matrix is never built: b = sum over observed (y_ij - g_j) f + sum over all g_j f. A row without
ratings is not filled: it has no equation, zero factors, and no part in L. The loss follows from b and F F^T.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg

from alsgui.core.errors import DataError, NumericalError
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.dense import factor_of
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.kernels.cells import squared_errors, weighted_sums
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved, read_only, squared_length
from alsgui.core.solvers.settings import Config, Fill
from alsgui.text import count, tr

RowSolver = Callable[[Floats, Floats], Floats]
"""Rows (n x K) from their right-hand sides b and their old values, both float64."""

_LARGE = 1_000_000
"""From so many ratings on, factors in float32 are also solved in float32."""


class SharedProblem(Problem):
    """One matrix for all rows of a side, over all cells of one set of training ratings.

    Parameters
    ----------
    fill
        What stands for a missing rating: "refuse", "zero" or "mean".
    """

    def __init__(self, ratings: Ratings, config: Config, fill: Fill) -> None:
        if fill == "refuse" and not ratings.complete:
            missing = ratings.n_users * ratings.n_movies - ratings.n_ratings
            raise DataError(
                tr("y has {n} missing ratings, and this loss needs every cell.", n=count(missing)),
                tr("Fill them with 0 or the {noun}'s mean, or use the observed algorithm.", noun=ratings.noun),
            )
        super().__init__(ratings, config)
        self.fill = np.nan_to_num(ratings.movie_means) if fill == "mean" else np.zeros(ratings.n_movies)
        self._refuses = fill == "refuse"
        self._filled = fill != "refuse" and not ratings.complete
        users, movies = self.entries["u"], self.entries["m"]
        self._centred: dict[Side, Entries] = self.entries
        if self._filled and self.fill.any():
            self._centred = {
                "u": _less(users, self.fill[users.indices]),
                "m": _less(movies, np.repeat(self.fill, self.counts["m"])),
            }
        self._dense = ratings.csr.data.reshape(ratings.csr.shape) if ratings.complete else None
        large = config.dtype == "float32" and ratings.n_ratings >= _LARGE
        self._dtype: np.dtype[Any] = np.dtype(np.float32 if large else np.float64)
        width = self.layout.width
        self._blocks = {side: self.blocks(side, 2.0 * width, 4.0 * width**2) for side in self.entries}
        known_fill = np.square(self.fill * self.known["m"]).sum() * np.count_nonzero(self.known["u"])
        self._squares = float(np.sum(np.square(ratings.csr.data, dtype=np.float64)))
        if self._filled:
            self._squares += float(known_fill) - float(np.sum(np.square(self.fill[users.indices])))

    def row_solver(self, side: Side, gram: Floats, other: Floats, *, exact: bool = False) -> RowSolver:
        """How rows are solved, F F^T given: here by one Cholesky factor of F F^T + lambda I."""
        del exact
        factor = self._cholesky(side, gram, other)

        def solved(b: Floats, old: Floats) -> Floats:
            del old
            return np.asarray(linalg.cho_solve(factor, b.T, check_finite=False).T)

        return solved

    def objective(self, errors: float, point: Point) -> float:
        """The loss, from the squared errors over all cells."""
        return errors + sum(self.config.penalty(side) * squared_length(point.rows(side)) for side in self.entries)

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side; see `Problem.solve`."""
        k, dtype = self.layout.k, np.dtype(np.float64) if exact else self._dtype
        own, held = point.rows(side), point.rows(other_side(side))
        other = np.ascontiguousarray(held[:, :k], dtype)
        other.setflags(write=False)
        known = other[self.known[other_side(side)]]
        gram = known.T @ known
        solver, constant = self.row_solver(side, gram, other, exact=exact), self._fill_part(side, other)
        exact_gram, out = gram.astype(np.float64), np.zeros_like(own)

        def block(start: int, stop: int) -> tuple[int, float]:
            b = self._products(side, start, stop, other)
            if constant is not None:
                b += constant[start:stop]
            rows = solver(b, own[start:stop, :k].astype(dtype))
            rows[~self.known[side][start:stop]] = 0
            out[start:stop, :k] = rows
            kept = out[start:stop, :k].astype(np.float64)
            return stop, float(np.sum(kept * (kept @ exact_gram - 2 * b)))

        errors = self._squares
        for stop, part in workers.run(block, self._blocks[side]):
            errors += part
            yield stop / len(own)
        solved = point.replaced(side, out)
        yield Solved(out, self._observed_errors(solved, workers, errors), self.objective(errors, solved))

    def _products(self, side: Side, start: int, stop: int, other: Floats) -> Floats:
        """sum over observed cells of (y - g) f for rows start..stop (rows x K)."""
        if self._dense is not None:
            y = self._dense[start:stop] if side == "u" else self._dense[:, start:stop].T
            return np.asarray(y.astype(other.dtype, copy=False) @ other)
        rows = self._centred[side]
        first, last = rows.indptr[start], rows.indptr[stop]
        part = read_only(rows.indptr[start : stop + 1] - first, rows.indices[first:last], rows.values[first:last])
        sums = np.empty((stop - start, other.shape[1]), other.dtype)
        weighted_sums(0, stop - start, part, other, sums)
        return sums

    def fold_in(self, factors: Factors, indices: Ints, values: Floats, side: Side = "u") -> tuple[Floats, float]:
        """Solve one newcomer's row over all rows of the other side; what is not rated is filled as in training."""
        other, _ = (part.astype(np.float64) for part in factors.of(other_side(side)))
        if self._refuses and len(indices) < len(other):
            raise DataError(
                tr("Only {n} of {all} cells are rated.", n=count(len(indices)), all=count(len(other))),
                tr("This loss needs every rating: fill missing ones with 0 or the mean."),
            )
        if not len(indices):
            return np.zeros(factors.k, factors.users.dtype), 0.0
        known = self.known[other_side(side)]
        fill = self.fill if side == "u" else np.full(len(other), np.mean(values) if self.fill.any() else 0.0)
        b = (np.asarray(values, np.float64) - fill[indices]) @ other[indices] + (fill * known) @ other
        gram = other[known].T @ other[known]
        row = self.row_solver(side, gram, other, exact=True)(b[None, :], np.zeros((1, factors.k)))[0]
        return row.astype(factors.users.dtype), 0.0

    def _cholesky(self, side: Side, gram: Floats, other: Floats) -> tuple[Floats, bool]:
        factor = factor_of(gram.astype(np.float64) + self.config.penalty(side) * np.eye(len(gram)))
        if factor is None:
            letter, solved = ("m", "user") if side == "u" else ("u", self.ratings.noun)
            raise NumericalError(
                tr("{letter} has less than K = {k} independent attributes: no {who}'s weights are determined.",
                   letter=letter, k=self.config.k, who=solved),
                tr("Set lambda_{side} above 0, or K to at most {rank}.",
                   side=side, rank=max(int(np.linalg.matrix_rank(other)), 1)),
            )  # fmt: skip
        return factor

    def _fill_part(self, side: Side, other: Floats) -> Floats | None:
        """What filled cells add to the right-hand side of each row (rows x K), where that is anything."""
        if not self._filled or not self.fill.any():
            return None
        n_rows = len(self.counts[side])
        if side == "u":
            part = np.asarray((self.fill * self.known["m"]) @ other, other.dtype)
            return np.broadcast_to(part, (n_rows, other.shape[1]))
        return np.outer(self.fill, other[self.known["u"]].sum(axis=0)).astype(other.dtype)

    def _observed_errors(self, point: Point, workers: Workers, errors: float) -> float:
        """Squared errors over the observed ratings alone: all of them where y is complete."""
        if not self._filled:
            return errors
        left, right = point.left, point.right

        def block(start: int, stop: int) -> float:
            return float(squared_errors(start, stop, self.entries["u"], left, right, 0.0))

        return float(sum(workers.run(block, self._blocks["u"])))


def _less(entries: Entries, fill: npt.NDArray[np.float64]) -> Entries:
    return read_only(entries.indptr, entries.indices, (entries.values - fill).astype(np.float64))
