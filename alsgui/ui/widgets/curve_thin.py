"""What of a long curve the screen can show: per pixel column its first, lowest, highest and last value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

POINTS_PER_COLUMN = 4


def seen(x: Numbers, low: float, high: float) -> tuple[int, int]:
    """First index, and index after the last, of what lies within [low, high] of an `x` that never falls."""
    return int(np.searchsorted(x, low, "left")), int(np.searchsorted(x, high, "right"))


def thinned(x: Numbers, y: Numbers, low: float, high: float, n_columns: int) -> tuple[Numbers, Numbers]:
    """The points of a curve that make the same picture as all of them.

    Parameters
    ----------
    x, y
        The curve, of one length; `x` never falls. NaN in `y` are left out.
    low, high
        Ends of the axis. One point beyond either end is kept, so that the curve reaches the edge.
    n_columns
        Pixels along the axis.

    Returns
    -------
    x, y
        At most four points for each column: where the curve enters it, its lowest and highest value (both at the middle
        of the column's points), and where it leaves. The first point within the axis always has a column of its own.

    Notes
    -----
    The "M4" aggregation of Jugel et al., VLDB 2014: a line chart of these points has the pixels of the whole one.
    """
    first, stop = seen(x, low, high)
    begin, end = max(first - 1, 0), min(stop + 1, len(x))
    x, y = x[begin:end], y[begin:end]
    if len(x) <= POINTS_PER_COLUMN * n_columns:
        kept = np.isfinite(y)
        return x[kept], y[kept]
    inner = np.searchsorted(x, low + np.arange(1, n_columns) * ((high - low) / n_columns))
    starts = np.unique(np.concatenate([[0, first - begin, first - begin + 1, stop - begin], inner]))
    starts = starts[starts < len(x)]
    lasts = np.append(starts[1:], len(x)) - 1
    lowest, highest = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    falls = y[lasts] < y[starts]
    middle = (x[starts] + x[lasts]) / 2
    across = np.stack([x[starts], middle, middle, x[lasts]], axis=1).ravel()
    up = np.stack(
        [y[starts], np.where(falls, highest, lowest), np.where(falls, lowest, highest), y[lasts]], axis=1
    ).ravel()
    kept = np.isfinite(up)
    kept[1:] &= (np.diff(across) != 0) | (np.diff(up) != 0)
    return across[kept], up[kept]


def worth_a_stroke(across: Numbers, up: Numbers, pixels: float) -> NDArray[np.bool_]:
    """Which points (in pixels) a line must pass: where it has moved on by `pixels`, and where it turns up or down.

    The eye sees no difference between what is left and the whole, and a stroke costs by the point.
    """
    way = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(across), np.diff(up)))])
    kept: NDArray[np.bool_] = np.diff(np.floor(way / pixels), prepend=-1.0) > 0
    kept[-1] = True
    steps = np.diff(up)
    moving = np.flatnonzero(np.abs(steps) > 0.25)
    turns = moving[1:][np.sign(steps[moving[1:]]) != np.sign(steps[moving[:-1]])]
    kept[turns] = True
    return kept


def upright(across: Numbers, up: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """A line as one upright stroke for each pixel column.

    Parameters
    ----------
    across, up
        Points in pixels; `across` never falls.

    Returns
    -------
    x, high, low
        Middle of each column that has points, and the ends of its stroke, which meets the stroke before it.
    """
    columns = np.floor(across)
    starts = np.flatnonzero(np.diff(columns, prepend=columns[0] - 1))
    high, low = np.minimum.reduceat(up, starts), np.maximum.reduceat(up, starts)
    ends = up[np.append(starts[1:], len(up)) - 1]
    high[1:], low[1:] = np.minimum(high[1:], ends[:-1]), np.maximum(low[1:], ends[:-1])
    return columns[starts] + 0.5, high, low
