"""One read from the first byte to the matrix, with explicit options: what the child process does."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from alsgui.core.errors import DataError
from alsgui.io.assemble import Assembled, assemble
from alsgui.io.found import Found
from alsgui.io.long import read_long
from alsgui.io.matrix import read_matrix
from alsgui.io.options import ImportOptions
from alsgui.io.sides import Side, joined, match_notes, read_side
from alsgui.io.sources.arrays import open_matrix
from alsgui.io.sources.rows import MATRIX_FORMATS, row_stream
from alsgui.io.triplets import Triplets
from alsgui.io.watch import Watch, file_error
from alsgui.io.wide import read_wide
from alsgui.text import counted, tr


def perform(path: Path, options: ImportOptions, watch: Watch) -> tuple[Assembled, Found]:
    """Read a file.

    Raises
    ------
    DataError
        When it cannot be read, or no rating is left: with the count and the first reasons.
    Interrupted
        When the watch was cancelled.
    """
    started = time.perf_counter()
    refuse_incomplete(path, options)
    watch.tell(None, tr("Reading ratings"))
    try:
        triplets = _triplets(path, options, watch)
    except OSError as error:
        raise file_error(path, error) from error
    movies = read_side(options.movies, watch, of_users=False) if options.movies else None
    users = read_side(options.users, watch, of_users=True) if options.users else None
    if not len(triplets.values):
        _refuse_nothing_left(path, triplets)
    refused, notes = triplets.refused, list(triplets.notes)
    titles, genres = (movies.titles, movies.genres) if movies else (triplets.titles, triplets.genres)
    n_missing, n_left_out = triplets.n_missing, triplets.n_left_out
    made = assemble(triplets, options, watch)
    found = Found(
        n_kept=len(made.arrays["data"]), n_merged=made.n_merged, n_rejected=refused.n,
        rejected=sorted(refused.first, key=lambda problem: problem.line), reasons=dict(refused.reasons),
        merged=made.merged, n_missing=n_missing, n_left_out=n_left_out + made.n_left_out,
        low=made.low, high=made.high, distinct=made.distinct.tolist(), notes=notes,
    )  # fmt: skip
    _label(found, made, titles, genres)
    _join(found, made, options, movies, users)
    if found.n_left_out:
        found.notes.append(tr("{ratings} left out by the sample.", ratings=counted(found.n_left_out, tr("rating"))))
    found.seconds = time.perf_counter() - started
    return made, found


def _triplets(path: Path, options: ImportOptions, watch: Watch) -> Triplets:
    if options.wide and options.format in MATRIX_FORMATS:
        return read_matrix(open_matrix(path, options), options, watch)
    with row_stream(path, options) as stream:
        return read_wide(stream, options, watch) if options.wide else read_long(stream, options, watch)


def refuse_incomplete(path: Path, options: ImportOptions) -> None:
    """Refuse options that lack a column.

    Raises
    ------
    DataError
        With what to choose.
    """
    if options.wide:
        return
    columns = options.columns
    if columns.user is None or columns.item is None:
        raise DataError(
            tr("{path} has only one column.", path=path) if options.n_columns == 1
            else tr("{path} has no columns of users and movies.", path=path),
            tr("Give each row a user, a movie and a rating, or each user a row and each movie a column."),
        )  # fmt: skip
    if options.layout == "long" and columns.rating is None:
        raise DataError(
            tr("{path} has no column of ratings: {n} columns found.", path=path, n=options.n_columns),
            tr("Give each row a rating, or read its rows as events."),
        )


def _refuse_nothing_left(path: Path, triplets: Triplets) -> None:
    refused = triplets.refused
    if not refused.n:
        raise DataError(tr("{path} holds no rating.", path=path), tr("Choose a file with users, movies and ratings."))
    raise DataError(
        tr("No row of {path} can be used: {rows} rejected; first: {first}.",
           path=path, rows=counted(refused.n, tr("row")), first=refused.first[0]),
        tr("Give each row a user, a movie and a number."),
        refused.first[:100],
    )  # fmt: skip


def _label(found: Found, made: Assembled, titles: Mapping[str, str], genres: Mapping[str, str]) -> None:
    if titles:
        found.titles = [titles.get(identity) or identity for identity in made.movie_ids]
    found.genres = _texts(genres, made.movie_ids)


def _texts(texts: Mapping[str, str], ids: Sequence[str]) -> list[str] | None:
    return [texts.get(identity, "") for identity in ids] if texts else None


def _join(found: Found, made: Assembled, options: ImportOptions, movies: Side | None, users: Side | None) -> None:
    if movies and options.movies:
        found.movies = joined(_file(options.movies.path, options.movies.member), movies.titles, made.movie_ids)
        found.notes += match_notes(found.movies, options.noun, tr("a title"))
    if users and options.users:
        listed = next(iter(users.characteristics.values()), {})
        found.users = joined(_file(options.users.path, options.users.member), listed, made.user_ids)
        found.notes += match_notes(found.users, tr("user"), tr("characteristics"))
        found.characteristics = {
            name: [known.get(identity) or None for identity in made.user_ids]
            for name, known in users.characteristics.items()
        }
    for side, table in ((movies, options.movies), (users, options.users)):
        if side and table and side.n_rejected:
            rows = counted(side.n_rejected, tr("row"))
            found.notes.append(tr("{rows} of {name} could not be used.", rows=rows, name=Path(table.path).name))


def _file(path: str, member: str) -> Path:
    return Path(path) / member if member else Path(path)
