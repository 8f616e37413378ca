"""Look at a file and say how it is to be read, before anything is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.columns import id_column, long_columns, looks_wide, noun_of
from alsgui.io.dialect import detect
from alsgui.io.duck import connection
from alsgui.io.movielens import movies_beside, ratings_in
from alsgui.io.plan import Columns, ReadOptions, Watch, file_error
from alsgui.text import tr

PARQUET_MAGIC = b"PAR1"


def look(path: str | Path, watch: Watch | None = None) -> ReadOptions:
    """How to read a file or folder of ratings, every option explicit.

    Parameters
    ----------
    path
        A text file, a Parquet file, or a MovieLens folder.
    watch
        Hears progress and cancel.

    Raises
    ------
    DataError
        When it is not there, may not be read, or holds no table of ratings.
    Interrupted
        When the watch was cancelled.
    """
    watch = watch or Watch()
    source = Path(path)
    try:
        file = ratings_in(source) if source.is_dir() else source
        with file.open("rb") as stream:
            magic = stream.read(4)
        options = _look_parquet(file) if magic == PARQUET_MAGIC else _look_text(file, watch)
    except OSError as error:
        raise file_error(source, error) from error
    name = source.resolve().name if source.is_dir() else source.stem
    if source.stem.casefold() == "ratings":
        name = source.resolve().parent.name or name
    return replace(options, movies=movies_beside(file), name=name, noun=noun_of(options.heads, f"{name} {source.stem}"))


def _look_text(path: Path, watch: Watch) -> ReadOptions:
    head = detect(path, watch)
    dialect, rows = head.dialect, head.rows
    n_columns = len(dialect.names) or max(
        sorted({len(row) for row in rows}), key=lambda length: sum(len(row) == length for row in rows)
    )
    if n_columns > 1 and looks_wide(dialect.names, rows, dialect.decimal):
        ids = id_column(dialect.names, [row for row in rows if len(row) == n_columns], dialect.decimal)
        # A head may leave out the empty cell above the ids, or the ids may have none.
        columns, layout = Columns(user=ids), "wide"
        return ReadOptions(path, layout, dialect, columns, n_columns, dialect.names)  # type: ignore[arg-type]
    columns = long_columns(dialect.names, rows, dialect.decimal)
    _refuse_incomplete(path, columns, n_columns, bool(rows))
    return ReadOptions(path, "long", dialect, columns, n_columns, dialect.names)


def _look_parquet(path: Path) -> ReadOptions:
    with connection(path) as connected:
        found = connected.execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?) LIMIT 200", [str(path)])
        heads = tuple(column[0] for column in found.description or ())
        rows = [tuple(cell or "" for cell in row) for row in found.fetchall()]
    columns = long_columns(heads, rows, ".")
    _refuse_incomplete(path, columns, len(heads), bool(rows))
    return ReadOptions(path, "long", None, columns, len(heads), heads)


def _refuse_incomplete(path: Path, columns: Columns, n_columns: int, has_rows: bool) -> None:
    if not has_rows:
        raise DataError(
            tr("{path} holds no rows below its header.", path=path),
            tr("Choose a file with users, movies and ratings."),
        )
    if columns.user is None or columns.item is None or columns.rating is None:
        raise DataError(
            tr("{path} has no column of ratings: {n} columns found.", path=path, n=n_columns)
            if n_columns > 1
            else tr("{path} has only one column.", path=path),
            tr("Give each row a user, a movie and a rating, or each user a row and each movie a column."),
        )
