"""From the columns of a run to the lines of a panel: thinned to the pixels, named by what is seen of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from alsgui import text
from alsgui.ui.widgets.axes import Scale
from alsgui.ui.widgets.curve_figures import Numbers
from alsgui.ui.widgets.curve_panel import Line
from alsgui.ui.widgets.curve_thin import seen, thinned

START_ROOM = 1.0
"""A first value that lies further above the rest than this times the height of the rest may leave the panel: it would
flatten the curves."""


def pale_line(x: Numbers, y: Numbers, name: str, x_scale: Scale) -> Line:
    """Line of a run in the background, with the last value that is seen; without a name it has no label."""
    line_x, line_y = _thinned(x, y, x_scale)
    at = seen(x, x_scale.low, x_scale.high)[1] - 1
    shown = y[: at + 1][np.isfinite(y[: at + 1])] if name else y[:0]
    if not len(shown):
        return Line(line_x, line_y, "older", "")
    last = float(shown[-1])
    return Line(line_x, line_y, "older", f"{name}  {text.decimal(last, 3)}", label=(float(x[at]), last))


def strong_line(
    x: Numbers,
    y: Numbers,
    x_scale: Scale,
    role: str,
    *,
    at: int,
    name: str,
    words: Callable[[float], str],
    ring: int | None = None,
) -> Line:
    """Line of the run in the foreground, labelled with its value at one point and ringed at another."""
    place = None if ring is None else (float(x[ring]), float(y[ring]))
    label = (min(max(float(x[at]), x_scale.low), x_scale.high), float(y[at])) if np.isfinite(y[at]) else None
    line_x, line_y = _thinned(x, y, x_scale)
    return Line(line_x, line_y, role, f"{name}  {words(float(y[at]))}", strong=True, label=label, ring=place)


def baseline(name: str, value: float, begin: float, x_scale: Scale, scale: Scale) -> Line:
    """A value to beat, dashed from `begin` on; one beyond the panel is named at the edge, with an arrow."""
    ends = np.array([max(x_scale.low, begin), x_scale.high])
    words = f"{name}  {text.decimal(value, 3)}"
    if scale.low <= value <= scale.high:
        pair = np.array([value, value])
        return Line(ends, pair, "muted", words, dashed=True, label=(x_scale.high, value))
    arrow, edge = ("↑", scale.high) if value > scale.high else ("↓", scale.low)
    pair = np.array([edge, edge])
    return Line(ends, pair, "muted", f"{arrow} {words}", beyond=True, label=(x_scale.high, edge))


def extent(lines: Sequence[Line], low: float, high: float, *, start_may_leave: bool) -> tuple[float, float]:
    """Lowest and highest value of lines within [low, high]; at least one has a value."""
    lows, highs = [], []
    for line in lines:
        inside = line.y[(line.x >= low) & (line.x <= high)]
        values = inside if len(inside) else line.y
        if len(values):
            rest = values[1:] if start_may_leave and len(values) > 3 else values
            least, most = float(values.min()), float(rest.max())
            lows.append(least)
            highs.append(max(most, float(values[0])) if values[0] - most <= START_ROOM * (most - least) else most)
    return min(lows), max(highs)


def _thinned(x: Numbers, y: Numbers, scale: Scale) -> tuple[Numbers, Numbers]:
    return thinned(x, y, scale.low, scale.high, max(int(scale.stop - scale.start), 1))
