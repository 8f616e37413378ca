"""Find out how a text writes its rows, from its content alone."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from alsgui.io.blocks import Block, Blocks
from alsgui.io.cells import number
from alsgui.io.header import has_header
from alsgui.io.kernels import scan
from alsgui.io.sources.stream import Dialect, Stream

DELIMITERS = ("::", "\t", ";", ",", "|", " ")
"""Tried in this order: of two that fit equally well the earlier is the delimiter."""

COMMENTS = ("#", "%", "//")
HEAD_ROWS = 200
HEAD_CELLS = 20_000
FEWEST_ROWS = 8
MOST_PREAMBLE = 50

_UNIT_SEPARATOR = "\x1f"


@dataclass(frozen=True)
class Head:
    """A dialect with the first rows.

    Parameters
    ----------
    dialect
        How they are written.
    n_columns
        Fields of most of them.
    heads
        Names of the columns, empty without a header.
    rows
        First rows, header left out.
    """

    dialect: Dialect
    n_columns: int
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def detect(text: str, given: Mapping[str, Any], *, whole: bool) -> Head:
    """Dialect and first rows of a text; what is `given` holds.

    Parameters
    ----------
    text
        Its beginning.
    given
        Options of that name: delimiter, quote, escape, comment, decimal, skip_rows, header.
    whole
        Whether that is all of it; else the last line is cut.
    """
    lines = lines_of(text.lstrip("\ufeff"))
    if not whole and len(lines) > 1:
        lines.pop()
    quote, escape = given.get("quote"), given.get("escape")
    quote = _quote(lines) if quote is None else quote
    escape = _escape(lines, quote) if escape is None else escape
    comment = _comment(lines) if given.get("comment") is None else given["comment"]
    body = [line for line in lines if not (comment and line.startswith(comment)) and line.strip()]
    delimiter = given.get("delimiter") or _delimiter(body, quote)
    if given.get("comment") is None and comment and _is_header_sign(lines, comment, delimiter):
        comment = ""
    dialect = Dialect(delimiter, quote, escape, comment, given.get("decimal") or ".", 0, header=False)
    skip = given.get("skip_rows")
    if skip is None:
        skip = _preamble(lines, delimiter, quote, comment)
    dialect = _with(dialect, skip_rows=skip)
    records = parsed("".join(lines), dialect, HEAD_ROWS)
    n_columns = usual_length(records)
    header = given.get("header")
    if header is None:
        header = bool(records) and _heads(records, n_columns)
    heads, rows = (records[0], records[1:]) if header and records else ((), records)
    heads = tuple(name.strip() for name in heads)
    if heads and len(heads) == n_columns - 1:
        heads = ("", *heads)  # R leaves out the name above the ids
    decimal = given.get("decimal") or _decimal(rows, delimiter)
    return Head(_with(dialect, header=bool(header), decimal=decimal), n_columns, heads, tuple(rows[:HEAD_ROWS]))


def _with(dialect: Dialect, **changes: Any) -> Dialect:
    return Dialect(**{**dialect.__dict__, **changes})


def parsed(text: str, dialect: Dialect, most: int) -> list[tuple[str, ...]]:
    """The first records as the reader itself cuts them, broken ones left out."""
    raw = text.encode("utf-8", "surrogatepass")
    width = max((raw_line_width(line, dialect.delimiter) for line in lines_of(text)[:2000]), default=1)
    blocks = Blocks(Stream(iter([raw] if raw else []), dialect), list(range(width)), -1)
    found: list[tuple[str, ...]] = []
    for block in blocks:
        for row in range(block.n):
            n = int(block.rows[row, 2])
            if n and block.status[row] not in (scan.UNCLOSED, scan.AFTER_QUOTE):
                found.append(fields_of(block, row, dialect, min(n, width)))
                most = min(most, most_rows(len(found[-1])))
            if len(found) > most:
                return found
    return found


def fields_of(block: Block, row: int, dialect: Dialect, n: int) -> tuple[str, ...]:
    """The first n fields of a record; a plain one is cut faster by Python than field by field."""
    raw = block.raw(row)
    plain = dialect.delimiter != " " and not (dialect.quote and dialect.quote in raw)
    if plain and not (dialect.escape and dialect.escape in raw):
        return tuple(raw.split(dialect.delimiter)[:n])
    return tuple(block.text(row, slot) for slot in range(n))


def most_rows(n_columns: int) -> int:
    """Rows to look at: fewer of a matrix with many columns."""
    return max(min(HEAD_ROWS, HEAD_CELLS // max(n_columns, 1)), FEWEST_ROWS)


def lines_of(text: str) -> list[str]:
    """Lines with their ends, as the reader counts them: at LF, CR and CRLF, and at no other sign."""
    return re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", text)


def raw_line_width(line: str, delimiter: str) -> int:
    """Most fields that a line can have."""
    return line.count(delimiter) + 1


def usual_length(records: Sequence[Sequence[str]]) -> int:
    """Fields of most records; of two that are as frequent the larger."""
    lengths = Counter(len(record) for record in records)
    return max(lengths, key=lambda n: (lengths[n], n), default=0)


def _heads(records: Sequence[tuple[str, ...]], n_columns: int) -> bool:
    first = records[0]
    if len(first) == n_columns - 1 and len(records) > 1 and all(number(cell) is None for cell in first):
        return True
    return has_header(records)


def _quote(lines: Sequence[str]) -> str:
    """An apostrophe where fields stand between apostrophes and none between quotation marks."""
    sample = [line.strip() for line in lines[:HEAD_ROWS] if line.strip()]
    if any('"' in line for line in sample):
        return '"'
    between = sum(line.startswith("'") and line.count("'") % 2 == 0 and line.count("'") >= 2 for line in sample)
    return "'" if sample and between > 0.6 * len(sample) else '"'


def _escape(lines: Sequence[str], quote: str) -> str:
    """A backslash where it stands before quotation marks inside of fields."""
    if not quote:
        return ""
    sample = lines[:HEAD_ROWS]
    return "\\" if any("\\" + quote in line and not line.rstrip().endswith("\\" + quote) for line in sample) else ""


def _comment(lines: Sequence[str]) -> str:
    for sign in COMMENTS:
        if any(line.startswith(sign) for line in lines[: HEAD_ROWS * 2]):
            return sign
    return ""


def _is_header_sign(lines: Sequence[str], sign: str, delimiter: str) -> bool:
    """Whether the sign only begins the header: `#user,movie,rating`."""
    marked = [at for at, line in enumerate(lines[: HEAD_ROWS * 2]) if line.startswith(sign)]
    first = next((at for at, line in enumerate(lines) if line.strip()), -1)
    if marked != [first] or lines[first].startswith(sign + " ") or first + 1 >= len(lines):
        return False
    n = lines[first].count(delimiter)
    return n > 0 and n == lines[first + 1].count(delimiter)


def _preamble(lines: Sequence[str], delimiter: str, quote: str, comment: str) -> int:
    """Lines before the first that has as many fields as most."""
    kept = [(at, line) for at, line in enumerate(lines) if line.strip() and not (comment and line.startswith(comment))]
    lengths = []
    for _, line in kept[: HEAD_ROWS * 2]:
        row = next(iter(_split([line], delimiter, quote)), [])
        lengths.append(len(row))
    if len(lengths) < 3:
        return 0
    usual, times = Counter(lengths).most_common(1)[0]
    if usual < 2 or times < 0.6 * len(lengths):
        return 0
    first = next(at for at, length in enumerate(lengths) if length == usual)
    if first and first <= MOST_PREAMBLE:
        # A header may be one name short of the rows below it.
        return kept[first - 1][0] if lengths[first - 1] == usual - 1 > 1 else kept[first][0]
    return 0


def _split(lines: Iterable[str], delimiter: str, quote: str) -> Iterator[list[str]]:
    single = delimiter if len(delimiter) == 1 else _UNIT_SEPARATOR
    if single != delimiter:
        lines = (line.replace(delimiter, single) for line in lines)
    quoting: Any = {"quotechar": quote} if quote else {"quoting": csv.QUOTE_NONE}
    try:
        yield from csv.reader(lines, delimiter=single, skipinitialspace=delimiter == " ", **quoting)
    except csv.Error:
        return


def _delimiter(lines: Sequence[str], quote: str) -> str:
    """The candidate that cuts most rows into the same number of fields, three or more if possible."""
    best, best_score = ",", (0.0, False)
    for candidate in DELIMITERS:
        if not any(candidate in line for line in lines[:HEAD_ROWS]):
            continue
        lengths = Counter(len(row) for row in islice(_split(lines, candidate, quote), HEAD_ROWS) if row)
        usual, times = lengths.most_common(1)[0] if lengths else (1, 0)
        if usual < 2:
            continue
        score = (round(times / lengths.total(), 1), usual >= 3)
        if score > best_score:
            best, best_score = candidate, score
    return best


def _decimal(rows: Sequence[Sequence[str]], delimiter: str) -> str:
    """A comma where numbers are written with one: beside another delimiter, or in quotes."""
    cells = [cell for row in rows for cell in row]
    commas = sum("," in cell and number(cell, ",") is not None for cell in cells)
    points = sum("." in cell and number(cell) is not None for cell in cells)
    return "," if commas > points else "."
