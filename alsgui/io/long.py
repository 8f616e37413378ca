"""Read a list: each record is one rating, or one event."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.io.blocks import Block, Blocks, Scratch
from alsgui.io.ids import Ids
from alsgui.io.kernels import scan
from alsgui.io.numbers import Missing, n_without_time, read_numbers, read_times
from alsgui.io.options import ImportOptions
from alsgui.io.sources.stream import Stream
from alsgui.io.triplets import Growing, LineMap, Refused, Triplets
from alsgui.io.watch import Watch
from alsgui.text import byte_size, count, counted, duration, tr

Array = npt.NDArray[Any]

ROLES = ("user", "item", "rating", "time", "title", "genres")


class LongReader:
    """Takes the blocks of a list one after another."""

    def __init__(self, options: ImportOptions, decimal: str) -> None:
        columns = options.columns
        played = [(role, getattr(columns, role)) for role in ROLES if getattr(columns, role) is not None]
        if options.layout == "events":
            played = [(role, at) for role, at in played if role != "rating"]
        self.wanted = [at for _, at in played]
        self.slot = {role: slot for slot, (role, _) in enumerate(played)}
        self._options, self._decimal = options, decimal
        self._missing = Missing.of(options.missing, decimal)
        # The sample is of users, also where the columns change places afterwards.
        shares = (1.0, options.users_share) if options.swap else (options.users_share, 1.0)
        self._users, self._items = Ids(shares[0]), Ids(shares[1])
        self._u, self._m, self._y = Growing(np.int32), Growing(np.int32), Growing(np.float32)
        self._t = Growing(np.int64) if "time" in self.slot and options.time_format else None
        self._lines, self._refused = LineMap(), Refused()
        self._without_time = 0
        self._n_missing = self._n_left_out = 0
        self._texts: dict[str, dict[int, str]] = {role: {} for role in ("title", "genres") if role in self.slot}
        self.n_records = 0

    def expect(self, n: int) -> None:
        """About so many records will come in all."""
        for growing in (self._u, self._m, self._y, self._t):
            if growing is not None:
                growing.expect(n)

    def prepare(self, block: Block, room: Scratch) -> dict[str, Array]:
        """Ratings and times of a block; on another thread than `take`."""
        made: dict[str, Array] = {}
        if "rating" in self.slot:
            values = room.array("values", block.n, np.float64)
            made["values"] = read_numbers(block, self.slot["rating"], self._decimal, self._missing, values)
        if self._t is not None:
            seconds = room.array("time", block.n, np.int64)
            made["time"] = read_times(block, self.slot["time"], self._options.time_format, self._decimal, seconds)
        return made

    def take(self, block: Block) -> None:
        """Read the records of one block that is prepared."""
        status, slot = block.status, self.slot
        users = self._users.codes(block, slot["user"])
        items = self._items.codes(block, slot["item"])
        values = block.numbers["values"] if "rating" in slot else np.ones(block.n)
        self.n_records += block.n
        good: Any = slice(None)
        if status.any():
            good = status == scan.OK
            self._set_aside(block, good)
        if self._t is not None:
            seconds = block.numbers["time"][good]
            self._without_time += n_without_time(seconds)
            self._t.append(seconds)
        for role, known in self._texts.items():
            self._note_texts(block, role, items, known)
        self._u.append(users[good])
        self._m.append(items[good])
        self._y.append(values[good])
        self._lines.append(block.lines[good])

    def triplets(self) -> Triplets:
        """All that was read."""
        item_ids = self._items.texts()
        texts = {role: {item_ids[code]: text for code, text in known.items()} for role, known in self._texts.items()}
        notes: tuple[str, ...] = ()
        seconds = None if self._t is None else self._t.take()
        if self._without_time:
            seconds = None
            notes = (tr("Times are left out: {rows} without one.", rows=counted(self._without_time, tr("row"))),)
        return Triplets(
            users=self._u.take(), movies=self._m.take(), values=self._y.take(), time=seconds, lines=self._lines,
            user_ids=self._users.texts(), movie_ids=item_ids, refused=self._refused,
            n_missing=self._n_missing, n_left_out=self._n_left_out,
            titles=texts.get("title", {}), genres=texts.get("genres", {}), notes=notes,
        )  # fmt: skip

    def _set_aside(self, block: Block, good: Array) -> None:
        missing, left_out = block.status == scan.MISSING, block.status == scan.LEFT_OUT
        self._n_missing += int(np.count_nonzero(missing))
        self._n_left_out += int(np.count_nonzero(left_out))
        bad = np.flatnonzero(~(good | missing | left_out))
        if len(bad):
            self._refused.add_block(block, bad, self.slot.get("rating"))

    def _note_texts(self, block: Block, role: str, items: Array, known: dict[int, str]) -> None:
        """The first text that is not empty for each movie."""
        slot = self.slot[role]
        filled = np.flatnonzero((block.status == scan.OK) & (block.stops[slot] > block.starts[slot]))
        codes, at = np.unique(items[filled], return_index=True)
        for code, row in zip(codes.tolist(), filled[at].tolist(), strict=True):
            if code not in known:
                known[code] = block.text(row, slot)


def read_long(stream: Stream, options: ImportOptions, watch: Watch) -> Triplets:
    """Ratings of a list, with every record that could not be used.

    Raises
    ------
    DataError
        When the source cannot be read at all.
    Interrupted
        When the watch was cancelled.
    """
    reader = LongReader(options, stream.dialect.decimal)
    pace = Pace(stream, watch)
    blocks = Blocks(stream, reader.wanted, options.n_columns)
    blocks.prepare = reader.prepare
    for block in blocks:
        if not reader.n_records and stream.n_bytes and (taken := block.rows[-1, 1]):
            reader.expect(int(1.02 * block.n * stream.n_bytes / taken) + 1000 if not stream.packed else 0)
        reader.take(block)
        pace.tell(reader.n_records)
    return reader.triplets()


class Pace:
    """Says how far a read is, and how long it will take."""

    EVERY_SECONDS = 0.1

    def __init__(self, stream: Stream, watch: Watch) -> None:
        self._stream, self._watch = stream, watch
        self._started = self._told = time.monotonic()

    def tell(self, n_rows: int) -> None:
        """Rows so far; passed on ten times a second."""
        self._watch.check()
        now = time.monotonic()
        if now - self._told < self.EVERY_SECONDS:
            return
        self._told = now
        share = self._stream.share()
        words = tr("Reading ratings: {rows}", rows=counted(n_rows, tr("row")))
        if share and self._stream.n_bytes:
            done, whole = byte_size(share * self._stream.n_bytes), byte_size(self._stream.n_bytes)
            words += tr(", {done} of {whole}", done=done, whole=whole)
        if share and now - self._started > 0.5:
            left = (now - self._started) * (1 - share) / share
            words += tr(", {time} left", time=duration(left) if left < 9.95 else count(left) + " s")
        self._watch.tell(share, words)
