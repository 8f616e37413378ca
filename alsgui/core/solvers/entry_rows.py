"""Problems in which every row has a matrix of its own, summed over its ratings: `observed` and `implicit`.

Row x of one side minimises x^T A x - 2 b^T x with A = G + sum w f f^T + Lambda and b = sum v f over its ratings, f the
packed row of the other side. Solved exactly by Cholesky, or by some steps of conjugate gradients from where the row
stood. Both start from the old row and say by how much the objective falls, so that the loss costs no pass of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import NumericalError
from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.kernels.compiled import SOLVED
from alsgui.core.solvers.kernels.entries import Law, Ridge, relax_rows, solve_rows
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved, squared_length
from alsgui.core.solvers.settings import Config
from alsgui.text import counted, tr

MOST_EXACT = 24
"""Up to this K "auto" solves rows exactly: there the matrix of a row costs less than the steps it saves."""

_FLOOR = {"float32": 1e-6, "float64": 1e-11}
"""Share of its diagonal at which a pivot counts as zero, by precision."""


def damped_biases(ratings: Ratings, mu: float, damping: float) -> tuple[Floats, Floats]:
    """b (N) and c (M): movies' mean errors, then users' mean errors beside them, with some zeros averaged in."""
    errors = ratings.csr.data.astype(np.float64) - mu
    sums = np.bincount(ratings.csr.indices, weights=errors, minlength=ratings.n_movies)
    c = sums / np.maximum(ratings.movie_counts + damping, 1e-300)
    errors -= c[ratings.csr.indices]
    sums = np.bincount(ratings.users_of_ratings, weights=errors, minlength=ratings.n_users)
    return sums / np.maximum(ratings.user_counts + damping, 1e-300), c


class EntrySettings(Protocol):
    """What the settings of such an algorithm have beside those of all."""

    lambda_power: float
    solver: str
    cg_steps: int


@dataclass(frozen=True)
class Meaning:
    """What a stored value z says: weight w = slope |z| + base; pull v = up z + lift, or below z + sink where z < 0."""

    slope: float
    base: float
    up: float
    lift: float
    below: float
    sink: float

    @classmethod
    def rating(cls, mu: float) -> Meaning:
        """Every value weighs 1 and pulls by what it is above mu."""
        return cls(slope=0.0, base=1.0, up=1.0, lift=-mu, below=1.0, sink=-mu)

    @property
    def unweighted(self) -> bool:
        """Whether every value has the weight 1."""
        return (self.slope, self.base) == (0.0, 1.0)

    def law(self, dtype: npt.DTypeLike) -> Law:
        """The same for kernels of a precision."""
        return Law(*np.array([self.slope, self.base, self.up, self.lift, self.below, self.sink], dtype))


class EntryProblem(Problem):
    """Rows with a matrix of their own on one set of training ratings.

    Parameters
    ----------
    meaning
        What a stored value says.
    mu
        Mean that predictions start from.
    lambda_bias
        Ridge on the biases; None for an algorithm without.
    damping
        Biases are mean errors with so many zeros averaged in, and are held; None solves them with the factors.
    """

    def __init__(
        self,
        ratings: Ratings,
        config: Config,
        meaning: Meaning,
        *,
        mu: float = 0.0,
        lambda_bias: float | None = None,
        damping: float | None = None,
    ) -> None:
        super().__init__(ratings, config, mu, biases=lambda_bias is not None, held=damping is not None)
        self._damping = damping or 0.0
        settings: EntrySettings = config  # type: ignore[assignment]
        self.meaning = meaning
        self.lambda_bias = lambda_bias or 0.0
        self.exact = not (settings.solver == "cg" or (settings.solver == "auto" and config.k > MOST_EXACT))
        self._power, self.steps = settings.lambda_power, settings.cg_steps
        width = self.layout.width
        exact = (width**2 + 6.0 * width, width**3 / 3)
        relaxed = (2.0 * (self.steps + 1) * width, 20.0 * width)
        self._exact_blocks = {side: self.blocks(side, *exact) for side in self.entries}
        self._relaxed_blocks = {side: self.blocks(side, *relaxed) for side in self.entries}

    # What `implicit` has otherwise

    @cached_property
    def mass(self) -> dict[Side, Floats]:
        """What is raised to the power p and multiplies lambda: each row's number of ratings; 1 where there is none."""
        return {side: np.maximum(counts, 1).astype(np.float64) for side, counts in self.counts.items()}

    def mass_of(self, entries: Entries, side: Side) -> Floats:
        """The same for rows that are not in the data."""
        del side
        return np.maximum(entries.counts, 1).astype(np.float64)

    @cached_property
    def constant(self) -> float:
        """What the objective has beside x^T A x - 2 b^T x: the squared ratings, less mu."""
        return float(np.sum(np.square(self.entries["u"].values - self.mu, dtype=np.float64)))

    def gram(self, other: Floats) -> Floats:
        """G (W x W), or 0 x 0 where only ratings count."""
        return np.zeros((0, 0), other.dtype)

    def mean_matrix(self, side: Side, rows: Floats) -> Floats:
        """What the matrices of the other side's rows are on average, up to a factor (K x K)."""
        weights = self.row_weights(side)[:, None].astype(rows.dtype)
        return np.asarray((rows * weights).T @ rows, np.float64)

    def row_weights(self, side: Side) -> Floats:
        """Sum of w over each row's ratings."""
        return self.counts[side].astype(np.float64)

    def rss(self, loss: float, penalty: float) -> float:
        """Squared errors of predictions, from the loss: no pass over the ratings."""
        return max(loss - penalty, 0.0)

    # The half-step

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side; see `Problem.solve`. Exactly, arithmetic is in float64."""
        relaxes = not (self.exact or exact)
        own = point.rows(side)
        half = self._half(side, point, np.float64 if exact else own.dtype, relaxes=relaxes)
        out = np.empty_like(half.own)

        def block(start: int, stop: int) -> tuple[int, Floats]:
            totals = np.zeros(2)
            failed = half.relax(start, stop, out, totals) if relaxes else half.solve(start, stop, out, totals)
            if failed != SOLVED and half.own.dtype != np.float64:
                failed = self._carefully(side, point, start, stop, out, totals)
            if failed != SOLVED:
                raise self._not_determined(self.row_name(side, failed), int(self.counts[side][failed]), side)
            return stop, totals

        before = gain = 0.0
        for stop, totals in workers.run(block, (self._relaxed_blocks if relaxes else self._exact_blocks)[side]):
            before += float(totals[0])
            gain += float(totals[1])
            yield stop / len(own)
        rows = out.astype(own.dtype, copy=False)
        held = self._penalty(other_side(side), point.rows(other_side(side)))
        loss = self.constant + before - gain + held
        yield Solved(rows, self.rss(loss, held + self._penalty(side, rows)), loss)

    def rotation(self, point: Point) -> Floats | None:
        """The axes of both sides' second moments: there a diagonal preconditioner says most."""
        if self.exact:
            return None
        k = self.layout.k
        total = np.zeros((k, k))
        for side in self.entries:
            moment = self.mean_matrix(side, point.rows(side)[:, :k])
            total += moment / max(float(np.trace(moment)), 1e-300)
        _, axes = np.linalg.eigh(total)
        axes = axes[:, ::-1]
        return np.ascontiguousarray(axes * np.where(np.diag(axes) < 0, -1.0, 1.0))

    def fold_in_all(self, factors: Factors, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """Solve newcomers' rows, in float64; without ratings, zeros."""
        layout, n = self.layout, newcomers.n_rows
        other = layout.pack(other_side(side), *factors.of(other_side(side)), dtype=np.float64)
        own = layout.pack(side, np.zeros((n, layout.k)), self._held_biases(side, factors, newcomers))
        half = _HalfStep(self, newcomers, self._ridge(side, np.float64, self.mass_of(newcomers, side)), own, other)
        out = np.empty_like(own)
        failed = half.solve(0, n, out, np.zeros(2))
        if failed != SOLVED:
            who = tr("this person") if side == "u" else tr("this one")
            raise self._not_determined(who, int(newcomers.counts[failed]), side)
        biases = out[:, layout.bias_column(side)] if layout.biases else np.zeros(n)
        return out[:, : layout.k].astype(factors.users.dtype), biases

    def prepared(self, factors: Factors) -> Factors:
        """The same with damped biases, where biases are held."""
        if not self.layout.held:
            return factors
        b, c = damped_biases(self.ratings, self.mu, self._damping)
        return replace(factors, user_bias=b.astype(factors.users.dtype), movie_bias=c.astype(factors.users.dtype))

    def _held_biases(self, side: Side, factors: Factors, newcomers: Entries) -> Floats:
        """The damped biases of newcomers; 0 for one without ratings."""
        if not self.layout.held:
            return np.zeros(newcomers.n_rows)
        _, others = factors.of(other_side(side))
        errors = newcomers.values.astype(np.float64) - self.mu
        if side == "u":  # movies' biases are means of errors, users' of what those leave
            errors -= others[newcomers.indices]
        sums = np.diff(np.concatenate([[0.0], np.cumsum(errors)])[newcomers.indptr])
        return np.asarray(sums / np.maximum(newcomers.counts + self._damping, 1e-300))

    def _half(self, side: Side, point: Point, dtype: npt.DTypeLike, *, relaxes: bool = False) -> _HalfStep:
        own, other = (point.rows(which).astype(dtype, copy=False) for which in (side, other_side(side)))
        moment = self._moment(other_side(side), other) if relaxes else None
        return _HalfStep(self, self.entries[side], self._ridge(side, dtype, self.mass[side]), own, other, moment)

    def _moment(self, held: Side, rows: Floats) -> Floats:
        """Mean of w f^2 over all ratings, by column (W)."""
        squares = np.einsum("i,ij,ij->j", self.row_weights(held), rows, rows, dtype=np.float64)
        return np.asarray(squares / max(self.ratings.n_ratings, 1), rows.dtype)

    def _carefully(self, side: Side, point: Point, start: int, stop: int, out: Floats, totals: Floats) -> int:
        """A block once more, exactly and in float64, when a row seemed to have no answer in float32."""
        exact, totals[:] = self._half(side, point, np.float64), 0
        rows = np.empty_like(exact.own)
        failed = exact.solve(start, stop, rows, totals)
        if failed == SOLVED:
            out[start:stop] = rows[start:stop]
        return failed

    def _ridge(self, side: Side, dtype: npt.DTypeLike, mass: Floats) -> Ridge:
        layout = self.layout
        free, scaled = layout.free(side), np.arange(layout.width) < layout.k
        plain = np.where(free & ~scaled, self.lambda_bias, ~free)
        rows = self.config.penalty(side) * mass**self._power
        return Ridge(*(np.asarray(part, dtype) for part in (rows, scaled, plain, free)))

    def _penalty(self, side: Side, rows: Floats) -> float:
        """The side's part of the loss beside errors: its factors and its biases."""
        layout = self.layout
        total = squared_length(rows[:, : layout.k], self.config.penalty(side) * self.mass[side] ** self._power)
        if layout.biases and not layout.held:
            bias = rows[:, layout.bias_column(side)].astype(np.float64)
            total += self.lambda_bias * float(bias @ bias)
        return total

    def _not_determined(self, who: str, n: int, side: Side) -> NumericalError:
        return NumericalError(
            tr("{who} has {ratings}, which do not determine its {unknowns}.",
               who=who, ratings=counted(n, "rating"),
               unknowns=counted(self.config.k + self.layout.biases, "weight")),
            tr("Set {penalty} above 0, or K to a smaller number.", penalty=f"lambda_{side}"),
        )  # fmt: skip


class _HalfStep:
    """The kernels with all that the rows of one half-step share, in one precision."""

    def __init__(
        self,
        problem: EntryProblem,
        entries: Entries,
        ridge: Ridge,
        own: Floats,
        other: Floats,
        moment: Floats | None = None,
    ) -> None:
        for rows in (own, other):
            rows.setflags(write=False)  # kernels have one signature for each precision
        self.own = own
        self._other, self._entries, self._ridge, self._moment = other, entries, ridge, moment
        self._law, self._gram = problem.meaning.law(own.dtype), problem.gram(other)
        self._n_columns, self._steps = problem.layout.n_columns, problem.steps
        penalised = bool(np.all(ridge.rows > 0) and np.all(ridge.scaled + ridge.plain > 0))
        self._dual = penalised and problem.meaning.unweighted and not len(self._gram)

    def solve(self, start: int, stop: int, out: Floats, totals: Floats) -> int:
        """`solve_rows` on a block."""
        return int(
            solve_rows(
                start, stop, self._entries, self._law, self._ridge, self._gram, self._n_columns, self._dual,
                _FLOOR[self.own.dtype.name], self._other, self.own, out, totals,
            )
        )  # fmt: skip

    def relax(self, start: int, stop: int, out: Floats, totals: Floats) -> int:
        """`relax_rows` on a block."""
        return int(
            relax_rows(
                start, stop, self._entries, self._law, self._ridge, self._gram, self._moment, self._other, self.own,
                self._steps, out, totals,
            )
        )  # fmt: skip
