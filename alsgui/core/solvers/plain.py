"""`ridge` and `observed` in NumPy alone: for the first seconds of a fresh install, and as a reference for the kernels.

Everything is exact and in float64. Nothing here is compiled, so that a fit can begin while kernels are.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

import numpy as np

from alsgui.core.errors import NumericalError
from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers.blocks import Workers
from alsgui.core.solvers.config import Config, ObservedConfig, RidgeConfig
from alsgui.core.solvers.factors import Factors, Side, other_side
from alsgui.core.solvers.packed import Entries, Point
from alsgui.core.solvers.problem import Problem, Solved, squared_length
from alsgui.text import tr

MOST_WORK = 1e9
"""Multiply-adds of an epoch up to which NumPy is fast enough that nobody has to wait for kernels."""

_NUMBERS_AT_A_TIME = 1 << 18
_SINGULAR = 1e-11


def runs_plain(config: Config, training: Ratings) -> bool:
    """Whether a fit may begin before there are kernels: its algorithm is here, and an epoch takes about a second."""
    if config.restarts > 1:
        return False
    if isinstance(config, ObservedConfig):
        return training.n_ratings * (config.k + 1.0) ** 2 <= MOST_WORK
    cells = float(training.n_users * training.n_movies)
    holes = isinstance(config, RidgeConfig) and config.fill == "refuse" and not training.complete
    return isinstance(config, RidgeConfig) and not holes and cells * max(config.k, 50) <= MOST_WORK


def plain_problem(config: Config, training: Ratings) -> Problem:
    """The problem of `config` (resolved) without kernels; only where `runs_plain`."""
    if isinstance(config, ObservedConfig):
        return PlainObserved(training, config)
    assert isinstance(config, RidgeConfig)
    return PlainRidge(training, config)


class _Plain(Problem):
    """What both have: the loss from its definition, and no kernels."""

    compiled = False

    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side; see `Problem.solve`."""
        del exact
        other = point.rows(other_side(side)).astype(np.float64)
        rows = np.zeros_like(point.rows(side))
        if self.layout.biases:
            rows[:, self.layout.bias_column(other_side(side))] = 1
        parts = self._parts(side)

        def part(start: int, stop: int) -> int:
            self._solve_rows(side, other, rows, parts[start])
            return stop

        # One at a time, so in this thread: several would fight with the window's for the interpreter.
        for at in range(len(parts)):
            (done,) = workers.run(part, [(at, at + 1)])
            yield done / len(parts)
        solved = point.replaced(side, rows)
        errors, rss = self._errors(solved)
        yield Solved(rows, rss, errors + sum(self._penalty(each, solved.rows(each)) for each in self.entries))

    @abstractmethod
    def _parts(self, side: Side) -> list[Ints]:
        """The rows that have an answer, in groups that are solved at a time."""

    @abstractmethod
    def _solve_rows(self, side: Side, other: Floats, rows: Floats, these: Ints) -> None:
        """Write the answers of a group into `rows`."""

    @abstractmethod
    def _errors(self, point: Point) -> tuple[float, float]:
        """Squared errors over the cells that count, and over the observed ones."""

    @abstractmethod
    def _penalty(self, side: Side, rows: Floats) -> float:
        """The side's part of the loss beside errors."""

    def fold_in_all(self, factors: Factors, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """As the algorithm with its kernels does."""
        return self.config.problem(self.ratings).fold_in_all(factors, newcomers, side)

    def _observed(self, point: Point) -> Floats:
        """Errors of the observed ratings, in the order of `csr.data`."""
        entries, users = self.entries["u"], self.ratings.users_of_ratings
        errors = np.empty(len(entries.values))
        step = max(_NUMBERS_AT_A_TIME // self.layout.width, 1)
        for start in range(0, len(errors), step):
            part = slice(start, start + step)
            left, right = point.left[users[part]], point.right[entries.indices[part]]
            errors[part] = (
                entries.values[part].astype(np.float64) - self.mu - np.einsum("ij,ij->i", left, right, dtype=np.float64)
            )
        return errors


class PlainObserved(_Plain):
    """`observed`: rows that have as many ratings are solved together."""

    config: ObservedConfig

    def __init__(self, ratings: Ratings, config: ObservedConfig) -> None:
        super().__init__(ratings, config, ratings.mean if config.biases else 0.0, biases=config.biases)

    def _parts(self, side: Side) -> list[Ints]:
        parts: list[Ints] = []
        counts = self.counts[side]
        for n in np.unique(counts[counts > 0]):
            alike = np.flatnonzero(counts == n)
            step = max(_NUMBERS_AT_A_TIME // int(n * self.layout.width), 1)
            parts += [alike[first : first + step] for first in range(0, len(alike), step)]
        return parts

    def _solve_rows(self, side: Side, other: Floats, rows: Floats, these: Ints) -> None:
        entries, n = self.entries[side], int(self.counts[side][these[0]])
        free, constant = self._columns(side)
        cells = entries.indptr[these].astype(np.int64)[:, None] + np.arange(n)
        held = other[entries.indices[cells]]
        features, levels = held[:, :, free], held[:, :, constant].sum(axis=2)
        target = entries.values[cells].astype(np.float64) - self.mu - levels
        matrix = features.transpose(0, 2, 1) @ features + np.diag(self._ridge(side, float(n)))
        answers = _answers(matrix, features.transpose(0, 2, 1) @ target[:, :, None], self, side, these)
        rows[np.ix_(these, free)] = answers[:, :, 0]

    def _columns(self, side: Side) -> tuple[Ints, Ints]:
        """Columns of the other side's rows that a row has unknowns for, and those that only shift its target.

        A user's bias stands where movies have a constant 1, and their bias where users have one.
        """
        k, layout = self.layout.k, self.layout
        if not layout.biases:
            return np.arange(k), np.arange(0)
        return np.append(np.arange(k), layout.bias_column(side)), np.array([layout.bias_column(other_side(side))])

    def _ridge(self, side: Side, n: float) -> Floats:
        ridge = np.full(self.layout.k, self.config.penalty(side) * n**self.config.lambda_power)
        return np.append(ridge, self.config.lambda_bias) if self.layout.biases else ridge

    def _errors(self, point: Point) -> tuple[float, float]:
        errors = self._observed(point)
        return float(errors @ errors), float(errors @ errors)

    def _penalty(self, side: Side, rows: Floats) -> float:
        counted = np.maximum(self.counts[side], 1).astype(np.float64) ** self.config.lambda_power
        total = self.config.penalty(side) * squared_length(rows[:, : self.layout.k], counted)
        if self.layout.biases:
            bias = rows[:, self.layout.bias_column(side)].astype(np.float64)
            total += self.config.lambda_bias * float(bias @ bias)
        return total


class PlainRidge(_Plain):
    """`ridge`: the filled y as one matrix."""

    config: RidgeConfig

    def __init__(self, ratings: Ratings, config: RidgeConfig) -> None:
        super().__init__(ratings, config)
        means = np.nan_to_num(ratings.movie_means) if config.fill == "mean" else np.zeros(ratings.n_movies)
        self._y = np.tile(means, (ratings.n_users, 1))
        self._y[ratings.users_of_ratings, ratings.csr.indices] = ratings.csr.data
        self._y[~self.known["u"]] = 0
        self._y[:, ~self.known["m"]] = 0

    def _parts(self, side: Side) -> list[Ints]:
        return [np.flatnonzero(self.known[side])]

    def _solve_rows(self, side: Side, other: Floats, rows: Floats, these: Ints) -> None:
        k, known = self.layout.k, self.known[other_side(side)]
        held = other[:, :k] * known[:, None]
        matrix = held.T @ held + self.config.penalty(side) * np.eye(k)
        y = self._y if side == "u" else self._y.T
        right = held.T @ y.T
        rows[these, :k] = _answers(matrix, right[:, these], self, side, these[:1]).T

    def _errors(self, point: Point) -> tuple[float, float]:
        k, total = self.layout.k, 0.0
        step = max(_NUMBERS_AT_A_TIME // max(self._y.shape[1], 1), 1)
        for start in range(0, len(self._y), step):
            part = slice(start, start + step)
            r = point.left[part, :k].astype(np.float64) @ point.right[:, :k].astype(np.float64).T
            total += float(np.sum(np.square(self._y[part] - r)))
        errors = self._observed(point)
        return total, float(errors @ errors)

    def _penalty(self, side: Side, rows: Floats) -> float:
        return self.config.penalty(side) * squared_length(rows)


def _answers(matrix: Floats, right: Floats, problem: Problem, side: Side, rows: Ints) -> Floats:
    """Solve one symmetric system or many; a row whose system is singular is named."""
    pivots = np.abs(np.linalg.eigvalsh(matrix))
    singular = np.atleast_1d(pivots.min(axis=-1, initial=np.inf) <= _SINGULAR * pivots.max(axis=-1, initial=0.0))
    if matrix.shape[-1] and singular.any():
        raise NumericalError(
            tr("The ratings of {row} do not determine its weights.",
               row=problem.row_name(side, int(rows[np.argmax(singular)]))),
            tr("Set {penalty} above 0, or K to a smaller number.", penalty=f"lambda_{side}"),
        )  # fmt: skip
    return np.linalg.solve(matrix, right)
