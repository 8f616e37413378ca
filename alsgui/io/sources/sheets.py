"""Excel and OpenDocument sheets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from alsgui.core.errors import DataError
from alsgui.io.sources.binary import ZIP_MAGIC, open_zip
from alsgui.io.sources.tables import Options, Table, cell_text, chosen_table
from alsgui.text import tr

ROWS_AT_A_TIME = 2000


@contextmanager
def sheet(path: Path, options: Options) -> Iterator[Table]:
    """The rows of one sheet; leading rows are skipped and the header is taken here, as options say."""
    workbook = open_workbook(path)
    name = chosen_table(path, options.table, workbook.sheet_names, tr("sheet"))
    try:
        found = workbook.get_sheet_by_name(name)
        rows = iter(found.iter_rows())
        start = (found.start or (0, 0))[0]
    except Exception as error:
        raise _damaged(path, error) from error
    skipped = list(islice(rows, options.skip_rows))
    heads: tuple[str, ...] = ()
    if options.header:
        heads = tuple(cell_text(cell) for cell in next(rows, []))
    first = start + 1 + len(skipped) + options.header
    yield Table(heads, _batches(rows), found.total_height, first)


def open_workbook(path: Path) -> Any:
    """A workbook that unpacks to an honest size.

    Raises
    ------
    DataError
        When it is damaged, encrypted, or a bomb.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    with path.open("rb") as stream:
        packed = stream.read(4) == ZIP_MAGIC
    if packed:
        with open_zip(path):
            pass
    try:
        return CalamineWorkbook.from_path(path)
    except (CalamineError, ValueError, OSError) as error:
        raise _damaged(path, error) from error


def _batches(rows: Iterator[list[Any]]) -> Iterator[list[list[Any]]]:
    while batch := list(islice(rows, ROWS_AT_A_TIME)):
        yield batch


def _damaged(path: Path, error: Exception) -> DataError:
    return DataError(
        tr("{path} cannot be read: {reason}.", path=path, reason=str(error).splitlines()[0].rstrip(".")),
        tr("Open it in a spreadsheet program and save it again, or save it as CSV."),
    )
