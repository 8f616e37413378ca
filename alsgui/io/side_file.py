"""A CSV file of what is known of users: a header, ids in the first column, a characteristic in each other one."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError, RowProblem
from alsgui.text import tr


def read_side_table(path: str | Path) -> tuple[list[str], dict[str, npt.NDArray[np.object_]]]:
    """Ids and columns of a table of users; empty fields are None.

    Raises
    ------
    DataError
        When the file cannot be read, has no rows or columns, or a row has another number of fields; names the lines.
    """
    try:
        with Path(path).open(encoding="utf-8-sig", newline="") as stream:
            sample = stream.read(1 << 16)
            stream.seek(0)
            rows = [row for row in csv.reader(stream, delimiter=_delimiter(sample)) if any(row)]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(
            tr("{path} cannot be read ({error}).", path=path, error=getattr(error, "strerror", None) or error),
            tr("Give a CSV file in UTF-8: a header, then a row for each user, ids first."),
        ) from error
    if len(rows) < 2 or len(rows[0]) < 2:
        raise DataError(
            tr("{path} has no table of users.", path=path),
            tr("It needs a header, ids in the first column, and a characteristic in each other one."),
        )
    head, body = rows[0], rows[1:]
    uneven = [RowProblem(at, tr("{n} fields, not {m}", n=len(row), m=len(head))) for at, row in enumerate(body, 2)
              if len(row) != len(head)]  # fmt: skip
    if uneven:
        raise DataError(
            tr("{path}, {first}.", path=path, first=uneven[0]), tr("Give every row the header's columns."), uneven
        )
    columns = {}
    for at, name in enumerate(head[1:], 1):
        values = np.empty(len(body), dtype=object)
        values[:] = [row[at].strip() or None for row in body]
        columns[name.strip()] = values
    return [row[0].strip() for row in body], columns


def _delimiter(sample: str) -> str:
    first = sample.split("\n", 1)[0]
    return max(",;\t", key=first.count)
