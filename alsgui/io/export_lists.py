"""Export the top n of every user: one row for each user and rank, as CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

import numpy as np
from threadpoolctl import threadpool_limits

from alsgui.core.errors import ConfigError
from alsgui.core.everyone import Lists, lists_for_everyone
from alsgui.core.model import Model
from alsgui.core.recommend import Filters
from alsgui.io.atomic import atomic_text, atomic_write
from alsgui.io.spreadsheet import safe_cell
from alsgui.text import count, tr

if TYPE_CHECKING:
    from alsgui.io.watch import Progress

FORMATS = (".csv", ".parquet")


def export_lists(
    model: Model,
    path: str | Path,
    filters: Filters | None = None,
    *,
    progress: Progress | None = None,
    cancel: Event | None = None,
) -> int:
    """Write the lists of all users, in the order of the users; the file is whole or not there.

    Parameters
    ----------
    path
        Its ending says the format: .csv or .parquet. Columns: user, rank, the noun's id, title where known, predicted.
    filters
        What lists leave out; ten long where `n_top` is None.
    progress
        Told the share that is done.
    cancel
        Set it, from another thread, to end within a block of users; no file is left then.

    Returns
    -------
    int
        How many users have a list.

    Raises
    ------
    ConfigError
        For another ending.
    ExportError
        When the file cannot be written.
    Interrupted
        When `cancel` was set.
    """
    target, rules = Path(path), filters or Filters(n_top=10)
    if target.suffix.casefold() not in FORMATS:
        raise ConfigError(
            tr("{name} is neither CSV nor Parquet.", name=target.name), tr("End its name with .csv or .parquet.")
        )
    write = _write_csv if target.suffix.casefold() == ".csv" else _write_parquet
    stop = cancel or Event()
    # The file is opened first: what cannot be written is refused before the work is done.
    return write(target, model, lambda: _collected(model, rules, progress, stop))


def _collected(model: Model, rules: Filters, progress: Progress | None, stop: Event) -> Lists:
    """All lists in the order of the users."""
    n = 10 if rules.n_top is None else rules.n_top
    rules = Filters(**{**rules.__dict__, "n_top": n})
    columns = np.full((model.n_users, n), -1, np.int32)
    predicted = np.full((model.n_users, n), np.nan, np.float32)
    done = 0
    with threadpool_limits(limits=1, user_api="blas"):
        for block in lists_for_everyone(model, rules, interrupted=stop.is_set):
            columns[block.rows], predicted[block.rows] = block.columns, block.predicted
            done += len(block.rows)
            if progress is not None:
                progress(done / model.n_users, tr("{n} of {all} users", n=count(done), all=count(model.n_users)))
    return Lists(np.arange(model.n_users), columns, predicted)


_ROWS_AT_A_TIME = 8192


def _parts(model: Model, lists: Lists) -> Iterator[dict[str, list[Any]]]:
    """Columns of the table, some thousand users at a time."""
    labels = model.summary
    for start in range(0, model.n_users, _ROWS_AT_A_TIME):
        columns, predicted = (part[start : start + _ROWS_AT_A_TIME] for part in (lists.columns, lists.predicted))
        users, places = np.nonzero(columns >= 0)
        movies = columns[users, places].tolist()
        table: dict[str, list[Any]] = {
            "user": [labels.user_ids[start + row] for row in users.tolist()],
            "rank": (places + 1).tolist(),
            _movie_head(model): [labels.movie_ids[column] for column in movies],
        }
        if labels.titles is not None:
            table["title"] = [labels.titles[column] for column in movies]
        table["predicted" if model.config.predicts_ratings else "score"] = predicted[users, places].tolist()
        yield table


def _movie_head(model: Model) -> str:
    return "item" if model.noun in ("user", "rank", "title", "predicted", "score") else model.noun


def _write_csv(path: Path, model: Model, collect: Callable[[], Lists]) -> int:
    with atomic_text(path) as stream:
        writer, lists = csv.writer(stream), collect()
        for at, table in enumerate(_parts(model, lists)):
            if at == 0:
                writer.writerow(table)
            *labels, numbers = table.values()
            safe = ([cell if isinstance(cell, int) else safe_cell(cell) for cell in column] for column in labels)
            writer.writerows(zip(*safe, [f"{number:.6g}" for number in numbers], strict=True))
    return int(np.count_nonzero(lists.columns[:, 0] >= 0))


def _write_parquet(path: Path, model: Model, collect: Callable[[], Lists]) -> int:
    import pyarrow as pa
    from pyarrow import parquet

    with atomic_write(path) as stream:
        lists, writer = collect(), None
        try:
            for table in _parts(model, lists):
                part = pa.table({name: pa.array(values, _arrow_type(name)) for name, values in table.items()})
                writer = writer or parquet.ParquetWriter(stream, part.schema)
                writer.write_table(part)
        finally:
            if writer is not None:
                writer.close()
    return int(np.count_nonzero(lists.columns[:, 0] >= 0))


def _arrow_type(name: str) -> Any:
    import pyarrow as pa

    return {"rank": pa.int32(), "predicted": pa.float32(), "score": pa.float32()}.get(name, pa.string())
