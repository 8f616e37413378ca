"""The rows of `implicit`: those of `entry_rows` beside the Gram matrix of all cells."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.entry_rows import EntryProblem, Meaning
from alsgui.core.solvers.factors import Side, other_side
from alsgui.core.solvers.implicit import ImplicitConfig
from alsgui.core.solvers.packed import Entries
from alsgui.core.solvers.problem import read_only

_GRAM_ROWS = 8192


class ImplicitProblem(EntryProblem):
    """`implicit` on one set of training values.

    What is stored is the confidence c, negative where the preference is 0: the pull is c p = max(z, 0), and beside the
    Gram matrix, weighted by a, the weight of a stored cell is c - a.
    """

    config: ImplicitConfig

    def __init__(self, ratings: Ratings, config: ImplicitConfig) -> None:
        super().__init__(ratings, config, Meaning(slope=1.0, base=-config.unobserved, below=0.0, shift=0.0))
        self.entries = {
            side: read_only(rows.indptr, rows.indices, self.stored(rows.values)) for side, rows in self.entries.items()
        }

    def stored(self, values: Floats) -> Floats:
        """Confidences, negative where the preference is 0."""
        return np.where(values < 0, -1, 1).astype(np.float32) * self.config.confidences(values).astype(np.float32)

    @cached_property
    def mass(self) -> dict[Side, Floats]:
        """Each row's summed confidence over all cells."""
        return {side: self.config.unobserved * self._n_cells(side) + self.row_weights(side) for side in self.entries}

    def mass_of(self, entries: Entries, side: Side) -> Floats:
        """The same of one row that is not in the data."""
        weights = np.abs(entries.values).astype(np.float64) - self.config.unobserved
        return np.array([self.config.unobserved * self._n_cells(side) + weights.sum()])

    @cached_property
    def constant(self) -> float:
        """Sum of c p^2."""
        return float(np.sum(np.maximum(self.entries["u"].values, 0), dtype=np.float64))

    def gram(self, other: Floats) -> Floats:
        """a F F^T, summed in float64 over fixed blocks of rows."""
        total = np.zeros((other.shape[1], other.shape[1]))
        for start in range(0, len(other), _GRAM_ROWS):
            rows = other[start : start + _GRAM_ROWS].astype(np.float64)
            total += rows.T @ rows
        return np.asarray(self.config.unobserved * total, other.dtype)

    def row_weights(self, side: Side) -> Floats:
        """Sum of c - a over each row's stored cells."""
        rows = self.entries[side]
        weights = np.abs(rows.values).astype(np.float64) - self.config.unobserved
        return np.diff(np.concatenate([[0.0], np.cumsum(weights)])[rows.indptr])

    def rss(self, loss: float, penalty: float) -> float:
        """Scores are no ratings: there are no squared errors in stars."""
        del loss, penalty
        return float("nan")

    def _n_cells(self, side: Side) -> int:
        return len(self.counts[other_side(side)])
