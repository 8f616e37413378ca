"""Read a matrix: each record is a user and each column a movie, or the other way round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.blocks import Block, Blocks
from alsgui.io.ids import Ids
from alsgui.io.kernels import scan
from alsgui.io.kernels.intern import LONGEST_ID
from alsgui.io.long import Pace
from alsgui.io.numbers import Missing, read_cells
from alsgui.io.options import ImportOptions
from alsgui.io.sources.stream import Stream
from alsgui.io.triplets import Growing, LineMap, Refused, Triplets
from alsgui.io.watch import Watch

Array = npt.NDArray[Any]


class WideReader:
    """Takes the blocks of a matrix one after another.

    Parameters
    ----------
    options
        How it is read; `columns.id` holds the ids of rows, `columns.drop` neither ids nor ratings.
    heads
        Names of the columns; empty when there are none, which numbers them.
    n_columns
        All columns, ids and dropped ones included.
    """

    def __init__(self, options: ImportOptions, heads: Sequence[str], n_columns: int, decimal: str) -> None:
        aside = {options.columns.id, *options.columns.drop}
        self._cells = [at for at in range(n_columns) if at not in aside]
        self._id = options.columns.id
        names = [heads[at] if at < len(heads) else "" for at in self._cells] if heads else []
        if not heads:
            names = [str(at + 1) for at in range(len(self._cells))]
        self._decimal, self._missing = decimal, Missing.of(options.missing, decimal)
        self._transposed = options.layout == "wide-transposed"
        shares = [options.users_share, 1.0]
        if options.swap != self._transposed:
            shares.reverse()
        self._rows, self._columns = Ids(shares[0]), Ids(shares[1])
        self._refused = Refused()
        self._column_codes, self._usable = self._column_ids(names)
        self._r, self._c, self._y = Growing(np.int32), Growing(np.int32), Growing(np.float32)
        self._lines = LineMap()
        self.wanted = ([] if self._id is None else [self._id]) + self._cells
        self.n_records = self._n_missing = self._n_left_out = 0

    def _column_ids(self, names: Sequence[str]) -> tuple[Array, Array]:
        """Codes of the columns; one without a usable name gets its number, and says so by it."""
        usable = np.array([len(name) <= LONGEST_ID and "\0" not in name for name in names], dtype=bool)
        named = [
            name.strip() or str(at + 1) if ok else "\ufffd"
            for at, (name, ok) in enumerate(zip(names, usable, strict=True))
        ]
        return self._columns.add(named), usable

    def take(self, block: Block) -> None:
        """Read the records of one block."""
        first = 0 if self._id is None else 1
        if first:
            codes = self._rows.codes(block, 0)
        else:
            names = [str(self.n_records + at + 1) for at in range(block.n)]
            codes = self._rows.add(names)
        self.n_records += block.n
        bad = np.flatnonzero((block.status != scan.OK) & (block.status != scan.LEFT_OUT))
        if len(bad):
            self._refused.add_block(block, bad, None)
        rows = np.flatnonzero((block.status == scan.OK) | (block.status == scan.LEFT_OUT))
        if len(rows):
            self._take_cells(block, rows, codes, first)

    def _take_cells(self, block: Block, rows: Array, codes: Array, first: int) -> None:
        n_cells = len(self._cells)
        status = np.zeros(len(rows) * n_cells, dtype=np.uint8)
        starts = np.ascontiguousarray(block.starts[first:, rows].T).reshape(-1)
        stops = np.ascontiguousarray(block.stops[first:, rows].T).reshape(-1)
        values = read_cells(block.buffer, starts, stops, status, self._decimal, self._missing)
        status.reshape(len(rows), n_cells)[:, ~self._usable] = np.where(
            status.reshape(len(rows), n_cells)[:, ~self._usable] == scan.MISSING, scan.MISSING, scan.ID_LONG
        )
        good = np.flatnonzero(status == scan.OK)
        self._n_missing += int(np.count_nonzero(status == scan.MISSING))
        self._refuse_cells(block, rows, first, status)
        at_row, at_column = np.divmod(good, n_cells)
        inside = (block.status[rows[at_row]] == scan.OK) & self._columns.kept[self._column_codes[at_column]]
        self._n_left_out += int(np.count_nonzero(~inside))
        at_row, at_column = at_row[inside], at_column[inside]
        self._r.append(codes[rows[at_row]])
        self._c.append(self._column_codes[at_column])
        self._y.append(values[good[inside]].astype(np.float32))
        self._lines.append(block.lines[rows[at_row]])

    def _refuse_cells(self, block: Block, rows: Array, first: int, status: Array) -> None:
        bad = np.flatnonzero((status != scan.OK) & (status != scan.MISSING))
        room = self._refused.room
        for at in bad[:room].tolist():
            row = int(rows[at // len(self._cells)])
            text = block.text(row, first + at % len(self._cells))
            self._refused.add(int(block.lines[row]), int(status[at]), text, text)
        self._refused.count(status[bad[room:]])

    def triplets(self) -> Triplets:
        """All that was read."""
        rows, columns = self._r.take(), self._c.take()
        row_ids, column_ids = self._rows.texts(), self._columns.texts()
        if self._transposed:
            rows, columns, row_ids, column_ids = columns, rows, column_ids, row_ids
        return Triplets(
            users=rows, movies=columns, values=self._y.take(), time=None, lines=self._lines,
            user_ids=row_ids, movie_ids=column_ids, refused=self._refused,
            every_user=self._columns.kept if self._transposed else self._rows.kept,
            every_movie=self._rows.kept if self._transposed else self._columns.kept,
            n_missing=self._n_missing, n_left_out=self._n_left_out,
        )  # fmt: skip


def read_wide(stream: Stream, options: ImportOptions, watch: Watch) -> Triplets:
    """Ratings of a matrix; a cell that is neither missing nor a finite number is rejected alone.

    Raises
    ------
    DataError
        When the source cannot be read at all.
    Interrupted
        When the watch was cancelled.
    """
    blocks = Blocks(stream, None, options.n_columns)
    n_columns = options.n_columns or blocks.expected
    heads = list(blocks.heads)
    if heads and len(heads) == n_columns - 1 and options.columns.id == 0:
        heads.insert(0, "")  # a head may leave out the empty cell above the ids
    reader = WideReader(options, heads, n_columns, stream.dialect.decimal)
    blocks.wanted = reader.wanted
    pace = Pace(stream, watch)
    for block in blocks:
        reader.take(block)
        pace.tell(reader.n_records)
    return reader.triplets()
