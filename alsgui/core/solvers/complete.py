"""A complete y as the array that it is: right-hand sides of all rows of a side in one pass over it, never copied."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from alsgui.core.ratings import Floats, Ratings
from alsgui.core.solvers.blocks import Block, Workers
from alsgui.core.solvers.kernels import complete

_PIECE_BYTES = 1 << 21
"""Of y that is worked on at a time: it is still in the cache when it is read once more."""

_MOST_BLOCKS = 32
"""Each block of users has sums for all movies."""


class CompleteY:
    """The cells of complete ratings, N x M float32, where they are stored."""

    def __init__(self, ratings: Ratings, blocks: list[Block]) -> None:
        self._y: Floats = ratings.csr.data.reshape(ratings.csr.shape)
        together = -(-len(blocks) // _MOST_BLOCKS)
        groups = [blocks[first : first + together] for first in range(0, len(blocks), together)]
        self.blocks: list[Block] = [(group[0][0], group[-1][1]) for group in groups]
        self._piece = max(_PIECE_BYTES // (4 * max(ratings.n_movies, 1)) // complete.ROWS, 1) * complete.ROWS

    def pieces(self, start: int, stop: int) -> Iterator[Block]:
        """Rows start..stop, as many at a time as stay in the cache."""
        for first in range(start, stop, self._piece):
            yield first, min(first + self._piece, stop)

    def tall(self, rows: Floats, dtype: npt.DTypeLike) -> Floats:
        """Rows (rows x K) as kernels take them: K x rows, K in whole fours, read-only."""
        tall = np.zeros((_fours(rows.shape[1]), len(rows)), dtype)
        tall[: rows.shape[1]] = rows.T
        tall.setflags(write=False)
        return tall

    def user_sums(self, start: int, stop: int, tall: Floats, k: int) -> Floats:
        """Right-hand sides of users start..stop (K x users), from the movies."""
        out = np.empty((len(tall), -(-(stop - start) // complete.ROWS) * complete.ROWS), tall.dtype)
        complete.user_sums(start, stop, self._y, tall, out)
        return np.ascontiguousarray(out[:k, : stop - start])

    def no_movie_sums(self, k: int, dtype: npt.DTypeLike) -> Floats:
        """Zeros to which `add_movie_shares` adds."""
        return np.zeros((_fours(k), self._y.shape[1]), dtype)

    def add_movie_shares(self, start: int, stop: int, users: Floats, k: int, sums: Floats) -> None:
        """Add what users start..stop (packed rows of all, read-only) contribute to the right-hand sides of movies."""
        complete.movie_shares(start, stop, self._y, users, k, sums)

    def movie_sums(self, users: Floats, k: int, dtype: npt.DTypeLike, workers: Workers) -> Iterator[float | Floats]:
        """A pass over y for the movies: the share of the users that is done, then all right-hand sides (float64)."""

        def block(start: int, stop: int) -> tuple[int, Floats]:
            sums = self.no_movie_sums(k, dtype)
            for first, last in self.pieces(start, stop):
                self.add_movie_shares(first, last, users, k, sums)
            return stop, sums

        total = self.no_movie_sums(k, np.float64)
        for stop, sums in workers.run(block, self.blocks):
            total += sums
            yield stop / len(users)
        yield total


def _fours(k: int) -> int:
    return -(-k // complete.ATTRIBUTES) * complete.ATTRIBUTES
