"""Discs with smooth edges into a picture, one after the other, so that later ones cover earlier ones."""

from __future__ import annotations

import math
from typing import Any

from alsgui.core.solvers.kernels.compiled import compiled

COVERED = 252
"""Opacity (of 255) from which what lies under a pixel cannot be seen."""


@compiled
def discs(
    picture: Any, x: Any, y: Any, radius: Any, rgb: Any, outline: int, outline_alpha: float, outline_width: float
) -> None:
    """Draw outlined discs into `picture` (height x width, uint32, 0xAARRGGBB with premultiplied alpha).

    Parameters
    ----------
    picture
        Changed in place.
    x, y, radius
        Pixels (n, float64), from the left and the top.
    rgb
        Colour of each (n, uint32).
    outline, outline_alpha, outline_width
        Colour, opacity and width in pixels of the ring around each disc.
    """
    height, width = picture.shape
    edge_red, edge_green, edge_blue = (outline >> 16) & 255, (outline >> 8) & 255, outline & 255
    # From the top one down, each under what is there: a pixel that is covered is not looked at again.
    for at in range(len(x) - 1, -1, -1):
        outer = radius[at] + outline_width
        reach, core = (outer + 0.5) ** 2, max(radius[at] - 0.5, 0.0) ** 2
        left, right = max(math.floor(x[at] - outer - 0.5), 0), min(math.ceil(x[at] + outer + 0.5), width)
        top, bottom = max(math.floor(y[at] - outer - 0.5), 0), min(math.ceil(y[at] + outer + 0.5), height)
        own = int(rgb[at])
        red, green, blue = (own >> 16) & 255, (own >> 8) & 255, own & 255
        for row in range(top, bottom):
            down = (row + 0.5 - y[at]) ** 2
            for column in range(left, right):
                old = int(picture[row, column])
                covered = old >> 24
                if covered >= COVERED:
                    continue
                square = down + (column + 0.5 - x[at]) ** 2
                if square >= reach:
                    continue
                if square <= core and covered == 0:
                    picture[row, column] = 0xFF000000 | own
                    continue
                distance = math.sqrt(square)
                inner = min(max(radius[at] - distance + 0.5, 0.0), 1.0)
                ring = min(max(outer - distance + 0.5, 0.0), 1.0) * outline_alpha * (1.0 - inner)
                room = (255 - covered) / 255.0
                own_part, edge_part = inner * room, ring * room
                alpha = covered + int((own_part + edge_part) * 255.0 + 0.5)
                new_red = ((old >> 16) & 255) + int(red * own_part + edge_red * edge_part + 0.5)
                new_green = ((old >> 8) & 255) + int(green * own_part + edge_green * edge_part + 0.5)
                new_blue = (old & 255) + int(blue * own_part + edge_blue * edge_part + 0.5)
                alpha = min(alpha, 255)
                picture[row, column] = (
                    (alpha << 24) | (min(new_red, alpha) << 16) | (min(new_green, alpha) << 8) | min(new_blue, alpha)
                )
