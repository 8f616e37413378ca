"""What the reader has understood of a file, and what a layout hands back: the seam between looking and reading.

`look` fills a `ReadOptions`, every field explicit; a layout reads with it and returns `Triplets`. Both are plain
values, so that they can be shown, edited, remembered, or sent to another process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import DataError, Interrupted, RowProblem
from alsgui.text import tr

Layout = Literal["long", "wide"]
Duplicates = Literal["last", "first", "mean", "refuse"]
Progress = Callable[[float | None, str], None]


class Cancel(Protocol):
    """What can ask a read to end: a `threading.Event`, or a job's brake."""

    def is_set(self) -> bool:
        """Whether the read is to end."""


MOST_PROBLEMS = 100
"""Rejected rows that a report keeps; it counts them all."""


LARGEST_RATING = 3.4e38
"""Beyond it float32 has no finite number."""


@dataclass(frozen=True)
class Dialect:
    """How a text file writes its rows.

    Parameters
    ----------
    encoding
        "utf-8" or "latin-1".
    delimiter, quote, decimal
        One or two characters between fields, the quote character, "." or ",".
    skip
        Lines before the first row of data: comments, blank lines and the header.
    names
        Column heads; empty without a header.
    strict
        Whether all lines end the same way; mixed ends need a lenient parser.
    plain
        Whether each row is one line (no quotes, no blank lines), so that lines can be counted without reading.
    """

    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    decimal: str = "."
    skip: int = 0
    names: tuple[str, ...] = ()
    strict: bool = True
    plain: bool = True

    @property
    def header(self) -> bool:
        """Whether the file heads its columns."""
        return bool(self.names)


@dataclass(frozen=True)
class Columns:
    """Positions of the columns that play a part; None where there is none."""

    user: int | None = None
    item: int | None = None
    rating: int | None = None
    time: int | None = None
    title: int | None = None
    genres: int | None = None


@dataclass(frozen=True)
class ReadOptions:
    """Everything a reader needs to know: nothing is guessed during the read.

    Parameters
    ----------
    path
        The file of ratings.
    layout
        "long" (a row is a rating) or "wide" (a row is a user).
    dialect
        How text is written; None for Parquet.
    columns
        Roles of the columns of a long table; for a wide one only `user`, the column of ids, where there is one.
    n_columns
        Fields in each row.
    heads
        Names of the columns in the file; empty without a header.
    movies
        The table of titles and genres beside the ratings, where there is one.
    name, noun
        What the data and their columns are called on screen.
    """

    path: Path
    layout: Layout
    dialect: Dialect | None
    columns: Columns
    n_columns: int
    heads: tuple[str, ...] = ()
    movies: Path | None = None
    name: str = ""
    noun: str = "movie"


@dataclass(frozen=True, eq=False)
class Triplets:
    """Ratings as a layout read them: positions in lists of ids; those of one cell in the order of the file.

    Parameters
    ----------
    users, movies
        Positions in `user_ids` and `movie_ids`, int32.
    values
        Ratings, finite, float32.
    time
        Seconds since 1970, int64, or None.
    lines
        Turns positions in the arrays above into line numbers of the file.
    user_ids, movie_ids
        Names of rows and columns.
    n_rejected, rejected
        Rows that could not be used: how many, and the first of them.
    titles, genres
        Movie id -> text, where the table itself holds them.
    notes
        What else a person should know.
    """

    users: npt.NDArray[np.int32]
    movies: npt.NDArray[np.int32]
    values: npt.NDArray[np.float32]
    time: npt.NDArray[np.int64] | None
    lines: Callable[[npt.NDArray[Any]], npt.NDArray[np.int64]]
    user_ids: tuple[str, ...]
    movie_ids: tuple[str, ...]
    n_rejected: int = 0
    rejected: tuple[RowProblem, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    genres: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Watch:
    """The reader's line to whoever waits: tells progress, hears cancel."""

    progress: Progress | None = None
    cancel: Cancel | None = None

    @property
    def cancelled(self) -> bool:
        """Whether the work was asked to end."""
        return self.cancel is not None and self.cancel.is_set()

    def tell(self, share: float | None, text: str) -> None:
        """Say how far the work is (0 to 1, None = not known); ends it if that was asked.

        Raises
        ------
        Interrupted
            When `cancel` is set.
        """
        self.check()
        if self.progress is not None:
            self.progress(share, text)

    def check(self) -> None:
        """Raise `Interrupted` when `cancel` is set."""
        if self.cancelled:
            raise Interrupted


def file_error(path: Path, error: OSError) -> DataError:
    """The `DataError` for a file that the system does not let us read."""
    if isinstance(error, FileNotFoundError):
        return DataError(tr("{path} does not exist.", path=path), tr("Check the name, or choose another file."))
    if isinstance(error, PermissionError):
        return DataError(
            tr("{path} may not be read.", path=path), tr("Give yourself permission to read it, or copy it elsewhere.")
        )
    reason = error.strerror or str(error)
    return DataError(
        tr("{path} cannot be read: {reason}.", path=path, reason=reason.lower()),
        tr("Check the disk, or choose another file."),
    )
