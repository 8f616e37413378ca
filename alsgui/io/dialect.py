"""Find out how a text file writes its rows, from its content alone."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.cells import number
from alsgui.io.header import has_header
from alsgui.io.plan import Dialect, Watch
from alsgui.text import tr

DELIMITERS = ("::", "\t", ";", ",", "|", " ")
"""Tried in this order: of two that fit equally well the earlier is the delimiter."""

HEAD_BYTES = 1 << 20
CHUNK_BYTES = 1 << 22
HEAD_ROWS = 200

_UNIT_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Head:
    """The dialect of a file with its first rows, header left out."""

    dialect: Dialect
    rows: tuple[tuple[str, ...], ...]


@dataclass
class _Scan:
    """What a pass over all bytes told: see `Dialect` for the meaning."""

    utf8: bool = True
    quotes: bool = False
    blank_lines: bool = False
    line_feeds: int = 0
    crlf: int = 0
    returns: int = 0

    @property
    def mixed(self) -> bool:
        """Whether lines end in different ways."""
        lone = self.returns > self.crlf
        return (0 < self.crlf < self.line_feeds) or (lone and self.line_feeds > 0)


def detect(path: Path, watch: Watch) -> Head:
    """Dialect and first rows of a text file.

    Raises
    ------
    DataError
        For an empty file, and for one that is not text.
    OSError
        When the file cannot be read.
    Interrupted
        When the watch was cancelled.
    """
    with path.open("rb") as stream:
        start = stream.read(HEAD_BYTES)
        whole = len(start) < HEAD_BYTES
    _refuse_not_text(path, start)
    scan = _scan(path, watch)
    encoding = "utf-8" if scan.utf8 else "latin-1"
    lines = start.decode("utf-8-sig" if scan.utf8 else "latin-1", errors="replace").splitlines(keepends=True)
    if not whole and len(lines) > 1:
        lines.pop()
    skip, body = _without_preamble(lines)
    if not body:
        raise DataError(tr("{path} holds no rows.", path=path), tr("Choose a file with users, movies and ratings."))
    delimiter = _delimiter(body)
    try:
        filled = (tuple(row) for _, row in _parsed(body, delimiter, '"') if row)
        rows = list(islice(filled, HEAD_ROWS + 1))
    except csv.Error as error:
        raise _unparsable(path, error) from error
    names: tuple[str, ...] = ()
    if has_header(rows):
        names, rows = tuple(name.strip() for name in rows[0]), rows[1:]
        skip += 1
    dialect = Dialect(
        encoding=encoding,
        delimiter=delimiter,
        decimal=_decimal(rows, delimiter),
        skip=skip,
        names=names,
        strict=not scan.mixed,
        plain=not (scan.quotes or scan.blank_lines),
    )
    return Head(dialect, tuple(rows[:HEAD_ROWS]))


def records(path: Path, dialect: Dialect) -> Iterator[tuple[int, list[str]]]:
    """Every record of a text file with the line it starts in; a blank line is an empty record.

    Raises
    ------
    DataError
        For a quotation that never ends.
    """
    encoding = "utf-8-sig" if dialect.encoding == "utf-8" else dialect.encoding
    with path.open(encoding=encoding, errors="replace", newline="") as stream:
        try:
            yield from _parsed(stream, dialect.delimiter, dialect.quote)
        except csv.Error as error:
            raise _unparsable(path, error) from error


def _unparsable(path: Path, error: csv.Error) -> DataError:
    return DataError(
        tr("{path} cannot be parsed: {error}.", path=path, error=error),
        tr("Look for a quotation mark that is never closed."),
    )


def _refuse_not_text(path: Path, start: bytes) -> None:
    if not start:
        raise DataError(
            tr("{path} is empty (0 bytes).", path=path), tr("Choose a file with users, movies and ratings.")
        )
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise DataError(tr("{path} is UTF-16 text.", path=path), tr("Save it as UTF-8 and open it again."))
    # A stray NUL may stand in a damaged text; a binary file is full of control bytes.
    sample = start[:65536]
    control = sum(sample.count(bytes([code])) for code in (*range(9), *range(14, 31)))
    if control > 0.02 * len(sample):
        raise DataError(
            tr("{path} is not a table of text.", path=path),
            tr("Choose a text file of ratings (CSV, TSV), a Parquet file, or a MovieLens folder."),
        )


def _scan(path: Path, watch: Watch) -> _Scan:
    scan = _Scan()
    decoder = codecs.getincrementaldecoder("utf-8")()
    size = max(path.stat().st_size, 1)
    done, tail = 0, b"\n"
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            done += len(chunk)
            watch.tell(None if size < CHUNK_BYTES else done / size, tr("Looking at the file"))
            if scan.utf8:
                scan.utf8 = _decodes(decoder, chunk, final=done >= size)
            scan.quotes = scan.quotes or b'"' in chunk
            scan.line_feeds += chunk.count(b"\n")
            if b"\r" in chunk:
                scan.returns += chunk.count(b"\r")
                scan.crlf += (tail[-1:] + chunk).count(b"\r\n")
            joined = tail + chunk
            scan.blank_lines = scan.blank_lines or any(pair in joined for pair in (b"\n\n", b"\n\r", b"\r\r"))
            tail = chunk[-2:]
    return scan


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, *, final: bool) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _without_preamble(lines: Sequence[str]) -> tuple[int, list[str]]:
    """Lines after leading comments and blank lines, and how many those are."""
    skip = 0
    while skip < len(lines) and (not lines[skip].strip() or lines[skip].startswith(("# ", "%"))):
        skip += 1
    return skip, list(lines[skip:])


def _parsed(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[tuple[int, list[str]]]:
    single = delimiter if len(delimiter) == 1 else _UNIT_SEPARATOR
    if single != delimiter:
        lines = (line.replace(delimiter, single) for line in lines)
    reader = csv.reader(lines, delimiter=single, quotechar=quote)
    line = 1
    for row in reader:
        yield line, row
        line = reader.line_num + 1


def _delimiter(lines: Sequence[str]) -> str:
    """The candidate that cuts most rows into the same number of fields, three or more if possible."""
    best, best_score = ",", (0.0, False)
    for candidate in DELIMITERS:
        if not any(candidate in line for line in lines[:HEAD_ROWS]):
            continue
        lengths = _row_lengths(lines, candidate)
        usual, times = lengths.most_common(1)[0] if lengths else (1, 0)
        if usual < 2:
            continue
        score = (round(times / lengths.total(), 1), usual >= 3)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _row_lengths(lines: Sequence[str], delimiter: str) -> Counter[int]:
    lengths: Counter[int] = Counter()
    try:
        for _, row in _parsed(lines, delimiter, '"'):
            if row:
                lengths[len(row)] += 1
            if lengths.total() >= HEAD_ROWS:
                break
    except csv.Error:
        return Counter()
    return lengths


def _decimal(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """A comma where numbers are written with one; it can only be seen where it is not the delimiter."""
    if delimiter == ",":
        return "."
    cells = [cell for row in rows for cell in row]
    commas = sum("," in cell and number(cell, ",") is not None for cell in cells)
    points = sum("." in cell and number(cell) is not None for cell in cells)
    return "," if commas > points else "."
