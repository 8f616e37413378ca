"""Packed rows: what solvers work on. One product of rows is the whole prediction less mu.

A user's row is (u_i, b_i, 1, 0, ...), a movie's (m_j, 1, c_j, 0, ...), so that their product is u_i^T m_j + b_i + c_j
and the other side's constant 1 is the f = (m, 1) of the row's equations. Rows are padded with zeros to whole lanes of
the processor. Without biases there are no such columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.factors import Factors, Side, other_side

_LANES = 8


class Entries(NamedTuple):
    """Compressed rows: of y for users, of y^T for movies. Read-only arrays, so that one signature serves all."""

    indptr: Ints
    indices: Ints
    values: Floats

    @property
    def n_rows(self) -> int:
        """Number of rows, those without entries too."""
        return len(self.indptr) - 1

    @property
    def counts(self) -> Ints:
        """Entries of each row."""
        return np.asarray(np.diff(self.indptr))


@dataclass(frozen=True)
class Layout:
    """Which column holds what.

    Parameters
    ----------
    k
        Number of attributes K.
    biases
        Whether rows have the two bias columns.
    held
        Whether biases stay as they are given.
    """

    k: int
    biases: bool
    held: bool = False

    @property
    def n_columns(self) -> int:
        """Columns before the padding."""
        return self.k + 2 * self.biases

    @property
    def width(self) -> int:
        """Columns with the padding."""
        return max(-(-self.n_columns // _LANES), 1) * _LANES

    def bias_column(self, side: Side) -> int:
        """Where a side's own bias stands."""
        return self.k + (side == "m")

    def free(self, side: Side) -> npt.NDArray[np.bool_]:
        """Columns (width) that a side solves for."""
        free = np.arange(self.width) < self.k
        if self.biases and not self.held:
            free[self.bias_column(side)] = True
        return free

    def pack(self, side: Side, rows: Floats, bias: Floats, dtype: npt.DTypeLike | None = None) -> Floats:
        """Packed rows of factors (rows x K) and biases (rows), C-contiguous."""
        packed = np.zeros((len(rows), self.width), dtype or rows.dtype)
        packed[:, : self.k] = rows
        if self.biases:
            packed[:, self.bias_column(side)] = bias
            packed[:, self.bias_column(other_side(side))] = 1
        return packed


@dataclass(frozen=True, eq=False)
class Point:
    """Both sides' packed rows. Read-only."""

    layout: Layout
    left: Floats
    right: Floats

    def __post_init__(self) -> None:
        self.left.setflags(write=False)
        self.right.setflags(write=False)

    @classmethod
    def of(cls, factors: Factors, layout: Layout) -> Point:
        """The packed form of factors."""
        return cls(
            layout,
            layout.pack("u", factors.users, factors.user_bias),
            layout.pack("m", factors.movies, factors.movie_bias),
        )

    def rows(self, side: Side) -> Floats:
        """Packed rows of one side."""
        return self.left if side == "u" else self.right

    def replaced(self, side: Side, rows: Floats) -> Point:
        """The same with one side's rows anew."""
        return replace(self, left=rows) if side == "u" else replace(self, right=rows)

    @cached_property
    def factors(self) -> Factors:
        """u, m and biases, as views of the packed rows."""
        k, layout = self.layout.k, self.layout
        if layout.biases:
            b, c = (self.rows(side)[:, layout.bias_column(side)] for side in ("u", "m"))
        else:
            b, c = (np.zeros(len(rows), rows.dtype) for rows in (self.left, self.right))
        return Factors(self.left[:, :k], self.right[:, :k], b, c)
