"""A stream of UTF-8 text with the dialect it is written in: what every source of rows is turned into."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from alsgui.core.errors import Interrupted

CHUNK_BYTES = 1 << 21


@dataclass(frozen=True)
class Dialect:
    """How rows are written, as `ImportOptions` has it."""

    delimiter: str = ","
    quote: str = '"'
    escape: str = ""
    comment: str = ""
    decimal: str = "."
    skip_rows: int = 0
    header: bool = False


CANONICAL = Dialect()
"""What tables of other formats are written in on their way to the one reader of text."""


@dataclass
class Stream:
    """Text on its way to the reader.

    Parameters
    ----------
    chunks
        Pieces of UTF-8, of any length but 0.
    dialect
        How the text is written.
    heads
        Names of the columns where the source knows them; else the first row may be a header.
    share
        How much of the source was used, 0 to 1; None where that is not known.
    n_bytes
        Bytes of the source, 0 where that is not known.
    packed
        Whether the text is longer than its source.
    first_line
        Number of the first line of the text.
    """

    chunks: Iterator[bytes]
    dialect: Dialect
    heads: tuple[str, ...] = ()
    share: Callable[[], float | None] = lambda: None
    n_bytes: int = 0
    first_line: int = 1
    packed: bool = True


T = TypeVar("T")


@contextmanager
def ahead(items: Iterator[T], depth: int = 4) -> Iterator[Iterator[T]]:
    """The same items, made by a thread of their own while the reader works on those before."""
    ready: queue.Queue[Any] = queue.Queue(depth)
    ended = threading.Event()

    def put(kind: str, item: Any) -> None:
        while not ended.is_set():
            try:
                ready.put((kind, item), timeout=0.05)
            except queue.Full:
                continue
            return

    def fetch() -> None:
        try:
            for item in items:
                put("item", item)
                if ended.is_set():
                    return
            put("end", None)
        except (Exception, Interrupted) as error:  # noqa: BLE001 - handed to the reader, which raises it
            put("error", error)

    def taken() -> Iterator[T]:
        while True:
            kind, item = ready.get()
            if kind == "error":
                raise item
            if kind == "end":
                return
            yield item

    thread = threading.Thread(target=fetch, name="alsgui-ahead", daemon=True)
    thread.start()
    try:
        yield taken()
    finally:
        ended.set()
        thread.join()
