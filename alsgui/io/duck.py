"""DuckDB with a watch: queries that tell how far they are and end within a tenth of a second when asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.core.errors import DataError, Interrupted
from alsgui.io.plan import Dialect, Watch
from alsgui.text import tr

if TYPE_CHECKING:
    import duckdb

POLL_SECONDS = 0.05

NEVER = "\x1e"
"""Stands for a missing value in no file, so that an empty field stays an empty text."""


@contextmanager
def connection(path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A private database in memory that fetches nothing from the network; its errors name `path`.

    Raises
    ------
    DataError
        When DuckDB cannot read the file.
    """
    import duckdb

    connected = duckdb.connect(
        ":memory:",
        config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"},
    )
    try:
        connected.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        connected.execute("SET progress_bar_time = 0")
        yield connected
    except duckdb.Error as error:
        raise DataError(
            tr("{path} cannot be read: {reason}.", path=path, reason=_first_line(error)),
            tr("Check that the file is whole, or choose another one."),
        ) from error
    finally:
        connected.close()


def run(
    connected: duckdb.DuckDBPyConnection, query: str, watch: Watch, text: str, parameters: list[Any] | None = None
) -> duckdb.DuckDBPyConnection:
    """Execute one query under the watch.

    Raises
    ------
    Interrupted
        When the watch was cancelled.
    """
    import duckdb

    watch.tell(0.0, text)
    ended = threading.Event()

    def look_after() -> None:
        while not ended.wait(POLL_SECONDS):
            if watch.cancelled:
                connected.interrupt()
            elif watch.progress is not None:
                share = connected.query_progress()
                watch.progress(share / 100 if share >= 0 else None, text)

    guard = threading.Thread(target=look_after, name="reading-watch", daemon=True)
    guard.start()
    try:
        return connected.execute(query, parameters)
    except duckdb.InterruptException as error:
        raise Interrupted from error
    finally:
        ended.set()
        guard.join()
        watch.check()


def csv_source(dialect: Dialect, types: list[str]) -> str:
    """The `read_csv(?, ...)` call with every option explicit; columns are c0, c1, ... of the given types."""
    columns = ", ".join(f"'c{at}': '{kind}'" for at, kind in enumerate(types))
    return (
        f"read_csv(?, auto_detect = false, delim = {_literal(dialect.delimiter)}, quote = {_literal(dialect.quote)}, "
        f"escape = {_literal(dialect.quote)}, header = false, skip = {dialect.skip}, columns = {{{columns}}}, "
        f"encoding = {_literal(dialect.encoding)}, decimal_separator = {_literal(dialect.decimal)}, "
        f"nullstr = {_literal(NEVER)}, strict_mode = {str(dialect.strict).lower()}, store_rejects = true)"
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0].rstrip(".")
