"""What an algorithm is to the driver: rows to solve, a loss to watch, a person to fold in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers import kernels
from alsgui.core.solvers.blocks import Workers, row_blocks
from alsgui.core.solvers.config import Config
from alsgui.core.solvers.factors import Factors, Side
from alsgui.text import tr


@dataclass(frozen=True)
class Evaluation:
    """How well factors fit the training ratings.

    Parameters
    ----------
    rss
        Sum of squared errors over the observed ratings, raw predictions, float64.
    loss
        The algorithm's objective L, float64.
    """

    rss: float
    loss: float


@dataclass(frozen=True, eq=False)
class Rows:
    """One side's compressed rows: of y for users, of y^T for movies."""

    indptr: Ints
    indices: Ints
    values: Floats

    def __post_init__(self) -> None:
        # Kernels are compiled for read-only rows alone: one signature serves y, filled y and a new person's row.
        for array in (self.indptr, self.indices, self.values):
            array.setflags(write=False)


class Problem(ABC):
    """One algorithm on one set of training ratings."""

    def __init__(self, ratings: Ratings, config: Config, mu: float) -> None:
        self.ratings = ratings
        self.config = config
        self.mu = mu
        csr, csc = ratings.csr, ratings.csc
        self._rows: dict[Side, Rows] = {
            "u": Rows(csr.indptr, csr.indices, csr.data),
            "m": Rows(csc.indptr, csc.indices, csc.data),
        }
        self.counts: dict[Side, Ints] = {"u": ratings.user_counts, "m": ratings.movie_counts}
        width = config.k + 1
        self._blocks = {side: row_blocks(rows.indptr, width) for side, rows in self._rows.items()}

    @abstractmethod
    def solve(self, side: Side, factors: Factors, workers: Workers) -> Iterator[tuple[float, Factors | None]]:
        """Solve every row of one side, the other held.

        Yields
        ------
        tuple
            Share of the rows that is done (0 to 1) and None; at last 1 and the new factors.

        Raises
        ------
        NumericalError
            When a row's equations have no single answer; names the row.
        """

    @abstractmethod
    def evaluate(self, factors: Factors, workers: Workers) -> Evaluation:
        """Squared errors and loss of `factors` on the training ratings."""

    @abstractmethod
    def fold_in(self, factors: Factors, columns: Ints, values: Floats) -> tuple[Floats, float]:
        """Weights (K) and bias of a person who gave `values` to `columns`: the very row that training solves."""

    def _squared_errors(self, factors: Factors, workers: Workers, values: Floats | None = None) -> float:
        """Sum over observed cells, block by block in a fixed order, so that threads change no bit.

        `values` may stand for the ratings, in the order of `csr.data`.
        """
        rows = self._rows["u"]
        compared = rows.values if values is None else values

        def block(start: int, stop: int) -> float:
            return float(
                kernels.squared_errors(
                    start,
                    stop,
                    rows.indptr,
                    rows.indices,
                    compared,
                    factors.users,
                    factors.user_bias,
                    factors.movies,
                    factors.movie_bias,
                    self.mu,
                )
            )

        return float(sum(workers.run(block, self._blocks["u"])))

    def _row_name(self, side: Side, row: int) -> str:
        """The row as a person knows it: user 17, movie Heat (1995)."""
        if side == "u":
            return tr("user {id}", id=self.ratings.user_ids[row])
        return f"{self.ratings.noun} {self.ratings.title(row)}"


def squared_length(rows: Floats, weights: Floats | float = 1.0) -> float:
    """Sum over rows of weight times squared length, in float64."""
    lengths = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    return float(np.sum(lengths * weights))
