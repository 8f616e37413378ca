"""PostgreSQL by connection string, over ADBC. Optional: `pip install alsgui[postgres]`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from alsgui.core.errors import DataError
from alsgui.io.options import ImportOptions
from alsgui.io.sources.arrow import as_text
from alsgui.io.sources.tables import Options, Table, chosen_table
from alsgui.text import tr

_TABLES = (
    "SELECT table_schema || '.' || table_name FROM information_schema.tables "
    "WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)


def address_of(path: Path | str) -> str:
    """The connection string; a path has lost one of its slashes."""
    return re.sub(r"^(postgres(?:ql)?):/+", r"\1://", str(path))


def without_password(address: str) -> str:
    """The same address as it may be shown and remembered."""
    plain = re.sub(r"(//[^/@:]*):[^/@]*@", r"\1@", address)
    return re.sub(r"([?&])password=[^&]*&?", r"\1", plain).rstrip("?&")


@contextmanager
def table(path: Path, options: Options) -> Iterator[Table]:
    """A table or a SELECT, in a transaction that can only read.

    Raises
    ------
    DataError
        When the optional library is missing, or the server refuses; the password is never said.
    """
    address = address_of(path)
    try:
        from adbc_driver_postgresql import dbapi
    except ImportError as error:
        raise DataError(
            tr("Reading from PostgreSQL needs the library adbc-driver-postgresql."),
            tr("Install it with pip install alsgui[postgres]."),
        ) from error
    try:
        with closing(dbapi.connect(address)) as connected, closing(connected.cursor()) as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
            cursor.execute(f"SELECT * FROM {_source(cursor, options, without_password(address))}")
            reader: Any = cursor.fetch_record_batch()
            yield Table(tuple(reader.schema.names), map(as_text, reader))
    except dbapi.Error as error:
        shown = str(error).replace(address, without_password(address)).splitlines()[0].rstrip(".")
        raise DataError(
            tr("{address} cannot be read: {reason}.", address=without_password(address), reason=shown),
            tr("Check the server, the database, the user and the password."),
        ) from error


def _source(cursor: Any, options: Options, shown: str) -> str:
    sql = options.sql.strip().rstrip(";").strip() if isinstance(options, ImportOptions) else ""
    if sql:
        return f"({sql}\n) AS chosen"
    cursor.execute(_TABLES)
    names = [row[0] for row in cursor.fetchall()]
    name = chosen_table(Path(shown), options.table, names, tr("table"))
    return ".".join('"' + part.replace('"', '""') + '"' for part in name.split(".", 1))
