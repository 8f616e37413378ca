"""Parquet, JSON, DuckDB and SQLite: read only, one query at a time, nothing but the file itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alsgui.core.errors import DataError
from alsgui.io.options import ImportOptions
from alsgui.io.sources.tables import BATCH_ROWS, Options, Table, chosen_table
from alsgui.text import tr

if TYPE_CHECKING:
    import duckdb

_PRIVATE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


@contextmanager
def connection(path: Path, *, database: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB in memory, or on its own file, read-only; it fetches nothing from the network. Its errors name `path`.

    Raises
    ------
    DataError
        When DuckDB cannot read the file.
    """
    import duckdb

    try:
        if database:
            connected = duckdb.connect(
                str(path), read_only=True, config={**_PRIVATE, "enable_external_access": "false"}
            )
        else:
            connected = duckdb.connect(":memory:", config=dict(_PRIVATE))
        with closing(connected):
            yield connected
    except duckdb.Error as error:
        raise DataError(
            tr("{path} cannot be read: {reason}.", path=path, reason=str(error).splitlines()[0].rstrip(".")),
            tr("Check that the file is whole, or choose another one."),
        ) from error


@contextmanager
def parquet(path: Path, options: Options) -> Iterator[Table]:
    """The rows of a Parquet file, or of all of them in a folder."""
    file = path / options.member if options.member else path
    with connection(file) as connected:
        yield _result(connected, "read_parquet(?)", [str(file)], "SELECT count(*) FROM read_parquet(?)")


@contextmanager
def json(path: Path, options: Options) -> Iterator[Table]:
    """The records of JSON: one list of objects, or an object on each line."""
    with connection(path) as connected:
        names = [
            row[0]
            for row in connected.execute(
                "DESCRIBE SELECT * FROM read_json(?, sample_size = -1)", [str(path)]
            ).fetchall()
        ]
        if names == ["json"]:
            raise DataError(
                tr("{path} is not a list of JSON objects.", path=path),
                tr("Write each rating as an object with a user, a movie and a rating."),
            )
        kinds = ", ".join(f"{_literal(name)}: 'VARCHAR'" for name in names)
        yield _result(connected, f"read_json(?, columns = {{{kinds}}})", [str(path)])


@contextmanager
def duckdb_file(path: Path, options: Options) -> Iterator[Table]:
    """A table or a SELECT of a DuckDB file."""
    with connection(path, database=True) as connected:
        yield _result(connected, _source(path, options, duckdb_tables(connected)), [])


def duckdb_tables(connected: duckdb.DuckDBPyConnection) -> list[str]:
    """Its tables and views, those with most columns that look like ratings first would be a guess: by name."""
    rows = connected.execute("SELECT table_name FROM information_schema.tables ORDER BY table_name").fetchall()
    return [row[0] for row in rows]


@contextmanager
def sqlite_file(path: Path, options: Options) -> Iterator[Table]:
    """A table or a SELECT of an SQLite file."""
    with sqlite(path) as connected:
        source = _source(path, options, sqlite_tables(connected))
        count = None
        if not _sql(options):
            count = int(connected.execute(f"SELECT count(*) FROM {source}").fetchone()[0])
        cursor = connected.execute(f"SELECT * FROM {source}")
        heads = tuple(column[0] for column in cursor.description)
        yield Table(heads, _fetched(path, cursor), count)


@contextmanager
def sqlite(path: Path) -> Iterator[sqlite3.Connection]:
    """SQLite on its file, which cannot be changed, nor any other file opened.

    Raises
    ------
    DataError
        When SQLite cannot read the file, or the SELECT is wrong.
    """
    allowed = {
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_FUNCTION,
        getattr(sqlite3, "SQLITE_RECURSIVE", 33),
    }
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False)
        ) as connected:
            connected.text_factory = bytes
            connected.execute("PRAGMA query_only = ON")
            connected.set_authorizer(lambda act, *_: sqlite3.SQLITE_OK if act in allowed else sqlite3.SQLITE_DENY)
            yield connected
    except sqlite3.Error as error:
        raise DataError(
            tr("{path} cannot be read: {reason}.", path=path, reason=str(error).rstrip(".")),
            tr("Check the table or the SELECT, and that the file is whole."),
        ) from error


def sqlite_tables(connected: sqlite3.Connection) -> list[str]:
    """Its tables and views by name."""
    rows = connected.execute(
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    return [row[0].decode("utf-8", "replace") for row in rows]


def _fetched(path: Path, cursor: sqlite3.Cursor) -> Iterator[list[Any]]:
    try:
        while rows := cursor.fetchmany(BATCH_ROWS):
            yield rows
    except sqlite3.Error as error:
        raise DataError(
            tr("{path} cannot be read: {reason}.", path=path, reason=str(error).rstrip(".")),
            tr("Check that the file is whole."),
        ) from error


def _sql(options: Options) -> str:
    return options.sql.strip().rstrip(";").strip() if isinstance(options, ImportOptions) else ""


def _source(path: Path, options: Options, tables: list[str]) -> str:
    """What a SELECT is from: a quoted table, or the person's own SELECT, which can be nothing else in brackets."""
    if sql := _sql(options):
        return f"({sql}\n)"
    return '"' + chosen_table(path, options.table, tables, tr("table")).replace('"', '""') + '"'


def _result(connected: duckdb.DuckDBPyConnection, source: str, parameters: list[str], counting: str = "") -> Table:
    n_rows = None
    if counting:
        n_rows = int(connected.execute(counting, parameters).fetchall()[0][0])
    relation = connected.sql(f"SELECT COLUMNS(*)::VARCHAR FROM {source}", params=parameters)
    return Table(tuple(relation.columns), _batches(relation), n_rows)


def _batches(relation: Any) -> Iterator[Any]:
    yield from relation.to_arrow_reader(BATCH_ROWS)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
