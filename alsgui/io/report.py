"""What a read found: every rating met is kept, merged or rejected, and the sum adds up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from alsgui.core.errors import RowProblem
from alsgui.io.options import Duplicates, ImportOptions
from alsgui.text import count, counted, tr

if TYPE_CHECKING:
    from alsgui.core.ratings import Ratings

MOST_PROBLEMS = 10_000
"""Rejected rows that a report keeps; it counts them all, by reason."""

MOST_MERGED = 5


@dataclass(frozen=True)
class Merged:
    """Several ratings of one user and movie that became one.

    Parameters
    ----------
    user, movie
        Their ids.
    lines, values
        Where they stand and what they say, in the order of the file; the first eight.
    kept
        What counts now.
    """

    user: str
    movie: str
    lines: tuple[int, ...]
    values: tuple[float, ...]
    kept: float


@dataclass(frozen=True)
class Joined:
    """A side table after it was joined by id.

    Parameters
    ----------
    path
        The table.
    n_listed
        Ids in it.
    n_matched
        Ids of the ratings that it has.
    n_without
        Ids of the ratings that it does not have: no title, no characteristics.
    n_unrated
        Ids in it that no rating has.
    """

    path: Path
    n_listed: int
    n_matched: int
    n_without: int
    n_unrated: int


@dataclass(frozen=True)
class ImportReport:
    """What a read found: `n_rows_read` = `n_kept` + `n_duplicates` + `n_rejected`, always.

    Parameters
    ----------
    files
        The files that were read.
    options
        How: every option explicit.
    layout
        For people: "long", "events", "wide", "MovieLens", "Parquet", ...
    n_rows_read
        Ratings met: rows of a list, filled cells of a matrix.
    n_kept
        Ratings that are in the data now.
    n_duplicates
        Ratings merged into another of the same user and movie.
    policy
        By which rule.
    merged
        Five of them.
    n_rejected, rejected, reasons
        Rows (cells of a matrix) that could not be used: how many, the first of them, and how many for each reason.
    n_missing
        Rows or cells that say that there is no rating; they are not among those read.
    n_left_out
        Ratings of users outside the sample that was asked for; they are not among those read.
    low, high
        Lowest and highest rating kept.
    movies, users
        How the side tables matched.
    seconds
        Time the read took.
    notes
        What else a person should know, one sentence each.
    terms
        The README of a sample with its terms of use; empty for a person's own files.
    """

    files: tuple[Path, ...]
    options: ImportOptions
    layout: str
    n_rows_read: int
    n_kept: int
    n_duplicates: int
    n_rejected: int
    rejected: tuple[RowProblem, ...] = ()
    reasons: Mapping[str, int] = field(default_factory=dict)
    merged: tuple[Merged, ...] = ()
    n_missing: int = 0
    n_left_out: int = 0
    low: float = float("nan")
    high: float = float("nan")
    movies: Joined | None = None
    users: Joined | None = None
    seconds: float = 0.0
    notes: tuple[str, ...] = ()
    terms: str = ""

    @property
    def policy(self) -> Duplicates:
        """The rule for duplicates."""
        return self.options.duplicates

    @property
    def delimiter(self) -> str:
        """The delimiter of a text; empty for other formats."""
        return self.options.delimiter if self.options.format == "text" else ""

    @property
    def header(self) -> bool:
        """Whether the file heads its columns."""
        return self.options.header


class Reading(NamedTuple):
    """Ratings with the report of how they were read; unpacks into the two."""

    ratings: Ratings
    report: ImportReport


def summary(report: ImportReport) -> str:
    """The report in one line: 100 836 ratings kept, 3 rejected, 2 merged."""
    parts = [tr("{n} kept", n=counted(report.n_kept, tr("rating")))]
    if report.n_rejected:
        parts.append(tr("{n} rejected", n=count(report.n_rejected)))
    if report.n_duplicates:
        parts.append(tr("{n} merged", n=count(report.n_duplicates)))
    return ", ".join(parts)
