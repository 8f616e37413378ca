"""Problems over all cells of y, in which one matrix serves all rows of a side: `ridge`, `nonnegative`, `nmf`.

Row x minimises x^T (F F^T + lambda I) x - 2 b^T x with b = F y. A complete y is taken as the array that it is, and one
pass over it serves both half-steps of an epoch: while some users are in the cache their rows are solved, and these rows
add their share to the right-hand sides of the movies. Where y has holes each is filled with 0 or its movie's mean g_j,
and the filled matrix is never built: b = sum over observed (y_ij - g_j) f + sum over all g_j f. A row without ratings
is not filled: it has no equation, zero factors, and no part in L. The loss follows from b and F F^T.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from alsgui.core.errors import DataError, NumericalError
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.complete import CompleteY
from alsgui.core.solvers.dense import factor_of
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.kernels.cells import squared_errors, weighted_sums
from alsgui.core.solvers.kernels.complete import quadratic
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved, read_only, squared_length
from alsgui.core.solvers.settings import Config, Fill
from alsgui.text import count, tr

RowSolver = Callable[[Floats, Floats], tuple[Floats, float]]
"""From right-hand sides b (K x n) and old rows (n x K), in the same precision: the new rows, and what a rule of the
algorithm's own watches, summed over them."""

RightSides = Callable[[int, int], Floats]
"""Right-hand sides b (K x n, C-contiguous) of rows start..stop."""

Precision = np.dtype[np.floating[Any]]

_PASS = 0.9
"""Share of a half-step of movies that is done after a pass over y."""


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
        self._filled = not ratings.complete
        users, movies = self.entries["u"], self.entries["m"]
        self._centred: dict[Side, Entries] = self.entries
        if self._filled and self.fill.any():
            self._centred = {
                "u": _less(users, self.fill[users.indices]),
                "m": _less(movies, np.repeat(self.fill, self.counts["m"])),
            }
        width = self.layout.width
        self.whole: CompleteY | None = None
        self._blocks = {side: self.blocks(side, 2.0 * width, 4.0 * width**2) for side in self.entries}
        if not self._filled:
            self.whole = CompleteY(ratings, self.blocks("u", 4.0 * width, 4.0 * width**2))
            self._blocks = {"u": self.whole.blocks, "m": self.blocks("m", 0.0, 4.0 * width**2)}
        self._ahead: tuple[Floats, Precision, Floats] | None = None  # users, and the movies' right-hand sides for them
        known_fill = np.square(self.fill * self.known["m"]).sum() * np.count_nonzero(self.known["u"])
        self._squares = float(np.sum(np.square(ratings.csr.data, dtype=np.float64)))
        if self._filled:
            self._squares += float(known_fill) - float(np.sum(np.square(self.fill[users.indices])))

    # What an algorithm has otherwise

    def row_solver(self, side: Side, gram: Floats, other: Floats, *, exact: bool) -> RowSolver:
        """How rows are solved, F F^T given: here by one Cholesky factor of F F^T + lambda I."""
        del exact
        factor = self._cholesky(side, gram, other)

        def solved(b: Floats, old: Floats) -> tuple[Floats, float]:
            del old
            return np.asarray(linalg.cho_solve(factor, b, check_finite=False).T), 0.0

        return solved

    def objective(self, errors: float, point: Point) -> float:
        """The loss, from the squared errors over all cells."""
        return errors + sum(self.config.penalty(side) * squared_length(point.rows(side)) for side in self.entries)

    def precision(self, stored: Precision, *, exact: bool) -> Precision:
        """In which sums over y are taken where factors are stored as `stored`."""
        del stored, exact
        return np.dtype(np.float64)

    def watched(self, side: Side, total: float, errors: float) -> float | None:
        """What `ends` is to see of a half-step: from the row solver's sum, and the squared errors over all cells."""
        del side, total, errors
        return None

    # The half-step

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side; see `Problem.solve`."""
        own, held = point.rows(side), point.rows(other_side(side))
        dtype = self.precision(own.dtype, exact=exact)
        other, gram = self._other_and_gram(side, held)
        right, begun = yield from self._right_sides(side, held, other, dtype, workers)
        solver = self.row_solver(side, gram, other, exact=exact)
        half = _HalfStep(self, side, own, gram, right, solver, dtype, looks_ahead=not exact and self._looks_ahead)
        errors, watched = self._squares, 0.0
        for part in workers.run(half.block, self._blocks[side]):
            errors += part.errors
            watched += part.watched
            half.add(part.shares)
            yield begun + (1 - begun) * part.stop / len(own)
        if half.shares is not None:
            self._ahead = (half.out, dtype, half.shares)
        errors = max(errors, 0.0)
        solved = point.replaced(side, half.out)
        rss, loss = self._observed_errors(solved, workers, errors), self.objective(errors, solved)
        yield Solved(half.out, rss, loss, None if exact else self.watched(side, watched, errors))

    def fold_in_all(self, factors: Factors, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """Solve newcomers' rows over all rows of the other side; what is not rated is filled as in training."""
        other, _ = (part.astype(np.float64) for part in factors.of(other_side(side)))
        n, counts = newcomers.n_rows, newcomers.counts
        fewest = int(counts.min(initial=len(other)))
        if self._refuses and fewest < len(other):
            raise DataError(
                tr("Only {n} of {all} cells are rated.", n=count(fewest), all=count(len(other))),
                tr("This loss needs every rating: fill missing ones with 0 or the mean."),
            )
        known = self.known[other_side(side)]
        # A movie's fill is its mean, so that of a new movie is the mean of what is known of it.
        level, fill = np.zeros(n), self.fill if side == "u" else np.zeros(len(other))
        if side == "m" and self.fill.any():
            level = np.bincount(np.repeat(np.arange(n), counts), newcomers.values, n) / np.maximum(counts, 1)
        above = newcomers.values - fill[newcomers.indices] - np.repeat(level, counts)
        y = sparse.csr_array((above, newcomers.indices, newcomers.indptr), (n, len(other)))
        b = y @ other + (fill * known) @ other + np.outer(level, known @ other)
        gram = other[known].T @ other[known]
        solver = self.row_solver(side, gram, other, exact=True)
        rows, _ = solver(np.ascontiguousarray(b.T), np.zeros((n, factors.k)))
        rows[counts == 0] = 0
        return rows.astype(factors.users.dtype), np.zeros(n, factors.users.dtype)

    def times(self, side: Side, rows: Floats, workers: Workers) -> Floats:
        """Y (or Y^T) times rows of the other side, holes filled: rows of `side` x columns, float64."""
        k, other = rows.shape[1], np.ascontiguousarray(rows, np.float64)
        other.setflags(write=False)
        if self.whole and side == "m":
            *_, sums = self.whole.movie_sums(other, k, np.float64, workers)
            assert not isinstance(sums, float)
            return np.ascontiguousarray(sums[:k].T)
        right = self._right_sides_by_row(side, other, np.dtype(np.float64))
        parts = workers.run(lambda start, stop: right(start, stop).T, self._blocks[side])
        return np.asarray(np.concatenate(list(parts)) * self.known[side][:, None])

    @property
    def filled_mean(self) -> float:
        """Mean over all cells of rows and columns that have ratings, holes filled."""
        n_users, n_movies = (int(np.count_nonzero(rows)) for rows in self.known.values())
        filled = n_users * float(np.sum(self.fill)) - float(self.fill @ self.counts["m"]) if self._filled else 0.0
        return (float(np.sum(self.ratings.csr.data, dtype=np.float64)) + filled) / max(n_users * n_movies, 1)

    @property
    def _looks_ahead(self) -> bool:
        """Whether movies are solved for users as they were solved: extrapolated, they have other right-hand sides."""
        return not getattr(self.config, "accelerate", False)

    def _other_and_gram(self, side: Side, held: Floats) -> tuple[Floats, Floats]:
        """F and F F^T in float64; F is read-only."""
        other = np.ascontiguousarray(held[:, : self.layout.k], np.float64)
        other.setflags(write=False)
        known = other[self.known[other_side(side)]] if self._filled else other
        return other, known.T @ known

    def _right_sides(
        self, side: Side, held: Floats, other: Floats, dtype: Precision, workers: Workers
    ) -> Generator[float, None, tuple[RightSides, float]]:
        """Right-hand sides of any rows of one side, and the share of the half-step that was done for them.

        Those of the movies of a complete y were summed with the users, or are by a pass over y, with the same bits.
        """
        if self.whole is None or side == "u":
            return self._right_sides_by_row(side, other, dtype), 0.0
        if self._ahead is not None and self._ahead[0] is held and self._ahead[1] == dtype:
            return _columns_of(self._ahead[2], self.layout.k, dtype), 0.0
        for step in self.whole.movie_sums(held, self.layout.k, dtype, workers):
            if isinstance(step, float):
                yield _PASS * step
        assert not isinstance(step, float)
        return _columns_of(step, self.layout.k, dtype), _PASS

    def _right_sides_by_row(self, side: Side, other: Floats, dtype: Precision) -> RightSides:
        k = other.shape[1]
        if self.whole:
            y, tall = self.whole, self.whole.tall(other, dtype)
            return lambda start, stop: y.user_sums(start, stop, tall, k)
        sums, constant = np.empty((len(self.counts[side]), k)), self._fill_part(side, other)

        def right(start: int, stop: int) -> Floats:
            weighted_sums(start, stop, self._centred[side], other, sums)
            return np.ascontiguousarray((sums[start:stop] + constant[start:stop]).T, dtype)

        return right

    def _cholesky(self, side: Side, gram: Floats, other: Floats) -> tuple[Floats, bool]:
        factor = factor_of(gram + self.config.penalty(side) * np.eye(len(gram)))
        if factor is None:
            letter, solved = ("m", "user") if side == "u" else ("u", self.ratings.noun)
            raise NumericalError(
                tr("{letter} has less than K = {k} independent attributes: no {who}'s weights are determined.",
                   letter=letter, k=self.config.k, who=solved),
                tr("Set lambda_{side} above 0, or K to at most {rank}.",
                   side=side, rank=max(int(np.linalg.matrix_rank(other)), 1)),
            )  # fmt: skip
        return factor

    def _fill_part(self, side: Side, other: Floats) -> Floats:
        """What filled cells add to the right-hand side of each row (rows x K)."""
        if side == "u":
            return np.broadcast_to((self.fill * self.known["m"]) @ other, (len(self.counts["u"]), other.shape[1]))
        return np.outer(self.fill, other[self.known["u"]].sum(axis=0))

    def _observed_errors(self, point: Point, workers: Workers, errors: float) -> float:
        """Squared errors over the observed ratings alone: all of them where y is complete."""
        if not self._filled:
            return errors
        left, right = point.left, point.right

        def block(start: int, stop: int) -> float:
            return float(squared_errors(start, stop, self.entries["u"], left, right, 0.0))

        return float(sum(workers.run(block, self._blocks["u"])))


@dataclass
class _Part:
    """A block of solved rows: where it ends, x^T G x - 2 b^T x, what is watched, what it adds to the other side."""

    stop: int
    errors: float
    watched: float
    shares: Floats | None


class _HalfStep:
    """What the blocks of one half-step share, and the rows that they fill."""

    def __init__(
        self, problem: SharedProblem, side: Side, own: Floats, gram: Floats, right: RightSides, solver: RowSolver,
        dtype: Precision, *, looks_ahead: bool,
    ) -> None:  # fmt: skip
        self.out = np.zeros_like(own)
        self.shares: Floats | None = None
        self._known, self._filled = problem.known[side], problem.whole is None
        self._k, self._y = problem.layout.k, problem.whole if side == "u" else None
        self._own, self._gram, self._right, self._solver, self._dtype = own, gram, right, solver, dtype
        if looks_ahead and self._y:
            self.shares = self._y.no_movie_sums(self._k, np.float64)
        self._solved = self.out.view()
        self._solved.setflags(write=False)  # kernels have one signature for each precision

    def block(self, start: int, stop: int) -> _Part:
        """Solve rows start..stop."""
        k, y, dtype = self._k, self._y, self._dtype
        part = _Part(stop, 0.0, 0.0, None if self.shares is None or y is None else y.no_movie_sums(k, dtype))
        for first, last in y.pieces(start, stop) if y else [(start, stop)]:
            b = self._right(first, last)
            rows, watched = self._solver(b, self._own[first:last, :k].astype(dtype))
            out = self.out[first:last, :k]
            out[:] = rows
            if self._filled:
                out[~self._known[first:last]] = 0
            part.errors += quadratic(self._gram, b, out.astype(dtype))
            part.watched += watched
            if y and part.shares is not None:
                y.add_movie_shares(first, last, self._solved, k, part.shares)
        return part

    def add(self, shares: Floats | None) -> None:
        """Add what a block contributes to the right-hand sides of the movies."""
        if self.shares is not None and shares is not None:
            self.shares += shares


def _columns_of(sums: Floats, k: int, dtype: Precision) -> RightSides:
    b = sums[:k].astype(dtype)
    return lambda start, stop: np.ascontiguousarray(b[:, start:stop])


def _less(entries: Entries, fill: npt.NDArray[np.float64]) -> Entries:
    return read_only(entries.indptr, entries.indices, (entries.values - fill).astype(np.float64))
