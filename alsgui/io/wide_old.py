"""Read a wide matrix: each row is a user, each column a movie, an empty cell a missing rating."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import RowProblem
from alsgui.core.ratings import numbered
from alsgui.io.cells import is_missing, number
from alsgui.io.dialect import records
from alsgui.io.plan import LARGEST_RATING, MOST_PROBLEMS, ReadOptions, Triplets, Watch
from alsgui.text import tr

ROWS_PER_CHECK = 64


@dataclass
class _Cells:
    """Ratings as they are found; arrays of machine numbers, so that a million cells cost 16 MB."""

    users: array[int] = field(default_factory=lambda: array("i"))
    movies: array[int] = field(default_factory=lambda: array("i"))
    values: array[float] = field(default_factory=lambda: array("f"))
    lines: array[int] = field(default_factory=lambda: array("q"))
    user_ids: list[str] = field(default_factory=list)
    n_rejected: int = 0
    rejected: list[RowProblem] = field(default_factory=list)

    def reject(self, line: int, reason: str, text: str) -> None:
        self.n_rejected += 1
        if len(self.rejected) < MOST_PROBLEMS:
            self.rejected.append(RowProblem(line, reason, text[:200]))


def read_wide(options: ReadOptions, watch: Watch) -> Triplets:
    """Ratings of a wide matrix; a cell that is neither missing nor a finite number is rejected alone.

    Raises
    ------
    DataError
        When the file cannot be parsed at all.
    Interrupted
        When the watch was cancelled.
    """
    assert options.dialect is not None
    dialect, first = options.dialect, 0 if options.columns.user is None else 1
    heads = list(options.heads[first:]) or list(numbered(options.n_columns - first))
    cells = _Cells()
    size = max(options.path.stat().st_size, 1)
    read = 0
    for at, (line, row) in enumerate(records(options.path, dialect)):
        if at % ROWS_PER_CHECK == 0:
            watch.tell(min(read / size, 1.0), tr("Reading ratings"))
        read += sum(map(len, row)) + len(row)
        if line <= dialect.skip or not row:
            continue
        why = _unusable(row, first, options.n_columns)
        if why:
            cells.reject(line, why, dialect.delimiter.join(row))
        else:
            _take(cells, row, line, first, dialect.decimal)
    return _triplets(cells, heads)


def _unusable(row: Sequence[str], first: int, n_columns: int) -> str:
    if len(row) != n_columns:
        return tr("too few columns") if len(row) < n_columns else tr("too many columns")
    return tr("user is empty") if first and not row[0] else ""


def _take(cells: _Cells, row: Sequence[str], line: int, first: int, decimal: str) -> None:
    user = len(cells.user_ids)
    cells.user_ids.append(row[0] if first else str(user + 1))
    for movie, cell in enumerate(row[first:]):
        if is_missing(cell):
            continue
        value = number(cell, decimal)
        if value is None or not math.isfinite(value) or abs(value) > LARGEST_RATING:
            cells.reject(line, tr("rating is not a finite number"), cell)
            continue
        cells.users.append(user)
        cells.movies.append(movie)
        cells.values.append(value)
        cells.lines.append(line)


def _triplets(cells: _Cells, heads: Sequence[str]) -> Triplets:
    """Give each id its place once; a user or movie that stands twice is one."""
    user_ids, user_places = _natural_places(cells.user_ids)
    movie_ids, movie_places = _natural_places(heads)
    lines = np.array(cells.lines, dtype=np.int64)
    return Triplets(
        users=user_places[np.array(cells.users, dtype=np.int32)],
        movies=movie_places[np.array(cells.movies, dtype=np.int32)],
        values=np.array(cells.values, dtype=np.float32),
        time=None,
        lines=lambda at: lines[at],
        user_ids=user_ids,
        movie_ids=movie_ids,
        n_rejected=cells.n_rejected,
        rejected=tuple(cells.rejected),
    )


def _natural_places(ids: Sequence[str]) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """Distinct ids, by number if all are whole numbers, else as they appear; and the place of each given one."""
    distinct = list(dict.fromkeys(ids))
    if all(identity.isascii() and identity.isdigit() for identity in distinct):
        distinct.sort(key=lambda identity: (len(identity.lstrip("0")), identity.lstrip("0"), identity))
    place = {identity: position for position, identity in enumerate(distinct)}
    return tuple(distinct), np.array([place[identity] for identity in ids], dtype=np.int32)
