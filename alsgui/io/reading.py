"""Read a file of ratings and report what was read: nothing is lost without being said."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from alsgui.core.errors import ConfigError, DataError, RowProblem
from alsgui.core.ratings import Ratings
from alsgui.io.long import read_long
from alsgui.io.look import look
from alsgui.io.movielens import MovieTable, read_movies
from alsgui.io.plan import Cancel, Duplicates, Progress, ReadOptions, Triplets, Watch, file_error
from alsgui.io.wide import read_wide
from alsgui.text import count, counted, tr

POLICIES = ("last", "first", "mean", "refuse")


@dataclass(frozen=True)
class ReadReport:
    """What a read found: `n_rows_read` = `n_kept` + `n_duplicates` + `n_rejected`.

    Parameters
    ----------
    files
        The files that were read.
    layout
        "long", "wide", "MovieLens" or "Parquet".
    delimiter, header
        As detected; an empty delimiter for Parquet.
    n_rows_read
        Ratings met: rows of a long table, filled cells of a wide one.
    n_kept
        Ratings that are in the data now.
    n_duplicates, policy
        Ratings merged into another of the same user and movie, and by which rule.
    n_rejected, rejected
        Rows that could not be used: how many, and the first 100.
    seconds
        Time the read took.
    notes
        What else a person should know, one sentence each.
    terms
        The README of a sample with its terms of use; empty for a person's own files.
    """

    files: tuple[Path, ...]
    layout: str
    delimiter: str
    header: bool
    n_rows_read: int
    n_kept: int
    n_duplicates: int
    policy: Duplicates
    n_rejected: int
    rejected: tuple[RowProblem, ...]
    seconds: float
    notes: tuple[str, ...] = ()
    terms: str = ""


@dataclass(frozen=True, eq=False)
class Reading:
    """Ratings with the report of how they were read."""

    ratings: Ratings
    report: ReadReport


def read_ratings(path: str | Path, **settings: Any) -> Ratings:
    """Ratings of a file or folder; takes the settings of `read`.

    Raises
    ------
    DataError
        As `read`.
    """
    return read(path, **settings).ratings


def read(
    path: str | Path,
    *,
    noun: str | None = None,
    duplicates: Duplicates = "last",
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Reading:
    """Read delimited text (long or wide), Parquet, or a MovieLens folder.

    Parameters
    ----------
    path
        File or folder.
    noun
        What a column is ("book"); guessed from the names in the file where not given.
    duplicates
        Which of several ratings of one user and movie counts: the last (by time, where the file has times), the
        first, their mean, or none of them ("refuse").
    progress
        Is told the share that is done (0 to 1, None = not known) and what is being done, from another thread.
    cancel
        Ends the read when set.

    Raises
    ------
    ConfigError
        For an unknown rule for duplicates.
    DataError
        When the file cannot be read or no rating is left, with the count and the first reasons.
    Interrupted
        When `cancel` was set.
    """
    if duplicates not in POLICIES:
        raise ConfigError(
            tr("{policy} is no rule for duplicates.", policy=duplicates),
            tr("Choose one of {known}.", known=", ".join(POLICIES)),
        )
    watch = Watch(progress, cancel)
    started = time.perf_counter()
    options = look(path, watch)
    reading = load(replace(options, noun=noun or options.noun), duplicates, watch)
    took = time.perf_counter() - started
    return Reading(reading.ratings, replace(reading.report, seconds=took))


def load(options: ReadOptions, duplicates: Duplicates = "last", watch: Watch | None = None) -> Reading:
    """Read with explicit options, as `look` found them or a person changed them.

    Raises
    ------
    DataError
        As `read`.
    Interrupted
        When the watch was cancelled.
    """
    watch = watch or Watch()
    started = time.perf_counter()
    try:
        triplets = read_wide(options, watch) if options.layout == "wide" else read_long(options, watch)
        table = read_movies(options.movies, watch) if options.movies else None
    except OSError as error:
        raise file_error(options.path, error) from error
    if not len(triplets.values):
        _refuse_nothing_left(options, triplets)
    watch.tell(None, tr("Building the matrix"))
    titles, genres, notes = _labels(triplets, table, options.noun)
    merged = _merge_duplicates(triplets, duplicates)
    watch.check()
    ratings = Ratings.from_indices(
        merged.users, merged.movies, merged.values, merged.user_ids, merged.movie_ids,
        time=merged.time,
        lines=triplets.lines(np.arange(len(triplets.values))) if duplicates == "refuse" else None,
        titles=titles, genres=genres, noun=options.noun, name=options.name,
    )  # fmt: skip
    watch.check()
    n_merged = len(triplets.values) - len(merged.values)
    report = ReadReport(
        files=tuple(file for file in (options.path, options.movies) if file is not None),
        layout=_layout_label(options),
        delimiter=options.dialect.delimiter if options.dialect else "",
        header=bool(options.heads),
        n_rows_read=len(triplets.values) + triplets.n_rejected,
        n_kept=ratings.n_ratings,
        n_duplicates=n_merged,
        policy=duplicates,
        n_rejected=triplets.n_rejected,
        rejected=triplets.rejected,
        seconds=time.perf_counter() - started,
        notes=(*_dialect_notes(options), *triplets.notes, *notes),
    )
    return Reading(ratings, report)


def _refuse_nothing_left(options: ReadOptions, triplets: Triplets) -> None:
    if not triplets.n_rejected:
        raise DataError(
            tr("{path} holds no rating.", path=options.path),
            tr("Choose a file with users, movies and ratings."),
        )
    raise DataError(
        tr("No row of {path} can be used: {rows} rejected; first: {first}.",
           path=options.path, rows=counted(triplets.n_rejected, tr("row")), first=triplets.rejected[0]),
        tr("Give each row a user, a movie and a number."),
        triplets.rejected,
    )  # fmt: skip


def _layout_label(options: ReadOptions) -> str:
    if options.dialect is None:
        return "Parquet"
    return "MovieLens" if options.movies else options.layout


def _dialect_notes(options: ReadOptions) -> tuple[str, ...]:
    if options.dialect is not None and options.dialect.encoding != "utf-8":
        return (tr("Read as Latin-1: the text is not valid UTF-8."),)
    return ()


def _labels(
    triplets: Triplets, table: MovieTable | None, noun: str
) -> tuple[tuple[str, ...] | None, tuple[str, ...] | None, tuple[str, ...]]:
    """Titles and genres of the rated movies, and what did not match."""
    titles = table.titles if table else triplets.titles
    genres = table.genres if table else triplets.genres
    ids, notes = triplets.movie_ids, []
    if table:
        unrated = len(titles.keys() - set(ids))
        unknown = sum(identity not in titles for identity in ids)
        if unrated:
            notes.append(tr("{items} listed but never rated.", items=counted(unrated, noun)))
        if unknown:
            notes.append(tr("{items} rated but without a title.", items=counted(unknown, noun)))
    return (
        tuple(titles.get(identity, identity) for identity in ids) if titles else None,
        _known_texts(genres, ids),
        tuple(notes),
    )


def _known_texts(texts: Mapping[str, str], ids: tuple[str, ...]) -> tuple[str, ...] | None:
    return tuple(texts.get(identity, "") for identity in ids) if texts else None


def _merge_duplicates(triplets: Triplets, policy: Duplicates) -> Triplets:
    """One rating for each user and movie, by the policy; "refuse" leaves all for `Ratings` to name."""
    keys = triplets.users.astype(np.int64) * len(triplets.movie_ids) + triplets.movies
    order = np.arange(len(keys))
    if np.any(keys[1:] < keys[:-1]):
        order = np.argsort(keys, kind="stable")
    same = keys[order[1:]] == keys[order[:-1]]
    if policy == "refuse" or not same.any():
        return triplets
    # Only cells that are rated more than once are sorted again: in most files they are few.
    shared = np.concatenate([same, [False]]) | np.concatenate([[False], same])
    kept, values = _one_of_each(triplets, order[shared], keys[order[shared]], policy)
    kept = np.concatenate([order[~shared], kept])
    return replace(
        triplets,
        users=triplets.users[kept],
        movies=triplets.movies[kept],
        values=np.concatenate([triplets.values[order[~shared]], values]),
        time=None if triplets.time is None else triplets.time[kept],
    )


def _one_of_each(
    triplets: Triplets, rows: npt.NDArray[np.intp], keys: npt.NDArray[np.int64], policy: Duplicates
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]]:
    """The row that stands for each key, and its rating."""
    by_time = np.lexsort((rows, keys) if triplets.time is None else (rows, triplets.time[rows], keys))
    rows, keys = rows[by_time], keys[by_time]
    starts = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    ends = np.concatenate([starts[1:], [len(keys)]]) - 1
    kept = rows[starts if policy == "first" else ends]
    if policy != "mean":
        return kept, triplets.values[kept]
    sums = np.add.reduceat(triplets.values[rows].astype(np.float64), starts)
    return kept, (sums / (ends - starts + 1)).astype(np.float32)


def summary(report: ReadReport) -> str:
    """The report in one line: 100 836 ratings kept, 3 rejected, 2 merged."""
    parts = [tr("{n} kept", n=counted(report.n_kept, tr("rating")))]
    if report.n_rejected:
        parts.append(tr("{n} rejected", n=count(report.n_rejected)))
    if report.n_duplicates:
        parts.append(tr("{n} merged", n=count(report.n_duplicates)))
    return ", ".join(parts)


__all__ = ["Duplicates", "ReadReport", "Reading", "load", "read", "read_ratings", "summary"]
