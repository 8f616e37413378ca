"""Row blocks: the unit of parallel work, of progress and of cancelling."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import pairwise
from typing import TypeVar

import numpy as np

from alsgui.core.errors import Interrupted
from alsgui.core.ratings import Ints

Block = tuple[int, int]
Result = TypeVar("Result")

_BLOCK_COST = 5e7
"""Multiply-adds of a block, a few milliseconds: often enough to cancel, seldom enough to cost nothing."""


def cores() -> int:
    """How many threads work at a time where nobody says otherwise."""
    return os.cpu_count() or 1


def row_blocks(indptr: Ints, per_entry: float, per_row: float) -> list[Block]:
    """Cut rows into blocks of about equal work; they depend on the data alone, never on the threads.

    Parameters
    ----------
    indptr
        Starts of the compressed rows.
    per_entry, per_row
        Multiply-adds that a rating and a row cost.
    """
    n_rows = len(indptr) - 1
    cost = np.diff(indptr) * per_entry + per_row + 1
    number = np.floor(np.cumsum(cost) / _BLOCK_COST)
    edges = np.flatnonzero(np.diff(number, prepend=0)) if n_rows else np.empty(0, int)
    starts = [0, *(int(edge) for edge in edges if edge > 0), n_rows]
    return [(start, stop) for start, stop in pairwise(starts) if stop > start]


class Workers:
    """A pool of row-block threads for one fit; with one thread, work runs in the caller."""

    def __init__(self, threads: int | None, interrupted: Callable[[], bool]) -> None:
        self._threads = threads or cores()
        self._interrupted = interrupted
        self._pool: ThreadPoolExecutor | None = None

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def run(self, work: Callable[[int, int], Result], blocks: list[Block]) -> Iterator[Result]:
        """Results of `work(start, stop)` for every block, in the blocks' order.

        Raises
        ------
        Interrupted
            Between blocks, once the fit is asked to end.
        """
        if self._threads == 1 or len(blocks) == 1:
            for start, stop in blocks:
                self._check()
                yield work(start, stop)
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="alsgui-rows")
        futures: list[Future[Result]] = [self._pool.submit(work, *block) for block in blocks]
        try:
            for future in futures:
                self._check()
                yield future.result()
        finally:
            for future in futures:
                future.cancel()

    def _check(self) -> None:
        if self._interrupted():
            raise Interrupted
