"""Sums over the stored cells under every pixel of a picture, and the error of every stored cell."""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.compiled import compiled, compiled_fast


@compiled
def block_sums(
    start: int, stop: int, edges: Ints, rows: Ints, indptr: Ints, indices: Ints, values: Floats, errors: Floats,
    pixel_of_column: Ints, sums: Floats, error_sums: Floats, counts: Ints,
) -> None:  # fmt: skip
    """Add up values, errors and number of the stored cells under pixel rows start..stop.

    Pixel row p covers rows[edges[p]] to rows[edges[p + 1] - 1]. Columns out of view have the last pixel, which is one
    more than the picture has: a branch for them would cost more than adding them up. `errors` may be empty.
    """
    both = len(errors) > 0
    for pixel in range(start, stop):
        total, error_total, count = sums[pixel], error_sums[pixel], counts[pixel]
        for place in range(edges[pixel], edges[pixel + 1]):
            row = rows[place]
            for q in range(indptr[row], indptr[row + 1]):
                at = pixel_of_column[indices[q]]
                total[at] += values[q]
                count[at] += 1
                if both:
                    error_total[at] += errors[q]


@compiled_fast
def errors_of_rows(
    start: int, stop: int, indptr: Ints, indices: Ints, values: Floats, left: Floats, right: Floats, out: Floats
) -> None:
    """Write y - left_i . right_j into out (float32) for the stored cells of rows start..stop."""
    W = left.shape[1]
    for row in range(start, stop):
        one = left[row]
        for q in range(indptr[row], indptr[row + 1]):
            other = right[indices[q]]
            total = np.float32(0)
            for a in range(W):
                total += one[a] * other[a]
            out[q] = values[q] - total
