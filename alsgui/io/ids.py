"""Ids as they are met: text -> code, in the order of appearance; and the order in which they are shown."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError
from alsgui.io.blocks import Block, Scratch
from alsgui.io.kernels import scan
from alsgui.io.kernels.intern import LONGEST_ID, MOST_BYTES, intern, rehash
from alsgui.text import count, tr

Array = npt.NDArray[Any]

MOST_IDS = (1 << 31) - 2
"""Positions are int32."""


class Ids:
    """The distinct ids of one side.

    Parameters
    ----------
    share
        Share of ids whose ratings are kept, chosen by the id alone: the same each time.
    """

    def __init__(self, share: float = 1.0) -> None:
        self.n = 0
        self.kept = np.ones(0, dtype=bool)
        self.states = np.zeros(0, dtype=np.uint8)
        self._own = Scratch()
        self._share, self._any_unusable = share, False
        self._seed = np.uint64(int.from_bytes(os.urandom(8), "little"))
        self._table = np.zeros(1 << 13, dtype=np.uint64)
        self._offsets = np.zeros(1 << 11, dtype=np.int64)
        self._blob = np.empty(1 << 16, dtype=np.uint8)
        self._scratch = np.empty(2 * MOST_BYTES, dtype=np.uint8)

    def codes(self, block: Block, slot: int) -> Array:
        """Codes (int32) of the ids of a block's usable records; those that are unusable or left out are marked."""
        # What is left from blocks before are codes, too: good enough for records that are not OK.
        codes = self._own.array("codes", block.n, np.int32)
        fields = (block.starts[slot], block.stops[slot], block.modes[slot])
        self._intern(block.buffer, *fields, block.signs, block.status, codes)
        if self._any_unusable:
            good = block.status == scan.OK
            block.status[good] = self.states[codes[good]]
        if self._share < 1:
            block.status[(block.status == scan.OK) & ~self.kept[codes]] = scan.LEFT_OUT
        return codes

    def add(self, ids: Iterable[str]) -> Array:
        """Codes (int32) of ids given as text."""
        encoded = [identity.encode("utf-8", "surrogatepass") for identity in ids]
        buffer = np.frombuffer(b"".join(encoded) + b"\0", dtype=np.uint8).copy()
        stops = np.cumsum([len(part) for part in encoded], dtype=np.int64)
        starts = stops - np.array([len(part) for part in encoded], dtype=np.int64)
        codes = np.zeros(len(encoded), dtype=np.int32)
        n = len(encoded)
        signs = np.full(scan.N_SIGNS, -1, dtype=np.int64)
        self._intern(buffer, starts, stops, np.zeros(n, np.uint8), signs, np.zeros(n, np.uint8), codes)
        return codes

    def texts(self) -> list[str]:
        """All ids in the order of appearance."""
        blob = self._blob[: self._offsets[self.n]].tobytes()
        offsets = self._offsets[: self.n + 1].tolist()
        return [blob[start:stop].decode("utf-8", "replace") for start, stop in pairwise(offsets)]

    def _intern(  # noqa: PLR0917 - as the kernel takes them
        self, buffer: Array, starts: Array, stops: Array, modes: Array, signs: Array, status: Array, codes: Array
    ) -> None:
        first, row, n = self.n, 0, len(codes)
        quote, escape = signs[scan.QUOTE], signs[scan.ESCAPE]
        while True:
            row, self.n = intern(
                buffer, starts, stops, modes, row, n, quote, escape, status, self._seed,
                self._table, self._offsets, self._blob, self.n, self._scratch, codes,
            )  # fmt: skip
            if row >= n:
                break
            self._grow()
        if self.n > first:
            self._look_at_new(first)

    def _grow(self) -> None:
        if self.n >= MOST_IDS:
            raise DataError(
                tr("There are more than {n} different ids.", n=count(MOST_IDS)),
                tr("Check which column is which, or read a sample of the users."),
            )
        if 4 * self.n >= len(self._table):
            table = np.zeros(2 * len(self._table), dtype=np.uint64)
            rehash(self._table, table, self._seed)
            self._table = table
        if self.n + 2 >= len(self._offsets):
            self._offsets = np.resize(self._offsets, 2 * len(self._offsets))
        if self._offsets[self.n] + MOST_BYTES > len(self._blob):
            self._blob = np.resize(self._blob, 2 * len(self._blob))

    def _look_at_new(self, first: int) -> None:
        """Which of the new ids are unusable and why, and which are in the sample."""
        n, offsets = self.n - first, self._offsets
        states, kept = np.zeros(n, dtype=np.uint8), np.ones(n, dtype=bool)
        new = self._blob[offsets[first] : offsets[self.n]]
        lengths = np.diff(offsets[first : self.n + 1])
        if self._share < 1 or not lengths.all() or lengths.max() > LONGEST_ID or not (new > 0).all() or new.max() > 127:
            for at in range(n):
                raw = self._blob[offsets[first + at] : offsets[first + at + 1]].tobytes()
                states[at] = _state_of(raw)
                kept[at] = self._share >= 1 or zlib.crc32(raw) < self._share * 2**32
        self._any_unusable = self._any_unusable or bool(states.any())
        self.states = np.concatenate([self.states, states])
        self.kept = np.concatenate([self.kept, kept])


def _state_of(raw: bytes) -> int:
    """Why an id cannot be used; OK when it can."""
    if not raw:
        return scan.ID_EMPTY
    if 0 in raw:
        return scan.ID_NUL
    try:
        return scan.ID_LONG if len(raw.decode()) > LONGEST_ID else scan.OK
    except UnicodeDecodeError:
        return scan.ID_ENCODING


def natural_order(ids: Sequence[str]) -> list[int]:
    """Positions by number if all ids are whole numbers, else as they stand."""
    if not all(identity.isascii() and identity.isdigit() for identity in ids):
        return list(range(len(ids)))
    return sorted(range(len(ids)), key=lambda at: (len(ids[at].lstrip("0")), ids[at].lstrip("0"), ids[at]))
