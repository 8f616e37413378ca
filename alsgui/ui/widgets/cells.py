"""Arithmetic of a matrix on a screen: which cells a pixel stands for, and how a view of them moves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST_CELLS = 3.0


@dataclass(frozen=True)
class TileRequest:
    """A part of a matrix, wanted at the resolution of the screen.

    Cells `row_start` to `row_stop` and `column_start` to `column_stop` (stops excluded) are to be reduced to
    `n_row_pixels` x `n_column_pixels` values, each the mean of the cells that `cells_of_pixel` names. `generation`
    rises with every request, so that an answer that comes late is known to be old. Where `block` is above 1, a value
    stands for block x block pixels of the screen, since single ones would be noise.
    """

    row_start: int
    row_stop: int
    column_start: int
    column_stop: int
    n_row_pixels: int
    n_column_pixels: int
    generation: int
    block: int = 1


def cells_of_pixel(pixel: int, n_pixels: int, n_cells: int) -> tuple[int, int]:
    """Cells (start, stop excluded) for which `pixel` of `n_pixels` over `n_cells` stands: at least one."""
    start = pixel * n_cells // n_pixels
    return start, max((pixel + 1) * n_cells // n_pixels, start + 1)


def n_cells_with(cell: int, start: int, stop: int, n_pixels: int) -> int:
    """Cells of the pixel that holds `cell`, of `n_pixels` over start..stop; 1 outside."""
    if not start <= cell < stop or n_pixels >= stop - start:
        return 1
    first, last = cells_of_pixel(((cell - start + 1) * n_pixels - 1) // (stop - start), n_pixels, stop - start)
    return last - first


@dataclass(frozen=True)
class Span:
    """Visible part of one axis of a matrix, in cells: cell i lies between i and i + 1."""

    start: float
    stop: float

    @property
    def length(self) -> float:
        """Number of cells in view."""
        return self.stop - self.start

    def zoomed(self, factor: float, about: float, n_cells: int) -> Span:
        """Span `factor` times as long, with `about` (cells) at the same place on the screen."""
        length = min(max(self.length * factor, min(FEWEST_CELLS, n_cells)), n_cells)
        share = (about - self.start) / self.length
        start = about - share * length
        return Span(start, start + length).kept_inside(n_cells)

    def moved(self, n: float, n_cells: int) -> Span:
        """Span shifted by `n` cells, as far as the matrix reaches."""
        return Span(self.start + n, self.stop + n).kept_inside(n_cells)

    def showing(self, index: int, n_cells: int) -> Span:
        """Span shifted as little as needed to show cell `index`."""
        shift = min(index - self.start, 0.0) + max(index + 1 - self.stop, 0.0)
        return self.moved(shift, n_cells) if shift else self

    def kept_inside(self, n_cells: int) -> Span:
        """Span of the same length (at most `n_cells`) within the matrix."""
        length = min(self.length, float(n_cells))
        start = min(max(self.start, 0.0), n_cells - length)
        return Span(start, start + length)

    def settled(self, n_pixels: int) -> Span:
        """Span with whole ends where a pixel holds more than one cell, so that every mean is of whole cells."""
        return Span(float(round(self.start)), float(round(self.stop))) if self.length > n_pixels else self

    def cells(self) -> tuple[int, int]:
        """Whole cells that are at least partly in view (start, stop excluded)."""
        return math.floor(self.start + 1e-9), math.ceil(self.stop - 1e-9)

    def cell_at(self, share: float) -> int:
        """Cell at a share (0 to 1) of the length, from the start."""
        start, stop = self.cells()
        return min(max(math.floor(self.start + share * self.length), start), stop - 1)

    def share_of(self, cell: float) -> float:
        """Place of a cell coordinate as a share of the length: 0 at the start, 1 at the stop."""
        return (cell - self.start) / self.length


def tile_places(span: Span, n_pixels: int, tile_start: int, tile_stop: int, n_values: int) -> NDArray[np.int64]:
    """For each pixel of a view, the index of the tile value at its centre; -1 outside the tile.

    Parameters
    ----------
    span
        What the pixels show.
    n_pixels
        Number of pixels of the view.
    tile_start, tile_stop
        Cells that the tile covers.
    n_values
        Number of values into which the tile divides them.
    """
    centres = span.start + (np.arange(n_pixels) + 0.5) * (span.length / n_pixels)
    places: NDArray[np.int64] = np.floor((centres - tile_start) * (n_values / (tile_stop - tile_start))).astype(
        np.int64
    )
    places[(places < 0) | (places >= n_values)] = -1
    return places
