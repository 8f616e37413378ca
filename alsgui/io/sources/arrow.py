"""Arrow files, Arrow streams and Feather."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alsgui.core.errors import DataError
from alsgui.io.sources.tables import BATCH_ROWS, Options, Table
from alsgui.text import tr

FILE_MAGIC, FEATHER_MAGIC, STREAM_MAGIC = b"ARROW1", b"FEA1", b"\xff\xff\xff\xff"


@contextmanager
def arrow(path: Path, options: Options) -> Iterator[Table]:
    """The rows of an Arrow or Feather file.

    Raises
    ------
    DataError
        When it is damaged.
    """
    import pyarrow as pa
    from pyarrow import feather

    with path.open("rb") as stream:
        start = stream.read(8)
    try:
        if start.startswith(FEATHER_MAGIC):
            table = feather.read_table(path)
            yield Table(tuple(table.column_names), map(as_text, table.to_batches(BATCH_ROWS)), table.num_rows)
            return
        with pa.memory_map(str(path)) as mapped:
            if start.startswith(FILE_MAGIC):
                reader: Any = pa.ipc.open_file(mapped)
                batches = (reader.get_batch(at) for at in range(reader.num_record_batches))
            else:
                reader = pa.ipc.open_stream(mapped)
                batches = iter(reader)
            yield Table(tuple(reader.schema.names), _small(batches))
    except (pa.ArrowException, OSError) as error:
        raise DataError(
            tr("{path} cannot be read: {reason}.", path=path, reason=str(error).splitlines()[0].rstrip(".")),
            tr("Check that the file is whole, or choose another one."),
        ) from error


def _small(batches: Iterator[Any]) -> Iterator[Any]:
    for batch in batches:
        for at in range(0, batch.num_rows, BATCH_ROWS):
            yield as_text(batch.slice(at, BATCH_ROWS))


def as_text(batch: Any) -> Any:
    """The same batch with every column as text."""
    import pyarrow as pa

    columns = []
    for column in batch.columns:
        if pa.types.is_dictionary(column.type):
            column = column.dictionary_decode()  # noqa: PLW2901 - the same column, unpacked
        if pa.types.is_nested(column.type) or pa.types.is_binary(column.type):
            columns.append(
                pa.array([None if value is None else _plain(value) for value in column.to_pylist()], pa.string())
            )
        elif pa.types.is_boolean(column.type):
            columns.append(column.cast(pa.int8()).cast(pa.string()))
        else:
            columns.append(column.cast(pa.string()))
    return pa.RecordBatch.from_arrays(columns, names=[str(at) for at in range(len(columns))])


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "|".join(map(str, value)) if isinstance(value, list) else str(value)
