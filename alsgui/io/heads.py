"""The first rows of any file, with everything found out on the way: format, encoding, dialect, header."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from alsgui.core.errors import DataError
from alsgui.io.blocks import Blocks
from alsgui.io.dialect import detect, most_rows, usual_length
from alsgui.io.encoding import encoding_of, refuse_not_text
from alsgui.io.header import has_header
from alsgui.io.options import ImportOptions
from alsgui.io.places import Place
from alsgui.io.sources.arrays import open_matrix, rows_of
from alsgui.io.sources.arrow import FEATHER_MAGIC, FILE_MAGIC, STREAM_MAGIC
from alsgui.io.sources.binary import ZIP_MAGIC, compression_of, opened
from alsgui.io.sources.libsvm import is_libsvm
from alsgui.io.sources.netflix import is_netflix
from alsgui.io.sources.rows import MATRIX_FORMATS, row_stream
from alsgui.io.sources.tables import cell_text
from alsgui.io.sources.text import utf8
from alsgui.io.watch import Watch
from alsgui.text import tr

HEAD_BYTES = 1 << 18
WIDE_BYTES = 1 << 24
HEAD_ROWS = 200
MOST_HEAD_COLUMNS = 2000

_SUFFIXES = {
    ".json": "json", ".jsonl": "json", ".ndjson": "json", ".mtx": "mtx", ".mat": "mat", ".xls": "excel",
    ".xlsb": "excel",
    ".xlsx": "excel", ".xlsm": "excel", ".ods": "excel", ".npz": "npz", ".rds": "r", ".rda": "r", ".rdata": "r",
    ".feather": "arrow", ".arrow": "arrow", ".arrows": "arrow", ".ipc": "arrow",
}  # fmt: skip


@dataclass(frozen=True)
class Start:
    """The first rows of a file.

    Parameters
    ----------
    settings
        Options that were found, by name.
    heads, rows
        Names of the columns, empty without a header; first rows below it.
    n_columns
        Fields of most rows.
    sparse
        Shape of a sparse matrix; None for everything else.
    tables
        Tables, sheets or arrays to choose from.
    """

    settings: dict[str, Any]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_columns: int
    sparse: tuple[int, int] | None = None
    tables: tuple[str, ...] = ()


def start_of(place: Place, given: Mapping[str, Any], watch: Watch) -> Start:
    """Look at the first rows of a file.

    Raises
    ------
    DataError
        When it is empty, damaged, or nothing that is known.
    OSError
        When it cannot be read.
    """
    start, compression = _first_bytes(place, given)
    kind: Any = given.get("format") or place.format or _format(place, start, compression)
    if kind in ("text", "netflix", "libsvm", "libfm"):
        return _text_start(place, given, start, compression, kind, watch)
    options = ImportOptions(
        format=kind, member=place.member, table=given.get("table", ""), sql=given.get("sql", ""), header=False
    )
    if kind in MATRIX_FORMATS:
        return _matrix_start(place.path, options)
    return _table_start(place.path, options, given)


def _first_bytes(place: Place, given: Mapping[str, Any]) -> tuple[bytes, str]:
    """First bytes, unpacked, and the compression."""
    if place.path.is_dir() and not place.member:
        first = next(name for name in place.beside if name.endswith(".txt") and name.startswith(("combined", "mv_")))
        with opened(place.path / first) as binary:
            return next(binary.chunks(place.path), b""), ""
    compression = given.get("compression")
    if compression is None:
        with opened(place.path, place.member) as binary:
            compression = compression_of(binary.stream.read(8))
            if _suffix(place) in (".rds", ".rda", ".rdata"):
                compression = ""
    read, wanted = bytearray(), HEAD_BYTES
    with opened(place.path, place.member, compression) as binary:
        for chunk in binary.chunks(place.path):
            read += chunk
            # A matrix with many columns needs more for its first rows.
            if len(read) >= wanted and (read.count(b"\n") + read.count(b"\r") > 20 or len(read) >= WIDE_BYTES):
                break
    return bytes(read), compression


def _suffix(place: Place) -> str:
    return PurePosixPath(place.name).suffix


def _format(place: Place, start: bytes, compression: str) -> str:  # noqa: PLR0911 - one line for each format
    """What a file is: by its first bytes, and by its name where those leave it open."""
    suffix = _suffix(place)
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith((FILE_MAGIC, FEATHER_MAGIC)) or (
        start.startswith(STREAM_MAGIC) and suffix in (".arrow", ".arrows", ".ipc")
    ):
        return "arrow"
    if start.startswith(b"SQLite format 3\0"):
        return "sqlite"
    if start[8:12] == b"DUCK":
        return "duckdb"
    if start.startswith(b"\x93NUMPY"):
        return "npy"
    if start.startswith(b"%%MatrixMarket"):
        return "mtx"
    if start.startswith(b"MATLAB 5.0") or start[:8] == b"\x89HDF\r\n\x1a\n":
        return "mat"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    if suffix in _SUFFIXES and (
        suffix not in (".npz", ".xlsx", ".xlsm", ".xlsb", ".ods") or start.startswith(ZIP_MAGIC)
    ):
        return _SUFFIXES[suffix]
    inner = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if inner.startswith((b'{"', b"[{", b"[\n{", b"{\n", b"[ {")) and b":" in inner[:2000]:
        return "json"
    if not compression and is_netflix(start):
        return "netflix"
    return "libsvm" if is_libsvm(start) else "text"


def _text_start(  # noqa: PLR0917
    place: Place, given: Mapping[str, Any], start: bytes, compression: str, kind: str, watch: Watch
) -> Start:
    refuse_not_text(place.path, start, place.member if place.path.is_dir() else "")
    whole_path = None if compression or (place.member and place.path.is_file()) else place.path / place.member
    if whole_path is not None and whole_path.is_dir():
        whole_path = None
    encoding = given.get("encoding") or encoding_of(start, whole_path, watch)
    settings = {"format": kind, "member": place.member, "compression": compression, "encoding": encoding}
    if kind != "text":
        made: Any = {**settings, "header": False, "quote": "" if kind == "netflix" else '"'}
        options = ImportOptions(**made)
        with row_stream(place.path, options) as stream:
            heads, rows = first_rows(Blocks(stream))
        settings.update(delimiter=",", quote=options.quote, header=False)
        return Start(settings, stream.heads, rows, len(heads))
    text = b"".join(utf8(iter([start]), encoding)).decode("utf-8", "replace")
    head = detect(text, given, whole=len(start) < HEAD_BYTES)
    dialect = head.dialect
    settings.update(
        delimiter=dialect.delimiter, quote=dialect.quote, escape=dialect.escape, comment=dialect.comment,
        decimal=dialect.decimal, skip_rows=dialect.skip_rows, header=dialect.header,
    )  # fmt: skip
    if not head.n_columns:
        raise DataError(
            tr("{path} holds no rows.", path=place.path), tr("Choose a file with users, movies and ratings.")
        )
    return Start(settings, head.heads, head.rows, head.n_columns)


def first_rows(blocks: Blocks, most: int = HEAD_ROWS) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Heads (one for each column) and the first rows of blocks; very wide ones are cut."""
    blocks.wanted = blocks.wanted[:MOST_HEAD_COLUMNS]
    found: list[tuple[str, ...]] = []
    for block in blocks:
        most = min(most, most_rows(len(blocks.wanted)))
        for row in range(min(block.n, most - len(found))):
            width = min(int(block.rows[row, 2]), len(blocks.wanted))
            found.append(tuple(block.text(row, slot) for slot in range(width)))
        if len(found) >= most:
            break
    heads = (*blocks.heads, *([""] * (blocks.expected - len(blocks.heads))))
    return heads, tuple(found)


def _matrix_start(path: Path, options: ImportOptions) -> Start:
    matrix = open_matrix(path, options)
    settings = {"format": options.format, "table": options.table, "member": options.member, "header": False}
    if matrix.dense is None:
        return Start(settings, (), (), matrix.shape[1], matrix.shape, matrix.tables)
    rows = [tuple(map(cell_text, row)) for batch in rows_of(matrix, 0, HEAD_ROWS) for row in batch]
    return Start(settings, matrix.heads, tuple(rows), matrix.shape[1], None, matrix.tables)


def _table_start(path: Path, options: ImportOptions, given: Mapping[str, Any]) -> Start:
    settings: dict[str, Any] = {
        "format": options.format, "table": options.table, "sql": options.sql, "member": options.member,
    }  # fmt: skip
    with row_stream(path, options) as stream:
        blocks = Blocks(stream, None, len(stream.heads))
        _, rows = first_rows(blocks)
    tables = _tables(path, options)
    if options.format != "excel":
        return Start({**settings, "header": bool(stream.heads)}, stream.heads, rows, blocks.expected, None, tables)
    skip, header = _sheet_header(rows, given)
    settings.update(skip_rows=skip, header=header)
    body = rows[skip:]
    return Start(settings, body[0] if header and body else (), body[header:], usual_length(rows), None, tables)


def _sheet_header(rows: tuple[tuple[str, ...], ...], given: Mapping[str, Any]) -> tuple[int, bool]:
    """Rows of a sheet above its table, and whether the table has heads."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    most = max(filled, default=0)
    skip = given.get("skip_rows")
    if skip is None:
        skip = next((at for at, n in enumerate(filled) if n >= max(2, most // 2)), 0)
    header = given.get("header")
    body = rows[skip:]
    if header is None:
        header = bool(body) and has_header(body)
    return skip, bool(header)


def _tables(path: Path, options: ImportOptions) -> tuple[str, ...]:
    from alsgui.io.sources import database, sheets

    if options.format == "excel":
        return tuple(sheets.open_workbook(path).sheet_names)
    if options.format == "sqlite":
        with database.sqlite(path) as lite:
            return tuple(database.sqlite_tables(lite))
    if options.format == "duckdb":
        with database.connection(path, database=True) as connected:
            return tuple(database.duckdb_tables(connected))
    return ()
