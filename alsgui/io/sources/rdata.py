"""R files (.rds, .rda): data frames and matrices, by a parser that evaluates nothing (optional extra `rdata`)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from alsgui.core.errors import DataError
from alsgui.io.sources.tables import Options, Table, chosen_table
from alsgui.text import tr

ROWS_AT_A_TIME = 20_000


@contextmanager
def frame(path: Path, options: Options) -> Iterator[Table]:
    """The rows of a data frame, or of a matrix with its row names first.

    Raises
    ------
    DataError
        When the optional library is missing, or the file holds neither.
    """
    found = _objects(path)
    usable = {name: value for name, value in found.items() if _is_frame(value) or _is_matrix(value)}
    chosen = chosen_table(path, options.table, sorted(usable), tr("data frame or matrix"))
    value = usable[chosen]
    heads, columns = _of_frame(value) if _is_frame(value) else _of_matrix(value)
    yield Table(heads, _rows(columns), len(columns[0]) if columns else 0)


def _objects(path: Path) -> dict[str, Any]:
    try:
        import rdata
    except ImportError as error:
        raise DataError(
            tr("Reading {path} needs the library rdata.", path=path), tr("Install it with pip install alsgui[rdata].")
        ) from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about classes of R that have no counterpart: they are not used
            parsed = rdata.parser.parse_file(path)
            found: Any = rdata.conversion.convert(parsed)
    except Exception as error:
        raise DataError(
            tr("{path} cannot be read: {reason}.", path=path, reason=str(error).splitlines()[0] if str(error) else "?"),
            tr("Save it from R with saveRDS() or save(), or as CSV with write.csv()."),
        ) from error
    return found if isinstance(found, dict) else {"data": found}


def _is_frame(value: Any) -> bool:
    return hasattr(value, "columns") and hasattr(value, "iloc")


def _is_matrix(value: Any) -> bool:
    return len(getattr(value, "shape", ())) == 2 and getattr(value, "dtype", np.dtype(object)).kind in "biuf"


def _of_frame(frame: Any) -> tuple[tuple[str, ...], list[list[Any]]]:
    missing = frame.isna().to_numpy()
    columns = []
    for at, name in enumerate(frame.columns):
        values = frame[name].astype(object).tolist()
        columns.append([None if gone else value for value, gone in zip(values, missing[:, at], strict=True)])
    return tuple(map(str, frame.columns)), columns


def _of_matrix(matrix: Any) -> tuple[tuple[str, ...], list[list[Any]]]:
    values = np.asarray(matrix, dtype=np.float64)
    names = [[str(at + 1) for at in range(n)] for n in values.shape]
    for side, dimension in enumerate(getattr(matrix, "dims", ())):
        if dimension in getattr(matrix, "coords", {}):
            names[side] = [str(name) for name in matrix.coords[dimension].values]
    columns: list[list[Any]] = [list(names[0])]
    columns += [[None if np.isnan(value) else value for value in column] for column in values.T.tolist()]
    return ("", *names[1]), columns


def _rows(columns: list[list[Any]]) -> Iterator[list[tuple[Any, ...]]]:
    for at in range(0, len(columns[0]) if columns else 0, ROWS_AT_A_TIME):
        yield list(zip(*(column[at : at + ROWS_AT_A_TIME] for column in columns), strict=True))
