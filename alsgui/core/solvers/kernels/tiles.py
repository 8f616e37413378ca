"""Means over the stored cells under every pixel of a picture, and the copy of the cells that they are taken from.

What such a sum costs is memory, not sums: rows that lie one after the other as they are drawn, in as few bytes as
they need, take a third of the time of rows that are looked up.
"""

from __future__ import annotations

import numpy as np

from alsgui.core.ratings import Floats, Ints
from alsgui.core.solvers.kernels.compiled import compiled, compiled_fast


@compiled
def lay_out(
    start: int, stop: int, rows: Ints, indptr: Ints, indices: Ints, values: Floats, starts: Ints,
    columns_out: Ints, values_out: Floats, low: float, step: float,
) -> bool:  # fmt: skip
    """Copy the cells of rows[start..stop] to starts[start..stop], values as (y - low) / step.

    Returns whether every value comes back as it was from what `values_out` can hold.
    """
    exact = True
    for place in range(start, stop):
        row, to = rows[place], starts[place]
        for q in range(indptr[row], indptr[row + 1]):
            columns_out[to] = indices[q]
            code = (values[q] - low) / step
            values_out[to] = code if step == 1.0 else np.rint(code)
            exact = exact and np.float32(low + step * values_out[to]) == values[q]
            to += 1
    return exact


@compiled_fast
def errors_of_rows(
    start: int, stop: int, rows: Ints, indptr: Ints, indices: Ints, values: Floats, left: Floats, right: Floats,
    starts: Ints, out: Floats,
) -> None:  # fmt: skip
    """Write y - left_i . right_j for the cells of rows[start..stop] into `out` from starts[start..stop], in float32."""
    W = left.shape[1]
    for place in range(start, stop):
        row = rows[place]
        one, to = left[row], starts[place] - indptr[row]
        for q in range(indptr[row], indptr[row + 1]):
            other = right[indices[q]]
            total = np.float32(0)
            for a in range(W):
                total += one[a] * other[a]
            out[to + q] = values[q] - total


@compiled
def block_means(
    start: int, stop: int, edges: Ints, starts: Ints, columns: Ints, values: Floats, errors: Floats,
    pixel_of_column: Ints, y: Floats, error: Floats, counts: Ints,
) -> None:  # fmt: skip
    """Write means and numbers of the cells under pixel rows start..stop.

    Pixel row p covers the laid-out rows edges[p] to edges[p + 1]. Columns out of view have one pixel more than the
    picture has: a branch for them would cost more than adding them up. `errors` and `error` may be empty.
    """
    both, n_pixels = len(errors) > 0, counts.shape[1]
    sums, error_sums = np.zeros(n_pixels + 1), np.zeros(n_pixels + 1)
    count = np.zeros(n_pixels + 1, np.int32)
    for pixel in range(start, stop):
        sums[:], error_sums[:], count[:] = 0, 0, 0
        first, last = np.uint64(starts[edges[pixel]]), np.uint64(starts[edges[pixel + 1]])
        # Unsigned places: numba need not look for those that count from the end.
        if both:
            for q in range(first, last):
                at = np.uint64(pixel_of_column[np.uint64(columns[q])])
                sums[at] += values[q]
                error_sums[at] += errors[q]
                count[at] += 1
        else:
            for q in range(first, last):
                at = np.uint64(pixel_of_column[np.uint64(columns[q])])
                sums[at] += values[q]
                count[at] += 1
        for across in range(n_pixels):
            n = count[across]
            counts[pixel, across] = n
            y[pixel, across] = sums[across] / n if n else np.nan
            if both:
                error[pixel, across] = error_sums[across] / n if n else np.nan
