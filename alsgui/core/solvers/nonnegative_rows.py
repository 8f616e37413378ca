"""The rows of `nonnegative`: over all cells on the shared matrix, or over observed cells with a matrix of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.kernels.cells import squared_errors
from alsgui.core.solvers.kernels.compiled import SOLVED
from alsgui.core.solvers.kernels.nnls import nonnegative_rows, observed_rows
from alsgui.core.solvers.nonnegative import NonnegativeConfig
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved, squared_length
from alsgui.core.solvers.shared_rows import RowSolver, SharedProblem

if TYPE_CHECKING:
    from alsgui.core.model import HalfStepRecord


class _Rules(Problem):
    """What both have: a side that may be free, m that may be scaled, and the rules by which R's package ends."""

    config: NonnegativeConfig

    def nonnegative(self, side: Side) -> bool:
        """Whether a side's numbers stay at 0 or above."""
        return self.config.free not in (side, "both")

    def scaled(self, side: Side, rows: Floats) -> Floats:
        """m after its half-step, scaled as the settings ask for."""
        if side == "u" or self.config.scale_m == "none":
            return rows
        sizes = np.abs(rows).max(axis=0) if self.config.scale_m == "largest" else np.linalg.norm(rows, axis=0)
        return rows / np.where(sizes > 0, sizes, 1.0)

    def ends(self, half_steps: Sequence[HalfStepRecord]) -> str | None:
        """R's rules: a fall of the squared errors that is too small, or enough half-steps.

        Never on a scaled m, for which u is not solved yet, unless a single half-step was asked for.
        """
        *before, last = half_steps
        if last.side == "m" and self.config.scale_m != "none" and self.config.half_steps != 1:
            return None
        if self.config.half_steps is not None and len(half_steps) >= self.config.half_steps:
            return "epochs"
        if self.config.fall is None:
            return None
        old = before[-1].rss if before else self.rss_of_the_start
        return "tolerance" if old - last.rss <= self.config.fall * old else None

    rss_of_the_start: float = np.inf
    """Squared errors before the first half-step."""

    def observed_errors(self, point: Point, workers: Workers) -> float:
        """Squared errors over the observed ratings, in float64."""
        entries, left, right = self.entries["u"], point.left, point.right

        def block(start: int, stop: int) -> float:
            return float(squared_errors(start, stop, entries, left, right, 0.0))

        return float(sum(workers.run(block, self.blocks("u", self.layout.width, self.layout.width))))


class NonnegativeShared(SharedProblem, _Rules):
    """`nonnegative` over all cells."""

    def __init__(self, ratings: Ratings, config: NonnegativeConfig) -> None:
        super().__init__(ratings, config, config.fill)

    def row_solver(self, side: Side, gram: Floats, other: Floats, *, exact: bool) -> RowSolver:
        """Non-negative least squares per row; a free side by least squares, the shortest where there are several."""
        del other, exact
        matrix = gram + self.config.penalty(side) * np.eye(len(gram))
        if not self.nonnegative(side):
            inverse = np.linalg.pinv(matrix, rcond=1e-13, hermitian=True)
            return lambda b, _: (b.T @ inverse, 0.0)

        def solved(b: Floats, old: Floats) -> tuple[Floats, float]:
            nonnegative_rows(0, len(old), matrix, np.ascontiguousarray(b.T), old)
            return old, 0.0

        return solved

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side; see `Problem.solve`."""
        if np.isinf(self.rss_of_the_start):
            self.rss_of_the_start = self.observed_errors(point, workers)
        for step in super().solve(side, point, workers, exact=exact):
            if not isinstance(step, Solved) or side == "u" or self.config.scale_m == "none":
                yield step
                continue
            rows = np.ascontiguousarray(self.scaled(side, step.rows))
            rss = self.observed_errors(point.replaced(side, rows), workers)
            yield replace(step, rows=rows, rss=rss, loss=self.objective(rss, point.replaced(side, rows)))


class NonnegativeObserved(_Rules):
    """`nonnegative` over the observed cells: every row has a matrix of its own."""

    def __init__(self, ratings: Ratings, config: NonnegativeConfig) -> None:
        super().__init__(ratings, config)
        k = config.k
        self._blocks = {side: self.blocks(side, k * (k + 1.0), 4.0 * k**3) for side in self.entries}

    @cached_property
    def _ridge(self) -> dict[Side, Floats]:
        return {side: np.full(len(counts), self.config.penalty(side)) for side, counts in self.counts.items()}

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side; see `Problem.solve`. Arithmetic is in float64."""
        del exact
        if np.isinf(self.rss_of_the_start):
            self.rss_of_the_start = self.observed_errors(point, workers)
        k, own = self.layout.k, point.rows(side)
        other = self._exact(point.rows(other_side(side)))
        rows = np.array(own[:, :k], np.float64)

        def block(start: int, stop: int) -> int:
            self._solve_block(side, self.entries[side], self._ridge[side], other, rows, start, stop)
            return stop

        for stop in workers.run(block, self._blocks[side]):
            yield stop / len(own)
        out = np.zeros_like(own)
        out[:, :k] = self.scaled(side, rows)
        kept = point.replaced(side, out)
        rss = self.observed_errors(kept, workers)
        penalty = sum(self.config.penalty(each) * squared_length(kept.rows(each)) for each in self.entries)
        yield Solved(out, rss, rss + penalty)

    def fold_in_all(self, factors: Factors, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """Solve newcomers' rows; without ratings, zeros."""
        n = newcomers.n_rows
        rows = np.zeros((n, factors.k))
        other = self._exact(factors.of(other_side(side))[0])
        self._solve_block(side, newcomers, np.full(n, self.config.penalty(side)), other, rows, 0, n)
        rows[newcomers.counts == 0] = 0
        return rows.astype(factors.users.dtype), np.zeros(n, factors.users.dtype)

    def _exact(self, rows: Floats) -> Floats:
        exact = np.ascontiguousarray(rows[:, : self.layout.k], np.float64)
        exact.setflags(write=False)
        return exact

    def _solve_block(
        self, side: Side, entries: Entries, ridge: Floats, other: Floats, rows: Floats, start: int, stop: int
    ) -> None:
        while start < stop:
            failed = int(observed_rows(start, stop, entries, other, ridge, self.nonnegative(side), rows))
            if failed == SOLVED:
                return
            span = slice(entries.indptr[failed], entries.indptr[failed + 1])
            known = other[entries.indices[span]]
            rows[failed] = np.linalg.lstsq(known, entries.values[span].astype(np.float64), rcond=None)[0]
            start = failed + 1
