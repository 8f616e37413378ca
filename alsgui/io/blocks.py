"""Records of a stream of text, some ten thousand at a time, as offsets into one buffer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError
from alsgui.io.kernels import scan as kernel
from alsgui.io.kernels.intern import unescaped
from alsgui.io.sources.stream import Dialect, Stream, ahead
from alsgui.text import byte_size, tr

Array = npt.NDArray[Any]

BLOCK_BYTES = 1 << 21
LONGEST_RECORD = 1 << 28
MOST_ROWS = 1 << 17
MOST_CELLS = 1 << 20
BOM = b"\xef\xbb\xbf"


class Scratch:
    """Arrays that are used again for every block: fresh ones cost the system more time than to fill them."""

    def __init__(self) -> None:
        self._arrays: dict[tuple[str, str], Array] = {}

    def array(self, name: str, n: int, dtype: Any) -> Array:
        """The first n places of the array of this name; what they hold is left from before, at first 0."""
        key = (name, np.dtype(dtype).str)
        if len(self._arrays.get(key, ())) < n:
            self._arrays[key] = np.zeros(n, dtype=dtype)
        return self._arrays[key][:n]


@dataclass
class Block:
    """Some records; arrays are good until the next block is taken.

    Parameters
    ----------
    buffer
        The bytes.
    n
        Number of records.
    rows
        Start, end and number of fields of each (R x 3).
    lines, status
        Line it starts in; what is wrong with it (see `kernels.scan`).
    starts, stops, modes
        The wanted fields (S x R).
    signs
        How they are written.
    numbers
        What `Blocks.prepare` has made of them.
    """

    buffer: Array
    n: int
    rows: Array
    lines: Array
    status: Array
    starts: Array
    stops: Array
    modes: Array
    signs: Array
    numbers: dict[str, Array] = field(default_factory=dict)

    def raw(self, row: int) -> str:
        """A record as it stands in the file."""
        start, stop = self.rows[row, 0], self.rows[row, 1]
        return self.buffer[start:stop].tobytes().decode("utf-8", "replace")

    def text(self, row: int, slot: int) -> str:
        """One field without its quotes."""
        start, stop = int(self.starts[slot, row]), int(self.stops[slot, row])
        if self.modes[slot, row] != kernel.ESCAPED:
            return self.buffer[start:stop].tobytes().decode("utf-8", "replace")
        room = np.empty(stop - start, dtype=np.uint8)
        n = unescaped(self.buffer, start, stop, self.signs[kernel.QUOTE], self.signs[kernel.ESCAPE], room)
        return room[:n].tobytes().decode("utf-8", "replace")


class Blocks:
    """The records of a stream.

    Parameters
    ----------
    stream
        The text.
    wanted
        Columns that somebody needs, in the order of their slots; None for all of them.
    expected
        Fields of a record; a record with another number is marked. 0: as many as the first has. -1: any number.

    Attributes
    ----------
    prepare
        What can be done to a block already where it is cut, beside the work on the one before.
    """

    def __init__(self, stream: Stream, wanted: Sequence[int] | None = None, expected: int = 0) -> None:
        self.signs = signs_of(stream.dialect)
        self.heads = stream.heads
        self._chunks = stream.chunks
        self._buffer = np.empty(2 * BLOCK_BYTES, dtype=np.uint8)
        self._at, self._end, self._final = 0, 0, False
        self._line = stream.first_line
        self.expected = expected
        self._fill(self._buffer, stuck=True)
        self._drop_bom()
        self._skip_lines(stream.dialect.skip_rows)
        if stream.dialect.header and not self.heads:
            self.heads = self._first_record(take=True)
        if not self.expected:
            self.expected = len(self.heads) or len(self._first_record(take=False))
        self.wanted = list(range(self.expected)) if wanted is None else list(wanted)
        self.prepare: Callable[[Block, Scratch], dict[str, Array]] | None = None

    def __iter__(self) -> Iterator[Block]:
        """The blocks, cut by a thread of their own while those before are worked on."""
        with ahead(self._cut(), depth=1) as blocks:
            yield from blocks

    def _cut(self) -> Iterator[Block]:
        wanted = np.array(self.wanted, dtype=np.int64)
        slots = np.full(max((*self.wanted, -1)) + 1, -1, dtype=np.int64)
        slots[wanted] = np.arange(len(wanted))
        room = max(min(MOST_ROWS, MOST_CELLS // max(len(wanted), 1)), 1)
        # One block is worked on, one waits, one is cut.
        sheets = [_sheet(room, len(wanted)) for _ in range(3)]
        buffers = [self._buffer, *(np.empty(0, dtype=np.uint8) for _ in range(2))]
        scratches = [Scratch() for _ in range(3)]
        turn = 0
        while True:
            sheet, scratch = sheets[turn], scratches[turn]
            n, self._at, self._line = kernel.scan(
                self._buffer,
                self._at,
                self._end,
                self._final,
                self.signs,
                slots,
                wanted,
                self.expected,
                self._line,
                *sheet,
            )
            if n:
                buffers[turn] = self._buffer
                turn = (turn + 1) % 3
                rows, lines, status, starts, stops, modes = sheet
                block = Block(
                    self._buffer, n, rows[:n], lines[:n], status[:n], starts[:, :n], stops[:, :n], modes[:, :n],
                    self.signs,
                )  # fmt: skip
                if self.prepare is not None:
                    block.numbers = self.prepare(block, scratch)
                yield block
            if self._at >= self._end and self._final:
                return
            self._fill(buffers[turn] if n else self._buffer, stuck=not n)

    def _fill(self, buffer: Array, *, stuck: bool = False) -> None:
        """Go on in another buffer: the rest of this one, and new bytes behind it; more of them when it was stuck."""
        rest = self._end - self._at
        if rest >= LONGEST_RECORD:
            raise DataError(
                tr("Line {line} is longer than {size}.", line=self._line, size=byte_size(LONGEST_RECORD)),
                tr("Check the line ends and the quotation marks of this file."),
            )
        wanted = max(BLOCK_BYTES, 2 * rest if stuck else 0)
        kept = self._buffer[self._at : self._end].copy()
        if len(buffer) <= max(wanted, rest):
            buffer = np.empty(2 * max(wanted, rest) + 1, dtype=np.uint8)
        buffer[:rest] = kept
        self._buffer, self._at, self._end = buffer, 0, rest
        while self._end < wanted and not self._final:
            chunk = next(self._chunks, None)
            if chunk is None:
                self._final = True
                break
            needed = self._end + len(chunk)
            if needed >= len(self._buffer):
                grown = np.empty(2 * needed, dtype=np.uint8)
                grown[: self._end] = self._buffer[: self._end]
                self._buffer = grown
            self._buffer[self._end : needed] = np.frombuffer(chunk, dtype=np.uint8)
            self._end = needed
        self._buffer[self._end] = kernel.LF  # the scan looks for it and not for the end

    def _drop_bom(self) -> None:
        if self._buffer[: min(self._end, 3)].tobytes() == BOM:
            self._at = 3

    def _skip_lines(self, n: int) -> None:
        for _ in range(n):
            while True:
                stop = kernel._next_line(self._buffer, self._at, self._end)
                # A return at the very end may be half of a line end.
                if stop + 1 < self._end or self._final:
                    break
                self._fill(self._buffer, stuck=True)
            if stop >= self._end:
                self._at = self._end
                return
            self._at = stop + kernel._line_end(self._buffer, stop, self._end)
            self._line += 1

    def _first_record(self, *, take: bool) -> tuple[str, ...]:
        """All fields of the next record; leaves it for the blocks unless taken."""
        while True:
            sign = self.signs[kernel.DELIMITER]
            most = 2 + int(np.count_nonzero(self._buffer[self._at : self._end] == sign))
            sheet, places = _sheet(1, most), np.arange(most)
            n, at, line = kernel.scan(
                self._buffer, self._at, self._end, self._final, self.signs, places, places, 0, self._line, *sheet
            )
            if n or self._final:
                break
            self._fill(self._buffer, stuck=True)
        if not n:
            return ()
        rows, lines, status, starts, stops, modes = sheet
        block = Block(self._buffer, 1, rows, lines, status, starts, stops, modes, self.signs)
        fields = tuple(block.text(0, slot) for slot in range(min(int(rows[0, 2]), most)))
        if take:
            self._at, self._line = at, line
        return fields


def _sheet(n_rows: int, n_slots: int) -> tuple[Array, ...]:
    """Room for the records of one block; see `kernels.scan`."""
    return (
        np.empty((n_rows, 3), np.int32), np.empty(n_rows, np.int64), np.empty(n_rows, np.uint8),
        np.empty((n_slots, n_rows), np.int32), np.empty((n_slots, n_rows), np.int32),
        np.empty((n_slots, n_rows), np.uint8),
    )  # fmt: skip


def signs_of(dialect: Dialect) -> Array:
    """The dialect as the kernel takes it."""
    signs = np.zeros(kernel.N_SIGNS, dtype=np.int64)
    signs[kernel.QUOTE] = ord(dialect.quote) if dialect.quote else -1
    signs[kernel.ESCAPE] = ord(dialect.escape) if dialect.escape else -1
    signs[kernel.RUNS] = dialect.delimiter == " "
    for text, length, first in (
        (dialect.comment, kernel.N_COMMENT, kernel.COMMENT),
        (dialect.delimiter, kernel.N_DELIMITER, kernel.DELIMITER),
    ):
        encoded = text.encode()[:4]
        signs[length] = len(encoded)
        signs[first : first + len(encoded)] = list(encoded)
    return signs
