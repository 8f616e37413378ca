"""Tables of other formats as text: columns keep every digit, a NULL is an empty field, lines are rows from 1."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alsgui.core.errors import DataError
from alsgui.io.options import ImportOptions, SideTable
from alsgui.io.sources.stream import CANONICAL, Stream, ahead
from alsgui.text import tr

Options = ImportOptions | SideTable

BATCH_ROWS = 50_000


@dataclass
class Table:
    """An open table.

    Parameters
    ----------
    heads
        Names of its columns.
    batches
        Its rows: pyarrow batches, or lists of rows of values.
    n_rows
        How many there are; None where that is not known beforehand.
    first_line
        Number of its first row, as the program that shows the file counts.
    """

    heads: tuple[str, ...]
    batches: Iterable[Any]
    n_rows: int | None = None
    first_line: int = 1


Opener = Callable[[Path, Options], AbstractContextManager[Table]]


def opener_of(name: str) -> Opener:
    """What opens tables of a format."""
    from alsgui.io.sources import arrow, database, sheets

    openers: dict[str, Opener] = {
        "parquet": database.parquet, "json": database.json, "duckdb": database.duckdb_file,
        "sqlite": database.sqlite_file, "arrow": arrow.arrow, "excel": sheets.sheet,
    }  # fmt: skip
    if name == "r":
        from alsgui.io.sources import rdata

        return rdata.frame
    if name == "postgres":
        from alsgui.io.sources import postgres

        return postgres.table
    return openers[name]


@contextmanager
def table_stream(path: Path, options: Options) -> Iterator[Stream]:
    """The rows of a table as text in the one dialect that needs no options.

    Raises
    ------
    DataError
        When it cannot be read, or has no such table.
    """
    with opener_of(options.format)(path, options) as table:
        done = [0]
        with ahead(_written(table.batches, done)) as chunks:
            whole = table.n_rows

            def share() -> float | None:
                return min(done[0] / whole, 1.0) if whole else None

            size = path.stat().st_size if path.is_file() else 0
            yield Stream(chunks, CANONICAL, table.heads, share, size, table.first_line)


def _written(batches: Iterable[Any], done: list[int]) -> Iterator[bytes]:
    for batch in batches:
        text = text_of_rows(batch) if isinstance(batch, list) else text_of_batch(batch)
        if text:
            yield text
        done[0] += len(batch)


def text_of_rows(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows of Python values as text."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([cell_text(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "surrogateescape")


def cell_text(value: Any) -> str:
    """A value as text: whole numbers without a point, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(value)


def text_of_batch(batch: Any) -> bytes:
    """A pyarrow batch of columns of text as text."""
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(batch, sink, arrow_csv.WriteOptions(include_header=False))
    return bytes(sink.getvalue().to_pybytes())


def chosen_table(path: Path, wanted: str, known: Sequence[str], what: str) -> str:
    """The table or sheet that is asked for, else the first.

    Raises
    ------
    DataError
        When there is none, or none of this name.
    """
    if not known:
        raise DataError(tr("{path} has no {what}.", path=path, what=what), tr("Choose another file."))
    if wanted and wanted not in known:
        raise DataError(
            tr("{path} has no {what} {name}.", path=path, what=what, name=wanted),
            tr("It has {known}.", known=", ".join(known[:20])),
        )
    return wanted or known[0]
