"""Points of a map, and the picture that is wanted of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from alsgui.core.dots import Dots, Picture, picture_of
from alsgui.ui.widgets.point_map_gestures import View

SMALLEST, LARGEST, AT_FULL_SIZE, THINNEST = 2.2, 7.0, 2500, 0.42

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cloud:
    """Points of a map.

    Parameters
    ----------
    x, y
        Where they are (n).
    counts
        How well known they are (n): their size, and whose name is written first.
    rgb
        Colours 0xRRGGBB (n).
    full, short
        Words of a point: under the cursor, and as its label.
    role
        Token of the selected point.
    """

    x: Floats
    y: Floats
    counts: NDArray[np.integer]
    rgb: NDArray[np.uint32]
    full: Callable[[int], str] = str
    short: Callable[[int], str] = str
    role: str = "movie"

    @cached_property
    def order(self) -> NDArray[np.integer]:
        """The well known first: they lie below the others, and are named first."""
        return np.argsort(-self.counts, kind="stable")

    @cached_property
    def radii(self) -> Floats:
        """Radius of each, before the text size."""
        return radii_of(self.counts, max(float(self.counts.max(initial=0)), 1.0), len(self.counts))


def radii_of(counts: NDArray[np.integer], most: float, n_points: int) -> Floats:
    """Radii of points with these counts, where `most` is the largest: areas grow with counts, many points are small."""
    thin = max(THINNEST, min(1.0, (AT_FULL_SIZE / max(n_points, 1)) ** 0.5))
    return np.asarray((SMALLEST + (LARGEST - SMALLEST) * np.sqrt(counts / most)) * thin)


@dataclass(frozen=True, eq=False)
class Request:
    """What picture a map wants.

    Parameters
    ----------
    cloud, view
        Points, and the part in view.
    size
        Width and height in units of the widget.
    ratio
        Image pixels to one unit.
    """

    cloud: Cloud
    view: View
    size: tuple[float, float]
    ratio: float
    scale: float
    outline: int
    outline_alpha: float

    def draw(self, *, compiled: bool = True) -> Picture:
        """The picture; may be called on any thread."""
        cloud, order = self.cloud, self.cloud.order
        x_low, x_high, y_low, y_high = self.view
        width, height = self.size[0] * self.ratio, self.size[1] * self.ratio
        dots = Dots(
            (cloud.x[order] - x_low) / (x_high - x_low) * width,
            (y_high - cloud.y[order]) / (y_high - y_low) * height,
            cloud.radii[order] * self.scale * self.ratio,
            cloud.rgb[order],
            self.outline,
            self.outline_alpha,
            0.8 * self.scale * self.ratio,
        )
        return picture_of(dots, round(width), round(height), compiled=compiled)
