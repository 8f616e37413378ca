"""Open any file as a stream of text with a dialect: the one door of the reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from alsgui.io.options import ImportOptions, SideTable
from alsgui.io.sources.stream import CANONICAL, Stream
from alsgui.text import tr

MATRIX_FORMATS = ("npy", "npz", "mtx", "mat")
TABLE_FORMATS = ("parquet", "arrow", "json", "excel", "sqlite", "duckdb", "r", "postgres")


def row_stream(path: Path, options: ImportOptions | SideTable) -> AbstractContextManager[Stream]:
    """The rows of a file as text.

    Raises
    ------
    DataError
        When it is damaged, or has no rows.
    OSError
        When it cannot be read.
    """
    if options.format in TABLE_FORMATS:
        from alsgui.io.sources.tables import table_stream

        return table_stream(path, options)
    if isinstance(options, ImportOptions):
        if options.format in MATRIX_FORMATS:
            return _array_stream(path, options)
        if options.format == "netflix":
            from alsgui.io.sources.netflix import netflix_stream

            return netflix_stream(path, options)
        if options.format in ("libsvm", "libfm"):
            from alsgui.io.sources.libsvm import libsvm_stream

            return libsvm_stream(path, options)
    from alsgui.io.sources.text import text_stream

    return text_stream(path, options)


@contextmanager
def _array_stream(path: Path, options: ImportOptions) -> Iterator[Stream]:
    from alsgui.core.errors import DataError
    from alsgui.io.sources.arrays import open_matrix, rows_of
    from alsgui.io.sources.tables import text_of_rows

    matrix = open_matrix(path, options)
    if matrix.dense is None:
        raise DataError(
            tr("{path} is a sparse matrix, not a list.", path=path), tr("Choose the layout wide or wide-transposed.")
        )
    yield Stream(map(text_of_rows, rows_of(matrix)), CANONICAL, matrix.heads)


def is_connection(text: str) -> bool:
    """Whether what stands for a file is the address of a PostgreSQL server."""
    return re.match(r"postgres(ql)?://", text) is not None
