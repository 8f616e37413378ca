"""A picture of many points as discs: drawn by a kernel, or by NumPy until kernels are compiled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats

Picture = npt.NDArray[np.uint32]


@dataclass(frozen=True, eq=False)
class Dots:
    """Discs in pixels, the last on top.

    Parameters
    ----------
    x, y, radius
        Pixels from the left and the top (n).
    rgb
        Colours 0xRRGGBB (n).
    outline, outline_alpha, outline_width
        Colour, opacity and width of the ring around each.
    """

    x: Floats
    y: Floats
    radius: Floats
    rgb: Picture
    outline: int = 0xFFFFFF
    outline_alpha: float = 1.0
    outline_width: float = 0.8


def picture_of(dots: Dots, width: int, height: int, *, compiled: bool = True) -> Picture:
    """The discs on nothing (height x width), as 0xAARRGGBB with premultiplied alpha.

    `compiled=False` draws without smooth edges, in NumPy.
    """
    picture = np.zeros((max(height, 1), max(width, 1)), np.uint32)
    reach = float(dots.radius.max(initial=0.0)) + dots.outline_width + 1
    near = (
        (dots.x > -reach) & (dots.x < width + reach) & (dots.y > -reach) & (dots.y < height + reach)
    )  # fmt: skip
    x, y, radius = (np.ascontiguousarray(part[near], np.float64) for part in (dots.x, dots.y, dots.radius))
    rgb = np.ascontiguousarray(dots.rgb[near], np.uint32)
    if compiled:
        from alsgui.core.solvers.kernels.dots import discs

        discs(picture, x, y, radius, rgb, dots.outline, dots.outline_alpha, dots.outline_width)
    else:
        _plain(picture, x, y, radius, rgb)
    return picture


def draws_compiled() -> bool:
    """Whether the kernel can be called without compiling it first."""
    from alsgui.core.solvers.warm import compiled

    return compiled()


def _plain(picture: Picture, x: Floats, y: Floats, radius: Floats, rgb: Picture) -> None:
    height, width = picture.shape
    owner = np.full(picture.shape, -1)  # the last point that covers each pixel
    every = np.arange(len(x))
    reach = int(np.ceil(radius.max(initial=0.0)))
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            rows, columns = np.floor(y + down).astype(np.int64), np.floor(x + across).astype(np.int64)
            far = (rows + 0.5 - y) ** 2 + (columns + 0.5 - x) ** 2
            covers = (far <= radius**2) & (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
            rows, columns, points = rows[covers], columns[covers], every[covers]
            later = points > owner[rows, columns]
            owner[rows[later], columns[later]] = points[later]
    picture[owner >= 0] = rgb[owner[owner >= 0]] | np.uint32(0xFF000000)
