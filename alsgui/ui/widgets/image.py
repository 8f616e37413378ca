"""From numbers to pixels: colour maps, the colour of what is missing, exact enlargement."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage

from alsgui.ui import theme
from alsgui.ui.widgets.cells import Span, tile_places

ColorMap = Literal["viridis", "diverging", "cividis"]
Pixels = NDArray[np.uint32]


def color_table(name: ColorMap) -> Pixels:
    """The 256 colours of a map in the current theme, each as 0xAARRGGBB."""
    tables = {"viridis": theme.viridis, "diverging": theme.diverging, "cividis": theme.cividis_reversed}
    channels = tables[name]().astype(np.uint32)
    red, green, blue = channels[:, 0], channels[:, 1], channels[:, 2]
    return (0xFF000000 | red << 16 | green << 8 | blue).astype(np.uint32)


def color_in_map(value: float, low: float, high: float, name: ColorMap) -> QColor:
    """Colour of one value between the limits of a map."""
    return QColor.fromRgb(int(colored(np.array([[value]], dtype=np.float32), low, high, name)[0, 0]))


def colored(
    values: NDArray[np.floating],
    low: float,
    high: float,
    name: ColorMap,
    share: NDArray[np.floating] | None = None,
) -> Pixels:
    """Colour of every value, as 0xAARRGGBB in the shape of `values`; NaN takes the colour of what is missing.

    With `share` (0 to 1, how much is observed behind a value) colours are as strong as its cube root, towards the
    colour of what is missing: 0.3 % is a hint and never looks full, and 10 % can still be read.
    """
    missing = np.isnan(values)
    places = (values - np.float32(low)) * np.float32(256.0 / max(high - low, 1e-30))
    places[missing] = 0
    np.clip(places, 0, 255, out=places)
    table, index = color_table(name), places.astype(np.uint8)
    if share is None:
        pixels = table[index]
    else:
        strength = _STRENGTHS[(np.clip(share, 0, 1) * np.float32(_FINEST)).astype(np.uint16)]
        pixels = _veiled(table, theme.color("missing").rgb())[strength, index]
    pixels[missing] = theme.color("missing").rgb()
    return pixels


_FINEST = 65_535
_STRENGTHS = np.rint(255 * np.cbrt(np.arange(_FINEST + 1) / _FINEST)).astype(np.uint8)
"""Strength, in 255ths, of every share in 65 535ths."""


def _veiled(table: Pixels, ground: int) -> Pixels:
    """Every colour of a map at every strength from the ground's (256 x 256)."""
    strength = np.arange(256)[:, None] / 255
    made = np.full((256, len(table)), 0xFF000000, np.uint32)
    for shift in (16, 8, 0):
        channel, under = (table >> np.uint32(shift)) & np.uint32(0xFF), (ground >> shift) & 0xFF
        mixed = under + strength * (channel[None, :].astype(np.float64) - under)
        made |= mixed.round().astype(np.uint32) << np.uint32(shift)
    return made


def stretched(pixels: Pixels, rows: NDArray[np.int64], columns: NDArray[np.int64], outside: int) -> Pixels:
    """Pick row and column of `pixels` for each pixel of a view; index -1 takes the colour `outside`."""
    if np.array_equal(rows, np.arange(pixels.shape[0])) and np.array_equal(columns, np.arange(pixels.shape[1])):
        return pixels.copy()
    view = pixels[np.maximum(rows, 0)][:, np.maximum(columns, 0)]
    view[rows < 0] = outside
    view[:, columns < 0] = outside
    return view


def to_image(pixels: Pixels, ratio: float = 1.0) -> QImage:
    """Image that owns its pixels (0xAARRGGBB, height x width), with `ratio` of them to one unit of length."""
    pixels = np.ascontiguousarray(pixels, dtype=np.uint32)
    height, width = pixels.shape
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
    image.setDevicePixelRatio(ratio)
    return image


def fitted_image(pixels: Pixels, width: float, height: float, ratio: float) -> QImage:
    """`pixels` enlarged or thinned to fill width x height units at `ratio`, each still one plain square."""
    n_rows, n_columns = pixels.shape
    n_down, n_across = max(1, round(height * ratio)), max(1, round(width * ratio))
    rows = tile_places(Span(0, n_rows), n_down, 0, n_rows, n_rows)
    columns = tile_places(Span(0, n_columns), n_across, 0, n_columns, n_columns)
    return to_image(stretched(pixels, rows, columns, 0), ratio)


def stamp_dots(
    view: Pixels, marked: NDArray[np.bool_], rows: NDArray[np.floating], columns: NDArray[np.floating], radius: float
) -> None:
    """Set a dot into the middle of each marked cell of a view, in place.

    Parameters
    ----------
    view
        Pixels, height x width.
    marked
        Cells that get a dot, n_rows x n_columns.
    rows, columns
        Pixel coordinates of the middles of the n_rows rows and n_columns columns; those outside are left out.
    radius
        Of the dot, in pixels.
    """
    height, width = view.shape
    color = theme.color("border_strong").rgb()
    reach = int(np.ceil(radius))
    for down in range(-reach, reach + 1):
        for across in range(-reach, reach + 1):
            if (down + 0.5) ** 2 + (across + 0.5) ** 2 > radius**2 + 0.5:
                continue
            at_rows, at_columns = np.floor(rows + down), np.floor(columns + across)
            inside_rows = (at_rows >= 0) & (at_rows < height)
            inside_columns = (at_columns >= 0) & (at_columns < width)
            places = marked & inside_rows[:, None] & inside_columns[None, :]
            row_index, column_index = np.nonzero(places)
            view[at_rows[row_index].astype(int), at_columns[column_index].astype(int)] = color
