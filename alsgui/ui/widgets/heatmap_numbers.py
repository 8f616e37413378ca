"""The numbers of a picture as a file: what is shown, no more, each row and column under the ids that it stands for."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from alsgui.text import tr
from alsgui.ui.widgets import export
from alsgui.ui.widgets.cells import TileRequest, cells_of_pixel

Identity = Callable[[int], str]


def span_ids(start: int, stop: int, n_pixels: int, identity: Identity) -> list[str]:
    """For every pixel, the id of its cell, or of its first and last cell with dots between."""
    ids = []
    for pixel in range(n_pixels):
        first, last = (start + cell for cell in cells_of_pixel(pixel, n_pixels, stop - start))
        ids.append(identity(first) if last - first == 1 else f"{identity(first)}..{identity(last - 1)}")
    return ids


def tile_ids(request: TileRequest, row: Identity, column: Identity) -> tuple[list[str], list[str]]:
    """Ids of the rows and columns of a tile."""
    return (
        span_ids(request.row_start, request.row_stop, request.n_row_pixels, row),
        span_ids(request.column_start, request.column_stop, request.n_column_pixels, column),
    )


def csv_of(values: NDArray[np.float32], rows: list[str], columns: list[str], corner: str) -> str:
    """A header of column ids, then one line per row; empty where missing."""
    table: list[list[str]] = [[corner, *columns]]
    for name, numbers in zip(rows, values, strict=True):
        table.append([name, *("" if np.isnan(number) else f"{number:.7g}" for number in numbers)])
    return export.csv_text(table)


def npy_of(values: NDArray[np.float32], rows: list[str], columns: list[str]) -> bytes:
    """A structured array without pickle: field "id" (text), then one float32 field for each column, named by its id.

    `numpy.load(path)` gives it back; `numpy.lib.recfunctions.structured_to_unstructured(a[list(a.dtype.names[1:])])`
    is the plain matrix.
    """
    names = unique_names(["id", *columns])
    width = max((len(name) for name in rows), default=1)
    kind = np.dtype([(names[0], f"<U{max(width, 1)}"), *((name, "<f4") for name in names[1:])])
    made = np.zeros(len(rows), kind)
    made[names[0]] = rows
    for at, name in enumerate(names[1:]):
        made[name] = values[:, at]
    sink = io.BytesIO()
    np.save(sink, made, allow_pickle=False)
    return sink.getvalue()


def unique_names(names: list[str]) -> list[str]:
    """Names that differ and are not empty: what stands twice has its number behind it."""
    seen: dict[str, int] = {}
    made = []
    for name in names:
        base = name or tr("unnamed")
        seen[base] = seen.get(base, 0) + 1
        made.append(base if seen[base] == 1 else f"{base} ({seen[base]})")
    return made
