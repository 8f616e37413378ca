"""The rows of `implicit`: those of `entry_rows` beside the Gram matrix of all cells."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.entry_rows import EntryProblem, Meaning
from alsgui.core.solvers.factors import Side, other_side
from alsgui.core.solvers.implicit import ImplicitConfig
from alsgui.core.solvers.packed import Entries

_GRAM_ROWS = 8192


class ImplicitProblem(EntryProblem):
    """`implicit` on one set of training values.

    A stored value pulls by c p; beside the Gram matrix of all cells, weighted by a, it weighs c - a.
    """

    config: ImplicitConfig

    def __init__(self, ratings: Ratings, config: ImplicitConfig) -> None:
        slope, base = (config.alpha, config.base) if config.confidence == "value" else (0.0, config.base + config.alpha)
        meaning = Meaning(slope=slope, base=base - config.unobserved, up=slope, lift=base, below=0.0, sink=0.0)
        super().__init__(ratings, config, meaning)

    @cached_property
    def mass(self) -> dict[Side, Floats]:
        """Each row's summed confidence over all cells, or its number of preferences."""
        if self.config.mass == "count":
            liked = {side: _sums(rows.values >= 0, rows) for side, rows in self.entries.items()}
            return {side: np.maximum(numbers, 1.0) for side, numbers in liked.items()}
        return {side: self.config.unobserved * self._n_cells(side) + self.row_weights(side) for side in self.entries}

    def mass_of(self, entries: Entries, side: Side) -> Floats:
        """The same of rows that are not in the data."""
        if self.config.mass == "count":
            return np.maximum(_sums(entries.values >= 0, entries), 1.0)
        return self.config.unobserved * self._n_cells(side) + _sums(self._weights(entries.values), entries)

    @cached_property
    def constant(self) -> float:
        """Sum of c p^2."""
        values = self.ratings.csr.data
        return float(np.sum(self.config.confidences(values.astype(np.float64)) * (values >= 0)))

    @property
    def squares(self) -> float:
        """Sum of c p^2."""
        return self.constant

    def gram(self, other: Floats) -> Floats:
        """a F F^T, summed in float64 over fixed blocks of rows."""
        total = np.zeros((other.shape[1], other.shape[1]))
        for start in range(0, len(other), _GRAM_ROWS):
            rows = other[start : start + _GRAM_ROWS].astype(np.float64)
            total += rows.T @ rows
        return np.asarray(self.config.unobserved * total, other.dtype)

    def mean_matrix(self, side: Side, rows: Floats) -> Floats:
        """The Gram matrix of all cells, and each row's share of what is stored."""
        return np.asarray(self.gram(rows) + super().mean_matrix(side, rows) / self._n_cells(side), np.float64)

    def row_weights(self, side: Side) -> Floats:
        """Sum of c - a over each row's stored cells."""
        rows = self.entries[side]
        return _sums(self._weights(rows.values), rows)

    def rss(self, loss: float, penalty: float) -> float:
        """Scores are no ratings: there are no squared errors in stars."""
        del loss, penalty
        return float("nan")

    def signal(self) -> Floats:
        """Preferences."""
        return np.asarray(self.ratings.csr.data >= 0, np.float32)

    def _weights(self, values: Floats) -> Floats:
        return self.config.confidences(values.astype(np.float64)) - self.config.unobserved

    def _n_cells(self, side: Side) -> int:
        return len(self.counts[other_side(side)])


def _sums(values: npt.NDArray[Any], rows: Entries) -> Floats:
    """Sum of what stands at each row's entries, float64."""
    return np.diff(np.concatenate([[0.0], np.cumsum(values, dtype=np.float64)])[rows.indptr])
