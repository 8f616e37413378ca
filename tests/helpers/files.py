"""Files of ratings written in any dialect, for the tests of the readers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from alsgui.core.ratings import Ratings

Row = Sequence[str]


@dataclass(frozen=True)
class Style:
    """How a test writes its file."""

    delimiter: str = ","
    header: bool = True
    line_end: str = "\n"
    encoding: str = "utf-8"
    decimal: str = "."
    quote_all: bool = False
    bom: bool = False


def write_rows(path: Path, rows: Iterable[Row], style: Style) -> Path:
    """A delimited file of rows of text; a two-character delimiter takes fields that need no quotes."""
    text = io.StringIO()
    if len(style.delimiter) == 1:
        quoting = csv.QUOTE_ALL if style.quote_all else csv.QUOTE_MINIMAL
        csv.writer(text, delimiter=style.delimiter, lineterminator=style.line_end, quoting=quoting).writerows(rows)
    else:
        text.write("".join(style.delimiter.join(row) + style.line_end for row in rows))
    start = b"\xef\xbb\xbf" if style.bom else b""
    path.write_bytes(start + text.getvalue().encode(style.encoding))
    return path


def shown(value: float, style: Style) -> str:
    """A number as the style writes it."""
    return repr(value).replace(".", style.decimal)


def cells(ratings: Ratings) -> dict[tuple[str, str], float]:
    """(user id, movie id) -> rating."""
    coo = ratings.csr.tocoo()
    return {
        (ratings.user_ids[row], ratings.movie_ids[column]): float(value)
        for row, column, value in zip(coo.row, coo.col, coo.data, strict=True)
    }
