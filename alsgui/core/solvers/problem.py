"""What an algorithm is to the driver: rows to solve, a loss to watch, a newcomer to fold in."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats, Ints, Ratings
from alsgui.core.solvers.blocks import Block, Workers, row_blocks
from alsgui.core.solvers.factors import Factors, Side
from alsgui.core.solvers.packed import Entries, Layout, Point
from alsgui.core.solvers.settings import Config
from alsgui.text import tr

if TYPE_CHECKING:
    from alsgui.core.model import HalfStepRecord


@dataclass(frozen=True, eq=False)
class Solved:
    """One side after its half-step.

    Parameters
    ----------
    rows
        Packed rows of the side (see `packed`).
    rss
        Sum of squared errors over the observed ratings, raw predictions, float64; NaN where predictions are no ratings.
    loss
        The algorithm's objective L, float64.
    watched
        What a stopping rule of the algorithm's own looks at (`Problem.ends`), None where it has none.
    """

    rows: Floats
    rss: float
    loss: float
    watched: float | None = None


class Problem(ABC):
    """One algorithm on one set of training ratings.

    Solving has no state: the same side, point and settings give the same rows, whoever calls.
    """

    def __init__(
        self, ratings: Ratings, config: Config, mu: float = 0.0, *, biases: bool = False, held: bool = False
    ) -> None:
        self.ratings = ratings
        self.config = config
        self.mu = mu
        self.layout = Layout(config.k, biases, held)
        csr, csc = ratings.csr, ratings.csc
        self.entries: dict[Side, Entries] = {
            "u": read_only(csr.indptr, csr.indices, csr.data),
            "m": read_only(csc.indptr, csc.indices, csc.data),
        }
        self.counts: dict[Side, Ints] = {"u": ratings.user_counts, "m": ratings.movie_counts}
        self.known: dict[Side, npt.NDArray[np.bool_]] = {side: n > 0 for side, n in self.counts.items()}

    @abstractmethod
    def solve(self, side: Side, point: Point, workers: Workers, *, exact: bool = False) -> Iterator[float | Solved]:
        """Solve every row of one side, the other held.

        Parameters
        ----------
        exact
            As exactly as factors of this precision can be: the closing half-step. Otherwise as the settings say.

        Yields
        ------
        float
            Share of the rows that is done, 0 to 1.
        Solved
            At last, the new rows.

        Raises
        ------
        NumericalError
            When a row's equations have no single answer; names the row.
        """

    @abstractmethod
    def fold_in_all(self, factors: Factors, newcomers: Entries, side: Side = "u") -> tuple[Floats, Floats]:
        """Factors (n x K) and biases (n) of n newcomers to one side; one without ratings has zeros.

        The very equations of the closing half-step: the ratings of a user in training give that user's weights.

        Raises
        ------
        NumericalError, DataError
            When a newcomer's equations have no single answer, or the loss needs every cell and some are not rated.
        """

    def fold_in(self, factors: Factors, indices: Ints, values: Floats, side: Side = "u") -> tuple[Floats, float]:
        """Factors (K) and bias of one newcomer, with `values` at rows `indices` of the other side."""
        rows, biases = self.fold_in_all(factors, newcomer(indices, values), side)
        return rows[0], float(biases[0])

    compiled: bool = True
    """Whether kernels may be called; else NumPy does everything (see `plain`)."""

    exact: bool = True
    """Whether every half-step solves its rows exactly, not only the closing one."""

    def ends(self, half_steps: Sequence[HalfStepRecord]) -> str | None:
        """Why the fit is to end after these half-steps by a rule of the algorithm's own, or None."""
        del half_steps
        return None

    def prepared(self, factors: Factors) -> Factors:
        """A start as the algorithm takes it: with its own biases where it holds them."""
        return factors

    def own_start(self, seed: int, workers: Workers) -> Factors | None:
        """The start that the settings name where it is one of the algorithm's own, else None."""
        del seed, workers
        return None

    @property
    def squares(self) -> float:
        """What the squared errors are where every prediction is 0, float64: rounding of the loss is measured by it."""
        return float(np.sum(np.square(self.entries["u"].values, dtype=np.float64)))

    def signal(self) -> Floats:
        """What is to be explained, in the order of `csr.data`, float32: a start by singular vectors looks at it."""
        return np.asarray(self.ratings.csr.data - np.float32(self.mu))

    def rotation(self, point: Point) -> Floats | None:
        """An orthogonal K x K matrix by which both sides may be turned to make rows easier to solve, or None."""
        del point
        return None

    def blocks(self, side: Side, per_entry: float, per_row: float) -> list[Block]:
        """Row blocks of about equal work, in multiply-adds."""
        return row_blocks(self.entries[side].indptr, per_entry, per_row)

    def row_name(self, side: Side, row: int) -> str:
        """The row as a person knows it: user 17, movie Heat (1995)."""
        if side == "u":
            return tr("user {id}", id=self.ratings.user_ids[row])
        return f"{self.ratings.noun} {self.ratings.title(row)}"


def read_only(indptr: Ints, indices: Ints, values: Floats) -> Entries:
    """Compressed rows as kernels take them."""
    for array in (indptr, indices, values):
        array.setflags(write=False)
    return Entries(indptr, indices, values)


def newcomer(indices: Ints, values: Floats) -> Entries:
    """The compressed row of somebody who is not in the data."""
    order = np.argsort(indices)
    return read_only(
        np.array([0, len(indices)], np.int32),
        np.ascontiguousarray(np.asarray(indices, np.int32)[order]),
        np.ascontiguousarray(np.asarray(values, np.float32)[order]),
    )


def squared_length(rows: Floats, weights: Floats | float = 1.0) -> float:
    """Sum over rows of weight times squared length, in float64."""
    lengths = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
    return float(np.sum(lengths * weights))
