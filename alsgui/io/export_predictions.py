"""Export predictions: r, or a block of it, in strips."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ExportError, Interrupted
from alsgui.io.atomic import atomic_text, atomic_write
from alsgui.io.formats import Array, check_format, number_format, write_matlab, write_matrix_market
from alsgui.io.spreadsheet import safe_cell
from alsgui.text import byte_size, pluralised, tr

if TYPE_CHECKING:
    from alsgui.core.model import Model

MOST_BYTES = 10**9
"""Predictions beyond this size are exported by blocks."""

STRIP_BYTES = 1 << 19


def r_size_bytes(model: Model, users: slice | None = None, movies: slice | None = None) -> int:
    """Size in memory of a block of r; slices of positions, None takes all."""
    n_users = len(range(*_span(users, model.n_users).indices(model.n_users)))
    n_movies = len(range(*_span(movies, model.n_movies).indices(model.n_movies)))
    return n_users * n_movies * model.predict_block(slice(0, 1), slice(0, 1)).dtype.itemsize


def export_predictions(
    model: Model,
    path: str | Path,
    format: str = "csv",
    users: slice | None = None,
    movies: slice | None = None,
    *,
    cancel: Event | None = None,
) -> Path:
    """Write r, or a block of it; CSV, NPZ and Matrix Market are written in strips, so that r never stands in memory.

    Parameters
    ----------
    model
        The model.
    path
        The file.
    format
        "csv", "npz", "mat" or "mtx".
    users, movies
        Positions of the block; None takes all.
    cancel
        Set it, from another thread, to end after the strip that is being written; no file is left then.

    Raises
    ------
    ConfigError
        For a format that is not known.
    ExportError
        When the block takes more than 1 GB, or the file cannot be written.
    Interrupted
        When `cancel` was set.
    """
    chosen = check_format(format)
    size = r_size_bytes(model, users, movies)
    if size > MOST_BYTES:
        raise ExportError(
            tr("r takes {size}, more than {most}.", size=byte_size(size), most=byte_size(MOST_BYTES)),
            tr("Choose a block of users and {items}.", items=pluralised(model.noun)),
        )
    if size == 0:
        raise ExportError(tr("The block is empty."), tr("Choose at least one user and one {item}.", item=model.noun))
    block = _Block(model, _span(users, model.n_users), _span(movies, model.n_movies), cancel or Event())
    _BLOCK_WRITERS[chosen](block, Path(path))
    return Path(path)


@dataclass(frozen=True)
class _Block:
    """A block of r that is computed in strips."""

    model: Model
    users: slice
    movies: slice
    cancel: Event

    @property
    def user_rows(self) -> range:
        return range(*self.users.indices(self.model.n_users))

    @property
    def movie_columns(self) -> range:
        return range(*self.movies.indices(self.model.n_movies))

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.user_rows), len(self.movie_columns)

    @property
    def label(self) -> str:
        return tr("r: predictions, N x M: a row is a user, a column a {item}", item=self.model.noun)

    def by_rows(self) -> Iterator[Array]:
        """Strips of whole rows."""
        columns = np.array(self.movie_columns)
        for rows in _pieces(self.user_rows, self.shape[1]):
            self._check()
            yield self.model.predict_block(rows, columns)

    def by_columns(self) -> Iterator[Array]:
        """Strips of whole columns."""
        rows = np.array(self.user_rows)
        for columns in _pieces(self.movie_columns, self.shape[0]):
            self._check()
            yield self.model.predict_block(rows, columns)

    def _check(self) -> None:
        if self.cancel.is_set():
            raise Interrupted

    def whole(self) -> Array:
        """All of it at once, for the one format that needs that."""
        return self.model.predict_block(np.array(self.user_rows), np.array(self.movie_columns))


def _write_csv_block(block: _Block, path: Path) -> None:
    model = block.model
    ids = iter(block.user_rows)
    with atomic_text(path) as stream:
        stream.write(f"# {block.label}\r\n")
        writer = csv.writer(stream)
        writer.writerow(["user", *(safe_cell(model.movie_ids[column]) for column in block.movie_columns)])
        for strip in block.by_rows():
            show = number_format(strip)
            writer.writerows([safe_cell(model.user_ids[next(ids)]), *map(show, row)] for row in strip.tolist())


def _write_npz_block(block: _Block, path: Path) -> None:
    model = block.model
    texts = {
        "orientation": np.array("NxM"),
        "user_ids": np.array([model.user_ids[row] for row in block.user_rows]),
        "movie_ids": np.array([model.movie_ids[column] for column in block.movie_columns]),
    }
    with atomic_write(path) as stream, zipfile.ZipFile(stream, "w", allowZip64=True) as archive:
        for name, array in texts.items():
            with archive.open(f"{name}.npy", "w") as member:
                np.lib.format.write_array(member, array, allow_pickle=False)
        with archive.open("r.npy", "w", force_zip64=True) as member:
            for at, strip in enumerate(block.by_rows()):
                if at == 0:
                    header = {"descr": strip.dtype.str, "fortran_order": False, "shape": block.shape}
                    np.lib.format.write_array_header_1_0(cast(BinaryIO, member), header)
                member.write(np.ascontiguousarray(strip).tobytes())


def _write_mat_block(block: _Block, path: Path) -> None:
    model = block.model
    fields = {
        "r": block.whole(),
        "orientation": "NxM",
        "user_ids": np.array([model.user_ids[row] for row in block.user_rows], dtype=object),
        "movie_ids": np.array([model.movie_ids[column] for column in block.movie_columns], dtype=object),
    }
    with atomic_write(path) as stream:
        write_matlab(stream, fields)


def _write_mtx_block(block: _Block, path: Path) -> None:
    with atomic_write(path) as stream:
        write_matrix_market(stream, block.shape, block.label, block.by_columns())


_BLOCK_WRITERS = {
    "csv": _write_csv_block,
    "npz": _write_npz_block,
    "mat": _write_mat_block,
    "mtx": _write_mtx_block,
}


def _span(chosen: slice | None, length: int) -> slice:
    return slice(0, length) if chosen is None else chosen


def _pieces(positions: range, across: int) -> Iterator[npt.NDArray[np.int64]]:
    step = max(1, STRIP_BYTES // (8 * max(across, 1)))
    for start in range(0, len(positions), step):
        yield np.array(positions[start : start + step], dtype=np.int64)
